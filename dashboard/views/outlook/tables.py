"""Rows of the tables on the outlook: texts, ready to be shown."""

from __future__ import annotations

import pandas as pd

from analytics.environment import Heat
from analytics.forecasting import Forecast
from analytics.forecasting.registry import models
from analytics.monitoring.service_quality import ServiceQuality
from dashboard.markup import Rows
from data.words import as_count, as_number, as_numbers, as_percent, say, text

__all__ = ["leaderboard_rows", "service_rows", "spell_rows"]

MOST_SPELLS = 10


def leaderboard_rows(outlook: Forecast) -> Rows:
    """The measured models, the best first: rank, error against the simplest rule with its interval, and how ranges did."""
    ratios = outlook.selection.ratios
    order = sorted(ratios, key=lambda name: ratios[name])
    rows = []
    for place, name in enumerate(order, start=1):
        score = outlook.backtests[name].scores["sql_ratio"]
        error = as_percent(score.value)
        if score.low is not None and score.high is not None:
            error = f"{error} [{as_percent(score.low)}, {as_percent(score.high)}]"
        tied = outlook.selection.level_with_best(name)
        used = f" ({say('page.in_use')})" if name == outlook.selection.chosen else ""
        coverage = as_percent(outlook.backtests[name].scores["coverage_80"].value)
        rank = f"1 = {say('page.tie')}" if tied and place > 1 else str(place)
        rows.append([rank, f"{text(models()[name].title)}{used}", error, coverage])
    return [say(f"page.{key}") for key in ("rank", "model", "error_interval", "band_kept")], rows


def service_rows(found: ServiceQuality, table: pd.DataFrame, *, areas: bool) -> Rows:
    """Each area or kind: the share done in time with its range, the median days, and how many requests."""
    layer = found.requests.areas
    names = layer.frame["name"].astype(str).to_dict() if areas and layer is not None else {}
    rows = []
    medians = as_numbers(table["median"], none="–")
    for (key, row), median in zip(table.iterrows(), medians, strict=True):
        band = f"{as_percent(row['share'])} [{as_percent(row['share_low'])}, {as_percent(row['share_high'])}]"
        rows.append([names.get(str(key), str(key).replace("_", " ")), band, median, as_count(row["n"])])
    first = say("page.area" if areas else "quality.kind")
    return [first, *(say(f"quality.{each}") for each in ("in_time", "median", "requests"))], rows


def spell_rows(found: Heat) -> Rows:
    """Each spell of heat: its days, the hottest of them, what came, what is usual, and how much more it was with its range."""
    rows = []
    for row in found.spells.head(MOST_SPELLS).to_dict("records"):
        evidence = {str(key): value for key, value in row.items()} | {"degree": text(found.degree)}
        rows.append(
            [say("weather.days", evidence), say("weather.degrees", evidence), as_count(row["observed"]), as_number(row["expected"]),
             say("weather.more_than", evidence)]
        )  # fmt: skip
    return [say(f"weather.{each}") for each in ("spell", "peak", "counted", "usual", "more")], rows
