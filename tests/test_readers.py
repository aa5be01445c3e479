"""Files are read strictly: every row and every character survives, or the file is refused by row."""

from __future__ import annotations

import csv
import gzip
import io
import json
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from tiny_city import geojson, square

from data.confined import can_confine
from data.errors import SourceError
from data.readers import ROWS, read_rows, read_shapes
from data.readers.apart import LIMITS, read_apart
from data.readers.sizes import MOST_BYTES, refuse_size

CELLS = st.text(st.sampled_from("aé,;\"' \n0.NA"), max_size=6)


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_text_stays_what_it_is(tmp_path: Path) -> None:
    path = written(tmp_path, "x.csv", b"\xef\xbb\xbfcountry,code,n\r\nNA,01001,1.0\r\nnull,,1e3\r\n")
    table = read_rows(path)
    assert table.to_dict("list") == {"country": ["NA", "null"], "code": ["01001", ""], "n": ["1.0", "1e3"]}


@settings(deadline=None)
@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_any_table_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    folder = tmp_path_factory.mktemp("tables")
    plain = here(written(folder, "x.csv", text.getvalue().encode()))
    assert plain.to_numpy().tolist() == rows
    assert here(written(folder, "x.csv.gz", gzip.compress(text.getvalue().encode()))).equals(plain)


def test_text_that_looks_like_rows_is_text_where_every_value_is_quoted(tmp_path: Path) -> None:
    content = b'"a","b","c"\n"",",0\n,",""\n'
    assert here(written(tmp_path, "x.csv", content)).to_numpy().tolist() == [["", ",0\n,", ""]]


def here(path: Path) -> pd.DataFrame:
    """The rows of a file, read in this process: where hundreds of files are, forking for each would take most of the time."""
    return ROWS[".csv"](str(path)).to_pandas()


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("x.csv", b"a,b\n1,2\n3\n4,5,6\n7,8\n", "rows 2 and 3 do not have 2 values like the header"),
        ("x.csv", b'a,b\n"1\n1",2\n3\n', "rows 2 do not have 2 values"),
        ("x.csv", b"a,b\n" + b"1,2\n" * 400_000 + b"7\n", "rows 400001 do not have 2 values"),
        ("x.csv", b'a,b\n"1,2\n3,4\n', "a value on line 2 begins with a quote that is not closed"),
        ("x.csv", b"", "is empty"),
        ("x.csv", b"a,a\n1,2\n", "more than one column named a"),
        ("x.csv", "a,b\né,1\n".encode("latin-1"), "not in UTF-8"),
        ("x.csv", b"a,b\n1,\xc3", "not in UTF-8"),
        ("x.csv", b"a,b\n1,2\n3," + b"x" * 3_000_000 + b"\n4,5\n", "line 3 is longer than 1,000,000 bytes"),
        ("x.csv", b"\n \n", "is empty"),
        ("x.csv", "é,b\n1,1\n".encode("latin-1"), "not in UTF-8"),
        ("x.csv.gz", b"a,b\n1,2\n", "cannot be read"),
        ("x.parquet", b"PAR1", "cannot be read"),
        ("x.xlsx", b"PK", "of a kind that is not read"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_file_that_would_lose_rows_is_refused(tmp_path: Path, name: str, content: bytes, match: str) -> None:
    with pytest.raises(SourceError, match=match) as caught:
        read_rows(written(tmp_path, name, content))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (["0,word", '1,"word', "2,word", "3,word"], 3),  # never closed
        (["0,word", '1,"word', "2,word", '3,"word'], 3),  # closed by the next that opens
        (["0,word", '1,"word', "2,word", '3,word"'], 3),  # closed where a value ends: four rows would be two
        (['"0,word', "1,word", '"2,word', "3,word"], 2),
        (['0,"a ""b"" c"', '1,"word', '2,"a, b"', '3,word"'], 3),
        (['0,"word" more', "1,word"], 2),  # a quote would be lost
        (['0,5"', '1,"word', "2,word"], 3),  # a quote inside a value opens none
        (['0,"word"', '1,"word', "2,word"], 3),
        (['0,"a\nb"', '1,"word', "2,word"], 4),  # lines of the file, not rows
        (['"0,', '1","x, y"'], 2),  # what nobody wrote is quoted by nobody, so not all of the first row's values are
        (['0,"c, d""', '1,"'], 2),  # with the quote that closes it a stray one is a quote written twice
    ],
    ids=lambda value: repr(value)[:60],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_quote_that_would_swallow_rows_is_named_by_line(
    tmp_path: Path, lines: list[str], named: int, end: str
) -> None:
    text = "\n".join(["a,b", *lines, ""]).replace("\n", end)
    for mark in ("", "\ufeff"):
        with pytest.raises(SourceError, match=rf"a value on line {named} begins with a quote"):
            read_rows(written(tmp_path, "x.csv", (mark + text).encode()))


@pytest.mark.parametrize(
    "rows",
    [
        [["0", 'say "a"', ""], ["1", "", '""']],
        [["0", "two\nlines", "x"], ["1", "a,b\n\nc", "y"]],
        [["0", "x", "some text\nwith a comma, here"], ["1", "", ""]],
        [["0", "x", "text that ends in a break\n"], ["1", "", "a, b\nc, d, e, f"]],
        [["", "", "\n,,a"], ["", "", ""]],
    ],
)
def test_line_breaks_in_quotes_are_text(tmp_path: Path, rows: list[list[str]]) -> None:
    for style in (csv.QUOTE_ALL, csv.QUOTE_MINIMAL):
        text = io.StringIO()
        csv.writer(text, quoting=style).writerows([["a", "b", "c"], *rows])
        if style == csv.QUOTE_ALL or rows[0][0]:
            table = read_rows(written(tmp_path, "x.csv", text.getvalue().encode()))
            assert table.to_numpy().tolist() == rows


@settings(deadline=None)
@given(
    rows=st.lists(
        st.lists(st.sampled_from(["", "x", 'a "b"', "5 m", "c, d"]), min_size=2, max_size=2), min_size=2, max_size=6
    ),
    strays=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 20)), min_size=1, max_size=2),
)
def test_stray_quotes_lose_no_row(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], strays: list[tuple[int, int]]
) -> None:
    # Two quotes that touch may be a quote that is written twice, and the file is as whole as any; so may two of three.
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[str(number), *row] for number, row in enumerate(rows)])
    lines = text.getvalue().splitlines()
    for row, place in strays:
        line = lines[row % len(lines)]
        before, behind = line[: place % (len(line) + 1)], line[place % (len(line) + 1) :]
        assume(not before.endswith('"') and not behind.startswith('"'))
        lines[row % len(lines)] = before + '"' + behind
    path = written(tmp_path_factory.mktemp("stray"), "x.csv", "\n".join(["n,a,b", *lines]).encode())
    try:
        assert len(here(path)) == len(rows)
    except SourceError as error:
        assert error.code in ("open_quote", "ragged_rows")  # noqa: PT017 - either is a refusal


@pytest.mark.parametrize(
    ("header", "mark", "named"),
    [
        ("day;ward;n", ";", "semicolons (;)"),
        ("day\tward\tn", "\t", "tabs"),
        ("day|ward|n", "|", "vertical bars (|)"),
        ('"day, local";ward;n', ";", "semicolons (;)"),
        ("\ufeffday;ward;n", ";", "semicolons (;)"),
    ],
)
def test_a_wrong_delimiter_is_named(tmp_path: Path, header: str, mark: str, named: str) -> None:
    text = "\n".join([header, mark.join(["1", "2,5", "3"]), ""])
    with pytest.raises(SourceError) as caught:
        read_rows(written(tmp_path, "x.csv", text.encode()))
    assert (
        str(caught.value)
        == f"“x.csv” is separated by {named}, but must be by commas: save it again as CSV with commas."
    )


def test_another_delimiter_within_the_names_is_no_delimiter(tmp_path: Path) -> None:
    table = read_rows(written(tmp_path, "x.csv", b'a;b,"c;d;e",f\n1,2,3\n'))
    assert list(table.columns) == ["a;b", "c;d;e", "f"]


def test_many_columns_take_no_time(tmp_path: Path) -> None:
    names = [f"column {number}" for number in range(4_000)]
    path = written(tmp_path, "x.csv", f"{','.join(names)}\n{','.join('1' for _ in names)}\n".encode())
    start = time.process_time()
    assert list(read_rows(path).columns) == names
    assert time.process_time() - start < 3  # a list of names for each name took four times as long


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no file “y\.csv”"):
        read_rows(tmp_path / "y.csv")
    with pytest.raises(SourceError, match=r"no file “y\.geojson”"):
        read_shapes(tmp_path / "y.geojson")


def test_parquet_keeps_types_and_gives_up_its_index(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"when": pd.to_datetime(["2024-01-01", None]), "n": [1, 2]}, index=pd.Index([5, 9], name="key")
    )
    frame.to_parquet(tmp_path / "x.parquet")
    table = read_rows(tmp_path / "x.parquet")
    assert list(table.columns) == ["when", "n", "key"]
    assert list(table.index) == [0, 1]
    assert table["when"].tolist()[0] == pd.Timestamp("2024-01-01")


def test_geojson_keeps_ids_as_they_are(tmp_path: Path) -> None:
    text = geojson([({"id": "01001"}, square(15, 50)), ({"id": "NA"}, square(15.1, 50))])
    path = written(tmp_path, "x.geojson", text.encode())
    frame = read_shapes(path)
    assert frame["id"].tolist() == ["01001", "NA"]
    assert frame.crs.to_epsg() == 4326


def test_a_geojson_name_opens_no_other_file(tmp_path: Path) -> None:
    # GDAL would follow this link and read the other file; here it is simply not JSON.
    written(tmp_path, "secret.csv", b"lon,lat\n15,50\n")
    layer = b'<OGRVRTLayer name="secret"><SrcDataSource>secret.csv</SrcDataSource></OGRVRTLayer>'
    link = b"<OGRVRTDataSource>" + layer + b"</OGRVRTDataSource>"
    with pytest.raises(SourceError, match="cannot be read"):
        read_shapes(written(tmp_path, "x.geojson", link))


@pytest.mark.parametrize(
    "content", [[], 3, {"features": [3]}, {"features": {"a": 1}}, {"features": [{"geometry": {"type": "Blob"}}]}]
)
def test_json_that_is_not_geojson_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(SourceError):
        read_shapes(written(tmp_path, "x.geojson", json.dumps(content).encode()))


# Files made to do harm


def packed(member: bytes, times: int) -> bytes:
    return gzip.compress(member) * times


def claiming(table: bytes, rows: int, claimed: int) -> bytes:
    """A Parquet file whose footer tells of other rows than there are: numbers of as many bytes, twice their value."""
    return table.replace(varint(2 * rows), varint(2 * claimed))


def varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])


def many_rows() -> bytes:
    rows = 1_050_001
    column = pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int8)), pa.array(["a"])).cast(pa.string())
    sink = io.BytesIO()
    parquet.write_table(pa.table({str(number): column for number in range(4)}), sink)
    return claiming(sink.getvalue(), rows, 134_000_001)


BOMBS = {
    # 256 members of 16 MB: the last one's size, which is all that a header tells, is harmless.
    "members": ("x.csv.gz", lambda: packed(bytes(16 << 20), 256), "expands over 100 times, to 17 MB or more"),
    "one member": (
        "x.csv.gz", lambda: gzip.compress(b"a,b\n1,2\n")[:-4] + (3 << 30).to_bytes(4, "little"), "holds 3,072 MB once unpacked",
    ),
    "rows": ("x.parquet", many_rows, "134,000,001 rows and 4 columns"),
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_at_once(tmp_path: Path, bomb: str) -> None:
    name, content, match = BOMBS[bomb]
    path = written(tmp_path, name, content())
    assert path.stat().st_size < 5 << 20
    before = resource.getrusage(resource.RUSAGE_SELF)
    with pytest.raises(SourceError, match=match):
        read_rows(path)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert after.ru_maxrss - before.ru_maxrss < 50 << 10  # kilobytes
    assert after.ru_utime - before.ru_utime < 1


@pytest.mark.skipif(not can_confine(), reason="this system cannot confine readers")
def test_a_reader_that_takes_too_much_is_stopped_and_the_next_file_read(tmp_path: Path) -> None:
    path = written(tmp_path, "x.csv", b"a,b\n" + b"1,2\n" * 1_000_000)
    short = replace(LIMITS, memory=16 << 20)
    with pytest.raises(SourceError, match=r"“x.csv” (takes more than reading may take|cannot be read)"):
        read_apart(ROWS[".csv"], str(path), kind="rows", limits=short)
    assert len(read_rows(path)) == 1_000_000


def test_a_table_is_unpacked_up_to_its_limits(tmp_path: Path) -> None:
    # Much smaller packed, but not large: tables of one word repeated are made by honest people too.
    text = b"a,b\n" + b"word,word\n" * 100_000
    assert len(read_rows(written(tmp_path, "x.csv.gz", packed(text, 1) + packed(b"1,2\n", 1)))) == 100_001
    refuse_size("x.csv", MOST_BYTES)
    with pytest.raises(SourceError, match="at most 2,048 MB are read"):
        refuse_size("x.csv", MOST_BYTES + 1)


def test_the_process_that_files_are_read_in_loads_no_table() -> None:
    """The first file waits for it: with all kinds of tables it takes twice as long to begin."""
    script = "import sys, data.readers.within; print([each for each in sys.modules if each.startswith('data.tables')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
