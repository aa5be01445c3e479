"""Cells: the places that a map tells apart. Squares and hexagons in metres, areas, street segments."""

from analytics.hotspots.cells.base import Cells, Raster
from analytics.hotspots.cells.choose import KINDS, cells_over
from analytics.hotspots.cells.polygons import Polygons, areas_as_cells, hexagons_over
from analytics.hotspots.cells.segments import Segments, segments_of
from analytics.hotspots.cells.squares import Squares, squares_over

__all__ = [
    "KINDS",
    "Cells",
    "Polygons",
    "Raster",
    "Segments",
    "Squares",
    "areas_as_cells",
    "cells_over",
    "hexagons_over",
    "segments_of",
    "squares_over",
]
