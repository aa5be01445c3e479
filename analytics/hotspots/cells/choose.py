"""The cells of a map, by the kind that was asked for."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analytics.errors import HotspotError
from analytics.hotspots.cells.base import Cells
from analytics.hotspots.cells.polygons import areas_as_cells, hexagons_over
from analytics.hotspots.cells.segments import segments_of
from analytics.hotspots.cells.squares import squares_over
from data import Incidents, Network

__all__ = ["KINDS", "cells_over"]

KINDS = ("squares", "hexagons", "areas", "segments")


def cells_over(
    incidents: Incidents,
    *,
    size: float,
    kind: str = "squares",
    network: Network | None = None,
    before: pd.Timestamp | None = None,
) -> Cells:
    """The cells of a city, fixed before any day is tested.

    A city without areas is outlined by its incidents ``before`` a day (all of them by default), so that no cell is
    there because of what a map is judged on.

    Parameters
    ----------
    incidents : their areas outline the city.
    size : side of a square, width of a hexagon or longest segment, in metres.
    kind : squares, hexagons, areas or segments.
    network : the streets, for segments.
    before : incidents from this day on outline nothing.

    Returns
    -------
    Cells of that kind.

    Raises
    ------
    HotspotError
        When there would be more than 250,000 cells, the kind is unknown, or the city has no areas or no streets.
    """
    if kind not in KINDS:
        raise HotspotError("no_such_cells", kind=kind, kinds=list(KINDS))
    if incidents.areas is None and before is not None:
        incidents = replace(incidents, frame=incidents.frame.loc[incidents.frame["time"] < before])
    if kind == "areas":
        return areas_as_cells(incidents.areas)
    if kind == "segments":
        if network is None:
            raise HotspotError("no_network")
        return segments_of(network, longest=size, areas=incidents.areas)
    return squares_over(incidents, size=size) if kind == "squares" else hexagons_over(incidents, size=size)
