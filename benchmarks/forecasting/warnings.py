"""Does early warning find planted spells of unknown length, and how often does it warn of nothing?

Spells are planted into Meridian panels of other seeds than those that the shares in ``monitoring.warnings`` were set
on (11 to 15, 101 to 105 and 2026). A shift is so many standard deviations of the forecast made at most a week before for
that column and day. It is planted in two ways, both reported: ``added``, the rounded shift on top of the count that came,
and ``redrawn``, a count drawn anew around the raised mean, which scatters by much more. Of redrawn spells no detector finds
all: ``oracle`` rows show what the likelihood ratio reaches that knows the truth, the common factor and the spell's size and
length. The headline is that of added shifts.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analytics.monitoring.warnings import Alarm, Warnings, warnings_of
from benchmarks.forecasting.planted_spells import (
    FALSE_GOAL,
    GRACE,
    KINDS,
    City,
    Spell,
    city_of,
    oracle_hits,
    planted,
    series_of,
    spells_in,
)

__all__ = ["real_events", "rows"]

SEEDS = (201, 202, 203, 204, 205)
RECALL_GOAL = 90.0  # per cent
SPELLS_A_YEAR = 26  # under the ceiling: a city in which something happens every other week


def rows(*, quick: bool = False) -> list[dict[str, Any]]:
    """The measurements, one a row; ``quick`` takes one seed."""
    seeds = SEEDS[:1] if quick else SEEDS
    cities = [city_of(seed) for seed in seeds]
    found = {how: [_run(city, how) for city in cities] for how in ("added", "redrawn", "down")}
    recalls = {how: _recalls(how, runs) for how, runs in found.items()}
    headline = min(recalls["added"], key=lambda row: row["ours"])
    hit = sum(run.false for run in found["added"])
    years = sum(run.years for run in found["added"])
    low, high = stats.chi2.ppf(0.025, 2 * hit) / 2 / years, stats.chi2.ppf(0.975, 2 * hit + 2) / 2 / years
    answer = [
        headline | {"name": "warning_recall", "goal": RECALL_GOAL, "holds": headline["ours"] >= RECALL_GOAL},
        _row(
            "warning_false_per_year",
            hit / years,
            low,
            high,
            unit="a series and year",
            goal=FALSE_GOAL,
            holds=hit / years <= FALSE_GOAL,
        ),
        *(row for each in recalls.values() for row in each),
    ]
    return [*answer, *_unplanted(cities), *_oracles(cities), _under_ceiling(cities)]


def real_events(data_folder: Path) -> list[dict[str, Any]]:
    """Whether two known events are found, and after how many periods: the fall of CTA boardings in March 2020 and of
    British drivers killed or seriously injured when seat belts became compulsory on 31 January 1983.
    """
    rides = pd.read_csv(data_folder / "chicago" / "service_cta_daily_boardings_2001_2021-05.csv")
    dates = pd.to_datetime(rides["service_date"], format="mixed")
    boardings = pd.Series(rides["total_rides"].to_numpy(dtype=float), index=dates).groupby(level=0).max().asfreq("D")
    drivers = pd.read_csv(data_folder / "benchmarks" / "seatbelts" / "Seatbelts.csv")["drivers"].to_numpy(dtype=float)
    months = pd.Series(drivers, index=pd.date_range("1969-01-01", periods=len(drivers), freq="MS"))
    return [
        _event("warning_delay_cta_2020", boardings[:"2020-04-30"], "D", pd.Timestamp("2020-03-12"), "days"),
        _event("warning_delay_seat_belts", months, "MS", pd.Timestamp("1983-02-01"), "months"),
    ]


def _event(name: str, values: pd.Series, freq: str, since: pd.Timestamp, unit: str) -> dict[str, Any]:
    """Periods from an event's first to the first alarm downward, and what the alarm says."""
    frame = values.to_frame()
    frame.columns = pd.MultiIndex.from_tuples([("city", "all")], names=["area_id", "category"])
    frame.index = pd.DatetimeIndex(frame.index, freq=freq, name="period")
    alarms = warnings_of(series_of(frame, freq=freq), alarms_per_week=math.inf).alarms
    later = sorted(
        (each for each in alarms if each.until >= since and each.direction == "down"), key=lambda each: each.until
    )
    delay = float(len(frame.loc[since : later[0].until]) - 1) if later else math.nan
    row = _row(name, delay, math.nan, math.nan, unit=unit)
    return row | {"alarm": str(later[0].sentence) if later else "", "alarms": len(alarms)}


@dataclass(frozen=True, eq=False)
class Run:
    """What was planted, which of it was found, and how many alarms were of nothing over how many series-years."""

    spells: tuple[Spell, ...]
    hits: tuple[bool, ...]
    false: int
    years: float


def _run(city: City, how: str, *, each: int = 60, alarms_per_week: float = math.inf) -> Run:
    spells = spells_in(city, each=each)
    result = warnings_of(series_of(planted(city, spells, how)), alarms_per_week=alarms_per_week)
    return _judged(city, spells, result)


def _judged(city: City, spells: Sequence[Spell], result: Warnings) -> Run:
    """An alarm belongs to a spell when it is of its column, and its period ends in the spell or up to two days after."""
    columns = city.values.columns
    days = city.values.index[-len(city.spread) :]
    bounds = [(columns[each.column], days[each.start], days[each.start + each.days - 1 + GRACE]) for each in spells]
    areas = [alarm for alarm in result.alarms if alarm.area_id != "city"]
    hits = tuple(
        any(_of(alarm, name) and begin <= alarm.until <= end for alarm in areas) for name, begin, end in bounds
    )
    own = [
        any(_of(alarm, name) and alarm.until >= begin and alarm.since <= end for name, begin, end in bounds)
        for alarm in areas
    ]
    return Run(tuple(spells), hits, own.count(False), len(columns) * len(days) / 365.25)


def _of(alarm: Alarm, name: tuple[str, str]) -> bool:
    return (alarm.area_id, alarm.category) == name


def _recalls(how: str, runs: Sequence[Run]) -> list[dict[str, Any]]:
    """The recall of each kind of spell over all runs."""
    pairs = [pair for run in runs for pair in zip(run.spells, run.hits, strict=True)]
    return [
        _share(f"warning_recall_{how}_{strength:g}sd_{days}days", [hit for spell, hit in pairs if spell.days == days])
        for strength, days in KINDS
    ]


def _share(name: str, hits: Sequence[bool]) -> dict[str, Any]:
    """A share in per cent with Wilson's interval."""
    interval = stats.binomtest(sum(hits), len(hits)).proportion_ci(method="wilson")
    return _row(name, 100 * sum(hits) / len(hits), 100 * interval.low, 100 * interval.high, unit="%")


def _row(
    name: str, ours: float, low: float, high: float, *, unit: str, goal: float | None = None, holds: bool | None = None
) -> dict[str, Any]:
    return {
        "name": name, "ours": float(ours), "peer": None, "peer_name": None, "unit": unit, "ratio": None,
        "low": float(low), "high": float(high), "goal": goal, "holds": holds,
    }  # fmt: skip


def _unplanted(cities: Sequence[City]) -> list[dict[str, Any]]:
    """False alarms where nothing is planted, of areas and of the city's totals, and the time that one watch takes."""
    began = time.perf_counter()
    results = [warnings_of(series_of(city.values), alarms_per_week=math.inf) for city in cities]
    seconds = (time.perf_counter() - began) / len(cities)
    answer = []
    for what, width in (("areas", cities[0].values.shape[1]), ("totals", 4)):
        rates = [
            sum((alarm.area_id == "city") == (what == "totals") for alarm in result.alarms) / width
            for result in results
        ]
        answer.append(
            _row(f"warning_false_unplanted_{what}", np.mean(rates), min(rates), max(rates), unit="a series and year")
        )
    return [*answer, _row("warning_seconds", seconds, math.nan, math.nan, unit="s")]


def _under_ceiling(cities: Sequence[City]) -> dict[str, Any]:
    """The recall that is left under the usual ceiling of three alarms a week, with a spell every other week."""
    runs = [_run(city, "added", each=SPELLS_A_YEAR // 2, alarms_per_week=3.0) for city in cities]
    return _share("warning_recall_added_under_ceiling", [hit for run in runs for hit in run.hits])


def _oracles(cities: Sequence[City]) -> list[dict[str, Any]]:
    """The recall of redrawn spells by the likelihood ratio that knows everything, at one false alarm a series and year."""
    answer = []
    for strength, days in KINDS:
        hits = np.concatenate([oracle_hits(city, strength, days) for city in cities])
        answer.append(_share(f"warning_recall_oracle_redrawn_{strength:g}sd_{days}days", hits.tolist()))
    return answer
