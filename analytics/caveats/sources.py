"""What limits anything made from a table: age, gaps, and whether it was observed at all."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.caveats.rules import rule
from analytics.results import Caveat, Severity
from data import Provenance
from data.words import Sentence

# A source is stale when its last period is older than this: half again the month that most views look ahead.
STALE_DAYS = 45


@rule
def missing_periods(*, periods_missing: int, periods_total: int, series_title: str) -> Caveat | None:
    """Periods without any value inside the history."""
    if not periods_missing:
        return None
    share = periods_missing / max(periods_total, 1)
    severity = Severity.CAUTION if share > 0.05 else Severity.NOTE
    evidence = {"missing": periods_missing, "total": periods_total, "share": share, "series": series_title}
    return Caveat("missing_periods", severity, evidence)


@rule
def data_stale(*, made_from: Sequence[Provenance], today: pd.Timestamp) -> Caveat | None:
    """The data end long before today. Told only where the clock may be shown: results do not depend on it."""
    ends = {table.name: table.as_of for table in made_from if table.as_of is not None}
    ages = {name: (today.normalize() - end.normalize()).days for name, end in ends.items()}
    late = {name: days for name, days in ages.items() if days > STALE_DAYS}
    if not late:
        return None
    # By the day on which each ends: the newest alone would date a series by a census that came years later.
    by_day: dict[pd.Timestamp, list[str]] = {}
    for name in late:
        by_day.setdefault(ends[name].normalize(), []).append(name.replace("_", " "))
    newest_first = sorted(by_day, reverse=True)
    ends_on = [Sentence("source_ends.on", {"tables": by_day[day], "as_of": day}) for day in newest_first]
    evidence = {"tables": ends_on, "as_of": newest_first[0], "days": max(late.values())}
    return Caveat("data_stale", Severity.CAUTION, evidence)


@rule
def synthetic_data(*, made_from: Sequence[Provenance]) -> Caveat | None:
    """Some of the data was made, not observed."""
    made = list(dict.fromkeys(table.name.replace("_", " ") for table in made_from if table.synthetic))
    return Caveat("synthetic_data", Severity.DO_NOT_USE, {"tables": made, "n": len(made)}) if made else None
