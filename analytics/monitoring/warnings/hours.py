"""Hours watched as hours: a peak at 1 a.m. that the sum of its day does not show.

Each hour of the local clock is held against the same hours of the weeks before it, at the level of the last days, as square
roots, on which quiet and busy hours scatter alike. Public holidays and days beside them lie between a Sunday and their
weekday, as earlier ones did. What an hour tells was known when the day before it had ended, and how rare a distance is comes
from the distances of the years before the half-year in which it lies, so a watch that is replayed raises the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from analytics.forecasting.calendar.odd_days import PRIOR_DAYS, USUAL, Kind, kinds_of
from analytics.forecasting.calendar.seasons import remembered
from analytics.monitoring.warnings.panel import Panel
from analytics.monitoring.warnings.thresholds import BUDGET
from data import Series
from data.frequency import Frequency
from data.holidays import public_holidays

__all__ = ["Hour", "Hours", "hours_of", "raised_hours", "stayed"]

Array = npt.NDArray[np.float64]
Days = npt.NDArray[np.int64]

DAY, WEEK = 24, 168
PROFILE = 4.0  # half-life, in weeks, of what an hour of the week usually is
LEVEL = 3.0  # half-life, in days, of how far the last days lay from that
LEVEL_PRIOR = 1.0  # usual days that an unchanged level counts for
SPREAD_WEEKS, SPREAD_DAYS = 10.0, 40.0  # half-lives of how far an hour of the week, and of the day, lay from its mean
LEAST_SPREAD = 0.5  # of a square root: what chance alone gives to any count
WORST_RATIO = 9.0  # what one hour may say about a spread, in squared deviations
PLACES = (0.0, 1.5)  # between a Sunday (0) and the weekday (1), and a little more
LEAST_KNOWN = 26 * WEEK  # hours of the past from which is read how rare a distance is
MOST_KNOWN = 3 * 8766
TAIL, TAIL_SHARE = 25, 0.003  # of so many of the farthest hours the tail is read; beyond, it falls exponentially
MEDIAN_WORTH = np.log(2) ** 2  # of a value, where a length is read from a median: its efficiency for an exponential
FEWEST = 1.0  # events in an hour on the average: rarer columns have no peaks that chance does not bring
AFTER = 3  # hours that bear an alarm out
BEYOND = float(stats.norm.ppf(0.9))
LEVELS = 1.96  # standard deviations, between which 95 in 100 lie


@dataclass(frozen=True, eq=False)
class Hours:
    """Hours of the local clock, (hour, column and total): what came, the square roots that were expected, and their spread.

    ``up`` and ``down`` are how often a year chance brings an hour as far above or below; NaN where nobody can know yet.
    """

    start: pd.Timestamp
    actual: Array
    root: Array
    spread: Array
    up: Array
    down: Array

    @property
    def scores(self) -> Array:
        """How far each hour lay from what was expected, in standard deviations."""
        return (np.sqrt(self.actual) - self.root) / self.spread


@dataclass(frozen=True)
class Hour:
    """An alarm of one hour: its row and column, its direction, and how often a year chance brings one as strong."""

    row: int
    column: int
    direction: int
    recurrence: float


def hours_of(series: Series, panel: Panel) -> Hours:
    """What was expected of each hour, and how rare what came was.

    Parameters
    ----------
    series : hourly counts.
    panel : of the same series by days: its columns and totals.

    Returns
    -------
    All hours from the first midnight on.
    """
    start, actual = _local(series, panel)
    kinds = _kinds(series.country, start, days=len(actual) // DAY)
    root, spread = _expected(np.sqrt(actual), kinds, first_weekday=start.day_of_week)
    scores = (np.sqrt(actual) - root) / spread
    up, down = (_recurrence(sign * scores, actual, start) for sign in (1, -1))
    return Hours(start, actual, root, spread, up, down)


def raised_hours(hours: Hours, *, first: pd.Timestamp) -> list[Hour]:
    """The hours that chance all but rules out, of each column and day the farthest.

    Parameters
    ----------
    hours : all that are known.
    first : the day from which on hours are watched.

    Returns
    -------
    In order of time.
    """
    begin = max(0, (first - hours.start) // pd.Timedelta(hours=1))
    raised = []
    for sign, rates in ((1, hours.up), (-1, hours.down)):
        rows, columns = np.nonzero(rates[begin:] < BUDGET["hour"] / 2)
        for row, column in zip(rows + begin, columns, strict=True):
            raised.append(Hour(int(row), int(column), sign, 2 * float(rates[row, column])))
    farthest: dict[tuple[int, int], Hour] = {}
    for each in raised:
        key = (each.row // DAY, each.column)
        known = farthest.get(key)
        if known is None or (each.recurrence, each.row) < (known.recurrence, known.row):
            farthest[key] = each
    return sorted(farthest.values(), key=lambda each: (each.row, each.column))


def stayed(hours: Hours, raised: Sequence[Hour]) -> list[bool]:
    """For each alarm whose next hours are known, whether they were beyond what 9 in 10 would be in the same direction.

    Parameters
    ----------
    hours : all that are known.
    raised : alarms among them.

    Returns
    -------
    One answer an alarm, without those whose next hours are not known yet.
    """
    answers = []
    for each in raised:
        after = hours.scores[each.row + 1 : each.row + 1 + AFTER, each.column]
        if len(after) == AFTER and not np.isnan(after).any():
            answers.append(bool(each.direction * after.sum() / np.sqrt(AFTER) > BEYOND))
    return answers


def _local(series: Series, panel: Panel) -> tuple[pd.Timestamp, Array]:
    """Whole days of local hours, (hour, column and total), from the first midnight; an hour that clocks repeat is a gap."""
    names = panel.values.columns
    values = series.values[names].to_numpy(dtype=float)
    values = np.hstack([values, values @ panel.members.T]) if len(panel.members) else values
    clock = pd.DatetimeIndex(series.values.index).tz_localize("UTC").tz_convert(series.timezone).tz_localize(None)
    start = clock[0].ceil("D")
    place = ((clock - start) // pd.Timedelta(hours=1)).to_numpy()
    hours = max(0, int(place[-1]) + 1)
    local = np.full((DAY * -(-hours // DAY), values.shape[1]), np.nan)
    kept = (place >= 0) & ~clock.duplicated(keep=False)
    local[place[kept]] = values[kept]
    return start, local


def _kinds(country: str, start: pd.Timestamp, *, days: int) -> Days:
    index = pd.date_range(start, periods=days, freq="D")
    if not country or not days:
        return np.zeros(days, dtype=np.int64)
    # A day is beside a holiday that comes after the last as well.
    known = index.append(pd.DatetimeIndex([index[-1] + pd.Timedelta(days=n) for n in range(1, 9)]))
    free = known.isin(public_holidays(country, first=known[0], last=known[-1]))
    return kinds_of(np.asarray(free), first_weekday=start.day_of_week)[:days]


def _expected(roots: Array, kinds: Days, *, first_weekday: int) -> tuple[Array, Array]:
    """The mean and spread of each hour's square root, from the days before it alone."""
    odd = np.repeat((kinds == Kind.HOLIDAY) | (kinds == Kind.BRIDGE), DAY)[:, None]
    usual = np.where(odd, np.nan, roots)
    profile = _before(remembered(usual, lag=WEEK, half_life=PROFILE), WEEK)
    mean = profile * np.repeat(_levels(usual, profile), DAY, axis=0)
    square = np.where(odd, np.nan, (roots - mean) ** 2)
    variance = np.maximum(_spread(np.minimum(square, WORST_RATIO * _spread(square))), LEAST_SPREAD**2)
    for kind in (Kind.HOLIDAY, Kind.BRIDGE, Kind.BESIDE):
        mean, variance = _odd_days(mean, variance, roots, np.flatnonzero(kinds == kind), kind, first_weekday)
    return mean, np.sqrt(variance)


def _before(values: Array, hours: int) -> Array:
    """Each row as it stood so many hours before."""
    blank = np.full((min(hours, len(values)), *values.shape[1:]), np.nan)
    return np.concatenate([blank, values[: len(values) - len(blank)]])


def _levels(usual: Array, profile: Array) -> Array:
    """How many times what was usual the days before each day were, (day, column)."""
    known = ~np.isnan(usual + profile)
    counted, expected = (
        np.where(known, each, 0.0).reshape(-1, DAY, usual.shape[1]).sum(axis=1) for each in (usual, profile)
    )
    rate = 0.5 ** (1 / LEVEL)
    typical = np.full(expected.shape[1], np.nan)
    total, base = np.zeros(expected.shape[1]), np.zeros(expected.shape[1])
    answer = np.ones(expected.shape)
    for day in range(len(expected)):
        prior = LEVEL_PRIOR * np.nan_to_num(typical)
        answer[day] = np.where(base + prior > 0, (total + prior) / np.maximum(base + prior, 1e-9), 1.0)
        total, base = rate * total + counted[day], rate * base + expected[day]
        typical = np.where(expected[day] > 0, expected[day], typical)
    return answer


def _odd_days(
    mean: Array, variance: Array, roots: Array, days: Days, kind: Kind, first_weekday: int
) -> tuple[Array, Array]:
    """The mean on odd days, between a Sunday and their weekday as earlier ones were, and how far those lay from it by hour."""
    mean, variance, usual = mean.copy(), variance.copy(), USUAL[kind]
    product, square = np.zeros((2, mean.shape[1]))
    apart, seen = np.zeros((DAY, mean.shape[1])), 0
    for day in days:
        back = (first_weekday + day - 6) % 7 or 7
        if day - back < 0:
            continue
        rows, sundays = (slice(DAY * each, DAY * (each + 1)) for each in (day, day - back))
        sunday, across = mean[sundays], mean[rows] - mean[sundays]
        weight = np.nansum(across**2, axis=0)
        prior = PRIOR_DAYS * (square / seen if seen else weight)
        place = np.clip((prior * usual.place + product) / np.maximum(prior + square, 1e-9), *PLACES)
        product = product + np.nansum(across * (roots[rows] - sunday), axis=0)
        mean[rows] = np.maximum(sunday + place * across, 0.0)
        wide = variance[rows] + (usual.place_spread * across) ** 2 + (usual.level_spread * sunday) ** 2
        own = (PRIOR_DAYS * wide + apart) / (PRIOR_DAYS + seen)
        apart = apart + np.nan_to_num(np.minimum((roots[rows] - mean[rows]) ** 2, WORST_RATIO * own))
        square, seen = square + weight, seen + 1
        variance[rows] = np.maximum(variance[rows], own)
    return mean, variance


def _spread(square: Array) -> Array:
    """The variance of each hour, from that of its hour of the week and of the day."""
    weekly = _before(remembered(square, lag=WEEK, half_life=SPREAD_WEEKS), WEEK)
    daily = _before(remembered(square, lag=DAY, half_life=SPREAD_DAYS), DAY)
    answer: Array = (np.where(np.isnan(weekly), daily, weekly) + daily) / 2
    return answer


def _recurrence(scores: Array, actual: Array, start: pd.Timestamp) -> Array:
    """How often a year chance brings an hour as far, read half-year by half-year from the years before."""
    rates = np.full(scores.shape, np.nan)
    index = pd.date_range(start, periods=len(scores), freq="h")
    turns = [0, *np.flatnonzero((index.day == 1) & (index.hour == 0) & index.month.isin([1, 7])), len(scores)]
    for begin, end in pairwise(turns):
        past = slice(max(0, begin - MOST_KNOWN), begin)
        for column in range(scores.shape[1]) if begin >= LEAST_KNOWN else ():
            known = scores[past, column][~np.isnan(scores[past, column])]
            if len(known) >= LEAST_KNOWN and np.nanmean(actual[past, column]) >= FEWEST:
                rates[begin:end, column] = Frequency.HOUR.periods_a_year * _chance(known, scores[begin:end, column])
    return rates


def _chance(known: Array, scores: Array) -> Array:
    """The chance of a score as high: its share in the past, and beyond the farthest an exponential tail.

    The tail falls as the median of the farthest says; a few great events of the past do not make it long. That its length is
    known from no more than those makes the chance of what lies beyond larger: the gamma mixture of exponential tails.
    """
    most = max(TAIL, int(TAIL_SHARE * len(known)))
    farthest = np.sort(known)[-most:]
    edge = farthest[0]
    length = max(float(np.median(farthest - edge)) / np.log(2), 1e-9)
    worth = MEDIAN_WORTH * most
    beyond = most / len(known) * (1 + np.maximum(scores - edge, 0.0) / length / worth) ** -worth
    answer: Array = np.where(scores > edge, beyond, 1.0)
    return answer
