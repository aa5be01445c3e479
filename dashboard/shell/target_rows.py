"""A target in words: its goal, where it heads, its chance, and what has changed."""

from __future__ import annotations

from analytics.monitoring.targets import Chance
from dashboard.markup.day import TargetRow
from data.words import as_percent, as_points, say

__all__ = ["target_row"]


def target_row(chance: Chance, before: float | None, href: str) -> TargetRow:
    """One target whose time is not over: where it stands, and where the middle of its futures ends.

    Parameters
    ----------
    chance : of the target.
    before : what the chance was, where that is known.
    href : where its name leads.

    Returns
    -------
    TargetRow
        Texts, and the chance itself.
    """
    target = chance.target
    most = target.at_most is not None
    goal = say(f"targets.{'most' if most else 'least'}", {"goal": target.at_most if most else target.at_least})
    now = say("targets.heading", {"middle": chance.middle})
    change = ""
    if before is not None:
        change = as_points(chance.probability - before)
        change = f"+{change}" if chance.probability > before else change
        change = say("targets.unchanged") if as_percent(chance.probability) == as_percent(before) else change
    return TargetRow(
        target.title,
        goal,
        now,
        chance.probability,
        as_percent(chance.probability),
        str(chance.word),
        change,
        href,
    )
