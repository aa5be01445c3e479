"""Whether requests are done in time more often than they were: month by month of opening."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analytics.monitoring.service_quality import ServiceQuality
from analytics.results import Caveat
from dashboard.figures.axes import date_axis, share_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Band, Chart, Line, Points, Text
from dashboard.figures.charts.futures import Span
from dashboard.figures.columns import SHARE, column
from data.words import as_month, as_percent, say

__all__ = ["known_months", "service_chart"]

A_YEAR = pd.DateOffset(years=1)


def known_months(found: ServiceQuality) -> pd.DataFrame:
    """The months of opening of which it can be known how many are done in time: the first of them were watched for so long.

    Parameters
    ----------
    found : of a table of requests.

    Returns
    -------
    DataFrame
        Columns of ``found.by_month``, indexed by the first day of each month.
    """
    months = pd.DatetimeIndex(found.by_month.index)
    watched = (found.until + pd.Timedelta(days=1) - months).days
    return found.by_month.set_axis(months)[watched > found.target_days].astype(float)


def service_chart(
    found: ServiceQuality, *, caveats: tuple[Caveat, ...] | None = None, span: Span | None = None
) -> Chart:
    """The share done in time by month of opening, with its 95 % interval.

    Parameters
    ----------
    found : with at least one month that can be judged.
    caveats : replace the result's own.
    span : of months that are to be seen; all when None. The finding is of the newest in any case.

    Returns
    -------
    Chart
        A line over time in per cent.
    """
    months = known_months(found)
    seen = months if span is None or span.of(months).empty else span.of(months)
    newest, last = months.index[-1], months.iloc[-1]
    earlier = newest - A_YEAR
    evidence: dict[str, Any] = {
        "title": found.requests.title.lower(),
        "days": found.target_days,
        "month": as_month(newest),
        "first": as_month(seen.index[0]),
        "last": as_month(seen.index[-1]),
        "least": seen["share"].min(),
        "least_when": as_month(seen["share"].idxmin()),
        "most": seen["share"].max(),
        "most_when": as_month(seen["share"].idxmax()),
        **_bounds(last),
    }
    headline = "headline"
    if earlier in months.index:
        before = months.loc[earlier]
        evidence |= {f"{name}_before": value for name, value in _bounds(before).items()}
        apart = last["share_low"] > before["share_high"] or last["share_high"] < before["share_low"]
        headline = "headline_apart" if apart else "headline_level"
    right = seen.index[-1]
    return chart_of(
        found,
        name="service_months",
        evidence=evidence,
        headline=headline,
        marks=[
            Band(seen.index, seen["share_low"], seen["share_high"], role="band95"),
            Line(seen.index, seen["share"], role="ink", width=2.0, hover=_hovers(seen, found.target_days)),
            Points([right], seen["share"].iloc[-1:], role="ink", size=8),
            Text(right, seen["share"].iloc[-1], as_percent(seen["share"].iloc[-1]), role="ink", strong=True, dx=10),
        ],
        table=_table(months),
        axes=(date_axis(seen.index[0], right), share_axis(1.0)),
        caveats=caveats,
        height=230,
        right=56,
    )


def _bounds(row: pd.Series) -> dict[str, float]:
    return {"share": row["share"], "low": row["share_low"], "high": row["share_high"]}


def _hovers(months: pd.DataFrame, days: int) -> list[str]:
    return [
        say("charts.service_months.hover", _bounds(row) | {"month": as_month(month), "days": days, "n": row["n"]})
        for month, row in months.iterrows()
    ]


def _table(months: pd.DataFrame) -> pd.DataFrame:
    heads = {
        "share": column("done_in_time", unit=SHARE),
        "share_low": column("low95", unit=SHARE),
        "share_high": column("high95", unit=SHARE),
        "median": column("days_to_done"),
        "n": column("requests"),
        "open": column("still_open"),
    }
    return months[list(heads)].rename(columns=heads).rename_axis(column("month")).reset_index()
