"""Where the charts of a panel stand from period to period: what raises an alarm, and how a spell goes on and ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from analytics.monitoring.warnings.evidence import CHARTS, Evidence
from analytics.monitoring.warnings.thresholds import Thresholds

__all__ = ["Charts", "Raised", "blank", "look"]

Array = npt.NDArray[np.float64]

DEEPER_CHANCE = 20.0  # times that of an alarm: within a spell few days are looked at, and one is expected to be unusual
DEEPER = 1.5  # times as far from what was expected as the alarm that is out: then the same spell is told once more


@dataclass(frozen=True)
class Raised:
    """An alarm by row and column of the watch; ``recurrence`` is how often a year chance alone raises one as strong.

    ``deeper`` marks a period that is further out than the alarm of the spell in which it lies.
    """

    kind: str
    column: int
    since: int
    until: int
    direction: int
    recurrence: float
    deeper: bool = False

    def moved(self, rows: int) -> Raised:
        """The same alarm in rows that begin elsewhere; one that began before them began with them."""
        return replace(self, since=max(self.since + rows, 0), until=self.until + rows)


@dataclass
class Charts:
    """Where the charts stand, (column, chart), since when, and the spells: changed from period to period.

    ``depth`` is how far out the last alarm of each column's spell was, in standard deviations with their sign.
    """

    heights: Array
    zero: npt.NDArray[np.int64]  # the last period at which each chart stood at 0
    began: npt.NDArray[np.int64]  # -1 outside of a spell
    depth: Array
    spell: npt.NDArray[np.bool_]
    alarmed: npt.NDArray[np.bool_]
    raised: list[Raised] = field(default_factory=list)


def blank(periods: int, width: int) -> Charts:
    """Charts at 0 over so many periods, none of which is in a spell.

    Parameters
    ----------
    periods : rows of the watch.
    width : columns and totals.

    Returns
    -------
    Where all charts begin.
    """
    shape = (width, len(CHARTS))
    marks = np.zeros((periods, width), dtype=bool)
    return Charts(np.zeros(shape), np.full(shape, -1), np.full(width, -1), np.zeros(width), marks, marks.copy())


def look(
    charts: Charts, found: Evidence, apart: Array, step: int, period: int, thresholds: Thresholds, *, longest: int,
    a_year: float, clear: Callable[[int, int, int], bool],
) -> None:  # fmt: skip
    """Let one period move the charts, raise what it raises, and begin, go on with or end spells.

    Parameters
    ----------
    charts : as the period before left them; changed.
    found : the evidence of some periods.
    apart : of the same periods, standard deviations from what was expected.
    step : the period's row in both.
    period : its row in the watch.
    thresholds : what must be exceeded.
    longest : periods after which a new level is learned.
    a_year : periods a year.
    clear : of a column and the first and last row of a spell, whether what came in it lies outside its stated range.
    """
    charts.heights = np.maximum(charts.heights + found.ratios[step], 0.0)
    charts.zero[charts.heights <= 0] = period
    over = charts.heights > thresholds.level
    chance = np.fmin(found.above[step], found.below[step])
    outside = chance < thresholds.outside
    free = charts.began < 0
    further = np.sign(charts.depth) * apart[step] >= DEEPER * np.abs(charts.depth)
    for column in np.flatnonzero(~free & (chance < DEEPER_CHANCE * thresholds.outside) & further):
        direction = int(np.sign(apart[step, column]))
        single = 2 * float(chance[column]) * a_year
        charts.raised.append(Raised("outside", int(column), period, period, direction, single, deeper=True))
        charts.depth[column] = apart[step, column]
    for column in np.flatnonzero(free & (over.any(axis=1) | outside)):
        alarm = _raise(
            charts,
            thresholds,
            found,
            step,
            period,
            int(column),
            outside=bool(outside[column]),
            a_year=a_year,
            clear=clear,
        )
        if alarm is None:
            continue
        charts.raised.append(alarm)
        charts.began[column] = alarm.since
        charts.depth[column] = apart[step, column]
        charts.spell[alarm.since : period + 1, column] = True
        charts.alarmed[alarm.since : period + 1, column] = True
    inside = charts.began >= 0
    # A chart climbs no higher in a spell, so that it falls back soon after the spell has ended.
    charts.heights[inside] = np.minimum(charts.heights[inside], thresholds.level)
    calm = inside & (charts.heights < thresholds.level / 2).all(axis=1) & ~outside
    charts.spell[period, inside & ~calm] = True
    charts.alarmed[period, inside & ~calm] = True
    learned = inside & (period - charts.began >= longest)
    for column in np.flatnonzero(learned):
        charts.spell[charts.began[column] : period + 1, column] = False
    ended = calm | learned
    charts.began[ended] = -1
    charts.heights[ended] = 0.0
    charts.zero[ended] = period


def _raise(
    charts: Charts, thresholds: Thresholds, found: Evidence, step: int, period: int, column: int, *, outside: bool,
    a_year: float, clear: Callable[[int, int, int], bool],
) -> Raised | None:  # fmt: skip
    """The strongest reading of one column's alarm: a single period outside, or a level that has been shifting.

    A level that has not left its range yet is no alarm.
    """
    rates = thresholds.recurrence(charts.heights[column])
    chart = int(np.argmin(np.where(charts.heights[column] > thresholds.level, rates, np.inf)))
    above, below = found.above[step, column], found.below[step, column]
    single = 2 * float(np.fmin(above, below)) * a_year
    since = int(min(charts.zero[column, chart] + 1, period))
    level = bool((charts.heights[column] > thresholds.level).any())
    level = level and clear(column, since, period)
    if not level and not outside:
        return None
    if outside and (not level or since == period):
        return Raised("outside", column, period, period, 1 if above < below else -1, min(single, float(rates.min())))
    return Raised("level", column, since, period, int(np.sign(CHARTS[chart])), float(rates[chart]))
