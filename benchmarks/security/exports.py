"""Files that leave: whose bytes a download gives, and what a spreadsheet would run of them."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pandas as pd
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from analytics.__main__ import main
from benchmarks.rows import Row
from dashboard.figures.chart import Chart
from dashboard.figures.exports import MIME, file_name, to_csv
from dashboard.shell.panels import _key

__all__ = ["rows"]

LIVE = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")
EVIL = ("=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "a,=1", "a;=1", 'a",=1', "=1\n=2")
LENGTH, LETTERS = 4_000, 300  # rows and letters of a name: over the megabyte beyond which Streamlit looks at parts only


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Downloads of equal length, and formulas in every CSV that there is; nothing writes spreadsheets of another kind."""
    from test_exports import fan

    yield _mixed_up(fan(), pairs=4 if quick else 100)
    yield _live_in_charts(fan())
    yield _live_in_commands()


def _mixed_up(chart: Chart, *, pairs: int) -> Row:
    """Two people's charts that differ in one digit somewhere, as files of one length under the same title."""
    rng = np.random.default_rng(1)
    values, mixed, least = rng.integers(10**9, 2 * 10**9, LENGTH), 0, float("inf")
    names = [f"area {place:05}".ljust(LETTERS, "x") for place in range(LENGTH)]
    storage = MemoryMediaFileStorage("/media")
    for _ in range(pairs):
        other = values.copy()
        other[rng.integers(LENGTH)] += 1
        charts = [
            dataclasses.replace(chart, table=pd.DataFrame({"area": names, "n": each})) for each in (values, other)
        ]
        files = [to_csv(each) for each in charts]
        assert len(set(files)) == 2
        assert len({len(each) for each in files}) == 1
        least = min(least, len(files[0]))
        called = [file_name(each, format="csv", content=_key(each).encode()) for each in charts]
        ids = [
            storage.load_and_get_id(content, MIME["csv"], MediaFileKind.DOWNLOADABLE, name)
            for content, name in zip(files, called, strict=True)
        ]
        mixed += any(storage.get_file(f"{one}.csv").content != content for one, content in zip(ids, files, strict=True))
        values = other
    note = (
        f"{pairs} pairs of CSV files of equal length, the shortest of {least / 2**20:.2f} MiB, in Streamlit's own store"
    )
    return Row("downloads_mixed_up", mixed, "pairs", 0, note=note)


def _live_in_charts(chart: Chart) -> Row:
    table = pd.DataFrame({each: list(EVIL) for each in ("name", *EVIL)}).assign(n=-5.0)
    headline = f"Fine{''.join(f', {each}; {each}' for each in EVIL)}"
    content = to_csv(dataclasses.replace(chart, headline=headline, table=table)).decode("utf-8-sig")
    live, cells, numbers = _live(content)
    # A spreadsheet splits a comment as it splits any line, at commas or at semicolons.
    for line in content.splitlines():
        if line.startswith("# "):
            live += sum(bool(LIVE.match(cell)) for cell in re.split("[,;\t]", line))
    note = f"{cells} cells beside the comments; {numbers} negative numbers stayed numbers"
    return Row("formulas_in_charts", live, "cells", 0, note=note)


def _live_in_commands() -> Row:
    from hostile_city import write_hostile_city

    live = cells = numbers = 0
    with tempfile.TemporaryDirectory() as folder:
        city, file = write_hostile_city(Path(folder)), Path(folder) / "out.csv"
        asked = (
            ("forecast", "requests", "--horizon", "7"),
            ("hotspots", "theft", "--windows", "3", "--horizon", "14"),
            ("service", "requests"),
            ("clusters", "theft", "--weeks", "8", "--replications", "39"),
            ("suggest", "--question", "sites", "--size", "1", "--draws", "100"),
            ("warnings",),
        )
        for name, *rest in asked:
            with redirect_stdout(io.StringIO()):
                assert main([name, str(city), *rest, "--csv", str(file)]) == 0, name
            found = _live(file.read_text(encoding="utf-8"))
            live, cells, numbers = live + found[0], cells + found[1], numbers + found[2]
    note = f"{cells} cells of {len(asked)} commands on a city whose every name is a formula; {numbers} negative numbers"
    return Row("formulas_in_commands", live, "cells", 0, note=note)


def _live(content: str) -> tuple[int, int, int]:
    """How many cells a spreadsheet would run, how many there are, and how many are negative numbers."""
    plain = "".join(line for line in content.splitlines(keepends=True) if not line.startswith("# "))
    cells = [cell for row in csv.reader(io.StringIO(plain, newline="")) for cell in row]
    numbers = [cell for cell in cells if re.fullmatch(r"-\d+(\.\d+)?(e-?\d+)?", cell)]
    return sum(bool(LIVE.match(cell)) for cell in cells) - len(numbers), len(cells), len(numbers)
