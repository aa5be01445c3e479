"""Whatever stands in the files of a city: it is refused in one sentence, or every one of its rows is accounted for."""

from __future__ import annotations

import csv
import gzip
import io
import time
from collections import Counter
from pathlib import Path
from shutil import rmtree

import pytest
from hostile_files import MAKERS
from pyarrow import parquet

from data import City, CivicastError, open_city
from data.cityfile import read_city_file
from data.readers import apart

SLOWEST = 10.0  # seconds of the processor for one city
LONGEST = 1000  # letters of a sentence


def records(path: Path) -> int:
    """How many rows a source has, counted by other means than ours."""
    if path.suffix == ".parquet":
        return int(parquet.read_metadata(path).num_rows)
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    csv.field_size_limit(10**9)
    return sum(bool(row) for row in csv.reader(io.StringIO(text, newline=""), strict=True)) - 1


def opened(path: Path) -> City | str:
    """The city with all its tables, or the sentence that refuses it."""
    try:
        city = open_city(path).opened()
    except CivicastError as error:
        return str(error)
    assert all(len(finding.message) < LONGEST for finding in city.findings)
    return city


def check_refusal(sentence: str) -> None:
    assert sentence.endswith((".", "?"))
    assert "\n" not in sentence
    assert 20 < len(sentence) < LONGEST
    assert "Traceback" not in sentence


def check_rows(city: City, path: Path) -> None:
    sections = read_city_file(path).sections
    for name, incidents in city.incidents.items():
        made_from = incidents.provenance
        assert made_from.rows_read == records(
            Path(sections["incidents"][name].path(sections["incidents"][name].keys.source))
        )
        assert len(incidents.frame) + made_from.rows_set_aside == made_from.rows_read
    for name, series in city.series.items():
        section, made_from = sections["series"][name], series.provenance
        assert made_from.rows_read == records(Path(section.path(section.keys.source)))
        if section.keys.no_row == "unknown":  # one row a value, but for those that a rule fills
            filled = sum(each.evidence["values"] for each in series.findings if each.code.startswith("repeated_hour"))
            assert series.values.notna().to_numpy().sum() - filled + made_from.rows_set_aside == made_from.rows_read


@pytest.fixture
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read here: what breaks a reader is then seen, and a process for each would take most of the time."""
    monkeypatch.setattr(apart, "can_confine", lambda: False)


@pytest.mark.usefixtures("_in_this_process")
@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__.strip("_"))
def test_no_file_is_taken_without_its_rows(tmp_path: Path, maker) -> None:  # type: ignore[no-untyped-def]
    counts: Counter[str] = Counter()
    for hostile in maker():
        folder = tmp_path / "city"
        folder.mkdir()
        path = hostile.write(folder)
        start = time.process_time()
        try:
            found = opened(path)
            if isinstance(found, City):
                check_rows(found, path)
            else:
                check_refusal(found)
        except Exception as error:
            raise AssertionError(f"{hostile.name}: {error!r}") from error
        assert time.process_time() - start < SLOWEST, hostile.name
        counts["accepted" if isinstance(found, City) else "refused"] += 1
        rmtree(folder)
    assert counts["refused"] > 0
    assert counts["accepted"] > 0


def test_there_are_many_and_always_the_same() -> None:
    names = [hostile.name for maker in MAKERS for hostile in maker()]
    assert len(names) == len(set(names)) > 400


def test_the_longest_name_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    (hostile,) = [each for each in MAKERS[-1]() if each.name == "the longest name"]
    assert open_city(hostile.write(tmp_path)).series["requests"].provenance.rows_read == 6
