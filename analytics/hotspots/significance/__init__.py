"""What stands out from chance: places now, places over time, and the map as a whole."""

from analytics.hotspots.significance.chance import Gi, Moran, beyond_chance, discoveries, gi_star, gi_z, local_moran
from analytics.hotspots.significance.emerging import CATEGORIES, Emerging, emerging_hotspots, time_cube
from analytics.hotspots.significance.stability import Stability, map_change
from analytics.hotspots.significance.trends import Trend, mann_kendall

__all__ = [
    "CATEGORIES",
    "Emerging",
    "Gi",
    "Moran",
    "Stability",
    "Trend",
    "beyond_chance",
    "discoveries",
    "emerging_hotspots",
    "gi_star",
    "gi_z",
    "local_moran",
    "mann_kendall",
    "map_change",
    "time_cube",
]
