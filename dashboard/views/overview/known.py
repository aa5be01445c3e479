"""The parts of the overview as far as they are known: read back where they are kept, without anything being computed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from analytics.answers import kept
from analytics.monitoring.days import Change
from analytics.monitoring.sources import Sources
from analytics.monitoring.targets import Chance
from analytics.monitoring.week import Figures, Week
from analytics.overview import Unusual, change_of, kept_unusual, kept_weeks
from analytics.requests import ChancesRequest, CityRequest, FiguresRequest, SourcesRequest
from data import open_city

__all__ = ["Known", "read_back"]


@dataclass(frozen=True, eq=False)
class Known:
    """The parts of the overview; None is what is not known yet.

    ``weeks`` are the figures with their ranges as far as these are made, and ``whole`` says whether all of them are.
    """

    figures: Figures | None = None
    sources: Sources | None = None
    weeks: tuple[Week, ...] = ()
    whole: bool = False
    unusual: Unusual | None = None
    chances: tuple[Chance, ...] | None = None
    change: Change | None = None

    @property
    def missing(self) -> frozenset[str]:
        """The names of what is not known."""
        parts = {"figures": self.figures, "sources": self.sources, "unusual": self.unusual, "chances": self.chances}
        return frozenset([*(name for name, part in parts.items() if part is None), *([] if self.whole else ["weeks"])])

    @property
    def comparable(self) -> bool:
        """Whether all is known that is compared with the day before."""
        return not self.missing - {"sources"}

    @property
    def open(self) -> tuple[Chance, ...]:
        """The chances of targets whose time is not over."""
        return tuple(each for each in self.chances or () if not each.over)

    def having(self, name: str, part: Any) -> Known:
        """The same with one part more.

        Parameters
        ----------
        name : of the part.
        part : whatever it is.

        Returns
        -------
        Known
            The figures stand for themselves until their ranges are made.
        """
        return replace(self, **{name: part, **({"whole": True} if name == "weeks" else {})})

    def compared(self, request: CityRequest) -> Known:
        """The same with what has changed since the day before, once all that is compared is known."""
        if not self.comparable or self.figures is None or self.unusual is None:
            return self
        alarms, chances = self.unusual.alarms, self.chances or ()
        found = change_of(request, self.figures, weeks=self.weeks, unusual=alarms, chances=chances)
        return replace(self, change=found)


def read_back(request: CityRequest) -> Known:
    """The parts that are kept, which takes milliseconds; nothing is computed."""
    figures = kept(FiguresRequest(request))
    weeks = () if figures is None else kept_weeks(request, figures)
    whole = figures is not None and all(week.why_not or week.low is not None for week in weeks)
    sources, chances = kept(SourcesRequest(request)), kept(ChancesRequest(request))
    if chances is None and not open_city(request.name).targets:
        chances = ()  # nothing waits for a worker to say so
    return Known(figures, sources, weeks, whole, kept_unusual(request), chances).compared(request)
