"""What a city states in its own file: what things cost, and which areas it speaks of by one name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tiny_city import TOML, write_city

from analytics.scenarios.framing import study_of
from analytics.scenarios.money import annuity, present_value_factor, unit_cost
from analytics.streams import Streams
from data import Cost, Region, open_city
from data.errors import CityFileError
from data.tables import Every

COST = """
[costs.crew]
title = "A crew"
amount = 320000
low = 290000
high = 380000
unit = "crew"
every = "year"
year = 2026
currency = "CZK"
source = "The budget of 2026, page 12"
"""
REGION = """
[regions.centre]
title = "The centre"
areas = "ward"
members = ["2"]
"""


def opened(folder: Path, more: str) -> dict[str, object]:
    city = open_city(write_city(folder, toml=TOML + more))
    return {**city.of("costs"), **city.of("regions")}


def test_a_cost_says_how_much_of_what_how_often_and_from_where(tmp_path: Path) -> None:
    cost = opened(tmp_path, COST)["crew"]
    assert isinstance(cost, Cost)
    assert (cost.low, cost.amount, cost.high) == (290_000, 320_000, 380_000)
    assert (cost.unit, cost.every, cost.year, cost.currency) == ("crew", Every.YEAR, 2026, "CZK")
    assert cost.provenance.as_of is None  # prices of 2026 are no data to the end of 2026
    assert cost.provenance.origin == "The budget of 2026, page 12"
    assert cost.provenance.fingerprint != replace(cost, amount=310_000.0).provenance.fingerprint


def test_without_a_range_a_cost_is_certain(tmp_path: Path) -> None:
    cost = opened(tmp_path, COST.replace("low = 290000\nhigh = 380000\n", ""))["crew"]
    assert isinstance(cost, Cost)
    assert cost.low == cost.amount == cost.high


@pytest.mark.parametrize(
    ("written", "instead", "sentence"),
    [
        ('currency = "CZK"\n', "", "lacks the key “currency”"),
        ('"CZK"', '"EUR"', "is in “EUR”, but the city counts in “CZK”: convert it"),
        ("low = 290000", "low = 330000", "low is 330,000, amount 320,000 and high 380,000, but must rise"),
        ("high = 380000", "high = 1", "must rise in this order"),
        ("low = 290000", "low = -1", "from 0 up"),
        ("amount = 320000", 'amount = "much"', "must be a number"),
        ("year = 2026", "year = 26", "must be the year of the prices, from 1900 to 2100"),
        ('every = "year"', 'every = "day"', "must be one of once, year and hour"),
        ('source = "The budget of 2026, page 12"\n', "", "lacks the key “source”"),
    ],
)
def test_a_slip_in_a_cost_gets_one_sentence(tmp_path: Path, written: str, instead: str, sentence: str) -> None:
    with pytest.raises(CityFileError, match=sentence):
        opened(tmp_path, COST.replace(written, instead))


def test_draws_of_a_cost_keep_to_its_range_on_both_sides(tmp_path: Path) -> None:
    city = open_city(write_city(tmp_path, toml=TOML + COST))
    study = study_of(city, periods=2, freq="D", draws=10_000)
    drawn = unit_cost(study, "crew", Streams(seed=3, draws=10_000))
    assert drawn is not None
    found = np.quantile(drawn.to_numpy(), [0.025, 0.5, 0.975])
    assert found == pytest.approx([290_000, 320_000, 380_000], rel=0.01)
    assert unit_cost(study, "desk", Streams(seed=3, draws=100)) is None


def test_a_factor_is_the_green_books(tmp_path: Path) -> None:
    # HM Treasury, The Green Book (2022), annex 6: 3.5 % a year for the first 30 years.
    assert [round(present_value_factor(year, 0.035), 4) for year in (1, 5, 10, 20, 30)] == [
        0.9662, 0.8420, 0.7089, 0.5026, 0.3563,
    ]  # fmt: skip
    assert annuity(20, 0.07) / 1.07 == pytest.approx(10.5940, abs=5e-5)


def test_a_region_names_areas_of_one_layer(tmp_path: Path) -> None:
    assert opened(tmp_path, REGION)["centre"] == Region("centre", "The centre", "ward", ("2",))


@pytest.mark.parametrize(
    ("written", "instead", "sentence"),
    [
        ('["2"]', '["7"]', "names the area “7”, which the areas “ward” do not have: name some like 1 and 2"),
        ('["2"]', "[]", "has no areas: name at least one"),
        ('["2"]', '"2"', "must be a list of texts in quotes"),
        ('"ward"\nmembers', '"wards"\nmembers', "names the areas “wards”, but the layers are ward"),
    ],
)
def test_a_slip_in_a_region_gets_one_sentence(tmp_path: Path, written: str, instead: str, sentence: str) -> None:
    with pytest.raises(CityFileError, match=sentence):
        opened(tmp_path, REGION.replace(written, instead))
