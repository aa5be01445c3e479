"""Each group's share of the residents, of the reports and of the flagged cells."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from analytics.equity import group_label
from analytics.hotspots.audit import Audit
from dashboard.figures.axes import share_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Key, Line, Mark, Points, Role, Text
from dashboard.figures.columns import SHARE, column
from data.words import say, text

__all__ = ["exposure_chart"]

ROW, NARROW_ROW = 46, 72  # pixels a group
PHONE = 330  # pixels of the plot on a phone 390 wide
Row = Mapping[Hashable, Any]


def exposure_chart(audit: Audit, *, narrow: bool = False) -> Chart:
    """One row a group of areas: residents a ring, reports a diamond, flags a square with its interval.

    Parameters
    ----------
    audit : of a hotspot map.
    narrow : whether words stand above the marks, as a phone needs it.

    Returns
    -------
    A chart of shares.
    """
    rows = audit.exposure.to_dict("records")
    marks: list[Mark] = []
    for index, row in enumerate(rows):
        marks += _row(-float(index), row, narrow=narrow)
    most = max((value for row in rows for value in (row["residents"], row["reports"], row["high"])), default=1.0)
    apart = [row for row in rows if row["verdict"] in ("more", "less")]
    evidence = {
        "title": text(audit.hotspots.incidents.title),
        "share": audit.share,
        "groups": len(rows),
        "apart": [text(group_label(str(row["group"]))) for row in apart],
        "days": audit.hotspots.horizon_days,
        "reports": rows[0]["reports_n"] if rows else 0,
        "rows": " ".join(map(_in_words, rows)),
    }
    ticks = () if narrow else tuple((-float(index), _name(row)) for index, row in enumerate(rows))
    chart = chart_of(
        audit,
        name="exposure",
        evidence=evidence,
        marks=marks,
        table=_table(rows),
        axes=(
            share_axis(min(1.0, 1.12 * most)),
            Axis(kind="category", range=(0.4 - len(rows), 0.7), ticks=ticks),
        ),
        headline="headline_apart" if apart else "headline",
        key=(
            Key("today", say("charts.exposure.residents"), "circle", filled=False),
            Key("worse", say("charts.exposure.of_reports"), "diamond", filled=False),
            Key("flagged", say("charts.exposure.of_flags")),
        ),
        height=(NARROW_ROW if narrow else ROW) * len(rows) + 70,
        right=8 if narrow else 190,
    )
    return replace(chart, name=f"{chart.name}-narrow", key_width=PHONE) if narrow else chart


def _table(rows: Sequence[Row]) -> pd.DataFrame:
    numbers = ("areas", "residents", "reports", "reports_n", "flags", "low", "high")
    columns = {"group": [text(group_label(str(row["group"]))) for row in rows]}
    columns |= {name: [row[name] for row in rows] for name in numbers}
    columns["verdict"] = [say(f"charts.exposure.verdict_{row['verdict']}") for row in rows]
    shares = ("residents", "reports", "flags", "low", "high")
    return pd.DataFrame(
        {column(f"exposure_{name}", unit=SHARE if name in shares else ""): each for name, each in columns.items()}
    )


def _name(row: Row) -> str:
    evidence = {"group": text(group_label(str(row["group"]))), "n": row["areas"]}
    return say("charts.exposure.group", evidence)


def _in_words(row: Row) -> str:
    """A row for those who cannot see it."""
    numbers = {str(name): value for name, value in row.items()} | {"group": _name(row)}
    return say("charts.exposure.row_few" if row["verdict"] == "few" else "charts.exposure.row", numbers)


def _row(y: float, row: Row, *, narrow: bool) -> list[Mark]:
    few = row["verdict"] == "few"
    words = say("charts.exposure.few") if few else _words(row)
    role: Role = "ink3" if few else "ink2"
    if narrow:
        top = y + 0.5
        beside: list[Mark] = [
            Text(0.0, top, _name(row), role="ink", strong=True, column="start", dy=-10),
            Text(0.0, top, words, role=role, column="start", dy=-27),
        ]
    else:
        beside = [Text(0.0, y, words, role=role, column="right")]
    return beside if few else [*_drawn(y - 16 / NARROW_ROW if narrow else y, row), *beside]


def _words(row: Row) -> str:
    return say("charts.exposure.words", {"flags": row["flags"], "reports": row["reports"]})


def _drawn(y: float, row: Row) -> list[Mark]:
    evidence = {"group": _name(row), **{str(name): value for name, value in row.items() if name != "group"}}
    hovers = {name: say(f"charts.exposure.hover_{name}", evidence) for name in ("residents", "reports", "flags")}
    return [
        Points(
            [row["residents"]], [y], role="today", shape="circle", filled=False, size=11, hover=[hovers["residents"]]
        ),
        Points([row["reports"]], [y], role="worse", shape="diamond", filled=False, size=11, hover=[hovers["reports"]]),
        Line([row["low"], row["high"]], [y, y], role="flagged", width=1.8, hover=2 * [hovers["flags"]]),
        Points([row["flags"]], [y], role="flagged", shape="square", size=10, hover=[hovers["flags"]]),
    ]
