"""What looks like a table and cannot be right: it is refused in a sentence, or kept with a finding that says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tiny_city import THEFTS, TOML, WARDS, geojson, spoiled, square, write_city

from analytics.errors import HotspotError
from analytics.hotspots import PartOfWeek
from data import CivicastError, open_city
from data.errors import CityFileError, TableError
from data.provenance import Finding
from data.tables import panel

JOIN = (
    '\n[areas.ward.join]\nsource = "people.csv"\non = "id"\ncolumns = { population = "n", share_low_income = "poor" }\n'
)
SIDE = '\n[areas.side]\nsource = "sides.geojson"\nid = "side"\n'


def joined(scale: str = "") -> str:
    return spoiled("\n[incidents.theft]", JOIN + scale + "\n[incidents.theft]")


def found(path: Path, code: str) -> list[Finding]:
    return [finding for finding in open_city(path).opened().findings if finding.code == code]


# Numbers of people


@pytest.mark.parametrize("digits", ["1e400", "-1e400", "1e11", "1" + "0" * 400, "1" + "0" * 5000], ids=len)
def test_an_impossible_population_is_refused(tmp_path: Path, digits: str) -> None:
    wards = spoiled('"people": 100', f'"people": {digits}', text=WARDS)
    with pytest.raises(TableError, match=r"1 value is impossible, among them 1 \(population -?(inf|1e\+11)\)"):
        open_city(write_city(tmp_path, wards=wards)).opened()


@pytest.mark.parametrize("written", ['"many"', "NaN", '"1,200"'])
def test_a_population_that_is_no_number_is_told(tmp_path: Path, written: str) -> None:
    path = write_city(tmp_path, wards=spoiled('"people": 100', f'"people": {written}', text=WARDS))
    (finding,) = found(path, "no_number")
    shown = written.strip('"')
    assert finding.message == f"[areas.ward]: “population” of 1 is no number ({shown}) and counts as unknown"
    assert open_city(path).areas["ward"].frame["population"].isna().tolist() == [True, False]


def test_an_empty_population_is_unknown_and_no_mistake(tmp_path: Path) -> None:
    path = write_city(tmp_path, wards=spoiled('"people": 100', '"people": null', text=WARDS))
    assert not found(path, "no_number")
    people = "id,n,poor\n1,,0.5\n2, ,0.5\n"
    assert not found(write_city(tmp_path, toml=joined(), people=people), "no_number")


def test_shares_that_are_no_numbers_are_told(tmp_path: Path) -> None:
    people = "id,n,poor\n1,10,half\n2,20,nan\n"
    (finding,) = found(write_city(tmp_path, toml=joined(), people=people), "no_number")
    assert finding.evidence == {"column": "share_low_income", "ids": ["1", "2"], "values": ["half", "nan"]}
    with pytest.raises(TableError, match=r"1 \(share_low_income inf\)"):
        open_city(write_city(tmp_path, toml=joined(), people="id,n,poor\n1,10,inf\n2,20,0.1\n")).opened()


def test_a_scale_holds_for_its_own_column(tmp_path: Path) -> None:
    path = write_city(
        tmp_path, toml=joined("scale = { share_low_income = 0.01 }\n"), people="id,n,poor\n1,10,50\n2,20,25\n"
    )
    frame = open_city(path).areas["ward"].frame
    assert frame["share_low_income"].tolist() == [0.5, 0.25]
    assert frame["population"].tolist() == [10.0, 20.0]


TARGET = '\n[targets.few]\nseries = "requests"\nfrom = 2024-01-01\nuntil = 2024-01-03\nat_most = {}\n'


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", '"many"', "true", "1" + "0" * 400])
@pytest.mark.parametrize(
    ("toml", "label"),
    [
        (TOML + TARGET, "[targets.few]: at_most is “"),
        (spoiled('currency = "CZK"', 'currency = "CZK"\nalarms_per_week = {}'), "[city]: alarms_per_week is “"),
        (
            joined("scale = {{ share_low_income = {} }}\n".replace("{{", "{ ").replace("}}", " }")),
            "[areas.ward] join: ",
        ),
    ],
    ids=["target", "ceiling", "scale"],
)
def test_what_is_no_number_sets_no_bound(tmp_path: Path, toml: str, label: str, value: str) -> None:
    with pytest.raises(CityFileError, match="but must be a number") as caught:
        open_city(write_city(tmp_path, toml=toml.replace("{}", value), people="id,n,poor\n1,1,1\n"))
    assert str(caught.value).startswith(label)


def test_a_joined_row_of_an_unknown_area_is_told(tmp_path: Path) -> None:
    people = "id,n,poor\n1,10,0.5\n2,20,0.5\n3,30,0.5\n4,40,0.5\n"
    (finding,) = found(write_city(tmp_path, toml=joined(), people=people), "join_of_unknown_areas")
    assert finding.message == "[areas.ward]: 2 rows of the joined table left out, as the layer has no areas 3 and 4"


# Layers


def test_a_layer_is_not_its_own_parent(tmp_path: Path) -> None:
    side = SIDE + 'parent = "side"\nparent_id = "side"\n'
    with pytest.raises(CityFileError, match=r"\[areas.side\]: its parents run in a circle \(side and side\)"):
        open_city(write_city(tmp_path, toml=TOML + side))
    below = spoiled('population = "people"', 'parent = "side"\nparent_id = "ward"')
    with pytest.raises(CityFileError, match=r"its parents run in a circle"):
        open_city(write_city(tmp_path, toml=below + side))


def test_a_parent_that_there_is_not_is_named(tmp_path: Path) -> None:
    toml = spoiled('population = "people"', 'parent = "side"\nparent_id = "title"') + SIDE
    sides = geojson([({"side": "WEST END"}, square(15, 50, side=0.2))])
    with pytest.raises(TableError, match="the parents Eastgate are not in the layer “side”, which has WEST END"):
        open_city(write_city(tmp_path, toml=toml, sides=sides)).opened()


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        (square(15.0, 50.0), ["1", "3"]),  # the same twice
        (square(15.02, 50.02, side=0.01), ["3"]),
        (square(14.97, 50.0), ["1", "3"]),  # two thirds
        (square(14.93, 50.0), []),  # a third
        (square(15.1, 50.1), []),  # a corner
    ],
)
def test_areas_that_lie_within_another_are_told(tmp_path: Path, shape: dict[str, Any], told: list[str]) -> None:
    wards = [
        ({"ward": 1, "title": "West", "people": 1}, square(15.0, 50.0)),
        ({"ward": 2, "title": "East", "people": 1}, square(15.1, 50.0)),
        ({"ward": 3, "title": "New", "people": 1}, shape),
    ]
    findings = found(write_city(tmp_path, wards=geojson(wards)), "areas_overlap")
    assert [finding.evidence["areas"] for finding in findings] == ([told] if told else [])


def test_a_byte_order_mark_is_no_part_of_any_file(tmp_path: Path) -> None:
    plain = open_city(write_city(tmp_path)).fingerprint
    for name in ("city.toml", "wards.geojson", "thefts.csv", "requests.csv"):
        path = tmp_path / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert open_city(tmp_path / "city.toml").fingerprint == plain


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"[" * 200_000, "brackets within brackets without end"),
        ("{}".encode("utf-16"), "not in UTF-8"),
    ],
)
def test_a_broken_geojson_gets_its_sentence(tmp_path: Path, content: bytes, match: str) -> None:
    path = write_city(tmp_path)
    (tmp_path / "wards.geojson").write_bytes(content)
    with pytest.raises(CivicastError, match=match):
        open_city(path).opened()


# Dates


def days(*texts: str) -> str:
    return "day,ward,n\n" + "".join(f"{text},1,1\n" for text in texts)


RECENT = ("2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04")


@pytest.mark.parametrize("odd", ["2260-01-01", "1700-01-01", "1900-01-01", "2045-01-05"])
@pytest.mark.parametrize("freq", ["h", "D", "W-MON", "MS"])
def test_a_date_centuries_away_stretches_no_calendar(tmp_path: Path, odd: str, freq: str) -> None:
    recent = [str(day) for day in pd.date_range("2024-01-01", periods=4, freq=freq)]
    series = open_city(
        write_city(tmp_path, toml=spoiled('freq = "D"', f'freq = "{freq}"'), requests=days(*recent, odd))
    ).series["requests"]
    assert len(series.values) == 4
    assert series.provenance.set_aside == {"far_date": 1}
    assert series.findings[0].message == (
        "[series.requests]: 1 row set aside: date lies decades from the others (the first: 5)"
    )


def test_history_is_kept_however_long(tmp_path: Path) -> None:
    years = pd.DatetimeIndex(["1850-01-01", "1890-01-01", "1900-01-01", "1950-01-01", "2020-01-01"])
    monthly = spoiled('freq = "D"', 'freq = "MS"')
    series = open_city(write_city(tmp_path, toml=monthly, requests=days(*map(str, years.date)))).series["requests"]
    assert (series.values.index[0], series.as_of) == (years[0], years[-1])
    twenty = open_city(write_city(tmp_path, requests=days(*RECENT, "2044-01-01"))).series["requests"]
    assert twenty.as_of == pd.Timestamp("2044-01-01")
    few = open_city(write_city(tmp_path, requests=days("1950-01-01", "2020-01-01"))).series["requests"]
    assert few.as_of == pd.Timestamp("2020-01-01")


def test_whoever_states_both_days_is_believed(tmp_path: Path) -> None:
    toml = spoiled('unit = "requests"', 'unit = "requests"\nfrom = 1900-01-01\nuntil = 2024-12-31')
    series = open_city(write_city(tmp_path, toml=toml, requests=days(*RECENT, "1900-01-01"))).series["requests"]
    assert series.values.index[0] == pd.Timestamp("1900-01-01")
    toml = spoiled('unit = "requests"', 'unit = "requests"\nuntil = 2024-12-31')
    series = open_city(write_city(tmp_path, toml=toml, requests=days(*RECENT, "1900-01-01"))).series["requests"]
    assert series.values.index[0] == pd.Timestamp("2024-01-01")


@pytest.mark.parametrize(("toml", "until"), [(TOML.replace("until = 2024-01-03\n", ""), 2), (TOML, 3)])
def test_events_have_no_centuries_between_them(tmp_path: Path, toml: str, until: int) -> None:
    thefts = THEFTS + "2260-01-01 10:00,15.05,50.05\n1700-01-01 10:00,15.05,50.05\n"
    incidents = open_city(write_city(tmp_path, toml=toml, thefts=thefts)).incidents["theft"]
    assert (incidents.since, incidents.until) == (pd.Timestamp("2024-01-01"), pd.Timestamp(f"2024-01-0{until}"))
    assert incidents.provenance.set_aside["far_date"] == 2


def test_dates_that_share_no_decade_are_refused(tmp_path: Path) -> None:
    rows = days("1720-01-01", "2024-01-01", "2250-01-01")
    with pytest.raises(TableError, match="2 of 3 dates lie decades from each other, in rows 1 and 3"):
        open_city(write_city(tmp_path, requests=rows)).opened()


def test_a_completion_centuries_away_means_open(tmp_path: Path) -> None:
    toml = TOML + '[requests.requests]\nsource = "dates.csv"\nopened = "opened"\ncompleted = "closed"\n'
    dates = (
        "opened,closed\n2024-01-01,2024-01-02\n2024-01-02,2099-12-31\n2024-01-03,1900-01-01\n2024-01-03,2024-01-05\n"
    )
    requests = open_city(write_city(tmp_path, toml=toml, dates=dates)).requests["requests"]
    assert requests.until == pd.Timestamp("2024-01-05")
    assert requests.frame["closed"].isna().tolist() == [False, True, True, False]
    assert requests.findings[0].message == (
        "[requests.requests]: completed decades from the other dates, so counted as open: 2 requests"
    )
    far = open_city(write_city(tmp_path, toml=toml, dates=dates + "1900-01-01,2024-01-05\n")).requests["requests"]
    assert far.provenance.set_aside == {"far_date": 1}


def test_what_else_is_dated_has_no_centuries_either(tmp_path: Path) -> None:
    rain = '\n[regressors.rain]\nsource = "rain.csv"\nperiod = "at"\nvalue = "mm"\n'
    rows = "at,mm\n" + "".join(f"{day},1\n" for day in (*RECENT, "2260-01-01"))
    rained = open_city(write_city(tmp_path, toml=TOML + rain, rain=rows)).of("regressors")["rain"]
    assert rained.provenance.set_aside == {"far_date": 1}


def test_a_panel_too_large_to_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hourly = spoiled('freq = "D"', 'freq = "h"\nfrom = 1700-01-01\nuntil = 2260-01-01')
    with pytest.raises(TableError, match=r"are 2,664,817 periods of freq “h”, for 1 area and category: correct"):
        open_city(write_city(tmp_path, toml=hourly, requests=days("1720-01-01", "2024-01-01"))).opened()
    monkeypatch.setattr(panel, "MOST_VALUES", 5)
    with pytest.raises(TableError, match="are 3 periods of freq “D”, for 2 areas and categories"):
        open_city(write_city(tmp_path)).opened()
    monkeypatch.setattr(panel, "MOST_VALUES", 6)
    assert open_city(write_city(tmp_path)).series["requests"].values.size == 6


POINTS = 'from_points = "thefts.csv"\ntime = "when"\nlongitude = "lon"\nlatitude = "lat"\nareas = "ward"\nuntil = 2024-01-03\n'
BY_POINTS = TOML[: TOML.index("[series.requests]")] + "[series.requests]\n" + POINTS + 'freq = "D"\nunit = "requests"\n'


def thefts_at(*times: str) -> str:
    return "when,lon,lat\n" + "".join(f"2024-01-0{1 + n % 3}{time},15.05,50.0{n + 1}\n" for n, time in enumerate(times))


def test_dates_without_a_time_of_day_are_told(tmp_path: Path) -> None:
    path = write_city(tmp_path, toml=BY_POINTS, thefts=thefts_at("", "", " 10:00"))
    assert [finding.message for finding in found(path, "dates_without_time")] == [
        f"{label}: most rows are dated at midnight, so they have no time of day"
        for label in ("[incidents.theft]", "[series.requests]")
    ]
    assert not found(write_city(tmp_path, toml=BY_POINTS, thefts=thefts_at("", " 00:00:01")), "dates_without_time")
    hourly = BY_POINTS.replace('freq = "D"', 'freq = "h"')
    city = open_city(write_city(tmp_path, toml=hourly, thefts=thefts_at("", "", " 10:00")))
    with pytest.raises(TableError, match="no time of day to count by hours"):
        city.opened()


def test_no_part_of_the_day_is_mapped_from_midnights(tmp_path: Path) -> None:
    incidents = open_city(write_city(tmp_path, thefts=thefts_at("", "", " 10:00"))).incidents["theft"]
    with pytest.raises(HotspotError, match=r"Theft are mostly dated at midnight, .*: ask for the whole day"):
        PartOfWeek(22, 6).of(incidents)
    assert len(PartOfWeek(days=(0, 1)).of(incidents).frame) == 2
    timed = open_city(write_city(tmp_path, thefts=thefts_at("", " 23:30", " 10:00"))).incidents["theft"]
    assert len(PartOfWeek(22, 6).of(timed).frame) == 2


# Positions of a city without areas


def of_points(*, crs: str = "EPSG:32633", timezone: str = "Europe/Prague") -> str:
    """The tiny city without areas, its incidents alone."""
    toml = TOML[: TOML.index("[areas.ward]")] + TOML[TOML.index("[incidents.theft]") : TOML.index("[series.requests]")]
    toml = toml.replace('areas = "ward"\n', "")
    return toml.replace("EPSG:32633", crs).replace("Europe/Prague", timezone)


def at(longitude: float, latitude: float) -> str:
    return f"when,lon,lat\n2024-01-01 10:00,{longitude},{latitude}\n2024-01-02 11:00,{longitude + 0.01},{latitude}\n"


@pytest.mark.parametrize(
    ("crs", "timezone", "longitude", "latitude"),
    [
        ("EPSG:32633", "Europe/Prague", 14.43, 50.08),
        ("EPSG:3857", "Europe/Prague", 14.43, 50.08),  # metres of the whole globe
        ("EPSG:3857", "America/Chicago", -87.65, 41.85),
        ("EPSG:3857", "Europe/Madrid", -3.7, 40.4),
        ("EPSG:3857", "Africa/Nairobi", 36.8, -1.3),
        ("EPSG:3857", "Europe/Istanbul", 28.97, 41.01),
    ],
)
def test_swapped_degrees_are_told_without_areas(
    tmp_path: Path, crs: str, timezone: str, longitude: float, latitude: float
) -> None:
    toml = of_points(crs=crs, timezone=timezone)
    city = open_city(write_city(tmp_path, toml=toml, thefts=at(longitude, latitude)))
    assert len(city.incidents["theft"].frame) == 2
    swapped = open_city(write_city(tmp_path, toml=toml, thefts=at(latitude, longitude)))
    with pytest.raises(TableError, match="longitude and latitude"):
        swapped.opened()


@pytest.mark.parametrize(
    ("timezone", "longitude", "latitude"),
    [
        ("Asia/Shanghai", 75.99, 39.47),  # the far end of a wide zone
        ("America/Argentina/Buenos_Aires", -72.27, -50.34),
        ("Europe/Istanbul", 43.1, 40.6),  # degrees that are nearly alike
        ("UTC", 50.08, 14.43),  # clocks of no place
        ("America/New_York", -122.4, 37.8),  # wrong, but not swapped
    ],
)
def test_a_city_far_from_the_place_of_its_clocks_is_not_swapped(
    tmp_path: Path, timezone: str, longitude: float, latitude: float
) -> None:
    toml = of_points(crs="EPSG:3857", timezone=timezone)
    assert len(open_city(write_city(tmp_path, toml=toml, thefts=at(longitude, latitude))).incidents["theft"].frame) == 2


# People


SYLLABLES = ("Bo", "Da", "Fi", "Ga", "Ke", "Lu", "Mi", "No", "Ra", "Se")
FIRST = [one + other.lower() for one in SYLLABLES for other in SYLLABLES]
LAST = [one + other.lower() + "r" for other in SYLLABLES for one in SYLLABLES]
FORMS = ("{} {}", "{} A. {}", "{} van {}", "{} O'{}", "{}-Bo {}", "Dr. {} {}")


def with_categories(folder: Path, categories: list[str], extra: str = "") -> Path:
    toml = spoiled("until = 2024-01-03", f'until = 2024-12-31\ncategory = "kind"\n{extra}')
    rows = "".join(
        f'2024-01-01 10:{n % 60:02d}:{n // 60:02d},15.05,50.05,"{each}"\n' for n, each in enumerate(categories)
    )
    return write_city(folder, toml=toml, thefts="when,lon,lat,kind\n" + rows)


@pytest.mark.parametrize("form", [*FORMS, "mixed", "capitals"])
def test_categories_that_look_like_names_of_people_are_told(tmp_path: Path, form: str) -> None:
    forms = FORMS * 17 if form == "mixed" else (form,) * 100
    names = [form.format(*pair) for form, pair in zip(forms, zip(FIRST, LAST, strict=True), strict=False)]
    if form == "capitals":
        names = [f"{last}, {first}".upper() for first, last in zip(FIRST, LAST, strict=True)]
    (finding,) = found(with_categories(tmp_path, names), "names_of_people")
    assert finding.evidence == {"names": 100, "categories": 100}
    assert 'classification = "personal"' in finding.message
    assert not any(name in finding.message for name in names)
    assert not found(with_categories(tmp_path, names, 'classification = "personal"\n'), "names_of_people")
    assert not found(with_categories(tmp_path, names[:9]), "names_of_people")
    assert found(with_categories(tmp_path, names[:50] * 2), "names_of_people")
    assert not found(with_categories(tmp_path, names[:50] * 2 + names[:1]), "names_of_people")
    assert found(with_categories(tmp_path, names[:80] + SYLLABLE_KINDS[:20]), "names_of_people")
    assert not found(with_categories(tmp_path, names[:80] + SYLLABLE_KINDS[:21]), "names_of_people")


SYLLABLE_KINDS = [f"kind {number}" for number in range(40)]
KINDS = (
    "Noise Street Light Out,Abandoned Vehicle,Graffiti Removal,Rodent Baiting,Pot Hole,Tree Trim,Sanitation Violation"
)


@pytest.mark.parametrize(
    "categories",
    [
        [
            f"{first} {street}"
            for first, street in zip(FIRST, ["Street", "Ave", "Lane", "Road", "Court"] * 20, strict=True)
        ],
        [f"{street} {last}" for last, street in zip(LAST, ["Rue", "Via", "Calle", "Upper", "North"] * 20, strict=True)],
        [
            f"{first} {part}"
            for first, part in zip(FIRST, ["Park", "Heights", "Village", "Square", "Hill"] * 20, strict=True)
        ],
        KINDS.split(",") * 12,
        FIRST,
        [f"{first} repair of {last}" for first, last in zip(FIRST, LAST, strict=True)],
        [f"{first} {last}".lower() for first, last in zip(FIRST, LAST, strict=True)],
        [f"{first} {number}" for number, first in enumerate(FIRST)],
    ],
    ids=["streets", "rues", "quarters", "kinds", "words", "works", "small", "numbers"],
)
def test_other_categories_are_no_people(tmp_path: Path, categories: list[str]) -> None:
    assert not found(with_categories(tmp_path, categories), "names_of_people")


def test_names_in_rows_of_values_and_requests_are_told(tmp_path: Path) -> None:
    names = [f"{first} {last}" for first, last in zip(FIRST, LAST, strict=True)]
    toml = spoiled('value = "n"', 'value = "n"\ncategory = "who"') + (
        '[requests.requests]\nsource = "dates.csv"\nopened = "opened"\ncompleted = "closed"\ncategory = "who"\n'
    )
    requests = "day,ward,n,who\n" + "".join(f"2024-01-01,1,1,{name}\n" for name in names)
    dates = "opened,closed,who\n" + "".join(f"2024-01-01,,{name}\n" for name in names)
    path = write_city(tmp_path, toml=toml, requests=requests, dates=dates)
    assert [each.table for each in found(path, "names_of_people")] == ["[series.requests]", "[requests.requests]"]


# Names in the city.toml and the files


@pytest.mark.parametrize("folder", ["~nosuchuser/x", "\\u0000", "x" * 5000])
def test_a_folder_that_cannot_be_is_named(tmp_path: Path, folder: str) -> None:
    path = write_city(tmp_path, toml=spoiled('licence = "CC0"', f'licence = "CC0"\nfolder = "{folder}"'))
    with pytest.raises(CivicastError, match="folder"):
        open_city(path).opened()


@pytest.mark.parametrize("content", ["x = " + "[" * 100_000, "x = " + "1" * 5000, TOML + "\0"])
def test_a_city_file_that_cannot_be_read_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(CityFileError, match=r"city\.toml"):
        open_city(write_city(tmp_path, toml=content))


def test_a_day_beyond_the_calendar_is_no_day(tmp_path: Path) -> None:
    with pytest.raises(CityFileError, match=r"until is “9999-12-31.*, which is not a date"):
        open_city(write_city(tmp_path, toml=spoiled("until = 2024-01-03", "until = 9999-12-31")))


def test_an_area_without_a_name_has_its_id(tmp_path: Path) -> None:
    for name in ("null", '""', '" "'):
        path = write_city(tmp_path, wards=spoiled('"WEST END"', name, text=WARDS))
        assert open_city(path).areas["ward"].frame["name"].tolist() == ["1", "Eastgate"]


def test_sentences_stay_short_whatever_they_name(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"it has day, ward and n{159}…; correct") as caught:
        open_city(write_city(tmp_path, requests=f"day,ward,{'n' * 5000}\n2024-01-01,1,1\n")).opened()
    assert len(str(caught.value)) < 300
