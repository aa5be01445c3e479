"""Answers that pages open with, read back from the workspace while what they were computed from stands."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from analytics.parallel import Progress, quiet
from analytics.requests import CityRequest
from analytics.results import code_version
from data import City, fingerprint_of
from data.store.answers import keep_answer, kept_answer
from data.store.writing import warned_where_not_kept

__all__ = ["answered"]


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


def answered(request: Kept, opened: Callable[[CityRequest], City], *, progress: Progress = quiet) -> Any:
    """The answer that is kept, else a new one, which is kept.

    A workspace that cannot be written to costs time and no answer.

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
    content = kept_answer(_slot(request), _key(request))
    if content is not None:
        # What an older library wrote may not be readable by this one: then it is computed anew.
        with suppress(Exception):
            return pickle.loads(content)  # noqa: S301 - written by this code into the user's own workspace
    found = request.answer(opened(request.city), progress=progress)
    with warned_where_not_kept():
        keep_answer(_slot(request), _key(request), pickle.dumps(found))
    return found


def _key(request: Kept) -> str:
    return fingerprint_of(request.fingerprint, code_version())


def _slot(request: Kept) -> str:
    """One answer a kind of request, city file and person: the next replaces it, so that nothing piles up."""
    where = str(Path(request.city.name).resolve())
    return f"{type(request).__name__}-{fingerprint_of(where, request.city.asker)}"
