"""No more alarms than a city can look into: of each week's the strongest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.monitoring.warnings.alarms import Alarm

__all__ = ["under_ceiling"]

WEEK = pd.Timedelta(days=7)
HOURS_SHARE = 1 / 3  # of the places, for alarms of single hours


def under_ceiling(
    alarms: Sequence[Alarm], *, until: pd.Timestamp, alarms_per_week: float
) -> tuple[tuple[Alarm, ...], int]:
    """The rarest alarms of each week up to ``until``, the latest first, and how many were held back.

    Weeks are counted back from ``until``. Of a ceiling that is no whole number the weeks are as long as it takes for it to
    be one or more: half an alarm a week is one in a fortnight, two and a half are five in a fortnight. Single hours, of which
    there are so many, take a third of the places at most.

    Parameters
    ----------
    alarms : of any weeks.
    until : the end of the last week.
    alarms_per_week : how many a week may have; infinite for all.

    Returns
    -------
    The alarms that are kept, and a number of others.
    """
    weeks, most = _whole(alarms_per_week)
    ordered = sorted(alarms, key=lambda alarm: (alarm.rarity, alarm.series, alarm.area_id, alarm.category, alarm.until))
    taken: dict[int, int] = {}
    hours: dict[int, int] = {}
    kept = []
    for alarm in ordered:
        week = max(0, (until - alarm.until) // (weeks * WEEK))
        if taken.get(week, 0) >= most:
            continue
        if alarm.kind == "hour":
            if hours.get(week, 0) >= max(1, most * HOURS_SHARE):
                continue
            hours[week] = hours.get(week, 0) + 1
        taken[week] = taken.get(week, 0) + 1
        kept.append(alarm)
    kept.sort(key=lambda alarm: (-alarm.until.value, alarm.strength, alarm.series, alarm.area_id, alarm.category))
    return tuple(kept), len(alarms) - len(kept)


def _whole(alarms_per_week: float) -> tuple[int, float]:
    """Weeks, and a whole number of alarms in them, that make a ceiling: up to a quarter's weeks."""
    if not np.isfinite(alarms_per_week):
        return 1, np.inf
    for weeks in range(1, 14):
        most = alarms_per_week * weeks
        if most >= 1 and abs(most - round(most)) < 1e-9:
            return weeks, round(most)
    return 13, int(alarms_per_week * 13)
