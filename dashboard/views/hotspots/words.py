"""What the hotspots page says in a sentence of its own."""

from __future__ import annotations

from analytics.hotspots import Hotspots, flagged
from analytics.hotspots.significance.stability import Stability
from dashboard.figures.charts.capture import capture_evidence
from data.words import say

__all__ = ["chance_words", "in_context", "moved"]

PERCENTS = (1, 20)  # of the area that may be looked at


def chance_words(found: Hotspots, *, share: float) -> str:
    """How many cells stand out from chance, and how many of them the map flags at a share of the area."""
    sure = found.significant.to_numpy(dtype=bool)
    evidence = {
        "cells": len(found.cells),
        "alone": int((found.p < 0.05).sum()),
        "chance": 0.05 * len(found.cells),
        "sure": int(sure.sum()),
        "flagged": int((flagged(found, share) & sure).sum()),
        "share": share,
    }
    return say("hotspots.tests_text", evidence)


def in_context(found: Hotspots, *, city: str, title: str, area: str = "") -> list[str]:
    """What stands over the page: whose map it is, of what, where and when, and to when its data reach.

    Parameters
    ----------
    found : the map.
    city, title, area : as they are called; no area where it is the whole city.
    """
    evidence = capture_evidence(found, share=1.0)
    only = [found.category] if found.category else []
    only += [evidence["part"]] if found.config.get("part") else []
    dates = say("hotspots.dates", {name: evidence[name] for name in ("since", "until")})
    return [city, title, *only, *([area] if area else []), dates, say("page.data_to", {"date": found.incidents.until})]


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
