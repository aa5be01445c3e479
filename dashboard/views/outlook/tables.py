"""Rows of the tables on the outlook: texts, ready to be shown."""

from __future__ import annotations

import pandas as pd

from analytics.monitoring.service_quality import ServiceQuality
from dashboard.markup import Rows
from data.words import as_count, as_number, as_percent, say

__all__ = ["service_rows"]


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
