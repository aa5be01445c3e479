"""What limits alarms and the times that requests take."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.caveats.rules import rule
from analytics.results import Caveat, Severity

# A day on which this many times the usual number was closed, and this share of all, was a clearing of files.
BULK_TIMES, BULK_SHARE = 10, 0.005


@rule
def open_requests(*, open_share: float, open_requests: int, service_title: str) -> Caveat | None:
    """Some requests were still open when the data end: how long they will take is not known."""
    if open_requests == 0:
        return None
    severity = Severity.CAUTION if open_share > 0.1 else Severity.NOTE
    return Caveat("open_requests", severity, {"share": open_share, "n": open_requests, "title": service_title})


@rule
def small_areas(*, areas_small: int, areas_all: int, area_least: int) -> Caveat | None:
    """Areas with so few requests that their figures are mostly chance."""
    if areas_small == 0:
        return None
    severity = Severity.CAUTION if areas_small > areas_all / 3 else Severity.NOTE
    return Caveat("small_areas", severity, {"n": areas_small, "all": areas_all, "least": area_least})


@rule
def bulk_closing(
    *, closed_on: pd.Timestamp, closed_that_day: int, closed_on_usual_day: float, closed_all: int
) -> Caveat | None:
    """So many requests bear one completion date that it is rather when files were cleared than when work was done."""
    if closed_that_day < BULK_TIMES * max(closed_on_usual_day, 1.0) or closed_that_day < BULK_SHARE * closed_all:
        return None
    evidence = {"n": closed_that_day, "day": closed_on, "usual": closed_on_usual_day}
    return Caveat("bulk_closing", Severity.CAUTION, evidence)


@rule
def alarms_withheld(
    *, alarms_withheld: int, alarms_kept: int, alarms_per_week: float, alarms_since: pd.Timestamp
) -> Caveat | None:
    """More was found than the city can look into: the weaker alarms are not shown."""
    if not alarms_withheld:
        return None
    evidence = {
        "withheld": alarms_withheld, "kept": alarms_kept, "ceiling": alarms_per_week, "since": alarms_since,
    }  # fmt: skip
    return Caveat("alarms_withheld", Severity.NOTE, evidence)


@rule
def not_watched(*, unwatched_titles: Sequence[str], most_places: int) -> Caveat | None:
    """Amounts by the hour of many places, which nothing unusual is looked for in."""
    if not unwatched_titles:
        return None
    return Caveat("not_watched", Severity.NOTE, {"tables": list(unwatched_titles), "most": most_places})


@rule
def alarm_rate_unknown(*, watched_years: float, watch_wanted: float, watched_titles: Sequence[str]) -> Caveat | None:
    """Too little history was watched to say how often alarms are false; with none at all, nothing was watched."""
    if watched_years >= watch_wanted:
        return None
    severity = Severity.CAUTION if watched_years else Severity.DO_NOT_USE
    days, least = (round(365.25 * years) for years in (watched_years, watch_wanted))
    evidence = {"days": days, "least": least, "series": list(watched_titles)}
    return Caveat("alarm_rate_unknown", severity, evidence)
