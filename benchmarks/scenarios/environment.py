"""Energy, heat, fuel and air against what was published, computed before or planted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
import pandas as pd

from analytics.environment import bus_emission, energy_demand, excess_in_heat, fuel, roadside_relation
from analytics.monitoring.warnings import warnings_of
from benchmarks.rows import Row, cost_of
from data import City, open_city
from data.sample import make_sample, sample_traffic, truth
from data.sample.air import air_truth, write_air

__all__ = ["rows"]

ROOT = Path(__file__).parent.parent.parent
REAL = Path(os.environ.get("CIVICAST_TEST_DATA", ROOT.parent / "shared" / "data"))
CHICAGO = ROOT / "tests" / "cities" / "chicago.toml"
SEEDS, QUICK_SEEDS = 20, 4


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Emissions by their formulas, Chicago's load and its July of 1995, and what is planted in Meridian over several chances."""
    yield Row("fuel_petrol_50", abs(float(fuel(50.0)) - 0.0684), "l/km from .0684", 5e-5, note="WebTAG A1.3.8")
    speeds = np.arange(10, 121)
    yield Row("fuel_petrol_least", float(speeds[fuel(speeds).argmin()]), "km/h", 67)
    yield Row("bus_nox_euro6_50", abs(float(bus_emission(50.0)) - 0.203), "g/km from .203", 5e-4, note="EMEP/EEA 2019")
    if REAL.is_dir():
        with (
            TemporaryDirectory() as home,
            patch.dict(os.environ, {"CIVICAST_HOME": home, "CIVICAST_TEST_DATA": str(REAL)}),
        ):
            yield from _chicago(open_city(CHICAGO))
    with TemporaryDirectory() as folder, patch.dict(os.environ, {"CIVICAST_HOME": f"{folder}/home"}):
        city = make_sample(Path(folder) / "city")
        found = [_meridian(city, seed) for seed in range(QUICK_SEEDS if quick else SEEDS)]
    for name in ("balance", "above", "excess", "roadside"):
        inside = [each[name] for each in found]
        note = f"{sum(inside)} of {len(inside)} intervals of 95 % hold what is planted, each with another chance"
        yield Row(f"planted_{name}_covered", float(np.mean(inside)), "share", 0.85, most=False, note=note)


def _chicago(city: City) -> Iterator[Row]:
    energy, seconds = cost_of(
        lambda: energy_demand(
            city.series["electricity"], city.of("regressors")["air_temperature"], since=pd.Timestamp("2014-01-01"),
            until=pd.Timestamp("2017-12-31"),
        )
    )  # fmt: skip
    balance, above = energy.terms.loc["balance"], energy.terms.loc["above"]
    note = f"[{balance['low']:.2f}, {balance['high']:.2f}], R² {energy.r2:.3f}, {seconds:.1f} s of CPU with the file"
    yield Row(
        "comed_balance_point", abs(balance["estimate"] - 61), "°F from 61", 2, note=f"{balance['estimate']:.2f} {note}"
    )
    note = f"{above['estimate']:.1f} MW/°F [{above['low']:.1f}, {above['high']:.1f}]"
    yield Row("comed_above", abs(above["estimate"] / 275.9 - 1), "share from 275.9 MW/°F", 0.05, note=note)
    deaths = city.series["deaths"]
    heat = excess_in_heat(deaths, days=(pd.Timestamp("1995-07-14"), pd.Timestamp("1995-07-20"))).spells.iloc[0]
    note = f"{heat['excess']:.0f} [{heat['low']:.0f}, {heat['high']:.0f}]; Whitman et al. 1997: 739"
    yield Row("july_1995_excess", abs(heat["excess"] / 834 - 1), "share from 834", 0.03, note=note)
    warned = warnings_of(deaths, until=pd.Timestamp("1995-07-20"))
    july = [each.since for each in warned.alarms if each.until >= pd.Timestamp("1995-07-01") and each.direction == "up"]
    late = (min(july) - pd.Timestamp("1995-07-14")).days if july else 99
    yield Row(
        "july_1995_found_after",
        float(late),
        "days after 14 July",
        0,
        note=f"{len(warned.alarms)} alarms in the year before",
    )


def _meridian(path: Path, seed: int) -> dict[str, bool]:
    """Which intervals hold the truth in Meridian's air, load and calls as another chance draws them beside the same traffic."""
    planted, traffic = air_truth(truth().traffic), truth().traffic
    write_air(path.parent, traffic, sample_traffic(), seed=seed)
    city = open_city(path)
    terms = energy_demand(city.series["electricity"], city.of("regressors")["temperature"], seed=seed).terms
    first, last = (pd.Timestamp(day) for day in planted.spells[0])
    days = (first + pd.Timedelta(days=1), last + pd.Timedelta(days=3))
    heat = excess_in_heat(city.series["ambulance_calls"], days=days).spells.iloc[0]
    excess = planted.excess * planted.calls_a_day * ((days[1] - days[0]).days + 1)
    road = roadside_relation(city.of("monitors")["roadside_a01"], seed=seed)
    return {
        "balance": bool(terms.loc["balance", "low"] <= planted.balance <= terms.loc["balance", "high"]),
        "above": bool(terms.loc["above", "low"] <= planted.above <= terms.loc["above", "high"]),
        "excess": bool(heat["low"] <= excess <= heat["high"]),
        "roadside": bool(road.low <= dict(planted.per_vehicle)["A01"] <= road.high),
    }
