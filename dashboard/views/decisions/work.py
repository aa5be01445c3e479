"""What a worker process does for this view: promises beside what came, and a study again with what was known on a past day."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from analytics.decisions import Outcome, Recorded, Tracked, decisions_of, outcomes_of, promises_of, studies_of, track
from analytics.errors import DecisionError
from analytics.parallel import Progress
from analytics.recipes import request_of
from analytics.requests import CityRequest, Request
from analytics.results import Result
from dashboard.workers.work import opened
from data.past import as_known_on
from data.store.records import open_records
from data.words import text

__all__ = ["Past", "PastRequest", "TrackRequest", "past_of", "tracked_of"]


@dataclass(frozen=True)
class TrackRequest(Request):
    """The promises of a city's decisions beside what came; ``last`` is the digest of the newest decision."""

    city: CityRequest
    last: str


@dataclass(frozen=True)
class PastRequest(Request):
    """A saved study again with what was known when a ``day`` began; ``study`` is the digest of its entry."""

    city: CityRequest
    study: str
    day: pd.Timestamp


@dataclass(frozen=True, eq=False, kw_only=True)
class Past(Result):
    """A study as it would have stood on a past day: its verdict, its first and last day, and each promise of doing nothing
    beside what came.
    """

    verdict: str
    start: pd.Timestamp
    baseline: str
    outcomes: tuple[Outcome, ...]
    receipt: str


def tracked_of(request: TrackRequest, *, progress: Progress) -> Tracked:
    """The promises of all decisions on the city."""
    city = opened(request.city)
    recorded: tuple[Recorded, ...] = decisions_of(open_records(), city=city.key)
    return track(recorded, city, progress=progress)


def past_of(request: PastRequest, *, progress: Progress) -> Past:
    """The study on that day.

    Raises
    ------
    DecisionError
        When no such study is saved.
    CivicastError
        When the study cannot be made with what was known then.
    """
    city = opened(request.city)
    saved = {each.entry.digest: each for each in studies_of(open_records(), city=city.key)}
    if request.study not in saved:
        raise DecisionError("no_such_study", city=city.name)
    recipe = saved[request.study].recipe
    found = request_of(recipe, request.city).answer(as_known_on(city, request.day), progress=progress)
    again = replace(recipe, made=replace(recipe.made, start=found.study.start.isoformat()))
    return Past(
        made_from=found.made_from,
        caveats=found.caveats,
        seed=found.seed,
        verdict=text(found.verdict),
        start=found.study.start,
        baseline=found.baseline,
        outcomes=outcomes_of(promises_of(found, option=found.baseline), again, city),
        receipt=found.receipt,
    )
