"""Each group's share of the residents, of the reports and of the flagged cells."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from analytics.equity import group_label
from analytics.hotspots.audit import Audit
from dashboard.figures.axes import share_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Key, Line, Mark, Points, Text
from dashboard.figures.columns import SHARE, column
from data.words import say, text

__all__ = ["exposure_chart"]

ROW = 46  # pixels a group
Row = Mapping[Hashable, Any]


def exposure_chart(audit: Audit) -> Chart:
    """One row a group of areas: residents a ring, reports a diamond, flags a square with its interval."""
    rows = audit.exposure.to_dict("records")
    marks: list[Mark] = []
    for index, row in enumerate(rows):
        marks += _row(-float(index), row)
    most = max((value for row in rows for value in (row["residents"], row["reports"], row["high"])), default=1.0)
    apart = [row for row in rows if row["verdict"] in ("more", "less")]
    evidence = {
        "title": text(audit.hotspots.incidents.title),
        "share": audit.share,
        "groups": len(rows),
        "apart": [text(group_label(str(row["group"]))) for row in apart],
        "days": audit.hotspots.horizon_days,
        "reports": rows[0]["reports_n"] if rows else 0,
    }
    return chart_of(
        audit,
        name="exposure",
        evidence=evidence,
        marks=marks,
        table=_table(rows),
        axes=(
            share_axis(min(1.0, 1.12 * most)),
            Axis(
                kind="category",
                range=(-len(rows) + 0.4, 0.7),
                ticks=tuple((-float(index), _name(row)) for index, row in enumerate(rows)),
            ),
        ),
        headline="headline_apart" if apart else "headline",
        key=(
            Key("today", say("charts.exposure.residents"), "circle", filled=False),
            Key("worse", say("charts.exposure.of_reports"), "diamond", filled=False),
            Key("flagged", say("charts.exposure.of_flags")),
        ),
        height=ROW * len(rows) + 70,
        right=190,
    )


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


def _row(y: float, row: Row) -> list[Mark]:
    if row["verdict"] == "few":
        return [Text(0.0, y, say("charts.exposure.few"), role="ink3", column="right")]
    words = say("charts.exposure.words", {"flags": row["flags"], "reports": row["reports"]})
    evidence = {"group": _name(row), **{str(name): value for name, value in row.items() if name != "group"}}
    hovers = {name: say(f"charts.exposure.hover_{name}", evidence) for name in ("residents", "reports", "flags")}
    return [
        Points(
            [row["residents"]], [y], role="today", shape="circle", filled=False, size=11, hover=[hovers["residents"]]
        ),
        Points([row["reports"]], [y], role="worse", shape="diamond", filled=False, size=11, hover=[hovers["reports"]]),
        Line([row["low"], row["high"]], [y, y], role="flagged", width=1.8, hover=2 * [hovers["flags"]]),
        Points([row["flags"]], [y], role="flagged", shape="square", size=10, hover=[hovers["flags"]]),
        Text(0.0, y, words, role="ink2", column="right"),
    ]
