"""Measures: each dimension by its own reducer, per cent only where it says something, and never a sum of means."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import ScenarioError
from analytics.scenarios import Max, Mean, Measure, Quantile, Sum
from analytics.scenarios.measure import LEAST_MEAN, _weighted_mean, is_relative
from analytics.scenarios.parts import banded
from analytics.scenarios.verdict import judge
from tests.small_city import WARDS, layer

RNG = np.random.default_rng(4)
COUNT = 12


def by(*dims: str, values: Any = None) -> xr.DataArray:
    sizes = {"draw": 200, "area_id": len(WARDS), "category": 2, "period": 3, "link": 5, "hour": 4}
    shape = tuple(sizes[each] for each in dims)
    coords = {"area_id": list(WARDS)} if "area_id" in dims else {}
    return xr.DataArray(RNG.normal(20, 2, shape) if values is None else values, coords=coords, dims=dims)


def measure(**more: Any) -> Measure:
    return Measure(**{"name": "wait", "title": "Wait", "unit": "minutes"} | more)


def judged(before: np.ndarray, after: np.ndarray, **more: Any) -> Any:
    arrays = [xr.DataArray(each, dims="draw") for each in (before, after)]
    return judge("plan", measure(**more), *arrays, matters=0.01, baseline_name="today")[0]


# Reducers


def test_each_dimension_is_reduced_by_its_own_reducer_in_order() -> None:
    array = by("draw", "link", "hour")
    busiest = measure(over={"hour": Max(), "link": Sum()})
    np.testing.assert_allclose(busiest.reduced(array), array.max("hour").sum("link"))
    turned = measure(over={"link": Sum(), "hour": Max()})
    np.testing.assert_allclose(turned.reduced(array), array.sum("link").max("hour"))
    assert not np.allclose(busiest.reduced(array), turned.reduced(array))


@pytest.mark.parametrize(
    ("reducer", "wanted"), [(Sum(), 10.0), (Mean(), 2.5), (Max(), 4.0), (Quantile(0.5), 2.5), (Quantile(1.0), 4.0)]
)
def test_reducers_by_hand(reducer: Any, wanted: float) -> None:
    array = xr.DataArray([[1.0, 2.0, 3.0, 4.0]], dims=["draw", "hour"])
    assert measure(over={"hour": reducer}).reduced(array).item() == wanted


def test_a_mean_is_weighed_by_a_coordinate_or_a_column_of_the_areas() -> None:
    lengths = by("draw", "link").assign_coords(length=("link", [1.0, 0.0, 0.0, 0.0, 3.0]))
    found = measure(over={"link": Mean("length")}).reduced(lengths)
    np.testing.assert_allclose(found, (lengths[:, 0] + 3 * lengths[:, 4]) / 4)
    waits, wards = by("draw", "area_id"), layer("ward", WARDS)
    found = measure(over={"area_id": Mean("population")}).reduced(waits, areas=wards)
    np.testing.assert_allclose(found, np.average(waits, axis=1, weights=wards.frame["population"]))
    with pytest.raises(ScenarioError, match="weighed by “beauty”, which its area_id do not have"):
        measure(over={"area_id": Mean("beauty")}).reduced(waits, areas=wards)


def test_a_gap_is_never_skipped() -> None:
    array = by("draw", "hour")
    array[3, 1] = np.nan
    for reducer in (Sum(), Mean(), Max(), Quantile(0.5)):
        assert np.isnan(measure(over={"hour": reducer}).reduced(array)[3])


# Areas, categories and groups of a mean


def test_categories_of_a_mean_are_averaged() -> None:
    array = by("draw", "area_id", "category", "period")
    mean = measure(over={"category": Mean(), "period": Mean(), "area_id": Mean()})
    np.testing.assert_allclose(mean.reduced(array), array.mean(["area_id", "category", "period"]))
    np.testing.assert_allclose(mean.reduced(array, keep=("area_id",)), array.mean(["category", "period"]))


def test_five_minutes_less_in_every_ward_are_five_minutes_less_for_every_group() -> None:
    wards, before = layer("ward", WARDS), by("draw", "area_id")
    mean = measure(over={"area_id": Mean()}, layer="ward")
    whole = judge(
        "plan", mean, *(mean.reduced(each) for each in (before, before - 5)), matters=0, baseline_name="today"
    )
    groups = [mean.by_group(each, wards) for each in (before, before - 5)]
    found = banded(*groups, dimension="group", measure=mean, whole=whole[0])
    np.testing.assert_allclose(found.sel(stat="mean"), -5)
    assert list(found.get_index("group")) == ["everyone", "share_over_65", "share_low_income"]


def test_a_groups_mean_is_weighed_by_its_people() -> None:
    wards = layer("ward", WARDS)
    waits = by("draw", "area_id", values=np.tile(np.arange(12.0), (200, 1)))
    found = measure(over={"area_id": Mean()}).by_group(waits, wards)
    for group in ("share_over_65", "share_low_income"):
        people = wards.frame[group] * wards.frame["population"]
        np.testing.assert_allclose(found.sel(group=group), np.average(np.arange(12.0), weights=people))
    everyone = np.average(np.arange(12.0), weights=wards.frame["population"])
    np.testing.assert_allclose(found.sel(group="everyone"), everyone)


def test_a_groups_sum_is_its_share_of_each_area() -> None:
    wards, counts = layer("ward", WARDS), by("draw", "area_id")
    found = measure(over={"area_id": Sum()}).by_group(counts, wards)
    np.testing.assert_allclose(
        found.sel(group="share_over_65"), counts.to_numpy() @ wards.frame["share_over_65"].to_numpy()
    )


# Per cent or units


@pytest.mark.parametrize("level", [0.0, -100.0, 0.3], ids=["zero", "negative", "tiny"])
@pytest.mark.parametrize("direction", ["lower", "higher"])
def test_without_a_baseline_to_speak_of_units_are_told(level: float, direction: Literal["lower", "higher"]) -> None:
    noise = np.linspace(-2, 2, 200)
    found = judged(level + noise, level + noise - 7, direction=direction, unit="people")
    assert found.percent is None
    assert not found.relative
    assert "7 fewer wait than today [7, 7]" in str(found.sentence)
    assert found.verdict == ("better" if direction == "lower" else "worse")
    assert "%" not in str(found.sentence)


def test_a_measure_in_units_is_never_told_in_per_cent() -> None:
    found = judged(np.full(200, 100.0), np.full(200, 90.0), print_as="units")
    assert not found.relative
    assert "10 minutes fewer wait" in str(found.sentence)


@given(st.floats(-3, 3), st.floats(0.1, 10))
def test_per_cent_needs_a_mean_above_zero_and_not_tiny_against_its_spread(level: float, spread: float) -> None:
    draws = level + spread * np.tile([-1.0, 1.0], 100)
    found = bool(is_relative(measure(), draws))
    clear = abs(level - LEAST_MEAN * spread) > 1e-9
    assert not clear or found == (level > 0 and level > LEAST_MEAN * spread)


def test_areas_follow_the_whole_and_their_own_baseline() -> None:
    before = by("draw", "area_id")
    before[:, 0] = -20.0
    total = measure(over={"area_id": Sum()})
    whole, _ = judge(
        "plan", total, *(total.reduced(each) for each in (before, before * 1.1)), matters=0, baseline_name=""
    )
    found = banded(before, before * 1.1, dimension="area_id", measure=total, whole=whole).sel(stat="percent")
    assert np.isnan(found[0])
    np.testing.assert_allclose(found[1:], 0.1)
    units = measure(over={"area_id": Sum()}, print_as="units")
    whole, _ = judge(
        "plan", units, *(units.reduced(each) for each in (before, before * 1.1)), matters=0, baseline_name=""
    )
    assert (
        banded(before, before * 1.1, dimension="area_id", measure=units, whole=whole).sel(stat="percent").isnull().all()
    )


@pytest.mark.parametrize("weighed_by_draw", [False, True])
def test_a_weighted_mean_is_that_of_xarray_to_the_last_bit(weighed_by_draw: bool) -> None:
    rng = np.random.default_rng(1)
    areas = {"area_id": [f"A{each}" for each in range(12)]}
    values = xr.DataArray(rng.random((50, 12)), coords=areas, dims=("draw", "area_id"))
    shares = xr.DataArray(rng.random((3, 12)), coords={"group": ["a", "b", "c"], **areas}, dims=("group", "area_id"))
    shares[1] = 0.0
    people = (
        values[::-1].drop_vars("draw", errors="ignore")
        if weighed_by_draw
        else xr.DataArray(rng.random(12), areas, dims="area_id")
    )
    found = _weighted_mean(values, shares * people, "area_id")
    xr.testing.assert_identical(found, values.weighted(shares * people).mean("area_id", skipna=False))
    assert np.isnan(found.sel(group="b")).all()
