"""Hotspot maps, their audits, late clusters and delays, as functions that a worker process runs."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

import pandas as pd

from analytics.answers import answered, kept
from analytics.errors import HotspotError
from analytics.hotspots import Audit, Hotspots, PartOfWeek, delay_table
from analytics.hotspots.clustering.lately import Lately, clusters_lately
from analytics.hotspots.find import of_category
from analytics.hotspots.subjects import subject_of
from analytics.openings import Opening, first_map, opening_of
from analytics.parallel import Progress, quiet
from analytics.requests import AuditRequest, CityRequest, MapRequest, Request, SeriesRequest
from dashboard.workers.jobs import quick, read_back
from dashboard.workers.work import kept_opening, opened, opening_or_other
from data import City

__all__ = [
    "USUAL_PERCENT",
    "LatelyRequest",
    "audit_of",
    "delays_of",
    "first_audit",
    "hotspots_of",
    "lately_of",
    "unjudged_of",
]

USUAL_PERCENT = 5  # of the area that is looked at when a page opens
SCANNED = 199  # times that chance deals anew for a page: p to a half per cent


@read_back(kept_opening)
def hotspots_of(request: MapRequest, *, progress: Progress) -> Hotspots:
    """The hotspots of one kind of incident."""
    found: Hotspots = opening_or_other(request, progress=progress)
    return found


@quick
def unjudged_of(request: MapRequest, *, progress: Progress) -> Hotspots:
    """The map alone: what stands while past maps are judged."""
    return request.before_judging(opened(request.city), progress=progress)


@dataclass(frozen=True)
class LatelyRequest(Request):
    """What has clustered of late among the incidents of a map, of whose cells and days ahead it asks nothing."""

    city: CityRequest
    _: KW_ONLY
    incidents: str
    category: str | None
    part: PartOfWeek

    @classmethod
    def of(cls, asked: MapRequest) -> LatelyRequest:
        """That of a map."""
        return cls(asked.city, incidents=asked.incidents, category=asked.category, part=asked.part)

    @property
    def opens(self) -> bool:
        """Whether a page opens with it; its answer is kept."""
        return self == self.of(first_map(self.city, self.incidents))

    @property
    def table(self) -> str:
        """What the answer is kept for."""
        return self.incidents

    def answer(self, city: City, *, progress: Progress = quiet) -> tuple[Lately, ...]:
        """The clusters; none where there is too little to scan, which is kept as well.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        tuple of Lately
            One at most.
        """
        incidents = of_category(subject_of(city, self.incidents), self.category)
        try:
            return (clusters_lately(self.part.of(incidents), replications=SCANNED, progress=progress),)
        except HotspotError:
            return ()


@read_back(lambda request: kept(request) if request.opens else None)
def lately_of(request: LatelyRequest, *, progress: Progress) -> tuple[Lately, ...]:
    """What has clustered of late, as in ``LatelyRequest``; kept of what a page opens with."""
    if not request.opens:
        return request.answer(opened(request.city), progress=progress)
    found: tuple[Lately, ...] = answered(request, opened, progress=progress)
    return found


def delays_of(request: SeriesRequest, *, progress: Progress) -> pd.DataFrame:
    """How much longer each counter holds vehicles up than expected; see ``delay_table``."""
    progress(0.1, "")
    return delay_table(request.answer(opened(request.city)))


@dataclass(frozen=True)
class FirstAudit(Request):
    """The audit of the map that a page opens with, at the share that it opens with."""

    opening: Opening
    _: KW_ONLY
    asked: AuditRequest

    @property
    def city(self) -> CityRequest:
        """The city that is asked of."""
        return self.opening.city

    @property
    def table(self) -> str:
        """What the answer is kept for."""
        return self.opening.table

    def answer(self, city: City, *, progress: Progress = quiet) -> Audit:
        """The audit.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Audit
            As its request gives it.
        """
        found: Hotspots = answered(self.opening, opened, progress=progress)
        return self.asked.answer(city, hotspots=found, progress=progress)


def first_audit(asked: MapRequest) -> AuditRequest:
    """What the audit of a map asks for when it is opened."""
    return AuditRequest(asked, share=USUAL_PERCENT / 100)


def _first_audit(request: AuditRequest) -> FirstAudit | None:
    opening = opening_of(request.map)
    return FirstAudit(opening, asked=request) if opening is not None and request == first_audit(request.map) else None


def _kept_audit(request: AuditRequest) -> Audit | None:
    first = _first_audit(request)
    found: Audit | None = None if first is None else kept(first)
    return found


@read_back(_kept_audit)
def audit_of(request: AuditRequest, *, progress: Progress) -> Audit:
    """The audit of a map at a share of the area; kept of what a page opens with."""
    first = _first_audit(request)
    if first is None:
        found: Hotspots = opening_or_other(request.map, progress=progress)
        return request.answer(opened(request.map.city), hotspots=found, progress=progress)
    audit: Audit = answered(first, opened, progress=progress)
    return audit
