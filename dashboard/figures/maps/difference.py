"""Where an option gains and loses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from analytics.scenarios.comparison import Comparison
from dashboard.figures.axes import nice_step
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Chart, Choropleth, Class
from dashboard.figures.differences import find_difference, option_evidence
from dashboard.figures.geometry import area_rings, bounds, geojson_url, points_inside
from dashboard.figures.maps.frame import map_axes
from data import Areas, City
from data.words import as_percent, say

__all__ = ["difference_map"]

WORSE_MORE, WORSE_SOME, CLOSE, BETTER_SOME, BETTER_MORE = range(5)


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
        axes=map_axes(bounds(areas), bar=False),
        height=270,
        right=0,
    )


def _area_changes(by_area: xr.DataArray, areas: Areas, *, higher: bool) -> pd.DataFrame:
    """By area: the change, its share of the baseline, its 95 % range, and the side (1 better, -1 worse, 0 unclear)."""
    wide = by_area.transpose("area_id", "stat")
    frame = pd.DataFrame(wide.to_numpy(), wide.get_index("area_id"), wide.get_index("stat")).reindex(areas.frame.index)
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
        Class("div2", say("charts.where.more_worse", size), hatched=True),
        Class("div4", say("charts.where.some_worse", size), hatched=True),
        Class("too_close", say("charts.where.close")),
        Class("div7", say("charts.where.some_better", size)),
        Class("div9", say("charts.where.more_better", size)),
    )


def _hover(name: str, change: Mapping[Any, Any]) -> str:
    if not np.isfinite(change["percent"]):
        return say("charts.where.hover", {"area": name, "change": say("verdict.unknown")})
    code = "amount.less" if change["percent"] < 0 else "amount.more"
    words = say(code, {"size": as_percent(abs(change["percent"]))})
    words = words if change["side"] else f"{words}, {say('charts.where.close')}"
    return say("charts.where.hover", {"area": name, "change": words})
