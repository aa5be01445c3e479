"""Ten decisions whose answer hangs on what must be estimated, and what their options would truly bring.

Sizes are drawn by city, about where an official who looks at last year's totals would see a tie: so that chances spread
from 0 to 1 and are not all certain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analytics.scenarios import Scenario
from benchmarks.fresh_cities import SERIES, Array, FreshCity
from data.sample.draws import uniforms

__all__ = ["DECISIONS", "Decision", "outcome"]

Make = Callable[[FreshCity, int], "Decision"]
DRIVERS = ("population", "jobs")
MONTHS = 12


@dataclass(frozen=True)
class Decision:
    """Two options and the measure that they are compared on."""

    measure: str
    first: Scenario
    second: Scenario


def outcome(fresh: FreshCity, table: pd.DataFrame, option: Scenario) -> dict[str, float]:
    """What an option brings if the planted elasticities hold, by measure.

    Parameters
    ----------
    fresh : the city.
    table : requests if nothing is done, month × (area_id, category).
    option : growth arrives evenly over the year, as the option promises; a change of a category holds from the start.

    Returns
    -------
    Demand of the year, that of the busiest month, and demand for 1,000 residents, each month by its own residents.
    """
    areas, kinds = (table.columns.get_level_values(level) for level in ("area_id", "category"))
    come = (np.arange(MONTHS) + 1) / MONTHS
    factor = np.ones(table.shape)
    for driver in DRIVERS:
        growth = _each(option.levers.get(f"{driver}.growth", 0.0), areas)
        factor *= (1 + come[:, None] * growth) ** fresh.planted.elasticities[driver]
    city = (table.to_numpy() * factor * (1 + _each(option.levers.get("demand.change", 0.0), kinds))).sum(axis=1)
    people = fresh.city.areas[fresh.city.series[SERIES].layer].frame["population"]
    grown = 1 + come[:, None] * _each(option.levers.get("population.growth", 0.0), people.index)
    return {
        "demand": float(city.sum()),
        "busiest": float(city.max()),
        "per_resident": float((1000 * city / (grown * people.to_numpy()).sum(axis=1)).sum()),
    }


def _each(value: Any, keys: pd.Index) -> Array:
    if not isinstance(value, Mapping):
        return np.full(len(keys), float(value))
    return np.array([float(value.get(key, 0.0)) for key in keys])


def _between(number: int, what: str, low: float, high: float) -> float:
    return low + (high - low) * float(uniforms(number, f"decisions/{what}", 1)[0])


def _last_year(fresh: FreshCity, level: str) -> pd.Series:
    values = fresh.city.series[SERIES].values.iloc[-MONTHS:].sum()
    return values.groupby(level=level).sum()


def _two_sides(fresh: FreshCity, number: int) -> tuple[list[str], list[str]]:
    """The areas split by chance into two sides."""
    ids = list(fresh.city.series[SERIES].area_ids)
    order = np.argsort(uniforms(number, "decisions/sides", len(ids)), kind="stable")
    half = len(ids) // 2
    return [ids[place] for place in order[:half]], [ids[place] for place in order[half:]]


def _residents_or_jobs(fresh: FreshCity, number: int) -> Decision:
    growth = _between(number, "a", 0.02, 0.08)
    more = growth * _between(number, "a/times", 0.5, 4.0)
    return Decision("demand", _option("homes", population=growth), _option("offices", jobs=more))


def _homes_here_or_there(fresh: FreshCity, number: int) -> Decision:
    here, there = _two_sides(fresh, number)
    totals = _last_year(fresh, "area_id")
    growth = _between(number, "b", 0.03, 0.10)
    more = growth * totals[here].sum() / totals[there].sum() * _between(number, "b/times", 0.95, 1.05)
    first, second = dict.fromkeys(here, growth), dict.fromkeys(there, float(more))
    return Decision("demand", _option("here", population=first), _option("there", population=second))


def _homes_here_or_jobs_there(fresh: FreshCity, number: int) -> Decision:
    here, there = _two_sides(fresh, number + 1)
    growth = _between(number, "c", 0.03, 0.10)
    more = growth * _between(number, "c/times", 0.5, 4.0)
    first, second = dict.fromkeys(here, growth), dict.fromkeys(there, more)
    return Decision("demand", _option("homes here", population=first), _option("jobs there", jobs=second))


def _refuse_or_lamps(fresh: FreshCity, number: int, measure: str = "demand") -> Decision:
    totals = _last_year(fresh, "category")
    less = _between(number, "d", 0.05, 0.20)
    ratio = totals["refuse"] / totals["street_lighting"] * _between(number, "d/times", 0.9, 1.1)
    first, second = {"refuse": -less}, {"street_lighting": -float(min(0.8, less * ratio))}
    return Decision(measure, _option("less refuse", change=first), _option("fewer lamps", change=second))


def _refuse_or_lamps_at_the_peak(fresh: FreshCity, number: int) -> Decision:
    return _refuse_or_lamps(fresh, number + 7, measure="busiest")


def _does_saving_make_up_for_growth(fresh: FreshCity, number: int) -> Decision:
    totals = _last_year(fresh, "category")
    growth = _between(number, "e", 0.03, 0.10)
    saved = growth * _between(number, "e/times", 0.1, 0.9) * totals.sum() / totals["graffiti"]
    both = _option("homes, less graffiti", population=growth, change={"graffiti": -float(saved)})
    return Decision("demand", _option("today"), both)


def _more_for_each_resident(fresh: FreshCity, number: int) -> Decision:
    growth = _between(number, "f", 0.03, 0.10)
    more = growth * _between(number, "f/times", 0.0, 1.5)
    return Decision("per_resident", _option("today"), _option("both grow", population=growth, jobs=more))


def _homes_or_refuse_at_the_peak(fresh: FreshCity, number: int) -> Decision:
    totals = _last_year(fresh, "category")
    growth = _between(number, "g", 0.03, 0.10)
    more = growth * _between(number, "g/times", 0.1, 1.5) * totals.sum() / totals["refuse"]
    return Decision("busiest", _option("homes", population=growth), _option("refuse", change={"refuse": float(more)}))


def _graffiti_or_jobs(fresh: FreshCity, number: int) -> Decision:
    totals = _last_year(fresh, "category")
    growth = _between(number, "h", 0.05, 0.20)
    more = growth * _between(number, "h/times", -0.1, 0.8) / 2 * totals.sum() / totals["graffiti"]
    return Decision("demand", _option("graffiti", change={"graffiti": float(more)}), _option("jobs", jobs=growth))


def _homes_come_jobs_go(fresh: FreshCity, number: int) -> Decision:
    growth = _between(number, "i", 0.03, 0.10)
    lost = min(0.4, growth * _between(number, "i/times", 0.5, 4.0))
    return Decision("demand", _option("today"), _option("homes, no jobs", population=growth, jobs=-lost))


def _option(name: str, *, population: Any = None, jobs: Any = None, change: Any = None) -> Scenario:
    levers = {"population.growth": population, "jobs.growth": jobs, "demand.change": change}
    return Scenario(name, levers={lever: value for lever, value in levers.items() if value is not None})


DECISIONS: Mapping[str, Make] = {
    "residents or jobs": _residents_or_jobs,
    "homes here or there": _homes_here_or_there,
    "homes here or jobs there": _homes_here_or_jobs_there,
    "refuse or lamps": _refuse_or_lamps,
    "refuse or lamps at the peak": _refuse_or_lamps_at_the_peak,
    "does a saving make up for growth": _does_saving_make_up_for_growth,
    "more for each resident": _more_for_each_resident,
    "homes or refuse at the peak": _homes_or_refuse_at_the_peak,
    "graffiti or jobs": _graffiti_or_jobs,
    "homes come, jobs go": _homes_come_jobs_go,
}
