"""What hostile files, names and visitors reach, beside the figures that were set for it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rows import Row, rows_of

__all__ = ["rows"]

# The hostile files and the hostile city are those of the tests.
sys.path.append(str(Path(__file__).parents[2] / "tests"))


def rows(*, quick: bool = False, only: str = "") -> Iterator[Row]:
    """The rows of all parts whose name holds ``only``."""
    from benchmarks.security import exports, files, pages, server, writers

    parts = {
        "corpus": files.corpus,
        "bombs": files.bombs,
        "exports": exports.rows,
        "writers": writers.rows,
        "pages": pages.rows,
        "server": server.rows,
    }
    yield from rows_of(parts, quick=quick, only=only)
