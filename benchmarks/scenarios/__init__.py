"""Scenarios: no difference where nothing differs, and the engines against published optima, formulas and what came."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from benchmarks.rows import Row

__all__ = ["rows"]


def rows(*, quick: bool = False, only: str = "") -> Iterator[Row]:
    """The rows of all parts, one a file of this folder, whose name holds ``only``."""
    for part in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        if only in part and not part.endswith("_side"):  # a "side" runs in another environment or process
            yield from importlib.import_module(f"{__name__}.{part}").rows(quick=quick)
