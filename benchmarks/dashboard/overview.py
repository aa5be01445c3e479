"""The first page from cold and after a restart: seconds by the clock from its opening to its first figure and to its last part."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.dashboard.waiting import cities
from benchmarks.rows import Row
from benchmarks.serving import MOST_SECONDS, browsed, load_note, served

__all__ = ["rows", "waited"]

FIGURE = ".cc-figure .v"
# Nothing is waited for any more: no progress, no figure without its range, the notes stand, and the script rests.
WHOLE = """() => document.querySelector('.cc-notes') && document.querySelector('.cc-lines')
  && !document.querySelector('[data-testid=stProgress], .cc-strip.waiting, [data-testid=stApp][data-test-script-state=running]')"""


class Waited(NamedTuple):
    """Seconds until the server answered, and from the page's opening to its first figure and its last part; its CPU until then."""

    server: float
    first: float
    whole: float
    cpu: float

    @property
    def note(self) -> str:
        """What else must be known of it."""
        return f"{load_note()}; server and workers used {self.cpu:.1f} s of CPU; it answered after {self.server:.1f} s"


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Each city in a workspace that is empty at first."""
    for name, city in cities(quick=quick):
        yield from _city(name, city)


def _city(name: str, city: str) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        cold = waited(city, Path(folder))
        yield Row(f"cold_overview_first_s_{name}", cold.first, "s by the clock", 3.0, note=cold.note)
        yield Row(f"cold_overview_s_{name}", cold.whole, "s by the clock", 12.0, note=cold.note)
        again = waited(city, Path(folder))
        yield Row(f"restart_overview_s_{name}", again.whole, "s by the clock", 2.0, note=again.note)


def waited(city: str, home: Path) -> Waited:
    """Start a server and open its first page.

    Parameters
    ----------
    city : a name or the path of a city.toml.
    home : the workspace.

    Returns
    -------
    Waited
        What a visitor waited for.
    """
    # The browser stands ready before the server does: a visitor's is open already.
    with browsed() as page, served(city, home=home) as server:
        began = time.perf_counter()
        page.goto(server.url)
        page.locator(FIGURE).first.wait_for(timeout=MOST_SECONDS * 1000)
        first = time.perf_counter() - began
        page.wait_for_function(WHOLE, timeout=MOST_SECONDS * 1000, polling=50)
        return Waited(server.seconds, first, time.perf_counter() - began, server.cpu_seconds())
