"""What the hotspots page says in a sentence of its own."""

from __future__ import annotations

from analytics.hotspots import Hotspots
from analytics.hotspots.significance.stability import Stability
from data.words import say

__all__ = ["moved"]


def moved(found: Hotspots, *, share: float) -> str:
    """Whether the map changed by more than chance, at the tested share nearest to the one that is shown."""
    change = _change(found, share)
    if change is None:
        return say("hotspots.moved_unknown")
    evidence = {name: getattr(change, name) for name in ("back", "expected", "low", "high", "cells")}
    evidence |= {"rose": int(change.rose.sum()), "fell": int(change.fell.sum())}
    return say("hotspots.moved_yes" if change.moved else "hotspots.moved_no", evidence)


def _change(found: Hotspots, share: float) -> Stability | None:
    if not found.stability:
        return None
    return found.stability[min(found.stability, key=lambda each: abs(each - share))]
