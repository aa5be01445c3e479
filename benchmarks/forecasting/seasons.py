"""Snow on pavements, Chicago: daily reports that come for a few weeks a year, forecast from before and in the winter."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.forecasting import forecast
from analytics.forecasting.scoring import LEVELS, pinball
from benchmarks.forecasting.peers import prophet, seasonal_naive
from benchmarks.forecasting.sets import one_series, snow
from benchmarks.paired import Array
from benchmarks.rows import Row

HORIZON, SEASON = 28, 7
WINTERS = (2019, 2020, 2021)  # those that have a winter before them


def rows(*, quick: bool = False) -> Iterator[Row]:
    """What the chosen model's ranges held, and its loss beside Prophet's and the seasonal naive's, on the same days."""
    series = one_series("snow", snow())
    cutoffs = _cutoffs(series.values.index)[:: 8 if quick else 1]
    losses: dict[str, list[float]] = {"ours": [], "prophet": [], "naive": []}
    inside: list[list[float]] = []
    for cutoff in cutoffs:
        known = series.until(cutoff)
        ours = forecast(known, horizon=HORIZON, slow=False).total.sel(quantile=list(LEVELS)).to_numpy()
        past = known.values.asfreq("D")
        ahead = series.values.loc[cutoff:].iloc[1 : HORIZON + 1, 0].to_numpy(dtype=float)
        losses["ours"].append(_loss(ahead, ours))
        losses["prophet"].append(_loss(ahead, prophet(past, HORIZON)[:, :, 0]))
        losses["naive"].append(_loss(ahead, seasonal_naive(past, HORIZON, season=SEASON)[:, :, 0]))
        inside.append([100 * ((ahead >= ours[low]) & (ahead <= ours[-1 - low])).mean() for low in (1, 0)])
    wide, widest = np.array(inside).T
    note = f"{len(cutoffs)} origins, {len(cutoffs) * HORIZON} days"
    yield Row("season_coverage_80", float(wide.mean()), "per cent", 65, most=False, note=note)
    yield Row("season_coverage_95", float(widest.mean()), "per cent", 85, most=False, note=note)
    yield Row("season_coverage_95_worst_origin", float(widest.min()), "per cent", 50, most=False, note=note)
    mean = {name: float(np.mean(each)) for name, each in losses.items()}
    yield Row("season_vs_prophet", mean["ours"], "reports", 1.0, peer=mean["prophet"], peer_name="Prophet", note=note)
    yield Row(
        "season_vs_snaive", mean["ours"], "reports", 1.0, peer=mean["naive"], peer_name="seasonal naive", note=note
    )


def _cutoffs(days: pd.DatetimeIndex) -> list[pd.Timestamp]:
    """Each week from 1 November to 28 February, as long as all that follows is known."""
    weekly = [pd.date_range(f"{year}-11-01", f"{year + 1}-02-28", freq="7D") for year in WINTERS]
    return [day for winter in weekly for day in winter if day + pd.Timedelta(days=HORIZON) <= days[-1]]


def _loss(observed: Array, quantiles: Array) -> float:
    """The mean of twice the pinball over levels and days, in reports a day."""
    return float(np.mean([pinball(observed, quantiles[index], level) for index, level in enumerate(LEVELS)]))
