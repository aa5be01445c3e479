"""A plan that is proposed from new counts: what would change at a junction, what that saves, and what an engineer must see.

Nothing is applied here or anywhere by itself: whoever approves it records a decision, as of any other option, and puts the
plan into the controller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analytics.signals.before_after import Difference, delay_by_time, difference_of
from analytics.signals.choices import best_plan
from analytics.signals.delay import delays
from analytics.signals.handbook import level_of_service
from analytics.signals.tables import Junction, junctions_of
from analytics.signals.timings import DayPlan
from data import Junctions

__all__ = ["Proposal", "levels_by_time", "plan_table", "propose"]


@dataclass(frozen=True, eq=False)
class Proposal:
    """A plan for one junction, beside today's.

    ``difference`` is of vehicle-hours by counted interval, in pairs: every plan meets the same flows. ``levels`` holds by minute
    the level of service of both plans. ``worse_by`` is how many seconds the movement that loses most waits longer, and
    ``worse_for`` its name ("" where none does).
    """

    junction_id: str
    title: str
    today: DayPlan
    proposed: DayPlan
    difference: Difference
    levels: pd.DataFrame
    worse_for: str = ""
    worse_by: float = 0.0

    @property
    def worthwhile(self) -> bool:
        """Whether the plan is better than today's, rather than about as good."""
        return self.difference.verdict == "better"


def propose(table: Junctions, junction_id: str, *, plan: DayPlan | None = None) -> Proposal:
    """A plan for a junction from its counts.

    Parameters
    ----------
    table : of a city.
    junction_id : which.
    plan : the plan that is proposed; that of least delay where none is given.

    Returns
    -------
    Proposal
        With what it does in every interval that was counted.
    """
    junction = junctions_of(table)[junction_id]
    proposed = best_plan(table, junction_id) if plan is None else plan
    hours = delay_by_time(junction, {"today": junction.today, "proposed": proposed})
    longer = {
        each.name: _wait(junction, proposed, place) - _wait(junction, junction.today, place)
        for place, each in enumerate(junction.layout.movements)
    }
    most = max(longer, key=lambda name: longer[name])
    loses = longer[most] > 0
    return Proposal(
        junction_id, junction.layout.title, junction.today, proposed, difference_of(hours["today"], hours["proposed"]),
        levels_by_time(junction, [junction.today, proposed], names=["today", "proposed"]),
        most if loses else "", longer[most] if loses else 0.0,
    )  # fmt: skip


def _wait(junction: Junction, plan: DayPlan, movement: int) -> float:
    """Mean seconds that a vehicle of a movement waits over what was counted; 0 where none comes."""
    lost = come = 0.0
    for place, minute in enumerate(junction.minutes):
        flows = junction.flows[[place]]
        found = delays(junction.layout, plan.at(int(minute)), flows, period=junction.period)
        lost += float(found.delay[0, movement] * flows[0, movement])
        come += float(flows[0, movement])
    return lost / come if come else 0.0


def levels_by_time(junction: Junction, plans: Sequence[DayPlan], *, names: Sequence[str]) -> pd.DataFrame:
    """The level of service of the junction as a whole in each interval, under each plan.

    Parameters
    ----------
    junction : its layout and flows.
    plans : to be compared.
    names : of the plans.

    Returns
    -------
    DataFrame
        By minute of the day, one column a plan: A to F by the mean delay, F wherever a lane is over capacity.
    """
    columns = {}
    for name, plan in zip(names, plans, strict=True):
        letters = []
        for place, minute in enumerate(junction.minutes):
            found = delays(junction.layout, plan.at(int(minute)), junction.flows[[place]], period=junction.period)
            letters.append(level_of_service(float(found.mean[0]), float(found.ratio.max())))
        columns[name] = letters
    return pd.DataFrame(columns, index=pd.Index(junction.minutes, name="minute"))


def plan_table(table: Junctions, junction_id: str, plan: DayPlan) -> pd.DataFrame:
    """A plan as the file of plans has it, so that it can be read back once it runs.

    Parameters
    ----------
    table : of a city.
    junction_id : whose plan it is.
    plan : with the phases of the junction.

    Returns
    -------
    DataFrame
        One row a phase of each program, with the columns of the file.
    """
    layout = junctions_of(table)[junction_id].layout
    names = [each.name for each in layout.movements]
    rows = [
        {
            "junction_id": junction_id, "start": f"{program.start // 60:02d}:{program.start % 60:02d}", "phase": phase.name,
            "green": green, "yellow": phase.yellow, "all_red": phase.all_red, "minimum_green": phase.minimum,
            "protected": " ".join(names[each] for each in phase.protected),
            "permitted": " ".join(names[each] for each in phase.permitted),
            "cycle": program.timing.cycle(layout), "offset": program.timing.offset,
        }
        for program in plan.programs for green, phase in zip(program.timing.greens, layout.phases, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows)
