"""How much of what comes a hotspot map catches, by how much of the city is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots.results import Hotspots
from analytics.results import Caveat
from dashboard.figures.axes import share_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Chart, Line, Mark, Note, Points, Text
from dashboard.figures.columns import column
from data.words import as_percent, as_weekday, language, say, text

__all__ = ["capture_chart", "capture_evidence", "restricted"]

RANDOM = "random"
IN_WORDS = (0.01, 0.05, 0.1, 0.2)  # shares of the city that are told to who cannot see the curve


def capture_chart(hotspots: Hotspots, *, share: float, caveats: tuple[Caveat, ...] | None = None) -> Chart:
    """The hit rate of every method by share of the city's cells, the map's own in bold.

    Parameters
    ----------
    hotspots : with a capture curve.
    share : of the cells, 0 to 1, at which the curve is read.
    caveats : replace the map's own, so that those that depend on the clock can be added.

    Returns
    -------
    A chart in per cent, both ways.
    """
    evidence = capture_evidence(hotspots, share=share)
    wide, titles, _ = _sentences(hotspots, language())
    return chart_of(
        hotspots,
        name="capture",
        evidence=evidence | {"curve": [_point(hotspots, each) for each in IN_WORDS]},
        marks=_marks(hotspots, share, evidence["hit_rate"]),
        table=wide.rename(columns={name: column("found_by", method=titles[name]) for name in wide.columns})
        .rename_axis(column("share_of_city"), axis=0)
        .reset_index(),
        axes=(
            share_axis(float(wide.index.max()), most=3, title=say("charts.capture.x")),
            share_axis(1.2 * float(np.nanmax(wide.to_numpy()))),
        ),
        caveats=caveats,
        height=270,
        right=110,
    )


def _point(hotspots: Hotspots, share: float) -> str:
    """What a share of the city would find, in words."""
    return say("charts.capture.point", {"share": share, "found": _hit_rate(hotspots, share)})


def _hit_rate(hotspots: Hotspots, share: float) -> float:
    """What a share of the city would have found by the map's own method; NaN without a capture curve."""
    at, found = _curve(hotspots)
    return float(np.interp(share, at, found)) if len(at) else float("nan")


@lru_cache(maxsize=8)  # asked for many times at each step of a slider
def _curve(hotspots: Hotspots) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """The shares at which the map's own method was tested, and what each found."""
    own = hotspots.capture[hotspots.capture["method"] == hotspots.method].sort_values("share")
    return own["share"].to_numpy(), own["hit_rate"].to_numpy()


@lru_cache(maxsize=8)  # what another share leaves as it is, and takes longer than the rest
def _sentences(hotspots: Hotspots, spoken: str) -> tuple[pd.DataFrame, dict[str, str], pd.Series]:
    """In a language the curve of each method by share, the methods' titles, and the sentence over each point of the map's own."""
    wide = hotspots.capture.pivot_table(index="share", columns="method", values="hit_rate")
    titles = {method: text(hotspots.methods.get(method, method)) for method in wide.columns}
    own = hotspots.method
    points = wide[own].dropna().index if own in wide else wide.index[:0]
    hovers = pd.Series([_hovers(wide.loc[at], titles, own, at) for at in points], index=points, dtype=object)
    return wide, titles, hovers


def capture_evidence(hotspots: Hotspots, *, share: float) -> dict[str, Any]:
    """The numbers that the headline of a hotspot map rests on.

    Parameters
    ----------
    hotspots : with a capture curve, or its hit rate is NaN.
    share : of the cells, 0 to 1.

    Returns
    -------
    What the sentences of the capture curve and of the map name.
    """
    return {
        "share": share,
        "hit_rate": _hit_rate(hotspots, share),
        "title": text(hotspots.incidents.title),
        "category": hotspots.category or text(hotspots.incidents.title),
        "part": _part(hotspots.config.get("part")),
        "days": hotspots.horizon_days,
        "windows": _windows(hotspots),
        "method": text(hotspots.method_title),
        "sized": say(f"cells.sized_{hotspots.cells.kind}", {"metres": hotspots.cells.size}),
        "cells": len(hotspots.cells),
        "since": hotspots.as_of,
        "until": hotspots.as_of + pd.Timedelta(days=hotspots.horizon_days - 1),
    }


@lru_cache(maxsize=8)  # as the curve
def _windows(hotspots: Hotspots) -> int:
    """How many past windows the map's own method was tested on."""
    tested = hotspots.evaluation.windows
    return int(tested.loc[tested["method"] == hotspots.method, "as_of"].nunique())


def restricted(hotspots: Hotspots, noun: str) -> str:
    """What happened, with the kind and the part of the week where a map is of these alone.

    Parameters
    ----------
    hotspots : the map.
    noun : what all of them are called.

    Returns
    -------
    "assaults", or "assaults (simple and 22 to 6 o’clock, every day)".
    """
    part = hotspots.config.get("part")
    only = [*([hotspots.category] if hotspots.category else []), *([_part(part)] if part else [])]
    return say("charts.hotspots.restricted", {"noun": noun, "only": only}) if only else noun


def _part(part: Mapping[str, Any] | None) -> str:
    """Which part of the week a map is of."""
    if part is None:
        return say("parts.all")
    days = [as_weekday(day) for day in part["days"]] or [say("parts.every")]
    return say("parts.some", {"first": part["first"], "last": part["last"], "days": days})


def _marks(hotspots: Hotspots, share: float, hit_rate: float) -> list[Mark]:
    own = hotspots.method
    wide, titles, sentences = _sentences(hotspots, language())
    marks: list[Mark] = []
    for method in sorted(wide.columns, key=lambda name: (name == own, name)):
        curve = wide[method].dropna()
        if method == own:
            hovers = ["" if np.isclose(at, share) else sentences[at] for at in curve.index]
            marks.append(
                Line(curve.index, curve, role="median", width=2.4, label=titles[method], strong=True, hover=hovers)
            )
        elif method == RANDOM:
            marks.append(Line(curve.index, curve, role="ink3", width=1.2, dash="dot", label=titles[method]))
        else:
            marks.append(Line(curve.index, curve, role="today", width=1.3, dash="dash", label=titles[method]))
    if np.isfinite(hit_rate):
        at_share = pd.Series({name: np.interp(share, wide.index, wide[name]) for name in wide.columns})
        marks += [
            Line([share, share], [0, hit_rate], role="ink", width=1.0),
            Line([0, share], [hit_rate, hit_rate], role="ink", width=1.0),
            Points([share], [hit_rate], role="ink", size=10, hover=[_hovers(at_share, titles, own, share)]),
            Text(share, hit_rate, as_percent(hit_rate), role="ink", strong=True, dx=8, dy=-13),
            Note(share, hit_rate, "mostly_missed", dx=-15, dy=13),
        ]
    return marks


def _hovers(found: pd.Series, titles: dict[str, str], own: str, share: float) -> str:
    """What the map's own method and the others find in a share of the city."""
    others = [
        say("charts.capture.other", {"found": value, "method": titles[str(method)]})
        for method, value in found.drop(own).sort_values(ascending=False).items()
    ]
    evidence = {"share": share, "found": found[own], "method": titles[own], "others": others}
    return say("charts.capture.hover" if others else "charts.capture.hover_alone", evidence)
