"""What a worker process does for junctions: an engineer's sheets of one and of a corridor."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

from analytics.answers import answered, kept
from analytics.parallel import Progress, quiet
from analytics.requests import CityRequest, Request
from analytics.signals.sheets import CorridorSheet, JunctionSheet, corridor_sheet, junction_sheet
from dashboard.shell.jobs import read_back
from dashboard.shell.work import opened
from data import City
from data.words import Sentence

__all__ = ["CorridorRequest", "JunctionRequest", "corridor_of", "junction_of"]


@dataclass(frozen=True)
class JunctionRequest(Request):
    """A junction's counts, today's plan and the one that is proposed."""

    city: CityRequest
    _: KW_ONLY
    junctions: str
    junction: str

    @property
    def table(self) -> str:
        """What the answer is kept for."""
        return f"junctions.{self.junctions}.{self.junction}"

    def answer(self, city: City, *, progress: Progress = quiet) -> JunctionSheet:
        """The sheet.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        JunctionSheet
            With the plan of least delay.
        """
        progress(0.1, Sentence("traffic.searching_plan"))
        return junction_sheet(city.of("junctions")[self.junctions], self.junction)


@dataclass(frozen=True)
class CorridorRequest(Request):
    """A corridor's waves today and as they are proposed."""

    city: CityRequest
    _: KW_ONLY
    junctions: str
    corridor: str

    @property
    def table(self) -> str:
        """What the answer is kept for."""
        return f"junctions.{self.junctions}.corridor.{self.corridor}"

    def answer(self, city: City, *, progress: Progress = quiet) -> CorridorSheet:
        """The sheet.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        CorridorSheet
            With the plans of one cycle.
        """
        progress(0.1, Sentence("traffic.searching_waves"))
        return corridor_sheet(city.of("junctions")[self.junctions], self.corridor)


@read_back(kept)
def junction_of(request: JunctionRequest, *, progress: Progress) -> JunctionSheet:
    """A junction's sheet; kept."""
    found: JunctionSheet = answered(request, opened, progress=progress)
    return found


@read_back(kept)
def corridor_of(request: CorridorRequest, *, progress: Progress) -> CorridorSheet:
    """A corridor's sheet; kept."""
    found: CorridorSheet = answered(request, opened, progress=progress)
    return found
