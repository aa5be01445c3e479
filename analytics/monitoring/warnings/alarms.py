"""What early warning tells: alarms, how such alarms have fared, and what was held back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from analytics.results import Result
from data.tables import ALL, CITY
from data.words import Sentence, Words

__all__ = ["Alarm", "Kind", "Record", "Warnings"]

WHOLE_FROM = 3.0  # times a year, or years: below, a tenth matters
Kind = Literal["outside", "level", "variance", "farrington", "late", "hour"]


@dataclass(frozen=True)
class Record:
    """How alarms of one kind fared on the watched history of one series, its columns and totals together.

    ``raised`` alarms in ``years`` series-years (spells left out) were followed by ``confirmed`` real exceedances among the
    ``judged`` whose next periods are known; ``null_per_year`` is what chance alone raises a series and year in a world drawn
    from the forecasts themselves, for which the thresholds were set (for Farrington's, what its own formula promises).
    """

    kind: Kind
    raised: int
    judged: int
    confirmed: int
    years: float
    null_per_year: float

    @property
    def per_year(self) -> float:
        """Alarms raised, a series and year; NaN without any history."""
        return self.raised / self.years if self.years else float("nan")

    @property
    def precision(self) -> float:
        """The share of judged alarms that were confirmed; NaN without any."""
        return self.confirmed / self.judged if self.judged else float("nan")

    @property
    def false_per_year(self) -> float:
        """Alarms that were not confirmed, a series and year: an upper limit of the false ones, for a true spell may be
        over before its alarm is judged.
        """
        return (self.raised - self.confirmed) / self.years if self.years else float("nan")


@dataclass(frozen=True)
class Alarm:
    """One spell in which something was not as forecast.

    It runs from ``since`` to ``until``, the period in which it was found. ``area_id`` is "city" and ``category`` "all" for
    totals. ``observed`` is what came in the spell (a sum of counts, a mean of other values) and ``low`` to ``high`` what 95
    in 100 would have been, given how the rest of the panel moved. ``strength`` is the chance that a period of an unchanged
    series brings such an alarm; that of an ``hour``, whose ``since`` and ``until`` are the local hour, is the chance that a
    day does. ``false_alarms_per_year`` is how often alarms of this kind came a series and year on this
    series' own history and were not confirmed, ``null_per_year`` how often chance alone raises one. ``past_precision`` is
    the share of this kind's ``past_n`` past alarms after which the next 7 days (or the next week or month) were again
    beyond what 9 in 10 would be in the same direction; chance gives 1 in 10, and a spell that ends with its alarm counts
    against it. ``raised_per_year`` is how many came a series and year. A ``deeper`` alarm lies in the spell of an earlier
    one, further from what was ``expected``. ``after`` is what was looked at to confirm such alarms: the hours, the week or the
    month that followed. ``unit`` is that of an amount, "" of counts.
    """

    kind: Kind
    series: str
    series_title: str
    area_id: str
    category: str
    since: pd.Timestamp
    until: pd.Timestamp
    direction: Literal["up", "down"]
    low: float
    high: float
    observed: float
    strength: float
    false_alarms_per_year: float
    null_per_year: float
    past_precision: float
    past_n: int
    raised_per_year: float
    expected: float
    deeper: bool = False
    area_name: str = ""
    after: Literal["hours", "week", "month"] = "week"
    unit: Words = ""

    @property
    def rarity(self) -> float:
        """The strength, weaker by as much as alarms of this kind came more often in this series than chance explains.

        What a series' forecasts get wrong week after week must not crowd out what is rare elsewhere.
        """
        return self.strength * max(1.0, self.raised_per_year / self.null_per_year)

    @property
    def sentence(self) -> Sentence:
        """What happened, where, when, and what was expected."""
        if self.kind == "hour":
            return self._hour()
        code = f"{self.kind}.{self.direction}" if self.kind in ("outside", "level") else self.kind
        code = f"deeper.{self.direction}" if self.deeper else code
        code = f"amount.{code}" if self.unit and "." in code else code
        period = "on" if self.since == self.until else "between"
        when = Sentence(f"warnings.when.{period}", {"since": self.since, "until": self.until})
        values = {name: getattr(self, name) for name in ("observed", "low", "high", "expected")}
        return Sentence(f"warnings.{code}", {"what": self._what(), "when": when, "unit": self.unit} | values)

    @property
    def record(self) -> Sentence:
        """How often chance alone raises such an alarm, how many came here, and how often what followed bore them out."""
        if self.kind == "late":
            return Sentence("warnings.record.late")
        evidence: dict[str, Any] = {"chance": _rate(self.null_per_year), "raised": _rate(self.raised_per_year)}
        if not self.past_n:
            return Sentence("warnings.record.unknown", evidence)
        evidence |= {"confirmed": round(self.past_precision * self.past_n), "n": self.past_n}
        return Sentence("warnings.record.known", evidence | {"after": Sentence(f"warnings.after.{self.after}")})

    def _hour(self) -> Sentence:
        when: dict[str, Any] = {
            "hour": self.until,
            "end": self.until + pd.Timedelta(hours=1),
            "day": self.until.normalize(),
        }
        when |= {"weekday": self.until.day_of_week}
        return Sentence(
            "warnings.hour", {"what": self._what(), "observed": self.observed, "expected": self.expected} | when
        )

    def _what(self) -> Sentence:
        where = "city" if self.area_id == CITY else "area"
        code = f"warnings.what.{where}" if self.category == ALL else f"warnings.what.{where}_category"
        names = {
            "title": self.series_title,
            "area": self.area_name or self.area_id,
            "category": self.category.replace("_", " "),
        }
        return Sentence(code, names)


def _rate(a_year: float) -> Sentence:
    """So many times a year in words; below two in three years the other way round."""
    if a_year <= 0:
        return Sentence("warnings.rate.never")
    if abs(np.log(a_year)) < np.log(1.5):
        return Sentence("warnings.rate.yearly")
    code, n = ("often", a_year) if a_year > 1 else ("rare", 1 / a_year)
    return Sentence(f"warnings.rate.{code}", {"n": round(n, 1) if n < WHOLE_FROM else round(n)})


@dataclass(frozen=True, eq=False, kw_only=True)
class Warnings(Result):
    """The alarms of one or more series under the ceiling, the latest first, and how such alarms have fared.

    ``withheld`` is how many weaker ones the ceiling held back. ``records`` are by series name and kind. ``watched_series``
    columns and totals were watched from ``since`` (None where no history was long enough) to ``until``; ``ends`` are
    the last periods of each series, and ``ended`` tells of those that stopped long before the others.
    """

    alarms: tuple[Alarm, ...]
    withheld: int
    alarms_per_week: float
    records: Mapping[str, Mapping[str, Record]] = field(default_factory=dict)
    watched_series: int
    watched_periods: int
    since: pd.Timestamp | None
    until: pd.Timestamp
    ends: Mapping[str, pd.Timestamp]
    ended: tuple[Sentence, ...] = ()

    @property
    def current(self) -> tuple[Alarm, ...]:
        """Those found in the last seven days (the last week or month of longer periods), and data that are late now."""
        return tuple(alarm for alarm in self.alarms if alarm.kind == "late" or self._recent(alarm))

    def _recent(self, alarm: Alarm) -> bool:
        return alarm.until > self.ends[alarm.series] - pd.Timedelta(days=7)

    @property
    def table(self) -> pd.DataFrame:
        """One row an alarm: its fields and its sentence."""
        names = [name for name in Alarm.__dataclass_fields__ if name not in ("series_title",)]
        rows: list[dict[str, Any]] = [
            {name: getattr(alarm, name) for name in names} | {"sentence": alarm.sentence} for alarm in self.alarms
        ]
        return pd.DataFrame(rows, columns=[*names, "sentence"])
