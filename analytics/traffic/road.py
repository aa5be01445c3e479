"""A road as arrays by link, as assignment reads it, and what each link costs at its volume."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from analytics.errors import TrafficError

if TYPE_CHECKING:
    from data import Network

__all__ = ["Road", "links_named", "road_of"]

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Star:
    """Links in the ``order`` of the nodes that they leave: a node's are those from ``first[node]`` up to ``first[node + 1]``.

    ``tail`` and ``head`` are in that order; ``passed``, by node, tells whether paths go on from there.
    """

    first: Whole
    order: Whole
    tail: Whole
    head: Whole
    passed: Flags


@dataclass(frozen=True, eq=False)
class Road:
    """Links in the order of their network's table, all arrays by link but ``node_ids`` and ``through``, which are by node.

    A trip on a link takes ``free_time * (1 + b * (volume / capacity) ** power)`` minutes (Bureau of Public Roads 1964) and costs
    ``fixed`` minutes beside: tolls and distance by their weights. ``length`` is in km, ``capacity`` in vehicles an hour.
    What is not ``is_open`` carries nothing; traffic does not pass through a node that is not ``through``, but may begin and
    end there.
    """

    link_ids: tuple[str, ...]
    node_ids: tuple[str, ...]
    tail: Whole
    head: Whole
    length: Floats
    free_time: Floats
    capacity: Floats
    b: Floats
    power: Floats
    fixed: Floats
    is_open: Flags
    through: Flags

    def __post_init__(self) -> None:
        rises = (self.b > 0) & (self.power > 0)
        for wrong, what in (
            (rises & ~(self.capacity > 0), "capacity"),
            (~(self.free_time >= 0), "free_time"),
            (~(self.b >= 0), "b"),
            (~(self.power >= 0), "power"),
            (~(self.fixed >= 0), "fixed"),
        ):
            if wrong.any():
                link = int(np.flatnonzero(wrong)[0])
                value = float(getattr(self, what)[link])
                raise TrafficError(f"road_{what}", link=self.link_ids[link], value=value, n=int(wrong.sum()))

    @cached_property
    def slope(self) -> Floats:
        """Minutes by which a trip lasts longer for each unit of ``volume ** power``."""
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = self.free_time * self.b / self.capacity**self.power
        return np.where((self.b > 0) & np.isfinite(slope), slope, 0.0)

    @cached_property
    def star(self) -> Star:
        """The links sorted by the node that they leave."""
        nodes = len(self.node_ids)
        order = np.argsort(self.tail, kind="stable")
        first = np.concatenate(([0], np.cumsum(np.bincount(self.tail, minlength=nodes))))
        return Star(first, order, self.tail[order], self.head[order], self.through & ~self._ends)

    @property
    def _ends(self) -> Flags:
        """Nodes with one neighbour: a cheapest path through them would turn back there, so that none goes on."""
        nodes = len(self.node_ids)
        least, most = np.full(nodes, nodes), np.full(nodes, -1)
        for one, other in ((self.tail, self.head), (self.head, self.tail)):
            np.minimum.at(least, one, other)
            np.maximum.at(most, one, other)
        return least >= most

    @cached_property
    def place_of_link(self) -> dict[str, int]:
        """The index of each link by its id."""
        return {link: place for place, link in enumerate(self.link_ids)}

    def time(self, volume: Floats) -> Floats:
        """Minutes on each link at a volume (..., link) in vehicles an hour."""
        return np.asarray(self.free_time + self.slope * np.maximum(volume, 0.0) ** self.power)

    def cost(self, volume: Floats) -> Floats:
        """Generalised minutes on each link, infinite where it is closed: what drivers are taken to choose by."""
        return np.where(self.is_open, self.time(volume) + self.fixed, np.inf)

    def objective(self, volume: Floats) -> float:
        """What user equilibrium makes least: the integrals of costs up to the volumes (Beckmann, McGuire & Winsten 1956)."""
        flow = np.maximum(volume, 0.0)
        rising = self.slope * flow ** (self.power + 1) / (self.power + 1)
        return float((self.free_time * flow + rising + self.fixed * flow).sum())

    def with_(self, **changes: Any) -> Road:
        """The same road with other arrays in places."""
        return replace(self, **changes)


def links_named(network: Network, names: Sequence[str]) -> dict[str, Whole]:
    """The places of links by id, or of all links that bear a name.

    Parameters
    ----------
    network : with links.
    names : ids or names of links.

    Returns
    -------
    Places in the table by what was given.
    """
    ids, titles = network.links.index, network.links["name"]
    return {
        name: np.flatnonzero(np.asarray(ids == name if name in ids else titles == name, dtype=bool)) for name in names
    }


def road_of(network: Network) -> Road:
    """The road of a network that routes.

    Parameters
    ----------
    network : a table of networks, with nodes and links.

    Returns
    -------
    Road
        Links in the order of the table; those that are planned are closed.

    Raises
    ------
    TrafficError
        When the network is lines only.
    """
    if not network.routes:
        raise TrafficError("network_without_links", network=network.title)
    links, nodes = network.links, network.nodes
    place = {node: index for index, node in enumerate(nodes.index)}
    is_open = np.ones(len(links), np.bool_)
    for places in links_named(network, network.planned).values():
        is_open[places] = False
    fixed = network.toll_weight * links["toll"] + network.distance_weight * links["length"]
    columns = {name: links[name].to_numpy(np.float64) for name in ("length", "free_time", "capacity", "b", "power")}
    return Road(
        link_ids=tuple(links.index),
        node_ids=tuple(nodes.index),
        tail=links["from_node"].map(place).to_numpy(np.int64),
        head=links["to_node"].map(place).to_numpy(np.int64),
        fixed=fixed.to_numpy(np.float64),
        is_open=is_open,
        through=nodes["through"].to_numpy(np.bool_),
        **columns,
    )
