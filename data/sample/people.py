"""Who lives and works in Meridian: population and jobs by area and year, and the shares of groups."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.sample.draws import normals
from data.sample.plan import CENTRE, PLAN_SEED, plan_of_meridian

__all__ = ["BASE_YEAR", "YEARS", "drivers", "group_shares"]

Floats = npt.NDArray[np.float64]

YEARS = tuple(range(2019, 2027))
BASE_YEAR = 2022
PEOPLE = 600_000
JOBS = 310_000
# Where jobs gather besides the centre, in metres east and north of it: the port, a business park and a college.
WORKPLACES = {(0, 0): 1.0, (-5_200, -3_600): 0.3, (5_200, 3_300): 0.3, (1_600, -2_100): 0.2}
# Yearly growth that a district has beside the city's own: the port loses people and work, the meadows are built on.
GROWTH = {
    "population": {"D1": 0.012, "D6": 0.006, "D7": -0.030, "D8": 0.034, "D9": 0.010, "D3": -0.006},
    "jobs": {"D1": -0.012, "D4": 0.034, "D5": 0.022, "D6": 0.010, "D7": -0.032, "D9": -0.014},
}
CITY_GROWTH = {"population": 0.008, "jobs": 0.010}
# Neighbourhoods differ by this much in yearly growth: enough, over five years, to tell an elasticity of .3 from none.
GROWTH_SPREAD = {"population": 0.018, "jobs": 0.030}
# Single years stray by this much: small beside growth, so that a value of the year's middle may stand for the year.
YEAR_SPREAD = {"population": 0.003, "jobs": 0.008}


@cache
def drivers() -> Mapping[str, pd.DataFrame]:
    """``population`` (persons) and ``jobs``: frames of year × area_id, as they stand in the middle of the year."""
    plan = plan_of_meridian()
    districts = plan.neighbourhoods["parent_id"]
    base = {"population": _population(), "jobs": _jobs()}
    frames = {}
    for number, (name, start) in enumerate(base.items()):
        rate = CITY_GROWTH[name] + districts.map(GROWTH[name]).fillna(0.0).to_numpy(dtype=float)
        rate = rate + GROWTH_SPREAD[name] * normals(PLAN_SEED, f"growth/{number}", len(start))
        years = np.array(YEARS)[:, None] - BASE_YEAR
        stray = YEAR_SPREAD[name] * normals(PLAN_SEED, f"years/{number}", (len(YEARS), len(start)))
        values = np.round(start * np.exp(rate * years + stray))
        frames[name] = pd.DataFrame(values, index=pd.Index(YEARS, name="year"), columns=plan.neighbourhoods.index)
    return frames


def _population() -> Floats:
    """Dense around the centre, thinner within it (offices) and outward; ``PEOPLE`` in all."""
    areas = plan_of_meridian().neighbourhoods
    distance = areas["distance"].to_numpy(dtype=float)
    density = np.exp(-distance / 4_800) * (1 - 0.4 * np.exp(-((distance / 1_100) ** 2)))
    people = density * areas.area.to_numpy() * np.exp(0.15 * normals(PLAN_SEED, "population", len(areas)))
    return np.asarray(PEOPLE * people / people.sum())


def _jobs() -> Floats:
    """Gathered at the workplaces, and some wherever people live; ``JOBS`` in all."""
    areas = plan_of_meridian().neighbourhoods
    near = sum(weight * _closeness(location, reach=1_200) for location, weight in WORKPLACES.items()) + 0.04
    jobs = near * areas.area.to_numpy() * np.exp(0.2 * normals(PLAN_SEED, "jobs", len(areas)))
    return np.asarray(JOBS * jobs / jobs.sum())


def _closeness(location: tuple[int, int], *, reach: float) -> Floats:
    """1 at a location (metres east and north of the centre), falling to 0 far from it, by area."""
    middle = plan_of_meridian().neighbourhoods.centroid
    away = np.hypot(middle.x - CENTRE[0] - location[0], middle.y - CENTRE[1] - location[1]).to_numpy()
    return np.asarray(np.exp(-away / reach))


@cache
def group_shares() -> pd.DataFrame:
    """Shares of residents (0 to 1) by area_id: older people in the suburbs, low incomes around the port and the east.

    Disability goes with both, as it does in most cities, so the three groups overlap without being the same.
    """
    areas = plan_of_meridian().neighbourhoods
    noise = normals(PLAN_SEED, "groups", (3, len(areas)))
    over_65 = 0.13 + 0.10 * areas["distance"].to_numpy() / 8_000 + 0.02 * noise[0]
    poor = 0.11 + 0.26 * _closeness((-4_600, -3_400), reach=2_500) + 0.18 * _closeness((4_200, 600), reach=1_800)
    low_income = np.clip(poor + 0.025 * noise[1], 0.03, 0.6)
    disabled = 0.03 + 0.20 * over_65 + 0.18 * low_income + 0.01 * noise[2]
    shares = {"share_over_65": over_65, "share_disabled": disabled, "share_low_income": low_income}
    return pd.DataFrame(shares, index=areas.index).round(3)
