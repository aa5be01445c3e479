"""Chicago's open records: what is known of the files beforehand is what opening them finds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from data import City

ASSAULTS = "crime_aggravated_assaults_points_2010_2018.csv.gz"
REQUESTS = "service_311_sanitation_complaints_2011_2014.csv.gz"
DISTRICTS = "crime_daily_counts_by_police_district_2001_2021.csv.gz"


def raw(real_data: Path, name: str) -> pd.DataFrame:
    """The file as pandas reads it: another reader than ours."""
    return pd.read_csv(real_data / "chicago" / name, dtype=str, keep_default_na=False)


def test_every_row_is_kept_or_set_aside(chicago: City) -> None:
    for incidents in chicago.incidents.values():
        assert len(incidents.frame) + incidents.provenance.rows_set_aside == incidents.provenance.rows_read
    requests = chicago.series["sanitation_requests"]
    assert requests.values.to_numpy().sum() + requests.provenance.rows_set_aside == requests.provenance.rows_read
    crimes = chicago.series["district_crime"]
    assert crimes.values.size + crimes.provenance.rows_set_aside == crimes.provenance.rows_read


def test_assaults_are_those_of_the_file(chicago: City, real_data: Path) -> None:
    table = raw(real_data, ASSAULTS)
    assaults = chicago.incidents["assault"]
    assert assaults.provenance.rows_read == len(table) == 133_308
    assert assaults.provenance.set_aside == {"duplicate": table.duplicated().sum(), "outside_city": 183}
    assert assaults.provenance.set_aside["duplicate"] == 100
    assert (assaults.since, assaults.until) == (pd.Timestamp("2010-01-01"), pd.Timestamp("2018-12-31"))
    assert assaults.police_initiated == ()
    assert assaults.frame["time"].is_monotonic_increasing


def test_assaults_lie_in_the_area_that_they_name(chicago: City, real_data: Path) -> None:
    """Placed one by one with another predicate and in degrees; a point within metres of a border may differ."""
    content = json.loads((real_data / "chicago" / "boundaries_community_areas.geojson").read_text())
    shapes = {
        str(each["properties"]["area_numbe"]): shapely.geometry.shape(each["geometry"]) for each in content["features"]
    }
    rows = chicago.incidents["assault"].frame.sample(2_000, random_state=1)
    inside = [
        shapes[row.area_id].covers(shapely.Point(row.longitude, row.latitude)) for row in rows.itertuples(index=False)
    ]
    assert np.mean(inside) > 0.999


def test_requests_are_those_of_the_file(chicago: City, real_data: Path) -> None:
    table = raw(real_data, REQUESTS)
    requests = chicago.series["sanitation_requests"]
    counted = dict(requests.provenance.set_aside)
    assert requests.provenance.rows_read == len(table) == 74_401
    assert counted["excluded"] == table["Status"].str.endswith("Dup").sum() == 3_633
    kept = table[~table["Status"].str.endswith("Dup")]
    assert counted["no_position"] == (kept["Longitude"] == "").sum() == 24
    kept = kept[kept["Longitude"] != ""].drop_duplicates("Service_Request_Number")
    assert counted["after_until"] == (kept["Creation_Date"] > "2014-12-31").sum()
    assert counted["before_from"] == (kept["Creation_Date"] < "2011-01-01").sum()
    within = kept[kept["Creation_Date"].between("2011-01-01", "2014-12-31")]
    daily = within["Creation_Date"].value_counts()
    ours = requests.total()
    assert ours.sum() == len(within) - counted["outside_city"]
    assert (daily.reindex(ours.index.strftime("%Y-%m-%d"), fill_value=0).to_numpy() >= ours.to_numpy()).all()
    assert (ours.index[0], ours.index[-1], len(ours)) == (pd.Timestamp("2011-01-01"), pd.Timestamp("2014-12-31"), 1_461)
    assert requests.area_ids == tuple(chicago.areas["community"].frame.index)


def test_requests_are_in_the_area_that_the_city_wrote_down(chicago: City, real_data: Path) -> None:
    """The file has the city's own community area of each request: totals by area agree to a few per cent."""
    table = raw(real_data, REQUESTS)
    table = table[~table["Status"].str.endswith("Dup")].drop_duplicates("Service_Request_Number")
    table = table[table["Creation_Date"].between("2011-01-01", "2014-12-31")]
    written = table["Community_Area"].str.removesuffix(".0").value_counts()
    ours = chicago.series["sanitation_requests"].values.sum().droplevel("category")
    assert np.abs(ours - written.reindex(ours.index)).sum() / ours.sum() < 0.02


def test_district_crime_is_complete(chicago: City, real_data: Path) -> None:
    crimes = chicago.series["district_crime"]
    assert crimes.values.shape == (7_670, 22)
    assert crimes.values.notna().all(axis=None)
    table = raw(real_data, DISTRICTS)
    counted = table["crime_count"].astype(int).groupby(table["date"].str[:4]).sum()
    yearly = crimes.to_frequency("YS").total()
    assert yearly.tolist() == counted.tolist()
    assert yearly["2001-01-01"] == 485_822  # as the notes on the source state
    # District 31 is an enclave that the counts do not have; 13, 21 and 23 were merged away and have no polygon.
    assert [finding.evidence for finding in crimes.findings] == [{"areas": ["31"]}]


def test_areas_have_people_and_the_groups_that_the_census_gives(chicago: City) -> None:
    community = chicago.areas["community"]
    assert len(community.frame) == 77
    assert community.frame["population"].sum() == 2_733_835
    assert community.groups == ("share_over_65", "share_low_income")
    assert community.absent_groups == ("share_disabled",)
    people = community.frame["population"]
    assert (community.frame["share_over_65"] * people).sum() / people.sum() == pytest.approx(0.11, abs=0.01)
    assert community.frame["name"]["32"] == "Loop"
    assert community.frame.area.sum() / 1e6 == pytest.approx(600, rel=0.02)  # the city covers some 600 km²
    assert len(chicago.areas["police_district"].frame) == 23


def test_every_community_area_is_on_one_side_of_the_city(chicago: City) -> None:
    sides = chicago.of("regions")
    assert len(sides) == 9
    assert sorted(area for side in sides.values() for area in side.area_ids) == sorted(
        chicago.areas["community"].frame.index
    )
    names = chicago.areas["community"].frame["name"]
    assert {"HYDE PARK", "WOODLAWN"} <= {names[area].upper() for area in sides["south_side"].area_ids}
    assert {names[area].upper() for area in sides["central"].area_ids} == {"LOOP", "NEAR NORTH SIDE", "NEAR SOUTH SIDE"}


def test_drivers_are_those_of_the_census_and_of_the_planning_agency(chicago: City) -> None:
    people = chicago.drivers["population"].to_frequency("YS").total()
    assert people["2010-01-01"] == 2_695_598  # the census of 2010
    jobs, households = (chicago.drivers[name].total() for name in ("jobs", "households"))
    assert (jobs["2019-01-01"], households["2019-01-01"]) == (1_342_098, 1_148_632)  # as the notes on the source state
    loop = chicago.drivers["jobs"].values["32"]
    assert loop.to_numpy().item() == 323_442


def test_autumn_nights_are_counted(chicago: City) -> None:
    (clock,) = [each for each in chicago.incidents["assault"].findings if each.code == "clock_change"]
    times = chicago.incidents["assault"].frame["time"]
    zone = times.dt.tz_localize("America/Chicago", ambiguous="NaT", nonexistent="NaT")
    # Rows outside the city were set aside before, so the count is of those kept.
    assert clock.evidence == {"ambiguous": int(zone.isna().sum()), "nonexistent": 0}


def test_what_the_licence_does_not_say_may_not_be_repeated(chicago: City) -> None:
    assert not any(table.redistributable for table in chicago.provenances)
    assert not chicago.synthetic
    assert chicago.as_of == pd.Timestamp("2021-12-31")
