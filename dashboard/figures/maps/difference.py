"""Where an option gains and loses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.scenarios.comparison import Comparison
from dashboard.figures.axes import nice_step
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Chart, Choropleth, Class
from dashboard.figures.columns import column
from dashboard.figures.differences import (
    Scale,
    change_table,
    changes_of,
    find_difference,
    option_evidence,
    scale_of,
    scale_of_parts,
)
from dashboard.figures.geometry import area_rings, bounds, geojson_url, points_inside
from dashboard.figures.maps.frame import map_axes
from data import City
from data.words import say, text

__all__ = ["difference_map"]

WORSE_MORE, WORSE_SOME, CLOSE, BETTER_SOME, BETTER_MORE = range(5)


def difference_map(comparison: Comparison, *, city: City, option: str, measure: str) -> Chart:
    """Areas that gain (blue) or lose (ochre, hatched) under an option; grey where it is too close to call.

    In per cent of the area's own baseline, or all areas in the measure's unit where one that gains or loses has no per cent.

    Parameters
    ----------
    comparison : of a measure that has areas.
    city : whose layer of areas is drawn.
    option, measure : the names of one of its differences.

    Returns
    -------
    A map in degrees on the screen, in metres in files.
    """
    difference = find_difference(comparison, option=option, measure=measure)
    areas = city.areas[comparison.measure(measure).layer]
    changes = changes_of(comparison.by_area[option, measure], "area_id").reindex(areas.frame.index)
    changes.index.name = "area_id"
    sides = _sides(changes, scale_of(difference).sign)
    scale = scale_of_parts(difference, changes[sides != 0])
    classes, legend = _area_classes(changes, sides, scale)
    metres, degrees = points_inside(areas)
    names = areas.frame["name"].astype(str)
    hover = [
        _hover(name, mean, share, clear=bool(side), scale=scale, unit=text(difference.unit))
        for name, mean, share, side in zip(names, changes["mean"], changes["share"], sides, strict=True)
    ]
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
            scale,
            measure=text(difference.title),
            better=int(np.isin(classes, (BETTER_SOME, BETTER_MORE)).sum()),
            worse=int(np.isin(classes, (WORSE_SOME, WORSE_MORE)).sum()),
            close=int((classes == CLOSE).sum()),
        ),
        marks=[mark],
        table=_table(changes, names, scale, text(difference.unit)),
        axes=map_axes(bounds(areas), bar=False),
        height=270,
        right=0,
    )


def _sides(changes: pd.DataFrame, sign: int) -> npt.NDArray[np.int8]:
    """1 where the whole range is better, -1 where it is worse, 0 where the range crosses zero."""
    low, high = np.sort(sign * changes[["low95", "high95"]].to_numpy(), axis=1).T
    return np.where(low > 0, 1, np.where(high < 0, -1, 0)).astype(np.int8)


def _area_classes(
    changes: pd.DataFrame, sides: npt.NDArray[np.int8], scale: Scale
) -> tuple[npt.NDArray[np.int8], tuple[Class, ...]]:
    sizes = changes["share" if scale.relative else "mean"].abs().where(sides != 0)
    most = float(sizes.max()) if sizes.notna().any() else 0.0
    edge = nice_step(50 * most, most=1) / 100 if most else 0.0  # near the middle of what there is, a round number
    large = (sizes > edge).to_numpy()
    classes = np.where(sides > 0, np.where(large, BETTER_MORE, BETTER_SOME), np.where(sides < 0, WORSE_SOME, CLOSE))
    classes = np.where((sides < 0) & large, WORSE_MORE, classes).astype(np.int8)
    size = {"size": scale.size(edge)}
    return classes, (
        Class("div2", say("charts.where.more_worse", size), hatched=True),
        Class("div4", say("charts.where.some_worse", size), hatched=True),
        Class("too_close", say("charts.where.close")),
        Class("div7", say("charts.where.some_better", size)),
        Class("div9", say("charts.where.more_better", size)),
    )


def _hover(name: str, mean: float, share: float, *, clear: bool, scale: Scale, unit: str) -> str:
    if not np.isfinite(mean):
        return say("charts.where.hover", {"area": name, "change": say("verdict.unknown")})
    # An area that is too close to call may have no per cent on a map that is in per cent.
    own = scale if not scale.relative or np.isfinite(share) else replace(scale, unit=unit)
    words = own.amount(share if own.relative else mean)
    words = words if clear else f"{words}, {say('charts.where.close')}"
    return say("charts.where.hover", {"area": name, "change": words})


def _table(changes: pd.DataFrame, names: pd.Series, scale: Scale, unit: str) -> pd.DataFrame:
    table = change_table(changes, scale, unit=unit).reset_index(drop=True)
    table.insert(0, column("area"), names.to_numpy())
    table.insert(0, column("area_id"), changes.index.astype(str))
    return table
