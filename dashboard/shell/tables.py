"""Rows of the tables that stand beside figures: texts, ready to be shown."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.monitoring.service_quality import ServiceQuality
from analytics.monitoring.targets import Chance
from data import City
from data.words import as_count, as_date, as_number, as_percent, say

__all__ = ["Rows", "freshness_rows", "service_rows", "set_aside_rows", "target_rows"]

Rows = tuple[list[str], list[list[str]]]


def freshness_rows(city: City) -> Rows:
    """Each dated table and how old its last period is."""
    today = pd.Timestamp.now().normalize()
    titles = {each.name: each.title for group in (city.incidents, city.series, city.drivers) for each in group.values()}
    rows = [
        [
            titles[table.name],
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
                table.licence,
            ]
        )
    return [say(f"page.{key}") for key in ("table", "rows_read", "rows_aside", "why", "licence")], rows


def target_rows(chances: Sequence[Chance]) -> Rows:
    """Each target: its chance in per cent and in words, and where 8 in 10 futures end."""
    rows = []
    for chance in chances:
        word = say("targets.over") if chance.over else chance.word
        span = f"{as_number(chance.low)} – {as_number(chance.high)} {chance.unit}"
        rows.append([chance.target.title, as_percent(chance.probability), word, span])
    return [say(f"targets.{key}") for key in ("target", "chance", "word", "range")], rows


def service_rows(found: ServiceQuality, table: pd.DataFrame, *, areas: bool) -> Rows:
    """Each area or kind: the share done in time with its range, the median days, and how many requests."""
    layer = found.requests.areas
    names = layer.frame["name"].astype(str).to_dict() if areas and layer is not None else {}
    rows = []
    for key, row in table.iterrows():
        band = f"{as_percent(row['share'])} [{as_percent(row['share_low'])}, {as_percent(row['share_high'])}]"
        median = as_number(row["median"]) if row["median"] == row["median"] else "–"
        rows.append([names.get(str(key), str(key).replace("_", " ")), band, median, as_count(row["n"])])
    first = say("page.area" if areas else "quality.kind")
    return [first, *(say(f"quality.{each}") for each in ("in_time", "median", "requests"))], rows
