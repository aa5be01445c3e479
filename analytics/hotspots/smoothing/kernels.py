"""What the past of a map looks like on a day: counts of all years, of the last year and of late, spread near and far.

A kernel is one memory (how long it looks back) with one reach (how far it spreads). Methods that learn are given all of
them and decide how much each is worth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt
import pandas as pd
from cachetools import LRUCache

from analytics.hotspots.cells import Cells
from analytics.hotspots.recent import YEAR_DAYS
from data import Incidents

__all__ = ["KERNELS", "MEMORIES", "REACHES", "Training", "expected_total", "kernels_on", "relative", "training_weeks"]

Array = npt.NDArray[np.float64]
Events = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Array]  # day, cell, weight

# e-folding days: a week for near repeats, a month, a season.
FADING = (7.0, 30.0, 90.0)
FORGOTTEN = 12.0  # e-foldings after which an event weighs less than a part in 100,000
MEMORIES = ("all_years", "last_year", "week", "month", "season")
# In sides of a cell; 150, 400 and 1,000 m for cells of 200 m: a block, a neighbourhood, a district.
SPREADS = (0.75, 2.0, 5.0)
REACHES = ("cell", "block", "neighbourhood", "district")
EVEN = "even"
KERNELS = (*(f"{memory}/{reach}" for reach in REACHES for memory in MEMORIES), EVEN)

STEP_DAYS = 7  # of the windows that methods learn from: a day holds too few events, a month too few windows
TRAINING_WEEKS = 52  # so that every season is among them; 26 and 104 did no better
SEASON_PRIOR = 200.0  # events: below so many the time of year is mostly chance
FLOOR = 1e-2  # of an even spread: below it a logarithm says only that nothing has been seen
EMPTY = 600  # cells without events a week: enough to know what emptiness looks like
LEAST_PAST = 28  # days before the first window that is learned from

ODD = np.uint64(0x9E3779B97F4A7C15)
_WEEKS: LRUCache[tuple[object, ...], Training] = LRUCache(maxsize=2 * TRAINING_WEEKS)
_LOCK = Lock()


@dataclass(frozen=True, eq=False)
class Training:
    """What a method learns from: one row for each cell of each held-back week that had events, and for some without.

    ``kernels`` is (row, kernel), each kernel's values over all cells adding up to 1; ``counts`` are the events of the
    week, ``totals`` those of the whole map in that week. ``weights`` say for how many cells a row stands.
    """

    kernels: Array
    counts: Array
    totals: Array
    weights: Array

    @property
    def logarithms(self) -> Array:
        """The kernels relative to an even spread, as logarithms, (row, kernel); see ``relative``."""
        return relative(self.kernels)

    def sampled(self, most: int, *, seed: int) -> Training:
        """At most so many rows, drawn by lot, each standing for as many more.

        Parameters
        ----------
        most : rows.
        seed : of everything drawn by lot.

        Returns
        -------
        Itself where it has no more.
        """
        if len(self.counts) <= most:
            return self
        rng = np.random.Generator(np.random.Philox(seed))
        rows = np.sort(rng.choice(len(self.counts), most, replace=False))
        weights = self.weights[rows] * (len(self.counts) / most)
        return Training(self.kernels[rows], self.counts[rows], self.totals[rows], weights)


def kernels_on(incidents: Incidents, cells: Cells, days: Sequence[pd.Timestamp]) -> Iterator[Array]:
    """For each day, in order of time, the kernels of what happened before it, shape (kernel, cell), each adding to 1.

    Parameters
    ----------
    incidents : what happened, its frame in order of time.
    cells : the cells of the map.
    days : in order of time.

    Yields
    ------
    (kernel, cell) a day.
    """
    for memory in _memories(incidents, cells, days):
        yield _spread(memory, cells)


def _memories(incidents: Incidents, cells: Cells, days: Sequence[pd.Timestamp]) -> Iterator[Array]:
    """Each memory on each day, (memory, cell): the same numbers, brought on from day to day."""
    since = incidents.since
    frame = cells.located(incidents.frame)
    events = (_days(frame, since), frame["cell"].to_numpy(), frame["weight"].to_numpy())
    memory = np.zeros((len(MEMORIES), len(cells)))
    before = 0
    for day in days:
        now = (day - since).days
        _fade(memory, now - before)
        _add(memory, events, since=before, until=now)
        before = now
        yield memory


def _days(frame: pd.DataFrame, since: pd.Timestamp) -> npt.NDArray[np.int32]:
    """Whole days from the first observed one to each located event."""
    first = since.to_datetime64().astype("datetime64[D]").astype(np.int64)
    return np.asarray(frame["day"].to_numpy() - np.int32(first), dtype=np.int32)


def _fade(memory: Array, days: int) -> None:
    for row, fading in enumerate(FADING, start=2):
        memory[row] *= np.exp(-days / fading)


def _add(memory: Array, events: Events, *, since: int, until: int) -> None:
    """Bring each memory to the day ``until`` with the events since."""
    at, cell, weight = events

    def counted(first: int, last: int, fading: float | None = None) -> Array:
        if fading is not None:
            first = max(first, round(until - FORGOTTEN * fading))
        rows = slice(*np.searchsorted(at, np.array([first, last], dtype=at.dtype)))
        weights = weight[rows]
        if fading is not None:
            weights = weights * np.exp(-(until - at[rows] - 0.5) / fading)
        # One more index takes the events that lie in no cell: -1 is the last.
        counts = np.bincount(cell[rows] + 1, weights, minlength=memory.shape[1] + 1)[1:]
        return counts.astype(float)

    memory[0] += counted(since, until)
    memory[1] += counted(since, until) - counted(max(0, since - YEAR_DAYS), max(0, until - YEAR_DAYS))
    for row, fading in enumerate(FADING, start=2):
        memory[row] += counted(since, until, fading)


def _spread(memory: Array, cells: Cells, at: npt.NDArray[np.int64] | None = None) -> Array:
    """The kernels, (kernel, cell), each adding up to 1 over all cells; only some of the cells where they are named."""
    side, some = cells.spacing, slice(None) if at is None else at
    even = cells.share_of_extent[some][None]
    reaches = [memory[:, some], *(cells.smooth(memory, bandwidth=spread * side, at=at) for spread in SPREADS)]
    total = np.tile(memory.sum(axis=1), len(reaches))[:, None]  # which spreading leaves as it is
    # A memory without events knows nothing: it takes every place to be alike.
    spread = np.where(total > 1e-9, np.concatenate(reaches) / np.where(total > 1e-9, total, 1.0), even)
    return np.concatenate([spread, even])


def relative(kernels: Array) -> Array:
    """Logarithms of kernels (..., kernel) relative to the last of them, the even spread, which is left out."""
    return np.log(np.maximum(kernels[..., :-1] / kernels[..., -1:], FLOOR))


def training_weeks(incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, seed: int = 0) -> Training:
    """The held-back weeks before ``as_of``, at most a year of them, with some of the cells without events of each.

    A week is computed once: other methods that learn on this day, and maps of other days whose weeks fall together, find
    it again.

    Parameters
    ----------
    incidents : what happened, its frame in order of time.
    cells : the cells of the map.
    as_of : the first day that is not known.
    seed : of everything drawn by lot.

    Returns
    -------
    Kernels, counts, totals and weights, a row a cell and week; no row in a short history.
    """
    step = pd.Timedelta(days=STEP_DAYS)
    earliest = incidents.since + pd.Timedelta(days=LEAST_PAST)
    starts = [day for day in (as_of - step * back for back in range(TRAINING_WEEKS, 0, -1)) if day >= earliest]
    if not starts:
        return Training(np.empty((0, len(KERNELS))), np.empty(0), np.empty(0), np.empty(0))
    cell = cells.cell_of(incidents.frame)
    # Whose history this is, event by event: a running sum that no other history of a city gives.
    running = np.cumsum(cell.astype(np.uint64) * (np.arange(len(cell), dtype=np.uint64) * ODD + ODD))
    ends = incidents.frame["time"].searchsorted([*starts[1:], as_of])
    city = (incidents.since, cells.kind, cells.size, len(cells), seed)
    keys: list[tuple[object, ...]] = [
        (*city, day, int(end), int(running[end - 1]) if end else 0) for day, end in zip(starts, ends, strict=True)
    ]
    with _LOCK:
        missing = [day for day, key in zip(starts, keys, strict=True) if key not in _WEEKS]
        found = {key: _WEEKS[key] for key in keys if key in _WEEKS}
    for day, week in zip(missing, _weeks(incidents, cells, missing, seed), strict=True):
        found[keys[starts.index(day)]] = week
    with _LOCK:
        _WEEKS.update(found)
    weeks = [found[key] for key in keys]
    return Training(
        *(
            np.concatenate([getattr(week, part) for week in weeks])
            for part in ("kernels", "counts", "totals", "weights")
        )
    )


def _weeks(incidents: Incidents, cells: Cells, starts: Sequence[pd.Timestamp], seed: int) -> Iterator[Training]:
    frame = incidents.frame
    for start, memory in zip(starts, _memories(incidents, cells, starts), strict=True):
        first, last = frame["time"].searchsorted([start, start + pd.Timedelta(days=STEP_DAYS)])
        counts = cells.counts(frame.iloc[first:last])
        full, none = np.flatnonzero(counts), np.flatnonzero(counts == 0)
        rng = np.random.Generator(np.random.Philox([seed, start.toordinal()]))
        some = rng.choice(none, min(EMPTY, len(none)), replace=False)
        keep = np.concatenate([full, some])
        weights = np.concatenate([np.ones(len(full)), np.full(len(some), len(none) / max(len(some), 1))])
        yield Training(
            np.ascontiguousarray(_spread(memory, cells, keep).T),
            counts[keep],
            np.full(len(keep), counts.sum()),
            weights,
        )


def expected_total(incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int) -> float:
    """Events expected in all cells over the days after ``as_of``: the last season's level times the time of year.

    The level is the daily count with an e-folding of 90 days. The time of year is how the same days compared with the
    level before them in earlier years, drawn towards 1 where few events say so.

    Parameters
    ----------
    incidents : what happened, its frame in order of time.
    cells : the cells of the map.
    as_of : the first day that is not known.
    horizon_days : days that the map is for.

    Returns
    -------
    Above 0.
    """
    frame = cells.located(incidents.frame)
    inside = frame["cell"].to_numpy() >= 0
    known = max(1, (as_of - incidents.since).days)
    daily = np.bincount(_days(frame, incidents.since)[inside], minlength=known).astype(float)
    level = _level(daily, len(daily))
    seen, thought = 0.0, 0.0
    for years in range(1, 1 + len(daily) // YEAR_DAYS):
        start = len(daily) - years * YEAR_DAYS
        if start >= FADING[-1]:
            seen += float(daily[start : start + horizon_days].sum())
            thought += _level(daily, start) * horizon_days
    season = (seen + SEASON_PRIOR) / (thought + SEASON_PRIOR) if thought else 1.0
    return max(level * horizon_days * season, 1e-9)


def _level(daily: Array, day: int) -> float:
    """The mean count a day before a day, recent days weighing more."""
    weights = np.exp(-np.arange(day, 0, -1) / FADING[-1])
    return float(daily[:day] @ weights / weights.sum())
