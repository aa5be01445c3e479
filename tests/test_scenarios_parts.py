"""Who gains and where: regions, groups and their gaps, and the areas that stand out from the city."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import ScenarioError
from analytics.scenarios import Comparison, Scenario, Terms
from analytics.scenarios.parts import gap_changes, standing_out
from data import City, Region
from tests.posts import city_of_posts, posts, run_posts
from tests.small_city import WARDS

SOUTH = Region("south", "the south side", "ward", ("W01", "W02", "W05"))
DRAWS = 400


@pytest.fixture(scope="module")
def city() -> City:
    return city_of_posts(spread=0.2)


def in_region(city: City, *ids: str, plan: Scenario | None = None) -> Comparison:
    region = Region("part", "a part", "ward", ids or WARDS)
    return run_posts(city, plan or posts({"W01": 1, "W05": 3}), terms=Terms(region=region))


def caveat(found: Comparison, code: str) -> Any:
    return next((each for each in found.caveats if each.code == code), None)


# Regions


def test_a_region_that_is_the_city_is_no_region(city: City) -> None:
    whole, none = in_region(city), run_posts(city, posts({"W01": 1, "W05": 3}))
    assert whole.differences == none.differences
    for name in ("paired", "by_area", "by_group", "gaps", "stands_out"):
        for key, values in getattr(none, name).items():
            xr.testing.assert_identical(getattr(whole, name)[key], values)
    assert whole.receipt != none.receipt


def test_a_region_of_one_area_is_that_area(city: City) -> None:
    one, all_areas = in_region(city, "W05"), in_region(city)
    for measure in ("travel", "served"):
        area = all_areas.by_area["plan", measure].sel(area_id="W05")
        difference = next(each for each in one.differences if each.measure == measure)
        assert float(one.paired["plan", measure].mean()) == pytest.approx(float(area.sel(stat="mean")))
        assert (difference.low95, difference.high95) == pytest.approx(area.sel(stat=["low95", "high95"]).to_numpy())
        # The area is there by itself, so that a map still shows where it is; it differs from nothing.
        assert list(one.by_area["plan", measure].get_index("area_id")) == ["W05"]
        assert not one.stands_out["plan", measure].any()


def test_a_region_weighs_its_own_people(city: City) -> None:
    found = in_region(city, "W01", "W05")
    travel = next(each for each in found.differences if each.measure == "travel")
    assert travel.median == pytest.approx(-(1 * 1 + 3 * 5) / 6, rel=1e-5)  # the n-th ward has n thousand people
    assert list(found.by_area["plan", "travel"].get_index("area_id")) == ["W01", "W05"]
    shares = {"W01": 0.11, "W05": 0.15}
    elderly = found.by_group["plan", "travel"].sel(stat="mean", group="share_over_65")
    weights = [1 * shares["W01"], 5 * shares["W05"]]
    assert float(elderly) == pytest.approx(-(weights[0] + 3 * weights[1]) / sum(weights), rel=1e-5)


def test_a_region_says_who_it_is_and_what_it_cannot_tell(city: City) -> None:
    found = run_posts(city, posts(1), terms=Terms(region=SOUTH))
    only, elsewhere = caveat(found, "region_only"), caveat(found, "region_not_for")
    assert (only.message, only.detail) == ("These results are for the south side alone.", "3 areas, 8,000 people")
    assert elsewhere.detail == "Whole city: Peak and Cost a year"
    plain = run_posts(city, posts(1))
    assert caveat(plain, "region_only") is None
    assert caveat(plain, "region_not_for") is None
    for measure in ("peak", "cost"):
        np.testing.assert_array_equal(found.paired["plan", measure], plain.paired["plan", measure])


@pytest.mark.parametrize(
    ("region", "sentence"),
    [
        (
            replace(SOUTH, area_ids=("W01", "W99")),
            "the south side holds “W99”, which is no area of “ward”: name some like W01",
        ),
        (replace(SOUTH, area_ids=()), "the south side holds no area"),
        (replace(SOUTH, layer="beat"), "areas of “beat”, which the city does not have: it has ward"),
    ],
)
def test_a_region_that_there_is_not_gets_one_sentence(city: City, region: Region, sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        run_posts(city, posts(1), terms=Terms(region=region))
    assert sentence in str(caught.value)


# Groups


def test_a_small_group_is_named_and_not_dropped(city: City) -> None:
    small = in_region(city, "W01", "W02")  # 3,000 people, 11 and 12 % of them over 65
    note = caveat(small, "group_too_small")
    assert note.message == "Few people here are over 65: these results may be chance."
    assert note.detail == "over 65: 350; fewer than 1,000"
    assert set(small.by_group["plan", "travel"].get_index("group")) == {
        "everyone", "share_over_65", "share_low_income",
    }  # fmt: skip
    assert caveat(in_region(city), "group_too_small") is None


def test_gaps_are_those_of_the_groups(city: City) -> None:
    found = run_posts(city, posts({"W12": 5}))
    gaps, groups = found.gaps["plan", "travel"], found.by_group["plan", "travel"].sel(stat="mean")
    assert list(gaps.get_index("group")) == ["share_over_65", "share_low_income"]
    changed = gaps.sel(stat="after") - gaps.sel(stat="before")
    expected = groups.sel(group=changed.group.to_numpy()) - groups.sel(group="everyone")
    np.testing.assert_allclose(changed, expected, atol=1e-6)
    assert ("plan", "served") not in found.gaps  # what is added up has no distance


def test_a_gap_narrows_whichever_side_it_is_on() -> None:
    def by_group(**values: float) -> xr.DataArray:
        columns = [np.full(DRAWS, value) for value in values.values()]
        return xr.DataArray(np.array(columns), dims=["group", "draw"], coords={"group": list(values)})

    before = by_group(everyone=10.0, above=14.0, below=7.0, wider=11.0, across=9.0)
    after = by_group(everyone=9.0, above=12.0, below=7.0, wider=12.0, across=9.5)
    found = gap_changes(before, after)
    assert found.sel(stat="before").to_numpy().tolist() == [4, -3, 1, -1]
    assert found.sel(stat="after").to_numpy().tolist() == [3, -2, 3, 0.5]
    for stat in ("mean", "low95", "high95"):
        assert found.sel(stat=stat).to_numpy().tolist() == [-1, -1, 2, -0.5]


# Where


def marked(start: Any, end: Any, *, relative: bool = True, added_up: bool = True) -> list[bool]:
    before, after = (
        xr.DataArray(values, dims=["draw", "area_id"], coords={"area_id": list(range(np.shape(values)[1]))})
        for values in (start, end)
    )
    whole = tuple(each.sum("area_id") if added_up else each.mean("area_id") for each in (before, after))
    found = standing_out(before, after, whole, relative=relative, added_up=added_up)  # type: ignore[arg-type]
    return [bool(each) for each in found]


def futures(seed: int, areas: int = 6) -> np.ndarray:
    return np.random.default_rng(seed).gamma(9.0, 10.0, (DRAWS, areas)).astype("float32").astype("float64")


@given(st.integers(0, 2**32), st.floats(0.5, 2.0))
def test_where_all_areas_change_alike_none_stands_out(seed: int, factor: float) -> None:
    start = futures(seed)
    end = (start * factor).astype("float32").astype("float64")
    assert not any(marked(start, end))
    assert not any(marked(start, start + 3.0, relative=False, added_up=False))
    assert not any(marked(start, start))


def test_an_area_with_a_change_of_its_own_stands_out() -> None:
    start = futures(1)
    end = 0.9 * start
    end[:, 2] = 0.8 * start[:, 2]
    assert marked(start, end)[2]
    # Twice the change in units is no change of its own where the area had twice as much.
    twice = np.column_stack([start[:, :1], 2 * start[:, :1]])
    assert marked(twice, 0.9 * twice) == [False, False]


def test_noise_does_not_stand_out() -> None:
    rng = np.random.default_rng(3)
    wrong = 0
    for seed in range(40):
        start = futures(seed, areas=60)
        wrong += sum(marked(start, start * (1 + 0.05 * rng.standard_normal(start.shape))))
    assert wrong <= 2


def test_an_area_that_nothing_happens_in_stands_out_where_the_rest_changes(city: City) -> None:
    found = run_posts(city, posts(dict.fromkeys(WARDS[1:], 2)))
    stands_out = found.stands_out["plan", "served"]
    assert bool(stands_out.sel(area_id="W01"))
    everywhere = run_posts(city, Scenario("grown", levers={"people.growth": 0.2}))
    assert not everywhere.stands_out["grown", "travel"].any()
    assert not everywhere.stands_out["grown", "calls"].any()


def test_an_option_against_itself_has_no_parts_that_differ(city: City) -> None:
    found = run_posts(city, posts(1, "a"), posts(1, "b"), baseline="a")
    for name in ("by_area", "by_group"):
        assert all((each == 0).all() for each in getattr(found, name).values())
    assert all((each.sel(stat=["mean", "low95", "high95"]) == 0).all() for each in found.gaps.values())
    assert not any(each.any() for each in found.stands_out.values())
