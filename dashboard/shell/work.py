"""Work over a second that more than one view asks for, as functions that a worker process runs.

All that they are given and return pickles. What only one view asks for is in its own ``work.py``.
"""

from __future__ import annotations

from cachetools import LRUCache, cached

from analytics.answers import answered
from analytics.monitoring.targets import Chance
from analytics.parallel import Progress
from analytics.requests import ChancesRequest, CityRequest
from dashboard.shell.jobs import quick
from data import City, open_city

__all__ = ["chances_of", "city_of", "opened"]


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
