"""Hour of week: the profile of the week, remembered at several paces, corrected by what the last hours showed.

Each hour of the coming days is a weighted sum of what the same hour of the week and of the day were, averaged with
several half-lives, and of how far the last day and the last hours lay above their profile, fading with the lead. The
weights are a ridge regression over past forecasts from the same place in the week, recent ones counting more. Values of
a long history are taken as square roots, which makes busy and quiet hours scatter alike. Public holidays are left out of
the profile, and so are days between holidays; they
and the days beside them are forecast between a Sunday and their weekday, as such days were, with a range as wide as
those varied. The range of each hour is that of past forecasts' errors at the same lead, made as
wide as the errors of weights that had not seen them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from analytics.forecasting.calendar.odd_days import Kind, kinds_of, oddness_of
from analytics.forecasting.calendar.seasons import remembered
from analytics.forecasting.contract import GRID, Prediction, forecaster, future_periods, panel_array
from analytics.forecasting.uncertainty.intervals import spread_factor
from data.words import Sentence

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

WEEK, DAY = 168, 24
WEEKS_REMEMBERED = (0.4, 1.0, 2.5, 6.0, 15.0)  # half-lives of the memories of the hour of the week
DAYS_REMEMBERED = (0.7, 2.0, 5.0, 15.0, 40.0)  # half-lives, in days, of the memories of the hour of the day
FADING = ((DAY, 24.0), (3, 4.0), (1, 2.0))  # hours looked back on, and hours in which their surprise fades
# A short history has no slow memory that knows the level, so single past days, more paces of fading, and how the mean of
# a span differs from that of the span before it take part too. In a long one they only add noise.
SHORT_LAGS = (DAY, 2 * DAY, 3 * DAY, WEEK)
SHORT_FADING = ((DAY, 8.0), (DAY, 1e9), (3, 12.0), (3, 48.0))
SHORT_SLOPES = ((DAY, DAY),)
WEEKLY_FROM = 40 * WEEK  # a history this long has past forecasts enough from one place in the week
MOST_ORIGINS = 104
FITTED = 200.0  # weeks after which a past forecast counts for half in the weights
SPREAD, SHORT_SPREAD = 60.0, 3.0  # and in the range
RIDGE, SHORT_RIDGE = 5e-3, 1e-3
FOLDS = 5
PROFILE = 2.5  # half-life, in weeks, of the profile that past odd days are held against
ADAPTED = 12  # past forecasts over which a range that failed is made wider
NEIGHBOUR = 1.0  # what an error one hour off counts in the range


@forecaster(
    name="hour_of_week",
    title=Sentence("models.hour_of_week.title"),
    version="2",
    limits=(
        Sentence("models.hour_of_week.no_weather"),
        Sentence("models.hour_of_week.odd_days"),
        Sentence("models.hour_of_week.last_months"),
    ),
    inputs=(
        Sentence("models.inputs.past_values"),
        Sentence("models.inputs.hour_of_week"),
        Sentence("models.inputs.public_holidays"),
    ),
    value_types=("count", "continuous"),
    min_periods=3 * WEEK,
    complexity=2,
    frequencies=("h",),
    uses=("holiday", "utc_offset"),
    how=Sentence("records.hour_of_week.how"),
    source=Sentence("records.hour_of_week.source"),
    parameters=(
        Sentence("records.hour_of_week.weeks", {"weeks": WEEKS_REMEMBERED}),
        Sentence("records.hour_of_week.days", {"days": DAYS_REMEMBERED}),
        Sentence("records.hour_of_week.origins", {"n": MOST_ORIGINS}),
    ),
    changes=(Sentence("records.hour_of_week.version_2"),),
)
def hour_of_week(
    history: pd.DataFrame,
    *,
    horizon: int,
    quantiles: Sequence[float],
    regressors: pd.DataFrame | None = None,
    seed: int = 0,
) -> Prediction:
    """Profiles by hour of the week and day, weighted by ridge regression; ranges from past errors at the same lead.

    Weeks are those of local clocks where ``regressors`` has ``utc_offset``. A series with a value below 0 is not taken as
    square roots.
    """
    periods = future_periods(history, horizon)
    clock = _clock(history, periods, regressors)
    levels = np.asarray(sorted({*quantiles, *GRID}))
    answers = np.stack(
        [_column(history[name].to_numpy(dtype=float), clock, levels) for name in history.columns], axis=2
    )
    wanted = np.searchsorted(levels, quantiles)
    mean = answers[np.searchsorted(levels, GRID)].mean(axis=0)
    return Prediction(
        panel_array(mean, periods, history.columns),
        panel_array(answers[wanted], periods, history.columns, quantiles=quantiles),
    )


@dataclass(frozen=True, eq=False)
class _Clock:
    """Periods on the local clock, on which no hour is missing or doubled.

    ``index`` is each period's hour since the first, ``leads`` those of the future after the last; ``kind`` (how the day is
    odd), ``day`` (its number) and ``sunday`` are by hour from the first to the last that is forecast, ``hours`` how many
    of those are past.
    """

    index: Indices
    leads: Indices
    kind: Indices
    day: Indices
    sunday: npt.NDArray[np.bool_]
    hours: int

    @property
    def horizon(self) -> int:
        """Hours that are forecast."""
        return len(self.kind) - self.hours

    def of(self, values: Array) -> Array:
        """Values by local hour: the mean of a doubled hour, NaN for one that the clocks jumped over."""
        known = ~np.isnan(values)
        total = np.bincount(self.index[known], values[known], minlength=self.hours)
        count = np.bincount(self.index[known], minlength=self.hours)
        mean: Array = np.divide(total, count, out=np.full(self.hours, np.nan), where=count > 0)
        return mean


def _clock(history: pd.DataFrame, future: pd.DatetimeIndex, regressors: pd.DataFrame | None) -> _Clock:
    periods = history.index.append(future)
    hour = ((periods - periods[0]) / pd.Timedelta("1h")).to_numpy().round()
    beside = pd.DataFrame(index=periods) if regressors is None else regressors.reindex(periods)
    offset = beside["utc_offset"].to_numpy(float) if "utc_offset" in beside else np.zeros(len(periods))
    index = (hour + offset - offset[0]).round().astype(np.int64)
    hours = int(index[: len(history)].max()) + 1
    leads = np.maximum(index[len(history) :] - hours + 1, 1)
    free = beside["holiday"].to_numpy(float) > 0 if "holiday" in beside else np.zeros(len(periods), dtype=bool)
    horizon = int(leads.max())
    first = periods[0] + pd.Timedelta(hours=float(offset[0]))
    holiday = np.zeros((first.hour + hours + horizon) // DAY + 1, dtype=bool)
    holiday[np.minimum((index[free] + first.hour) // DAY, len(holiday) - 1)] = True
    kinds = kinds_of(holiday, first_weekday=first.day_of_week)
    # Where an odd day lies ahead whole weeks are forecast, so that there is a Sunday to hold it against.
    odd = kinds[(first.hour + hours) // DAY :].any()
    horizon = WEEK * -(-horizon // WEEK) if odd else horizon
    day = (np.arange(hours + horizon) + first.hour) // DAY
    kind = np.where(day < len(kinds), kinds[np.minimum(day, len(kinds) - 1)], Kind.ORDINARY)
    return _Clock(index[: len(history)], leads, kind, day, (day + first.day_of_week) % 7 == 6, hours)


def _column(values: Array, clock: _Clock, levels: Array) -> Array:
    """Quantiles (level, period) of one series."""
    local = clock.of(values)
    short = len(local) < WEEKLY_FROM
    # A few weeks are told as well by plain values, whose errors then add up to the level.
    rooted = not short and not (local < 0).any()
    scaled = np.sqrt(local) if rooted else local
    past = clock.kind[: clock.hours]
    usual = np.where((past == Kind.HOLIDAY) | (past == Kind.BRIDGE), np.nan, scaled)
    if np.isnan(usual).all():
        level = float(np.nan_to_num(np.nanmean(local))) if (~np.isnan(local)).any() else 0.0
        return np.full((len(levels), len(clock.leads)), level)
    predicted = _forecast(usual, clock.horizon, levels)
    predicted = _with_odd_days(predicted, scaled, usual, clock, levels)
    # A square root that is forecast below 0 stands for nothing at all.
    predicted = np.maximum(predicted, 0.0) ** 2 if rooted else predicted
    predicted = np.maximum(predicted, 0.0) if not (local < 0).any() else predicted
    return predicted[:, clock.leads - 1]


def _forecast(scaled: Array, horizon: int, levels: Array) -> Array:
    """Quantiles (level, lead) of what follows a series without holidays."""
    short = len(scaled) < WEEKLY_FROM
    step = DAY if short else WEEK
    origins = np.arange(len(scaled) - 1, 2 * WEEK - 1, -step)[: MOST_ORIGINS + 1][::-1]
    features = _features(scaled, origins, horizon, short=short)
    ahead = origins[:-1, None] + np.arange(1, horizon + 1)
    observed = np.where(ahead < len(scaled), scaled[np.minimum(ahead, len(scaled) - 1)], np.nan)
    age = (origins[-1] - origins[:-1]) / WEEK
    weights, errors = _regression(
        features[:, :-1], observed, 0.5 ** (age / FITTED), ridge=SHORT_RIDGE if short else RIDGE
    )
    point = np.tensordot(weights, features[:, -1], axes=1)
    belief = 0.5 ** (age / (SHORT_SPREAD if short else SPREAD))
    # Where the last weeks' ranges, each made from the weeks before it, failed, this one is widened; by the root, as few
    # weeks say so.
    lately = spread_factor(errors[-ADAPTED:, :, None])
    quantiles: Array = point + _error_quantiles(errors, belief, levels) * np.sqrt(lately)
    return quantiles


def _features(scaled: Array, origins: Indices, horizon: int, *, short: bool) -> Array:
    """What each hour ahead is weighed from, (feature, origin, lead): profiles, and fading surprises."""
    lead = np.arange(1, horizon + 1)
    ahead = origins[:, None] + lead
    days = [remembered(scaled, lag=DAY, half_life=half_life) for half_life in DAYS_REMEMBERED]
    slowest = np.where(np.isnan(days[-1]), np.nanmean(scaled), days[-1])
    weeks = [remembered(scaled, lag=WEEK, half_life=half_life) for half_life in WEEKS_REMEMBERED]
    base = np.where(np.isnan(weeks[-1]), slowest, weeks[-1])
    same_week, same_day = ahead - WEEK * -(-lead // WEEK), ahead - DAY * -(-lead // DAY)
    profile = base[same_week]
    others = [each[same_week] for each in weeks[:-1]] + [each[same_day] for each in days]
    others += [scaled[ahead - lag * -(-lead // lag)] for lag in SHORT_LAGS if short]
    features = [profile] + [np.where(np.isnan(each), 0.0, each - profile) for each in others]
    usual = weeks[1]
    surprise = scaled - np.concatenate([np.full(WEEK, np.nan), usual[:-WEEK]])
    for hours, fading in (*FADING, *(SHORT_FADING if short else ())):
        features.append(_recent_mean(surprise, origins, hours)[:, None] * np.exp(-lead / fading))
    features.append(_recent_mean(surprise, origins, DAY)[:, None] * profile / max(float(np.abs(base).mean()), 1e-9))
    for new, old in SHORT_SLOPES if short else ():
        slope = _recent_mean(scaled, origins, new) - _recent_mean(scaled, origins - new, old)
        features.append(np.broadcast_to(slope[:, None], profile.shape))
    return np.stack(features)


def _recent_mean(values: Array, origins: Indices, hours: int) -> Array:
    """The mean of the last hours up to each origin; 0 where none is known."""
    known = ~np.isnan(values)
    total = np.concatenate([[0.0], np.cumsum(np.where(known, values, 0.0))])
    count = np.concatenate([[0], np.cumsum(known)])
    upto, since = np.maximum(origins + 1, 0), np.maximum(origins + 1 - hours, 0)
    mean: Array = (total[upto] - total[since]) / np.maximum(count[upto] - count[since], 1)
    return mean


def _regression(features: Array, observed: Array, belief: Array, *, ridge: float) -> tuple[Array, Array]:
    """Weights of the features, drawn towards the profile alone, and past errors.

    The errors are those of the weights that were fitted to them, made as large as those of weights of the other folds.
    """
    known = ~np.isnan(observed)
    seen = features * known * np.sqrt(belief)[:, None]
    target = np.where(known, observed, 0.0) * np.sqrt(belief)[:, None]
    by_origin = seen.transpose(1, 0, 2)
    square = by_origin @ by_origin.transpose(0, 2, 1)
    product = (by_origin @ target[:, :, None])[:, :, 0]
    fold = np.arange(len(observed)) * FOLDS // max(len(observed), 1)

    def solved(kept: npt.NDArray[np.bool_]) -> Array:
        whole, right = square[kept].sum(axis=0), product[kept].sum(axis=0)
        penalty = ridge * np.diag(whole) + 1e-9
        start = np.zeros(len(right))
        start[0] = 1.0
        answer: Array = np.linalg.solve(whole + np.diag(penalty), right + penalty * start)
        return answer

    weights = solved(np.full(len(observed), True))
    own = np.where(known, observed - np.tensordot(weights, features, axes=1), np.nan)
    unseen = np.full(observed.shape, np.nan)
    for each in range(FOLDS):
        left_out = fold == each
        unseen[left_out] = observed[left_out] - np.tensordot(solved(~left_out), features[:, left_out], axes=1)
    inflation = np.sqrt(np.nanmean(unseen**2) / max(np.nanmean(own**2), 1e-18)) if known.any() else 1.0
    return weights, own * max(inflation, 1.0)


def _error_quantiles(errors: Array, belief: Array, levels: Array) -> Array:
    """Quantiles (level, lead) of past errors at a lead and at an hour before and after it."""
    known = ~np.isnan(errors)
    square = np.where(known, errors, 0.0) ** 2 * belief[:, None]
    own = np.sqrt(square.sum(axis=0) / np.maximum((known * belief[:, None]).sum(axis=0), 1e-9))
    scale = np.maximum(own, 1e-9)
    # By lead first, so that what is sorted lies together in memory.
    level = np.ascontiguousarray((errors / scale).T)
    shifted = np.concatenate([np.roll(level, hour, axis=0) for hour in (-1, 0, 1)], axis=1)
    counts = np.concatenate([belief * share for share in (NEIGHBOUR, 1.0, NEIGHBOUR)])
    order = np.argsort(shifted, axis=1)
    values = np.take_along_axis(shifted, order, axis=1)
    weight = np.where(np.isnan(values), 0.0, counts[order])
    # The k-th smallest of n errors is at level k / (n + 1), with the errors' weights in the place of numbers.
    position = np.cumsum(weight, axis=1) / (weight.sum(axis=1, keepdims=True) + counts.max())
    answer = np.zeros((len(levels), errors.shape[1]))
    for lead in np.flatnonzero(known.any(axis=0)):
        there = weight[lead] > 0
        answer[:, lead] = np.interp(levels, position[lead, there], values[lead, there]) * scale[lead]
    return answer


def _with_odd_days(predicted: Array, scaled: Array, usual: Array, clock: _Clock, levels: Array) -> Array:
    """What is predicted, (level, lead), with odd days between a Sunday and their weekday, in ranges of what they varied."""
    ahead = clock.kind[clock.hours :]
    answer = predicted.copy()
    if not ahead.any():
        return answer
    profile = remembered(usual, lag=WEEK, half_life=PROFILE)
    middle = predicted[np.abs(levels - 0.5).argmin()]
    spread = (predicted[-1] - predicted[0]) / (ndtri(levels[-1]) - ndtri(levels[0]))
    sundays = _nearest_sundays(clock.sunday[clock.hours :])
    for kind in (Kind.HOLIDAY, Kind.BRIDGE, Kind.BESIDE):
        leads = np.flatnonzero((ahead == kind) & (sundays >= 0))
        if not len(leads):
            continue
        odd = oddness_of(kind, *_past_days(kind, scaled, profile, clock))
        sunday = middle[sundays[leads]]
        apart = middle[leads] - sunday
        # The range of the place that it takes: a day that is like a Sunday scatters like one.
        share = float(np.clip(odd.place, 0.0, 1.0))
        own = (1 - share) * spread[sundays[leads]] + share * spread[leads]
        wider = np.sqrt(own**2 + (odd.place_spread * apart) ** 2 + (odd.level_spread * sunday) ** 2)
        shape = (predicted[:, leads] - middle[leads]) / np.maximum(spread[leads], 1e-12)
        answer[:, leads] = sunday + odd.place * apart + shape * wider
    return answer


def _nearest_sundays(sunday: npt.NDArray[np.bool_]) -> Indices:
    """For each lead the same hour of the nearest Sunday, -1 where there is none."""
    leads, found = np.arange(len(sunday)), np.flatnonzero(sunday)
    answer = np.full(len(leads), -1)
    for lead in leads:
        same = found[(found - lead) % DAY == 0]
        if len(same):
            answer[lead] = same[np.abs(same - lead).argmin()]
    return answer


def _past_days(kind: Kind, scaled: Array, profile: Array, clock: _Clock) -> tuple[Array, Array, Array]:
    """Past days of a kind: what was observed, and what their weekday and a Sunday were by the weeks before, (day, hour)."""
    hours = np.flatnonzero(clock.kind[: clock.hours] == kind)
    days = [each for each in np.split(hours, np.flatnonzero(np.diff(clock.day[hours])) + 1) if len(each) == DAY]
    days = [each for each in days if each[0] >= 2 * WEEK]
    empty = np.empty((0, DAY))
    if not days:
        return empty, empty, empty
    rows = np.stack(days)
    back = np.array([next(day for day in range(7, 14) if clock.sunday[each[0] - day * DAY]) for each in days])
    return scaled[rows], profile[rows - WEEK], profile[rows - DAY * back[:, None]]
