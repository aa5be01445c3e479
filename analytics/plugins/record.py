"""What a plug-in may state for its record: how it works, what that is taken from, its settings, what its versions changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["STATED", "stated_in", "stated_of"]

STATED = ("how", "source", "parameters", "changes")


def stated_in(plugin: object) -> dict[str, Any]:
    """What a plug-in states, sentences as they are; an older one may state nothing of it.

    >>> stated_in(object())
    {'how': '', 'source': '', 'parameters': (), 'changes': ()}
    """
    return {name: getattr(plugin, name, "") for name in STATED[:2]} | {
        name: tuple(getattr(plugin, name, ())) for name in STATED[2:]
    }


def stated_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a plug-in in another process, from the facts that it told, in plain words.

    >>> stated_of({"how": "It adds.", "changes": ["One."]})
    {'how': 'It adds.', 'source': '', 'parameters': (), 'changes': ('One.',)}
    """
    return {name: str(facts.get(name, "")) for name in STATED[:2]} | {
        name: tuple(map(str, facts.get(name, ()))) for name in STATED[2:]
    }
