"""Work over a second, as functions that a worker process runs: all they are given and return pickles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from cachetools import LRUCache, cached

from analytics.early_warning import Warnings, warnings_in
from analytics.errors import ForecastError
from analytics.forecasting import Backtest, Forecast, backtest, forecast
from analytics.forecasting.calendar_effects import CalendarEffects, calendar_effects
from analytics.hotspots import Hotspots, find_hotspots
from analytics.overview import Week, last_week
from analytics.parallel import Progress
from analytics.scenarios import Comparison, Scenario, compare
from analytics.service_quality import ServiceQuality, service_quality
from analytics.targets import Chance, chances_in
from data import City, Series, open_city

__all__ = [
    "backtest_of", "chances_of", "city_of", "comparison_of", "effects_of", "hotspots_of", "outlook_of", "service_of",
    "warnings_of_city", "weeks_of",
]  # fmt: skip

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


@cached(LRUCache(maxsize=2))
def _opened(path: str, stamp: str) -> City:
    return open_city(Path(path))


def city_of(path: str, stamp: str, *, progress: Progress) -> City:
    """The city of a path; ``stamp`` changes when its files do."""
    progress(0.1, "")
    return _opened(path, stamp)


def _series(path: str, stamp: str, name: str, until: str) -> Series:
    series = _opened(path, stamp).series[name]
    return series.until(pd.Timestamp(until)) if until else series


def outlook_of(
    path: str, stamp: str, name: str, until: str, horizon: int, model: str = "", reason: str = "", *, progress: Progress
) -> Forecast:
    """The forecast of a series by what is quick or already measured, or by a model that was chosen by hand.

    ``until`` plays it back as of a day, "" is now; what is said now is kept, to be scored later.
    """
    city = _opened(path, stamp)
    series = _series(path, stamp, name, until)
    layer = city.areas[series.layer].frame
    parents = layer["parent_id"].astype(str).to_dict() if "parent_id" in layer else {}
    return forecast(
        series, horizon=horizon, quantiles=QUANTILES, model=model or None, slow=False, parents=parents, reason=reason,
        keep=not until, progress=progress,
    )  # fmt: skip


def effects_of(
    path: str, stamp: str, name: str, until: str, area: str, *, progress: Progress
) -> CalendarEffects | None:
    """What the calendar does to a series or to one of its areas; None where there are no days to tell it from."""
    progress(0.1, "")
    series = _series(path, stamp, name, until)
    try:
        return calendar_effects(series.select(areas=(area,)) if area else series)
    except ForecastError:
        return None


def chances_of(path: str, stamp: str, *, progress: Progress) -> tuple[Chance, ...]:
    """The chance of each of the city's targets."""
    progress(0.1, "")
    return chances_in(_opened(path, stamp))


def warnings_of_city(path: str, stamp: str, *, progress: Progress) -> Warnings:
    """What is unusual now in any series of the city."""
    return warnings_in(_opened(path, stamp), progress=progress)


def service_of(path: str, stamp: str, name: str, *, progress: Progress) -> ServiceQuality:
    """How long the requests of a series take."""
    progress(0.1, "")
    return service_quality(_opened(path, stamp).requests[name])


def backtest_of(
    path: str, stamp: str, name: str, until: str, horizon: int, model: str, *, progress: Progress
) -> Backtest:
    """The backtest of one slow model, stored for every view that comes after."""
    return backtest(_series(path, stamp, name, until), model, horizon=horizon, progress=progress)


def hotspots_of(path: str, stamp: str, name: str, as_of: str, horizon_days: int, *, progress: Progress) -> Hotspots:
    """The hotspots of one kind of incident; ``as_of`` plays them back as of a day, "" is now."""
    incidents = _opened(path, stamp).incidents[name]
    day = pd.Timestamp(as_of) if as_of else None
    return find_hotspots(incidents, horizon_days=horizon_days, as_of=day, progress=progress)


def comparison_of(
    path: str, stamp: str, series: str, scenarios: Sequence[Scenario], periods: int, seed: int, *, progress: Progress
) -> Comparison:
    """The comparison of options; the first is the baseline."""
    city = _opened(path, stamp)
    return compare(city, scenarios, series=series, periods=periods, freq="MS", seed=seed, progress=progress)


def weeks_of(path: str, stamp: str, *, progress: Progress) -> tuple[Week, ...]:
    """The last week of each watched table beside what was forecast before it."""
    city = _opened(path, stamp)
    tables = [*city.series.values(), *city.incidents.values()]
    weeks = []
    for place, table in enumerate(tables):
        progress(place / len(tables), table.title)
        weeks.append(last_week(table))
    return tuple(weeks)
