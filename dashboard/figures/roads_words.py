"""What is told of roads: one sentence over each, and the numbers that a headline names."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.traffic.picture import Traffic
from data.words import as_count, as_number, say, text

__all__ = ["road_listed", "road_name", "road_words", "roads_evidence"]


def road_name(traffic: Traffic, link_id: str) -> str:
    """What a link is called within a sentence: its road's name, else what it joins, else its nodes.

    Parameters
    ----------
    traffic : with the link.
    link_id : one of its links.
    """
    row: Any = traffic.links.loc[link_id]
    if row["name"]:
        return str(row["name"])
    link, places = _link(link_id, row["from_node"], row["to_node"]), _places_joined(row)
    if len(places) == 2:
        return say("labels.road_between", {"from": places[0], "to": places[1]})
    return say("labels.link_at", {"link": link, "place": places[0]}) if places else link


def road_listed(traffic: Traffic, link_id: str) -> str:
    """What a link is called in a list: its road and from where to where, so that no two are called alike.

    Parameters
    ----------
    traffic : with the link.
    link_id : one of its links.
    """
    row: Any = traffic.links.loc[link_id]
    ends = {"from": row["from_name"], "to": row["to_name"]}
    if row["name"]:
        return say("traffic.between", {"road": row["name"], **ends})
    if len(_places_joined(row)) < 2:
        return road_name(traffic, link_id)
    return say("labels.link_between", {"link": _link(link_id, row["from_node"], row["to_node"]), **ends})


def _link(link_id: str, from_node: object, to_node: object) -> str:
    """A link without a name: by its nodes where its id says nothing else."""
    if link_id == f"{from_node}-{to_node}":
        return say("labels.link_of_nodes", {"from": from_node, "to": to_node})
    return say("labels.link", {"link": link_id})


def _places_joined(row: Any) -> list[str]:
    """What is known of the ends of a link beside the ids of their nodes."""
    return [str(row[f"{end}_name"]) for end in ("from", "to") if row[f"{end}_name"] != str(row[f"{end}_node"])]


def road_words(traffic: Traffic, *, change: bool) -> tuple[str, npt.NDArray[np.str_]]:
    """The sentence over a road with ``{0}``, ``{1}``, ... in it, and what stands there for each link.

    Parameters
    ----------
    traffic : whose links they are.
    change : whether an option is told beside today.

    Returns
    -------
    template, parts
        Parts are (links, columns).
    """
    links = traffic.links
    nodes = zip(links["name"], links.index, links["from_node"], links["to_node"], strict=True)
    names = [name or _link(str(link), start, end) for name, link, start, end in nodes]
    today = [names, links["from_name"], links["to_name"], _vehicles(links["volume"])]
    if change:
        more = links["volume_option"] - links["volume"]
        columns = [
            *today,
            _vehicles(links["volume_option"]),
            more.map(_signed),
            _minutes(links["time_option"] - links["time"]),
        ]
        template = say("charts.roads_change.hover", _places(len(columns)) | {"option": traffic.option})
    else:
        columns = [*today, _vehicles(links["capacity"]), _minutes(traffic.delay)]
        template = say("charts.roads_flow.hover", _places(len(columns)))
    return template, np.column_stack([np.asarray(each, dtype=str) for each in columns])


def _places(count: int) -> dict[str, str]:
    return {name: f"{{{index}}}" for index, name in enumerate("abcdefg"[:count])}


def _vehicles(values: pd.Series) -> list[str]:
    return [as_count(round(value)) if np.isfinite(value) else say("words.unknown") for value in values.astype(float)]


def _signed(value: float) -> str:
    """A change of vehicles an hour, with its sign."""
    return f"+{as_count(round(value))}" if value > 0 else as_count(round(value))


def _minutes(values: pd.Series) -> list[str]:
    return [
        as_number(round(value, 1)) if np.isfinite(value) else say("words.unknown") for value in values.astype(float)
    ]


def roads_evidence(traffic: Traffic) -> dict[str, Any]:
    """What the sentences of a map of roads name.

    Parameters
    ----------
    traffic : with at least one link.

    Returns
    -------
    dict
        The busiest road, the kilometres over capacity, where most time is lost, and what an option changes.
    """
    links = traffic.roads
    busiest = str(links["volume"].idxmax())
    lost = traffic.hours_lost.loc[links.index]
    worst = str(lost.idxmax())
    over = traffic.saturation.loc[links.index] > 1
    found = {
        "network": text(traffic.title),
        "hours": text(traffic.hours),
        "road": road_name(traffic, busiest),
        "volume": float(links["volume"].max()),
        "links": len(traffic.links),
        "kilometres": float(links["length"].sum()),
        "over": float(links.loc[over, "length"].sum()),
        "lost": float(lost.sum()),
        "worst": road_name(traffic, worst),
        "minutes": float(traffic.delay[worst]),
        "gap": 1e6 * traffic.gap,
        "option": traffic.option,
    }
    return found | (_changed(traffic) if traffic.option else {})


def _changed(traffic: Traffic) -> dict[str, Any]:
    """Where an option changes most, and how much time it saves or costs."""
    links = traffic.roads
    change = links["volume_option"] - links["volume"]
    most = str(change.abs().idxmax())
    saved = (links["volume"] * links["time"] - links["volume_option"] * links["time_option"]).sum() / 60
    return {
        "most": road_name(traffic, most),
        "change": _signed(float(change[most])),
        "saved": abs(float(saved)),
        "way": say("charts.roads_change.saved" if saved > 0 else "charts.roads_change.cost"),
    }
