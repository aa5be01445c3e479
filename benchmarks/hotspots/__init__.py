"""Hotspots against esda, scipy, KDEpy, pointpats, pandas and pymannkendall, and against what came, on real incidents."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.rows import Row, rows_of

__all__ = ["rows"]


def rows(*, quick: bool = False, only: str = "") -> Iterator[Row]:
    """The rows of all parts whose name holds ``only``; a part whose data are absent is left out, saying so."""
    from benchmarks.hotspots import calibration, dashboard, known, meridian, prediction, speed

    parts = {
        "speed": speed.rows,
        "known": known.rows,
        "shuffled": known.shuffled,
        "prediction": prediction.philadelphia,
        "elsewhere": prediction.other_places,
        "calibration": calibration.rows,
        "meridian": meridian.rows,
        "dashboard": dashboard.rows,
    }
    yield from rows_of(parts, quick=quick, only=only)
