"""Rows of the tables on this page: texts, ready to be shown."""

from __future__ import annotations

from analytics.traffic.picture import RoadUsers, Traffic, geh
from dashboard.figures.roads_words import road_listed, road_name
from dashboard.markup import Rows
from data import Areas
from data.words import as_count, as_number, as_numbers, as_percent, say

__all__ = ["counter_rows", "lost_rows", "pair_rows"]

MOST = 8  # rows


def lost_rows(traffic: Traffic) -> Rows:
    """Where most time is lost: the road, its vehicles, how full it is, and the hours lost in an hour."""
    roads = traffic.links.assign(hours=traffic.hours_lost, full=traffic.saturation, delay=traffic.delay)
    lost = roads.loc[traffic.roads.index].nlargest(MOST, "hours")
    heads = [say(f"traffic.head_{key}") for key in ("road", "volume", "full", "seconds", "lost")]
    rows = [
        [
            road_listed(traffic, str(link)),
            as_count(round(row["volume"])),
            as_percent(row["full"]),
            as_count(round(row["delay"] * 60)),
            hours,
        ]
        for (link, row), hours in zip(lost.iterrows(), as_numbers(lost["hours"], none="–"), strict=True)
    ]
    return heads, rows


def pair_rows(users: RoadUsers, areas: Areas | None) -> Rows:
    """The greatest flows over a road between two areas."""
    names = {} if areas is None else areas.frame["name"].astype(str).to_dict()
    outside = say("traffic.outside")
    rows = [
        [names.get(row["origin"], outside), names.get(row["destination"], outside), as_number(row["volume"]),
         as_percent(row["volume"] / users.volume)]
        for _, row in users.pairs.head(MOST).iterrows()
    ]  # fmt: skip
    return [say(f"traffic.head_{key}") for key in ("begin", "end", "volume", "share")], rows


def counter_rows(traffic: Traffic) -> Rows:
    """Each counter beside the model, the farthest off first."""
    counted = traffic.counted.dropna(subset=["observed", "modelled"])
    counted = (
        counted.assign(geh=geh(counted["modelled"], counted["observed"])).sort_values("geh", ascending=False).head(MOST)
    )
    rows = [
        [str(counter), road_name(traffic, str(row["link_id"])), as_count(round(row["observed"])),
         as_count(round(row["modelled"])), as_number(row["geh"])]
        for counter, row in counted.iterrows()
    ]  # fmt: skip
    return [say(f"traffic.head_{key}") for key in ("counter", "road", "observed", "modelled", "geh")], rows
