"""All that a city's pages open with, made in one go and kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analytics.answers import Kept, answered
from analytics.hotspots.subjects import subjects
from analytics.openings import first_forecast, first_map, opening_of
from analytics.overview import play_back_day, unusual_of, weeks_of
from analytics.parallel import Progress, quiet
from analytics.requests import (
    ChancesRequest,
    CityRequest,
    FiguresRequest,
    ForecastRequest,
    MapRequest,
    SourcesRequest,
    TablesRequest,
)
from data import City, CivicastError
from data.words import Sentence, Words

__all__ = ["Made", "opening", "refresh"]


@dataclass(frozen=True)
class Made:
    """One part of a page: what it is, how long it took in seconds, and why it could not be made (None where it was)."""

    what: Words
    seconds: float
    why_not: Words | None = None


def opening(city: City, request: CityRequest) -> Iterator[tuple[Words, Callable[[Progress], object]]]:
    """What is made for a city's pages, in the order in which a visitor meets it, each with the work.

    All are kept whole, the city with its tables, too.

    Parameters
    ----------
    city : opened.
    request : by which its pages ask for it.

    Yields
    ------
    tuple
        A sentence, and a function of the progress.
    """
    yield Sentence("refresh.tables"), _kept(TablesRequest(request), city)
    yield Sentence("refresh.figures"), _kept(FiguresRequest(request), city)
    yield Sentence("refresh.sources"), _kept(SourcesRequest(request), city)
    if city.targets:
        yield Sentence("refresh.targets"), _kept(ChancesRequest(request), city)
    yield Sentence("refresh.weeks"), lambda progress: weeks_of(request, lambda _: city, progress=progress)
    if city.series:
        yield Sentence("refresh.warnings"), lambda progress: unusual_of(request, lambda _: city, progress=progress)
    for name, series in city.series.items():
        yield Sentence("refresh.forecast", {"title": series.title}), _first(first_forecast(city, request, name), city)
    for name, subject in subjects(city).items():
        yield Sentence("refresh.map", {"title": subject.title}), _first(first_map(request, name), city)
    yield Sentence("refresh.day_before"), lambda progress: play_back_day(request, lambda _: city, progress=progress)


def _kept(request: Kept, city: City) -> Callable[[Progress], object]:
    return lambda progress: answered(request, lambda _: city, progress=progress)


def _first(request: ForecastRequest | MapRequest, city: City) -> Callable[[Progress], object]:
    opening = opening_of(request)
    return (lambda progress: request.answer(city, progress=progress)) if opening is None else _kept(opening, city)


def refresh(city: City, request: CityRequest, *, progress: Progress = quiet) -> tuple[Made, ...]:
    """Make all that the pages of a city open with; what cannot be made stops nothing else.

    Parameters
    ----------
    city : opened.
    request : by which its pages ask for it.
    progress : told how far the work is.

    Returns
    -------
    tuple of Made
        In the order of the pages.
    """
    work = list(opening(city, request))
    made = []
    for index, (what, run) in enumerate(work):

        def part(share: float, doing: Words, index: int = index, what: Words = what) -> None:
            progress((index + share) / len(work), what)

        part(0.0, what)
        began, why_not = time.perf_counter(), None
        try:
            run(part)
        except CivicastError as error:
            why_not = error.sentence
        made.append(Made(what, time.perf_counter() - began, why_not))
    return tuple(made)
