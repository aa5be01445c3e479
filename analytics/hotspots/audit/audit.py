"""The audit of a map: exposure of groups, reporting, feedback, with the caveats that follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analytics.caveats import assess
from analytics.equity import group_label, group_within
from analytics.hotspots.audit.exposure import exposure
from analytics.hotspots.audit.feedback import Feedback, feedback_loop
from analytics.hotspots.audit.reporting import half_reported, reporting_gaps
from analytics.hotspots.results import Hotspots
from analytics.parallel import Progress, quiet
from analytics.results import Result
from data import Incidents
from data.words import Sentence, Words

__all__ = ["Audit", "audit_hotspots"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Audit(Result):
    """``exposure`` and ``if_half`` by group, ``gaps`` by area (None without a second source), the ``feedback`` loop.

    All at ``share`` of the area. See ``exposure``, ``half_reported``, ``reporting_gaps`` and ``Feedback`` for the columns.
    """

    hotspots: Hotspots
    share: float
    exposure: pd.DataFrame
    if_half: pd.DataFrame
    gaps: pd.DataFrame | None
    second_title: Words | None
    feedback: Feedback

    @property
    def silent_areas(self) -> tuple[str, ...]:
        """The areas that report less than the second source says they should, the least first."""
        return () if self.gaps is None else tuple(self.gaps.loc[self.gaps["gap"], "area_id"].astype(str))


def audit_hotspots(
    hotspots: Hotspots, *, share: float = 0.05, second: Incidents | None = None, progress: Progress = quiet
) -> Audit:
    """Who is exposed by a map at a share of the area, and how far it can be trusted to be about what happened.

    ``second`` is another source of the same harm, where the city has one.

    Parameters
    ----------
    hotspots : a finished map.
    share : of the area to look at, between 0 and 1.
    second : incidents of a second source.
    progress : told how far the work is.

    Returns
    -------
    Exposure, reporting, feedback, and the caveats that follow.
    """
    incidents = hotspots.incidents
    found = exposure(hotspots, share=share)
    if_half = half_reported(hotspots, share=share, progress=lambda done, doing: progress(0.9 * done, doing))
    gaps = None if second is None or incidents.areas is None else reporting_gaps(incidents, second)
    progress(0.9, hotspots.method_title)
    loop = feedback_loop(hotspots.rate.to_numpy(), horizon_days=hotspots.horizon_days, share=share, seed=hotspots.seed)
    names = incidents.areas.frame["name"].astype(str) if incidents.areas is not None else pd.Series(dtype=str)
    silent = [] if gaps is None else [str(names.get(area, area)) for area in gaps.loc[gaps["gap"], "area_id"]]
    made_from = (*hotspots.made_from, *(() if second is None else (second.provenance,)))
    facts: dict[str, Any] = {
        "made_from": made_from,
        "series_title": incidents.title,
        "police_initiated": incidents.police_initiated,
        "silent_areas": silent,
        "second_title": None if second is None else second.title,
        "feedback_loop": loop,
        "exposed": [row | {"label": _label(row["group"])} for row in found.to_dict("records")],
        "groups": [] if incidents.areas is None else [group_within(each) for each in incidents.areas.groups],
        "groups_absent": []
        if incidents.areas is None
        else [group_within(each) for each in incidents.areas.absent_groups],
    }
    flagged = if_half[if_half["flags"] > 0]  # what has no flag has none to lose
    if len(flagged):
        worst = flagged.iloc[int((flagged["if_half"] / flagged["flags"]).argmin())]
        facts |= {
            "half_where": Sentence("half_where.areas", {"group": group_label(str(worst["group"]))}),
            "half_before": float(worst["flags"]),
            "half_after": float(worst["if_half"]),
        }
    return Audit(
        made_from=made_from, caveats=assess(**facts), config={**hotspots.config, "share": share}, seed=hotspots.seed,
        hotspots=hotspots, share=share, exposure=found, if_half=if_half, gaps=gaps,
        second_title=None if second is None else second.title, feedback=loop,
    )  # fmt: skip


def _label(group: str) -> Words:
    return Sentence("groups.areas", {"group": group_label(group)})
