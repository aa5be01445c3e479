"""Rows of the tables on the hotspots page: texts, ready to be shown."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analytics.equity import group_label
from analytics.hotspots import Audit, Hotspots, flagged
from analytics.hotspots.backtesting.scoring import RANDOM, SHARES
from analytics.hotspots.significance.emerging import CATEGORIES, Emerging
from dashboard.markup import Rows
from data import Areas
from data.words import Words, as_count, as_date, as_number, as_percent, say, text

__all__ = [
    "against_rows",
    "cluster_rows",
    "delay_rows",
    "emerging_rows",
    "explanation_rows",
    "flagged_rows",
    "gap_rows",
    "half_rows",
    "method_rows",
    "promise_rows",
]

MOST_PARTS = 8  # of a mixture that are worth a line
MOST_GAPS = 6
MOST_DELAYS = 10
COMPARED_AT = 0.05
VANISHED, MOSTLY_GONE, SOME_GONE = 0.25, 0.5, 0.9  # of the flags that are left


def _texts(names: tuple[str, ...], **evidence: object) -> list[str]:
    return [say(f"hotspots.{name}", evidence) for name in names]


def flagged_rows(hotspots: Hotspots, *, share: float, most: int = 5) -> Rows:
    """The areas with the most flagged cells, and the mean chance of an incident in one of those cells."""
    areas = hotspots.incidents.areas
    chosen = flagged(hotspots, share)
    found, of = np.unique(hotspots.cells.area_id[chosen].astype(str), return_inverse=True)
    number, chance = np.bincount(of), np.bincount(of, hotspots.chance.to_numpy()[chosen])
    order = np.argsort(-number, kind="stable")
    names = {} if areas is None else areas.frame["name"]
    rows = [
        [str(names.get(found[at], found[at])), as_count(int(number[at])), as_percent(chance[at] / number[at])]
        for at in order[:most]
    ]
    rest = order[most:]
    if len(rest):
        cells = int(number[rest].sum())
        rows.append([say("page.elsewhere"), as_count(cells), as_percent(chance[rest].sum() / cells)])
    return [say("page.area"), *_texts(("cells", "chance"), days=hotspots.horizon_days)], rows


def method_rows(hotspots: Hotspots) -> Rows:
    """Each method that was judged, and chance: share of later incidents at 1, 2, 5 and 10 % of the area, with PAI."""
    table = hotspots.summary
    rows = []
    for name, title in hotspots.methods.items():
        own = {round(row["share"], 4): row for row in table[table["method"] == name].to_dict("records")}
        if not own:
            continue
        cells = []
        for share in SHARES:
            row = own[round(share, 4)]
            band = f"[{as_percent(row['low'])}, {as_percent(row['high'])}]"
            cells.append(f"{as_percent(row['hit_rate'])} {band} · {as_number(row['pai'])}×")
        rows.append([_marked(hotspots, name, title), *cells])
    return [
        say("page.method"),
        *[say("page.of_area", {"share": share}) for share in SHARES],
    ], rows


def _marked(hotspots: Hotspots, name: str, title: Words) -> str:
    return f"{title} ({say('page.in_use')})" if name == hotspots.method else text(title)


def against_rows(hotspots: Hotspots) -> Rows:
    """Each method against both counts at 5 % of the area, and its other scores."""
    summary = hotspots.summary[hotspots.summary["share"].round(4) == COMPARED_AT]
    at = {row["method"]: row for row in summary.to_dict("records")}
    of_methods = hotspots.scores.to_dict("index")
    rows = []
    for name, title in hotspots.methods.items():
        if name not in at or name == RANDOM:
            continue
        row, scores = at[name], of_methods[name]
        rows.append(
            [
                _marked(hotspots, name, title),
                _ratio(row, "vs_last_year"),
                _ratio(row, "vs_all_history"),
                as_number(row["pei"]),
                as_number(scores["rri"]),
                as_number(scores["bits"]),
                as_percent(scores["coverage_90"]) if scores["coverage_90"] == scores["coverage_90"] else "–",
            ]
        )
    names = ("vs_last_year", "vs_all_history", "pei", "rri", "bits", "coverage_90")
    return [say("page.method"), *_texts(names)], rows


def _ratio(row: Mapping[Hashable, Any], name: str) -> str:
    if name not in row or row[name] != row[name]:
        return "–"
    return f"{row[name]:.2f} [{row[f'{name}_low']:.2f}, {row[f'{name}_high']:.2f}]"


def explanation_rows(explanation: pd.DataFrame) -> Rows:
    """The largest parts of a mixture."""
    rows = [
        [
            say(f"hotspots.memory_{part['memory']}"),
            say(f"hotspots.reach_{part['reach']}"),
            as_percent(part["share"]),
        ]
        for part in explanation.head(MOST_PARTS).to_dict("records")
    ]
    return _texts(("memory", "reach", "share")), rows


def promise_rows(hotspots: Hotspots) -> Rows:
    """At each share: the chance and the membership that flagged cells were promised, and what became of them."""
    own = hotspots.reliability[hotspots.reliability["method"] == hotspots.method]
    rows = [
        [
            as_percent(row["share"]),
            f"{as_percent(row['chance'])}, {as_percent(row['with_event'])}",
            f"{as_percent(row['membership'])}, {as_percent(row['members'])}",
        ]
        for row in own.to_dict("records")
    ]
    return _texts(("promise_share", "promise_chance", "promise_member")), rows


def emerging_rows(found: Emerging) -> Rows:
    """The seven words, how many cells bear each, and what it means."""
    numbers = found.numbers
    rows = [
        [say(f"emerging.words.{word}").capitalize(), as_count(numbers[word]), say(f"emerging.{word}")]
        for word in CATEGORIES
    ]
    return _texts(("word", "cells", "means")), rows


def half_rows(audit: Audit) -> Rows:
    """Each group of areas: its flags now, and if half of its reports were not made."""
    rows = []
    for row in audit.if_half.to_dict("records"):
        left = row["if_half"] / row["flags"] if row["flags"] else 1.0
        word = "vanish" if left < VANISHED else "mostly" if left < MOSTLY_GONE else "some" if left < SOME_GONE else ""
        band = f"{as_percent(row['if_half'])} [{as_percent(row['low'])}, {as_percent(row['high'])}]"
        said = say(f"hotspots.{word}") if word else ""
        rows.append([text(group_label(str(row["group"]))), as_percent(row["flags"]), band, said])
    return [*_texts(("if_half_group", "if_half_now", "if_half_then", "if_half_word"))], rows


def cluster_rows(clusters: pd.DataFrame) -> Rows:
    """Each cluster: where, since when, its incidents beside those expected, and how likely chance makes as strong a one."""
    rows = [
        [
            row["areas"],
            as_date(row["since"]),
            as_count(row["cases"]),
            as_number(row["expected"]),
            as_number(row["p"]),
        ]
        for row in clusters.to_dict("records")
    ]
    return _texts(("cluster_where", "cluster_since", "cluster_cases", "cluster_expected", "cluster_p")), rows


def delay_rows(table: pd.DataFrame, areas: Areas | None) -> Rows:
    """The counters and hours of the day with the largest excess."""
    names = {} if areas is None else areas.frame["name"].astype(str).to_dict()
    rows = [
        [
            str(names.get(row["area_id"], row["area_id"])),
            say(f"hotspots.days_{row['days']}", {"hour": row["hour"], "end": row["hour"] + 1}),
            as_number(row["observed"]),
            as_number(row["expected"]),
            as_number(row["excess"]),
            as_percent(row["congested"]),
        ]
        for row in table.head(MOST_DELAYS).to_dict("records")
    ]
    return _texts(("gap_area", "when", "observed", "expected", "excess", "congested")), rows


def gap_rows(audit: Audit) -> Rows:
    """The areas that report clearly less than a second source says, the least first."""
    areas = audit.hotspots.incidents.areas
    if audit.gaps is None or areas is None:
        return [], []
    rows = [
        [
            str(areas.frame["name"].get(row["area_id"], row["area_id"])),
            f"{row['ratio']:.2f} [{row['low']:.2f}, {row['high']:.2f}]",
            f"{as_count(row['reports'])}, {as_count(row['second'])}",
        ]
        for row in audit.gaps[audit.gaps["gap"]].head(MOST_GAPS).to_dict("records")
    ]
    return _texts(("gap_area", "gap_ratio", "gap_n")), rows
