"""Maps: places first to look at, what has become of places, and areas that gain or lose."""

from dashboard.figures.maps.difference import difference_map
from dashboard.figures.maps.emerging import emerging_map
from dashboard.figures.maps.hotspots import hotspot_map

__all__ = ["difference_map", "emerging_map", "hotspot_map"]
