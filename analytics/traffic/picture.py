"""What the roads of a network carry, as a picture of it needs it: flows, delays, an option beside today, and counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analytics.results import Result
from data.words import Words

__all__ = ["Lines", "RoadUsers", "Traffic", "crossings", "geh", "lines_of"]

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Lines:
    """The lines of links in one piece: those of link i are ``x[starts[i]:starts[i + 1]]`` and so for y, metres."""

    x: Numbers
    y: Numbers
    starts: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def link(self) -> npt.NDArray[np.int64]:
        """The place of the link that each point belongs to."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))


@dataclass(frozen=True, eq=False, kw_only=True)
class Traffic(Result):
    """What each road carries in an hour.

    ``links`` is indexed by link_id, one row a direction: ``name`` ("" where it has none), ``kind``, ``from_node``,
    ``to_node``, ``from_name`` and ``to_name`` (the road that is crossed there, else the area, else the node), ``length`` km,
    ``lanes``, ``capacity`` vehicles an hour, ``free_time`` and ``time`` minutes, ``volume`` vehicles an hour, ``road`` (False for
    what only joins a zone to the roads); where there is an
    ``option`` also ``volume_option`` and ``time_option``. ``lines`` has their shapes in the same order, None where the
    nodes have no coordinates. ``counted`` is indexed by counter_id: ``link_id``, ``observed`` and ``modelled`` vehicles an
    hour, ``x``, ``y`` metres, and where volumes are means of days ``days``, ``spread``, ``since`` and ``until`` as of
    ``Counters``. ``hours`` says in words which hours these are, ``layer`` names the areas of the zones. ``gap``
    is the relative gap of the assignment.
    """

    name: str
    title: Words
    hours: Words
    links: pd.DataFrame
    lines: Lines | None
    counted: pd.DataFrame
    layer: str = ""
    option: str = ""
    gap: float = float("nan")

    @property
    def roads(self) -> pd.DataFrame:
        """The links that are roads."""
        return self.links[self.links["road"]]

    @property
    def delay(self) -> pd.Series:
        """Minutes that a vehicle loses on each link against an empty road."""
        return (self.links["time"] - self.links["free_time"]).clip(lower=0.0)

    @property
    def hours_lost(self) -> pd.Series:
        """Vehicle-hours that are lost on each link in an hour."""
        return self.links["volume"] * self.delay / 60

    @property
    def saturation(self) -> pd.Series:
        """Volume over capacity; NaN where the capacity is not known."""
        return self.links["volume"] / self.links["capacity"].where(self.links["capacity"] > 0)


@dataclass(frozen=True, eq=False, kw_only=True)
class RoadUsers(Result):
    """Whose trips use one road: vehicles an hour by the area in which they begin and in which they end.

    ``origins`` and ``destinations`` are indexed by area_id, of zones in no area under ""; ``volume`` is the sum of each.
    ``pairs`` holds ``origin``, ``destination`` and ``volume`` of the greatest flows between two areas, the greatest first.
    ``paths_known`` is False where the assignment kept no paths, as that of a large network: nothing can then be said of users.
    """

    network: str
    link_id: str
    road: str
    hours: Words
    volume: float
    origins: pd.Series
    destinations: pd.Series
    pairs: pd.DataFrame
    layer: str = ""
    paths_known: bool = True


def lines_of(shapes: gpd.GeoSeries) -> Lines:
    """The points of lines, one after the other.

    Parameters
    ----------
    shapes : LineStrings in metres.

    Returns
    -------
    Lines
        In the same order.
    """
    points, owner = shapely.get_coordinates(shapes.to_numpy(), return_index=True)
    starts = np.searchsorted(owner, np.arange(len(shapes) + 1)).astype(np.int64)
    return Lines(points[:, 0], points[:, 1], starts)


def crossings(links: pd.DataFrame, areas: Mapping[str, str] | None = None) -> pd.Series:
    """What each node is called: the first other name among the roads that meet there, by link and end.

    Parameters
    ----------
    links : with ``name``, ``from_node`` and ``to_node``.
    areas : what the area is called that a node lies in, by node.

    Returns
    -------
    pandas.Series
        The names of ``from_node`` and then of ``to_node`` for each link: where no other road is named the area, else the
        node's own id.
    """
    ends = pd.concat([links[["name", end]].rename(columns={end: "node"}) for end in ("from_node", "to_node")])
    named = ends[ends["name"] != ""].drop_duplicates().sort_values(["node", "name"])
    roads, places = named.groupby("node")["name"].agg(list).to_dict(), areas or {}
    words = [
        next((each for each in roads.get(node, ()) if each != name), places.get(str(node), str(node)))
        for name, node in zip(ends["name"], ends["node"], strict=True)
    ]
    return pd.Series(words, index=ends.index)


def geh(modelled: npt.ArrayLike, observed: npt.ArrayLike) -> Numbers:
    """How far modelled and counted volumes lie apart, by the statistic of Geoffrey E. Havers.

    The square root of 2 (m - c)² / (m + c), for volumes an hour (Design Manual for Roads and Bridges 12.2.1, 1996); below 5 they
    are taken to agree. Both zero is 0.

    Parameters
    ----------
    modelled, observed : vehicles an hour.

    Returns
    -------
    numpy.ndarray
        Not below 0.

    Examples
    --------
    >>> geh([1100.0, 500.0], [1000.0, 500.0]).round(2).tolist()
    [3.09, 0.0]
    """
    m, c = np.asarray(modelled, dtype=float), np.asarray(observed, dtype=float)
    total = m + c
    squares: Numbers = np.divide(2 * (m - c) ** 2, total, out=np.zeros_like(total), where=total > 0)
    return np.asarray(np.sqrt(squares), dtype=float)
