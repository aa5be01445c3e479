"""How a difference is told and drawn, in charts and maps alike: in words, and turned so that right is better."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analytics.scenarios.comparison import Comparison, Difference
from dashboard.figures.axes import nice_step
from dashboard.figures.chart import Axis
from data.words import NARROW, as_number, as_percent, say

__all__ = [
    "amount", "find_difference", "interval", "option_evidence", "result_words", "turned",
    "turned_axis",
]  # fmt: skip


SIDE = 0.2  # of the width at least lies on each side of the baseline


def find_difference(comparison: Comparison, *, option: str, measure: str) -> Difference:
    """The difference of one option on one measure.

    Raises
    ------
    KeyError
        When the comparison has no such pair.
    """
    for each in comparison.differences:
        if (each.option, each.measure) == (option, measure):
            return each
    raise KeyError((option, measure))


def turned(difference: Difference, name: str) -> float:
    """A difference as a share of the baseline (in the unit where that is zero), turned so that more is better."""
    values = difference.percent if difference.percent is not None else {name: getattr(difference, name)}
    return values[name] * (1 if difference.direction == "higher" else -1)


def amount(difference: Difference) -> str:
    """ "9 % less": the median difference in words."""
    value = difference.median if difference.percent is None else difference.percent["median"]
    size = f"{as_number(abs(value))} {difference.unit}" if difference.percent is None else as_percent(abs(value))
    return say("amount.less" if value < 0 else "amount.more", {"size": size})


def interval(difference: Difference) -> str:
    """ "[4, 14]": the 95 % range of the size in the direction that the words name, in per cent or in the unit."""
    values = difference.percent or {"low95": difference.low95, "high95": difference.high95}
    sign = -1 if difference.median < 0 else 1
    ends = sorted(sign * values[name] * (100 if difference.percent else 1) for name in ("low95", "high95"))
    return f"[{as_number(_rounded(ends[0]))}, {as_number(_rounded(ends[1]))}]"


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")


def result_words(difference: Difference) -> str:
    if difference.verdict in ("better", "worse"):
        return amount(difference)
    return say(f"verdict.{difference.verdict}")


def turned_axis(values: Sequence[float], *, zero_label: str = "today") -> Axis:
    """Shares around zero, written in per cent without a sign; the middle is the baseline."""
    known = [100 * value for value in values if np.isfinite(value)] or [0.0]
    low, high = min(*known, 0.0), max(*known, 0.0)
    span = max(high - low, 1.0)
    low, high = low - 0.08 * span, high + 0.08 * span
    # The words on either side of the middle need room, even where nothing lies on one side.
    low, high = min(low, -SIDE * high / (1 - SIDE)), max(high, -SIDE * low / (1 - SIDE))
    step = nice_step(high - low, most=6)
    places = [step * count for count in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]
    zero = say("labels.today") if zero_label == "today" else zero_label
    ticks = [(place / 100, zero if place == 0 else as_number(abs(round(place, 9)))) for place in places]
    last = max((place for place in range(len(ticks)) if ticks[place][0] != 0), default=None)
    if last is not None:
        ticks[last] = (ticks[last][0], f"{ticks[last][1]}{NARROW}%")
    return Axis(range=(low / 100, high / 100), ticks=tuple(ticks))


def option_evidence(comparison: Comparison, option: str, **more: Any) -> dict[str, Any]:
    study = comparison.study
    return {
        "verdict": comparison.verdict,
        "option": option,
        "baseline": comparison.baseline,
        "draws": study.draws,
        "city": study.city.name,
        "start": study.index[0],
        "end": study.index[-1],
        "receipt": comparison.receipt,
        "options": [scenario.name for scenario in comparison.scenarios if scenario.name != comparison.baseline],
        **more,
    }
