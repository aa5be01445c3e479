"""Answers that pages open with, read back from the workspace while what they were computed from stands.

Which tables an answer was computed from is seen while it is computed: those that were asked for, and those that they rest on.
A row of another table leaves it as it is.
"""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from analytics.parallel import BY_ANOTHER, Progress, quiet
from analytics.requests import CityRequest, Request
from analytics.results import code_version
from data import City, fingerprint_of
from data.city import watched
from data.store.answers import keep_answer, kept_answer
from data.store.claims import claimed
from data.store.writing import warned_where_not_kept
from data.tables.stamps import rest_on

__all__ = ["Cost", "answered", "awaited", "cost_of", "earlier", "kept"]

COST = "cost"  # the key under which what an answer cost is kept, whatever it depended on
# What the answers that one in the making asks for rest on: it rests on that too.
_WITHIN: ContextVar[list[Mapping[str, str]] | None] = ContextVar("_WITHIN", default=None)


class Kept(Protocol):
    """A request whose answer is kept: it depends on the city's files, the request and the code, and on nothing else."""

    @property
    def city(self) -> CityRequest:
        """The city, with the stamp of its files."""
        ...

    @property
    def fingerprint(self) -> str:
        """The same for equal requests."""
        ...

    def answer(self, city: City, *, progress: Progress = quiet) -> Any:
        """The answer, computed."""
        ...


@dataclass(frozen=True)
class Cost:
    """What the last answer of a kind took in seconds, and when it was made."""

    seconds: float
    at: pd.Timestamp


def kept(request: Kept) -> Any | None:
    """The answer that is kept; None where there is none, or what it was computed from has changed."""
    return _read(request, lambda rests: rests.items() <= dict(request.city.tables).items())


def earlier(request: Kept) -> Any | None:
    """The answer that is kept, whatever has come into the tables since; None where there is none, or the city.toml is another."""
    return _read(request, lambda rests: True)


def _read(request: Kept, stands: Callable[[Mapping[str, str]], bool]) -> Any | None:
    content = kept_answer(_slot(request), _key(request))
    if content is None:
        return None
    written = BytesIO(content)
    # What an older library wrote may not be readable by this one: then it is computed anew.
    with suppress(Exception):
        rests = pickle.load(written)  # noqa: S301 - written by this code into the user's own workspace
        if stands(rests):
            found = pickle.load(written)  # noqa: S301 - as above
            _tell(rests)
            return found
    return None


def _tell(rests: Mapping[str, str]) -> None:
    """Tell the answer in the making, if there is one, what one that it asked for rests on."""
    within = _WITHIN.get()
    if within is not None:
        within.append(rests)


def answered(request: Kept, opened: Callable[[CityRequest], City], *, progress: Progress = quiet) -> Any:
    """The answer that is kept, else a new one, which is kept.

    What another process on this workspace is making already is waited for. A workspace that cannot be written to costs
    time and no answer.

    Parameters
    ----------
    request : what is asked.
    opened : opens the city, where it has to be asked.
    progress : told how far the work is.

    Returns
    -------
    Any
        What ``request.answer`` gives.
    """
    found = kept(request)
    if found is not None:
        return found
    with claimed(_claim(request), waiting=lambda: progress(0.0, BY_ANOTHER)):
        found = kept(request)
        return _made(request, opened, progress=progress) if found is None else found


def _made(request: Kept, opened: Callable[[CityRequest], City], *, progress: Progress) -> Any:
    """A new answer, which is kept."""
    began = time.perf_counter()
    city, asked = opened(request.city), None
    if isinstance(city, City):
        city, asked = watched(city)
    within: list[Mapping[str, str]] = []
    before = _WITHIN.set(within)
    try:
        found = request.answer(city, progress=progress)
    finally:
        _WITHIN.reset(before)
    cost = {"seconds": time.perf_counter() - began, "at": pd.Timestamp.now().isoformat()}
    content = pickle.dumps(found)  # which asks for all tables where the answer holds the city
    rests = _rests(dict(request.city.tables) if asked is None else asked, within)
    _tell(rests)
    with warned_where_not_kept():
        keep_answer(_slot(request), _key(request), pickle.dumps(rests) + content)
        keep_answer(f"{_slot(request)}-{COST}", COST, json.dumps(cost).encode())
    return found


def _rests(own: Mapping[str, str], within: list[Mapping[str, str]]) -> dict[str, str]:
    """All that an answer rests on; a table of which it met two states is in none that comes again."""
    rests = dict(own)
    for each in within:
        rest_on(rests, each)
    return rests


def awaited(request: Kept) -> Any | None:
    """The answer that is kept, once another process that is making it has; None where nobody is."""
    with claimed(_claim(request)):
        return kept(request)


def cost_of(request: Kept) -> Cost | None:
    """What an answer to this took when it was last made, of other data too; None where it never was."""
    content = kept_answer(f"{_slot(request)}-{COST}", COST)
    if content is None:
        return None
    cost = json.loads(content)
    return Cost(float(cost["seconds"]), pd.Timestamp(cost["at"]))


def _key(request: Kept) -> str:
    return fingerprint_of(_without_tables(request).fingerprint, code_version())


def _without_tables(request: Any) -> Any:
    """The request as if it did not say how the tables stand, which each answer says for those that it rests on."""
    if isinstance(request, CityRequest):
        return replace(request, tables=())
    changed = {each.name: getattr(request, each.name) for each in fields(request)}
    return replace(
        request, **{name: _without_tables(value) for name, value in changed.items() if isinstance(value, Request)}
    )


def _claim(request: Kept) -> str:
    return f"answer-{_key(request)}"


def _slot(request: Kept) -> str:
    """One answer a kind of request, city file, table and person: the next replaces it, so that nothing piles up."""
    where = str(Path(request.city.name).resolve())
    table = getattr(request, "table", "")
    return f"{type(request).__name__}-{fingerprint_of(where, request.city.asker, table)}"
