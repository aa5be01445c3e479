"""A series beside the weather: its days on their temperature, and a spell of heat beside the same days of other years."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analytics.environment import Energy, Heat
from analytics.results import Caveat
from dashboard.figures.axes import number_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Band, Chart, Key, Line, Mark, Note, Points, Rule, Text
from dashboard.figures.columns import column
from dashboard.figures.moments import moment_words
from data.frequency import Frequency
from data.words import as_short_date, say, text

__all__ = ["energy_chart", "heat_chart"]

DRAWN = 400  # days: more would cover each other, and each carries a sentence
POOR = "energy_poorly_explained"  # what limits the line stands at its end
PARTS = ((True, "working", "circle"), (False, "free", "square"))


def energy_chart(found: Energy, *, caveats: tuple[Caveat, ...] | None = None) -> Chart:
    """Each day's use on its temperature, with the broken line of working days and of others, and the balance point.

    Parameters
    ----------
    found : the curve.
    caveats : replace the result's own.

    Returns
    -------
    Chart
        In the unit of the series; its table holds every day, drawn or not.
    """
    unit, degree, terms = text(found.series.unit), text(found.degree), found.terms
    shown = found.days.iloc[np.unique(np.linspace(0, len(found.days) - 1, DRAWN).round().astype(int))]
    lines = {working: _curve(found, working=working, name=name) for working, name, _ in PARTS}
    values = number_axis([*shown["observed"], *(y for line in lines.values() for y in np.asarray(line.y))], unit=unit)
    degrees = number_axis(found.days["temperature"].tolist(), unit=degree, most=6)
    low, high = values.range or (0.0, 1.0)
    balance = terms.loc["balance"]
    marks: list[Mark] = [
        Band([balance["low"], balance["high"]], [low, low], [high, high], role="band95"),
        Rule(found.balance, role="ink3", dash="dash", width=1.4),
    ]
    for working, _, shape in PARTS:
        rows = shown[shown["working"] == working]
        hovers = [_day_words(when, row, found) for when, row in rows.iterrows()]
        marks.append(
            Points(rows["temperature"].to_numpy(), rows["observed"].to_numpy(), role="ink3", shape=shape, filled=working,
                   size=5, hover=hovers)
        )  # fmt: skip
        marks.append(lines[working])
    marks.append(Text(found.balance, high, say("charts.energy.balance"), role="ink2", dx=7, dy=-6))
    marks.append(Note(float(found.days["temperature"].max()), float(found.days["expected"].iloc[-1]), POOR, dx=12))
    adds = bool((terms.loc[["below", "above"], "estimate"] > 0).all())
    evidence: dict[str, Any] = {
        "series": text(found.series.title), "unit": unit, "degree": degree, "temperature": text(found.temperature),
        "r2": found.r2, "days": len(found.days), "drawn": len(shown), "left_out": found.left_out,
        "from_": found.days.index[0], "to": found.days.index[-1],
    }  # fmt: skip
    for term, row in terms.iterrows():
        evidence |= {str(term): row["estimate"], f"{term}_low": row["low"], f"{term}_high": row["high"]}
    return chart_of(
        found, name="energy", evidence=evidence, marks=marks, table=_days_table(found, unit=unit, degree=degree),
        axes=(degrees, values), headline="headline" if adds else "headline_other", caveats=caveats, height=340, right=24,
        key=(Key("ink3", say("charts.energy.key_working"), shape="circle"),
             Key("ink3", say("charts.energy.key_free"), shape="square", filled=False),
             Key("option_a", say("charts.energy.key_line"), shape="line")),
    )  # fmt: skip


def _curve(found: Energy, *, working: bool, name: str) -> Line:
    """The broken line of working days, or of others: at its ends and where it breaks."""
    ends = found.days["temperature"]
    at = np.array([ends.min(), found.balance, ends.max()])
    values = found.expected(at, working_day=working)
    evidence = {"unit": text(found.series.unit), "degree": text(found.degree)}
    hovers = [
        say(f"charts.energy.hover_{name}", {"at": x, "value": y, **evidence}) for x, y in zip(at, values, strict=True)
    ]
    return Line(at, values, role="option_a", width=2.2, dash="solid" if working else "dash", hover=hovers)


def _day_words(when: Any, row: pd.Series, found: Energy) -> str:
    day = moment_words(pd.Timestamp(when), freq=Frequency.DAY)
    evidence = {"unit": text(found.series.unit), "degree": text(found.degree)}
    numbers = {name: row[name] for name in ("temperature", "observed", "expected")}
    return say("charts.energy.hover", {"when": day, **numbers, **evidence})


def _days_table(found: Energy, *, unit: str, degree: str) -> pd.DataFrame:
    days = found.days
    return pd.DataFrame(
        {
            column("day"): days.index,
            column("temperature", unit=degree): days["temperature"].to_numpy(),
            column("working_day"): days["working"].to_numpy(),
            column("observed", unit=unit): days["observed"].to_numpy(),
            column("on_the_line", unit=unit): days["expected"].to_numpy(),
        }
    )


def heat_chart(found: Heat, *, caveats: tuple[Caveat, ...] | None = None) -> Chart:
    """What came in a spell of heat, beside the same days of other years and what one more of these may have.

    Parameters
    ----------
    found : whose first spell is drawn.
    caveats : replace the result's own.

    Returns
    -------
    Chart
        In the unit of the series, a mark a year.
    """
    unit, worst, years = text(found.series.unit), found.spells.iloc[0], found.by_year
    others = years.drop(found.year)
    usual = (worst["observed"] - worst["high"], worst["observed"] - worst["low"])
    span = [float(years.index.min()) - 0.5, float(years.index.max()) + 0.5]
    marks: list[Mark] = [
        Band(span, [usual[0]] * 2, [usual[1]] * 2, role="band80"),
        Line(span, [worst["expected"]] * 2, role="today", width=2.0, dash="dash", label=say("charts.heat.usual")),
        Points(others.index.to_numpy(float), others.to_numpy(), role="ink3", filled=False, size=8,
               hover=_year_words(found, others)),
        Points([float(found.year)], [worst["observed"]], role="option_a", shape="square", size=11,
               hover=_year_words(found, years.loc[[found.year]])),
        *(Note(float(found.year), worst["observed"], code, dx=22 + 26 * place, dy=0)
          for place, code in enumerate(each.code for each in caveats or found.caveats if each.code.startswith("excess"))),
    ]  # fmt: skip
    step = -(-len(years) // 8)
    ticks = tuple((float(year), _year(int(year))) for year in years.index[::step])
    evidence = {
        name: worst[name] for name in ("first", "last", "observed", "expected", "excess", "low", "high", "peak")
    }
    evidence |= {
        "series": text(found.series.title), "unit": unit, "degree": text(found.degree), "years": len(others),
        "usual_low": usual[0], "usual_high": usual[1], "spells": len(found.spells), "left_out": found.left_out,
        "least": float(others.min()), "most": float(others.max()),
        "since": _year(years.index.min()), "until": _year(years.index.max()), "year": _year(found.year),
    }  # fmt: skip
    table = pd.DataFrame(
        {column("year"): years.index, column("observed", unit=unit): years.to_numpy(),
         column("in_heat"): years.index == found.year}
    )  # fmt: skip
    return chart_of(
        found, name="heat", evidence=evidence, marks=marks, table=table,
        axes=(Axis(range=(span[0], span[1]), ticks=ticks), number_axis([*years, *usual], unit=unit)),
        headline=_headline(worst), caveats=caveats, height=280, right=90,
        key=(Key("option_a", say("charts.heat.key_own")), Key("ink3", say("charts.heat.key_others"), shape="circle", filled=False)),
    )  # fmt: skip


def _headline(worst: pd.Series) -> str:
    """More than usual, fewer, or what other years have too."""
    if worst["low"] > 0:
        return "headline"
    return "headline_fewer" if worst["high"] < 0 else "headline_usual"


def _year_words(found: Heat, years: pd.Series) -> list[str]:
    usual, unit = found.spells.iloc[0]["expected"], text(found.series.unit)
    code = "charts.heat.hover_own" if found.year in years.index else "charts.heat.hover"
    return [
        say(code, {"year": _year(int(str(year))), "value": value, "unit": unit, "usual": usual})
        for year, value in years.items()
    ]


def _year(year: int) -> str:
    return as_short_date(pd.Timestamp(year, 1, 1), part="year")
