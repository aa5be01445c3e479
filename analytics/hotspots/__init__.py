"""Maps of where incidents concentrate: predicted, tested against chance, judged on later data, and audited."""

from analytics.hotspots.audit import Audit, audit_hotspots
from analytics.hotspots.by_area import numbers_by_area
from analytics.hotspots.cells import Cells, cells_over
from analytics.hotspots.clustering.circles import Circles, circles, scan_circles, scan_cylinders
from analytics.hotspots.clustering.lately import Lately, clusters_lately
from analytics.hotspots.clustering.near_repeat import Bands, Knox, NearRepeatRisk, knox_table, near_repeat_risk
from analytics.hotspots.clustering.scan import Cluster, Scan, Search
from analytics.hotspots.clustering.squares import scan_squares
from analytics.hotspots.congestion import congested_hours, delay_table
from analytics.hotspots.contract import Method, fit_method, hotspot_method, run_method
from analytics.hotspots.find import PartOfWeek, find_hotspots, flagged, hit_rate_at
from analytics.hotspots.publishing import Published, publishable, snapped_points
from analytics.hotspots.registry import failed_methods, register
from analytics.hotspots.results import Hotspots
from analytics.hotspots.subjects import subject_of, subjects

__all__ = [
    "Audit",
    "Bands",
    "Cells",
    "Circles",
    "Cluster",
    "Hotspots",
    "Knox",
    "Lately",
    "Method",
    "NearRepeatRisk",
    "PartOfWeek",
    "Published",
    "Scan",
    "Search",
    "audit_hotspots",
    "cells_over",
    "circles",
    "clusters_lately",
    "congested_hours",
    "delay_table",
    "failed_methods",
    "find_hotspots",
    "fit_method",
    "flagged",
    "hit_rate_at",
    "hotspot_method",
    "knox_table",
    "near_repeat_risk",
    "numbers_by_area",
    "publishable",
    "register",
    "run_method",
    "scan_circles",
    "scan_cylinders",
    "scan_squares",
    "snapped_points",
    "subject_of",
    "subjects",
]
