"""Maps of where incidents concentrate, judged on later data."""

from analytics.hotspots.cells import Cells, cells_over
from analytics.hotspots.clusters import Cluster, Scan, Search
from analytics.hotspots.congestion import congested_hours, delay_table
from analytics.hotspots.contract import Method, hotspot_method, run_method
from analytics.hotspots.find import find_hotspots, flagged, hit_rate_at
from analytics.hotspots.near_repeat import Bands, Knox, NearRepeatRisk, knox_table, near_repeat_risk
from analytics.hotspots.registry import failed_methods, register
from analytics.hotspots.results import Hotspots
from analytics.hotspots.scan import Circles, circles, scan_cylinders, scan_places
from analytics.hotspots.scan_grid import scan_squares

__all__ = [
    "Bands",
    "Cells",
    "Circles",
    "Cluster",
    "Hotspots",
    "Knox",
    "Method",
    "NearRepeatRisk",
    "Scan",
    "Search",
    "cells_over",
    "circles",
    "congested_hours",
    "delay_table",
    "failed_methods",
    "find_hotspots",
    "flagged",
    "hit_rate_at",
    "hotspot_method",
    "knox_table",
    "near_repeat_risk",
    "register",
    "run_method",
    "scan_cylinders",
    "scan_places",
    "scan_squares",
]
