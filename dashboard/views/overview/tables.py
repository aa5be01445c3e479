"""What the overview tells of the tables it is made from: texts, ready to be shown."""

from __future__ import annotations

import pandas as pd

from analytics.monitoring.sources import Sources
from dashboard.markup import Rows
from data.words import as_count, say, text

__all__ = ["last_days", "set_aside_rows", "source_of"]


def last_days(sources: Sources) -> dict[pd.Timestamp, list[str]]:
    """The titles of the tables that go on with time by the day with which they end, the newest first."""
    days: dict[pd.Timestamp, list[str]] = {}
    for each in sources.tables:
        if each.dated and each.provenance.as_of is not None:
            days.setdefault(each.provenance.as_of.normalize(), []).append(text(each.title))
    return {day: list(dict.fromkeys(days[day])) for day in sorted(days, reverse=True)}


def set_aside_rows(sources: Sources) -> Rows:
    """Each table: rows read, rows set aside, and why."""
    rows = []
    for table in sources.provenances:
        reasons = [f"{as_count(count)} {say(f'reasons.{code}')}" for code, count in table.set_aside.items()]
        rows.append(
            [
                table.name.replace("_", " ").capitalize(),
                as_count(table.rows_read),
                as_count(table.rows_set_aside),
                "; ".join(reasons) or "–",
                text(table.licence),
            ]
        )
    return [say(f"page.{key}") for key in ("table", "rows_read", "rows_aside", "why", "licence")], rows


def source_of(sources: Sources) -> str:
    """The line under the page: origins and licences, the day and the snapshot."""
    origins: dict[str, list[str]] = {}
    for table in sources.provenances:
        of = origins.setdefault(text(table.licence), [])
        of += [text(table.origin)] if text(table.origin) not in of else []
    stated = [f"{', '.join(each)} ({licence})" for licence, each in origins.items()]
    evidence = {"sources": "; ".join(stated), "date": sources.as_of, "snapshot": sources.fingerprint[:6]}
    return say("overview.source", evidence)
