"""Where a service is open and where it could be, over the demand that it serves: a map on which sites are chosen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.equity import group_within
from analytics.results import Result
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Chart, Choropleth, Class, Key, Mark, Points
from dashboard.figures.columns import column
from dashboard.figures.geometry import area_rings, bounds, geojson_url, points_inside, to_degrees
from dashboard.figures.maps.frame import WHOLE, Window, map_axes, part_of, waters_of
from dashboard.figures.maps.parts import as_part
from dashboard.figures.maps.streets import street_names, street_strokes
from data import Areas, City, Series, Sites
from data.words import say, text

__all__ = ["sites_map"]

HEIGHT = 420  # pixels
MOST = 10_000  # points that a browser draws without WebGL before a click takes long
SHADES = ("seq1", "seq2", "seq3", "seq4", "seq5")  # light, so that every mark stands out from them
CHOSEN, OTHER = 13.0, 9.0  # pixels of a mark


def sites_map(city: City, sites: Sites, *, chosen: Sequence[str], group: str = "", window: Window = WHOLE) -> Chart:
    """The sites that would be open, those that would be closed and the candidates, over last year's demand by area.

    Sites that can be chosen carry their ids, so that a page can ask for selections (see ``can_choose`` and ``chosen_ids`` in
    ``render.screen``); those that stay open whatever is decided carry none.

    Parameters
    ----------
    city : that the sites belong to.
    sites : with the series that they serve.
    chosen : the ids of those that would be open.
    group : a column of the layer ("share_over_65"): demand is then that group's part of it; all demand when empty.
    window : what is seen of the layer; the streets of a part are drawn, with the names of a few.

    Returns
    -------
    A map in degrees on the screen, in metres in files; its table has one row a site.
    """
    series = city.series[sites.series]
    areas = city.areas[series.layer]
    demand = _demand(series, areas, group)
    frame = sites.frame.assign(open=sites.frame.index.isin(list(chosen)))
    shown = _shown(frame)
    metres, degrees = points_inside(areas)
    classes, legend = _shaded(demand, text(series.unit))
    ground = Choropleth(
        url=geojson_url(city.key, areas.layer),
        area_ids=tuple(str(area_id) for area_id in areas.frame.index),
        classes=classes,
        legend=legend,
        rings=area_rings(areas),
        degrees=degrees,
        metres=metres,
        hover=_hovers(demand, areas.frame["name"].astype(str), text(series.unit)),
        to_degrees=to_degrees(areas),
    )
    marks, key = _points(shown, kept=set(sites.kept))
    new = frame["open"] & ~frame["existing"]
    evidence = {
        "title": text(sites.title),
        "city": city.name,
        "open": int(frame["open"].sum()),
        "new": int(new.sum()),
        "closed": int((frame["existing"] & ~frame["open"]).sum()),
        "names": list(frame.loc[new, "name"].astype(str)),
        "candidates": int((~frame["existing"] & ~frame["open"]).sum()),
        "series": text(series.title),
        "from_": _last_year(series).index[0],
        "to": _last_year(series).index[-1],
        "who": text(group_within(group)) if group else say("places.all"),
        "left_out": len(frame) - len(shown),
    }
    box, seen = bounds(areas), window.of(bounds(areas))
    axes = map_axes(seen, bar=False)
    part = part_of(seen, axes, whole=box)
    waters = waters_of(city, areas, part or seen)
    streets = [*street_strokes(city, part), *street_names(city, part, seen=seen, beside=waters)] if part else []
    chart = chart_of(
        Result(made_from=(sites.provenance, series.provenance, areas.provenance)),
        name="sites",
        headline="headline" if new.any() else "headline_none",
        evidence=evidence | {"rest": say("charts.sites.rest", evidence) if len(shown) < len(frame) else ""},
        marks=[ground, *waters, *streets, *marks],
        table=_table(frame),
        axes=axes,
        key=key,
        height=HEIGHT,
        right=0,
    )
    return as_part(chart, window, areas=areas, seen=seen)


def _last_year(series: Series) -> pd.DataFrame:
    """The values of the last twelve months that are known."""
    values: pd.DataFrame = series.values
    since = values.index[-1] - pd.DateOffset(years=1)
    year: pd.DataFrame = values.loc[values.index > since]
    return year


def _demand(series: Series, areas: Areas, group: str) -> pd.Series:
    """Last year's demand by area, NaN where none is known."""
    known = _last_year(series).sum(axis=0, min_count=1)
    demand = known.groupby(level="area_id").sum(min_count=1).reindex(areas.frame.index)
    return demand * areas.frame[group].astype(float) if group else demand


def _shown(frame: pd.DataFrame) -> pd.DataFrame:
    """All that are open or existing, and as many candidates as can be drawn."""
    fixed = frame["open"] | frame["existing"]
    candidates = frame.index[~fixed][: max(MOST - int(fixed.sum()), 0)]
    return frame.loc[fixed | frame.index.isin(candidates)]


def _shaded(demand: pd.Series, unit: str) -> tuple[npt.NDArray[np.int8], tuple[Class, ...]]:
    """Fifths of the areas by demand; areas without any known are left blank."""
    known = demand.dropna()
    # Each edge is what some area has: between two counts a key would say 63.8 requests.
    fifths = np.linspace(0.2, 1.0, len(SHADES))
    edges = np.unique(np.quantile(known, fifths, method="higher")) if len(known) else np.zeros(1)
    classes = np.minimum(np.searchsorted(edges, demand.to_numpy(float), side="left"), len(edges) - 1)
    shades = SHADES[-len(edges) :]
    legend = [
        Class(shade, say("charts.sites.up_to", {"n": edge, "unit": unit}))
        for shade, edge in zip(shades, edges, strict=True)
    ]
    blank = np.where(demand.isna(), len(edges), classes).astype(np.int8)
    return blank, (*legend, Class("page", say("verdict.unknown")))


def _hovers(demand: pd.Series, names: pd.Series, unit: str) -> list[str]:
    """A sentence for each area: how much was asked for in the year."""
    return [
        say("charts.sites.hover_unknown", {"area": name})
        if pd.isna(value)
        else say("charts.sites.hover_area", {"area": name, "n": value, "unit": unit})
        for name, value in zip(names, demand, strict=True)
    ]


def _points(frame: pd.DataFrame, *, kept: set[str]) -> tuple[list[Mark], tuple[Key, ...]]:
    """Squares for what is open, hollow where it would be new, crosses for what would close, rings for candidates."""
    existing, open_ = frame["existing"].to_numpy(bool), frame["open"].to_numpy(bool)
    stays = frame.index.isin(list(kept))
    kinds = (
        ("candidate", ~existing & ~open_, "circle", False, "ink2", OTHER),
        ("closed", existing & ~open_ & ~stays, "cross", True, "ink2", CHOSEN),
        ("existing", existing & (open_ | stays), "square", True, "ink", OTHER + 1),
        ("new", ~existing & open_, "square", False, "ink", CHOSEN),
    )
    marks: list[Mark] = []
    key: list[Key] = []
    for kind, which, shape, filled, role, size in kinds:
        for choosable in (False, True):
            of = frame[which & (stays != choosable)]
            if len(of):
                hover = [say(f"charts.sites.hover_{kind}", {"site": name}) for name in of["name"].astype(str)]
                ids = tuple(str(each) for each in of.index) if choosable else ()
                marks.append(Points(of["x"], of["y"], role, shape, filled, size, hover, ids))
        if which.any():
            key.append(Key(role, say(f"charts.sites.{kind}", {"n": int(which.sum())}), shape, filled=filled))
    return marks, tuple(reversed(key))


def _table(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            column("site"): frame["name"].astype(str).to_numpy(),
            column("site_id"): frame.index.astype(str),
            column("existing"): frame["existing"].to_numpy(bool),
            column("open"): frame["open"].to_numpy(bool),
            column("longitude"): frame["longitude"].to_numpy(float),
            column("latitude"): frame["latitude"].to_numpy(float),
        }
    )
