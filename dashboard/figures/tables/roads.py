"""Where vehicles lose time, road by road."""

from __future__ import annotations

import pandas as pd

from analytics.results import Caveat
from analytics.traffic.picture import Traffic
from dashboard.figures.chart import Chart
from dashboard.figures.columns import SHARE, column
from dashboard.figures.roads_words import road_listed, roads_evidence
from dashboard.figures.tables.build import table_of

__all__ = ["lost_table"]

SECONDS = 60  # of a minute


def lost_table(traffic: Traffic, *, caveats: tuple[Caveat, ...] | None = None) -> Chart:
    """One row a road and direction on which time is lost: its vehicles, how full it is, and the time lost in an hour.

    Parameters
    ----------
    traffic : with at least one link.
    caveats : replace the result's own.

    Returns
    -------
    Chart
        Without marks, the road that costs most first.
    """
    lost = traffic.hours_lost.loc[traffic.roads.index]
    order = lost[lost > 0].sort_values(ascending=False, kind="stable").index
    links = traffic.links.loc[order]
    table = pd.DataFrame(
        {
            column("of_road"): [road_listed(traffic, str(link)) for link in order],
            column("link_id"): order.astype(str),
            column("an_hour"): links["volume"].to_numpy(),
            column("of_capacity", unit=SHARE): traffic.saturation.loc[order].to_numpy(),
            column("seconds_lost"): (traffic.delay.loc[order] * SECONDS).to_numpy(),
            column("hours_lost"): lost.loc[order].to_numpy(),
        }
    )
    return table_of(
        traffic,
        name="lost_roads",
        evidence=roads_evidence(traffic) | {"rows": len(table)},
        table=table,
        caveats=caveats,
    )
