"""Broken and hostile files: what of them is taken without its rows, and what bombs cost before they are refused."""

from __future__ import annotations

import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row
from data import City, open_city
from data.errors import SourceError
from data.readers import read_rows

__all__ = ["bombs", "corpus"]

SLOWEST = 10.0  # seconds by the clock


def corpus(*, quick: bool = False) -> Iterator[Row]:
    """Each file of the corpus as anybody would open it: in a process of its own."""
    from hostile_files import MAKERS
    from test_hostile_files import check_refusal, check_rows, opened

    counts: Counter[str] = Counter()
    for hostile in [each for maker in MAKERS for each in maker()][:: 20 if quick else 1]:
        with tempfile.TemporaryDirectory() as folder:
            path, began = hostile.write(Path(folder)), time.perf_counter()
            try:
                found = opened(path)
            except Exception as error:  # noqa: BLE001 - what is counted is that there is one
                print(f"{hostile.name}: {error!r}")
                counts["traceback"] += 1
                continue
            seconds = time.perf_counter() - began
            if seconds > SLOWEST:
                print(f"{hostile.name}: {seconds:.1f} s")
                counts["slow"] += 1
            try:
                if isinstance(found, City):
                    check_rows(found, path)
                    counts["accepted"] += 1
                else:
                    check_refusal(found)
                    counts["refused"] += 1
            except AssertionError:
                print(f"{hostile.name}: {found}")
                counts["silent" if isinstance(found, City) else "wordless"] += 1
    note = f"{counts.total() - counts['slow']} files: {counts['refused']} refused in a sentence, "
    note += f"{counts['accepted']} accepted with every row accounted for"
    yield Row("hostile_rows_lost", counts["silent"], "files", 0, note=note)
    yield Row("hostile_tracebacks", counts["traceback"], "files", 0)
    yield Row("hostile_refusals_unsaid", counts["wordless"], "files", 0, note="a refusal that is not one sentence")
    yield Row("hostile_slow", counts["slow"], "files", 0, note=f"over {SLOWEST:.0f} s by the clock")


def bombs(*, quick: bool = False) -> Iterator[Row]:
    """What refusing a bomb takes: seconds by the clock, and what this process grows by."""
    from test_readers import BOMBS
    from tiny_city import write_city

    with tempfile.TemporaryDirectory() as folder:
        city = Path(folder) / "city"
        city.mkdir()
        open_city(write_city(city)).opened()  # the process that readers are forked from has begun
        for bomb, (name, content, _) in BOMBS.items():
            path = Path(folder) / name
            path.write_bytes(content())
            before, began, refused = _peak(), time.perf_counter(), False
            try:
                read_rows(path)
            except SourceError:
                refused = True
            seconds, word = time.perf_counter() - began, f"{name.rpartition('.')[2]}_bomb_{bomb.replace(' ', '_')}"
            note = "" if refused else "NOT REFUSED"
            yield Row(f"{word}_s", seconds if refused else float("inf"), "s by the clock", 0.1, note=note)
            yield Row(f"{word}_mb", _peak() - before, "MB", 50, note="growth of this process's peak")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
