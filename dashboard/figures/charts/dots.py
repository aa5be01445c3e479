"""Fifty dots for the odds of an option."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.scenarios.comparison import Comparison, Difference
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Mark, Points, Rule, Text
from dashboard.figures.columns import SHARE, column
from dashboard.figures.differences import find_difference, option_evidence, scale_of, turned_axis
from dashboard.figures.palette import option_looks
from data.words import say, text

__all__ = ["dot_plot"]

Numbers = npt.NDArray[np.float64]

DOTS = 50
BINS = 24  # columns of dots; at 400 px each has room for a dot of 10 px
STACK = 12.5  # pixels a dot in a stack


def dot_plot(comparison: Comparison, *, option: str, measure: str) -> Chart:
    """Fifty dots for the paired futures of an option: filled where it is better, hollow where the baseline is.

    Each dot stands for one fiftieth of the futures, at their quantiles, so any dot is as likely as any other.

    Parameters
    ----------
    comparison : holds the paired differences by draw.
    option, measure : the names of one of its differences.

    Returns
    -------
    A chart in per cent or in the unit, whose table holds every future.
    """
    difference = find_difference(comparison, option=option, measure=measure)
    names = [each.name for each in comparison.scenarios]
    scale = scale_of(difference)
    differences = comparison.paired[option, measure].to_numpy().astype(float)
    turned = scale.sign * differences / (difference.baseline_mean if scale.relative else 1.0)
    quantiles = np.quantile(turned, (np.arange(DOTS) + 0.5) / DOTS, method="inverted_cdf")
    x, y = _stacked(quantiles)
    top = int(y.max()) + 1
    worse, better = int((turned < 0).sum()), int((turned > 0).sum())
    neutral = difference.direction == "neutral"
    evidence = {
        "measure": text(difference.title),
        "sentence": text(difference.sentence),
        "better": better,
        "worse": worse,
        "ties": difference.draws - better - worse,
        "each": difference.draws / DOTS,
    }
    return chart_of(
        comparison,
        name="dots",
        evidence=option_evidence(comparison, option, scale, **evidence),
        marks=_marks(
            x,
            y,
            quantiles > 0,
            option_looks(names, baseline=comparison.baseline)[option].role,
            evidence,
            sides=("dots_less", "dots_more") if neutral else ("dots_worse", "dots_better"),
        ),
        table=_table(difference, differences, turned),
        axes=(turned_axis([*x, *quantiles], scale), Axis(kind="category", range=(-0.2, top + 1.3))),
        height=int(STACK * (top + 1.5)) + 34,
        right=12,
    )


def _table(difference: Difference, differences: Numbers, turned: Numbers) -> pd.DataFrame:
    """Every future's difference in the unit, and as a share where the figure shows that; neither is turned."""
    scale = scale_of(difference)
    table = {column("difference", unit=text(difference.unit), measure=text(difference.title)): differences}
    if scale.relative:
        table[column("difference", unit=SHARE, measure=text(difference.title))] = scale.sign * turned
    return pd.DataFrame(table)


def _marks(
    x: Numbers,
    y: Numbers,
    better: npt.NDArray[np.bool_],
    role: str,
    counts: Mapping[str, Any],
    *,
    sides: tuple[str, str],
) -> list[Mark]:
    above = float(y.max()) + 1.2
    return [
        Rule(0.0, role="today", width=2.0),
        Points(x[better], y[better], role=role, size=10),
        Points(x[~better], y[~better], role="today", filled=False, size=10),
        Text(0.0, above, say(f"labels.{sides[0]}", counts), role="ink2", anchor="end", dx=-8),
        Text(0.0, above, say(f"labels.{sides[1]}", counts), role=role, strong=True, dx=8),
    ]


def _stacked(values: Numbers) -> tuple[Numbers, Numbers]:
    """Where each dot stands: columns of equal width that begin at zero, so that no column mixes the two sides.

    Dots of no difference stand on the line itself.
    """
    span = max(float(values.max()), 0.0) - min(float(values.min()), 0.0)
    width = span / BINS if span else 0.01
    column = np.where(values == 0, -0.5, np.where(values > 0, np.ceil(values / width) - 1, np.floor(values / width)))
    height = np.zeros(len(values))
    seen: dict[float, int] = {}
    for index, each in enumerate(column):
        height[index] = seen.get(each, 0)
        seen[each] = seen.get(each, 0) + 1
    return (column + 0.5) * width, height + 0.5
