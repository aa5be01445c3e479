"""Greens moved for as long as a simulation loses less by it, from the plans that the formulas found.

The formulas know no queue that blocks another, and no lane that is too short. What is found so is fitted to the seeds that it
was searched on: whoever reports it does so on others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["Refined", "refine"]

Greens = tuple[float, ...]
STEPS = (4.0, 2.0)  # seconds by which a green is changed
WORTH = 0.1  # seconds a trip that a change must save: less is chance


@dataclass(frozen=True)
class Refined:
    """The greens that lose least of those tried, what they lose, and how many were tried."""

    greens: Greens
    lost: float
    tried: int


def refine(
    starts: Sequence[Greens], lost: Callable[[Greens, float], float], *, least: Greens, steps: Sequence[float] = STEPS,
    most: int = 120,
) -> Refined:  # fmt: skip
    """The best of some plans, one green after the other made longer or shorter for as long as that helps.

    Parameters
    ----------
    starts : greens in seconds, of all phases of all junctions in a row.
    lost : what greens lose; it may stop early once that is clearly above its second argument.
    least : the least green of each.
    steps : seconds, the widest first.
    most : plans that may be tried.

    Returns
    -------
    Refined
        No worse than the best of ``starts``.
    """
    known: dict[Greens, float] = {}

    def value(greens: Greens, bound: float) -> float:
        if greens not in known:
            known[greens] = lost(greens, bound)
        return known[greens]

    best, best_lost = starts[0], float("inf")
    for start in starts:
        if value(start, best_lost) < best_lost:
            best, best_lost = start, known[start]
    for step in steps:
        moved = True
        while moved and len(known) < most:
            moved = False
            for place in range(len(best)):
                for change in (step, -step):
                    tried = (*best[:place], best[place] + change, *best[place + 1 :])
                    if tried[place] < least[place] or len(known) >= most:
                        continue
                    if value(tried, best_lost) < best_lost - WORTH:
                        best, best_lost, moved = tried, known[tried], True
                        break
    return Refined(best, best_lost, len(known))
