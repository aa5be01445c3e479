"""Cells: a grid of squares in metres over the places that can have incidents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Cells"]


@dataclass(frozen=True, eq=False)
class Cells:
    """Squares of ``size`` metres whose centres lie inside the city.

    ``x0``, ``y0`` is the lower left corner of the whole grid of ``columns`` x ``rows``; ``index`` holds, in order, the flat
    positions (row * columns + column) of the cells that count, ``area_id`` the area that each centre lies in.
    """

    size: float
    x0: float
    y0: float
    columns: int
    rows: int
    index: npt.NDArray[np.int64]
    area_id: npt.NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.index)
