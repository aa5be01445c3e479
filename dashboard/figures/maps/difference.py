"""Where an option gains and loses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.scenarios.comparison import Comparison, Difference
from dashboard.figures.axes import nice_step
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Chart, Choropleth, Class
from dashboard.figures.columns import column
from dashboard.figures.differences import (
    Scale,
    change_table,
    changes_of,
    ends_words,
    find_difference,
    option_evidence,
    result_words,
    scale_of,
    scale_of_parts,
)
from dashboard.figures.geometry import area_rings, bounds, geojson_url, points_inside, to_degrees
from dashboard.figures.maps.frame import WHOLE, Window, map_axes, part_of, waters_of
from dashboard.figures.maps.labels import Label, labels_within, not_under, room_for
from dashboard.figures.maps.moved import moved_sites
from dashboard.figures.maps.parts import as_part
from dashboard.figures.maps.streets import street_names, street_strokes
from data import Areas, City
from data.words import say, text

__all__ = ["difference_map"]

WORSE_MORE, WORSE_SOME, CLOSE, BETTER_SOME, BETTER_MORE, OUTSIDE = range(6)
HEIGHT = 320  # pixels
MOST_LABELS = 3
Flags = npt.NDArray[np.bool_]
Sides = npt.NDArray[np.int8]


def difference_map(comparison: Comparison, *, city: City, option: str, measure: str, window: Window = WHOLE) -> Chart:
    """Areas that gain (blue) or lose (ochre, hatched) under an option, where they differ from the city by more than noise.

    Grey where an area changes as the city does, or where it is too close to call. Where no area differs from the city the
    map is of one colour and says so. In per cent of the area's own baseline, or all areas in the measure's unit where one
    that gains or loses has no per cent.

    Parameters
    ----------
    comparison : of a measure that has areas.
    city : whose layer of areas is drawn.
    option, measure : the names of one of its differences.
    window : what is seen of the layer.

    Returns
    -------
    A map in degrees on the screen, in metres in files.
    """
    difference = find_difference(comparison, option=option, measure=measure)
    areas = city.areas[comparison.measure(measure).layer]
    found = _parts(comparison, difference, areas)
    names = areas.frame["name"].astype(str)
    box, seen = bounds(areas), window.of(bounds(areas))
    metres, degrees = points_inside(areas)
    # Beside a part there are other areas, over which words could not be read.
    labels = _labels(found, names, metres) if window == WHOLE else []
    axes = room_for(labels, seen, map_axes(seen, bar=False), height=HEIGHT)
    part = part_of(seen, axes, whole=box)
    named_areas = labels_within(labels, box, axes, height=HEIGHT)
    waters = not_under(named_areas, waters_of(city, areas, part or seen), axes, height=HEIGHT)
    ids = tuple(str(area_id) for area_id in areas.frame.index)
    region = comparison.study.terms.region
    inside = ids if region is None or region.layer != areas.layer else region.area_ids
    mark = Choropleth(
        url=geojson_url(city.key, areas.layer),
        area_ids=ids,
        classes=found.classes,
        legend=_legend(found, difference, text(region.title) if region else ""),
        rings=area_rings(areas),
        degrees=degrees,
        metres=metres,
        hover=[found.hover(index, name, difference) for index, name in enumerate(names)],
        to_degrees=to_degrees(areas),
        outlined=inside if len(inside) < len(ids) else (),
        choosable=True,
    )
    sites, key = moved_sites(comparison, option)
    named = {"region": text(region.title) if region else ""}
    kind = "_one" if len(inside) == 1 else "_alike" if found.alike else "" if found.apart.all() else "_apart"
    evidence: dict[str, Any] = named | {
        "measure": text(difference.title),
        "result": result_words(difference, scale_of(comparison, difference)),
        "parts": _counted(found),
        "coloured": say(f"charts.where.coloured{kind}", named),
    }
    chart = chart_of(
        comparison,
        name="where",
        headline=f"headline{kind if kind in ('_one', '_alike') else ''}",
        evidence=option_evidence(comparison, option, found.scale, **evidence),
        marks=[
            mark,
            *waters,
            *street_strokes(city, part or box),
            *named_areas,
            *sites,
            *(street_names(city, part, seen=seen, beside=waters) if part else []),
        ],
        table=_table(found, names, text(difference.unit)),
        axes=axes,
        key=key,
        height=HEIGHT,
        right=0,
    )
    return as_part(chart, window, areas=areas, seen=seen)


@dataclass(frozen=True, eq=False)
class _Parts:
    """The areas of a map: their changes, which lie clearly on one side, which differ from the city, and their classes."""

    changes: pd.DataFrame
    sides: Sides
    apart: Flags
    scale: Scale
    edge: float
    classes: Sides
    alike: bool

    def size(self, index: int) -> float:
        return float(self.changes["share" if self.scale.relative else "mean"].iloc[index])

    @cached_property
    def rows(self) -> list[dict[str, float]]:
        # To take number by number out of the table took most of the time in which a map is made.
        return [dict(zip(map(str, self.changes), row, strict=True)) for row in self.changes.to_numpy(float).tolist()]

    def hover(self, index: int, name: str, difference: Difference) -> str:
        named = {"area": name, "measure": text(difference.title)}
        row = self.rows[index]
        mean, share = row["mean"], row["share"]
        if not np.isfinite(mean):
            return say("charts.where.hover", named | {"change": say("verdict.unknown")})
        # An area that is too close to call may have no per cent on a map that is in per cent.
        own = (
            self.scale
            if not self.scale.relative or np.isfinite(share)
            else replace(self.scale, unit=text(difference.unit))
        )
        ends = ("share_low95", "share_high95") if own.relative else ("low95", "high95")
        low, high = (row[end] for end in ends)
        value = share if own.relative else mean
        words = say("charts.where.ranged", {"change": own.amount(value), "range": ends_words(low, high, value, own)})
        if not (row["low95"] or row["high95"]):
            words = say("verdict.no_change")
        elif not self.sides[index]:
            words = f"{words}, {say('charts.where.close')}"
        elif not self.apart[index]:
            words = f"{words}, {say('charts.where.as_city')}"
        return say("charts.where.hover", named | {"change": words})


def _parts(comparison: Comparison, difference: Difference, areas: Areas) -> _Parts:
    pair = (difference.option, difference.measure)
    changes = changes_of(comparison.by_area[pair], "area_id").reindex(areas.frame.index)
    changes.index.name = "area_id"
    whole = scale_of(comparison, difference)
    sides = _sides(changes, whole.sign)
    stands = comparison.stands_out.get(pair)
    known = changes["mean"].notna().to_numpy()
    apart = known.copy()
    if stands is not None:
        flags = pd.Series(stands.to_numpy(), stands.get_index("area_id"))
        apart = flags.reindex(areas.frame.index).fillna(False).to_numpy(dtype=bool)
    alike = stands is not None and not apart.any()
    scale = scale_of_parts(whole, changes[(sides != 0) & apart], unit=difference.unit)
    if alike:
        shown = {"better": BETTER_SOME, "worse": WORSE_SOME, "differs": _side(difference)}.get(
            difference.verdict, CLOSE
        )
        classes = np.where(known, shown, OUTSIDE).astype(np.int8)
        return _Parts(changes, sides, apart, scale, 0.0, classes, True)
    edge, classes = _area_classes(changes, np.where(apart, sides, 0).astype(np.int8), scale)
    return _Parts(changes, sides, apart, scale, edge, np.where(known, classes, OUTSIDE).astype(np.int8), False)


def _side(difference: Difference) -> int:
    return BETTER_SOME if difference.median > 0 else WORSE_SOME


def _sides(changes: pd.DataFrame, sign: int) -> Sides:
    """1 where the whole range is better, -1 where it is worse, 0 where the range crosses zero."""
    low, high = np.sort(sign * changes[["low95", "high95"]].to_numpy(), axis=1).T
    return np.where(low > 0, 1, np.where(high < 0, -1, 0)).astype(np.int8)


def _area_classes(changes: pd.DataFrame, sides: Sides, scale: Scale) -> tuple[float, Sides]:
    """The size from which on a change is large, and the class of each area."""
    sizes = changes["share" if scale.relative else "mean"].abs().where(sides != 0)
    most = float(sizes.max()) if sizes.notna().any() else 0.0
    edge = nice_step(50 * most, most=1) / 100 if most else 0.0  # near the middle of what there is, a round number
    large = (sizes > edge).to_numpy()
    classes = np.where(sides > 0, np.where(large, BETTER_MORE, BETTER_SOME), np.where(sides < 0, WORSE_SOME, CLOSE))
    return edge, np.where((sides < 0) & large, WORSE_MORE, classes).astype(np.int8)


def _legend(found: _Parts, difference: Difference, region: str) -> tuple[Class, ...]:
    """What the classes mean; of a measure that is neither better nor worse, darker is more and less is hatched."""
    neutral = found.scale.neutral
    roles = ("seq2", "seq4", "seq6", "seq8") if neutral else ("div2", "div4", "div7", "div9")
    sides = ("more_less", "some_less", "some_more", "more_more") if neutral else (
        "more_worse", "some_worse", "some_better", "more_better"
    )  # fmt: skip
    size = {"size": found.scale.size(found.edge)}
    labels = [say(f"charts.where.{side}", size) for side in sides]
    if found.alike:
        labels = [say("charts.where.alike", {"result": result_words(difference, found.scale)})] * 4
    worse_more, worse_some, better_some, better_more = (
        Class(role, label, hatched=index < 2) for index, (role, label) in enumerate(zip(roles, labels, strict=True))
    )
    close = labels[0] if found.alike else say(f"charts.where.{_rest(found)}_or_close")
    outside = Class("hairline", say("charts.where.outside", {"region": region}) if region else say("verdict.unknown"))
    return (worse_more, worse_some, Class("too_close", close), better_some, better_more, outside)


def _counted(found: _Parts) -> list[str]:
    """In how many areas it is better, worse and neither, as far as there are any."""
    right, left = ("more", "less") if found.scale.neutral else ("better", "worse")
    counts = {
        right: np.isin(found.classes, (BETTER_SOME, BETTER_MORE)).sum(),
        left: np.isin(found.classes, (WORSE_SOME, WORSE_MORE)).sum(),
        f"{_rest(found)}_or_close": (found.classes == CLOSE).sum(),
    }
    return [say(f"charts.where.part_{part}", {"n": int(n)}) for part, n in counts.items() if n]


def _rest(found: _Parts) -> str:
    """What an area is that is neither: as the city, where areas are held against it."""
    return "no_change" if found.apart.all() else "as_city"


def _labels(found: _Parts, names: pd.Series, metres: npt.NDArray[np.float64]) -> list[Label]:
    """The areas that gain most, and the one that loses most, with their changes."""
    if found.alike:
        return []
    sizes = [abs(found.size(index)) for index in range(len(names))]

    def largest(*classes: int) -> list[int]:
        of = [index for index in range(len(names)) if found.classes[index] in classes]
        return sorted(of, key=lambda index: -sizes[index])

    losers = largest(WORSE_SOME, WORSE_MORE)[:1]
    chosen = [*largest(BETTER_SOME, BETTER_MORE)[: MOST_LABELS - len(losers)], *losers]
    ink = {True: "ink", False: "worse"} if not found.scale.neutral else {True: "ink", False: "ink"}
    return [
        Label(
            f"{names.iloc[index]}\n{found.scale.amount(found.size(index))}",
            float(metres[index, 0]),
            float(metres[index, 1]),
            role=ink[index not in losers],
        )
        for index in chosen
    ]


def _table(found: _Parts, names: pd.Series, unit: str) -> pd.DataFrame:
    table = change_table(found.changes, found.scale, unit=unit).reset_index(drop=True)
    table.insert(0, column("area_id"), found.changes.index.astype(str))
    table.insert(0, column("area"), names.to_numpy())
    table[column("stands_out")] = found.apart
    return table
