"""Where on a map of roads the sentence of each is told."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analytics.traffic.picture import Lines, Traffic
from dashboard.figures.chart import Voices
from dashboard.figures.maps.frame import Box
from dashboard.figures.roads_words import road_words

__all__ = ["road_voices"]

MOST_VOICES = 6_000  # points at which a road is told: a browser finds the nearest without keeping an element for each
MOST_CHOOSABLE = 1_500  # roads that can be pointed at: each is an element
BETWEEN = 1 / 40  # of the width that is seen, from one of them to the next along a road
Numbers = npt.NDArray[np.float64]


def road_voices(
    traffic: Traffic, lines: Lines, *, seen: Box, shown: npt.NDArray[np.bool_], change: bool
) -> list[Voices]:
    """What is told of each link that is shown: along it, in its middle alone where there are many.

    Parameters
    ----------
    traffic : whose links they are.
    lines : of the links, as they are drawn.
    seen : of the map, metres.
    shown : which links are drawn.
    change : whether an option is told beside today.

    Returns
    -------
    list of Voices
        At most two: the busiest links can be pointed at, by "road:" and their link_id.
    """
    template, parts = road_words(traffic, change=change)
    busiest = traffic.links["volume"].where(shown).rank(method="first", ascending=False).to_numpy() <= MOST_CHOOSABLE
    marks: list[Voices] = []
    for choosable in (True, False):
        which = np.flatnonzero(shown & (busiest == choosable))
        x, y, link = _along(lines, which, BETWEEN * (seen[2] - seen[0]))
        if len(link):
            ids = [f"road:{traffic.links.index[each]}" for each in link] if choosable else []
            marks.append(Voices(x, y, template, parts[link], ids))
    return marks


def _along(lines: Lines, which: npt.NDArray[np.int64], metres: float) -> tuple[Numbers, Numbers, npt.NDArray[np.int64]]:
    """Points along the chosen links, at most so many metres apart, as far as there is room for so many."""
    first, last = lines.starts[:-1][which], lines.starts[1:][which] - 1
    length = np.hypot(lines.x[last] - lines.x[first], lines.y[last] - lines.y[first])
    counts = np.maximum(np.ceil(length / metres).astype(np.int64), 1)
    if counts.sum() > max(MOST_VOICES, len(which)) or len(which) > MOST_VOICES:
        counts = np.ones_like(counts)
    owner = np.repeat(np.arange(len(which)), counts)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = (place + 0.5) / counts[owner]
    # Between the two points of the line that are nearest to this share of its points: enough to point at.
    spot = first[owner] + share * (last - first)[owner]
    low = np.floor(spot).astype(np.int64)
    high, part = np.minimum(low + 1, last[owner]), spot - low
    x, y = (each[low] * (1 - part) + each[high] * part for each in (lines.x, lines.y))
    return np.round(x, 1), np.round(y, 1), which[owner]
