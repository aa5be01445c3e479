"""How well each method did over all windows, with intervals from resampling whole windows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots.backtesting.scoring import SHARES, Evaluation
from analytics.resampling import BOUNDS, resamples

__all__ = ["YARDSTICKS", "at_shares", "method_scores", "reliability", "summarise"]

Array = npt.NDArray[np.float64]

YARDSTICKS = {"last_year": "count_last_year", "all_history": "count_all_history"}
BOOTSTRAPS = 2000


def at_shares(table: pd.DataFrame) -> pd.Series:
    """Which rows are at 1, 2, 5 or 10 % of the area."""
    return table["share"].round(4).isin(SHARES)


def summarise(
    shares: pd.DataFrame, *, seed: int, yardsticks: Mapping[str, str] = MappingProxyType(YARDSTICKS)
) -> pd.DataFrame:
    """One row a (method, share): hit_rate, pai and pei over all windows, low and high of the hit rate's 95 % interval.

    The hit rate is events caught over events, all windows together; the interval resamples windows, the same ones for
    every method, so that methods can be compared. ``vs_last_year``, ``vs_last_year_low`` and ``_high`` are hits over those
    of last year's count at the same share, window by window; ``vs_all_history...`` likewise. Other ``yardsticks`` are a
    method by what its columns are called.

    Parameters
    ----------
    shares : one row a (method, window, share): hits and events.
    seed : of the resampling.
    yardsticks : method by the name that its columns get.

    Returns
    -------
    One row a (method, share).
    """
    hits = shares.pivot_table(index="as_of", columns=["method", "share"], values="hits")
    events = shares.groupby("as_of")["events"].first().reindex(hits.index)
    rows = resamples(len(hits), seed=seed, times=BOOTSTRAPS)
    times = (rows[:, :, None] == np.arange(len(hits))).sum(axis=1, dtype=float)  # that each resample holds each window
    drawn = times @ hits.to_numpy()
    rates = drawn / np.maximum(times @ events.to_numpy(), 1)[:, None]
    low, high = np.quantile(rates, BOUNDS, axis=0)
    table = pd.DataFrame(
        {
            "hit_rate": (hits.sum() / max(events.sum(), 1)).to_numpy(),
            "low": low,
            "high": high,
            "events": int(events.sum()),
            "windows": len(hits),
        },
        index=hits.columns,
    ).reset_index()
    means = shares.groupby(["method", "share"])[["pai", "pei", "hit_rate"]].mean()
    area = (means["hit_rate"] / means["pai"]).to_numpy()  # the share that was really looked at, whole cells only
    table["pai"] = table["hit_rate"] / area
    table["pei"] = means["pei"].to_numpy()
    for name, yardstick in yardsticks.items():
        table = table.join(_ratios(hits, drawn, table, yardstick).add_prefix(f"vs_{name}"))
    return table


def _ratios(hits: pd.DataFrame, drawn: Array, table: pd.DataFrame, yardstick: str) -> pd.DataFrame:
    """Hits over those of a yardstick at the same share, with the interval of the resamples."""
    column_of = {
        share: row
        for row, (method, share) in enumerate(zip(table["method"], table["share"], strict=True))
        if method == yardstick
    }
    if not column_of:
        return pd.DataFrame(index=table.index)
    of = [column_of[share] for share in table["share"]]
    total = hits.to_numpy().sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(drawn[:, of] > 0, drawn / drawn[:, of], np.nan)
        point = np.where(total[of] > 0, total / total[of], np.nan)
    low, high = _bounds(ratio)
    return pd.DataFrame({"": point, "_low": low, "_high": high})


def _bounds(drawn: Array) -> Array:
    """The interval of the known values of each column, (bound, column); NaN where there is none."""
    known = ~np.isnan(drawn)
    whole = known.all(axis=0)
    bounds = np.full((len(BOUNDS), drawn.shape[1]), np.nan)
    bounds[:, whole] = np.quantile(drawn[:, whole], BOUNDS, axis=0)
    for column in np.flatnonzero(known.any(axis=0) & ~whole):
        bounds[:, column] = np.quantile(drawn[known[:, column], column], BOUNDS)
    return bounds


def method_scores(evaluation: Evaluation) -> pd.DataFrame:
    """One row a method: rri (predicted / observed), bits an event, coverage_90 (share of counts inside the central 90 %)."""
    table = evaluation.windows
    sums = table.groupby("method")[["predicted", "events", "coverage_90", "coverage_n"]].sum()
    weighted = (table["bits"] * table["events"]).groupby(table["method"]).sum(min_count=1)
    return pd.DataFrame(
        {
            "rri": sums["predicted"] / sums["events"].where(sums["events"] > 0),
            "bits": weighted / sums["events"].where(sums["events"] > 0),
            "coverage_90": sums["coverage_90"] / sums["coverage_n"].where(sums["coverage_n"] > 0),
            "coverage_n": sums["coverage_n"],
        }
    )


def reliability(evaluation: Evaluation) -> pd.DataFrame:
    """One row a (method, share): what flagged cells were promised and what became of them, over all windows.

    ``membership``: the mean probability of being among so many busiest cells; ``members``: how many were.
    ``chance``: the mean probability of an event; ``with_event``: how many had one. ``cells``: flagged cells judged.
    """
    stated = evaluation.stated
    weighted = stated[["membership", "members", "chance", "with_event"]].mul(stated["cells"], axis=0)
    sums = weighted.join(stated[["method", "share", "cells"]]).groupby(["method", "share"]).sum()
    means = sums.drop(columns="cells").div(sums["cells"], axis=0)
    return means.assign(cells=sums["cells"]).reset_index()
