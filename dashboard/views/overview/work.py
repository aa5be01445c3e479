"""The parts of the overview, as functions that a worker process runs; each answer is kept for whoever asks after that."""

from __future__ import annotations

from analytics.answers import answered
from analytics.monitoring.days import DayStatement
from analytics.monitoring.sources import Sources
from analytics.monitoring.warnings import watch_amounts
from analytics.monitoring.week import Figures, Week
from analytics.overview import Unusual, play_back_day, unusual_of, weeks_of
from analytics.parallel import Progress
from analytics.requests import CityRequest, FiguresRequest, SourcesRequest, WatchedTablesRequest
from dashboard.workers.jobs import quick
from dashboard.workers.work import opened, opened_to_watch

__all__ = ["amounts_part", "figures_part", "sources_part", "stated_before", "unusual_part", "weeks_part"]


@quick
def figures_part(request: CityRequest, *, progress: Progress) -> Figures:
    """The figures of the week, from the tables alone."""
    found: Figures = answered(FiguresRequest(request), opened, progress=progress)
    answered(WatchedTablesRequest(request), opened)  # which are open now: the parts that follow wait for no others
    return found


@quick
def sources_part(request: CityRequest, *, progress: Progress) -> Sources:
    """Where each table comes from."""
    found: Sources = answered(SourcesRequest(request), opened, progress=progress)
    return found


def weeks_part(request: CityRequest, *, progress: Progress) -> tuple[Week, ...]:
    """The figures of the week beside what was forecast before it."""
    return weeks_of(request, opened_to_watch, progress=progress)


def unusual_part(request: CityRequest, *, progress: Progress) -> Unusual:
    """What is unusual now in any series of the city."""
    return unusual_of(request, opened_to_watch, progress=progress)


def amounts_part(request: CityRequest, *, progress: Progress) -> None:
    """The watch of amounts, which the part that tells what is unusual then need not make: it has the counts to watch."""
    watch_amounts(opened_to_watch(request), progress=progress)


def stated_before(request: CityRequest, *, progress: Progress) -> DayStatement | None:
    """What would have been stated the day before, where nothing earlier is kept."""
    return play_back_day(request, opened, progress=progress)
