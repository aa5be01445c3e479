"""Fifty dots for the odds of an option."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.scenarios.comparison import Comparison, Difference
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Mark, Points, Rule, Text
from dashboard.figures.columns import SHARE, column
from dashboard.figures.differences import Scale, find_difference, option_evidence, scale_of, turned_axis
from dashboard.figures.palette import option_looks
from data.words import say, text

__all__ = ["dot_plot"]

Numbers = npt.NDArray[np.float64]

DOTS = 50
# Columns of dots, the fewest first: at 400 px each of 24 has room for a dot of 10 px, of more for a smaller one.
BINS = (24, 36, 48, 60)
STACK, SIZE = 12.5, 10.0  # pixels a dot in a stack, and of the dot, where there are fewest columns
HIGHEST = 130.0  # pixels of a stack: where nearly all futures agree the columns are narrower, and the dots smaller


def dot_plot(comparison: Comparison, *, option: str, measure: str, against: str = "") -> Chart:
    """Fifty dots for the paired futures of an option: filled where it is better, hollow where the baseline is.

    Each dot stands for one fiftieth of the futures, at their quantiles, so any dot is as likely as any other. Where a
    measure is neither better nor worse, dots are filled where there is more of it.

    Parameters
    ----------
    comparison : holds the paired differences by draw.
    option, measure : the names of one of its differences.
    against : another option; the baseline when empty.

    Returns
    -------
    A chart in per cent or in the unit, whose table holds every future.
    """
    difference = find_difference(comparison, option=option, measure=measure, against=against)
    scale = scale_of(comparison, difference)
    differences = _paired(comparison, option, measure, against)
    turned = scale.sign * differences / (difference.baseline_mean if scale.relative else 1.0)
    quantiles = np.quantile(turned, (np.arange(DOTS) + 0.5) / DOTS, method="inverted_cdf")
    x, y, stack = _placed(quantiles)
    top = int(y.max()) + 1
    right, left = int((turned > 0).sum()), int((turned < 0).sum())
    ends = [scale.amount(scale.sign * float(quantiles[at])) for at in (0, DOTS // 2, -1)]
    evidence = {
        **dict(zip(("smallest", "middle", "largest"), ends, strict=True)),
        "measure": text(difference.title),
        "sentence": text(difference.sentence),
        "right_n": right,
        "left_n": left,
        "ties": difference.draws - right - left,
        "each": difference.draws / DOTS,
    }
    names = [each.name for each in comparison.scenarios]
    role = option_looks(names, baseline=comparison.baseline)[option].role
    evidence = option_evidence(comparison, option, scale, against=against, **evidence)
    side = "neutral" if scale.neutral else "directed"
    counted = {"counted": say(f"charts.dots.counted_{side}", evidence)}
    return chart_of(
        comparison,
        name="dots",
        evidence=evidence | counted,
        marks=_marks(
            x,
            y,
            quantiles > 0,
            role,
            _counts(scale, left, right),
            size=SIZE * stack / STACK,
            hovers=_hovers(quantiles, scale, evidence),
        ),
        table=_table(difference, scale, differences, turned),
        axes=(turned_axis([*x, *quantiles], scale), Axis(kind="category", range=(-0.2, top + 1.3))),
        height=int(stack * (top + 1.5)) + 34,
        right=12,
    )


def _paired(comparison: Comparison, option: str, measure: str, against: str) -> Numbers:
    """Option minus what it is measured against, by draw: all options were paired with the same baseline."""
    paired: Numbers = comparison.paired[option, measure].to_numpy().astype(float)
    if against in ("", comparison.baseline):
        return paired
    other: Numbers = comparison.paired[against, measure].to_numpy().astype(float)
    return paired - other


def _counts(scale: Scale, left: int, right: int) -> tuple[str, str]:
    """ "37 worse" and "463 better", or "37 fewer" and "463 more"."""
    words = (scale.fewer, scale.more) if scale.neutral else (say("labels.dots_worse"), say("labels.dots_better"))
    below, above = (say("labels.dots", {"n": n, "word": word}) for n, word in zip((left, right), words, strict=True))
    return below, above


def _table(difference: Difference, scale: Scale, differences: Numbers, turned: Numbers) -> pd.DataFrame:
    """Every future's difference in the unit, and as a share where the figure shows that; neither is turned."""
    table = {column("difference", unit=text(difference.unit), measure=text(difference.title)): differences}
    if scale.relative:
        table[column("difference", unit=SHARE, measure=text(difference.title))] = scale.sign * turned
    return pd.DataFrame(table)


def _marks(
    x: Numbers,
    y: Numbers,
    filled: npt.NDArray[np.bool_],
    role: str,
    counts: tuple[str, str],
    *,
    size: float,
    hovers: Sequence[str],
) -> list[Mark]:
    above = float(y.max()) + 0.5
    sides = {
        side: [words for words, which in zip(hovers, filled, strict=True) if which == side] for side in (True, False)
    }
    return [
        Rule(0.0, role="today", width=2.0),
        Points(x[filled], y[filled], role=role, size=size, hover=sides[True]),
        Points(x[~filled], y[~filled], role="today", filled=False, size=size, hover=sides[False]),
        Text(0.0, above, counts[0], role="ink2", anchor="end", dx=-8, dy=9),
        Text(0.0, above, counts[1], role=role, strong=True, dx=8, dy=9),
    ]


def _hovers(quantiles: Numbers, scale: Scale, evidence: Mapping[str, Any]) -> list[str]:
    """A sentence for each dot: how its futures differ."""
    return [
        say("charts.dots.hover", {**evidence, "change": scale.amount(scale.sign * value)})
        if value
        else say("charts.dots.hover_none", evidence)
        for value in quantiles
    ]


def _placed(values: Numbers) -> tuple[Numbers, Numbers, float]:
    """Where each dot stands, and how many pixels it takes in its stack: as large as its column and the highest stack let it."""
    for bins in BINS:
        x, y = _stacked(values, bins=bins)
        room, stack = HIGHEST / (int(y.max()) + 1), STACK * BINS[0] / bins
        if stack <= room:
            break
    return x, y, min(stack, room)


def _stacked(values: Numbers, *, bins: int) -> tuple[Numbers, Numbers]:
    """Columns of equal width that begin at zero, so that no column mixes the two sides, and heights in dots.

    Dots of no difference stand on the line itself.
    """
    span = max(float(values.max()), 0.0) - min(float(values.min()), 0.0)
    width = span / bins if span else 0.01
    column = np.where(values == 0, -0.5, np.where(values > 0, np.ceil(values / width) - 1, np.floor(values / width)))
    height = np.zeros(len(values))
    seen: dict[float, int] = {}
    for index, each in enumerate(column):
        height[index] = seen.get(each, 0)
        seen[each] = seen.get(each, 0) + 1
    return (column + 0.5) * width, height + 0.5
