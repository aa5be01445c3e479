"""Webster's plan and delay, from Webster 1958 (Road Research Technical Paper 39): where every plan starts from."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["LONGEST", "webster_cycle", "webster_delay", "webster_greens"]

LONGEST = 120.0
"""Seconds of the longest cycle where nobody says: beyond it a longer green adds next to no capacity, and people on foot
cross on red (HCM 2000, chapter 10; Webster's own formula grows without end as the ratios near 1)."""


def webster_cycle(lost: float, ratios: Sequence[float], *, longest: float = LONGEST) -> float:
    """The cycle of least delay, (1.5 L + 5) / (1 - Y).

    Parameters
    ----------
    lost : L, seconds lost in a cycle.
    ratios : of each phase the greatest flow over saturation flow; Y is their sum.
    longest : what the cycle may not exceed, and what it is where Y is 1 or more.

    Returns
    -------
    float
        Seconds.

    Examples
    --------
    >>> round(webster_cycle(12, [0.4, 0.3]), 6)
    76.666667
    >>> round(webster_cycle(8, [960 / 2600, 600 / 2600]), 6)
    42.5
    """
    spare = 1 - sum(ratios)
    return longest if spare <= 0 else min(longest, (1.5 * lost + 5) / spare)


def webster_greens(cycle: float, lost: float, ratios: Sequence[float]) -> tuple[float, ...]:
    """The greens of a cycle in proportion to the ratios of flow to saturation flow.

    Parameters
    ----------
    cycle : seconds.
    lost : seconds lost in a cycle.
    ratios : of each phase; where all are 0, all are alike.

    Returns
    -------
    tuple of float
        Seconds, which fill the cycle with what is lost.
    """
    total = sum(ratios)
    weights = [each / total if total else 1 / len(ratios) for each in ratios]
    return tuple((cycle - lost) * each for each in weights)


def webster_delay(cycle: float, green: float, *, flow: float, saturation: float) -> float:
    """Mean seconds that a vehicle waits at a green of its own, by Webster's full formula.

    Parameters
    ----------
    cycle, green : seconds.
    flow, saturation : vehicles an hour; the flow lies below what the green lets pass.

    Returns
    -------
    float
        Seconds a vehicle.

    Raises
    ------
    ValueError
        At or above capacity, where the formula has no value.

    Examples
    --------
    >>> round(webster_delay(60, 30, flow=600, saturation=1800), 3)
    13.895
    """
    share, q = green / cycle, flow / 3600
    x = flow / (saturation * share)
    if x >= 1:
        raise ValueError("Webster's delay has no value at or above capacity: use control_delay")
    if not q:
        return float(cycle * (1 - share) ** 2 / 2)
    uniform = cycle * (1 - share) ** 2 / (2 * (1 - share * x))
    random = x**2 / (2 * q * (1 - x))
    return float(uniform + random - 0.65 * (cycle / q**2) ** (1 / 3) * x ** (2 + 5 * share))
