"""Kinds of table and readers: one file adds one, and a city opens each of its tables once, when it is asked for."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pandas as pd
import pyarrow as pa
import pytest
from tiny_city import TOML, spoiled, write_city
from toy_depots import Depots, with_depots

from data import CivicastError, Classification, open_city
from data.__main__ import main
from data.errors import CityFileError, SourceError, TableError
from data.readers import ROWS
from data.tables import KINDS, Kind, Table
from data.tables.ids import as_ids, words_of
from data.words import use_language
from data.words.language import SETTING

WRITTEN = [" 11 ", "11.0", "011", "", "a b", "11 "]


@pytest.mark.parametrize("dtype", ["object", "str", "string", "category"])
def test_ids_and_categories_are_written_alike_however_many_rows_have_them(dtype: str) -> None:
    values = pd.Series(WRITTEN * 2, index=range(5, 17), name="area", dtype=dtype)
    assert as_ids(values).tolist() == ["11", "11", "011", "", "a b", "11"] * 2
    assert words_of(values).tolist() == ["11", "11.0", "011", "unknown", "a b", "11"] * 2
    assert as_ids(values).index.equals(values.index)
    assert words_of(values).name == "area"


@pytest.mark.parametrize(
    ("values", "ids"),
    [([11, 2], ["11", "2"]), ([11.0, None], ["11", ""]), ([1, True, None], ["1", "True", ""])],
)
def test_ids_that_are_numbers_are_written_as_text_and_what_is_none_as_nothing(
    values: list[object], ids: list[str]
) -> None:
    assert as_ids(pd.Series(values)).tolist() == ids


DEPOTS = '\n[depots.desks]\nsource = "desks.csv"\nlabel = "desk"\n'
DESKS = "desk\nNorth\nSouth\nNorth\n"


@pytest.fixture
def _depots() -> Iterator[None]:
    with with_depots():
        yield


# A kind in one file


@pytest.mark.usefixtures("_depots")
def test_a_new_kind_is_opened_and_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_city(tmp_path, toml=TOML + DEPOTS, desks=DESKS)
    desks = open_city(path).of("depots")["desks"]
    assert isinstance(desks, Depots)
    assert list(desks.frame["name"]) == ["North", "South"]
    assert main(["check", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "depots desks: Desks, 2 rows" in shown
    assert "  3 rows read, 2 kept, 1 set aside" in shown
    assert "  - 1 row set aside: repeats another row (the first: 3)" in shown
    assert main(["check", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["tables"][-1]
    assert (told["kind"], told["name"], told["rows"]) == ("depots", "desks", 2)
    assert told["provenance"]["fingerprint"] == desks.provenance.fingerprint
    assert "North" not in json.dumps(told)


@pytest.mark.usefixtures("_depots")
def test_a_new_kind_is_checked(tmp_path: Path) -> None:
    with pytest.raises(CityFileError, match=r"\[depots.desks\] has the unknown key “lable”: write “label”"):
        open_city(write_city(tmp_path, toml=TOML + DEPOTS.replace("label", "lable"), desks=DESKS))
    with pytest.raises(CityFileError, match=r"\[depots.desks\] lacks the key “label”"):
        open_city(write_city(tmp_path, toml=TOML + DEPOTS.replace('label = "desk"', ""), desks=DESKS))
    with pytest.raises(CityFileError, match=r"\[depots.desks\]: label is “7”, but must be text"):
        open_city(write_city(tmp_path, toml=TOML + DEPOTS.replace('"desk"', "7"), desks=DESKS))
    wrong = open_city(write_city(tmp_path, toml=TOML + DEPOTS.replace('"desk"', '"place"'), desks=DESKS))
    with pytest.raises(TableError, match="no column “place”: it has desk"):
        _ = wrong.classification


@pytest.mark.usefixtures("_depots")
def test_a_new_kind_is_guarded_and_known_by_its_content(tmp_path: Path) -> None:
    plain = open_city(write_city(tmp_path, toml=TOML + DEPOTS, desks=DESKS))
    before = (plain.fingerprint, plain.classification)
    guarded = open_city(write_city(tmp_path, toml=TOML + DEPOTS + 'classification = "personal"\n', desks=DESKS))
    assert (guarded.fingerprint, guarded.classification) == (before[0], Classification.PERSONAL)
    assert before[1] is Classification.PUBLIC
    assert open_city(write_city(tmp_path, toml=TOML + DEPOTS, desks=DESKS + "West\n")).fingerprint != before[0]


def test_a_kind_that_is_not_registered_is_an_unknown_section(tmp_path: Path) -> None:
    with pytest.raises(CityFileError, match=r"unknown section \[depots\]"):
        open_city(write_city(tmp_path, toml=TOML + DEPOTS, desks=DESKS))


def test_no_table_tells_its_rows(tmp_path: Path) -> None:
    for table in open_city(write_city(tmp_path)).tables:
        told = table.describe()
        assert set(told) == {"name", "kind", "rows", "classification", "provenance"}
        assert told["kind"] in KINDS
        assert not any(isinstance(value, pd.DataFrame) for value in told.values())


# A reader in one file


@pytest.fixture
def pipes() -> Iterator[None]:
    def read(source: str) -> pa.Table:
        first, *rows = [line.split("|") for line in Path(source).read_text().splitlines()]
        return pa.table({name: [row[place] for row in rows] for place, name in enumerate(first)})

    def made(source: str) -> pa.Table:
        return pa.table({"day": ["2024-01-01"], "ward": ["1"], "n": [source.removeprefix("made://")]})

    ROWS.update({".psv": read, "made://": made})
    yield
    del ROWS[".psv"], ROWS["made://"]


@pytest.mark.usefixtures("pipes")
def test_a_new_reader_is_found_by_suffix_or_scheme(tmp_path: Path) -> None:
    (tmp_path / "calls.psv").write_text("day|ward|n\n2024-01-01|1|3\n2024-01-02|2|4\n")
    city = open_city(write_city(tmp_path, toml=spoiled("requests.csv", "calls.psv")))
    assert city.series["requests"].values.sum().to_list() == [3.0, 4.0]
    city = open_city(write_city(tmp_path, toml=spoiled("requests.csv", "made://9")))
    assert city.series["requests"].values.sum().to_list() == [9.0]


def test_an_address_of_an_unknown_scheme_is_refused(tmp_path: Path) -> None:
    city = open_city(write_city(tmp_path, toml=spoiled("requests.csv", "made://9")))
    with pytest.raises(SourceError, match=r"“made://” is of a kind that is not read: give one of \.csv, \.csv\.gz"):
        _ = city.series["requests"]


# Opened when asked for


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each table was opened."""
    counts: Counter[str] = Counter()

    def counting(kind: Kind) -> Callable:
        def run(section, tables):  # type: ignore[no-untyped-def]
            counts[section.label] += 1
            return kind.open(section, tables)

        return run

    for name, kind in list(KINDS.items()):
        monkeypatch.setitem(KINDS, name, Kind(kind.name, kind.keys, counting(kind), kind.check, kind.beside))
    return counts


def test_a_table_is_opened_once_when_it_is_asked_for(tmp_path: Path, opened: Counter[str]) -> None:
    city = open_city(write_city(tmp_path))
    assert (list(city.series), len(city.areas), "theft" in city.incidents, "x" in city.series) == (
        ["requests"], 1, True, False,
    )  # fmt: skip
    assert not opened
    assert city.series["requests"] is city.series["requests"]
    assert opened == {"[areas.ward]": 1, "[series.requests]": 1}
    assert city.tables is city.opened().tables
    assert set(opened.values()) == {1}
    assert set(opened) == {"[areas.ward]", "[series.requests]", "[incidents.theft]"}
    with pytest.raises(KeyError):
        _ = city.series["calls"]


def test_listing_cities_opens_no_table(
    tmp_path: Path, opened: Counter[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["add", str(write_city(tmp_path))]) == 0
    opened.clear()
    capsys.readouterr()
    assert main(["list"]) == 0
    assert "Tiny" in capsys.readouterr().out
    assert not opened


def test_many_threads_open_a_table_once(tmp_path: Path, opened: Counter[str]) -> None:
    city, start = open_city(write_city(tmp_path)), Barrier(8)

    def ask(name: str) -> Table:
        start.wait()
        return city.series["requests"] if name == "series" else city.incidents["theft"]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, ["series", "incidents"] * 4))
    assert set(opened.values()) == {1}
    assert len({id(table) for table in found}) == 2


def test_a_table_that_cannot_be_opened_says_so_each_time_and_leaves_the_others(tmp_path: Path) -> None:
    city = open_city(write_city(tmp_path, requests="day,ward,n\n2024-01-01,1,none\n"))
    for _ in range(2):
        with pytest.raises(TableError, match="1 of 1 values are not numbers"):
            _ = city.series["requests"]
    assert len(city.incidents["theft"].frame) == 3
    with pytest.raises(CivicastError, match="1 of 1 values"):
        city.opened()


def test_a_city_goes_to_another_process_with_what_it_has_open(tmp_path: Path, opened: Counter[str]) -> None:
    city = open_city(write_city(tmp_path))
    values = city.series["requests"].values
    opened.clear()
    again = pickle.loads(pickle.dumps(city))  # noqa: S301 - our own bytes
    pd.testing.assert_frame_equal(again.series["requests"].values, values)
    assert not opened
    assert again.fingerprint == city.fingerprint
    assert opened["[incidents.theft]"] == 2  # each process opens what neither had


def test_a_city_of_points_has_an_outline(tmp_path: Path, opened: Counter[str]) -> None:
    toml = spoiled(TOML[TOML.index("[areas") : TOML.index("[incidents")], "")
    toml = toml[: toml.index("[series")].replace('areas = "ward"\n', "")
    city = open_city(write_city(tmp_path, toml=toml))
    assert list(city.areas) == ["city"]
    assert city.areas["city"].frame.geometry.notna().all()
    assert set(opened) == {"[areas.city]", "[incidents.theft]"}


def test_parents_do_not_run_in_a_circle(tmp_path: Path) -> None:
    side = '\n[areas.side]\nsource = "wards.geojson"\nid = "ward"\nparent = "ward"\nparent_id = "ward"\n'
    toml = spoiled('population = "people"', 'parent = "side"\nparent_id = "ward"') + side
    with pytest.raises(CityFileError, match=r"\[areas.ward\]: its parents run in a circle \(ward, side and ward\)"):
        open_city(write_city(tmp_path, toml=toml))
    below = open_city(write_city(tmp_path, toml=TOML + side))
    assert list(below.areas["side"].frame["parent_id"]) == ["1", "2"]


def test_a_regressors_class_is_its_series_too(tmp_path: Path) -> None:
    rain = '\n[regressors.rain]\nsource = "rain.csv"\nperiod = "at"\nvalue = "mm"\nclassification = "restricted"\n'
    city = open_city(write_city(tmp_path, toml=TOML + rain, rain="at,mm\n2024-01-01,1\nsoon,2\n2024-01-03,x\n"))
    assert city.series["requests"].provenance.classification is Classification.RESTRICTED
    assert city.of("regressors")["rain"].provenance.set_aside == {"time_unreadable": 1, "not_a_number": 1}
    assert city.classification is Classification.RESTRICTED


def test_what_is_said_of_a_table_follows_the_reader(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SETTING, "qps")
    assert main(["check", str(write_city(tmp_path))]) == 0
    for line in filter(None, capsys.readouterr().out.splitlines()):
        assert line.strip().startswith("⟦")
        assert line.endswith("⟧")
    with pytest.raises(SystemExit) as caught:
        main(["check"])
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("civicast: ⟦")
    with use_language("qps"), pytest.raises(CityFileError, match="⟦téxt íñ qúótéš"):
        open_city(write_city(tmp_path, toml=spoiled('population = "people"', "population = 7")))
