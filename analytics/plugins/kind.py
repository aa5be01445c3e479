"""A kind of plug-in: models, hotspot methods and engines are found, named, made anew and opened in the same way."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Generic, TypeVar

from analytics.errors import AnalyticsError
from analytics.plugins.registry import Registry
from data.words import knows

__all__ = ["Kind"]

P = TypeVar("P")


@dataclass(frozen=True)
class Kind(Generic[P]):
    """A kind of plug-in: its ``noun`` ("model"), as in the codes of its sentences, its registry and its error."""

    noun: str
    registry: Registry[P]
    error: type[AnalyticsError]

    def register(self, plugin: P) -> P:
        """Add a plug-in to those that can be used; see ``Registry.register``."""
        return self.registry.register(plugin)

    def find(self, name: str) -> P:
        """The plug-in of this name.

        Raises
        ------
        AnalyticsError
            Of the kind, when there is none, naming the nearest or those that there are.
        """
        known = self.all()
        if name in known:
            return known[name]
        near = difflib.get_close_matches(name, known, n=1)
        if near and knows(f"errors.no_such_{self.noun}_near"):
            raise self.error(f"no_such_{self.noun}_near", name=name, near=near[0])
        raise self.error(f"no_such_{self.noun}", name=name, names=list(known))

    def all(self) -> dict[str, P]:
        """Every plug-in that works, by name, the simplest first where plug-ins of the kind have a ``complexity``."""
        known = self.registry.all()
        return dict(sorted(known.items(), key=lambda pair: getattr(pair[1], "complexity", 0)))
