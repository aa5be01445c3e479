"""A city of a million incidents, from its file to the picture on the screen, then the slider: in a fresh process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from benchmarks.hotspots import sets
from benchmarks.hotspots.measuring import ROOT, memory
from benchmarks.rows import Row

__all__ = ["rows"]

CITY = """[city]
name = "Philadelphia"
timezone = "America/New_York"
crs = "EPSG:32618"
currency = "USD"
origin = "OpenDataPhilly"
licence = "see the portal"

[incidents.reports]
source = "{source}"
title = "Incidents"
time = "time"
longitude = "longitude"
latitude = "latitude"
category = "category"
equal_rows = "each"
reported_by = "public"
"""


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Seconds by the clock, since that is what people wait for, and the most memory that the process held."""
    if not sets.parquet().is_file():
        print("The dashboard's rows are left out: there are no data of Philadelphia.", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        city = Path(folder) / "city.toml"
        city.write_text(CITY.format(source=sets.parquet().resolve().as_posix()), encoding="utf-8")
        run = subprocess.run(
            [sys.executable, "-m", "benchmarks.hotspots.dashboard", city], check=True, cwd=ROOT, stdout=subprocess.PIPE,
            env=os.environ | {"CIVICAST_HOME": str(Path(folder) / "home")},
        )  # fmt: skip
    found = json.loads(run.stdout)
    yield Row(
        "map_1m_s", found["map"], "s by the clock", 10.0,
        note=f"open {found['open']:.1f} s, find {found['find']:.1f} s, chart and figure {found['draw']:.1f} s; "
        f"imports before it {found['imports']:.1f} s; {found['cpu']:.1f} s of CPU; {found['events']:,} incidents",
    )  # fmt: skip
    yield Row("map_1m_mb", found["megabytes"], "MB", 1500.0, note="peak of the process")
    yield Row("map_slider_s", found["slider"], "s by the clock", 1.0, note="the map at another share, to its figure")


def measure(city_file: Path) -> dict[str, float]:
    """What a first visit takes, step by step, then a move of the slider."""
    began = time.perf_counter()
    from analytics.hotspots import find_hotspots
    from dashboard.figures.maps import hotspot_map
    from dashboard.figures.render.screen import screen_figure
    from data import open_city

    def draw(share: float) -> None:
        areas = found.incidents.areas
        screen_figure(hotspot_map(found, city_key="philadelphia", areas=areas, share=share), theme="light").to_json()

    marks, cpu = [time.perf_counter()], time.process_time()
    city = open_city(city_file)
    marks.append(time.perf_counter())
    found = find_hotspots(city.incidents["reports"], horizon_days=28, windows=12)
    marks.append(time.perf_counter())
    draw(0.05)
    marks.append(time.perf_counter())
    cpu = time.process_time() - cpu
    draw(0.02)
    marks.append(time.perf_counter())
    took = dict(zip(("open", "find", "draw", "slider"), (b - a for a, b in pairwise(marks)), strict=True))
    return took | {
        "map": marks[3] - marks[0], "imports": marks[0] - began, "cpu": cpu, "megabytes": memory("VmHWM"),
        "events": len(city.incidents["reports"].frame),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
