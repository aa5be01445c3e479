"""What is asked of incidents: a hotspot map, and whom it falls on."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

import pandas as pd

from analytics.hotspots import Audit, Hotspots, PartOfWeek, audit_hotspots, find_hotspots
from analytics.hotspots.subjects import subject_of
from analytics.parallel import Progress, quiet
from analytics.requests.request import CityRequest, Request
from data import City, Incidents

__all__ = ["AuditRequest", "MapRequest"]

WHOLE_WEEK = PartOfWeek()


@dataclass(frozen=True)
class MapRequest(Request):
    """A hotspot map of incidents (or of the congestion in a series), of one category (None is all) in a part of the week.

    It looks ``horizon_days`` ahead of ``as_of``, the first day that is not known (None is the day after the newest).
    ``cells`` of ``cell_size`` metres: None is squares, or areas for congestion. ``method`` None is the one that did best
    in past ``windows``; ``slow`` judges slow methods too.
    """

    city: CityRequest
    _: KW_ONLY
    incidents: str
    category: str | None = None
    part: PartOfWeek = WHOLE_WEEK
    as_of: pd.Timestamp | None = None
    horizon_days: int = 28
    cells: str | None = None
    cell_size: float = 200.0
    windows: int = 12
    method: str | None = None
    slow: bool = False
    seed: int = 0

    def subject(self, city: City) -> Incidents:
        """What is mapped: all of it, not only the category and the part of the week."""
        return subject_of(city, self.incidents)

    def answer(self, city: City, *, progress: Progress = quiet) -> Hotspots:
        """The map.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Hotspots
            With its scores on later data.
        """
        return self._found(city, judged=True, progress=progress)

    def before_judging(self, city: City, *, progress: Progress = quiet) -> Hotspots:
        """The map alone, before it is known how well such maps have done: it is there long before the answer.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Hotspots
            Not judged.
        """
        return self._found(city, judged=False, progress=progress)

    def _found(self, city: City, *, judged: bool, progress: Progress) -> Hotspots:
        return find_hotspots(
            self.subject(city), horizon_days=self.horizon_days, cell_size=self.cell_size, cell_kind=self.cells,
            network=city.streets if self.cells == "segments" else None, windows=self.windows, method=self.method,
            category=self.category, part=self.part, as_of=self.as_of, slow=self.slow, judged=judged, seed=self.seed,
            progress=progress,
        )  # fmt: skip


@dataclass(frozen=True)
class AuditRequest(Request):
    """The audit of a map at a share of the area (0.05 is 5 %)."""

    map: MapRequest
    _: KW_ONLY
    share: float

    def answer(self, city: City, *, hotspots: Hotspots | None = None, progress: Progress = quiet) -> Audit:
        """The audit, with the second source where the city names one.

        Parameters
        ----------
        city : the city of the map, opened.
        hotspots : the map, where it is drawn already.
        progress : told how far it is.

        Returns
        -------
        Audit
            Who is exposed, what reporting hides, what feedback does.
        """
        begun = 0.0 if hotspots is not None else 0.3  # drawing the map takes about a third of the time
        found = hotspots or self.map.answer(city, progress=lambda done, doing: progress(begun * done, doing))
        second = city.incidents.get(found.incidents.second_source or "")
        return audit_hotspots(
            found, share=self.share, second=second,
            progress=lambda done, doing: progress(begun + (1 - begun) * done, doing),
        )  # fmt: skip
