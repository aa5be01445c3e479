"""What is planted into real series and found, what is raised where nothing was planted, and on which days."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import holidays
import numpy as np
import pandas as pd

from analytics.forecasting.calendar.odd_days import Kind, kinds_of
from analytics.monitoring.warnings import Alarm, Warnings, warnings_in, warnings_of
from analytics.monitoring.warnings.thresholds import BUDGET
from benchmarks.forecasting.sets import chicago
from benchmarks.rows import Row, cost_of
from benchmarks.warnings.labels import DEEPER, KINDS, Label, labels_in, planted, still, told
from benchmarks.warnings.meridian import SECONDS_GOAL, share
from benchmarks.warnings.real_series import Place, places
from data.frequency import Frequency
from data.holidays import public_holidays

__all__ = ["city_seconds", "rows"]

ROUNDS = 2  # of planting, in each series
RECALL_GOAL, DEEPER_GOAL = 90.0, 90.0  # per cent
PROMISED = {kind: BUDGET[kind] for kind in ("level", "outside")}
NAMED = 3  # holidays named beside a row


def city_seconds(*, quick: bool = False) -> Iterator[Row]:
    """The CPU time of all warnings of Chicago, its tables opened."""
    city = chicago()
    opened = len(city.series)
    _, seconds = cost_of(lambda: warnings_in(city))
    yield Row("warning_seconds_chicago", seconds, "s of CPU", SECONDS_GOAL, note=f"{opened} series")


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Recall by kind, delays, alarms where nothing was planted and those on holidays; ``quick`` on the tuned series."""
    seen = _Seen()
    for place in places(tuned=quick):
        seen.look(place)
    which = "series that were tuned on" if quick else "series that were not tuned on"
    yield from _recalls(seen, which)
    for traffic in (False, True):
        yield from _raised(seen, traffic=traffic)
    yield _on_holidays(seen)


@dataclass
class _Seen:
    """What was found: labels with days until told (planted) and whether one was there before (still); the still results."""

    labels: list[tuple[Label, int | None, bool]] = field(default_factory=list)
    results: list[tuple[Place, Warnings]] = field(default_factory=list)

    def look(self, place: Place) -> None:
        """Watch a place as it is, and with labels planted."""
        series = place.series
        days = series.to_frequency(Frequency.DAY) if series.freq is Frequency.HOUR else series
        before = still(days)
        if before is None:
            return
        quietly = warnings_of(before.series, alarms_per_week=math.inf)
        self.results.append((place, quietly))
        for seed in range(ROUNDS):
            labels = labels_in(before, seed=seed)
            alarms = warnings_of(planted(before, labels), alarms_per_week=math.inf).alarms
            for label in labels:
                by_chance = told(label, quietly.alarms, before) is not None
                self.labels.append((label, told(label, alarms, before), by_chance))


def _recalls(seen: _Seen, which: str) -> Iterator[Row]:
    for kind in KINDS:
        own = [(delay, chance) for label, delay, chance in seen.labels if label.kind == kind]
        goal = DEEPER_GOAL if kind == DEEPER else RECALL_GOAL if kind.startswith("spell") else None
        by_chance = np.mean([chance for _, chance in own])
        note = f"{len(own)} in {which}; {by_chance:.0%} by chance"
        yield share(f"warning_recall_{kind}", [delay is not None for delay, _ in own], goal=goal, note=note)
        delays = [delay for delay, _ in own if delay is not None]
        late = float(np.mean(delays)) if delays else math.nan
        yield Row(
            f"warning_delay_{kind}", late, "days after the first", note=f"9 in 10 within {np.quantile(delays, 0.9):.0f}"
        )


def _raised(seen: _Seen, *, traffic: bool) -> Iterator[Row]:
    """Alarms a series and year where nothing was planted, beside what was promised; some may be of real events."""
    records = [
        record
        for place, result in seen.results
        if place.traffic is traffic
        for by_kind in result.records.values()
        for record in by_kind.values()
    ]
    what = "traffic" if traffic else "reports"
    for kind, promised in PROMISED.items():
        own = [record for record in records if record.kind == kind]
        years = sum(record.years for record in own)
        each = sum(record.raised for record in own) / years if years else math.nan
        stayed = sum(record.confirmed for record in own) / max(sum(record.judged for record in own), 1)
        yield Row(
            f"warning_raised_{what}_{kind}", each, "a series and year", peer=promised, peer_name="promised",
            note=f"{years:.0f} series-years, nothing planted; after {stayed:.0%} what followed stayed outside",
        )  # fmt: skip


def _on_holidays(seen: _Seen) -> Row:
    """The share of alarms raised on a public holiday, beside one or between two, and which."""
    odd, days, names = 0, 0, Counter[str]()
    alarms = 0
    for place, result in seen.results:
        index = pd.date_range(result.since, result.until, freq="D")
        free = public_holidays(place.series.country, first=index[0], last=index[-1])
        kinds = pd.Series(kinds_of(np.asarray(index.isin(free)), first_weekday=index[0].day_of_week), index)
        odd += int((kinds != Kind.ORDINARY).sum()) * result.watched_series
        days += len(index) * result.watched_series
        on = [alarm for alarm in result.alarms if kinds[alarm.until] != Kind.ORDINARY]
        alarms += len(result.alarms)
        names.update(_holiday_of(alarm, place.series.country) for alarm in on)
    most = ", ".join(f"{name} {n}" for name, n in names.most_common(NAMED))
    return Row(
        "warning_share_on_holidays", 100 * names.total() / max(alarms, 1), "% of alarms", peer=100 * odd / max(days, 1),
        peer_name="of all days", note=most,
    )  # fmt: skip


def _holiday_of(alarm: Alarm, country: str) -> str:
    """The name of the public holiday nearest to an alarm."""
    code, _, part = country.partition("-")
    years = range(alarm.until.year - 1, alarm.until.year + 2)
    known = holidays.country_holidays(code, subdiv=part or None, years=years)
    nearest = min(known, key=lambda day: abs((pd.Timestamp(day) - alarm.until).days))
    return str(known[nearest]).split(";")[0]
