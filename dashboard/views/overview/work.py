"""The last week and the warnings of a city, as functions that a worker process runs."""

from __future__ import annotations

from contextlib import suppress

from analytics.monitoring.warnings import Warnings, warnings_in
from analytics.monitoring.week import Week, last_week
from analytics.parallel import Progress
from analytics.requests import CityRequest
from dashboard.shell.work import opened
from data import Incidents, Series
from data.errors import TableError

__all__ = ["warnings_of", "weeks_of"]


def warnings_of(request: CityRequest, *, progress: Progress) -> Warnings:
    """What is unusual now in any series of the city."""
    return warnings_in(opened(request), progress=progress)


def weeks_of(request: CityRequest, *, progress: Progress) -> tuple[Week, ...]:
    """The last week of each watched table beside what was forecast before it."""
    city = opened(request)
    tables: list[Series | Incidents] = [*city.series.values(), *city.incidents.values()]
    weeks = []
    for index, table in enumerate(tables):
        progress(index / len(tables), table.title)
        with suppress(TableError):  # hours that are no whole day yet
            weeks.append(last_week(table))
    return tuple(weeks)
