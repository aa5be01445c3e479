"""Results of engines, kept while nothing that they depend on has changed.

Which tables an engine reads is known only after it has run. So a result is kept beside the tables that were asked for, each
with a mark of its content, and found again by a study whose tables bear the same marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from cachetools import LRUCache

from analytics.scenarios.calling import Results
from analytics.scenarios.study import Asked, Study

__all__ = ["Memory"]

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
