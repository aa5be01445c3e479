"""What pages open with, begun before anybody asks: at the server's start, and when a city is added or its data change.

The work is that of the pages themselves, by the same jobs, so whoever comes meanwhile waits for no more than is left of it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from analytics.answers import kept
from analytics.hotspots.subjects import subjects
from analytics.openings import first_forecast, first_map
from analytics.requests import (
    CityRequest,
    CorridorRequest,
    FiguresRequest,
    JunctionRequest,
    LostRequest,
    Request,
    SeriesRequest,
    city_request,
    temperatures_of,
)
from analytics.results import code_version
from dashboard.shell.cities import offered
from dashboard.views.hotspots.work import LatelyRequest, audit_of, first_audit, hotspots_of, lately_of
from dashboard.views.outlook.work import ServiceRequest, outlook_of, service_of, weather_of, weather_request
from dashboard.views.overview.known import read_back
from dashboard.views.overview.work import (
    amounts_part,
    figures_part,
    sources_part,
    stated_before,
    unusual_part,
    weeks_part,
)
from dashboard.views.scenarios.work import comparison_of, offer_of
from dashboard.views.traffic.signals_work import corridor_of, junction_of, lost_of
from dashboard.views.traffic.work import RoadsRequest, roads_of
from dashboard.workers import jobs
from dashboard.workers.work import chances_of, city_of, effects_of
from data import City, CivicastError

__all__ = ["begin", "end", "make"]

Work = tuple[Callable[..., Any], Request]
ASKER = "beforehand"
LOOK_SECONDS = 5.0  # between two looks for cities that are new or have changed
ATTEND_SECONDS = 1.0
IDLE_SECONDS = 60.0  # after which the workers give back their memory: a city that grows has something to make sooner
MOST_JUNCTIONS = 24  # whose pages are made: where most time is lost; the others when somebody asks

_ENDED = threading.Event()


def begin() -> threading.Thread:
    """Begin the work in a thread that waits for it, and then for cities that are new or have changed."""
    _ENDED.clear()
    thread = threading.Thread(target=_watch, name=ASKER, daemon=True)
    thread.start()
    return thread


def _begin_first(begin: Callable[[Work], None]) -> None:
    """Begin the figures of the city that opens first, where they are not kept."""
    for request in islice(_requests(), 1):
        if kept(FiguresRequest(request)) is None:
            begin((figures_part, request))


def _submitted(work: Work) -> None:
    function, request = work
    jobs.submit(function, request, asker=ASKER, ahead=True)
    jobs.warm_ahead()


def end() -> None:
    """Begin no more work."""
    _ENDED.set()


def _watch() -> None:
    _begin_first(_submitted)  # it waits for its worker: whoever loads libraries meanwhile does not
    code_version()  # the first page that asks for what is kept would wait for it
    done: dict[str, CityRequest] = {}  # the last of each city: one that grows for months has thousands
    warm, last = False, 0.0
    while not _ENDED.is_set():
        for request in _requests():
            if done.get(request.name) != request and not _ENDED.is_set():
                done[request.name] = request
                make(request, run=_in_workers)
                last = time.monotonic()
        if not warm and not _ENDED.is_set():
            warm = True
            jobs.warm()  # not before: what the first visitor sees first has the machine to itself
        if time.monotonic() - last > IDLE_SECONDS:
            jobs.rest()
        _ENDED.wait(LOOK_SECONDS)


def _requests() -> Iterator[CityRequest]:
    """The cities that are offered, as their files stand now."""
    try:
        paths = list(offered().values())
    except CivicastError:
        return
    for path in paths:
        try:
            yield city_request(str(path))
        except CivicastError:  # the page tells what is wrong with it
            continue


def make(request: CityRequest, *, run: Callable[[Sequence[Work]], list[Any]]) -> None:
    """Make the overview, its figures first, then what other views open with, one after the other.

    Parameters
    ----------
    request : the city.
    run : does works at once, waits for all of them, and gives what came of each; None where nothing did.
    """
    if "figures" in read_back(request).missing:
        (figures,) = run([(figures_part, request)])
        if figures is None:
            return  # its tables cannot be read, which the page tells
    missing = read_back(request).missing
    parts: dict[str, Callable[..., Any]] = {
        "sources": sources_part, "weeks": weeks_part, "unusual": unusual_part, "chances": chances_of,
    }  # fmt: skip
    # The city first: the workers that do the rest read its tables back. Then as a page is read, its longest part among the first;
    # the worker that is done sooner takes some of that.
    beside = [(amounts_part, request)] if "unusual" in missing else []
    city, *_ = run([(city_of, request), *((parts[name], request) for name in parts if name in missing), *beside])
    for work in _first_pictures(city, request) if city is not None else ():
        run([work])
    if city is not None:
        _first_comparison(city, request, run=run)
    run([(stated_before, request)])
    for work in _signals(city, request, run=run) if city is not None else ():
        run([work])


def _first_pictures(city: City, request: CityRequest) -> Iterator[Work]:
    """What the outlook, the map and the roads of a city open with."""
    for name in list(city.series)[:1]:
        yield outlook_of, first_forecast(city, request, name)
        yield effects_of, SeriesRequest(request, series=name)
        if name in city.requests:
            yield service_of, ServiceRequest(request, series=name)
        for temperature in temperatures_of(city, name)[:1]:
            yield weather_of, weather_request(request, city.series[name], temperature.name)
    for name in list(subjects(city))[:1]:
        yield hotspots_of, first_map(request, name)
        yield lately_of, LatelyRequest.of(first_map(request, name))
        yield audit_of, first_audit(first_map(request, name))
    for name in list(city.of("trips"))[:1]:
        yield roads_of, RoadsRequest(request, trips=name)


def _signals(city: City, request: CityRequest, *, run: Callable[[Sequence[Work]], list[Any]]) -> Iterator[Work]:
    """The pages of junctions, those where most time is lost first, and of corridors."""
    tables = city.of("junctions")
    if not tables:
        return
    (lost,) = run([(lost_of, LostRequest(request))])
    owner = {str(each): name for name, table in tables.items() for each in table.frame.index}
    for junction in list(lost or ())[:MOST_JUNCTIONS]:
        yield junction_of, JunctionRequest(request, junctions=owner[junction], junction=junction)
    for name, table in tables.items():
        for corridor in table.corridors:
            yield corridor_of, CorridorRequest(request, junctions=name, corridor=corridor)


def _first_comparison(city: City, request: CityRequest, *, run: Callable[[Sequence[Work]], list[Any]]) -> None:
    """What the scenarios of a city open with."""
    from dashboard.views.scenarios.opening import (  # with libraries that figures do not need
        first_comparison,
        first_offer,
    )

    asked = first_offer(city, request)
    (offer,) = [None] if asked is None else run([(offer_of, asked)])
    if asked is not None and offer is not None:
        run([(comparison_of, first_comparison(city, asked, offer))])


def _in_workers(works: Sequence[Work]) -> list[Any]:
    """Do works in worker processes, where pages that ask for the same find them."""
    begun: list[jobs.Job | None] = []
    for function, request in works:
        try:
            begun.append(jobs.submit(function, request, asker=ASKER, ahead=True))
        except CivicastError:  # others keep the workers busy: their pages make what they need
            begun.append(None)
    for job in begun:
        while job is not None and not job.wait(ATTEND_SECONDS) and not _ENDED.is_set():
            jobs.attend(ASKER)
    return [_result(job) for job in begun]


def _result(job: jobs.Job | None) -> Any:
    """What came of a job; None where that is nothing, which the page tells."""
    if job is None or not job.done():
        return None
    try:
        return job.result()
    except CivicastError:
        return None
