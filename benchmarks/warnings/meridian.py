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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from analytics.monitoring.warnings import Alarm, Warnings, warnings_of
from benchmarks.rows import Row, cost_of
from benchmarks.warnings.planted_spells import (
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

__all__ = ["rows", "share"]

SEEDS = (201, 202, 203, 204, 205)
RECALL_GOAL = 90.0  # per cent
SECONDS_GOAL = 20.0
FEW = 2  # cities in which less is measured
SPELLS_A_YEAR = 26  # under the ceiling: a city in which something happens every other week


def rows(*, quick: bool = False) -> Iterator[Row]:
    """The measurements; ``quick`` takes one seed."""
    cities = [city_of(seed) for seed in (SEEDS[:1] if quick else SEEDS)]
    few = cities[:FEW]
    found = {"added": [_run(city, "added") for city in cities]}
    found |= {how: [_run(city, how) for city in few] for how in ("redrawn", "down")}
    recalls = {how: _recalls(how, runs) for how, runs in found.items()}
    headline = min(recalls["added"], key=lambda row: row.ours)
    yield replace(headline, name="warning_recall", goal=RECALL_GOAL, most=False, on_point=True)
    hit = sum(run.false for run in found["added"])
    years = sum(run.years for run in found["added"])
    low, high = stats.chi2.ppf(0.025, 2 * hit) / 2 / years, stats.chi2.ppf(0.975, 2 * hit + 2) / 2 / years
    yield Row("warning_false_per_year", hit / years, "a series and year", FALSE_GOAL, low=low, high=high)
    for own in recalls.values():
        yield from own
    yield from _unplanted(few)
    yield from _oracles(few)
    yield _under_ceiling(few)


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


def _recalls(how: str, runs: Sequence[Run]) -> list[Row]:
    """The recall of each kind of spell over all runs."""
    pairs = [pair for run in runs for pair in zip(run.spells, run.hits, strict=True)]
    return [
        share(f"warning_recall_{how}_{strength:g}sd_{days}days", [hit for spell, hit in pairs if spell.days == days])
        for strength, days in KINDS
    ]


def share(name: str, hits: Sequence[bool], *, goal: float | None = None, note: str = "") -> Row:
    """A share in per cent with Wilson's interval, judged on the point against the least that it may be."""
    interval = stats.binomtest(int(sum(hits)), len(hits)).proportion_ci(method="wilson")
    low, high = float(100 * interval.low), float(100 * interval.high)
    ours = 100 * sum(hits) / len(hits)
    return Row(name, ours, "%", goal, most=False, low=low, high=high, on_point=True, note=note)


def _unplanted(cities: Sequence[City]) -> Iterator[Row]:
    """False alarms where nothing is planted, of areas and of the city's totals, and the time that one watch takes."""
    found = [
        cost_of(lambda city=city: warnings_of(series_of(city.values), alarms_per_week=math.inf)) for city in cities
    ]
    for what, width in (("areas", cities[0].values.shape[1]), ("totals", 4)):
        rates = [
            sum((alarm.area_id == "city") == (what == "totals") for alarm in result.alarms) / width
            for result, _ in found
        ]
        yield Row(
            f"warning_false_unplanted_{what}", float(np.mean(rates)), "a series and year",
            low=min(rates), high=max(rates),
        )  # fmt: skip
    yield Row("warning_seconds_meridian", float(np.mean([seconds for _, seconds in found])), "s of CPU", SECONDS_GOAL)


def _under_ceiling(cities: Sequence[City]) -> Row:
    """The recall that is left under the usual ceiling of three alarms a week, with a spell every other week."""
    runs = [_run(city, "added", each=SPELLS_A_YEAR // 2, alarms_per_week=3.0) for city in cities]
    return share("warning_recall_added_under_ceiling", [hit for run in runs for hit in run.hits])


def _oracles(cities: Sequence[City]) -> Iterator[Row]:
    """The recall of redrawn spells by the likelihood ratio that knows everything, at one false alarm a series and year."""
    for strength, days in KINDS:
        hits = np.concatenate([oracle_hits(city, strength, days) for city in cities])
        yield share(f"warning_recall_oracle_redrawn_{strength:g}sd_{days}days", hits.tolist())
