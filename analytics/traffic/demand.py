"""Trips between zones, as pairs with a number each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from analytics.errors import TrafficError
from analytics.traffic.road import Floats, Road, Whole

if TYPE_CHECKING:
    from data import Trips

__all__ = ["Demand", "Pairs", "demand_of"]


@dataclass(frozen=True, eq=False)
class Pairs:
    """The pairs of zones with trips, origin by origin: ``first`` (by origin) is where its pairs begin, the last where all end."""

    first: Whole
    origin: Whole
    destination: Whole
    trips: Floats

    def key(self, zones: int) -> Whole:
        """One number a pair, rising."""
        return self.origin * zones + self.destination


@dataclass(frozen=True, eq=False)
class Demand:
    """Vehicles an hour from zone to zone: ``matrix`` (origin, destination), zones at ``nodes`` of the road.

    Trips within a zone use no link and are left out of what is assigned.
    """

    zone_ids: tuple[str, ...]
    nodes: Whole
    matrix: Floats

    def __post_init__(self) -> None:
        if self.matrix.shape != (len(self.zone_ids), len(self.zone_ids)):
            raise TrafficError("matrix_shape", rows=self.matrix.shape[0], zones=len(self.zone_ids))
        if not (np.isfinite(self.matrix).all() and (self.matrix >= 0).all()):
            origin, end = np.argwhere(~(np.isfinite(self.matrix) & (self.matrix >= 0)))[0]
            raise TrafficError(
                "matrix_value",
                origin=self.zone_ids[origin],
                end=self.zone_ids[end],
                value=float(self.matrix[origin, end]),
            )

    @cached_property
    def pairs(self) -> Pairs:
        """Those with trips that leave their zone, sorted by origin and destination."""
        moving = self.matrix.copy()
        moving[self.nodes[:, None] == self.nodes[None, :]] = 0.0
        origin, destination = np.nonzero(moving)
        first = np.searchsorted(origin, np.arange(len(self.nodes) + 1))
        return Pairs(first.astype(np.int64), origin, destination, moving[origin, destination])

    def times(self, factor: Floats | float) -> Demand:
        """The same zones with other trips: ``factor`` by (origin, destination) or for all."""
        return Demand(self.zone_ids, self.nodes, self.matrix * factor)


def demand_of(trips: Trips, road: Road) -> Demand:
    """The trips of a table on a road.

    Parameters
    ----------
    trips : a table of trips, with a matrix.
    road : that has the nodes of its zones.

    Returns
    -------
    Demand
        In the order of the table's zones.

    Raises
    ------
    TrafficError
        When there is no matrix, or a zone stands at a node that the road lacks.
    """
    if trips.matrix is None:
        raise TrafficError("trips_without_matrix", trips=trips.title)
    place = {node: index for index, node in enumerate(road.node_ids)}
    unknown = [zone for zone, node in trips.zones["node_id"].items() if node not in place]
    if unknown:
        raise TrafficError("zones_off_the_road", zones=[str(each) for each in unknown[:3]], n=len(unknown))
    nodes = trips.zones["node_id"].map(place).to_numpy(np.int64)
    places: Whole = np.asarray(nodes, np.int64)
    return Demand(tuple(str(each) for each in trips.zones.index), places, np.asarray(trips.matrix, np.float64))
