"""Whether a map would have caught what came: hit rate and PAI on windows strictly later than what it was made from.

PAI = (n/N) / (a/A), Chainey, Tompson and Uhlig (2008): the share of events caught over the share of area looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots.cells import Cells
from analytics.hotspots.contract import Method, run_method
from analytics.parallel import Progress, quiet
from data import Incidents

__all__ = ["CURVE", "RANDOM", "SHARES", "evaluate", "ranking", "summarise", "window_starts"]

Array = npt.NDArray[np.float64]

SHARES = (0.01, 0.02, 0.05, 0.10)
CURVE = tuple(round(step / 200, 3) for step in range(41))  # 0 to 20 % of the area in half per cents
RANDOM = "random"
YARDSTICK = "count_last_year"
BOOTSTRAPS = 2000


def ranking(score: Array, *, seed: int) -> npt.NDArray[np.int64]:
    """The rank of each cell, 0 = first to look at; ties are broken at random by the seed."""
    order = np.lexsort((np.random.Generator(np.random.Philox(seed)).random(len(score)), -score))
    rank = np.empty(len(score), dtype=np.int64)
    rank[order] = np.arange(len(score))
    return rank


def window_starts(incidents: Incidents, *, as_of: pd.Timestamp, horizon_days: int, windows: int) -> list[pd.Timestamp]:
    """The first days of the windows that are judged, oldest first: they do not overlap and end before ``as_of``."""
    starts = [as_of - pd.Timedelta(days=horizon_days * step) for step in range(windows, 0, -1)]
    # A map needs something to be made from: at least as many days as it looks ahead.
    return [start for start in starts if start - pd.Timedelta(days=horizon_days) >= incidents.since]


def evaluate(
    methods: Sequence[Method], incidents: Incidents, cells: Cells, *, starts: Sequence[pd.Timestamp], horizon_days: int,
    seed: int, progress: Progress = quiet,
) -> pd.DataFrame:  # fmt: skip
    """One row a (method, as_of, share): hits, events, cells, hit_rate and pai; ``random`` looks at cells drawn by lot."""
    rows = []
    for place, start in enumerate(starts):
        progress(place / len(starts), incidents.title)
        later = incidents.frame["time"].between(start, start + pd.Timedelta(days=horizon_days), inclusive="left")
        caught = cells.counts(incidents.frame.loc[later])
        lot = np.random.Generator(np.random.Philox([seed, place])).random(len(cells))
        scores = {
            each.name: run_method(each, incidents, cells, as_of=start, horizon_days=horizon_days, seed=seed)
            for each in methods
        }
        for name, score in (scores | {RANDOM: lot}).items():
            total = np.concatenate([[0.0], np.cumsum(caught[np.argsort(ranking(score, seed=seed))])])
            for share in CURVE:
                looked = round(share * len(cells))
                rows.append((name, start, share, total[looked], total[-1], looked))
    frame = pd.DataFrame(rows, columns=["method", "as_of", "share", "hits", "events", "cells"])
    frame["hit_rate"] = frame["hits"] / frame["events"].where(frame["events"] > 0)
    frame["pai"] = frame["hit_rate"] / (frame["cells"].where(frame["cells"] > 0) / len(cells))
    return frame


def summarise(evaluation: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """One row a (method, share): hit_rate and pai over all windows, low and high of the hit rate's 95 % interval.

    The hit rate is events caught over events, all windows together; the interval resamples windows, the same ones for
    every method, so that methods can be compared. ``ratio_low`` and ``ratio_high`` bound hits over last year's count's.
    """
    hits = evaluation.pivot_table(index="as_of", columns=["method", "share"], values="hits")
    events = evaluation.groupby("as_of")["events"].first().reindex(hits.index)
    places = np.random.Generator(np.random.Philox(seed)).integers(0, len(hits), (BOOTSTRAPS, len(hits)))
    drawn = hits.to_numpy()[places].sum(axis=1)
    rates = drawn / np.maximum(events.to_numpy()[places].sum(axis=1), 1)[:, None]
    low, high = np.quantile(rates, [0.025, 0.975], axis=0)
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
    shares = evaluation.groupby("share")["cells"].first() / evaluation["cells"].max() * max(CURVE)
    table["pai"] = table["hit_rate"] / table["share"].map(shares).where(lambda share: share > 0)
    return table.join(_ratios(drawn, table))


def _ratios(drawn: Array, table: pd.DataFrame) -> pd.DataFrame:
    """Bounds of hits over those of last year's count at the same share, window by window."""
    place = {
        share: row
        for row, (method, share) in enumerate(zip(table["method"], table["share"], strict=True))
        if method == YARDSTICK
    }
    if not place:
        return pd.DataFrame(index=table.index)
    base = np.stack([drawn[:, place[share]] for share in table["share"]], axis=1)
    ratio = drawn / np.where(base > 0, base, np.nan)
    bounds = [_quantile(ratio[:, column]) for column in range(ratio.shape[1])]
    return pd.DataFrame(bounds, columns=["ratio_low", "ratio_high"], index=table.index)


def _quantile(values: Array) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    if not len(known):
        return np.nan, np.nan
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)
