"""Work over a second that more than one view asks for, as functions that a worker process runs.

All that they are given and return pickles. What only one view asks for is in its own ``work.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cachetools import LRUCache, cached

from analytics.answers import answered, awaited, earlier, kept
from analytics.errors import ForecastError
from analytics.forecasting.calendar.effects import CalendarEffects, calendar_effects
from analytics.monitoring.targets import Chance
from analytics.openings import opening_of
from analytics.parallel import Progress, quiet
from analytics.requests import (
    ChancesRequest,
    CityRequest,
    ForecastRequest,
    MapRequest,
    Request,
    SeriesRequest,
    TablesRequest,
    WatchedTablesRequest,
)
from dashboard.workers.jobs import quick, read_back
from data import City, open_city
from data.errors import TableError

__all__ = [
    "chances_of",
    "city_of",
    "effects_of",
    "from_files",
    "kept_opening",
    "opened",
    "opened_to_watch",
    "opening_or_other",
]


@cached(LRUCache(maxsize=2))
def opened(request: CityRequest) -> City:
    """The city in this process, read back where a process has opened all of its tables; the last two are kept."""
    found: City | None = awaited(TablesRequest(request))
    return from_files(request) if found is None else found


@cached(LRUCache(maxsize=2))
def opened_to_watch(request: CityRequest) -> City:
    """The city in this process for what its overview is made from, as soon as the tables are read that this asks for."""
    whole: City | None = kept(TablesRequest(request))
    found: City | None = awaited(WatchedTablesRequest(request)) if whole is None else whole
    return opened(request) if found is None else found


@cached(LRUCache(maxsize=2))
def from_files(request: CityRequest) -> City:
    """The city, each of whose tables is read when it is asked for, unless it was before and would be read the same."""
    return open_city(request.name, before=earlier(TablesRequest(request)))


@quick
@read_back(lambda request: kept(TablesRequest(request)))
def city_of(request: CityRequest, *, progress: Progress) -> City:
    """The city itself, all of its tables open, so that no other process reads them."""
    found: City = answered(TablesRequest(request), from_files, progress=progress)
    return found


def kept_opening(request: ForecastRequest | MapRequest) -> Any | None:
    """The answer that is kept of a view that has just been opened; None where there is none, or somebody has chosen something."""
    opening = opening_of(request)
    return None if opening is None else kept(opening)


def opening_or_other(request: ForecastRequest | MapRequest, *, progress: Progress) -> Any:
    """The answer to a request, kept where it is that of a view that has just been opened.

    Parameters
    ----------
    request : for a forecast or a map.
    progress : told how far the work is.

    Returns
    -------
    Forecast or Hotspots
        As the request gives it.
    """
    opening = opening_of(request)
    if opening is None:
        return request.answer(opened(request.city), progress=progress)
    return answered(opening, opened, progress=progress)


@read_back(lambda request: kept(ChancesRequest(request)))
def chances_of(request: CityRequest, *, progress: Progress) -> tuple[Chance, ...]:
    """The chance of each of the city's targets."""
    found: tuple[Chance, ...] = answered(ChancesRequest(request), opened_to_watch, progress=progress)
    return found


@dataclass(frozen=True)
class EffectsRequest(Request):
    """What the calendar does to a series, or to one of its areas."""

    of: SeriesRequest

    @property
    def city(self) -> CityRequest:
        """The city that is asked of."""
        return self.of.city

    @property
    def table(self) -> str:
        """What the answer is kept for."""
        return self.of.series

    def answer(self, city: City, *, progress: Progress = quiet) -> tuple[CalendarEffects, ...]:
        """The effects; none where there are no days to tell them from, which is kept as well.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        tuple of CalendarEffects
            Of the total.
        """
        progress(0.1, "")
        try:
            return (calendar_effects(self.of.answer(city)),)
        except (ForecastError, TableError):
            return ()


def _kept_effects(request: SeriesRequest) -> tuple[CalendarEffects, ...] | None:
    found: tuple[CalendarEffects, ...] | None = kept(EffectsRequest(request)) if request.as_it_stands else None
    return found


@quick
@read_back(_kept_effects)
def effects_of(request: SeriesRequest, *, progress: Progress) -> tuple[CalendarEffects, ...]:
    """What the calendar does to a series or to one of its areas, as in ``EffectsRequest``; kept of a whole series as it stands."""
    asked = EffectsRequest(request)
    if not request.as_it_stands:
        return asked.answer(opened(request.city), progress=progress)
    found: tuple[CalendarEffects, ...] = answered(asked, opened, progress=progress)
    return found
