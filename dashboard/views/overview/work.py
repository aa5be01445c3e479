"""The last week and the warnings of a city, as functions that a worker process runs."""

from __future__ import annotations

from analytics.answers import answered
from analytics.monitoring.warnings import Warnings
from analytics.monitoring.week import Week
from analytics.parallel import Progress
from analytics.requests import CityRequest, WarningsRequest, WeeksRequest
from dashboard.shell.work import opened

__all__ = ["warnings_of", "weeks_of"]


def warnings_of(request: CityRequest, *, progress: Progress) -> Warnings:
    """What is unusual now in any series of the city."""
    found: Warnings = answered(WarningsRequest(request), opened, progress=progress)
    return found


def weeks_of(request: CityRequest, *, progress: Progress) -> tuple[Week, ...]:
    """The last week of each watched table beside what was forecast before it."""
    found: tuple[Week, ...] = answered(WeeksRequest(request), opened, progress=progress)
    return found
