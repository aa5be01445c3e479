"""Meridian holds what its truth says, no more and no less, and is the same wherever it is made."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.special import ndtri
from scipy.stats import nbinom

from data import City, fingerprint_of, open_city
from data.sample import ensure_sample, sample_incidents, sample_panel, true_density, true_incidents, truth, writing
from data.sample.draws import negative_binomial, normals, uniforms
from data.sample.panel import draw_panel, sample_handling, sample_traffic
from data.sample.people import PEOPLE, YEARS, group_shares
from data.sample.plan import CRS, RIVER_WIDTH, plan_of_meridian
from data.sample.planted import BURGLARY_MOVES, PATROLS, SEED, SINCE, UNTIL
from data.store.workspace import city_path

KINDS = ("assault", "burglary", "drug_offence")
SEEDS = range(1, 9)
FINE = 75.0  # metres between the points over which densities are summed


@pytest.fixture(scope="module")
def panels() -> Mapping[int, pd.DataFrame]:
    return {seed: sample_panel(seed=seed)[0] for seed in SEEDS}


@pytest.fixture(scope="module")
def grid() -> tuple[np.ndarray, np.ndarray]:
    left, low, right, high = plan_of_meridian().land.bounds
    x, y = np.meshgrid(np.arange(left, right, FINE) + FINE / 2, np.arange(low, high, FINE) + FINE / 2)
    return x.ravel(), y.ravel()


# The draws


def test_counts_are_the_exact_inverse_of_the_negative_binomial() -> None:
    level = uniforms(1, "level", 5_000)
    mean, size = np.exp(1.5 * normals(1, "mean", 5_000)), 1 + 20 * uniforms(1, "size", 5_000)
    expected = nbinom.ppf(level, size, size / (size + mean))
    np.testing.assert_array_equal(negative_binomial(level, mean, size), expected)


def test_draws_are_keyed_by_what_they_are_for() -> None:
    np.testing.assert_array_equal(normals(1, "a", 10), normals(1, "a", (20,))[:10])
    assert abs(np.corrcoef(normals(1, "a", 4_000), normals(1, "b", 4_000))[0, 1]) < 0.06
    assert abs(np.corrcoef(normals(1, "a", 4_000), normals(2, "a", 4_000))[0, 1]) < 0.06


# The plan


def test_neighbourhoods_tile_the_city(sample_files: Path) -> None:
    areas = gpd.read_file(sample_files / "neighbourhoods.geojson")
    assert len(areas) == 60
    assert areas["area_id"].is_unique
    assert areas["name"].is_unique
    assert (areas.geom_type == "Polygon").all()
    assert shapely.coverage_is_valid(areas.geometry.to_numpy())
    city = shapely.coverage_union_all(areas.geometry.to_numpy())
    assert city.geom_type == "Polygon"
    assert len(city.interiors) == 0


def test_districts_are_made_of_whole_neighbourhoods(sample_files: Path) -> None:
    areas = gpd.read_file(sample_files / "neighbourhoods.geojson").set_index("area_id")
    districts = gpd.read_file(sample_files / "districts.geojson").set_index("area_id")
    assert set(areas["parent_id"]) == set(districts.index)
    assert (districts.geom_type == "Polygon").all()
    assert shapely.coverage_is_valid(districts.geometry.to_numpy())
    for parent, members in areas.groupby("parent_id"):
        assert shapely.coverage_union_all(members.geometry.to_numpy()).equals(districts.geometry[parent])
        assert members["population"].sum() == districts["population"][parent]


def test_the_river_parts_neighbourhoods_and_runs_through_none() -> None:
    plan = plan_of_meridian()
    inside = plan.neighbourhoods.buffer(-1.0).intersection(plan.river).length
    assert inside.max() == 0
    banked = plan.neighbourhoods.distance(plan.river) < RIVER_WIDTH / 2
    assert 10 < banked.sum() < 40


def test_people_live_densely_in_the_middle_and_groups_are_shares() -> None:
    areas, planted = plan_of_meridian().neighbourhoods, truth()
    population = planted.drivers["population"]
    assert tuple(population.index) == YEARS
    assert population.loc[2022].sum() == pytest.approx(PEOPLE, rel=0.01)
    density = population.loc[2022] / areas.area
    assert density[areas["distance"] < 3_000].median() > 2 * density[areas["distance"] > 5_000].median()
    assert group_shares().stack().between(0.03, 0.6).all()
    assert group_shares().nunique().min() > 20


@pytest.mark.parametrize("driver", ["population", "jobs"])
def test_some_areas_grow_and_some_shrink(driver: str) -> None:
    years = truth().drivers[driver]
    growth = years.loc[2026] / years.loc[2022] - 1
    assert (growth > 0.05).sum() >= 10
    assert (growth < -0.05).sum() >= 5


# The service requests


def test_every_series_has_its_planted_mean_and_scatter(panels: Mapping[int, pd.DataFrame]) -> None:
    planted = truth()
    means = planted.request_means()
    size = np.tile([kind.rhythm.size for kind in planted.requests], len(planted.level))
    variances = means + means**2 / size
    strays = np.array([((panel.sum() - means.sum()) / np.sqrt(variances.sum())) for panel in panels.values()])
    assert np.abs(strays).max() < 5
    assert (strays**2).mean() == pytest.approx(1, abs=0.25)
    scatter = [(((panel - means) ** 2).sum() / variances.sum()).mean() for panel in panels.values()]
    assert np.mean(scatter) == pytest.approx(1, abs=0.02)


def test_weekdays_and_seasons_are_found_again(panels: Mapping[int, pd.DataFrame]) -> None:
    planted = truth()
    days, means = planted.days, planted.request_means()
    for kind in planted.requests:
        counts = sum(panel.xs(kind.name, axis=1, level="category").sum(axis=1) for panel in panels.values()) / len(
            panels
        )
        expected = means.xs(kind.name, axis=1, level="category").sum(axis=1)
        weekday = np.array(kind.rhythm.weekday)[days.day_of_week]
        by_weekday = (counts / (expected / weekday)).groupby(days.day_of_week).mean()
        np.testing.assert_allclose(by_weekday, kind.rhythm.weekday, rtol=0.05)
        annual = pd.Series(kind.rhythm.annual_factor(days), index=days)
        by_month = (counts / (expected / annual)).groupby(days.month).mean()
        np.testing.assert_allclose(by_month, annual.groupby(days.month).mean(), rtol=0.07)
        assert annual[:365].mean() == pytest.approx(1, abs=0.001)


def test_one_factor_joins_all_areas_and_kinds() -> None:
    # At fifty times the level, counts are fine enough that their normal scores are the planted normals.
    planted = replace(truth(seed=3), level=50 * truth().level, until=SINCE + pd.Timedelta(days=799))
    counts, means = draw_panel(planted), planted.request_means()
    size = np.tile([kind.rhythm.size for kind in planted.requests], len(planted.level))
    below = nbinom.cdf(counts - 0.5, size, size / (size + means))
    scores = ndtri(np.clip((below + nbinom.cdf(counts, size, size / (size + means))) / 2, 1e-9, 1 - 1e-9))
    correlation = np.corrcoef(scores.T)
    between = correlation[np.triu_indices_from(correlation, 1)]
    assert between.mean() == pytest.approx(planted.correlation, abs=0.04)
    assert between.std() < 0.06  # no pair shares more than the factor
    factor = scores.mean(axis=1)
    assert abs(np.corrcoef(factor[1:], factor[:-1])[0, 1]) < 0.1  # each day has its own


def test_a_regression_finds_the_elasticities(panels: Mapping[int, pd.DataFrame]) -> None:
    planted = truth()
    estimates = np.mean([_elasticities(panel) for panel in panels.values()], axis=0)
    np.testing.assert_allclose(estimates, list(planted.elasticities.values()), atol=0.06)


def _elasticities(panel: pd.DataFrame) -> np.ndarray:
    """Least squares of log quarterly requests on log drivers, areas and quarters taken out."""
    quarters = panel.index.to_period("Q")
    requests = panel.T.groupby(level="area_id").sum().T.groupby(quarters).sum()
    middle = [quarter.year + (quarter.quarter - 0.5) / 4 - 0.5 for quarter in requests.index]

    def within(values: np.ndarray) -> np.ndarray:
        return (values - values.mean(axis=0) - values.mean(axis=1, keepdims=True) + values.mean()).ravel()

    known = [
        within(np.column_stack([np.interp(middle, YEARS, np.log(yearly[area])) for area in requests.columns]))
        for yearly in truth().drivers.values()
    ]
    return np.linalg.lstsq(np.column_stack(known), within(np.log(requests.to_numpy())), rcond=None)[0]


def test_another_seed_is_another_history_of_the_same_city() -> None:
    first, planted = sample_panel(seed=1)
    again, _ = sample_panel(seed=1)
    other, elsewhere = sample_panel(seed=2)
    assert fingerprint_of(first) == fingerprint_of(again)
    assert fingerprint_of(first) != fingerprint_of(other)
    pd.testing.assert_frame_equal(planted.request_means(), elsewhere.request_means())
    assert (planted.seed, elsewhere.seed) == (1, 2)


# The incidents


@pytest.mark.parametrize("name", KINDS)
def test_incidents_keep_to_their_days_their_number_and_the_land(name: str) -> None:
    planted, incidents = truth(), true_incidents(name)
    kind = planted.incident_kind(name)
    mean = kind.per_day * kind.rhythm.factor(planted.days, since=SINCE)
    spread = np.sqrt((mean + mean**2 / kind.rhythm.size).sum())
    assert abs(len(incidents) - mean.sum()) < 4 * spread
    assert incidents["time"].is_monotonic_increasing
    assert incidents["time"].between(SINCE, UNTIL + pd.Timedelta(days=1), inclusive="left").all()
    assert shapely.contains_xy(plan_of_meridian().land, incidents["x"], incidents["y"]).all()
    by_hour = np.bincount(incidents["time"].dt.hour, minlength=24) / len(incidents)
    np.testing.assert_allclose(by_hour, kind.hours, atol=0.012)


@pytest.mark.parametrize("name", KINDS)
def test_points_lie_as_the_density_says(name: str, grid: tuple[np.ndarray, np.ndarray]) -> None:
    incidents, phases = sample_incidents(name), truth().incident_kind(name).phases
    starts = pd.DatetimeIndex([phase.since for phase in phases])
    in_phase = np.bincount(np.searchsorted(starts, incidents["time"], side="right") - 1, minlength=len(phases))
    densities = [true_density(name, *grid, on=phase.since, reported=True) for phase in phases]
    weights = sum(count * density / density.sum() for count, density in zip(in_phase, densities, strict=True))
    expected = _by_square(*grid, weights=weights)
    observed = _by_square(incidents["x"].to_numpy(), incidents["y"].to_numpy()).reindex(expected.index, fill_value=0)
    large = expected > 5
    misfit = ((observed - expected)[large] ** 2 / expected[large]).mean()
    assert large.sum() > 150
    assert misfit == pytest.approx(1, abs=4 * np.sqrt(2 / large.sum()))


def _by_square(x: np.ndarray, y: np.ndarray, *, weights: np.ndarray | None = None) -> pd.Series:
    """The sum (or number) of points in each square of 750 m."""
    squares = [np.floor(x / 750).astype(int), np.floor(y / 750).astype(int)]
    return pd.Series(np.ones(len(x)) if weights is None else weights).groupby(squares).sum()


@pytest.mark.parametrize("name", KINDS)
def test_the_best_ranking_is_well_above_chance(name: str, grid: tuple[np.ndarray, np.ndarray]) -> None:
    density = np.sort(true_density(name, *grid, on=UNTIL))[::-1]
    land = np.count_nonzero(density)
    assert 0.2 < density[: land // 20].sum() / density.sum() < 0.9


def test_burglary_moves_on_its_day_and_assault_stays() -> None:
    burglary, assault = sample_incidents("burglary"), true_incidents("assault")
    old, new = truth().incident_kind("burglary").phases
    assert new.since == BURGLARY_MOVES
    before, after = burglary[burglary["time"] < BURGLARY_MOVES], burglary[burglary["time"] >= BURGLARY_MOVES]
    assert _share_near(before, old.hotspots) > 0.45 > 0.12 > _share_near(before, new.hotspots)
    assert _share_near(after, new.hotspots) > 0.45 > 0.12 > _share_near(after, old.hotspots)
    (stays,) = truth().incident_kind("assault").phases
    halves = [assault[assault["time"] < BURGLARY_MOVES], assault[assault["time"] >= BURGLARY_MOVES]]
    assert _share_near(halves[0], stays.hotspots) == pytest.approx(_share_near(halves[1], stays.hotspots), abs=0.03)


def _share_near(incidents: pd.DataFrame, hotspots: tuple) -> float:
    near = [np.hypot(incidents["x"] - spot.x, incidents["y"] - spot.y) < 2 * spot.sigma for spot in hotspots]
    return float(np.mean(np.any(near, axis=0)))


def test_drug_offences_follow_the_patrols() -> None:
    incidents, kind = sample_incidents("drug_offence"), truth().incident_kind("drug_offence")
    assert kind.reported_by == "police"
    assert len(kind.phases) == 16
    ends = [*(phase.since for phase in kind.phases[1:]), UNTIL + pd.Timedelta(days=1)]
    sent: list[set[int]] = []
    for phase, end in zip(kind.phases, ends, strict=True):
        now = incidents[(incidents["time"] >= phase.since) & (incidents["time"] < end)]
        weights = [spot.weight for spot in phase.hotspots]
        found = [_share_near(now, (spot,)) for spot in phase.hotspots]
        patrolled = {place for place, weight in enumerate(weights) if weight == max(weights)}
        assert set(np.argsort(found)[-len(patrolled) :]) == patrolled
        sent.append(patrolled)
    assert set.union(*sent) == set(range(len(PATROLS)))
    assert all(one != two for one, two in pairwise(sent))


# The files


def test_the_name_alone_makes_and_opens_the_same_city_to_the_byte(city: City, sample_files: Path) -> None:
    assert open_city("meridian").fingerprint == city.fingerprint
    again = city_path("meridian").parent
    files = sorted(file.name for file in sample_files.iterdir())
    assert sorted(file.name for file in again.iterdir()) == files
    assert [name for name in files if (sample_files / name).read_bytes() != (again / name).read_bytes()] == []
    assert list(again.parents[1].glob(".meridian*")) == []


def test_the_truth_is_written_beside_the_city(sample_files: Path) -> None:
    written, planted = json.loads((sample_files / "truth.json").read_text()), truth()
    assert written["correlation"] == 0.3
    assert written["elasticities"] == {"population": 0.8, "jobs": 0.3}
    assert written["since"] == "2022-07-01"
    assert written["level"]["A07"]["graffiti"] == planted.level.loc["A07", "graffiti"]
    assert written["drivers"]["jobs"]["2024"]["A07"] == planted.drivers["jobs"].loc[2024, "A07"]
    moved = written["incidents"][1]["phases"][1]
    assert moved["since"] == BURGLARY_MOVES.date().isoformat()
    assert moved["hotspots"][0]["sigma"] == planted.incident_kind("burglary").phases[1].hotspots[0].sigma


def test_points_written_as_degrees_lie_in_the_neighbourhoods(sample_files: Path) -> None:
    areas = gpd.read_file(sample_files / "neighbourhoods.geojson")
    tree = shapely.STRtree(areas.geometry.to_numpy())
    for name in KINDS:
        written, made = pd.read_csv(sample_files / f"{name}.csv.gz"), sample_incidents(name)
        points = gpd.GeoSeries.from_xy(written["longitude"], written["latitude"], crs="EPSG:4326")
        assert len(np.unique(tree.query(points.to_numpy(), predicate="within")[0])) == len(made)
        metres = points.to_crs(CRS)
        assert np.hypot(metres.x - made["x"], metres.y - made["y"]).max() < 0.2


def test_the_sample_is_made_once_and_again_when_it_is_older_or_cut_off(
    sample_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    def copied(aside: Path) -> None:
        made.append(aside)
        shutil.copytree(sample_files, aside, dirs_exist_ok=True)

    monkeypatch.setattr(writing, "make_sample", copied)
    path = ensure_sample()
    assert path == city_path("meridian")
    assert ensure_sample() == path
    assert len(made) == 1
    current = (path.parent / "truth.json").read_text()
    for number, stale in enumerate((json.dumps(json.loads(current) | {"version": "older"}), current[:500])):
        (path.parent / "truth.json").write_text(stale)
        ensure_sample()
        assert (path.parent / "truth.json").read_text() == current
        assert len(made) == number + 2
    assert list(path.parents[2].glob(".meridian*")) == []


@pytest.fixture(scope="module")
def city(meridian: City) -> City:
    return meridian


def test_the_city_opens_whole(city: City) -> None:
    assert (city.name, city.key, city.crs) == ("Meridian", "meridian", CRS)
    assert [table.provenance.name for table in city.tables if table.provenance.rows_set_aside] == []
    # What was planted, and no more: silent areas, twenty without a traffic counter, and all but three without a monitor.
    assert [(each.code, each.table) for each in city.findings] == [
        ("missing_values", "[series.service_requests]"), ("areas_without_data", "[series.traffic_counts]"),
        ("areas_without_data", "[series.traffic_delay]"), ("areas_without_data", "[series.nitrogen_dioxide]"),
    ]  # fmt: skip
    assert all(table.provenance.synthetic for table in city.tables)
    assert city.as_of.normalize() == UNTIL
    assert {name: len(layer.frame) for name, layer in city.areas.items()} == {
        "neighbourhood": 60, "district": 9, "city": 1,  # the desk serves the whole city
    }  # fmt: skip
    assert city.areas["neighbourhood"].parent == "district"
    assert all(city.areas[name].absent_groups == () for name in ("neighbourhood", "district"))


def test_the_city_holds_what_was_drawn(city: City) -> None:
    planted = truth(seed=SEED)
    values = draw_panel(planted, spoiled=True)
    requests = city.series["service_requests"]
    pd.testing.assert_frame_equal(
        requests.values[values.columns], values, check_freq=False, check_index_type=False, check_column_type=False
    )
    for name in KINDS:
        incidents = city.incidents[name]
        assert len(incidents.frame) == len(sample_incidents(name))
        assert (incidents.since, incidents.until) == (SINCE, UNTIL)
        assert set(incidents.reported_by.values()) == {planted.incident_kind(name).reported_by}
    for name, yearly in planted.drivers.items():
        read = city.drivers[name].values
        np.testing.assert_array_equal(read.droplevel("category", axis=1)[yearly.columns], yearly)
        assert tuple(read.index.year) == YEARS


# What happened in Meridian: a policy, spells, silences, how long requests take, and traffic


def test_the_policy_changes_its_areas_and_kind_from_its_day_on() -> None:
    planted = truth()
    policy = planted.policy
    means = planted.request_means()
    own = [(area, policy.category) for area in policy.areas]
    other = [column for column in means.columns if column[1] == policy.category and column not in own]
    before, after = policy.since - pd.Timedelta(days=1), policy.since
    step = means.loc[after] / means.loc[before]
    assert (step[own] / step[other].mean()).to_numpy() == pytest.approx(policy.factor, rel=0.01)
    drawn, _ = sample_panel()
    year = pd.Timedelta(days=364)
    ratio = drawn.loc[after : after + year, own].sum().sum() / drawn.loc[before - year : before, own].sum().sum()
    assert ratio == pytest.approx(policy.factor, abs=0.06)


def test_spells_raise_the_mean_by_the_deviations_that_the_truth_states() -> None:
    planted = truth()
    plain, raised = planted.request_means(), planted.shifted_means()
    assert len(planted.spells) == 12
    for spell in planted.spells:
        column, days = (spell.area_id, spell.category), slice(spell.since, spell.until)
        mean = plain.loc[days, column]
        size = planted.request_kind(spell.category).rhythm.size
        assert ((raised.loc[days, column] - mean) / np.sqrt(mean + mean**2 / size)).to_numpy() == pytest.approx(
            spell.shift
        )
    assert ((raised != plain).sum().sum()) == sum((spell.until - spell.since).days + 1 for spell in planted.spells)
    assert planted.spells[-1].until == planted.until


def test_silences_are_gaps_and_the_last_one_is_late(city: City) -> None:
    planted = truth()
    clean, spoiled = draw_panel(planted), draw_panel(planted, spoiled=True)
    assert clean.notna().all().all()
    missing = spoiled.isna()
    for silence in planted.silences:
        columns = [(silence.area_id, kind.name) for kind in planted.requests if silence.category in ("", kind.name)]
        assert missing.loc[silence.since : silence.until, columns].all().all()
    assert missing.iloc[-1].sum() == 3
    assert city.series["service_requests"].values.isna().sum().sum() == missing.sum().sum()


def test_each_counted_request_has_its_dates_and_takes_as_long_as_planted() -> None:
    planted = truth()
    counts = draw_panel(planted, spoiled=True)
    handled = sample_handling(counts, planted)
    assert len(handled) == counts.loc[planted.handling.since :].sum().sum()
    by_day = handled.groupby([handled["opened"].dt.normalize(), "area_id", "kind"]).size()
    assert by_day.loc[("2025-03-03", "A10", "refuse")] == counts.loc["2025-03-03", ("A10", "refuse")]
    early = handled[handled["opened"] < "2025-12-01"]
    days = (early["closed"] - early["opened"]) / pd.Timedelta(days=1)
    district = plan_of_meridian().neighbourhoods["parent_id"]
    for kind, place in (("refuse", "D6"), ("graffiti", "D7"), ("street_lighting", "D1")):
        own = days[(early["kind"] == kind) & (early["area_id"].map(district) == place)].fillna(np.inf)
        assert own.median() == pytest.approx(planted.handling.median(kind, place), rel=0.1)
        done = planted.handling.share_done(kind, place, days=30)
        assert (own <= 30).mean() == pytest.approx(done, abs=0.03)


def test_traffic_follows_the_week_and_keeps_holidays_as_sundays() -> None:
    planted = truth().traffic
    vehicles = sample_traffic()
    assert vehicles.shape == (17520, 40)
    counter = next(each for each in planted.counters if each.kind == "commuter")
    own = vehicles[counter.area_id]
    hours = pd.DatetimeIndex(own.index)
    by_hour = own.groupby(24 * hours.day_of_week + hours.hour).mean()
    assert np.corrcoef(by_hour, planted.week["commuter"])[0, 1] > 0.99
    christmas = own.loc["2025-12-25"].to_numpy()  # a Thursday
    assert np.corrcoef(christmas, np.array(planted.week["commuter"])[6 * 24 :])[0, 1] > 0.9
    assert christmas.sum() < 0.7 * own.loc["2025-12-18"].sum()
