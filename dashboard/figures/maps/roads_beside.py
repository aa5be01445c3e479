"""Junctions and counters on a map of roads, each the way to its own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.figures.chart import Key, Mark, Points
from dashboard.figures.maps.frame import Box
from data.words import say

__all__ = ["Beside", "beside_roads"]

MOST_COUNTERS = 60  # that are drawn: more would cover the roads
LOOK_OF = {"junction": ("square", "ink", 9.0), "counter": ("triangle", "ink3", 6.0)}


@dataclass(frozen=True, eq=False)
class Beside:
    """Points that lead to other pages: junctions or counters, with their names, and the kind that their ids begin with."""

    kind: Literal["junction", "counter"]
    ids: Sequence[str]
    names: Sequence[str]
    x: Sequence[float]
    y: Sequence[float]


def beside_roads(beside: Sequence[Beside], seen: Box) -> tuple[list[Mark], list[Key]]:
    """The points that lie in a box, and what the key says of them; of too many counters it says when they are shown.

    Parameters
    ----------
    beside : junctions and counters.
    seen : of the map, metres.

    Returns
    -------
    marks, key
        Points that can be pointed at, by their kind and id.
    """
    drawn, hidden = _drawn(beside, seen)
    return _points(drawn), _key_of(drawn, hidden)


def _points(beside: Sequence[Beside]) -> list[Mark]:
    """Junctions and counters, each with its name and the id by which it is chosen."""
    return [
        Points(
            list(each.x), list(each.y), LOOK_OF[each.kind][1], LOOK_OF[each.kind][0], False, LOOK_OF[each.kind][2],
            [say(f"charts.roads_flow.hover_{each.kind}", {"name": name}) for name in each.names],
            [f"{each.kind}:{id}" for id in each.ids],
        )
        for each in beside if len(each.ids)
    ]  # fmt: skip


def _drawn(beside: Sequence[Beside], seen: Box) -> tuple[list[Beside], int]:
    """What is drawn of the points in a box, and how many counters are not, because they are too many."""
    inside = [_inside(each, seen) for each in beside]
    hidden = sum(len(each.ids) for each in inside if each.kind == "counter")
    if hidden <= MOST_COUNTERS:
        return inside, 0
    return [each for each in inside if each.kind != "counter"], hidden


def _inside(points: Beside, box: Box) -> Beside:
    west, south, east, north = box
    rows = zip(points.ids, points.names, points.x, points.y, strict=True)
    kept = [row for row in rows if west <= row[2] <= east and south <= row[3] <= north]
    ids, names, x, y = zip(*kept, strict=True) if kept else ((), (), (), ())
    return Beside(points.kind, ids, names, x, y)


def _key_of(beside: Sequence[Beside], hidden: int) -> list[Key]:
    key = [
        Key(LOOK_OF[each.kind][1], say(f"charts.roads_flow.key_{each.kind}", {"n": len(each.ids)}), LOOK_OF[each.kind][0],
            filled=False)
        for each in beside if len(each.ids)
    ]  # fmt: skip
    if hidden:
        shape, role, _ = LOOK_OF["counter"]
        key.append(Key(role, say("charts.roads_flow.key_hidden", {"n": hidden}), shape, filled=False))
    return key
