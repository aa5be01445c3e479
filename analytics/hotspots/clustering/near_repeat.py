"""Near repeats: whether events close in space are also closer in time than chance would make them.

Knox (1964), The detection of space-time interactions; Johnson et al. (2007), Space-time patterns of risk; Ratcliffe
(2009), Near Repeat Calculator.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.errors import HotspotError
from analytics.parallel import Progress, quiet
from data.words import Sentence

__all__ = ["Bands", "Knox", "NearRepeatRisk", "knox_table", "near_repeat_risk"]

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

SAME_PLACE = 0.1  # metres: nearer than any two addresses, wider than what rounding moves a point
MOST_DAYS = 20_000  # 55 years: differences of days are kept in 16 bits
MOST_CELLS_ACROSS = 2000  # a point far away must not make the table of cells larger than the map
CLEAR = 1.2  # observed over expected below this is not acted on (Ratcliffe's manual)


@dataclass(frozen=True)
class Bands:
    """Where distances (metres) and gaps (days) are cut, each band named by its upper end.

    A table has one row for the same place, one for each band of ``metres`` and one for more; one column for each band of
    ``days`` (the first begins at 0) and one for more.

    Bands hold what they say: "up to 7 days" counts gaps of 0 to 7 days, "up to 200 m" distances up to 200 m. The Near
    Repeat Calculator 1.3 labels a band "a to b" and leaves b out: its "0 to 7 days" counts 0 to 6, its "8 to 14" counts 7
    to 13, its "0 to 1 days" the same day alone. ``calculator`` counts as that program does, to compare with its reports;
    its labels are wrong by a day, so without it is right. ``manhattan`` measures along the streets of a square grid, as
    that program may.
    """

    metres: tuple[float, ...] = (100.0, 200.0, 300.0, 400.0)
    days: tuple[int, ...] = (7, 14)
    calculator: bool = False
    manhattan: bool = False

    @property
    def gaps(self) -> tuple[int, ...]:
        """The longest gap in days that each band counts."""
        return tuple(int(day) - self.calculator for day in self.days)


@dataclass(frozen=True, eq=False)
class Knox:
    """Pairs of events by distance (row) and by gap in days (column).

    ``observed`` counts pairs. ``expected`` is the mean over all permutations of the days, which has a closed form: pairs
    of the row times pairs of the column over all pairs. ``simulated`` (replication, row, column) are the permutations
    drawn; ``ratio`` is observed over their mean (NaN where both are 0), ``p`` the share of permutations with at least as
    many pairs, the data counting as one: (1 + #) / (R + 1).
    """

    bands: Bands
    observed: Counts
    expected: Floats
    ratio: Floats
    p: Floats
    simulated: Counts
    seed: int


@dataclass(frozen=True)
class NearRepeatRisk:
    """How much likelier another event is near an event, and for how long.

    ``days`` is the longest gap for which it is clearly likelier without a break since the event, None when it is not
    even at first. ``ratio`` is observed over expected pairs for that long (for the first band when ``days`` is None), ``p``
    the largest of the bands used. ``metres`` is 0 for the same place.
    """

    metres: float
    days: int | None
    ratio: float
    p: float

    @property
    def sentence(self) -> Sentence:
        """The risk in one sentence."""
        where = "same_place" if self.metres == 0 else "near"
        length = "never" if self.days is None else "same_day" if self.days == 0 else "days"
        return Sentence(f"near_repeat.{where}.{length}", vars(self))


def knox_table(
    x: npt.ArrayLike, y: npt.ArrayLike, *, day: npt.ArrayLike, bands: Bands | None = None, replications: int = 999,
    seed: int = 0, progress: Progress = quiet,
) -> Knox:  # fmt: skip
    """The Knox table of n events, tested by permuting their days.

    Time grows with the pairs within the last band of distance, memory only with the events: some 1,500 bytes each.

    Parameters
    ----------
    x, y : (n) metres.
    day : (n) whole days, counted from any day.
    bands : upper bounds of distance in metres and of time in days.
    replications : permutations of the days.
    seed : of everything drawn by lot.
    progress : told how far the work is.

    Returns
    -------
    Observed and expected pairs and p, by band of distance and of time.

    Raises
    ------
    HotspotError
        When a place or a day is missing, days are not whole or span more than 20,000, or bands do not rise.
    """
    cut = bands or Bands()
    _check_bands(cut)
    across, up, days = _checked(x, y, day, longest=cut.gaps[-1])
    near, by_distance = _counted(across, up, days, bands=cut, replications=replications, seed=seed, progress=progress)
    return _table(near, by_distance, _by_gap(days, cut.gaps), bands=cut, events=len(days), seed=seed)


def _check_bands(bands: Bands) -> None:
    for what, tops, least in (("distance", bands.metres, SAME_PLACE), ("time", bands.gaps, -1)):
        if not tops or not (np.diff([least, *tops]) > 0).all():
            raise HotspotError("knox_bands", what=what, given=bands.metres if what == "distance" else bands.days)


def _checked(
    x: npt.ArrayLike, y: npt.ArrayLike, day: npt.ArrayLike, *, longest: int
) -> tuple[Floats, Floats, npt.NDArray[np.uint16]]:
    across, up, days = (np.asarray(values, dtype=float) for values in (x, y, day))
    if not across.shape == up.shape == days.shape or across.ndim != 1 or len(days) < 2:
        raise HotspotError("knox_points")
    if not all(np.isfinite(values).all() for values in (across, up, days)):
        raise HotspotError("knox_points")
    since = days - days.min()
    if (since != np.round(since)).any() or max(since.max(), longest) > MOST_DAYS:
        raise HotspotError("knox_days", most=MOST_DAYS)
    return across, up, since.astype(np.uint16)


def _counted(
    x: Floats,
    y: Floats,
    days: npt.NDArray[np.uint16],
    *,
    bands: Bands,
    replications: int,
    seed: int,
    progress: Progress,
) -> tuple[Counts, Counts]:
    """Pairs (1 + replication, band, longest gap), the data first, and the pairs of each band whatever their days."""
    from analytics.hotspots.clustering._pair_loops import GROUPS, LANES, near_pairs

    order, cell, starts, columns = _sorted_by_cell(x, y, reach=bands.metres[-1])
    x, y = x[order], y[order]
    reach = np.array([SAME_PLACE, *bands.metres])
    tops = reach if bands.manhattan else reach**2
    tops = np.nextafter(tops, 0) if bands.calculator else np.concatenate([np.nextafter(tops[:1], 0), tops[1:]])
    gaps = np.array(bands.gaps, dtype=np.uint16)
    at_once = LANES * GROUPS
    drawn = np.zeros((GROUPS, LANES, len(days)), dtype=np.uint16)
    # Numbers of 64 bits are shuffled in two thirds of the time that shorter ones take.
    shuffled = days.astype(np.int64)
    parts = []
    doing = Sentence("by_chance.days")
    for start in range(0, replications + 1, at_once):
        progress(start / (replications + 1), doing)
        replicas = range(start, min(start + at_once, replications + 1))
        for replica in replicas:
            random = np.random.Generator(np.random.Philox([seed, replica]))
            drawn[divmod(replica - start, LANES)] = days[order] if replica == 0 else random.permutation(shuffled)
        side_by_side = np.ascontiguousarray(drawn[: -(-len(replicas) // LANES)].swapaxes(1, 2))
        near, by_distance = near_pairs(x, y, side_by_side, starts, columns, cell, tops, gaps, bands.manhattan)
        parts.append(near.transpose(1, 3, 0, 2).reshape(-1, len(tops), len(gaps))[: len(replicas)])
    return np.concatenate(parts), by_distance


def _sorted_by_cell(x: Floats, y: Floats, *, reach: float) -> tuple[Counts, Counts, Counts, int]:
    """The order of points row by row of cells, the cell of each, where each cell begins, and the cells in a row."""
    wide = max(reach, float(np.ptp(x)) / MOST_CELLS_ACROSS, float(np.ptp(y)) / MOST_CELLS_ACROSS) * (1 + 1e-9)
    # An empty column at either side: the neighbours of a cell are never those at the other end of a row.
    column = ((x - x.min()) / wide).astype(np.int64) + 1
    row = ((y - y.min()) / wide).astype(np.int64)
    columns, rows = int(column.max()) + 2, int(row.max()) + 2
    cell = row * columns + column
    order = np.argsort(cell, kind="stable")
    starts = np.searchsorted(cell[order], np.arange(rows * columns + 2))
    return order, cell[order], starts.astype(np.int64), columns


def _by_gap(days: npt.NDArray[np.uint16], gaps: tuple[int, ...]) -> Counts:
    """Pairs at most so many days apart: no permutation changes them."""
    daily = np.bincount(days).astype(np.int64)
    apart = [int((daily * (daily - 1)).sum()) // 2]
    apart += [int((daily[gap:] * daily[:-gap]).sum()) for gap in range(1, gaps[-1] + 1)]
    return np.cumsum(apart)[list(gaps)]


def _table(near: Counts, by_distance: Counts, by_gap: Counts, *, bands: Bands, events: int, seed: int) -> Knox:
    """The open bands follow from the totals: of each distance, of each gap and of all pairs."""
    pairs = events * (events - 1) // 2
    rows, columns = np.append(by_distance, pairs - by_distance.sum()), np.diff([0, *by_gap, pairs])
    inner = np.diff(near, axis=2, prepend=0)
    table = np.zeros((len(near), len(rows), len(columns)), dtype=np.int64)
    table[:, :-1, :-1] = inner
    table[:, :-1, -1] = rows[:-1] - inner.sum(axis=2)
    table[:, -1, :] = columns - table[:, :-1, :].sum(axis=1)
    observed, simulated = table[0], table[1:]
    mean = simulated.mean(axis=0) if len(simulated) else np.full(observed.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = observed / mean
    p = (1 + (simulated >= observed).sum(axis=0)) / (1 + len(simulated))
    return Knox(bands, observed, np.outer(rows, columns) / pairs, ratio, p, simulated, seed)


def near_repeat_risk(found: Knox, *, same_place: bool = False, level: float = 0.05) -> NearRepeatRisk:
    """How much likelier another event is within the first band of distance (or at the same place), and for how long.

    A band of days counts while its p is at most ``level`` and at least 1.2 times the expected pairs are observed, without
    a break from the first band on: Ratcliffe's rule for what is worth acting on.

    Parameters
    ----------
    found : a Knox table.
    same_place : look at pairs at distance 0 instead of the first band.
    level : the largest p that counts.

    Returns
    -------
    Metres, days, and observed over expected pairs.
    """
    row = 0 if same_place else 1
    clear = (found.p[row, :-1] <= level) & (found.ratio[row, :-1] >= CLEAR)
    bands = int(np.argmin(clear)) if not clear.all() else len(clear)
    used = slice(0, max(bands, 1))
    expected = found.simulated[:, row, used].sum(axis=1).mean()
    return NearRepeatRisk(
        metres=0.0 if same_place else float(found.bands.metres[0]),
        days=found.bands.gaps[bands - 1] if bands else None,
        ratio=float(found.observed[row, used].sum() / expected) if expected else np.nan,
        p=float(found.p[row, used].max()),
    )
