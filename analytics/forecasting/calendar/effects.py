"""What the calendar does to a series: its level, its weekdays, its months and its public holidays, taken apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.caveats import assess
from analytics.errors import ForecastError
from analytics.resampling import BOUNDS, block_resamples
from analytics.results import Result
from data import Series
from data.frequency import Frequency
from data.holidays import public_holidays

__all__ = ["CalendarEffects", "calendar_effects"]

Array = npt.NDArray[np.float64]

BLOCK = 28  # days resampled together
RESAMPLED = 100
FEWEST_DAYS = 4 * BLOCK
YEARS_FOR_MONTHS = 2
FEWEST_HOLIDAYS = 4


@dataclass(frozen=True, eq=False, kw_only=True)
class CalendarEffects(Result):
    """A total taken apart: value = level × part of the year × weekday × holiday × the rest.

    ``level`` is by month (the mean a day, without the other parts). ``effects`` is one row an effect: part ("weekday",
    "month", "holiday"), number (0 to 6, 1 to 12, 0), ratio to an average day, low, high (95 % of block resamples) and n
    (days).
    """

    series: Series
    level: pd.Series
    effects: pd.DataFrame


def calendar_effects(series: Series, *, seed: int = 0) -> CalendarEffects:
    """Take the total of a series (or of a selection made before) apart; hours are summed to days first.

    Parameters
    ----------
    series : days or hours of values that add up.
    seed : of the resampled blocks.

    Returns
    -------
    The level by month and one row an effect.

    Raises
    ------
    ForecastError
        When fewer than sixteen weeks are known, or the periods are longer than days.
    """
    daily = series.to_frequency(Frequency.DAY) if series.freq is Frequency.HOUR else series
    if daily.freq is not Frequency.DAY:
        raise ForecastError("no_days", series=series.title)
    total = daily.total().dropna()
    if len(total) < FEWEST_DAYS or not total.any():
        raise ForecastError("too_few_days", series=series.title, days=len(total), least=FEWEST_DAYS)
    days = pd.DatetimeIndex(total.index)
    free = _holidays(days, series.country)
    keys = _keys(days, free)
    values = total.to_numpy(dtype=float)
    whole = _ratios(values, keys)
    # Whole blocks, because neighbours are alike.
    resamples = block_resamples(len(values), width=BLOCK, seed=seed, times=RESAMPLED)
    drawn = [_ratios(values[rows], {part: each[rows] for part, each in keys.items()}) for rows in resamples]
    rows = []
    for (part, number), ratio in whole.items():
        sample = np.array([each[part, number] for each in drawn if (part, number) in each])
        low, high = np.quantile(sample, BOUNDS) if len(sample) else (np.nan, np.nan)
        n = int((keys[part] == number).sum())
        rows.append({"part": part, "number": number, "ratio": ratio, "low": float(low), "high": float(high), "n": n})
    fitted = np.ones(len(values))
    for part, each in keys.items():
        fitted *= np.array([whole.get((part, int(number)), 1.0) for number in each])
    plain = pd.Series(values / np.maximum(fitted, 1e-9), index=days)
    level: pd.Series[float] = plain.resample("MS").mean()
    return CalendarEffects(
        made_from=(series.provenance,), caveats=assess(made_from=(series.provenance,)), seed=seed, series=series,
        level=level, effects=pd.DataFrame(rows),
    )  # fmt: skip


def _holidays(days: pd.DatetimeIndex, country: str) -> npt.NDArray[np.bool_]:
    if not country:
        return np.zeros(len(days), dtype=bool)
    return np.asarray(days.isin(public_holidays(country, first=days[0], last=days[-1])))


def _keys(days: pd.DatetimeIndex, free: npt.NDArray[np.bool_]) -> dict[str, npt.NDArray[np.int64]]:
    """For each part the number of each day in it; -1 where it has none."""
    keys = {"weekday": np.where(free, -1, days.day_of_week.to_numpy()).astype(np.int64)}
    if (days[-1] - days[0]).days >= YEARS_FOR_MONTHS * 365 - 31:
        keys["month"] = days.month.to_numpy().astype(np.int64)
    if free.sum() >= FEWEST_HOLIDAYS:
        keys["holiday"] = np.where(free, 0, -1).astype(np.int64)
    return keys


def _ratios(values: Array, keys: dict[str, npt.NDArray[np.int64]]) -> dict[tuple[str, int], float]:
    """The ratio of each number to the average day, parts in turn, each freed of those before; the trend is a local mean."""
    trend = pd.Series(values).rolling(365, center=True, min_periods=BLOCK).mean().to_numpy()
    rest = values / np.maximum(trend, 1e-9)
    found: dict[tuple[str, int], float] = {}
    for part, numbers in keys.items():
        known = numbers >= 0
        means = pd.Series(rest[known]).groupby(numbers[known]).mean()
        average = float(means.mean()) if part != "holiday" else 1.0
        for number, mean in means.items():
            ratio = float(mean) / max(average, 1e-9)
            found[part, int(number)] = ratio  # type: ignore[call-overload]
            rest = np.where(numbers == number, rest / max(ratio, 1e-9), rest)
    return found
