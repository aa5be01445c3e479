"""Promises of decisions to leave all as it is, made on past days with only what was known, beside what came."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analytics.decisions import Outcome, outcomes_of, promises_of, reliability_of
from analytics.recipes import recipe_of
from analytics.requests import CityRequest, ComparisonRequest
from analytics.scenarios import Scenario
from benchmarks.forecasting.sets import chicago, data_folder
from benchmarks.rows import Row
from data import City, open_city
from data.past import as_known_on

__all__ = ["rows"]

MONTHS = 3  # that each decision looks ahead, so that one ends where the next of its series begins
DRAWS = 200
# By city and series: the first day on which somebody decides, and how often; every day looks back on two years or more.
DAYS = {
    ("meridian", "service_requests"): ("2024-10-01", 7),
    ("meridian", "repairs"): ("2025-07-01", 4),
    ("chicago", "sanitation_requests"): ("2013-01-01", 8),
    ("chicago", "district_crime"): ("2010-01-01", 41),
}


def rows(*, quick: bool = False) -> Iterator[Row]:
    """What share of the promises lay in the ranges that were stated for 8 in 10 and for 19 in 20 futures."""
    found: dict[str, list[Outcome]] = {}
    decisions = 0
    for (key, series), (first, times) in DAYS.items():
        if key == "chicago" and not data_folder().is_dir():
            continue
        city = chicago() if key == "chicago" else open_city(key)
        for day in pd.date_range(first, periods=2 if quick else times, freq=f"{MONTHS}MS"):
            decisions += 1
            for outcome in _kept(city, series, day):
                found.setdefault(f"{key} {series}", []).append(outcome)
    everything = [each for outcomes in found.values() for each in outcomes]
    primary = [each for each in everything if each.promise.measure == "demand"]
    shares = {name: reliability_of(each) for name, each in found.items()}
    parts = "; ".join(f"{name} {each.inside80} of {each.n}" for name, each in shares.items())
    yield from _rows("promises", primary, note=f"{decisions} decisions; all measures: {parts}")
    yield from _rows(
        "promises_all_measures", everything, note="demand and its busiest month, which are not independent"
    )


def _kept(city: City, series: str, day: pd.Timestamp) -> tuple[Outcome, ...]:
    options = (Scenario("Today"), Scenario("Less", levers={"demand.change": -0.05}))
    request = ComparisonRequest(
        CityRequest(city.key), scenarios=options, question="demand", series=series, subject=series, periods=MONTHS,
        freq="MS", draws=DRAWS,
    )  # fmt: skip
    past = as_known_on(city, day)
    found = request.answer(past)
    recipe = recipe_of(request, found)
    return outcomes_of(promises_of(found, option="Today"), recipe, city)


def _rows(name: str, outcomes: list[Outcome], *, note: str) -> Iterator[Row]:
    found = reliability_of(outcomes)
    inside, whole = 100 * found.inside80 / max(found.n, 1), 100 * found.inside95 / max(found.n, 1)
    low, high = (100 * each for each in found.range80)
    about = f"{found.inside80} of {found.n} in the 80 % range [{low:.0f}, {high:.0f}], {whole:.0f} % in the 95 % range; {note}"
    yield Row(f"{name}_inside_80", abs(inside - 80), "points from 80 %", 5, note=f"{inside:.1f} %: {about}")
