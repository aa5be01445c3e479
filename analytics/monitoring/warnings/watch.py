"""Forecast, compare, raise, and forecast on: a panel watched period by period as it would have been at the time.

Only what was known is used: each week's forecast is fitted on the periods before it, without those of alarmed spells, so
that an outbreak does not become what is expected. After ``Pace.longest_spell`` periods a new level is no alarm any more, and
is learned. Weeks are those of the calendar and a watch begins with a half-year, not so long before the last day: a day more
of data moves nothing that was raised before it, until the next half-year begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.uncertainty.distribution import Distribution
from analytics.monitoring.warnings.evidence import CHARTS, Evidence, evidence_of, joined
from analytics.monitoring.warnings.panel import Panel, chosen_model, forecast_of, moments, repeated, stacked
from analytics.monitoring.warnings.recalibration import recalibration_of
from analytics.monitoring.warnings.thresholds import Thresholds, thresholds_from_null
from analytics.parallel import Progress
from data.frequency import Frequency
from data.words import Words

__all__ = ["PACES", "Raised", "Watched", "half_year", "watch"]

Array = npt.NDArray[np.float64]

FACTOR_EVERY = 13  # forecasts between looks at the factor's strength, which are slow
DAYS = 7
SMALLEST_SPREAD = 1e-9
DEEPER = 1.5  # times as far from what was expected as the alarm that is out: then the same spell is told once more


@dataclass(frozen=True)
class Pace:
    """How a watch goes, in periods of one frequency.

    ``horizon`` periods are forecast at once, and the first forecast needs ``least_known`` before it. The forecasts of
    ``warm_up`` periods teach the factor and the thresholds before the watch begins; ``least_watch`` and up to half a year
    more, where there are so many, are what track records are measured on; after ``longest_spell`` a new level is learned.
    The variance is looked at over ``variance_window``.
    """

    horizon: int
    least_known: int
    warm_up: int
    least_watch: int
    longest_spell: int
    variance_window: int


PACES: Mapping[Frequency, Pace] = {
    Frequency.DAY: Pace(7, 56, 56, 364, 28, 28),
    Frequency.WEEK: Pace(1, 26, 26, 156, 8, 13),
    Frequency.MONTH: Pace(1, 24, 24, 120, 6, 12),
}
"""The pace of each frequency that is watched."""


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


@dataclass(frozen=True, eq=False)
class Watched:
    """A watch over ``periods``: what came, what was predicted, the evidence and what was raised, (period, column and total).

    ``rho`` is the factor's strength as it was known at each period. ``spell`` marks alarmed periods whose level was not
    learned since, ``alarmed`` all that ever were.
    """

    panel: Panel
    periods: pd.DatetimeIndex
    actual: Array
    predicted: Distribution
    evidence: Evidence
    rho: Array
    thresholds: Thresholds
    spell: npt.NDArray[np.bool_]
    alarmed: npt.NDArray[np.bool_]
    raised: tuple[Raised, ...]


@dataclass
class _Charts:
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


@dataclass(frozen=True)
class _Plan:
    """How a panel is forecast: by which model, after which rows, how far."""

    panel: Panel
    model: str
    warm: tuple[int, ...]
    rows: tuple[int, ...]
    horizon: int
    seed: int

    def predicted(self, known: pd.DataFrame, row: int) -> Distribution:
        return forecast_of(self.model, known.iloc[:row], self.panel, horizon=self.horizon, seed=self.seed)


def watch(panel: Panel, *, seed: int, progress: Progress, doing: Words) -> Watched | None:
    """Watch a panel's last periods; None where there are too few.

    Parameters
    ----------
    panel : columns and totals.
    seed : of everything drawn.
    progress : told how far the work is.
    doing : what the work is called meanwhile.

    Returns
    -------
    What was predicted, observed and raised.
    """
    plan = _plan(panel, seed=seed)
    if plan is None:
        return None
    freq, first, rows = panel.series.freq, plan.rows[0], (*plan.warm, *plan.rows)
    a_year, longest = freq.periods_a_year, PACES[freq].longest_spell
    raw = [plan.predicted(panel.values, row) for row in plan.warm]
    known = panel.values
    right = recalibration_of(panel, raw, plan.warm, known.to_numpy(dtype=float))
    base = stacked([right.of(each, panel) for each in raw])
    thresholds = thresholds_from_null(base, panel, rho=right.rho, periods_a_year=a_year, seed=seed)
    charts = _blank(len(panel.values) - first, len(panel.names))
    predicted: list[Distribution] = []
    parts: list[Evidence] = []
    strengths: list[float] = []
    for index, row in enumerate(plan.rows):
        progress(index / len(plan.rows), doing)
        rho = None if index % FACTOR_EVERY == 0 else right.rho
        right = recalibration_of(panel, raw, rows[: len(raw)], known.to_numpy(dtype=float), rho=rho)
        raw.append(plan.predicted(known, row))
        actual = panel.actual[row : row + plan.horizon]  # fewer in the week that is not over yet
        predicted.append(repeated(right.of(raw[-1], panel), periods=len(actual)))
        parts.append(evidence_of(predicted[-1], actual, rho=right.rho, totals=panel.totals))
        strengths += [right.rho] * len(actual)
        mean, spread = moments(predicted[-1])
        apart = (actual - mean) / np.maximum(spread, SMALLEST_SPREAD)
        for step in range(len(actual)):
            _look(charts, parts[-1], apart, step, row - first + step, thresholds, longest=longest, a_year=a_year)
        known = _without_spells(panel, charts.spell, stacked(predicted).mean)
    return Watched(
        panel, pd.DatetimeIndex(panel.values.index[first:]), panel.actual[first:], stacked(predicted),
        joined(parts), np.array(strengths), thresholds, charts.spell, charts.alarmed, tuple(charts.raised),
    )  # fmt: skip


def _plan(panel: Panel, *, seed: int) -> _Plan | None:
    """Rows known at each forecast; the last forecast's periods may not all have come."""
    freq, periods = panel.series.freq, len(panel.values)
    if freq not in PACES or not panel.values.shape[1]:
        return None
    pace, horizon = PACES[freq], PACES[freq].horizon
    begins = max(pace.least_known, half_year(panel, periods - pace.least_watch) - pace.warm_up)
    monday = int(panel.values.index[0].day_of_week)
    # A forecast of seven days begins on a Monday, whatever the last day is.
    begins += -(monday + begins) % DAYS if horizon == DAYS else 0
    rows = list(range(begins, periods, horizon))
    warm = pace.warm_up // horizon
    if len(rows) <= warm:
        return None
    early = replace(panel.series, values=panel.values.iloc[: rows[0]])
    model = chosen_model(early, horizon=horizon, seed=seed)
    return _Plan(panel, model, tuple(rows[:warm]), tuple(rows[warm:]), horizon, seed)


def half_year(panel: Panel, row: int) -> int:
    """The first row of the half-year in which a row lies; below 0 where that was before the first.

    Parameters
    ----------
    panel : whose rows they are.
    row : any, also below 0.

    Returns
    -------
    A row.
    """
    if row < 0:
        return -1
    day = panel.values.index[row]
    return int(panel.values.index.searchsorted(pd.Timestamp(day.year, 1 if day.month <= 6 else 7, 1)))


def _blank(periods: int, width: int) -> _Charts:
    shape = (width, len(CHARTS))
    marks = np.zeros((periods, width), dtype=bool)
    return _Charts(np.zeros(shape), np.full(shape, -1), np.full(width, -1), np.zeros(width), marks, marks.copy())


def _look(
    charts: _Charts, found: Evidence, apart: Array, step: int, period: int, thresholds: Thresholds, *, longest: int,
    a_year: float,
) -> None:  # fmt: skip
    """Let one period move the charts, raise what it raises, and begin, go on with or end spells."""
    charts.heights = np.maximum(charts.heights + found.ratios[step], 0.0)
    charts.zero[charts.heights <= 0] = period
    over = charts.heights > thresholds.level
    chance = np.fmin(found.above[step], found.below[step])
    outside = chance < thresholds.outside
    free = charts.began < 0
    further = np.sign(charts.depth) * apart[step] >= DEEPER * np.abs(charts.depth)
    for column in np.flatnonzero(~free & outside & further):
        direction = int(np.sign(apart[step, column]))
        single = 2 * float(chance[column]) * a_year
        charts.raised.append(Raised("outside", int(column), period, period, direction, single, deeper=True))
        charts.depth[column] = apart[step, column]
    for column in np.flatnonzero(free & (over.any(axis=1) | outside)):
        alarm = _raise(
            charts, thresholds, found, step, period, int(column), outside=bool(outside[column]), a_year=a_year
        )
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
    charts: _Charts, thresholds: Thresholds, found: Evidence, step: int, period: int, column: int, *, outside: bool,
    a_year: float,
) -> Raised:  # fmt: skip
    """The strongest reading of one column's alarm: a single period outside, or a level that has been shifting."""
    rates = thresholds.recurrence(charts.heights[column])
    chart = int(np.argmin(np.where(charts.heights[column] > thresholds.level, rates, np.inf)))
    above, below = found.above[step, column], found.below[step, column]
    single = 2 * float(np.fmin(above, below)) * a_year
    since = int(min(charts.zero[column, chart] + 1, period))
    level = bool((charts.heights[column] > thresholds.level).any())
    if outside and (not level or since == period):
        return Raised("outside", column, period, period, 1 if above < below else -1, min(single, float(rates.min())))
    return Raised("level", column, since, period, int(np.sign(CHARTS[chart])), float(rates[chart]))


def _without_spells(panel: Panel, spell: npt.NDArray[np.bool_], expected: Array) -> pd.DataFrame:
    """The panel with what was expected in alarmed periods: those of a column, and of all columns in an alarmed total.

    A gap would hide them too, but a model may take periods without any value for periods without any event.
    """
    columns, known = panel.values.shape[1], len(expected)
    hidden = spell[:known, :columns] | (spell[:known, columns:].astype(int) @ panel.members.astype(int) > 0)
    if not hidden.any():
        return panel.values
    values = panel.values.to_numpy(dtype=float, copy=True)
    ahead = values[len(values) - len(spell) :][:known]
    ahead[hidden & ~np.isnan(ahead)] = expected[:, :columns][hidden & ~np.isnan(ahead)]
    return pd.DataFrame(values, index=panel.values.index, columns=panel.values.columns)
