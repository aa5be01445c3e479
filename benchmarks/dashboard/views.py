"""Every view from cold and after a restart: seconds by the clock until it has its headline and figure, and until it is whole."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.dashboard.waiting import FIGURED, VIEWS, address, cities, until_first, until_whole
from benchmarks.rows import Row
from benchmarks.serving import browsed, load_note, served, served_bare

__all__ = ["rows"]

COLD, RESTART = 6.0, 2.0  # seconds that a view may take
BARE = Path(__file__).parent / "bare_page.py"
TIMES = 5  # that the page of Streamlit alone is opened, each by a browser that has opened nothing yet


def rows(*, quick: bool = False) -> Iterator[Row]:
    """A page of Streamlit alone; and each view in a workspace of its own that is empty at first: it is the first that is asked."""
    yield _bare(quick=quick)
    for name, city in cities(quick=quick):
        for view in VIEWS[1 : 2 if quick else None]:
            with tempfile.TemporaryDirectory() as folder:
                yield from _opened("cold", name, city, view, Path(folder), COLD)
                yield from _opened("restart", name, city, view, Path(folder), RESTART)


def _bare(*, quick: bool) -> Row:
    """What a page with one figure takes whatever we do: three points and a headline, by Streamlit as it comes."""
    waited = []
    with tempfile.TemporaryDirectory() as folder, served_bare(BARE, home=Path(folder)) as server:
        for _ in range(1 if quick else TIMES):
            with browsed() as page:
                began = time.perf_counter()
                page.goto(server.url)
                waited.append(until_first(page, FIGURED) - began)
    note = f"Streamlit alone, a headline and one line of three points: least and most {min(waited):.2f} and {max(waited):.2f} s"
    return Row("bare_page_s", statistics.median(waited), "s by the clock", note=f"{note}; {load_note()}")


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
