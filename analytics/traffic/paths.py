"""The paths that trips use: what an assignment leaves beside volumes, and begins again from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from analytics.traffic.demand import Pairs
from analytics.traffic.road import Flags, Floats, Whole

__all__ = ["PathSet"]


@dataclass(frozen=True, eq=False)
class PathSet:
    """Paths with trips, pair by pair: ``pair`` and ``flow`` by path, its links ``links[start:start + size]``, the last link first.

    Volumes at equilibrium are unique, paths are not: other paths may make the same volumes.
    """

    pairs: Pairs
    pair: Whole
    flow: Floats
    start: Whole
    size: Whole
    links: npt.NDArray[np.int32]

    @cached_property
    def path_of(self) -> Whole:
        """The path of each entry of ``links``."""
        return np.repeat(np.arange(len(self.flow)), self.size)

    def volume(self, links: int) -> Floats:
        """What the paths make by link."""
        made: Floats = np.bincount(self.links, weights=self.flow[self.path_of], minlength=links).astype(np.float64)
        return made

    def spread(self, chosen: Flags, flow: Floats) -> Floats:
        """What each link of each path carries, where only chosen paths carry something.

        Parameters
        ----------
        chosen : by path.
        flow : by chosen path.

        Returns
        -------
        By entry of ``links``; 0 for those of other paths.
        """
        carried = np.zeros(len(self.flow))
        carried[chosen] = flow
        return carried[self.path_of]

    def using(self, links: Flags) -> Flags:
        """By path, whether it uses any of some links (by link)."""
        found = np.zeros(len(self.flow), np.bool_)
        found[self.path_of[links[self.links]]] = True
        return found

    def shares(self, links: int) -> sparse.csr_array:
        """The share of each pair's trips that use a link: (link, pair), as matrix estimation reads it."""
        share = self.flow / self.pairs.trips[self.pair]
        entries = (share[self.path_of], (self.links.astype(np.int64), self.pair[self.path_of]))
        return sparse.csr_array(sparse.coo_array(entries, shape=(links, len(self.pairs.trips))))
