"""What every kind of cell can do: say which cell a point lies in, count, smooth, and name its neighbours."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.spatial import KDTree

__all__ = ["Cells", "Raster"]

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

MOST_PIXELS = 250_000  # of a picture of cells that are no squares: more than a screen shows
TRUNCATE = 4.0  # bandwidths at which a Gaussian is cut off: 6 in 100,000 of its mass lie beyond


class Raster(NamedTuple):
    """A picture of cells: for each pixel (row, column) the index of its cell, -1 for none.

    ``x0``, ``y0`` is the lower left corner and ``size`` the side of a pixel, in metres.
    """

    cell: npt.NDArray[np.int64]
    x0: float
    y0: float
    size: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Cells(ABC):
    """Places in a fixed order, decided before any day is tested.

    ``kind`` is "squares", "hexagons", "areas" or "segments". ``size`` is the side of a square, the distance between
    opposite sides of a hexagon, or the length of a segment at most, in metres; 0 for areas. ``x``, ``y`` are the middles
    in metres, ``extent`` is each cell's size (m², metres of street for segments), ``area_id`` the area of its middle.
    """

    kind: str
    size: float
    x: Floats
    y: Floats
    extent: Floats
    area_id: npt.NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.area_id)

    @abstractmethod
    def locate(self, x: Floats, y: Floats) -> Indices:
        """The index of the cell that each point lies in; -1 where there is none.

        Parameters
        ----------
        x, y : points in metres.

        Returns
        -------
        An index a point.
        """

    @cached_property
    @abstractmethod
    def near(self) -> sparse.csr_array:
        """Which cells are neighbours: 1 for those that touch a cell and for the cell itself, (cell, cell)."""

    @cached_property
    @abstractmethod
    def raster(self) -> Raster:
        """The cells as a picture."""

    def counts(self, frame: pd.DataFrame) -> Floats:
        """Events in each cell; ``frame`` has x and y in metres, or ``cell``, where they were located before."""
        cell = self.cell_of(frame)
        return np.bincount(cell[cell >= 0], minlength=len(self)).astype(np.float64)

    def cell_of(self, frame: pd.DataFrame) -> Indices:
        """The cell of each event of a frame, -1 for none."""
        if "cell" in frame.columns:
            return frame["cell"].to_numpy()
        return self.locate(frame["x"].to_numpy(), frame["y"].to_numpy())

    def located(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The same events with their ``cell``, ``day`` (since 1970) and ``weight``, so that they are looked up once.

        The weight of an event is 1 / sqrt(n) where n fell into its cell on its day: what happens at one place on one day
        is often one affair, and says less of tomorrow than as many days with one event.
        """
        if "cell" in frame.columns:
            return frame
        day = frame["time"].to_numpy().astype("datetime64[D]").astype(np.int32)
        cell = self.cell_of(frame).astype(np.int32)
        _, affair, size = np.unique(
            day.astype(np.int64) * (len(self) + 1) + cell, return_inverse=True, return_counts=True
        )
        return frame.assign(cell=cell, day=day, weight=(1 / np.sqrt(size))[affair])

    def smooth(self, values: Floats, *, bandwidth: float, at: Indices | None = None) -> Floats:
        """Values of cells, shape (..., cell), spread by a Gaussian of so many metres between the cells' middles.

        Parameters
        ----------
        values : any number of leading dimensions.
        bandwidth : standard deviation of the Gaussian in metres.
        at : the cells that are asked for; all where None.

        Returns
        -------
        Spread values in the same shape, (..., cell asked for); the sum over all cells is kept.
        """
        weights = self._gaussian(bandwidth)
        if at is not None:
            weights = weights[at]
        flat = np.atleast_2d(values)
        spread = (weights @ flat.T).T
        return np.asarray(spread.reshape(*np.shape(values)[:-1], -1))

    def decayed(self, values: Floats, *, reach: float, step: float) -> Floats:
        """Values of cells spread as 1 / (1 + distance / step) up to ``reach`` metres between middles, not scaled.

        Parameters
        ----------
        values : one a cell.
        reach : metres beyond which nothing is spread.
        step : metres at which half of a value arrives.

        Returns
        -------
        One value a cell.
        """
        key = (reach, step)
        if key not in self._kernels:
            apart = self._apart(reach)
            data = 1 / (1 + apart.data / step)
            self._kernels[key] = sparse.csr_array((data, (apart.row, apart.col)), shape=apart.shape)
        return np.asarray(self._kernels[key] @ values)

    @property
    def spacing(self) -> float:
        """Metres from a cell to the next: the size, or for areas the side of a square as large as their mean."""
        return self.size or float(np.sqrt(self.extent.mean()))

    @property
    def share_of_extent(self) -> Floats:
        """Each cell's share of the whole extent."""
        return np.asarray(self.extent / self.extent.sum())

    def looked_at(self, rank: npt.NDArray[np.int64], share: float) -> npt.NDArray[np.bool_]:
        """The cells that are the first ``share`` of the extent by rank: no cell is cut, none reaches beyond it.

        Parameters
        ----------
        rank : where each cell stands in the order, 0 first.
        share : of the whole extent, between 0 and 1.

        Returns
        -------
        True for the cells that are looked at.
        """
        return np.asarray(rank < self.numbers_at(rank, (share,))[0])

    def numbers_at(self, rank: npt.NDArray[np.int64], shares: Sequence[float]) -> npt.NDArray[np.int64]:
        """How many of the first cells by rank make up each share of the extent.

        Parameters
        ----------
        rank : where each cell stands in the order, 0 first.
        shares : of the whole extent, each between 0 and 1.

        Returns
        -------
        A number of cells a share.
        """
        share = self.share_of_extent
        # Of cells of one size any come to the same.
        taken = np.cumsum(share if self._least else share[np.argsort(rank)])
        return np.searchsorted(taken, np.asarray(shares) * (1 + 1e-9) + 0.5 * self._least, side="right")

    @cached_property
    def _least(self) -> float:
        # Cells of one size are rounded to the nearest number of them, as people do; others never exceed the share.
        alike = bool(np.ptp(self.extent) <= 1e-6 * self.extent.max())
        return float(self.share_of_extent[0]) if alike else 0.0

    def _gaussian(self, bandwidth: float) -> sparse.csr_array:
        known = self._kernels
        if bandwidth not in known:
            apart = self._apart(TRUNCATE * bandwidth)
            weights = sparse.csr_array(
                (np.exp(-((apart.data / bandwidth) ** 2) / 2), (apart.row, apart.col)), shape=apart.shape
            )
            # A cell's mass is spread over the cells that there are: nothing is lost at the edge.
            known[bandwidth] = sparse.csr_array(weights @ sparse.diags_array(1 / weights.sum(axis=0)))
        return known[bandwidth]

    def _apart(self, reach: float) -> sparse.coo_matrix:
        """Metres between the middles of all pairs of cells within reach."""
        tree = KDTree(np.column_stack([self.x, self.y]))
        return tree.sparse_distance_matrix(tree, reach, output_type="coo_matrix")

    @cached_property
    def _kernels(self) -> dict[float | tuple[float, float], sparse.csr_array]:
        # Gaussians by their bandwidth, those that decay by (reach, step).
        return {}

    def __getstate__(self) -> dict[str, object]:
        # What can be computed again does not travel between processes.
        kept = {"near", "raster", "_kernels", "_least"}
        return {key: value for key, value in self.__dict__.items() if key not in kept}
