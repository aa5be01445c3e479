"""A city.toml is followed to the letter or refused in one sentence; every row is kept or counted."""

from __future__ import annotations

import pickle
import re
import tomllib
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import points
from tiny_city import EAST, OUTSIDE, REQUESTS, THEFTS, TOML, WARDS, WEST, geojson, spoiled, square, write_city

from data import CivicastError, Classification, Series, open_city
from data.cityfile import CityKeys, read_city_file
from data.errors import CityFileError, SourceError, TableError, WorkspaceError
from data.tables import KINDS
from data.tables.areas import JoinKeys
from data.tables.desks import ContactsKeys
from data.tables.drivers import DriversKeys, WideDriversKeys
from data.tables.section import read_keys
from data.tables.series import SeriesKeys, SeriesOfEventsKeys
from data.tables.trips import ZonesKeys
from data.words import knows

TEMPLATE = Path(__file__).parent.parent / "data" / "templates" / "city.toml"
MODELS = {name: kind.keys for name, kind in KINDS.items()} | {
    "city": CityKeys, "join": JoinKeys, "series": SeriesKeys, "series from points": SeriesOfEventsKeys,
    "drivers": DriversKeys, "drivers by column": WideDriversKeys, "contacts": ContactsKeys, "zones": ZonesKeys,
}  # fmt: skip
INNER = set(chain.from_iterable(model.written() for model in (JoinKeys, ContactsKeys, ZonesKeys)))
COUNTS = TOML.partition("[series.requests]")[2]


def requests(tmp_path: Path, rows: str, *, extra: str = "", freq: str = "D") -> Series:
    toml = spoiled('freq = "D"', f'freq = "{freq}"\n{extra}')
    return open_city(write_city(tmp_path, toml=toml, requests="day,ward,n\n" + rows)).series["requests"]


# What a city holds


def test_a_city_is_what_its_file_says(tmp_path: Path) -> None:
    city = open_city(write_city(tmp_path))
    assert (city.name, city.key, city.currency) == ("Tiny", "tiny", "CZK")
    wards = city.areas["ward"].frame
    assert list(wards.index) == ["1", "2"]
    assert list(wards["name"]) == ["West End", "Eastgate"]
    assert wards.crs.to_epsg() == 32633
    assert wards.area.to_numpy() == pytest.approx(7_160 * 11_122, rel=0.01)  # 0.1° at 50° N, in metres
    thefts = city.incidents["theft"]
    assert list(thefts.frame["area_id"]) == ["1", "2", "2"]
    assert thefts.reported_by == {"all": "public"}
    assert city.series["requests"].total().tolist() == [7, 5, 3]
    assert city.as_of == pd.Timestamp("2024-01-03")
    assert city.findings == ()
    assert {table.provenance.licence for table in city.tables} == {"CC0"}
    assert not any(table.provenance.redistributable for table in city.tables)


def test_the_fingerprint_is_of_content_not_of_place(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    first = open_city(write_city(one))
    assert open_city(write_city(other)).fingerprint == first.fingerprint
    changed = open_city(write_city(other, requests=spoiled("2024-01-03,2,2", "2024-01-03,2,3", text=REQUESTS)))
    assert changed.fingerprint != first.fingerprint
    assert changed.incidents["theft"].provenance == first.incidents["theft"].provenance


def test_uses_are_stated_once_and_overridden_by_table(tmp_path: Path) -> None:
    toml = spoiled("until = 2024-01-03", 'until = 2024-01-03\nclassification = "restricted"\nlicence = "none"')
    city = open_city(write_city(tmp_path, toml=toml))
    assert city.incidents["theft"].provenance.licence == "none"
    assert city.series["requests"].provenance.classification is Classification.PUBLIC
    assert city.classification is Classification.RESTRICTED


def test_columns_join_by_id_and_scale(tmp_path: Path) -> None:
    join = '[areas.ward.join]\nsource = "census.csv"\non = "id"\n'
    join += 'columns = { share_over_65 = "old" }\nscale = { share_over_65 = 0.01 }\n'
    path = write_city(tmp_path, toml=TOML + join, census="id,old\n002,25\n9,70\n")
    layer = open_city(path).areas["ward"]
    assert layer.frame["share_over_65"].tolist() == pytest.approx([np.nan, 0.25], nan_ok=True)
    assert layer.groups == ("share_over_65",)
    assert layer.absent_groups == ("share_disabled", "share_low_income")
    assert [(found.code, found.evidence) for found in layer.findings] == [
        ("areas_without_data", {"areas": ["1"]}),
        ("join_of_unknown_areas", {"rows": 1, "areas": ["9"]}),
    ]


def test_ids_keep_their_zeros_where_a_layer_tells_them_apart(tmp_path: Path) -> None:
    wards = geojson([({"ward": "1", "title": "a", "people": 1}, square(15, 50)),
                     ({"ward": "01", "title": "b", "people": 1}, square(15.1, 50))])  # fmt: skip
    series = open_city(write_city(tmp_path, wards=wards, requests="day,ward,n\n2024-01-01,01,3\n2024-01-01,1.0,5\n"))
    assert series.series["requests"].values.iloc[0].to_dict() == {("1", "all"): 5, ("01", "all"): 3}


def test_polygons_of_one_id_dissolve_when_asked(tmp_path: Path) -> None:
    wards = spoiled('"ward": 2', '"ward": 1', text=WARDS)
    with pytest.raises(TableError, match=r"area ids 1 stand more than once.*dissolve"):
        open_city(write_city(tmp_path, wards=wards)).opened()
    toml = spoiled('id = "ward"', 'id = "ward"\ndissolve = true')
    layer = open_city(write_city(tmp_path, toml=toml, wards=wards, requests="day,ward,n\n2024-01-01,1,3\n")).areas[
        "ward"
    ]
    assert list(layer.frame.index) == ["1"]
    assert layer.provenance.rows_read == 2


def test_a_point_in_several_areas_takes_the_smallest_id(tmp_path: Path) -> None:
    wards = geojson([({"ward": name, "title": name, "people": 1}, square(15, 50)) for name in ("b", "a", "c")])
    city = open_city(write_city(tmp_path, wards=wards, requests="day,ward,n\n2024-01-01,a,3\n",
                                thefts="when,lon,lat\n2024-01-01,15.05,50.05\n"))  # fmt: skip
    assert list(city.incidents["theft"].frame["area_id"]) == ["a"]


def test_a_polygon_that_crosses_itself_is_repaired_and_said(tmp_path: Path) -> None:
    bow = {"type": "Polygon", "coordinates": [[[15, 50], [15.1, 50.1], [15.1, 50], [15, 50.1], [15, 50]]]}
    wards = geojson([({"ward": 1, "title": "bow", "people": 1}, bow)])
    city = open_city(write_city(tmp_path, wards=wards, requests="day,ward,n\n2024-01-01,1,3\n",
                                thefts="when,lon,lat\n2024-01-01,15.02,50.05\n"))  # fmt: skip
    assert city.areas["ward"].frame.geometry.is_valid.all()
    assert [found.code for found in city.areas["ward"].findings] == ["polygons_repaired"]


# A city without areas


def test_a_city_without_areas_is_one_area_outlined_by_its_points(tmp_path: Path) -> None:
    toml = re.sub(r"\[areas.ward\][^\[]*", "", TOML)
    toml = toml.replace('areas = "ward"\n', "").replace('area = "ward"\n', "")
    daily = "day,ward,n\n2024-01-01,1,3\n2024-01-02,1,4\n"
    city = open_city(write_city(tmp_path, toml=toml, requests=daily))
    assert list(city.areas) == ["city"]
    assert city.incidents["theft"].areas is None
    assert set(city.incidents["theft"].frame["area_id"]) == {"city"}
    series = city.series["requests"]
    assert (series.layer, series.area_ids, series.total().tolist()) == ("city", ("city",), [3, 4])
    frame = city.incidents["theft"].frame
    outline = city.areas["city"].frame.geometry.iloc[0]
    assert outline.contains(points(frame["x"], frame["y"])).all()


def test_a_series_without_areas_belongs_to_the_whole_city(tmp_path: Path) -> None:
    toml = spoiled('area = "ward"\nareas = "ward"\n', "")
    city = open_city(write_city(tmp_path, toml=toml, requests="day,ward,n\n2024-01-01,1,3\n"))
    whole = city.areas["city"].frame
    assert whole["population"].tolist() == [400]
    assert whole.area.iloc[0] == pytest.approx(city.areas["ward"].frame.area.sum(), rel=1e-6)


# Rows kept and rows set aside


def test_every_row_of_points_is_kept_or_set_aside_for_its_reason(tmp_path: Path) -> None:
    rows = [f"2024-01-0{day},{EAST[0]},{EAST[1]},{day}{hour},ok" for day in (1, 2) for hour in range(9)]
    bad = {
        "excluded": f"2024-01-01,{WEST[0]},{WEST[1]},a,ok - Dup",
        "time_unreadable": f"31/01/24,{WEST[0]},{WEST[1]},b,ok",
        "no_position": f"2024-01-01,,{WEST[1]},c,ok",
        "outside_globe": f"2024-01-01,{WEST[0]},123.4,d,ok",
        "duplicate": rows[0],
        "after_until": f"2024-01-04,{WEST[0]},{WEST[1]},e,ok",
        "before_from": f"2023-12-31,{WEST[0]},{WEST[1]},f,ok",
        "outside_city": f"2024-01-01,{OUTSIDE[0]},{OUTSIDE[1]},g,ok",
    }
    text = "\n".join(["when,lon,lat,id,status", *rows, *bad.values()])
    toml = spoiled("until = 2024-01-03", 'until = 2024-01-03\nfrom = 2024-01-01\nid = "id"\ndrop = { status = "*Dup" }')
    thefts = open_city(write_city(tmp_path, toml=toml, thefts=text)).incidents["theft"]
    assert dict(thefts.provenance.set_aside) == dict.fromkeys(bad, 1)
    assert len(thefts.frame) + thefts.provenance.rows_set_aside == thefts.provenance.rows_read == 26
    assert thefts.findings[-1].code == "dates_without_time"
    found = {finding.evidence["reason"]: finding.evidence["examples"] for finding in thefts.findings[:-1]}
    assert found == {reason: [19 + number] for number, reason in enumerate(bad)}
    assert all(
        knows(f"reasons.{reason}") and finding.message
        for reason, finding in zip(found, thefts.findings[:-1], strict=True)
    )


def test_a_day_that_may_be_unfinished_is_no_day(tmp_path: Path) -> None:
    toml = spoiled("until = 2024-01-03\n", "")
    thefts = open_city(write_city(tmp_path, toml=toml)).incidents["theft"]
    assert (thefts.until, thefts.provenance.set_aside) == (pd.Timestamp("2024-01-02"), {"unfinished_day": 1})


def test_equal_rows_are_one_event_unless_the_file_says_each_counts(tmp_path: Path) -> None:
    twice = THEFTS + THEFTS.splitlines()[1]
    assert len(open_city(write_city(tmp_path, thefts=twice)).incidents["theft"].frame) == 3
    toml = spoiled("until = 2024-01-03", 'until = 2024-01-03\nequal_rows = "each"')
    thefts = open_city(write_city(tmp_path, toml=toml, thefts=twice)).incidents["theft"]
    assert (len(thefts.frame), thefts.provenance.rows_set_aside) == (4, 0)


def test_every_row_of_counts_is_kept_or_set_aside_for_its_reason(tmp_path: Path) -> None:
    rows = [f"2024-01-{day:02},{ward},{day}" for day in range(1, 11) for ward in (1, 2)]
    bad = ["2024-13-01,1,3", "2024-01-11,1,many", "2024-01-11,1,-3", "2024-01-11,1,2.5", "2024-01-11,7,3", rows[0]]
    series = requests(tmp_path, "\n".join(rows + bad))
    reasons = ("time_unreadable", "not_a_number", "negative", "not_whole", "unknown_area", "duplicate")
    assert dict(series.provenance.set_aside) == dict.fromkeys(reasons, 1)
    assert series.values.to_numpy().sum() == 2 * sum(range(1, 11))


def test_amounts_may_be_negative_and_fractional(tmp_path: Path) -> None:
    series = requests(tmp_path, "2024-01-01,1,-2.5\n2024-01-01,2,0.25\n", extra='value_type = "continuous"')
    assert series.values.iloc[0].tolist() == [-2.5, 0.25]


def test_a_gap_is_missing_and_said(tmp_path: Path) -> None:
    series = requests(tmp_path, "2024-01-01,1,3\n2024-01-01,2,3\n2024-01-04,1,5\n")
    assert series.values.index.freqstr == "D"
    assert series.values["1"]["all"].isna().tolist() == [False, True, True, False]
    found = {finding.code: dict(finding.evidence) for finding in series.findings}
    assert found == {
        "missing_periods": {"periods_missing": 2, "periods_total": 4},
        "missing_values": {"values_missing": 1, "values_total": 8, "areas": 1},
    }
    zeros = requests(tmp_path, "2024-01-01,1,3\n2024-01-01,2,3\n2024-01-04,1,5\n", extra='no_row = "zero"')
    assert zeros.values.to_numpy().tolist() == [[3, 3], [0, 0], [0, 0], [5, 0]]
    assert zeros.findings == ()


def test_rows_that_disagree_are_not_ours_to_choose(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="rows 1 and 3 give different values"):
        requests(tmp_path, "2024-01-01,1,3\n2024-01-01,2,3\n2024-01-01,1,4\n")
    with pytest.raises(TableError, match="finer than freq “MS”"):
        requests(tmp_path, "2024-01-01,1,3\n2024-01-02,1,3\n", freq="MS")


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    head, *rows = REQUESTS.splitlines()
    again = open_city(write_city(tmp_path, requests="\n".join([head, *reversed(rows)]))).series["requests"]
    assert again.provenance.fingerprint == open_city(write_city(tmp_path)).series["requests"].provenance.fingerprint


# Series from points


POINTS_SERIES = (
    '[series.thefts]\nfrom_points = "thefts.csv"\ntime = "when"\nlongitude = "lon"\nlatitude = "lat"\nunit = "thefts"\n'
)


@settings(deadline=None, max_examples=25)
@given(days=st.lists(st.integers(0, 40), min_size=1, max_size=60), freq=st.sampled_from(["D", "W-MON", "MS"]))
def test_counts_from_points_keep_every_event_in_whole_periods(
    tmp_path_factory: pytest.TempPathFactory, days: list[int], freq: str
) -> None:
    start = pd.Timestamp("2024-01-01")  # a Monday
    times = [start + pd.Timedelta(days=day, minutes=number) for number, day in enumerate(days)]
    text = "when,lon,lat\n" + "".join(f"{time},{WEST[0]},{WEST[1]}\n" for time in times)
    toml = TOML + POINTS_SERIES + f'areas = "ward"\nfreq = "{freq}"\nfrom = 2024-01-01\nuntil = 2024-02-10\n'
    toml = toml.replace("until = 2024-01-03", "until = 2024-02-10")
    series = open_city(write_city(tmp_path_factory.mktemp("city"), toml=toml, thefts=text)).series["thefts"]
    assert series.values.notna().all(axis=None)
    assert series.area_ids == ("1", "2")
    assert series.total().sum() + series.provenance.rows_set_aside == series.provenance.rows_read == len(days)
    step = pd.tseries.frequencies.to_offset(freq)
    assert series.as_of + step <= pd.Timestamp("2024-02-11") < series.as_of + step + step


def test_a_file_too_short_for_its_freq_says_so(tmp_path: Path) -> None:
    toml = TOML + POINTS_SERIES + 'areas = "ward"\nfreq = "MS"\nuntil = 2024-01-03\n'
    with pytest.raises(TableError, match="no whole period of freq “MS” lies between 1 January 2024 and 3 January 2024"):
        open_city(write_city(tmp_path, toml=toml)).opened()


def test_drivers_are_yearly_amounts(tmp_path: Path) -> None:
    toml = (
        TOML
        + '[drivers.jobs]\nsource = "jobs.csv"\nareas = "ward"\narea = "ward"\nyear = "y"\nvalue = "n"\nunit = "jobs"\n'
    )
    path = write_city(tmp_path, toml=toml, jobs="y,ward,n\n2020,1,10.5\n2022,1,12\n2020,2,7\n2022,2,8\n")
    jobs = open_city(path).drivers["jobs"]
    assert (jobs.freq, jobs.value_type, jobs.categories) == ("YS", "continuous", ("all",))
    assert jobs.values.index.year.tolist() == [2020, 2021, 2022]
    assert [finding.code for finding in jobs.findings] == ["missing_periods"]


WIDE_DRIVER = '[drivers.people]\nsource = "census.csv"\nareas = "ward"\narea = "ward"\n'


def test_a_driver_may_have_a_column_a_year(tmp_path: Path) -> None:
    toml = TOML + WIDE_DRIVER + 'years = { 2000 = "old", 2010 = "new" }\n'
    path = write_city(tmp_path, toml=toml, census="ward,new,old\n1,12,10\n2,8,7.5\n")
    people = open_city(path).drivers["people"]
    known = people.values.dropna()
    assert known.index.year.tolist() == [2000, 2010]
    assert known.to_numpy().tolist() == [[10.0, 7.5], [12.0, 8.0]]
    assert people.provenance.rows_read == 4


@pytest.mark.parametrize(
    ("keys", "match"),
    [
        ('years = { 2000 = "old" }\nyear = "y"\n', "either “year” and “value” .* and not both"),
        ('years = { then = "old" }\n', "years names “then”, which is no year"),
        ("years = {}\n", "which is no year"),
        ("years = 2000\n", "must be a table"),
    ],
)
def test_years_are_columns_or_rows(tmp_path: Path, keys: str, match: str) -> None:
    path = write_city(tmp_path, toml=TOML + WIDE_DRIVER + keys, census="ward,old\n1,10\n2,7\n")
    with pytest.raises(CityFileError, match=match):
        open_city(path).opened()


# What is refused


@pytest.mark.parametrize(
    ("old", "new", "error", "match"),
    [
        ("[city]", "[city", CityFileError, r"cannot be read: line 2, “\[city”, opens a section and does not close it: put \]"),
        ("[city]", "[town]", CityFileError, r"unknown section \[town\]: sections are city, areas"),
        ('timezone = "Europe/Prague"', 'timezone = "Prague"', CityFileError, "“Prague”, which is no time zone"),
        ('timezone = "Europe/Prague"', 'timezone = "Europe"', CityFileError, "“Europe”, which is no time zone"),
        ("EPSG:32633", "EPSG:4326", CityFileError, "“EPSG:4326”, which is not measured in metres"),
        ("EPSG:32633", "EPSG:2263", CityFileError, "not measured in metres"),  # feet
        ("EPSG:32633", "Mars", CityFileError, "“Mars”, which is not measured in metres"),
        ("EPSG:32633", "EPSG:26971", TableError, "far from EPSG:26971 .*Illinois"),
        ('currency = "CZK"\n', "", CityFileError, r"\[city\] lacks the key “currency”"),
        ('name = "Tiny"', 'name = "東京"', CityFileError, "give a “key”"),
        ('name = "Tiny"', "name = 7", CityFileError, "name is “7”, but must be text"),
        ('licence = "CC0"', 'licence = "CC0"\nfolder = "${CIVICAST_NOWHERE}/x"', CityFileError, "CIVICAST_NOWHERE, which is"),
        ('population = "people"', 'popluation = "people"', CityFileError, "“popluation”: write “population”"),
        ('population = "people"', 'zzz = "people"', CityFileError, "“zzz”: allowed are"),
        ('population = "people"', 'groups = { elderly = "people" }', CityFileError, "“elderly” is not known"),
        ('population = "people"', 'groups = { share_over_65 = "people" }', TableError, r"1 \(share_over_65 100\) and 2"),
        ('population = "people"', 'parent = "city"', CityFileError, "names the areas “city”, but the layers are ward"),
        ('population = "people"', 'parent = "ward"', CityFileError, "lacks the key “parent_id”"),
        ('population = "people"', 'parent = "ward"\nparent_id = "title"', CityFileError, r"in a circle \(ward and ward\)"),
        ("[areas.ward]", "[areas.city]", CityFileError, "means the whole city"),
        ("[areas.ward]", '[areas."../x"]', CityFileError, "needs another name"),
        ('areas = "ward"\nuntil', 'areas = "wards"\nuntil', CityFileError, "names the areas “wards”"),
        ("until = 2024-01-03", 'until = "soon"', CityFileError, "“soon”, which is not a date"),
        ('time = "when"', 'time = "when"\ntime_format = "%Q%%%"', CityFileError, "time_format is “%Q%%%”, which says in no known"),
        ('time = "when"', 'time = "when"\ntime_format = "%Y %Y"', CityFileError, "time_format is “%Y %Y”, which says in no known"),
        ('time = "when"', 'time = "when"\ntime_format = "mixed"', CityFileError, "time_format is “mixed”, which says in no known"),
        ("until = 2024-01-03", "until = 2023-01-03", TableError, "nothing lies between the days asked for"),
        ("until = 2024-01-03", 'reported_by = "army"', CityFileError, "“army”, but must be one of public, police and services"),
        ("until = 2024-01-03", 'second_source = "injury"', CityFileError, "the city has no other incidents: add that section"),
        ("until = 2024-01-03", 'suspect = "name"', CityFileError, "scores places only, never people .*5.*: remove the key"),
        ("until = 2024-01-03", 'reported_by = { x = "police" }', CityFileError, "names the category “x”"),
        ("until = 2024-01-03", 'drop = "x"', CityFileError, "drop is “x”, but must be a table"),
        ("until = 2024-01-03", 'classification = "secret"', CityFileError, "“secret”, but must be one of public, internal"),
        ("thefts.csv", "theft.csv", SourceError, "no file “theft.csv”"),
        ("thefts.csv", "thefts.shp", SourceError, "no file “thefts.shp”"),
        ("thefts.csv", "city.toml", SourceError, "of a kind that is not read: give one of .csv"),
        ('"when"', '"date"', TableError, "no column “date”: it has when, lon and lat"),
        ('longitude = "lon"\nlatitude = "lat"', 'longitude = "lat"\nlatitude = "lon"', TableError, "none of its 3 positions"),
        ('longitude = "lon"', 'longitude = "when"', TableError, "3 of 3 rows have no position, rows 1, 2 and 3"),
        ('time = "when"', 'time = "lat"', TableError, "3 of 3 dates cannot be read"),
        ('value = "n"', 'value = "day"', TableError, "6 of 6 values are not numbers, in rows 1, 2, 3, 4, 5 and 6"),
        ('area = "ward"', 'area = "day"', TableError, r"no area id \(2024-01-01, .* is in the layer “ward” \(1 and 2\)"),
        ('area = "ward"\nareas = "ward"', 'areas = "ward"', CityFileError, "lacks the key “area”"),
        ('freq = "D"', 'freq = "daily"', CityFileError, "“daily”, but must be one of h, D, W-MON, MS and YS"),
        ('freq = "D"', 'freq = "D"\nfrom_points = "x.csv"', CityFileError, "either “from_points”"),
        ('freq = "D"', 'freq = "D"\nlongitude = "lon"', CityFileError, "lacks the key “latitude”"),
        (TOML[TOML.index("[incidents") :], "", CityFileError, "neither incidents nor series"),
    ],
)  # fmt: skip
def test_a_mistake_gets_its_own_sentence(
    tmp_path: Path, old: str, new: str, error: type[CivicastError], match: str
) -> None:
    path = write_city(tmp_path, toml=spoiled(old, new))
    with pytest.raises(error, match=match) as caught:
        open_city(path).opened()
    assert "\n" not in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("file", "text", "match"),
    [
        ("wards", '{"features": []}', "no GeoJSON features"),
        ("wards", "{not json}", "cannot be read"),
        ("wards", '{"features": [{"type": "Feature"}]}', "cannot be read"),
        ("wards", geojson([({"ward": 1}, {"type": "Point", "coordinates": [15, 50]})]), "features 1 are not polygons"),
        ("wards", geojson([({"ward": 1}, square(5e5, 5e6))]), "not degrees"),
        ("wards", geojson([({"title": "a", "people": 1}, square(15, 50))]), "no column “ward”"),
        ("wards", geojson([({"ward": None, "title": "a", "people": 1}, square(15, 50))]), "rows 1 have no area id"),
        ("wards", spoiled('"people": 100', '"people": -1', text=WARDS), r"1 value is impossible, among them 1 \(population -1\)"),
        ("thefts", "when,lon,lat\n", "none of its 0 rows"),
        ("thefts", THEFTS + "2024-01-03,15.1\n", "rows 4 do not have 3 values"),
        ("requests", "day,ward,n\n2024-01-01,1,-1\n2024-01-02,1,-1\n", "2 of 2 values are negative"),
        ("requests", "day,ward,n\n2024-01-01,1,0.5\n2024-01-02,1,1.5\n", "2 of 2 counts are not whole"),
    ],
)  # fmt: skip
def test_a_bad_file_gets_its_own_sentence(tmp_path: Path, file: str, text: str, match: str) -> None:
    with pytest.raises(CivicastError, match=match):
        open_city(write_city(tmp_path, **{file: text})).opened()


def test_an_error_carries_every_failing_row(tmp_path: Path) -> None:
    rows = "".join(f"2024-01-01,1,bad{number}\n" for number in range(500))
    with pytest.raises(TableError, match="in rows 1, 2, 3, 4, 5, 6, 7, 8 and 492 more") as caught:
        open_city(write_city(tmp_path, requests="day,ward,n\n" + rows)).opened()
    assert caught.value.evidence["rows"] == list(range(1, 501))


def test_a_city_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"no city named “atlantis” in the workspace: it has meridian"):
        open_city("atlantis")
    with pytest.raises(SourceError, match=r"no file “city\.toml”"):
        open_city(tmp_path / "city.toml")


WORDS = st.text("ab*/. 1", max_size=6)
SCALARS = st.one_of(st.integers(), st.booleans(), WORDS, st.floats(), st.dates(), st.datetimes())
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=2), st.dictionaries(WORDS, SCALARS, max_size=2))


def refusal(kind: str, keys: dict[str, object]) -> str:
    try:
        read_keys(MODELS[kind], keys, label=f"[{kind}]")
    except CityFileError as error:
        return str(error)
    return ""


@settings(deadline=None)
@given(
    kind=st.sampled_from(sorted(MODELS)),
    key=st.sampled_from(sorted(chain.from_iterable(model.written() for model in MODELS.values()))),
    value=VALUES,
)
def test_whatever_the_value_of_a_key_it_is_taken_or_refused_in_a_sentence(kind: str, key: str, value: object) -> None:
    assert refusal(kind, {key: value}).startswith(f"[{kind}]")  # no single key makes a section


def test_the_template_explains_every_key(tmp_path: Path) -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    everything = re.sub(r"^# (?=\[|\w+ = )", "", text, flags=re.MULTILINE)
    content = tomllib.loads(everything)
    shown = set(content["city"])
    for kind in KINDS:
        for name, keys in content[kind].items():
            read_keys(KINDS[kind].model(keys, name), keys, label=f"[{kind}.{name}]")
            shown |= set(keys).union(*(each for each in keys.values() if isinstance(each, dict) and set(each) <= INNER))
    assert shown == set(chain.from_iterable(model.written() for model in MODELS.values()))
    path = tmp_path / "city.toml"
    path.write_text(text, encoding="utf-8")
    assert read_city_file(path).name == "Springfield"
