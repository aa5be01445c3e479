"""Results of engines, kept while nothing that they depend on has changed.

Which tables an engine reads is known only after it has run. So a result is kept beside the tables that were asked for, each
with a mark of its content, and found again by a study whose tables bear the same marks.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from weakref import ref

import xarray as xr
from cachetools import LRUCache

from analytics.scenarios.calling import Results
from analytics.scenarios.study import Asked, Study

__all__ = ["Derived", "Memory", "Passing"]

# A year of months in a city of 80 areas takes some 2 MB an option, a season of days 15: room for an afternoon's levers.
MOST_BYTES = 500_000_000
MOST_KEYS = 20_000

Place = tuple[str, tuple[Asked, ...]]
"""A key, and the tables that were asked for."""


class Memory:
    """Results by key and tables; sessions share it from several threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        # What alone is larger than the room must not be refused: it counts as all of it, and everything else makes way.
        self._results: LRUCache[Place, Results] = LRUCache(
            maxsize=most_bytes,
            getsizeof=lambda results: min(most_bytes, sum(array.nbytes for array in results.values())),
        )
        self._asked: LRUCache[str, tuple[tuple[Asked, ...], ...]] = LRUCache(maxsize=MOST_KEYS)
        self._lock = Lock()

    def find(self, key: str, study: Study) -> tuple[Place, Results] | None:
        """What is kept under a key for tables like the study's.

        Parameters
        ----------
        key : of all that a result depends on beside tables.
        study : whose tables are compared with those that were asked for.

        Returns
        -------
        What stands for the results, and the results; None where nothing is kept.
        """
        with self._lock:
            traces = self._asked.get(key, ())
        for trace in traces:
            if all(study.mark(kind, name) == mark for kind, name, mark in trace):
                with self._lock:
                    results = self._results.get((key, trace))
                if results is not None:
                    return (key, trace), results
        return None

    def keep(self, key: str, asked: Sequence[Asked], results: Results) -> Place:
        """Keep results; gives the place that stands for them.

        Parameters
        ----------
        key : of all that they depend on beside tables.
        asked : the tables that were asked for.
        results : read-only arrays.

        Returns
        -------
        What stands for them in the keys of those who read them.
        """
        trace = tuple(sorted(set(asked)))
        with self._lock:
            known = self._asked.get(key, ())
            self._asked[key] = (*(each for each in known if each != trace), trace)
            self._results[key, trace] = results
        return key, trace


class Passing(Memory):
    """A small memory of what is tried in passing; what is not in it is looked for in a lasting one, which it leaves as it is."""

    def __init__(self, lasting: Memory, most_bytes: int) -> None:
        super().__init__(most_bytes)
        self._lasting = lasting

    def find(self, key: str, study: Study) -> tuple[Place, Results] | None:
        """As `Memory.find`.

        Parameters
        ----------
        key : of all that a result depends on beside tables.
        study : whose tables are compared with those that were asked for.

        Returns
        -------
        What stands for the results, and the results; None where neither keeps any.
        """
        return super().find(key, study) or self._lasting.find(key, study)


class Derived:
    """What is made from arrays, kept for as long as those very arrays are: results of engines that nobody moved come again."""

    def __init__(self, most_bytes: int) -> None:
        self._kept: LRUCache[Hashable, tuple[tuple[ref[xr.DataArray], ...], xr.DataArray]] = LRUCache(
            maxsize=most_bytes, getsizeof=lambda kept: min(most_bytes, kept[1].nbytes)
        )
        self._lock = Lock()

    def find(self, arrays: Sequence[xr.DataArray], what: Hashable, made: Callable[[], xr.DataArray]) -> xr.DataArray:
        """What was made from the arrays before, or is made now.

        Parameters
        ----------
        arrays : of which it is made; another array of the same values is another.
        what : all else that it depends on.
        made : makes it.

        Returns
        -------
        Not to be written into.
        """
        key = (tuple(map(id, arrays)), what)
        with self._lock:
            kept = self._kept.get(key)
        # The number of an array is given to another once it is gone.
        if kept is not None and all(known() is array for known, array in zip(kept[0], arrays, strict=True)):
            return kept[1]
        answer = made()
        with self._lock:
            self._kept[key] = (tuple(map(ref, arrays)), answer)
        return answer
