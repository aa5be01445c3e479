"""A past policy: what was observed beside what was to be expected, policies that never were, and the trends before."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analytics.evaluation import Evaluation
from analytics.results import Caveat
from dashboard.figures.axes import date_axis, number_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Band, Bars, Chart, Key, Line, Mark, Note, Points, Rule
from dashboard.figures.charts.futures import Span
from dashboard.figures.columns import SHARE, column
from dashboard.figures.moments import moment_words
from data.words import say, text

__all__ = ["counterfactual_chart", "dates_chart", "elsewhere_chart", "trends_chart"]

# What limits the expected line stands at its end.
LINE_CODES = ("nothing_to_compare", "methods_disagree", "earlier_trends_differ", "neighbours_changed")
NOTE_APART = 26  # pixels between notes above each other
BAR_DAYS = 9.0  # the width of an interval's bar on an axis of years
STACKED = 30  # columns into which effects of groups of areas are gathered
PER_CENT = 100.0


def counterfactual_chart(
    found: Evaluation, *, location: str = "", caveats: tuple[Caveat, ...] | None = None, span: Span | None = None
) -> Chart:
    """What was observed, and what was to be expected without the policy with its range.

    Parameters
    ----------
    found : of a policy.
    location : what the areas that had it are called; the whole city when empty.
    caveats : replace the result's own.
    span : what is to be seen of the history; all of it when None. The finding is of all of it.

    Returns
    -------
    A chart in the unit of the series.
    """
    line, shown = found.line if span is None else span.of(found.line), found.caveats if caveats is None else caveats
    end = line.index[-1]
    hovers = [
        "" if pd.isna(row["observed"]) else say("charts.counterfactual.hover", _moment(found, when, row))
        for when, row in line.iterrows()
    ]
    codes = [code for code in LINE_CODES if any(each.code == code for each in shown)]
    later = line[line.index >= found.line.index[found.before]]
    away = (
        -1 if line["observed"].iloc[-1] > line["expected"].iloc[-1] else 1
    )  # beside the line, and not over what was observed
    marks: list[Mark] = [
        *([Band(later.index, later["low"], later["high"], role="band95")] if len(later) else []),
        *([Rule(found.since, role="ink3", dash="dash", width=1.4)] if line.index[0] <= found.since <= end else []),
        Line(line.index, line["expected"], role="today", width=2.0, dash="dash", label=say("charts.counterfactual.expected")),
        Line(line.index, line["observed"], role="ink", width=2.2, label=say("charts.counterfactual.observed"), strong=True,
             hover=hovers),
        *(
            Note(end, line["expected"].iloc[-1], code, dx=-8, dy=away * (24 + NOTE_APART * place))
            for place, code in enumerate(codes)
        ),
    ]  # fmt: skip
    units = text(found.series.unit)
    table = pd.DataFrame(
        {
            column("period"): line.index,
            column("observed", unit=units): line["observed"].to_numpy(),
            column("to_be_expected", unit=units): line["expected"].to_numpy(),
            column("low95", unit=units): line["low"].to_numpy(),
            column("high95", unit=units): line["high"].to_numpy(),
        }
    )
    values = [*line["observed"].dropna(), *line["expected"], *later["low"], *later["high"]]
    return _chart(
        found, "counterfactual", marks, table, (date_axis(line.index[0], end), number_axis(values)),
        location=location, caveats=shown, height=340, right=110,
        shown="" if span is None else say("charts.fan.shown", {"first": line.index[0], "last": end}),
    )  # fmt: skip


def _named(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in row.items()}


def _moment(found: Evaluation, when: Any, row: pd.Series) -> dict[str, Any]:
    period = moment_words(pd.Timestamp(str(when)), freq=found.freq)
    return {"when": period, "unit": text(found.series.unit), **{str(key): value for key, value in row.items()}}


def dates_chart(found: Evaluation, *, location: str = "", caveats: tuple[Caveat, ...] | None = None) -> Chart:
    """What the leading method finds at dates when nothing was done, and the policy's own effect beside them.

    Parameters
    ----------
    found : with placebo dates.
    location, caveats : as in ``counterfactual_chart``.

    Returns
    -------
    A chart in per cent.
    """
    dates, effect = found.dates, found.effect
    own = pd.DataFrame({"start": [found.since], "share": [effect.share], "low": [effect.low], "high": [effect.high]})
    both = pd.concat([dates, own], ignore_index=True)
    width = BAR_DAYS * max((both["start"].iloc[-1] - both["start"].iloc[0]).days / 365.25, 0.5)
    marks: list[Mark] = [Rule(0.0, axis="y", role="today", width=2.0)]
    for rows, role, shape, code in ((dates, "ink3", "circle", "hover"), (own, "option_a", "square", "hover_own")):
        hovers = [say(f"charts.placebo_dates.{code}", _named(row)) for row in rows.to_dict("records")]
        bars = PER_CENT * rows[["low", "high"]]
        marks.append(
            Bars(rows["start"], bars["low"], bars["high"], role="band80" if rows is dates else "band50", width=width)
        )
        marks.append(Points(rows["start"], PER_CENT * rows["share"], role=role, shape=shape, size=9, hover=hovers))
    marks.append(Note(dates["start"].iloc[-1], PER_CENT * float(dates["high"].max()), "placebo_dates_fail", dy=16))
    table = pd.DataFrame(
        {column("start"): both["start"]}
        | {
            column(words, unit=SHARE): both[name]
            for words, name in (("effect", "share"), ("low95", "low"), ("high95", "high"))
        }
    )
    values = PER_CENT * both[["low", "high"]].to_numpy().ravel()
    room = pd.Timedelta(days=3 * width)
    axes = (
        date_axis(both["start"].iloc[0] - room, both["start"].iloc[-1] + room, most=4),
        number_axis([0.0, *values], unit="%"),
    )
    return _chart(
        found, "placebo_dates", marks, table, axes, location=location, caveats=caveats, height=250, right=16,
        key=(Key("ink3", say("charts.placebo_dates.never"), shape="circle"), Key("option_a", say("charts.placebo_dates.own"))),
    )  # fmt: skip


def elsewhere_chart(found: Evaluation, *, location: str = "", caveats: tuple[Caveat, ...] | None = None) -> Chart:
    """What the leading method finds in groups of areas without the policy, one dot a group, and the policy's own effect.

    Parameters
    ----------
    found : with placebo areas.
    location, caveats : as in ``counterfactual_chart``.

    Returns
    -------
    A chart in per cent.
    """
    effects, own = PER_CENT * np.array(found.shifted), PER_CENT * found.effect.share
    low, high = min(effects.min(), own), max(effects.max(), own)
    step = (high - low) / STACKED or 1.0
    bins = np.round(effects / step)
    heights = np.array([(bins[:place] == each).sum() + 1.0 for place, each in enumerate(bins)])
    hovers = [say("charts.placebo_areas.hover", {"share": each / PER_CENT}) for each in effects]
    marks: list[Mark] = [
        Rule(0.0, role="today", width=2.0),
        Points(bins * step, heights, role="ink3", filled=False, size=8, hover=hovers),
        Points([own], [1.0], role="option_a", shape="square", size=12,
               hover=[say("charts.placebo_areas.hover_own", {"share": found.effect.share})]),
    ]  # fmt: skip
    x = number_axis([low, high, 0.0], unit="%", most=5)
    y = Axis(range=(0.0, max(heights.max() + 1.5, 5.0)), ticks=())
    table = pd.DataFrame({column("effect", unit=SHARE): [found.effect.share, *found.shifted],
                          column("policy"): [True, *([False] * len(effects))]})  # fmt: skip
    return _chart(
        found, "placebo_areas", marks, table, (x, y), location=location, caveats=caveats, height=250, right=16,
        key=(Key("ink3", say("charts.placebo_areas.never"), shape="circle", filled=False),
             Key("option_a", say("charts.placebo_areas.own"))),
    )  # fmt: skip


def trends_chart(found: Evaluation, *, location: str = "", caveats: tuple[Caveat, ...] | None = None) -> Chart:
    """How far the treated areas lay from the others over time, with intervals: before the policy around 0 if trends were parallel.

    Parameters
    ----------
    found : with an event study.
    location, caveats : as in ``counterfactual_chart``.

    Returns
    -------
    A chart in per cent where values add up, else in units.

    Raises
    ------
    ValueError
        When there is no event study.
    """
    if found.study is None:
        raise ValueError("an evaluation without areas to compare has no event study")
    blocks, scale = found.study.blocks, PER_CENT if found.series.value_type == "count" else 1.0
    shown = blocks.assign(**{name: scale * blocks[name] for name in ("gap", "low", "high")})
    width = 0.25 * (blocks["start"].iloc[1] - blocks["start"].iloc[0]).days
    unit = "%" if scale == PER_CENT else text(found.series.unit)
    hovers = [
        say("charts.trends.hover", {**_named(row), "start": moment_words(row["start"], freq=found.freq), "unit": unit})
        for row in shown.to_dict("records")
    ]
    later = shown["after"]
    marks: list[Mark] = [
        Rule(0.0, axis="y", role="today", width=2.0),
        Rule(found.since, role="ink3", dash="dash", width=1.4),
        Bars(shown["start"], shown["low"], shown["high"], role="band80", width=width),
        Points(shown.loc[~later, "start"], shown.loc[~later, "gap"], role="ink3", size=9,
               hover=[words for words, after in zip(hovers, later, strict=True) if not after]),
        Points(shown.loc[later, "start"], shown.loc[later, "gap"], role="option_a", shape="square", size=9,
               hover=[words for words, after in zip(hovers, later, strict=True) if after]),
        Note(shown["start"].iloc[0], float(shown["high"].iloc[0]), "earlier_trends_differ", dy=16),
    ]  # fmt: skip
    units = SHARE if scale == PER_CENT else unit
    table = pd.DataFrame(
        {column("start"): blocks["start"]}
        | {
            column(words, unit=units): blocks[name]
            for words, name in (("distance", "gap"), ("low95", "low"), ("high95", "high"))
        }
    )
    room = pd.Timedelta(days=width)
    x = date_axis(blocks["start"].iloc[0] - room, blocks["start"].iloc[-1] + room, most=4)
    y = number_axis([0.0, *shown["low"], *shown["high"]], unit=unit)
    return _chart(
        found, "trends", marks, table, (x, y), location=location, caveats=caveats, height=250, right=16,
        headline="headline" if found.study.parallel else "headline_apart",
        key=(Key("ink3", say("charts.trends.before"), shape="circle"), Key("option_a", say("charts.trends.after"))),
    )  # fmt: skip


def _chart(
    found: Evaluation, name: str, marks: list[Mark], table: pd.DataFrame, axes: tuple[Axis, Axis], *, location: str,
    caveats: tuple[Caveat, ...] | None, height: int, right: int, key: tuple[Key, ...] = (), headline: str = "headline",
    shown: str = "",
) -> Chart:  # fmt: skip
    method = say(f"evaluation.methods.{found.lead.method}")
    clear = 0 if found.dates_clear is None else round(found.dates_clear * len(found.dates))
    evidence = {
        "verdict": text(found.verdict),
        "series": text(found.subject),
        "unit": text(found.series.unit),
        "each": found.freq.each,
        "location": location or say("places.all"),
        "since": found.since,
        "shown": shown,
        "method": method,
        "before": found.freq.periods(found.before),
        "after": found.freq.periods(found.after),
        "areas": len(found.compared_with),
        "dates": len(found.dates),
        "clear": clear,
        "groups": len(found.shifted),
        "rank": found.rank,
        "p": None if found.study is None else found.study.p,
    }
    return chart_of(
        found, name=name, evidence=evidence, marks=marks, table=table, axes=axes, caveats=caveats, key=key, height=height,
        right=right, headline=headline, key_width=330,
    )  # fmt: skip
