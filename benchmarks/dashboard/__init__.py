"""The pages as a visitor waits for them and can use them: a server of its own, and a browser without a window."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from benchmarks.dashboard import journeys, large, overview, screens, sessions, sliders, views
from benchmarks.rows import Row, rows_of
from benchmarks.serving import CHROMIUM

__all__ = ["rows"]

PARTS = {
    "overview": overview.rows,
    "large": large.rows,
    "views": views.rows,
    "sliders": sliders.rows,
    "sessions": sessions.rows,
    "journeys": journeys.rows,
    "screens": screens.rows,
}


def rows(*, quick: bool = False, only: str = "") -> Iterator[Row]:
    """Each part whose name holds the word; none where there is no Chromium."""
    if CHROMIUM is None:
        print("The dashboard's rows are left out: install the system's package of Chromium.", file=sys.stderr)
        return
    yield from rows_of(PARTS, quick=quick, only=only)
