"""Who gains and who loses: each group with its people, its change and what becomes of its distance from everyone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analytics.equity import EVERYONE, group_label
from analytics.scenarios.comparison import Comparison
from analytics.scenarios.study import Study
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Line, Mark, Points, Rule, Text
from dashboard.figures.columns import column
from dashboard.figures.differences import (
    Scale,
    change_table,
    changes_of,
    ends_words,
    find_difference,
    option_evidence,
    scale_of,
    scale_of_parts,
    turned_axis,
)
from data import Areas
from data.words import as_count, say, text

__all__ = ["group_chart"]

ROW, GAP_ROW, NARROW_ROW, NARROW_GAP_ROW = 36, 46, 58, 74  # pixels a group, without and with its gap
PIXELS, PHONE = 120, 330  # of the plot in its column, and on a phone 390 wide
FEW = "group_too_small"


@dataclass(frozen=True)
class _Row:
    """A group: its change and the ends of its range, turned; how many people it has, and whether these are too few."""

    group: str
    middle: float
    low: float
    high: float
    people: float | None
    few: bool
    gap: str

    @property
    def name(self) -> str:
        return text(group_label(self.group))

    @property
    def size(self) -> str:
        return "" if self.people is None else as_count(self.people)

    def words(self, scale: Scale) -> str:
        """ "13 % fewer", or why nothing can be said."""
        if not np.isfinite(self.middle):
            return say("verdict.unknown")
        if self.few:
            return say("charts.groups.few_people")
        if not self.low and not self.high:
            return say("verdict.no_change")
        clear = self.low > 0 or self.high < 0
        return scale.amount(scale.sign * self.middle) if clear else say("verdict.too_close")

    def look(self, scale: Scale) -> tuple[str, str]:
        """Role and shape: grey where nothing can be said, a cross for losers."""
        if self.few or (self.low <= 0 <= self.high):
            return "today", "circle"
        if scale.neutral:
            return "primary", "square"
        return ("better", "square") if self.low > 0 else ("worse", "cross")


def group_chart(comparison: Comparison, *, option: str, measure: str, narrow: bool = False) -> Chart:
    """Who gains and who loses: the change for everyone and for each group.

    In per cent of the group's own baseline, or all groups in the measure's unit where one of them has no per cent. Groups
    of few people are drawn in grey and named below.

    Parameters
    ----------
    comparison : of a measure that has areas, or it has no groups.
    option, measure : the names of one of its differences.
    narrow : whether words stand above the marks, as a phone needs it.

    Returns
    -------
    One row a group, everyone first.
    """
    difference = find_difference(comparison, option=option, measure=measure)
    changes = changes_of(comparison.by_group[option, measure], "group")
    scale = scale_of_parts(scale_of(comparison, difference), changes, unit=difference.unit)
    layer = comparison.study.city.areas.get(comparison.measure(measure).layer)
    people = {} if layer is None else _people(comparison.study, layer)
    rows = _rows(changes, scale, people, least=_least(comparison), gaps=_gap_words(comparison, option, measure))
    gaps = any(row.gap for row in rows)
    high = (NARROW_GAP_ROW if gaps else NARROW_ROW) if narrow else GAP_ROW if gaps else ROW
    marks: list[Mark] = [Rule(0.0, role="today", width=2.0)]
    of_rows = [_marks(-float(index), row, scale, high=high, narrow=narrow) for index, row in enumerate(rows)]
    # What looks the same is drawn as one where it stands together: lines of a colour, then all points.
    lines = sorted(
        (mark for of_row in of_rows for mark in of_row if isinstance(mark, Line)), key=lambda mark: mark.role
    )
    marks += lines
    marks += [mark for of_row in of_rows for mark in of_row if isinstance(mark, Points)]
    marks += [mark for of_row in of_rows for mark in of_row if isinstance(mark, Text)]
    few = [say("charts.groups.sized", {"group": row.name, "n": row.people}) for row in rows if row.few]
    evidence = {
        "measure": text(difference.title),
        "sentence": text(difference.sentence),
        "few": " " + say("charts.groups.few", {"groups": few}) if few else "",
        "gap": " " + say("charts.groups.gap") if gaps else "",
        "rows": " ".join(_hovers(row, scale) for row in rows),
    }
    ends = [value for row in rows for value in (row.middle, row.low, row.high)]
    chart = chart_of(
        comparison,
        name="groups",
        evidence=option_evidence(comparison, option, scale, **evidence),
        marks=marks,
        table=_table(changes, scale, text(difference.unit), rows),
        axes=(turned_axis(ends, scale, pixels=PHONE if narrow else PIXELS), _axis(rows, named=not narrow)),
        height=high * len(rows) + 60,
        right=8 if narrow else 104,
    )
    return replace(chart, name=f"{chart.name}-narrow") if narrow else chart


def _axis(rows: Sequence[_Row], *, named: bool) -> Axis:
    ticks = tuple((-float(index), row.name) for index, row in enumerate(rows)) if named else ()
    beside = tuple(row.size for row in rows) if named and all(row.size for row in rows) else ()
    return Axis(kind="category", range=(0.5 - len(rows), 0.5), ticks=ticks, beside=beside)


def _rows(
    changes: pd.DataFrame, scale: Scale, people: Mapping[str, float], *, least: float, gaps: Mapping[str, str]
) -> list[_Row]:
    names = ("share", "share_low95", "share_high95") if scale.relative else ("mean", "low95", "high95")
    middles, *ends = (scale.sign * changes[name].to_numpy() for name in names)
    bands = np.sort(np.stack(ends), axis=0)
    rows = []
    for group, middle, low, high in zip(map(str, changes.index), middles, *bands, strict=True):
        own = people.get(group)
        few = own is not None and own < least and group != EVERYONE
        rows.append(_Row(group, float(middle), float(low), float(high), own, few, gaps.get(group, "")))
    return rows


def _people(study: Study, layer: Areas) -> dict[str, float]:
    """How many people each group has in the areas that are looked at; none where the layer does not know its people."""
    frame, region = layer.frame, study.terms.region
    if region is not None and region.layer == layer.layer:
        frame = frame.loc[[each for each in frame.index if str(each) in region.area_ids]]
    if "population" not in frame or not frame["population"].notna().all():
        return {}
    people = frame["population"].astype(float)
    groups = {group: float((people * frame[group].astype(float).fillna(0.0)).sum()) for group in layer.groups}
    return {EVERYONE: float(people.sum()), **groups} if people.sum() else {}


def _least(comparison: Comparison) -> float:
    """Below how many people the comparison says that a group is too small."""
    return next((float(each.evidence["least"]) for each in comparison.caveats if each.code == FEW), 0.0)


def _gap_words(comparison: Comparison, option: str, measure: str) -> dict[str, str]:
    """What becomes of each group's distance from everyone, in the measure's unit."""
    gaps = comparison.gaps.get((option, measure))
    if gaps is None:
        return {}
    unit = text(comparison.measure(measure).unit) or say("scale.no_unit")
    scale = Scale(unit, 1)
    found = {}
    for group in map(str, gaps.get_index("group")):
        mean, low, high = (float(gaps.sel(group=group, stat=stat)) for stat in ("mean", "low95", "high95"))
        if np.isfinite(mean):
            side = "narrower" if high < 0 else "wider" if low > 0 else "same" if low == high else "close"
            found[group] = say(
                f"charts.groups.gap_{side}", {"size": scale.size(mean), "range": ends_words(low, high, mean, scale)}
            )
    return found


def _marks(y: float, row: _Row, scale: Scale, *, high: int, narrow: bool) -> list[Mark]:
    role, shape = row.look(scale)
    result, clear = row.words(scale), role != "today"
    ink = role if clear else "ink2"
    known, hovers = np.isfinite(row.middle), [_hovers(row, scale)]
    drawn: list[Mark] = []
    at = y - (18 if row.gap else 10) / high if narrow else y
    if known:
        drawn = [
            Line([row.low, row.high], [at, at], role=role, width=1.8, hover=2 * hovers),
            Points([row.middle], [at], role=role, shape=shape, filled=role != "today", size=11, hover=hovers),
        ]
    if not narrow:
        up = 9.0 if row.gap else 0.0
        drawn.append(Text(0.0, y, result, role=ink, strong=clear, column="right", dy=up))
        return [*drawn, Text(0.0, y, row.gap, role="ink3", column="right", dy=-9)] if row.gap else drawn
    top = y + 0.5
    name = f"{row.name} · {row.size}" if row.size else row.name
    drawn += [
        Text(0.0, top, name, role="ink", strong=True, column="start", dy=-12),
        Text(0.0, top, result, role=ink, strong=clear, column="end", anchor="end", dy=-12),
    ]
    return [*drawn, Text(0.0, top, row.gap, role="ink3", column="start", dy=-29)] if row.gap else drawn


def _hovers(row: _Row, scale: Scale) -> str:
    """What a row says over its marks: everything beside them and its range."""
    low, high, middle = (scale.sign * each for each in (row.low, row.high, row.middle))
    evidence = {
        "group": say("charts.groups.sized", {"group": row.name, "n": row.people}) if row.people else row.name,
        "change": row.words(scale),
        "range": ends_words(low, high, middle, scale) if np.isfinite(middle) else "",
        "gap": f"; {row.gap}" if row.gap else "",
    }
    return say("charts.groups.hover", evidence)


def _table(changes: pd.DataFrame, scale: Scale, unit: str, rows: Sequence[_Row]) -> pd.DataFrame:
    table = change_table(changes, scale, unit=unit).reset_index(drop=True)
    if any(row.people is not None for row in rows):
        table.insert(0, column("people"), [row.people for row in rows])
    table.insert(0, column("group"), [row.name for row in rows])
    return table.assign(**{column("gap"): [row.gap for row in rows]}) if any(row.gap for row in rows) else table
