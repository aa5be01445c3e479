"""Days above a limit: of a series by hours the highest mean of each day, which is what guidelines of the air speak of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from data import Series, Target
from data.frequency import Frequency

__all__ = ["FULL_DAY", "days_above", "judged"]

FULL_DAY = (
    0.75  # of a day's hours that must be known, as the US Environmental Protection Agency asks (40 CFR 50, appendix)
)


def judged(series: Series, target: Target) -> Series:
    """What a target is judged by: the series, or of a limit the highest mean over its hours by local day.

    Parameters
    ----------
    series : of the target.
    target : with a limit or without.

    Returns
    -------
    Series
        Of days for a limit; a day with too few hours is a gap.
    """
    if target.above is None or series.freq is Frequency.DAY:
        return series
    chosen = series.select(areas=(target.area_id,) if target.area_id else None)
    means = chosen.values.rolling(target.hours, min_periods=int(np.ceil(FULL_DAY * target.hours))).mean()
    local = means.tz_localize("UTC").tz_convert(series.timezone)
    # A day's means are those that end in it; of a mean over a whole day that is the one that ends with its last hour.
    highest = local.resample("D").max() if target.hours < 24 else local.resample("D").last()
    known = chosen.values.tz_localize("UTC").tz_convert(series.timezone).resample("D").count() >= FULL_DAY * 24
    days = chosen.to_frequency(Frequency.DAY)
    values = highest.where(known).tz_localize(None).reindex(days.values.index)
    values.index = days.values.index
    # What is known beside the hours is not known beside the days.
    return replace(
        days, values=values.set_axis(days.values.columns, axis=1), regressors=None, measure=f"{series.measure} a day"
    )


def days_above(values: pd.DataFrame | np.ndarray, target: Target) -> np.ndarray:
    """Whether each value lies above a target's limit; a gap does not.

    Parameters
    ----------
    values : in the unit of the target's series.
    target : that states a limit.

    Returns
    -------
    numpy array
        Of truth values, in the shape of ``values``.
    """
    assert target.above is not None
    return np.asarray(np.asarray(values, dtype=float) > target.above)
