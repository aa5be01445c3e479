"""Maps: places first to look at, what has become of places, areas that gain or lose, sites to choose, and roads."""

from dashboard.figures.maps.difference import difference_map
from dashboard.figures.maps.emerging import emerging_map
from dashboard.figures.maps.frame import WHOLE, Window, as_high_as_needed
from dashboard.figures.maps.hotspots import hotspot_map
from dashboard.figures.maps.roads import roads_map
from dashboard.figures.maps.sites import sites_map
from dashboard.figures.maps.users import users_map

__all__ = [
    "WHOLE", "Window", "as_high_as_needed", "difference_map", "emerging_map", "hotspot_map", "roads_map", "sites_map", "users_map",
]  # fmt: skip
