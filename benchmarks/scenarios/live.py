"""A source that grows every second and breaks twice: rows lost and counted twice, how soon the page shows them, and memory."""

from __future__ import annotations

import os
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd

from benchmarks.rows import Row
from benchmarks.serving import CHROMIUM, Server, browsed, load_note, served
from data import open_city
from data.live import followed_in

__all__ = ["rows"]

SECONDS, QUICK_SECONDS = 300, 40
BROKEN_SECONDS = 12.0  # longer than two looks are apart
FIRST = pd.Timestamp("2024-01-01")
HISTORY = 24 * 60  # hours in the file before any come
WHOLE = 60.0  # seconds within which a page must follow
HEADER = "hour,value\n"
TOML = """
[city]
name = "Growing"
timezone = "UTC"
crs = "EPSG:32633"
currency = "EUR"
[series.air]
source = "air.csv"
live = "feed"
title = "Fine particles"
period = "hour"
value = "value"
freq = "h"
unit = "µg/m³"
value_type = "continuous"
"""


@dataclass
class Feeder:
    """Writes a row each second, cuts the file short a third of the way and renames a column two thirds of it, for a while."""

    path: Path
    seconds: int
    written: dict[str, float] = field(default_factory=dict)  # hour -> when it was wholly there
    done: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        lines, began = [HEADER], time.monotonic()
        for second in range(self.seconds):
            hour = f"{FIRST + pd.Timedelta(hours=HISTORY + second):%Y-%m-%d %H:%M}"
            lines.append(f"{hour},{second % 40}\n")
            since_cut, since_renamed = second - self.seconds // 3, second - 2 * self.seconds // 3
            if 0 <= since_cut < BROKEN_SECONDS:
                whole = "".join(lines)
                self.path.write_text(whole[: len(whole) // 2])  # within a line
            elif 0 <= since_renamed < BROKEN_SECONDS:
                self.path.write_text("".join(lines).replace("value", "pm25"))
            elif since_cut == BROKEN_SECONDS or since_renamed == BROKEN_SECONDS:
                self.path.write_text("".join(lines))
            else:
                with self.path.open("a") as file:  # in two halves, as a slow writer does
                    line = lines[-1] if second else HEADER + lines[-1]
                    file.write(line[: len(line) // 2])
                    file.flush()
                    time.sleep(0.05)
                    file.write(line[len(line) // 2 :])
            self.written[hour] = time.monotonic()
            time.sleep(max(0.0, began + second + 1 - time.monotonic()))
        self.done.set()


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Rows, page and memory over five minutes, with the server's own follower."""
    seconds = QUICK_SECONDS if quick else SECONDS
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, {"CIVICAST_HOME": f"{folder}/home"}):
        city = _city(Path(folder))
        feeder = Feeder(city.parent / "feed" / "hours.csv", seconds)
        with served(city, home=Path(folder) / "home") as server, browsed() if CHROMIUM else nullcontext() as page:
            late, held, broken = _watched(server, feeder, page)
        series = open_city(city).series["air"].values.iloc[HISTORY:, 0]
        expected = np.arange(seconds) % 40
        note = f"{seconds} rows at one a second, cut short and renamed for {BROKEN_SECONDS:.0f} s each; {load_note()}"
        lost = seconds - int((series.to_numpy()[:seconds] == expected[: len(series)]).sum())
        yield Row("live_rows_lost", lost, "rows", 0, note=note)
        kept = followed_in(city)[0].feed.state.rows
        yield Row("live_rows_twice", kept - seconds, "rows", 0, note="kept more than once")
        yield Row(
            "live_breaks_known",
            len(broken),
            "of 1",
            1,
            most=False,
            note=f"{', '.join(sorted(broken))}; a file cut short is no fault",
        )
        if late:
            note = f"median {np.median(late):.0f} s, of {len(late)} looks at the page; the two breaks included"
            yield Row("live_page_follows_s", float(max(late)), "s by the clock", WHOLE, note=note)
        third = max(len(held) // 3, 1)
        note = f"MB of the server's process, first third {np.median(held[:third]):.0f}, last {np.median(held[-third:]):.0f}"
        yield Row(
            "live_memory",
            float(np.median(held[-third:]) / np.median(held[:third])),
            "× the first third",
            1.1,
            note=note,
        )


def _city(folder: Path) -> Path:
    hours = pd.date_range(FIRST, periods=HISTORY, freq="h")
    (folder / "air.csv").write_text(HEADER + "".join(f"{hour:%Y-%m-%d %H:%M},{hour.hour}\n" for hour in hours))
    (folder / "feed").mkdir()
    (folder / "city.toml").write_text(TOML)
    return folder / "city.toml"


def _watched(server: Server, feeder: Feeder, page: Any) -> tuple[list[float], list[float], set[str]]:
    """How far the page was behind at each look (beyond breaks), megabytes, and the faults that it or the feed told."""
    if page is not None:
        page.goto(server.url)
        page.get_by_text("Live").first.wait_for(timeout=300_000)
    thread = threading.Thread(target=feeder.run, daemon=True)
    thread.start()
    late, held, broken = [], [], set()
    city = feeder.path.parent.parent / "city.toml"
    end = None
    while end is None or time.monotonic() < end:
        time.sleep(2.0)
        held.append(server.megabytes(workers=False))
        failure = followed_in(city)[0].feed.state.failure
        broken |= {failure.code} if failure else set()
        if page is not None:
            shown = _newest(page)
            # Behind by as long as the first row that the page does not show has been there.
            waiting = [at for hour, at in list(feeder.written.items()) if hour > shown]
            late.append(time.monotonic() - min(waiting) if waiting else 0.0)
        if end is None and feeder.done.is_set():
            end = time.monotonic() + 30.0  # what came last is to be shown too
    return late, held, broken


def _newest(page: Any) -> str:
    with suppress(Exception):  # the page is being drawn anew
        for each in page.get_by_text("Live").all_inner_texts():
            found = re.search(r"newest (\d{4}-\d\d-\d\d \d\d:\d\d)", each)
            if found:
                return found[1]
    return ""
