"""Work over a second, as functions that a worker process runs: all they are given and return pickles."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from cachetools import LRUCache, cached

from analytics.errors import ForecastError, HotspotError
from analytics.forecasting import Backtest, Forecast, backtest, forecast
from analytics.forecasting.calendar.effects import CalendarEffects, calendar_effects
from analytics.hotspots import Audit, Hotspots, PartOfWeek, audit_hotspots, delay_table, find_hotspots
from analytics.hotspots.clustering.lately import Lately, clusters_lately
from analytics.hotspots.find import of_category
from analytics.hotspots.subjects import subject_of
from analytics.monitoring.service_quality import ServiceQuality, service_quality
from analytics.monitoring.targets import Chance, chances_in
from analytics.monitoring.warnings import Warnings, warnings_in
from analytics.monitoring.week import Week, last_week
from analytics.parallel import Progress
from analytics.scenarios import Comparison, Scenario, compare
from data import City, Series, open_city
from data.errors import TableError

__all__ = [
    "MapAsked", "audit_of", "backtest_of", "chances_of", "city_of", "comparison_of", "delays_of", "effects_of",
    "hotspots_of", "lately_of", "outlook_of", "service_of", "warnings_of_city", "weeks_of",
]  # fmt: skip

SCANNED = 199  # times that chance deals anew for a page: p to a half per cent
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
    except (ForecastError, TableError):
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


@dataclass(frozen=True)
class MapAsked:
    """What a page asks of a hotspot map: the incidents and their kind ("" for all), as of when ("" for now), how far
    ahead, in which part of the week, whether slow methods are to be judged too, on which cells ("" for the usual ones) of
    how many metres, and whether it is congestion.
    """

    incidents: str
    category: str
    as_of: str
    horizon_days: int
    part: PartOfWeek
    slow: bool = False
    cells: str = ""
    metres: int = 200
    congestion: bool = False


def hotspots_of(path: str, stamp: str, asked: MapAsked, *, progress: Progress) -> Hotspots:
    """The hotspots of one kind of incident."""
    city = _opened(path, stamp)
    return find_hotspots(
        subject_of(city, asked.incidents),
        cell_kind=asked.cells or None,
        cell_size=float(asked.metres),
        network=next(iter(city.networks.values()), None),
        category=asked.category or None,
        part=asked.part,
        as_of=pd.Timestamp(asked.as_of) if asked.as_of else None,
        horizon_days=asked.horizon_days,
        slow=asked.slow,
        progress=progress,
    )


def lately_of(path: str, stamp: str, asked: MapAsked, *, progress: Progress) -> Lately | None:
    """What has clustered of late; None where there is too little to scan."""
    incidents = of_category(subject_of(_opened(path, stamp), asked.incidents), asked.category or None)
    try:
        return clusters_lately(asked.part.of(incidents), replications=SCANNED, progress=progress)
    except HotspotError:
        return None


def delays_of(path: str, stamp: str, name: str, *, progress: Progress) -> pd.DataFrame:
    """How much longer each counter holds vehicles up than expected; see ``delay_table``."""
    progress(0.1, "")
    return delay_table(_opened(path, stamp).series[name])


def audit_of(path: str, stamp: str, asked: MapAsked, share: float, *, progress: Progress) -> Audit:
    """The audit of a map at a share of the area."""
    city = _opened(path, stamp)
    found = hotspots_of(path, stamp, asked, progress=lambda done, doing: progress(0.3 * done, doing))
    other = subject_of(city, asked.incidents).second_source
    second = city.incidents[other] if other else None
    return audit_hotspots(
        found, share=share, second=second, progress=lambda done, doing: progress(0.3 + 0.7 * done, doing)
    )


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
        with suppress(TableError):  # hours that are no whole day yet
            weeks.append(last_week(table))
    return tuple(weeks)
