"""Early warning: what is planted and found, what is raised where nothing was, days replayed, and what a city's watch costs."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.rows import Row, rows_of

__all__ = ["rows"]


def rows(*, quick: bool = False, only: str = "") -> Iterator[Row]:
    """The rows of all parts whose name holds ``only``; ``quick`` looks at the series that thresholds were tuned on."""
    from benchmarks.warnings import amounts, events, hours, labelled, meridian, replayed

    parts = {
        "city": labelled.city_seconds,
        "labelled": labelled.rows,
        "hours": hours.rows,
        "replayed": replayed.rows,
        "events": events.rows,
        "amounts": amounts.rows,
        "meridian": meridian.rows,
    }
    yield from rows_of(parts, quick=quick, only=only)
