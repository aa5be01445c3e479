"""Sites: what a file of places becomes, and what opening and closing them does, worked out by hand and by trying all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import xarray as xr
from tiny_city import EAST, TOML, WEST, write_city

from analytics.errors import ScenarioError
from analytics.scenarios import Scenario, compare
from analytics.scenarios.engines.sites.engine import CAPACITY, OPEN, SiteChoice
from analytics.scenarios.engines.sites.measures import worst_tenth
from analytics.scenarios.engines.sites.travel import sites_of, travel_of
from analytics.scenarios.framing import study_of
from analytics.scenarios.study import Study
from data import City, Cost, Network, Sites, open_city
from data.errors import CityFileError, TableError
from data.tables.costs import Every
from tests.small_city import CRS, WARDS, provenance, small_city

SECTION = """
[sites.points]
source = "points.csv"
id = "id"
name = "title"
longitude = "lon"
latitude = "lat"
keep = { kind = ["desk", "shop"] }
existing = { kind = ["desk"] }
capacity = "a_year"
series = "requests"
reach = 2000
"""
POINTS = (
    "id,title,kind,lon,lat,a_year\n"
    f"1,First,desk,{WEST[0]},{WEST[1]},900\n"
    f"2,Second,shop,{EAST[0]},{EAST[1]},\n"
    f"2,Again,shop,{EAST[0]},{EAST[1]},5\n"
    f"3,Bench,bench,{EAST[0]},{EAST[1]},5\n"
    "4,Nowhere,shop,,50.05,5\n"
    f"5,Owing,shop,{EAST[0]},{EAST[1]},-5\n"
    "6,Abroad,desk,25.1,50.05,5\n"
    f"7,Third,desk,{EAST[0]},{EAST[1]},100\n"
    f"8,Fourth,desk,{EAST[0]},{EAST[1]},100\n"
)
# The wards of the small city are squares of a kilometre in a row, so that their middles lie at 500, 1,500 ... 11,500 m.
MIDDLES = 500.0 + 1000.0 * np.arange(len(WARDS))


def small_sites(
    places: Sequence[float], *, existing: Sequence[bool], closable: Sequence[bool] | None = None, **more: Any
) -> Sites:
    """Sites S1, S2, ... along the row of wards, by metres from its beginning."""
    ids = [f"S{number}" for number in range(1, len(places) + 1)]
    columns: dict[str, Any] = {
        "name": ids, "longitude": 15.0, "latitude": 0.0, "x": list(places), "y": 500.0, "existing": list(existing),
        "closable": list(closable or existing), "capacity": np.nan, "opening_cost": np.nan, "running_cost": np.nan,
    }  # fmt: skip
    amounts = {name: more.pop(name) for name in ("capacity", "opening_cost", "running_cost") if name in more}
    frame = pd.DataFrame(columns | amounts, index=pd.Index(ids, name="site_id"))
    known = {"series": "requests", "reach": 2000.0, "detour": 1.0} | more
    return Sites("points", "Points", frame, provenance("points", list(places)), **known)


def city_with(sites: Sites, **more: Any) -> City:
    return replace(small_city(), others={"sites": {"points": sites}, **more})


def study(city: City, *, periods: int = 2, draws: int = 100) -> Study:
    return study_of(city, question=SiteChoice.questions[0], periods=periods, draws=draws)


def run(city: City, demand: np.ndarray | None = None, *, opened: Sequence[str], change: Any = 0.0) -> dict[str, Any]:
    """What the engine writes for demand by ward, the same in all 100 draws and both months."""
    asked = study(city)
    each = np.ones(len(WARDS)) if demand is None else demand
    values = np.broadcast_to(each[None, :, None, None], (100, len(WARDS), 1, 2)).astype("float32")
    coords = {"area_id": list(WARDS), "category": ["all"], "period": asked.index}
    array = xr.DataArray(values, coords=coords, dims=("draw", "area_id", "category", "period"))
    return SiteChoice().run(asked, {OPEN: tuple(opened), CAPACITY: change}, {}, {"demand": array}, asked.streams)


def mean(city: City, found: dict[str, Any], name: str) -> float:
    measure = next(each for each in SiteChoice().declare(study(city)).writes if each.name == name)
    return float(measure.reduced(found[name], areas=city.areas["ward"]).mean())


# The table


def test_rows_that_cannot_be_used_are_set_aside_and_counted(tmp_path: Path) -> None:
    sites = open_city(write_city(tmp_path, toml=TOML + SECTION, points=POINTS)).of("sites")["points"]
    assert list(sites.frame.index) == ["1", "2", "7", "8"]
    expected = {"excluded": 1, "duplicate": 1, "no_position": 1, "negative": 1, "far_from_city": 1}
    assert sites.provenance.set_aside == expected
    assert sites.existing == sites.kept == ("1", "7", "8")
    np.testing.assert_array_equal(sites.frame["capacity"], [900.0, np.nan, 100.0, 100.0])
    assert (sites.unit, sites.detour, sites.detour_stated) == ("m", 1.3, False)
    across = sites.frame.loc["2", "x"] - sites.frame.loc["1", "x"]
    assert across == pytest.approx(7165, rel=0.01)  # a tenth of a degree at 50° north


def test_closable_sites_are_those_that_are_stated(tmp_path: Path) -> None:
    section = SECTION + 'closable = { title = ["Third"] }\n'
    sites = open_city(write_city(tmp_path, toml=TOML + section, points=POINTS)).of("sites")["points"]
    assert (sites.existing, sites.kept) == (("1", "7", "8"), ("1", "8"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("reach = 2000", "reach = 0", r"\[sites.points\]: reach is 0, but must be above 0"),
        ("reach = 2000", 'reach = 20\nreach_unit = "min"', "lacks the key “speed”"),
        ("reach = 2000", 'reach = 20\nreach_unit = "miles"', "reach_unit is “miles”, but must be one of m and min"),
        ("reach = 2000", "reach = 2000\ndetour = 0.9", "detour is 0.9, but must be from 1"),
        ("reach = 2000", 'reach = 2000\nnetwork = "rails"', "names the network “rails”, but the networks are none"),
        ('series = "requests"', 'series = "calls"', "names the series “calls”, but the series are requests"),
        ('["desk"]', '["kiosk"]', "no site is open today by kind: write under “existing”"),
    ],
)
def test_a_section_that_does_not_fit_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    section = SECTION.replace(f"existing = {{ kind = {old}", f"existing = {{ kind = {new}").replace(old, new, 1)
    if old == '["desk"]':
        section = SECTION.replace('existing = { kind = ["desk"] }', 'existing = { kind = ["kiosk"] }')
    with pytest.raises((CityFileError, TableError), match=message):
        _ = open_city(write_city(tmp_path, toml=TOML + section, points=POINTS)).of("sites")["points"]


def test_swapped_coordinates_are_refused(tmp_path: Path) -> None:
    section = SECTION.replace('"lon"', '"x"').replace('"lat"', '"lon"').replace('"x"', '"lat"')
    with pytest.raises(TableError, match=r"sites lie far from the city.*swapped"):
        _ = open_city(write_city(tmp_path, toml=TOML + section, points=POINTS)).of("sites")["points"]


# Travel


def test_travel_is_the_straight_line_times_the_detour() -> None:
    city = city_with(small_sites([500, 4500], existing=[True, False], detour=1.2))
    travel = travel_of(study(city), city.of("sites")["points"])
    np.testing.assert_allclose(travel.between, 1.2 * np.abs(MIDDLES[:, None] - np.array([500.0, 4500.0])))
    # The mean distance of places of a square from its middle is .3826 of its side.
    assert travel.spread == pytest.approx(1.2 * 382.6, rel=0.01)


def test_minutes_are_metres_at_a_speed() -> None:
    city = city_with(small_sites([500], existing=[True], unit="min", speed=6.0))
    np.testing.assert_allclose(travel_of(study(city), city.of("sites")["points"]).between[:, 0], (MIDDLES - 500) / 100)


def network(*lines: Sequence[tuple[float, float]]) -> dict[str, Network]:
    frame = gpd.GeoDataFrame(geometry=[shapely.LineString(line) for line in lines], crs=CRS)
    return {"streets": Network("streets", "Streets", frame, provenance("streets", lines))}


def test_travel_runs_along_the_network() -> None:
    """A street along the row at 500 m north with a gap that a way round by 1,500 m closes."""
    streets = network(
        [(500, 500), (4500, 500)],
        [(6500, 500), (9500, 500)],
        [(4500, 500), (4500, 1500), (6500, 1500), (6500, 500)],
        [(500, 500), (500, 900), (4500, 500)],  # longer between the same ends: never taken
        [(5500, 9000), (5600, 9000)],  # apart from all others
    )
    sites = small_sites([500, 9500], existing=[True, True], network="streets")
    city = city_with(sites)
    city = replace(city, networks=streets)
    travel = travel_of(study(city), sites)
    first, last = travel.between.T
    assert first[0] == 0.0
    assert first[4] == pytest.approx(4000)
    assert first[6] == pytest.approx(4000 + 4000)
    assert last[6] == pytest.approx(3000)
    assert first[9] == pytest.approx(4000 + 4000 + 3000)
    # The last ward lies 2,000 m beyond the street: straight from there.
    assert set(travel.off_network) == {"W12"}
    assert last[11] == pytest.approx(2000)
    assert last[10] == pytest.approx(1000)


def test_a_bridge_is_no_crossing() -> None:
    streets = network([(500, 500), (2500, 500)], [(1500, 0), (1500, 1000)], [(2500, 500), (2500, 1000), (1500, 1000)])
    sites = small_sites([500], existing=[True], network="streets")
    sites.frame.loc["S1", ["x", "y"]] = [1500.0, 0.0]
    city = replace(city_with(sites), networks=streets)
    # Down from the middle of the second ward there is no turn: on to the third, up, back and down.
    travel = travel_of(study(city), sites)
    assert travel.between[2, 0] == pytest.approx(1000 + 1000 + 500)


# Measures


def test_everyone_goes_to_the_nearest_open_site() -> None:
    city = city_with(small_sites([500, 11500, 5500], existing=[True, True, False]))
    two = run(city, opened=["S1", "S2"])
    expected = np.minimum(MIDDLES - 500, 11500 - MIDDLES)
    np.testing.assert_allclose(two["travel"].isel(draw=0), expected)
    three = run(city, opened=["S1", "S2", "S3"])
    np.testing.assert_allclose(three["travel"].isel(draw=0), np.minimum(expected, np.abs(MIDDLES - 5500)))
    assert mean(city, three, "travel") < mean(city, two, "travel")


def test_a_mean_over_requests_weighs_each_area_by_its_own() -> None:
    city = city_with(small_sites([500], existing=[True]))
    demand = np.arange(1.0, 13.0)
    found = run(city, demand, opened=["S1"])
    assert mean(city, found, "travel") == pytest.approx(np.average(MIDDLES - 500, weights=demand))
    assert mean(city, found, "within_reach") == pytest.approx((1 + 2 + 3) / 78)  # 2,000 m away is within 2,000 m
    measure = SiteChoice().declare(study(city)).writes[0]
    areas = city.areas["ward"]
    groups = measure.by_group(found["travel"], areas).isel(draw=0)
    low = areas.frame["share_low_income"].to_numpy()
    assert float(groups.sel(group="share_low_income")) == pytest.approx(np.average(MIDDLES - 500, weights=demand * low))
    assert float(groups.sel(group="everyone")) == pytest.approx(mean(city, found, "travel"))


def test_each_future_weighs_by_its_own_requests() -> None:
    city = city_with(small_sites([500], existing=[True]))
    asked = study(city)
    values = np.ones((100, len(WARDS), 1, 2), dtype="float32")
    values[7, -1] = 1000.0
    coords = {"area_id": list(WARDS), "category": ["all"], "period": asked.index}
    demand = xr.DataArray(values, coords=coords, dims=("draw", "area_id", "category", "period"))
    found = SiteChoice().run(asked, {OPEN: ("S1",), CAPACITY: 0.0}, {}, {"demand": demand}, asked.streams)
    city_wide = SiteChoice().declare(asked).writes[0].reduced(found["travel"])
    assert float(city_wide[0]) == pytest.approx(5500)
    assert float(city_wide[7]) == pytest.approx(np.average(MIDDLES - 500, weights=values[7, :, 0, 0]))


def test_the_worst_tenth_counts_an_area_by_the_part_that_fills_it() -> None:
    travel = np.array([100.0, 300.0, 200.0])
    demand = np.array([[90.0, 5.0, 5.0], [85.0, 5.0, 10.0], [0.0, 0.0, 7.0]])
    np.testing.assert_allclose(worst_tenth(travel, demand), [250.0, 250.0, 200.0])


def test_a_site_turns_away_the_same_share_of_all_who_come() -> None:
    city = city_with(small_sites([500, 11500], existing=[True, True], capacity=[120.0, np.nan]))
    demand = np.full(len(WARDS), 10.0)
    found = run(city, demand, opened=["S1", "S2"])
    asked = study(city)
    days = np.array([(start + asked.freq.offset - start).days for start in asked.index])
    limit = 120 * days / 365.25  # six wards of ten come to the first site in each month
    np.testing.assert_allclose(found["unmet"].isel(draw=0).sum("area_id"), 60 - limit, rtol=1e-5)
    np.testing.assert_allclose(found["unmet"].isel(draw=0, period=0)[:6], (60 - limit[0]) / 6, rtol=1e-5)
    assert not found["unmet"].isel(draw=0)[6:].any()
    more = run(city, demand, opened=["S1", "S2"], change={"S1": 0.5})
    np.testing.assert_allclose(more["unmet"].isel(draw=0).sum("area_id"), 60 - 1.5 * limit, rtol=1e-5)
    enough = run(city, np.full(len(WARDS), 1.0), opened=["S1", "S2"])
    assert not enough["unmet"].any()


def test_sites_that_stay_are_open_whether_named_or_not() -> None:
    sites = small_sites([500, 11500, 5500], existing=[True, True, False], closable=[False, True, False])
    city = city_with(sites)
    np.testing.assert_array_equal(run(city, opened=["S3"])["travel"], run(city, opened=["S1", "S3"])["travel"])
    assert mean(city, run(city, opened=["S3"]), "travel") > mean(city, run(city, opened=["S2", "S3"]), "travel")


def priced(name: str, amount: float) -> Cost:
    about = {"unit": "site", "year": 2026, "currency": "CZK", "source": "tests", "low": amount, "high": amount}
    every = Every.ONCE if name == "site_opening" else Every.YEAR
    return Cost(name=name, title=name, amount=amount, every=every, provenance=provenance(name, amount), **about)  # type: ignore[arg-type]


def test_money_counts_what_is_opened_and_what_is_run() -> None:
    costs = {"site_opening": priced("site_opening", 100.0), "site_running": priced("site_running", 10.0)}
    sites = small_sites(
        [500, 5500, 11500], existing=[True, False, False], capacity=[50.0] * 3, opening_cost=[np.nan, np.nan, 700.0]
    )
    city = city_with(sites, costs=costs)
    today = run(city, opened=["S1"])
    assert (float(today["sites_once"][0]), float(today["sites_yearly"][0])) == (0.0, 10.0)
    plan = run(city, opened=["S1", "S2", "S3"], change={"S2": 0.5})
    assert (float(plan["sites_once"][0]), float(plan["sites_yearly"][0])) == (800.0, 35.0)
    assert float(run(city, opened=["S2"])["sites_yearly"][0]) == 10.0  # what is closed is not run
    measures = {each.name: each for each in SiteChoice().declare(study(city)).writes}
    assert (measures["sites_once"].money, measures["sites_yearly"].money) == ("once", "yearly")
    assert measures["sites_once"].unit == "CZK"
    without = {each.name for each in SiteChoice().declare(study(city_with(sites))).writes}
    assert not without & {"sites_once", "sites_yearly"}


# The engine in a comparison


def test_a_closed_site_that_does_not_exist_is_refused_in_one_sentence() -> None:
    city = city_with(small_sites([500, 5500], existing=[True, False]))
    options = [Scenario("today"), Scenario("Plan", levers={"sites.open": ["S1", "S9"]})]
    with pytest.raises(ScenarioError, match=r"Plan chooses “S9” for sites\.open, which there is not: name one like S1"):
        compare(city, options, question="sites", draws=100, periods=2)
    with pytest.raises(ScenarioError, match=r"chooses 0 for sites\.open: choose from 1 to 2"):
        compare(city, [Scenario("today"), Scenario("none", levers={"sites.open": []})], question="sites", draws=100)


def test_growth_reaches_the_sites() -> None:
    """More people far from the only site make the mean journey longer; near it, shorter."""
    city = city_with(small_sites([500], existing=[True]))

    def travel(area: str) -> float:
        assumed = {"elasticity.population": 1.0}
        grown = Scenario("grown", levers={"population.growth": {area: 0.5}}, uncertainties=assumed)
        options = [Scenario("today", uncertainties=assumed), grown]
        found = compare(city, options, series="requests", draws=100, periods=12, measures=["travel"])
        return next(each.median for each in found.differences if each.measure == "travel")

    assert travel("W12") > 0 > travel("W01")


def test_a_city_without_sites_says_how_to_add_them() -> None:
    reason = SiteChoice().applies(small_city())
    assert "add a section [sites.NAME]" in str(reason)
    with pytest.raises(ScenarioError, match=r"cannot answer the question “sites” yet: Smallville has no sites"):
        compare(small_city(), [Scenario("today")], question="sites")


def test_sites_of_another_series_are_left_out_of_a_study() -> None:
    sites = replace(small_sites([500], existing=[True]), series="calls")
    asked = study_of(city_with(sites), series="requests", periods=2, draws=100)
    assert sites_of(asked) is None
    assert SiteChoice().declare(asked).writes == ()
