"""What the crews did in the end, by the dates of the requests."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from analytics.scenarios.engines.crews.known import Known
from analytics.scenarios.measure import AREA
from analytics.scenarios.study import Study

__all__ = ["observed_of"]


def observed_of(study: Study, known: Known) -> dict[str, xr.DataArray]:
    """The share of requests done within the target by area, and the days within which half were done.

    Parameters
    ----------
    study : whose requests: those opened in its periods.
    known : the crews and the requests as they are known since.

    Returns
    -------
    ``done_within`` by area, weighed by ``requests``, and ``median_days``; {} where some have not had their days, or there are
    none.
    """
    target, requests = known.crews.target_days, known.requests
    end = study.index[-1] + study.freq.offset
    if requests.until < end + pd.Timedelta(days=target - 1):
        return {}
    frame = requests.frame
    frame = frame[(frame["opened"] >= study.start) & (frame["opened"] < end)]
    if frame.empty:
        return {}
    took = (frame["closed"].dt.normalize() - frame["opened"].dt.normalize()).dt.days.fillna(np.inf)
    by_area = (took <= target).groupby(frame["area_id"].astype(str)).agg(["mean", "size"])
    weights = (AREA, by_area["size"].to_numpy(dtype=float))
    share = xr.DataArray(by_area["mean"].to_numpy(), coords={AREA: list(by_area.index), "requests": weights}, dims=AREA)
    found = {"done_within": share}
    middle = float(np.median(took))
    return found | {"median_days": xr.DataArray(middle)} if np.isfinite(middle) else found
