"""Amounts beside a temperature: what its degree-days and the holidays explain is taken off before a watch, and added after it.

A hot day costs electricity and is no alarm; as much used on a mild day is one. The curve (a base, and a slope on the degrees
below and above a balance point) is that of ``environment.energy``, found anew before each span from nothing but the days
before it. Counts keep their weather: that people die of heat is what an alarm of deaths is for.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.environment.energy import curve_of
from analytics.monitoring.warnings.panel import Panel
from analytics.monitoring.warnings.spans import Span
from data.frequency import Frequency
from data.holidays import public_holidays

__all__ = ["explained", "without_explained"]

Array = npt.NDArray[np.float64]

LEARNED_DAYS = 1096  # three years: what a degree costs changes as buildings do
KNOWN = 0.9  # of a span's days must have a temperature: fewer, and days without would be most of what is left


def explained(panel: Panel, span: Span) -> Array | None:
    """What temperature and holidays add to each day of a panel, beside the mean of the days that were learned from.

    Parameters
    ----------
    panel : daily amounts; the first of its temperatures counts.
    span : whose days before ``begins`` teach the curve.

    Returns
    -------
    (period, column) or None
        NaN on days without a temperature; None where there is none, or none over most of the span, or less than a year of it.
    """
    series = panel.series
    if (
        not series.degrees
        or series.regressors is None
        or series.value_type == "count"
        or series.freq is not Frequency.DAY
    ):
        return None
    days = pd.DatetimeIndex(panel.values.index)
    degrees = series.regressors[series.degrees[0]].reindex(days).to_numpy(dtype=float)
    if np.isnan(degrees[span.taught : span.ends]).mean() > 1 - KNOWN:
        return None
    weekday = days.day_of_week.to_numpy() < 5
    free = np.zeros(len(days), dtype=bool)
    if series.country:
        free = np.asarray(days.isin(public_holidays(series.country, first=days[0], last=days[-1])))
    working = (weekday & ~free).astype(float)
    learned = slice(max(0, span.begins - LEARNED_DAYS), span.begins)
    answer = np.zeros(panel.values.shape)
    for column, values in enumerate(panel.values.to_numpy(dtype=float).T):
        curve = curve_of(degrees[learned], values[learned], working[learned])
        if curve is None:
            return None
        # Weekdays and weekends are the model's: of the working days only those count that a holiday takes.
        whole = curve.expected(degrees, working) - curve.working_day * weekday
        answer[:, column] = whole - np.nanmean(whole[learned])
    return answer


def without_explained(panel: Panel, added: Array | None) -> Panel:
    """The panel without what weather explains.

    Parameters
    ----------
    panel : as it came.
    added : as `explained` found it.

    Returns
    -------
    Panel
        A day without a temperature is a gap: it is not judged.
    """
    if added is None:
        return panel
    bare = replace(panel.series, regressors=None, degrees=())  # or a model would look for the weather again
    return replace(panel, series=bare, values=panel.values - added)
