"""The roads as a page to take along."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.results import Caveat
from analytics.traffic.picture import Traffic
from dashboard.briefings import Briefing, Part, Table, receipt_of
from dashboard.figures.chart import Chart
from dashboard.views.traffic.tables import counter_rows, lost_rows
from data import City
from data.words import say, text

__all__ = ["context_of", "traffic_briefing"]


def context_of(found: Traffic, *, city: str) -> list[str]:
    """City, network, hours, the option beside today, and to when the data reach.

    Parameters
    ----------
    found : what each road carries.
    city : its name.
    """
    dates = [table.as_of for table in found.made_from if table.as_of is not None]
    until = [say("page.data_to", {"date": max(dates)})] if dates else []
    option = [found.option] if found.option else []
    return [city, text(found.title), text(found.hours), *option, *until]


def traffic_briefing(
    found: Traffic, charts: Sequence[Chart], *, city: City, caveats: tuple[Caveat, ...], link: str, made: pd.Timestamp
) -> Briefing:
    """What the roads carry, where time is lost, and how near the model comes to what was counted.

    Parameters
    ----------
    found : what each road carries.
    charts : that the page shows, the one that it is about first.
    city : whose it is.
    caveats : of the page.
    link : that reopens the view.
    made : the day on which it is written.

    Returns
    -------
    Briefing
        With the tables behind the figures.
    """
    parts: list[Part] = [each for each in charts if each.marks]
    heads, rows = lost_rows(found)
    below = say("traffic.lost_sub", {"hours": text(found.hours)})
    parts.append(Table(say("traffic.lost"), tuple(heads), tuple(map(tuple, rows)), right=(1, 2, 3, 4), subtitle=below))
    if len(found.counted):
        heads, rows = counter_rows(found)
        parts.append(
            Table(
                say("traffic.counters"),
                tuple(heads),
                tuple(map(tuple, rows)),
                right=(2, 3, 4),
                subtitle=say("traffic.counters_sub"),
            )
        )
    return Briefing(
        subject=say("briefing.traffic", {"network": text(found.title)}),
        context=tuple(context_of(found, city=city.name)),
        finding=charts[0].headline,
        parts=tuple(parts),
        caveats=caveats,
        made_from=found.made_from,
        receipt=receipt_of([found]),
        link=link,
        made=made,
        brand=city.brand,
    )  # fmt: skip
