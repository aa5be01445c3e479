"""What is told of roads: one sentence over each, and the numbers that a headline names."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.traffic.picture import Traffic
from data.words import as_count, as_number, say, text

__all__ = ["road_name", "road_words", "roads_evidence"]


def road_name(traffic: Traffic, link_id: str) -> str:
    """What a link is called: its road's name, else its id.

    Parameters
    ----------
    traffic : with the link.
    link_id : one of its links.
    """
    name = str(traffic.links.at[link_id, "name"])
    return name or say("labels.link", {"link": link_id})


def _with_ends(traffic: Traffic, link_id: str) -> str:
    """A link by its road's name, or by its id and what it joins where that is known."""
    row: Any = traffic.links.loc[link_id]
    known = (row["from_name"], row["to_name"]) != (str(row["from_node"]), str(row["to_node"]))
    if row["name"] or not known:
        return road_name(traffic, link_id)
    return say("labels.link_with_ends", {"link": link_id, "from": row["from_name"], "to": row["to_name"]})


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
    names = [each or say("labels.link", {"link": link}) for each, link in zip(links["name"], links.index, strict=True)]
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
    lost = (traffic.links["volume"] * traffic.delay / 60).loc[links.index]  # vehicle-hours in an hour
    worst = str(lost.idxmax())
    over = traffic.saturation.loc[links.index] > 1
    found = {
        "network": text(traffic.title),
        "hours": text(traffic.hours),
        "road": _with_ends(traffic, busiest),
        "volume": float(links["volume"].max()),
        "links": len(traffic.links),
        "kilometres": float(links["length"].sum()),
        "over": float(links.loc[over, "length"].sum()),
        "lost": float(lost.sum()),
        "worst": _with_ends(traffic, worst),
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
        "most": _with_ends(traffic, most),
        "change": _signed(float(change[most])),
        "saved": abs(float(saved)),
        "way": say("charts.roads_change.saved" if saved > 0 else "charts.roads_change.cost"),
    }
