"""The planted truth of Meridian's streets: how many vehicles pass, how long they are delayed, and where too long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.holidays import public_holidays
from data.sample.rhythm import Rhythm

__all__ = ["Congestion", "Counter", "Delay", "Traffic"]


@dataclass(frozen=True)
class Counter:
    """A counter in an area: its kind of street and the vehicles of its average hour at the beginning."""

    area_id: str
    kind: str
    per_hour: float


@dataclass(frozen=True)
class Traffic:
    """Vehicles an hour at counters: mean = per_hour × week × annual shape × trend, on public holidays as on a Sunday.

    ``week`` holds for each kind of street 168 factors of mean 1, Monday midnight first. Each count is its mean times
    the exponential of a first-order autoregression with standard deviation ``noise`` and hourly ``persistence``,
    rounded.
    """

    since: pd.Timestamp
    until: pd.Timestamp
    country: str
    rhythm: Rhythm
    week: Mapping[str, tuple[float, ...]]
    noise: float
    persistence: float
    counters: tuple[Counter, ...]

    @property
    def hours(self) -> pd.DatetimeIndex:
        """Every hour with data."""
        return pd.date_range(self.since, self.until + pd.Timedelta(hours=23), freq="h", name="period")

    def hour_of_week(self) -> npt.NDArray[np.int64]:
        """Of each hour its place in the week, 0 on Monday at midnight; a public holiday is a Sunday."""
        hours = self.hours
        free = hours.normalize().isin(public_holidays(self.country, first=hours[0], last=hours[-1]))
        return np.asarray(24 * np.where(free, 6, hours.day_of_week.to_numpy()) + hours.hour.to_numpy())


@dataclass(frozen=True)
class Congestion:
    """At a counter, on these ``weekdays`` (0 is Monday) and ``hours``, delays are ``factor`` times what they would be.

    It holds from the day ``since`` on; a public holiday is a Sunday.
    """

    area_id: str
    weekdays: tuple[int, ...]
    hours: tuple[int, ...]
    since: pd.Timestamp
    factor: float

    @property
    def hours_of_week(self) -> tuple[int, ...]:
        """The places in the week, 0 on Monday at midnight."""
        return tuple(24 * day + hour for day in self.weekdays for hour in self.hours)


@dataclass(frozen=True)
class Delay:
    """The mean delay of vehicles at the traffic's counters by hour, in seconds a kilometre.

    ``per_km`` is the delay of a counter's average hour, by area; ``week`` holds for each kind of street 168 factors of
    mean 1, as those of the traffic. Each value is per_km × week × the congestion's factor where there is one, times the
    exponential of a first-order autoregression with standard deviation ``noise`` and hourly ``persistence``, rounded to
    a tenth.
    """

    per_km: Mapping[str, float]
    week: Mapping[str, tuple[float, ...]]
    noise: float
    persistence: float
    congestion: tuple[Congestion, ...]
