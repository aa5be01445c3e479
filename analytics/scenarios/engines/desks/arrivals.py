"""Who comes to a desk: contacts by the hour in every future, and in a usual week.

The contacts of a future are the forecast's draws; a whole day, and the whole study, may be busier than its hours know by
what past forecasts missed.
"""

from __future__ import annotations

from threading import Lock

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr
from cachetools import LRUCache, cached

from analytics.scenarios.engines.baseline import baseline_forecast
from analytics.scenarios.engines.desks.estimates import (
    Spreads,
    handling_of,
    hours_of_week,
    own_variance,
    spreads_of,
    variance_of,
)
from analytics.scenarios.engines.desks.queues import Contacts, contacts_of
from analytics.scenarios.engines.desks.rosters import open_hours
from analytics.scenarios.study import Study
from analytics.scenarios.values import HOURS_OF_WEEK
from analytics.streams import Streams
from data import Desk, fingerprint_of

__all__ = ["ARRIVALS", "people_of", "slots_of", "usual_week"]

Floats = npt.NDArray[np.float64]

ARRIVALS = (
    "desks.day",
    "desks.whole",
    "desks.rounding",
    "desks.contacts",
)  # the components that who comes is drawn from


def _key(study: Study, desk: Desk, demand: xr.DataArray, before: xr.DataArray, streams: Streams) -> tuple[object, ...]:
    series = study.table("series")
    tables = (series.provenance.fingerprint, series.name, desk.provenance.fingerprint)
    return (*tables, fingerprint_of(demand.to_numpy()), study.start, study.periods, streams)


# Every roster meets the same people: they are drawn once, and a move of a lever only serves them anew.
@cached(LRUCache(maxsize=4), key=_key, lock=Lock())
def people_of(study: Study, desk: Desk, demand: xr.DataArray, before: xr.DataArray, streams: Streams) -> Contacts:
    """Who comes in every future of a study.

    Parameters
    ----------
    study : of hours.
    desk : that they come to.
    demand : by draw, area, category and period.
    before : the same before any growth.
    streams : of the study.

    Returns
    -------
    Contacts
        The same for every roster.
    """
    counts = _counts(study, demand, before, streams)
    periods = [each.isoformat() for each in study.index]
    return contacts_of(counts, handling_of(desk).table, streams, periods=periods)


def _counts(study: Study, demand: xr.DataArray, before: xr.DataArray, streams: Streams) -> npt.NDArray[np.int64]:
    """Contacts by (draw, hour): the demand times how much busier that day and that study are, to a whole number.

    The range of an hour's forecast holds the scatter of its day and its study as well. That share is taken out of the draws
    of the hours, by drawing them towards their mean, and given to the day and the study as a whole.

    Parameters
    ----------
    study : whose hours they are.
    demand : by draw, area, category and period.
    before : the same before any growth.
    streams : of the study.

    Returns
    -------
    Array
        Rounded up with the chance of the rest, so that the mean stays.
    """
    series, spreads, outlook = study.table("series"), _spreads(study), baseline_forecast(study)
    dims = ["area_id", "category"]
    drawn = demand.sum(dims).transpose("draw", "period").to_numpy().astype(float)
    mean = outlook.mean.sum(dims).transpose("period").to_numpy()
    low, high = (outlook.quantiles.sel(quantile=level).transpose("period", *dims).to_numpy() for level in (0.1, 0.9))
    total = variance_of(low, high).sum(axis=(1, 2))
    own = own_variance(total, mean=mean, common=spreads.day**2 + spreads.whole**2)
    keeps = np.sqrt(np.divide(own, total, out=np.ones_like(total), where=total > 0))
    grown = drawn.sum(axis=1) / np.maximum(before.sum([*dims, "period"]).to_numpy(), 1e-9)
    expected = (keeps * drawn + (1 - keeps) * mean * grown[:, None]) * _come(study)[slots_of(study)]
    days = study.index.tz_localize("UTC").tz_convert(series.timezone).strftime("%Y-%m-%d")
    named, day = np.unique(days, return_inverse=True)
    busier = _factor(spreads.day, streams.normal("desks.day", list(named)))[day].T
    busier = busier * _factor(spreads.whole, streams.normal("desks.whole", [series.name])).T
    uniform = streams.uniform("desks.rounding", [each.isoformat() for each in study.index]).T
    counts: npt.NDArray[np.int64] = np.floor(expected * busier + uniform).astype(np.int64)
    return counts


def _factor(spread: float, normal: Floats) -> Floats:
    factor: Floats = np.exp(spread * normal - spread**2 / 2)
    return factor


def _spreads(study: Study) -> Spreads:
    series = study.table("series")
    since = pd.Timestamp(series.values.index[0])
    return spreads_of(baseline_forecast(study).backtest, timezone=series.timezone, come=_come(study), since=since)


def slots_of(study: Study) -> npt.NDArray[np.int64]:
    """The hour of the week of each hour of a study, on the series' own clocks."""
    return hours_of_week(study.index, timezone=study.table("series").timezone)


def _come(study: Study) -> npt.NDArray[np.bool_]:
    """By hour of the week, whether anybody may come: where the desk is closed, only if somebody ever did.

    A model that pools the errors of all hours expects a few at midnight, whom no roster could answer.
    """
    desk: Desk = study.table("desks")
    known = study.table("series").values.sum(axis=1)
    slots = hours_of_week(pd.DatetimeIndex(known.index), timezone=study.table("series").timezone)
    ever = np.bincount(slots, known.to_numpy(float), minlength=len(HOURS_OF_WEEK)) > 0
    return open_hours(desk.staff) | ever


def usual_week(study: Study) -> Floats:
    """Contacts that the forecast expects in each hour of the week.

    Parameters
    ----------
    study : of hours.

    Returns
    -------
    Array
        168 numbers, Monday midnight first.
    """
    slots = slots_of(study)
    expected = baseline_forecast(study).mean.sum(["area_id", "category"]).to_numpy()
    n = np.maximum(np.bincount(slots, minlength=len(HOURS_OF_WEEK)), 1)
    usual: Floats = np.bincount(slots, expected, minlength=len(HOURS_OF_WEEK)) / n * _come(study)
    return usual
