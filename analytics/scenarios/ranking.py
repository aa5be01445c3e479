"""The places of options on each measure, where those that cannot be told apart may share one."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.scenarios.comparison import Difference, Rank

__all__ = ["ranks_of"]


def ranks_of(names: Sequence[str], differences: Sequence[Difference]) -> tuple[Rank, ...]:
    """The place of each option on each measure that has a better side, the baseline's too.

    An option's place is one more than the number of options that are clearly better, directly (the verdict of the two is
    "better" or "worse") or through others: where A is clearly better than B and B than C, A is better than C. Options that
    nothing is clearly better than are all first, even where only one of two can be told from a third: with A before C, and
    B too close to both, A and B are first and C is second.

    Parameters
    ----------
    names : of the options, the baseline among them.
    differences : of every two options on every measure. A measure is not ranked on which some two have none but a neutral
        difference: then the option that met other circumstances is left out.

    Returns
    -------
    tuple of Rank
        Measure by measure, options in their order.
    """
    found: list[Rank] = []
    for measure in dict.fromkeys(each.measure for each in differences):
        judged = [each for each in differences if each.measure == measure and each.direction != "neutral"]
        ranked = [name for name in names if any(name in (each.option, each.against) for each in judged)]
        above = _above(ranked, judged)
        places = {name: 1 + len(above[name]) for name in ranked}
        shared = list(places.values())
        found += [Rank(name, measure, places[name], shared.count(places[name]) > 1) for name in ranked]
    return tuple(found)


def _above(names: Sequence[str], differences: Sequence[Difference]) -> dict[str, set[str]]:
    """The options that are clearly better than each, directly or through others."""
    above: dict[str, set[str]] = {name: set() for name in names}
    for each in differences:
        if each.verdict in ("better", "worse"):
            winner, loser = (each.option, each.against)[:: 1 if each.verdict == "better" else -1]
            above[loser].add(winner)
    for through in names:
        for name in names:
            if through in above[name]:
                above[name] |= above[through]
    return above
