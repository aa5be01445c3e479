"""Work over a second that more than one view asks for, as functions that a worker process runs.

All that they are given and return pickles. What only one view asks for is in its own ``work.py``.
"""

from __future__ import annotations

from cachetools import LRUCache, cached

from analytics.answers import answered
from analytics.errors import ForecastError
from analytics.forecasting.calendar.effects import CalendarEffects, calendar_effects
from analytics.monitoring.targets import Chance
from analytics.parallel import Progress
from analytics.requests import ChancesRequest, CityRequest, SeriesRequest
from dashboard.shell.jobs import quick
from data import City, open_city
from data.errors import TableError

__all__ = ["chances_of", "city_of", "effects_of", "opened"]


@cached(LRUCache(maxsize=2))
def opened(request: CityRequest) -> City:
    """The city in this process; the last two are kept."""
    return open_city(request.name)


@quick
def city_of(request: CityRequest, *, progress: Progress) -> City:
    """The city itself, all of its tables open, so that the process that shows it reads none."""
    progress(0.1, "")
    return opened(request).opened()


def chances_of(request: CityRequest, *, progress: Progress) -> tuple[Chance, ...]:
    """The chance of each of the city's targets."""
    found: tuple[Chance, ...] = answered(ChancesRequest(request), opened, progress=progress)
    return found


def effects_of(request: SeriesRequest, *, progress: Progress) -> CalendarEffects | None:
    """What the calendar does to a series or to one of its areas; None where there are no days to tell it from."""
    progress(0.1, "")
    try:
        return calendar_effects(request.answer(opened(request.city)))
    except (ForecastError, TableError):
        return None
