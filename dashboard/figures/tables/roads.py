"""Where vehicles lose time, road by road, and between which areas they go."""

from __future__ import annotations

import pandas as pd

from analytics.results import Caveat
from analytics.traffic.picture import RoadUsers, Traffic
from dashboard.figures.chart import Chart
from dashboard.figures.columns import SHARE, column
from dashboard.figures.roads_words import road_listed, roads_evidence
from dashboard.figures.tables.build import table_of
from data import Areas
from data.words import say, text

__all__ = ["lost_table", "pairs_table"]

SECONDS = 60  # of a minute
PAIR = ("origin", "destination")


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


def pairs_table(users: RoadUsers, *, areas: Areas, caveats: tuple[Caveat, ...] | None = None) -> Chart:
    """One row a pair of areas between which vehicles use a road.

    Parameters
    ----------
    users : of a road that somebody uses.
    areas : in which trips begin and end; other places are said to be outside of them.
    caveats : replace the result's own.

    Returns
    -------
    Chart
        Without marks, the greatest flow first.
    """
    names = areas.frame["name"].astype(str).to_dict()
    begin, end = ([names.get(each, say("traffic.outside")) for each in users.pairs[side]] for side in PAIR)
    table = pd.DataFrame(
        {
            column("begins_in"): begin,
            column("ends_in"): end,
            column("begin_id"): users.pairs[PAIR[0]].astype(str).to_numpy(),
            column("end_id"): users.pairs[PAIR[1]].astype(str).to_numpy(),
            column("an_hour"): users.pairs["volume"].to_numpy(),
            column("of_the_road", unit=SHARE): (users.pairs["volume"] / users.volume).to_numpy(),
        }
    )
    evidence = {
        "road": users.road, "hours": text(users.hours), "volume": users.volume, "rows": len(table), "begin": begin[0],
        "end": end[0], "share": float(users.pairs["volume"].iloc[0] / users.volume),
        "covered": float(users.pairs["volume"].sum() / users.volume),
    }  # fmt: skip
    return table_of(users, name="users_pairs", evidence=evidence, table=table, caveats=caveats)
