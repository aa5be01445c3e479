"""Maps: squares first to look at, and areas that gain or lose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots.results import Hotspots
from analytics.scenarios.comparison import Comparison
from dashboard.chart import Axis, Chart, Choropleth, Class, Grid, Line, Mark, Outline, Text
from dashboard.charts.build import WORDS, chart_of
from dashboard.charts.hotspots import capture_evidence
from dashboard.charts.options import find_difference, option_evidence
from dashboard.charts.ticks import nice_step
from dashboard.geometry import (
    area_rings,
    bounds,
    geojson_url,
    layer_geojson,
    layer_svg,
    outline_rings,
    points_inside,
    svg_url,
)
from data import Areas, City
from data.wording import as_percent

__all__ = ["difference_map", "hotspot_map", "layer_geojson", "layer_svg"]

MAP_HEIGHT = 520
MARGIN = 0.02  # of the city's width, so that borders are not cut
BAR_ROOM = 0.07  # of the city's height, below, where the scale bar stands
MOST_LABELS = 5
LABEL_ROOM = 0.34  # of the city's width, left and right, where labels stand
WORSE_MORE, WORSE_SOME, CLOSE, BETTER_SOME, BETTER_MORE = range(5)


def hotspot_map(hotspots: Hotspots, *, city_key: str, areas: Areas | None, share: float, noun: str = "") -> Chart:
    """The squares to look at first, at a ``share`` (0 to 1) of the city, over the borders of its areas.

    The rank was computed beforehand, so another share only cuts it elsewhere. Where significance was computed, flagged
    squares that stand out from chance are told from those that could be noise.
    """
    flagged = hotspots.rank.to_numpy() < round(share * len(hotspots.cells))
    classes, legend = _cell_classes(hotspots, flagged)
    counts = _flagged_by_area(hotspots, flagged, areas)
    summary = hotspots.summary[hotspots.summary["method"] == hotspots.method].set_index("share")
    nearest = summary.iloc[int(np.abs(summary.index.to_numpy(float) - share).argmin())] if len(summary) else None
    evidence = capture_evidence(hotspots, share=share) | {
        "noun": noun or hotspots.incidents.title.lower(),
        "flagged": int(flagged.sum()),
        "areas": [name for name, _ in counts[:3]],
        "low": float("nan") if nearest is None else nearest["low"],
        "high": float("nan") if nearest is None else nearest["high"],
    }
    box = _box(hotspots) if areas is None else bounds(areas)
    return chart_of(
        hotspots,
        name="hotspots",
        evidence=evidence,
        marks=[
            _grid(hotspots, classes, legend),
            *_outline(city_key, areas, box),
            *_labels(counts, box),
            *_scale_bar(box),
        ],
        table=_cell_table(hotspots, flagged),
        axes=_map_axes(box, labels=True),
        headline="headline" if np.isfinite(evidence["hit_rate"]) else "headline_untested",
        height=MAP_HEIGHT,
        right=0,
    )


def _cell_classes(hotspots: Hotspots, flagged: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.int8], tuple[Class, ...]]:
    """The class of each cell, from 1, and what the classes mean."""
    rank, score = hotspots.rank.to_numpy(), hotspots.score.to_numpy()
    number = int(flagged.sum())
    classes = np.where(score > np.median(score), 2, 1).astype(np.int8)
    legend = [
        Class("seq1", ""),
        Class("seq2", WORDS.sentence("charts.hotspots.above")),
    ]
    if hotspots.significant is None:
        classes[(rank < 2 * number) & ~flagged] = 3
        classes[flagged] = 4
        legend.append(Class("seq5", WORDS.sentence("charts.hotspots.next")))
        legend.append(Class("flagged", WORDS.sentence("charts.hotspots.flagged", {"n": number})))
    else:
        sure = flagged & hotspots.significant.to_numpy(dtype=bool)
        classes[flagged & ~sure] = 3
        classes[sure] = 4
        legend.append(Class("seq7", WORDS.sentence("charts.hotspots.noise", {"n": number - int(sure.sum())})))
        legend.append(Class("flagged", WORDS.sentence("charts.hotspots.above_flagged", {"n": int(sure.sum())})))
    return classes, tuple(legend)


def _grid(hotspots: Hotspots, classes: npt.NDArray[np.int8], legend: tuple[Class, ...]) -> Grid:
    cells = hotspots.cells
    full = np.zeros(cells.rows * cells.columns, dtype=np.int8)
    full[cells.index] = classes
    return Grid(full.reshape(cells.rows, cells.columns), cells.x0, cells.y0, cells.size, legend)


def _flagged_by_area(
    hotspots: Hotspots, flagged: npt.NDArray[np.bool_], areas: Areas | None
) -> list[tuple[str, tuple[float, float]]]:
    """Names of the areas with most flagged squares, with the middle of those squares in metres; most first."""
    if areas is None or not flagged.any():
        return []
    cells = hotspots.cells
    places = pd.DataFrame(
        {
            "area_id": cells.area_id[flagged],
            "x": cells.x0 + (cells.index[flagged] % cells.columns + 0.5) * cells.size,
            "y": cells.y0 + (cells.index[flagged] // cells.columns + 0.5) * cells.size,
        }
    )
    places = places[places["area_id"].isin(areas.frame.index)]
    tally = places.groupby("area_id").agg(n=("x", "size"), x=("x", "median"), y=("y", "median"))
    tally = tally.sort_values("n", ascending=False, kind="stable").head(MOST_LABELS)
    return [(str(areas.frame.at[area, "name"]), (row["x"], row["y"])) for area, row in tally.iterrows()]


def _labels(counts: list[tuple[str, tuple[float, float]]], box: tuple[float, float, float, float]) -> list[Mark]:
    """A name outside the city for each of the areas with most flagged squares, joined to it by a thin line."""
    west, south, east, north = box
    middle, least = (west + east) / 2, 0.055 * (north - south)
    marks: list[Mark] = []
    for left in (True, False):
        side = sorted((each for each in counts if (each[1][0] < middle) == left), key=lambda each: each[1][1])
        below = -np.inf
        for name, (x, y) in side:
            height = max(y, below + least)
            below = height
            edge = west - MARGIN * (east - west) if left else east + MARGIN * (east - west)
            marks.append(Line([x, edge], [y, height], role="ink2", width=0.9))
            marks.append(Text(edge, height, name, role="ink", anchor="end" if left else "start", dx=-4 if left else 4))
    return marks


def _outline(city_key: str, areas: Areas | None, box: tuple[float, float, float, float]) -> list[Mark]:
    return [] if areas is None else [Outline(svg_url(city_key, areas.layer), box, outline_rings(areas))]


def _scale_bar(box: tuple[float, float, float, float]) -> list[Mark]:
    west, south, east, north = box
    length = nice_step((east - west) / 1000, most=6)
    y = south - 0.05 * (north - south)
    words = WORDS.sentence("labels.kilometres", {"n": length})
    return [
        Line([west, west + 1000 * length], [y, y], role="ink3", width=1.6),
        Text(west, y, words, role="ink2", dy=11),
    ]


def _map_axes(box: tuple[float, float, float, float], *, labels: bool) -> tuple[Axis, Axis]:
    west, south, east, north = box
    room = (LABEL_ROOM if labels else MARGIN) * (east - west)
    edge = MARGIN * (north - south)
    below = (BAR_ROOM if labels else MARGIN) * (north - south)
    return (
        Axis(kind="map", range=(west - room, east + room)),
        Axis(kind="map", range=(south - below, north + edge)),
    )


def _box(hotspots: Hotspots) -> tuple[float, float, float, float]:
    cells = hotspots.cells
    return cells.x0, cells.y0, cells.x0 + cells.columns * cells.size, cells.y0 + cells.rows * cells.size


def _cell_table(hotspots: Hotspots, flagged: npt.NDArray[np.bool_]) -> pd.DataFrame:
    cells = hotspots.cells
    table = pd.DataFrame(
        {
            "x (m)": cells.x0 + (cells.index % cells.columns + 0.5) * cells.size,
            "y (m)": cells.y0 + (cells.index // cells.columns + 0.5) * cells.size,
            "area_id": cells.area_id,
            "rank": hotspots.rank.to_numpy() + 1,
            "flagged": flagged,
            "incidents last year": hotspots.count.to_numpy(),
            f"expected in {hotspots.horizon_days} days": hotspots.rate.to_numpy(),
        }
    )
    return table.sort_values("rank", kind="stable", ignore_index=True)


def difference_map(comparison: Comparison, *, city: City, option: str, measure: str) -> Chart:
    """Areas that gain (blue) or lose (ochre, hatched) under an option; grey where it is too close to call."""
    difference = find_difference(comparison, option=option, measure=measure)
    areas = city.areas[comparison.study.panel.layer]
    changes = _area_changes(comparison.by_area[option, measure], areas, higher=difference.direction == "higher")
    classes, legend = _area_classes(changes)
    metres, degrees = points_inside(areas)
    names = areas.frame["name"].astype(str)
    hover = [_hover(name, row) for name, row in zip(names, changes.to_dict("records"), strict=True)]
    mark = Choropleth(
        url=geojson_url(city.key, areas.layer),
        area_ids=tuple(str(area_id) for area_id in areas.frame.index),
        classes=classes,
        legend=legend,
        rings=area_rings(areas),
        degrees=degrees,
        metres=metres,
        hover=hover,
    )
    return chart_of(
        comparison,
        name="where",
        evidence=option_evidence(
            comparison,
            option,
            measure=difference.title,
            better=int(np.isin(classes, (BETTER_SOME, BETTER_MORE)).sum()),
            worse=int(np.isin(classes, (WORSE_SOME, WORSE_MORE)).sum()),
            close=int((classes == CLOSE).sum()),
        ),
        marks=[mark],
        table=changes.drop(columns=["side"]).assign(area=names).reset_index(),
        axes=_map_axes(bounds(areas), labels=False),
        height=340,
        right=0,
    )


def _area_changes(by_area: Any, areas: Areas, *, higher: bool) -> pd.DataFrame:
    """By area: the change, its share of the baseline, its 95 % range, and the side (1 better, -1 worse, 0 unclear)."""
    frame = by_area.transpose("area_id", "stat").to_pandas().reindex(areas.frame.index)
    low, high = (frame["low95"], frame["high95"]) if higher else (-frame["high95"], -frame["low95"])
    frame["side"] = np.where(low > 0, 1, np.where(high < 0, -1, 0))
    frame.index.name = "area_id"
    return frame[["mean", "percent", "low95", "high95", "side"]]


def _area_classes(changes: pd.DataFrame) -> tuple[npt.NDArray[np.int8], tuple[Class, ...]]:
    told = changes["percent"].abs().where(changes["side"] != 0)
    most = float(told.max()) if told.notna().any() else 0.0
    edge = nice_step(50 * most, most=1) / 100 if most else 0.0  # near the middle of what there is, a round number
    large = (told > edge).to_numpy()
    side = changes["side"].to_numpy()
    classes = np.where(side > 0, np.where(large, BETTER_MORE, BETTER_SOME), np.where(side < 0, WORSE_SOME, CLOSE))
    classes = np.where((side < 0) & large, WORSE_MORE, classes).astype(np.int8)
    size = {"size": as_percent(edge)}
    return classes, (
        Class("div2", WORDS.sentence("charts.where.more_worse", size), hatched=True),
        Class("div4", WORDS.sentence("charts.where.some_worse", size), hatched=True),
        Class("too_close", WORDS.sentence("charts.where.close")),
        Class("div7", WORDS.sentence("charts.where.some_better", size)),
        Class("div9", WORDS.sentence("charts.where.more_better", size)),
    )


def _hover(name: str, change: Mapping[Any, Any]) -> str:
    if not np.isfinite(change["percent"]):
        return WORDS.sentence("charts.where.hover", {"area": name, "change": WORDS.sentence("verdict.unknown")})
    code = "amount.less" if change["percent"] < 0 else "amount.more"
    words = WORDS.sentence(code, {"size": as_percent(abs(change["percent"]))})
    words = words if change["side"] else f"{words}, {WORDS.sentence('charts.where.close')}"
    return WORDS.sentence("charts.where.hover", {"area": name, "change": words})
