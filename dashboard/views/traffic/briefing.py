"""The roads, a junction or a corridor as a page to take along."""

from __future__ import annotations

import pandas as pd

from dashboard.briefings import Briefing, Table, receipt_of
from dashboard.markup import Rows
from dashboard.views.traffic.shown import Shown
from data import City
from data.words import say

__all__ = ["context_of", "table_of", "traffic_briefing"]


def context_of(shown: Shown, *, city: str) -> list[str]:
    """City, what is looked at, and to when the data reach.

    Parameters
    ----------
    shown : on the page.
    city : its name.
    """
    dates = [table.as_of for table in shown.result.made_from if table.as_of is not None]
    return [city, *shown.context, *([say("page.data_to", {"date": max(dates)})] if dates else [])]


def table_of(title: str, rows: Rows, *, right: tuple[int, ...], below: str = "") -> Table:
    """A table of the page as a briefing has it.

    Parameters
    ----------
    title, below : above it.
    rows : heads and rows.
    right : places of the columns that hold numbers.
    """
    heads, cells = rows
    return Table(title, tuple(heads), tuple(map(tuple, cells)), right=right, subtitle=below)


def traffic_briefing(shown: Shown, *, city: City, link: str, made: pd.Timestamp) -> Briefing:
    """What the page shows, with the tables behind it.

    Parameters
    ----------
    shown : on the page.
    city : whose it is.
    link : that reopens the view.
    made : the day on which it is written.

    Returns
    -------
    Briefing
        In the order of the page.
    """
    return Briefing(
        subject=say("briefing.traffic", {"subject": shown.subject}),
        context=tuple(context_of(shown, city=city.name)),
        finding=shown.finding,
        parts=(*(each for each in shown.charts if each.marks), *(each for each in shown.tables if each.rows)),
        caveats=shown.caveats,
        made_from=shown.result.made_from,
        receipt=receipt_of([shown.result]),
        link=link,
        made=made,
        brand=city.brand,
    )
