"""The scan statistic over a large map: squares of cells over stretches of days, from summed-area tables.

The statistic is Kulldorff's (1997, 2001, 2005); summed-area tables are Crow's (1984).
"""

from __future__ import annotations

from typing import cast

import numpy as np
import numpy.typing as npt

from analytics.errors import HotspotError
from analytics.hotspots.clustering.scan import (
    Best,
    Counts,
    Floats,
    Scan,
    Search,
    Window,
    checked_cases,
    search_clusters,
)
from analytics.parallel import Progress, quiet

__all__ = ["scan_squares"]


def scan_squares(
    cases: npt.ArrayLike,
    *,
    expected: npt.ArrayLike | None = None,
    most_side: int = 10,
    search: Search | None = None,
    progress: Progress = quiet,
) -> Scan:
    """Squares of cells, and stretches of time, with more cases than expected.

    Parameters
    ----------
    cases : (period, row, column) whole numbers.
    expected : (period, row, column) expected cases on any scale. Without them the margins say what to expect and
        chance permutes the times (Kulldorff et al. 2005).
    most_side : the longest side of a square in cells; every square inside the map is searched, from one cell up.
    search : ``prospective`` keeps only clusters alive in the last period.
    progress : told how far the work is.

    Returns
    -------
    The clusters, the least likely by chance first.

    Raises
    ------
    HotspotError
        When cases are no whole numbers, expected cases do not fit to them, or ``most_side`` is below 1.
    """
    known, usual = checked_cases(cases, expected)
    if known.ndim != 3:
        raise HotspotError("scan_shapes", wanted=("periods", "rows", "columns"), got=known.shape)
    if most_side < 1:
        raise HotspotError("scan_side", side=most_side)
    asked = search or Search()
    periods, rows, columns = known.shape
    best = _best((periods, rows, columns), int(known.sum()), min(most_side, rows, columns), asked)
    flat = None if usual is None else usual.reshape(periods, -1)
    return search_clusters(known.reshape(periods, -1), flat, best=best, search=asked, progress=progress)


def _best(shape: tuple[int, int, int], total: int, most_side: int, search: Search) -> Best:
    """What finds the best square and stretch of one map (period, cell)."""
    from analytics.hotspots.clustering._scan_loops import best_square, limits

    levels, limit = limits(total, search.fewest_cases)
    longest = search.longest(shape[0])

    def best(cases: Counts, expected: Floats) -> Window:
        # Four bytes a count: half the memory to read in the loop that matters.
        llr, row, column, side, first, last, visited = best_square(
            cases.astype(np.int32).reshape(shape), expected.reshape(shape), most_side, longest, search.prospective,
            levels, limit,
        )  # fmt: skip
        return Window(llr, _square(row, column, side, shape[2]), first, last, visited)

    return best


def _square(row: int, column: int, side: int, columns: int) -> npt.NDArray[np.int64]:
    down, across = np.arange(row, row + side), np.arange(column, column + side)
    return cast(npt.NDArray[np.int64], np.add.outer(down * columns, across).ravel())
