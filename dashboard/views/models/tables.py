"""The tables of the register: numbers that can be sorted, on the page and in files."""

from __future__ import annotations

import pandas as pd

from analytics.hotspots.registry import methods
from dashboard.views.models.measurements import Measurements
from dashboard.views.models.register import place_words
from data.words import say, text

__all__ = ["EXPLAINED", "FORECASTS", "HOTSPOTS", "forecast_frame", "hotspot_frame", "titled"]

FORECASTS = ("model", "verdict", "series", "ahead", "error", "low", "high", "coverage", "origins", "seconds")
HOTSPOTS = (
    "map",
    "rank",
    "method",
    "hit_rate",
    "low",
    "high",
    "ratio",
    "ratio_low",
    "ratio_high",
    "coverage_90",
    "windows",
)
EXPLAINED = (
    "error",
    "low",
    "high",
    "coverage",
    "verdict",
    "hit_rate",
    "rank",
    "ratio",
    "coverage_90",
    "origins",
    "seconds",
)
PER_CENT = 100


def forecast_frame(measured: Measurements, *, only: frozenset[str] | None = None) -> pd.DataFrame:
    """One row a model, series and horizon: its error in per cent of the simplest rule's, coverage, and the time it took.

    Parameters
    ----------
    measured : what is stored.
    only : names of models; None is all.

    Returns
    -------
    DataFrame
        Columns ``FORECASTS``, the smallest error of each series first.
    """
    rows = []
    for each in measured.forecasts:
        if only is not None and each.model not in only:
            continue
        result = each.result
        score = result.scores["sql_ratio"]
        bounds = [score.value if end is None else end for end in (score.low, score.high)]
        rows.append(
            (text(each.title), say(f"models.fitness_{each.verdict.value}"), text(each.series.title), each.ahead,
             PER_CENT * score.value, *(PER_CENT * end for end in bounds),
             PER_CENT * result.scores["coverage_80"].value, len(result.cutoffs), result.seconds)
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(FORECASTS))
    return frame.sort_values(["series", "ahead", "error"], kind="stable", ignore_index=True)


def hotspot_frame(measured: Measurements, *, only: frozenset[str] | None = None) -> pd.DataFrame:
    """One row a map and method: its rank with ties, what its map held of later incidents, and that beside last year's count.

    Parameters
    ----------
    measured : what is stored.
    only : names of methods; None is all.

    Returns
    -------
    DataFrame
        Columns ``HOTSPOTS``, in the order of the maps and of the ranks.
    """
    titles = {name: text(each.title) for name, each in methods().items()}
    rows = [
        (where.title, place_words(each), titles[each.method], PER_CENT * each.hit_rate, PER_CENT * each.low,
         PER_CENT * each.high, each.ratio, each.ratio_low, each.ratio_high, PER_CENT * each.coverage_90,
         where.record.windows)
        for where in measured.maps
        for each in where.standings
        if only is None or each.method in only
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(HOTSPOTS))


def titled(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with the heads that people read, each with its unit."""
    return frame.rename(columns={name: say(f"models.head_{name}") for name in frame.columns})
