"""Whose trips use a road: by the areas in which they begin and end."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.results import Caveat
from analytics.traffic.picture import RoadUsers
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Chart, Choropleth, Class
from dashboard.figures.columns import SHARE, column
from dashboard.figures.geometry import area_rings, bounds, geojson_url, points_inside, to_degrees
from dashboard.figures.maps.frame import WHOLE, Window, map_axes, part_of, waters_of
from dashboard.figures.maps.parts import as_part
from dashboard.figures.maps.streets import street_names, street_strokes
from data import City
from data.words import say, text

__all__ = ["End", "users_map"]

End = Literal["origins", "destinations"]
HEIGHT = 340  # pixels
SHADES = ("seq1", "seq3", "seq5", "seq7", "seq9")


def users_map(
    users: RoadUsers, *, city: City, end: End, caveats: tuple[Caveat, ...] | None = None, window: Window = WHOLE
) -> Chart:
    """The areas by how many of a road's vehicles begin, or end, their trips there.

    Parameters
    ----------
    users : of a road.
    city : whose areas the zones lie in.
    end : of the trips.
    caveats : replace the result's own, so that those that depend on the clock can be added.
    window : what is seen of the areas; the names of a few streets stand on a part.

    Returns
    -------
    Chart
        A map in degrees on the screen, in metres in files; its table has one row an area.
    """
    areas = city.areas[users.layer]
    flows = (users.origins if end == "origins" else users.destinations).reindex(areas.frame.index).fillna(0.0)
    outside = users.volume - float(flows.sum())
    names = areas.frame["name"].astype(str)
    metres, degrees = points_inside(areas)
    classes, legend = _shaded(flows)
    ground = Choropleth(
        url=geojson_url(city.key, areas.layer),
        area_ids=tuple(str(area_id) for area_id in areas.frame.index),
        classes=classes,
        legend=legend,
        rings=area_rings(areas),
        degrees=degrees,
        metres=metres,
        hover=[
            say(f"charts.users_{end}.hover", {"area": name, "n": value, "share": _share(value, users.volume)})
            for name, value in zip(names, flows, strict=True)
        ],
        to_degrees=to_degrees(areas),
    )
    most = flows.sort_values(ascending=False, kind="stable")
    evidence = {
        "road": users.road,
        "hours": text(users.hours),
        "volume": users.volume,
        "first": names[most.index[0]],
        "share": _share(float(most.iloc[0]), users.volume),
        "city": city.name,
        "outside": _share(max(outside, 0.0), users.volume),
    }
    box, seen = bounds(areas), window.of(bounds(areas))
    axes = map_axes(seen, bar=False)
    part = part_of(seen, axes, whole=box)
    waters = waters_of(city, areas, part or seen)
    chart = chart_of(
        users,
        name=f"users_{end}",
        headline="headline" if most.iloc[0] > 0 else "headline_none",
        evidence=evidence,
        marks=[
            ground,
            *waters,
            *street_strokes(city, part or box),
            *(street_names(city, part, seen=seen, beside=waters) if part else []),
        ],
        table=_table(flows, names, users.volume),
        axes=axes,
        caveats=caveats,
        height=HEIGHT,
        right=0,
    )
    return as_part(chart, window, areas=areas, seen=seen)


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0


def _shaded(flows: pd.Series) -> tuple[npt.NDArray[np.int8], tuple[Class, ...]]:
    """Fifths of the areas by vehicles; those without any stand apart."""
    some = flows[flows > 0]
    edges = (
        np.unique(np.quantile(some, np.linspace(0.2, 1.0, len(SHADES)), method="higher")) if len(some) else np.zeros(0)
    )
    classes = np.where(flows > 0, 1 + np.searchsorted(edges, flows.to_numpy(float), side="left"), 0)
    legend = [
        Class(shade, say("charts.users_origins.up_to", {"n": edge}))
        for shade, edge in zip(SHADES[len(SHADES) - len(edges) :], edges, strict=True)
    ]
    return classes.astype(np.int8), (Class("hairline", say("charts.users_origins.none")), *legend)


def _table(flows: pd.Series, names: pd.Series, volume: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            column("area"): names.to_numpy(),
            column("area_id"): flows.index.astype(str),
            column("volume", unit=say("labels.vehicles_an_hour")): flows.to_numpy(float),
            column("share", unit=SHARE): flows.to_numpy(float) / volume if volume > 0 else 0.0,
        }
    )
