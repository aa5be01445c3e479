"""Maps of where incidents concentrate, judged on later data."""

from analytics.hotspots.cells import Cells, cells_over
from analytics.hotspots.congestion import congested_hours, delay_table
from analytics.hotspots.contract import Method, hotspot_method, run_method
from analytics.hotspots.find import find_hotspots, flagged, hit_rate_at
from analytics.hotspots.registry import failed_methods, register
from analytics.hotspots.results import Hotspots

__all__ = [
    "Cells",
    "Hotspots",
    "Method",
    "cells_over",
    "congested_hours",
    "delay_table",
    "failed_methods",
    "find_hotspots",
    "flagged",
    "hit_rate_at",
    "hotspot_method",
    "register",
    "run_method",
]
