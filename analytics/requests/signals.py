"""What is asked of the signals of a city: an engineer's sheets of a junction and of a corridor."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, replace

from analytics.caveats import assess
from analytics.parallel import Progress, quiet
from analytics.requests.request import CityRequest, Request
from analytics.results import Caveat
from analytics.scenarios.engines.signals.evidence import facts_of
from analytics.signals.sheets import CorridorSheet, JunctionSheet, corridor_sheet, junction_sheet
from data import City, Junctions
from data.words import Sentence

__all__ = ["CorridorRequest", "JunctionRequest"]


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
        table = city.of("junctions")[self.junctions]
        return replace(junction_sheet(table, self.junction), caveats=_limits(table, city))


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
        table = city.of("junctions")[self.junctions]
        return replace(corridor_sheet(table, self.corridor), caveats=_limits(table, city))


def _limits(table: Junctions, city: City) -> tuple[Caveat, ...]:
    """What limits junctions whatever is done to them, as the engine's own rules have it."""
    return assess(made_from=(table.provenance,), **facts_of(table, as_of=city.as_of, moved=()))
