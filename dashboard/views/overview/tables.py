"""Rows of the tables on the overview: texts, ready to be shown."""

from __future__ import annotations

import pandas as pd

from dashboard.markup import Rows
from data import City
from data.words import as_count, as_date, say, text

__all__ = ["freshness_rows", "set_aside_rows"]


def freshness_rows(city: City) -> Rows:
    """Each dated table and how old its last period is."""
    today = pd.Timestamp.now().normalize()
    titles = {each.name: each.title for group in (city.incidents, city.series, city.drivers) for each in group.values()}
    rows = [
        [
            text(titles[table.name]),
            as_date(table.as_of),
            say("page.days_old", {"n": (today - table.as_of.normalize()).days}),
        ]
        for table in city.provenances
        if table.as_of is not None and table.name in titles
    ]
    return [say(f"page.{key}") for key in ("source", "ends", "age")], rows


def set_aside_rows(city: City) -> Rows:
    """Each table: rows read, rows set aside, and why."""
    rows = []
    for table in city.provenances:
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
