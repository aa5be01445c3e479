"""Every view from cold and after a restart: seconds by the clock until it has its headline and figure, and until it is whole."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.dashboard.waiting import VIEWS, address, cities, until_first, until_whole
from benchmarks.rows import Row
from benchmarks.serving import browsed, load_note, served

__all__ = ["rows"]

COLD, RESTART = 6.0, 2.0  # seconds that a view may take


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Each view in a workspace of its own that is empty at first: it is the first thing that anybody asks of it."""
    for name, city in cities(quick=quick):
        for view in VIEWS[1 : 2 if quick else None]:
            with tempfile.TemporaryDirectory() as folder:
                yield from _opened("cold", name, city, view, Path(folder), COLD)
                yield from _opened("restart", name, city, view, Path(folder), RESTART)


def _opened(kind: str, name: str, city: str, view: str, home: Path, goal: float) -> Iterator[Row]:
    with browsed(bypass_csp=True) as page, served(city, home=home) as server:
        began = time.perf_counter()
        page.goto(address(server.url, view))
        first, whole = until_first(page, view) - began, until_whole(page, view) - began
        note = f"{load_note()}; server and workers used {server.cpu_seconds():.1f} s of CPU"
        note += f"; it answered after {server.seconds:.1f} s"
        yield Row(
            f"{kind}_view_first_s_{view}_{name}", first, "s by the clock", goal, note=f"headline and figure; {note}"
        )
        yield Row(f"{kind}_view_s_{view}_{name}", whole, "s by the clock", goal, note=note)
