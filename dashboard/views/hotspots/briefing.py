"""A hotspot map as a page to take along."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.hotspots import Audit, Hotspots
from analytics.results import Caveat, Result
from dashboard.briefings import Briefing, Part, Table, receipt_of
from dashboard.figures.chart import Chart
from dashboard.figures.charts import capture_chart, exposure_chart
from dashboard.markup import Rows
from dashboard.views.hotspots.tables import against_rows, flagged_rows, method_rows, promise_rows
from dashboard.views.hotspots.words import in_context, moved
from data import City
from data.words import say

__all__ = ["hotspots_briefing"]


def hotspots_briefing(
    found: Hotspots, chart: Chart, *, city: City, share: float, title: str, audit: Audit | None,
    caveats: tuple[Caveat, ...], link: str, made: pd.Timestamp, area: str = "",
) -> Briefing:  # fmt: skip
    """Where incidents concentrate, whether past maps would have caught what came, and whom the map falls on.

    Parameters
    ----------
    found : the map.
    chart : of it.
    city : whose it is.
    share : of the area that is looked at.
    title : of the incidents.
    audit : of the map at that share, where it was made.
    caveats : of the map and of the age of its data.
    link : that reopens the view.
    made : the day on which it is written.
    area : the name of the one area that the map is of; the whole city when empty.

    Returns
    -------
    Briefing
        With the tables that tell how far the map can be trusted.
    """
    parts: list[Part] = [chart, capture_chart(found, share=share, caveats=caveats)]
    parts.append(_table("hotspots.where", flagged_rows(found, share=share), right=(1, 2)))
    results: list[Result] = [found]
    if audit is not None:
        results.append(audit)
        parts += [] if audit.exposure.empty else [exposure_chart(audit)]
    parts.append(_table("hotspots.methods", method_rows(found), right=(1, 2, 3, 4)))
    parts.append(_table("hotspots.against", against_rows(found), right=(1, 2, 3, 4, 5, 6)))
    parts.append(_table("hotspots.promised", promise_rows(found), right=(1, 2)))
    return Briefing(
        subject=say("briefing.hotspots", {"incidents": title}),
        context=tuple(in_context(found, city=city.name, title=title, area=area)),
        finding=chart.headline,
        statements=(moved(found, share=share),),
        parts=tuple(each for each in parts if not isinstance(each, Table) or each.rows),
        caveats=caveats,
        made_from=tuple(table for each in results for table in each.made_from),
        receipt=receipt_of(results),
        link=link,
        made=made,
        brand=city.brand,
    )


def _table(name: str, rows: Rows, *, right: Sequence[int]) -> Table:
    heads, cells = rows
    below = "" if name == "hotspots.where" else say(f"{name}_sub")
    return Table(say(name), tuple(heads), tuple(map(tuple, cells)), right=tuple(right), subtitle=below)
