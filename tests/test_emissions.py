"""Fuel by speed and a bus's nitrogen oxides: the published figures, their least, and what is held beyond the known speeds."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from analytics.environment import bus_emission, clipped_speeds, co2, fuel
from analytics.environment.emissions import VEHICLES, known_speeds
from tests.conftest import REAL_DATA

SPEEDS = np.array([10.0, 30.0, 50.0, 70.0, 90.0, 120.0])
FOLDER = REAL_DATA / "engines" / "environment"


def test_fuel_is_the_data_books() -> None:
    assert fuel(SPEEDS).round(4).tolist() == [0.1554, 0.0811, 0.0684, 0.0663, 0.0690, 0.0788]
    assert fuel(SPEEDS, "diesel_car").round(4).tolist() == [0.1060, 0.0650, 0.0541, 0.0506, 0.0521, 0.0623]


@pytest.mark.parametrize(("kind", "best"), [("petrol_car", 67), ("diesel_car", 73)])
def test_the_least_fuel_is_burnt_between_slow_and_fast(kind: str, best: int) -> None:
    speeds = np.arange(10, 121)
    assert speeds[fuel(speeds, kind).argmin()] == best


def test_buses_emit_as_the_guidebook_says() -> None:
    speeds = np.array([12.0, 20.0, 30.0, 50.0])
    assert bus_emission(speeds, "III").round(3).tolist() == [17.287, 11.284, 8.427, 6.044]
    assert bus_emission(speeds, "V").round(3).tolist() == [13.347, 8.670, 5.671, 2.897]
    assert bus_emission(speeds).round(3).tolist() == [0.803, 0.552, 0.383, 0.203]


def test_a_litre_makes_its_carbon_dioxide() -> None:
    assert co2([1.0, 2.0]).round(3).tolist() == [2.348, 4.695]
    assert float(co2(1.0, "diesel_car")) == pytest.approx(10.180 / 3.785411784)


def test_speeds_beyond_the_known_are_held_and_counted() -> None:
    assert fuel([0.0, 3.0]).tolist() == [float(fuel(10.0))] * 2
    assert float(fuel(200.0)) == float(fuel(120.0)) > float(fuel(119.0))
    assert float(bus_emission(2.0)) == float(bus_emission(5.0)) != float(bus_emission(6.0))
    assert float(bus_emission(2.0, "III")) == float(bus_emission(11.0, "III"))
    assert known_speeds("petrol_car") == (10.0, 120.0)
    assert known_speeds("III", "NOx") == (11.0, 86.0)
    assert clipped_speeds([9.9, 10.0, 120.0, 120.1, math.nan]) == 0.5
    assert clipped_speeds([5.0, 85.0], known_speeds("VI", "NOx")) == clipped_speeds([math.nan]) == 0.0


def test_what_has_no_factor_is_refused() -> None:
    for call in (lambda: fuel(50.0, "rocket"), lambda: bus_emission(50.0, "IX"), lambda: known_speeds("rocket")):
        with pytest.raises(KeyError):
            call()


@pytest.mark.skipif(not FOLDER.exists(), reason=f"no test data at {FOLDER}")
def test_the_coefficients_are_those_of_the_files() -> None:
    table = pd.read_csv(FOLDER / "fuel_consumption_by_speed.csv").set_index("vehicle")
    names = dict(zip(VEHICLES, table.index, strict=True))
    assert {ours[:6] for ours in names} == {"petrol", "diesel", "lorry_", "bus"}
    v = 37.0
    for ours, theirs in names.items():
        a, b, c, d = table.loc[theirs]
        assert float(fuel(v, ours)) == pytest.approx((a + b * v + c * v**2 + d * v**3) / v)
    buses = pd.read_csv(FOLDER / "emep_bus_coefficients.csv")
    chosen = buses[(buses.fuel == "D") & (buses.pol == "NOx")]
    for euro, technology in (("III", "-"), ("V", "SCR"), ("VI", "DPF+SCR")):
        [row] = chosen[(chosen.euro == euro) & (chosen.technology == technology)].itertuples()
        above = row.alpha * v**2 + row.beta * v + row.gamma + row.delta / v
        expected = above / (row.epsilon * v**2 + row.zita * v + row.hta) * (1 - row.rf) * row.k
        assert float(bus_emission(v, euro)) == pytest.approx(expected)
        assert known_speeds(euro, "NOx") == (row.vmin, row.vmax)
