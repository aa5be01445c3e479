"""Hotspot maps, their audits, late clusters and delays, as functions that a worker process runs."""

from __future__ import annotations

import pandas as pd

from analytics.errors import HotspotError
from analytics.hotspots import Audit, Hotspots, delay_table
from analytics.hotspots.clustering.lately import Lately, clusters_lately
from analytics.hotspots.find import of_category
from analytics.parallel import Progress
from analytics.requests import AuditRequest, MapRequest, SeriesRequest
from dashboard.workers.jobs import read_back
from dashboard.workers.work import kept_opening, opened, opening_or_other

__all__ = ["audit_of", "delays_of", "hotspots_of", "lately_of"]

SCANNED = 199  # times that chance deals anew for a page: p to a half per cent


@read_back(kept_opening)
def hotspots_of(request: MapRequest, *, progress: Progress) -> Hotspots:
    """The hotspots of one kind of incident."""
    found: Hotspots = opening_or_other(request, progress=progress)
    return found


def lately_of(request: MapRequest, *, progress: Progress) -> Lately | None:
    """What has clustered of late; None where there is too little to scan."""
    incidents = of_category(request.subject(opened(request.city)), request.category)
    try:
        return clusters_lately(request.part.of(incidents), replications=SCANNED, progress=progress)
    except HotspotError:
        return None


def delays_of(request: SeriesRequest, *, progress: Progress) -> pd.DataFrame:
    """How much longer each counter holds vehicles up than expected; see ``delay_table``."""
    progress(0.1, "")
    return delay_table(request.answer(opened(request.city)))


def audit_of(request: AuditRequest, *, progress: Progress) -> Audit:
    """The audit of a map at a share of the area."""
    return request.answer(opened(request.map.city), progress=progress)
