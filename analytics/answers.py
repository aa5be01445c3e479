"""Answers that pages open with, read back from the workspace while what they were computed from stands."""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from analytics.parallel import BY_ANOTHER, Progress, quiet
from analytics.requests import CityRequest
from analytics.results import code_version
from data import City, fingerprint_of
from data.store.answers import keep_answer, kept_answer
from data.store.claims import claimed
from data.store.writing import warned_where_not_kept

__all__ = ["Cost", "answered", "awaited", "cost_of", "kept"]

COST = "cost"  # the key under which what an answer cost is kept, whatever it depended on


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
    content = kept_answer(_slot(request), _key(request))
    if content is not None:
        # What an older library wrote may not be readable by this one: then it is computed anew.
        with suppress(Exception):
            return pickle.loads(content)  # noqa: S301 - written by this code into the user's own workspace
    return None


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
    found = request.answer(opened(request.city), progress=progress)
    cost = {"seconds": time.perf_counter() - began, "at": pd.Timestamp.now().isoformat()}
    with warned_where_not_kept():
        keep_answer(_slot(request), _key(request), pickle.dumps(found))
        keep_answer(f"{_slot(request)}-{COST}", COST, json.dumps(cost).encode())
    return found


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
    return fingerprint_of(request.fingerprint, code_version())


def _claim(request: Kept) -> str:
    return f"answer-{_key(request)}"


def _slot(request: Kept) -> str:
    """One answer a kind of request, city file, table and person: the next replaces it, so that nothing piles up."""
    where = str(Path(request.city.name).resolve())
    table = getattr(request, "table", "")
    return f"{type(request).__name__}-{fingerprint_of(where, request.city.asker, table)}"
