"""What a worker process does for junctions: the sheets of one and of a corridor, kept, and a check in the simulator."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

from analytics.answers import answered, kept
from analytics.parallel import Progress
from analytics.requests import CityRequest, CorridorRequest, JunctionRequest, Request
from analytics.signals.checking import Check, check_plans
from analytics.signals.choices import best_plan
from analytics.signals.sheets import CorridorSheet, JunctionSheet
from analytics.signals.tables import junctions_of
from dashboard.shell.jobs import read_back
from dashboard.shell.work import opened

__all__ = ["CheckRequest", "check_of", "corridor_of", "junction_of"]


@dataclass(frozen=True)
class CheckRequest(Request):
    """Today's plan of a junction and the one that is proposed, driven in the simulator on paired seeds."""

    city: CityRequest
    _: KW_ONLY
    junctions: str
    junction: str


def check_of(request: CheckRequest, *, progress: Progress) -> Check:
    """What the simulator says; unchecked where there is none."""
    table = opened(request.city).of("junctions")[request.junctions]
    junction = junctions_of(table)[request.junction]
    plans = {"today": junction.today, "proposed": best_plan(table, request.junction)}
    return check_plans(junction, plans, progress=progress)


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
