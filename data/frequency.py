"""How often a table has a value: hours, days, weeks, months or years, and all that follows from it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import pandas as pd

from data.words import Sentence

__all__ = ["Frequency"]


class Frequency(StrEnum):
    """The length of a period, written as pandas writes it: weeks start on Monday, months and years on their first day.

    >>> Frequency("D").seasons, str(Frequency.WEEK), str(Frequency.MONTH.periods(3))
    ((7, 1), 'W-MON', '3 months')
    """

    HOUR = "h"
    DAY = "D"
    WEEK = "W-MON"
    MONTH = "MS"
    YEAR = "YS"

    def __repr__(self) -> str:
        # As the text that it is, so that a hash of it is a hash of what a city.toml says.
        return repr(self.value)

    @classmethod
    def of(cls, periods: pd.DatetimeIndex) -> Frequency:
        """The frequency of periods that follow each other."""
        return cls(str(periods.freqstr).removesuffix("-JAN"))  # pandas calls "YS" by its month

    @property
    def offset(self) -> pd.tseries.offsets.BaseOffset:
        """The step from the start of one period to that of the next."""
        return pd.tseries.frequencies.to_offset(self.value)

    @property
    def periods_a_year(self) -> float:
        """How many periods a year has on average."""
        return _LENGTHS[self].periods_a_year

    @property
    def year(self) -> int:
        """How many whole periods an ordinary year has."""
        return _LENGTHS[self].year

    @property
    def year_ago(self) -> int:
        """How many periods back last year's lies: whole weeks, to keep the weekday."""
        return _LENGTHS[self].year_ago

    @property
    def seasons(self) -> tuple[int, ...]:
        """Periods in the season that matters most, and in those that serve a shorter history."""
        return _LENGTHS[self].seasons

    @property
    def word(self) -> Sentence:
        """What one period is called: "day"."""
        return Sentence(f"periods.{self.name.lower()}")

    @property
    def each(self) -> Sentence:
        """How often something happens once a period: "a day"."""
        return Sentence(f"periods.each.{self.name.lower()}")

    @property
    def plural(self) -> Sentence:
        """What several periods are called: "days"."""
        return Sentence(f"periods.{self.name.lower()}s")

    def periods(self, n: float) -> Sentence:
        """So many periods: "1 day", "28 days"."""
        return Sentence(f"periods.number.{self.name.lower()}", {"n": n})


class _Lengths(NamedTuple):
    periods_a_year: float
    year: int
    year_ago: int
    seasons: tuple[int, ...]


_LENGTHS = {
    Frequency.HOUR: _Lengths(8766.0, 8760, 8736, (168, 24, 1)),
    Frequency.DAY: _Lengths(365.25, 365, 364, (7, 1)),
    Frequency.WEEK: _Lengths(52.18, 52, 52, (52, 1)),
    Frequency.MONTH: _Lengths(12.0, 12, 12, (12, 1)),
    Frequency.YEAR: _Lengths(1.0, 1, 1, (1,)),
}
