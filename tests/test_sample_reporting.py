"""Meridian's assaults are under-reported where its truth says so, a second source is not, and people are no keys."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from analytics.hotspots import find_hotspots, flagged
from data import City, open_city
from data.cityfile import read_city_file
from data.errors import CityFileError
from data.sample import sample_incidents, true_density, true_incidents, truth
from data.sample.people import group_shares
from data.sample.plan import plan_of_meridian
from data.sample.planted import SINCE, UNTIL
from data.tables import KINDS
from data.tables.section import PERSONAL, names_people
from data.tables.series import SeriesKeys, SeriesOfEventsKeys
from tests.tiny_city import TOML, spoiled, write_city

UNDER = truth().under_reporting[0]
SECOND = truth().second_sources[0]


@pytest.fixture(scope="module")
def everything() -> pd.DataFrame:
    return _placed(true_incidents("assault"))


@pytest.fixture(scope="module")
def reported() -> pd.DataFrame:
    return _placed(sample_incidents("assault"))


@pytest.fixture(scope="module")
def treated() -> pd.DataFrame:
    return _placed(sample_incidents(SECOND.name))


def _placed(incidents: pd.DataFrame) -> pd.DataFrame:
    """With the neighbourhood of each."""
    areas = plan_of_meridian().neighbourhoods
    points = shapely.points(incidents["x"], incidents["y"])
    point, area = shapely.STRtree(areas.geometry.to_numpy()).query(points, predicate="intersects")
    place = pd.Series(areas.index[area], index=point)
    return incidents.assign(area_id=place[~place.index.duplicated()].reindex(incidents.index))


# Who reports


def test_under_reporting_is_planted_where_incomes_are_low_and_assaults_gather() -> None:
    assert UNDER.category == "assault"
    low = group_shares()["share_low_income"]
    assert low[list(UNDER.areas)].min() > low.quantile(0.9)
    areas = plan_of_meridian().neighbourhoods.loc[list(UNDER.areas)]
    assert shapely.union_all(areas.buffer(1.0).to_numpy()).geom_type == "Polygon"  # they adjoin
    (phase,) = truth().incident_kind("assault").phases
    assert areas.contains(shapely.points([(spot.x, spot.y) for spot in phase.hotspots])[3]).any()


def test_half_is_reported_in_the_named_areas_and_all_elsewhere(
    everything: pd.DataFrame, reported: pd.DataFrame
) -> None:
    share = reported["area_id"].value_counts() / everything["area_id"].value_counts()
    assert (share.drop(list(UNDER.areas)) == 1).all()
    within = everything["area_id"].isin(UNDER.areas)
    kept = reported["area_id"].isin(UNDER.areas).sum()
    n = within.sum()
    assert n > 1_000
    assert kept / n == pytest.approx(UNDER.share_reported, abs=4 * 0.5 / np.sqrt(n))
    thinned = reported.drop(columns="area_id").merge(everything, on=["time", "x", "y"], how="left")
    assert thinned["area_id"].notna().all()  # what is reported happened, there and then


def test_thinning_goes_by_chance_and_not_by_time(everything: pd.DataFrame, reported: pd.DataFrame) -> None:
    for name in ("year", "hour"):
        counts = [
            frame.loc[frame["area_id"].isin(UNDER.areas), "time"].groupby(getattr(frame["time"].dt, name)).size()
            for frame in (reported, everything)
        ]
        spread = 0.5 / np.sqrt(counts[1])
        assert ((counts[0] / counts[1] - UNDER.share_reported).abs() < 4 * spread).all()


def test_kinds_without_under_reporting_are_reported_whole() -> None:
    for name in ("burglary", "drug_offence"):
        pd.testing.assert_frame_equal(sample_incidents(name), true_incidents(name))


def test_the_reported_density_is_the_true_one_times_the_share() -> None:
    areas = plan_of_meridian().neighbourhoods.representative_point()
    x, y = areas.x.to_numpy(), areas.y.to_numpy()
    ratio = true_density("assault", x, y, on=UNTIL, reported=True) / true_density("assault", x, y, on=UNTIL)
    expected = np.where(areas.index.isin(UNDER.areas), UNDER.share_reported, 1.0)
    np.testing.assert_allclose(ratio, expected)


# The second source


def test_injuries_are_a_share_of_all_assaults_wherever_they_are(
    everything: pd.DataFrame, treated: pd.DataFrame
) -> None:
    for within in (True, False):
        n = (everything["area_id"].isin(UNDER.areas) == within).sum()
        noted = (treated["area_id"].isin(UNDER.areas) == within).sum()
        # Some are noted beyond the border, which moves as many out as in but for one in a hundred.
        assert noted / n == pytest.approx(SECOND.share, abs=0.01 + 4 * np.sqrt(SECOND.share * (1 - SECOND.share) / n))


def test_being_treated_does_not_depend_on_being_reported(
    everything: pd.DataFrame, reported: pd.DataFrame, origin: np.ndarray
) -> None:
    heard = pd.MultiIndex.from_frame(everything[["x", "y"]]).isin(pd.MultiIndex.from_frame(reported[["x", "y"]]))
    within = everything["area_id"].isin(UNDER.areas).to_numpy()
    share = heard[origin][within[origin]].mean()
    assert share == pytest.approx(UNDER.share_reported, abs=4 * 0.5 / np.sqrt(within[origin].sum()))


@pytest.fixture(scope="module")
def origin(everything: pd.DataFrame, treated: pd.DataFrame) -> np.ndarray:
    """The row of the assault behind each injury: the nearest of those in the hour before."""
    minute = np.timedelta64(1, "m")
    times, places = everything["time"].to_numpy(), everything[["x", "y"]].to_numpy()
    first = np.searchsorted(times, treated["time"].to_numpy() - SECOND.minutes * minute)
    last = np.searchsorted(times, treated["time"].to_numpy() + minute)
    rows = []
    for here, start, end in zip(treated[["x", "y"]].to_numpy(), first, last, strict=True):
        rows.append(start + np.hypot(*(places[start:end] - here).T).argmin())
    return np.array(rows)


def test_injuries_lie_near_the_assault_and_on_land(
    everything: pd.DataFrame, treated: pd.DataFrame, origin: np.ndarray
) -> None:
    assert treated["time"].is_monotonic_increasing
    assert treated["time"].between(SINCE, UNTIL + pd.Timedelta(days=1), inclusive="left").all()
    assert shapely.contains_xy(plan_of_meridian().land, treated["x"], treated["y"]).all()
    apart = np.hypot(*(treated[["x", "y"]].to_numpy() - everything[["x", "y"]].to_numpy()[origin]).T)
    assert apart.max() < 6 * SECOND.jitter
    assert np.sqrt((apart**2).mean() / 2) == pytest.approx(SECOND.jitter, rel=0.05)


def test_another_seed_is_another_history_of_both_sources() -> None:
    for name in ("assault", SECOND.name):
        pd.testing.assert_frame_equal(sample_incidents(name, seed=5), sample_incidents(name, seed=5))
        assert len(sample_incidents(name, seed=5)) != len(sample_incidents(name, seed=6))


# The map of it


@pytest.mark.usefixtures("measured_by_all")
def test_the_hotspot_of_the_port_is_found_and_ranks_higher_by_what_is_treated(meridian: City) -> None:
    (phase,) = truth().incident_kind("assault").phases
    x, y = (np.array([getattr(spot, axis) for spot in phase.hotspots]) for axis in ("x", "y"))
    ranks = []
    for name in ("assault", SECOND.name):
        found = find_hotspots(meridian.incidents[name], method="kernel_density")
        middle = found.cells.locate(x, y)
        assert flagged(found, 0.05)[middle].all()
        assert set(found.cells.area_id[middle]) & set(UNDER.areas) == {"A48"}
        ranks.append(int(found.rank.to_numpy()[middle[found.cells.area_id[middle] == "A48"][0]]))
    assert ranks[0] > 2 * ranks[1]


# The city file


def test_the_truth_states_what_is_reported_and_where_streets_are_congested() -> None:
    written = json.loads(truth().to_json())
    assert written["under_reporting"] == [
        {"category": "assault", "areas": list(UNDER.areas), "since": "2022-07-01", "share_reported": 0.5}
    ]
    assert written["second_sources"][0]["of"] == "assault"
    assert written["second_sources"][0]["share"] == 0.35
    assert [each["factor"] for each in written["delay"]["congestion"]] == [2.2, 2.5, 2.0]
    assert written["delay"]["congestion"][1]["since"] == "2026-01-12"


def test_meridian_names_its_second_source_and_who_records_it(meridian: City) -> None:
    incidents = meridian.incidents
    assert incidents["assault"].second_source == SECOND.name
    assert incidents[SECOND.name].reported_by == {"all": "services"}
    assert incidents[SECOND.name].police_initiated == ()
    assert {name for name, each in incidents.items() if each.second_source} == {"assault"}
    assert len(incidents["assault"].frame) == len(sample_incidents("assault"))
    assert len(incidents[SECOND.name].frame) == len(sample_incidents(SECOND.name))


def test_a_second_source_is_another_section(tmp_path: Path) -> None:
    injuries = TOML[TOML.index("[incidents.theft]") : TOML.index("[series")].replace("theft]", "injury]")
    path = write_city(tmp_path, toml=TOML + injuries + 'second_source = "theft"\nreported_by = "services"\n')
    injury = open_city(path).incidents["injury"]
    assert (injury.second_source, injury.reported_by) == ("theft", {"all": "services"})
    for wrong in ("injuries", "injury"):
        path = write_city(tmp_path, toml=TOML + injuries + f'second_source = "{wrong}"\n')
        with pytest.raises(
            CityFileError, match=f"second source “{wrong}”, but the other incidents are theft: name one"
        ):
            read_city_file(path)


@pytest.mark.parametrize(
    "key", [*sorted(PERSONAL), "person_id", "name_of_person", "Offender", "suspects", "victim-age", "household_2"]
)
def test_no_key_leads_to_a_person(tmp_path: Path, key: str) -> None:
    path = write_city(tmp_path, toml=spoiled("until = 2024-01-03", f'{key} = "column"'))
    with pytest.raises(
        CityFileError, match=rf"“{key}”, but Civicast scores places only, never people .*: remove the key"
    ):
        read_city_file(path)


def test_no_allowed_key_is_taken_for_a_person() -> None:
    models = [kind.keys for kind in KINDS.values() if isinstance(kind.keys, type)]
    for model in (*models, SeriesKeys, SeriesOfEventsKeys):
        assert not any(names_people(key) for key in model.written())
