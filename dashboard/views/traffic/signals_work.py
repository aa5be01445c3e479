"""What a worker process does for junctions: where time is lost, the sheets of one and of a corridor, and checks; all kept."""

from __future__ import annotations

from analytics.answers import answered, kept
from analytics.parallel import Progress
from analytics.requests import CheckRequest, CorridorRequest, JunctionRequest, LostRequest
from analytics.signals.checks import Check
from analytics.signals.sheets import CorridorSheet, JunctionSheet
from dashboard.workers.jobs import quick, read_back
from dashboard.workers.work import opened

__all__ = ["check_of", "corridor_of", "junction_of", "lost_of"]


def check_of(request: CheckRequest, *, progress: Progress) -> Check:
    """What the simulator says; unchecked where there is none."""
    return request.answer(opened(request.city), progress=progress)


@quick
@read_back(kept)
def lost_of(request: LostRequest, *, progress: Progress) -> dict[str, float]:
    """Vehicle-hours a day by junction, the greatest first."""
    found: dict[str, float] = answered(request, opened, progress=progress)
    return found


@read_back(kept)
def junction_of(request: JunctionRequest, *, progress: Progress) -> JunctionSheet:
    """A junction's sheet."""
    found: JunctionSheet = answered(request, opened, progress=progress)
    return found


@read_back(kept)
def corridor_of(request: CorridorRequest, *, progress: Progress) -> CorridorSheet:
    """A corridor's sheet."""
    found: CorridorSheet = answered(request, opened, progress=progress)
    return found
