"""The fan of a forecast, and what became of the forecasts before it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.registry import models
from analytics.forecasting.results import Backtest, Forecast
from analytics.results import Caveat, Result
from dashboard.figures.chart import Axis, Band, Bars, Chart, Key, Line, Mark, Note, Points, Rule, Text
from dashboard.figures.charts.build import chart_of, period_word
from dashboard.figures.charts.futures import Outlook, outlook_of
from dashboard.figures.charts.ticks import date_axis, number_axis
from data import Series
from data.words import as_number, say

__all__ = ["fan_chart", "series_chart", "track_record_chart"]

BANDS = ((0.025, 0.975, "band95", "19 in 20"), (0.1, 0.9, "band80", "8 in 10"), (0.25, 0.75, "band50", "1 in 2"))
PROBABLE = 0.75  # the edge of "probably" in the words for a chance
SMALL_CHANGE = 0.02  # below this share of the present level nothing is said to move
MOST_BARS = 34  # bars and gaps of 8 px each in a figure of half the page
FORECAST_WIDTH = 92  # pixels that the word "forecast" and its arrow take
FORECAST_CODES = ("horizon_long", "interval_undercovers", "worse_than_naive")


def fan_chart(
    forecast: Forecast,
    *,
    area_id: str | None = None,
    category: str | None = None,
    place: str = "",
    caveats: tuple[Caveat, ...] | None = None,
    beside: Forecast | None = None,
    since: Series | None = None,
) -> Chart:
    """The past and the range of the future, with the middle, the same time last year and where the data end.

    ``place`` names what is shown ("all Chicago", "Austin"); without it the area's id stands there. Days are summed to
    weeks when the horizon reaches two weeks or more: the title says so. ``beside`` is another model's forecast of the
    same, drawn dashed; ``since`` the series as it is known now, whose values after the cutoff are drawn as dots.
    """
    outlook = outlook_of(forecast, area_id=area_id, category=category)
    evidence = _fan_evidence(forecast, outlook, place or area_id or say("places.all"), category)
    shown = forecast.caveats if caveats is None else caveats
    other = None if beside is None else outlook_of(beside, area_id=area_id, category=category)
    came = _came(outlook, since, area_id=area_id, category=category)
    evidence |= _beside_words(beside, outlook, came)
    others = [] if other is None else [*other.future[0.1], *other.future[0.9]]
    y = number_axis([*outlook.past, *outlook.future.to_numpy().ravel(), *outlook.last_year, *others, *came])
    return chart_of(
        forecast,
        name="fan",
        evidence=evidence,
        marks=[*_fan_marks(outlook, shown, top=y.range[1] if y.range else 0.0), *_beside_marks(other, came)],
        table=_fan_table(outlook, forecast.series.unit),
        axes=(
            date_axis(outlook.past.index[0], outlook.future.index[-1]),
            y,
        ),
        headline=f"headline_{_direction(outlook)}",
        caveats=shown,
        height=330,
    )


def _came(outlook: Outlook, since: Series | None, *, area_id: str | None, category: str | None) -> pd.Series:
    """What came in the periods of the fan, at its own frequency; empty where nothing later is known."""
    if since is None:
        return pd.Series(dtype=float)
    chosen = since.select(
        areas=None if area_id is None else (area_id,), categories=None if category is None else (category,)
    )
    total = chosen.total()
    if outlook.freq == "7D":
        total = total.rolling(7).sum()
    return total.reindex(outlook.future.index).dropna()


def _beside_words(beside: Forecast | None, outlook: Outlook, came: pd.Series) -> dict[str, str]:
    """The parts of the line on ranges that only sometimes hold."""
    inside = came.between(outlook.future[0.1].reindex(came.index), outlook.future[0.9].reindex(came.index))
    model = "" if beside is None else beside.model_title
    return {
        "beside": "" if beside is None else say("charts.fan.beside", {"model": model}),
        "came": say("charts.fan.came", {"inside": int(inside.sum()), "n": len(came)}) if len(came) else "",
    }


def _beside_marks(other: Outlook | None, came: pd.Series) -> list[Mark]:
    marks: list[Mark] = []
    if other is not None:
        index = other.future.index
        marks += [
            Line(index, other.future[level], role="option_b", width=width, dash="dash")
            for level, width in ((0.1, 1.2), (0.5, 2.0), (0.9, 1.2))
        ]
    if len(came):
        marks.append(Points(came.index, came, role="ink", size=8, filled=False))
    return marks


def _direction(outlook: Outlook) -> str:
    change = outlook.future[0.5].iloc[-1] - outlook.level
    if abs(change) <= SMALL_CHANGE * abs(outlook.level):
        return "near"
    if outlook.chance_above >= PROBABLE:
        return "rise"
    return "fall" if outlook.chance_above <= 1 - PROBABLE else "near"


def _fan_evidence(forecast: Forecast, outlook: Outlook, place: str, category: str | None) -> dict[str, Any]:
    last = outlook.future.iloc[-1]
    return {
        "series": forecast.series.title if category is None else f"{forecast.series.title}, {category}",
        "measure": forecast.series.measure or forecast.series.title,
        "place": place,
        "period": period_word(outlook.freq),
        "median": last[0.5],
        "low": last[0.1],
        "high": last[0.9],
        "by": outlook.future.index[-1],
        "cutoff": forecast.cutoff,
        "weekday": f"{forecast.cutoff:%A}",
        "horizon": forecast.horizon,
        "own_period": period_word(forecast.series.freq),
        "model": forecast.model_title,
        "summed": say("charts.fan.summed") if outlook.freq == "7D" else "",
        "tested": 0 if forecast.backtest is None else len(forecast.backtest.cutoffs),
    }


def _fan_marks(outlook: Outlook, caveats: tuple[Caveat, ...], *, top: float) -> list[Mark]:
    past, future = outlook.past, outlook.future
    known = past.dropna()
    # The bands start at the last known point, so that the fan opens where the data end.
    start = pd.DataFrame(known.iloc[-1], index=known.index[-1:], columns=future.columns)
    fan = pd.concat([start, future])
    end, last = fan.index[0], future.iloc[-1]
    marks: list[Mark] = [
        Band(fan.index, fan[low], fan[high], role=role, label=label) for low, high, role, label in BANDS
    ]
    if outlook.last_year.notna().any():
        label = say("labels.last_year")
        marks.append(Line(future.index, outlook.last_year, role="today", width=1.4, dash="dot", label=label))
    marks += [
        Line(past.index, past, role="ink", width=2.0),
        Line(fan.index, fan[0.5], role="median", width=2.2, label=_middle(last[0.5]), strong=True),
        Points(fan.index[:1], fan[0.5].iloc[:1], role="ink", size=8),
        Rule(end, role="line"),
        Text(end, top, say("labels.data_end", {"date": end}), role="ink2", anchor="end", dx=-8, dy=12),
        Text(end, top, say("labels.forecast"), role="ink2", dx=8, dy=12),
    ]
    present = {caveat.code for caveat in caveats}
    codes = [code for code in FORECAST_CODES if code in present]
    marks += [Note(end, top, code, dx=FORECAST_WIDTH + 24 * place, dy=12) for place, code in enumerate(codes)]
    gaps = past.index[past.isna()]
    if "missing_periods" in present and len(gaps):
        marks.append(Note(gaps[-1], float(known.min()), "missing_periods", dy=-14))
    return marks


def _middle(value: float) -> str:
    return say("labels.middle", {"value": value})


def _fan_table(outlook: Outlook, unit: str) -> pd.DataFrame:
    suffix = f" ({unit})" if unit else ""
    past = pd.DataFrame({f"observed{suffix}": outlook.past})
    future = outlook.future.rename(columns={level: f"forecast q{level:g}{suffix}" for level in outlook.future.columns})
    future[f"a year before{suffix}"] = outlook.last_year
    name = "week ending" if outlook.freq == "7D" else "period"
    return pd.concat([past, future]).rename_axis(name).reset_index()


def track_record_chart(backtest: Backtest, *, title: str = "", freq: str = "D") -> Chart:
    """What was said and what came, for the total over all areas: bars hold 8 in 10, hollow diamonds came outside.

    All tested periods are counted and stand in the table; where there are too many to draw, evenly spaced ones are.
    ``title`` names the series, ``freq`` is its frequency. A model that was tested on a sample of the series has no
    record of the total; the chart then says so and holds no marks.
    """
    track = backtest.track.dropna(subset=["actual"]) if len(backtest.track) else backtest.track
    evidence = {
        "series": title or backtest.series,
        "origins": len(backtest.cutoffs),
        "model": getattr(models().get(backtest.model), "title", backtest.model),
        "scored": backtest.series_scored,
        "total": backtest.series_total,
        "period": period_word(freq),
    }
    if track.empty:
        return _no_record(backtest, evidence)
    inside = track["actual"].between(track["q0.1"], track["q0.9"]).to_numpy()
    every = _spacing(len(track), freq)
    shown, came_inside = track.iloc[::every], inside[::every]
    evidence |= {"inside": int(inside.sum()), "n": len(track), "promised": 0.8 * len(track), "drawn": len(shown)}
    return chart_of(
        backtest,
        name="track",
        evidence={**evidence, "first": track["period"].min(), "last": track["period"].max()},
        marks=_track_marks(shown, came_inside),
        table=track.assign(inside_80=inside),
        axes=(
            _dates_around(pd.DatetimeIndex(shown["period"])),
            number_axis([*shown["q0.1"], *shown["q0.9"], *shown["actual"]]),
        ),
        key=(
            Key("band80", say("key.said")),
            Key("ink", say("key.inside"), "circle"),
            Key("worse", say("key.outside"), "diamond", filled=False),
        ),
        height=240,
        right=12,
    )


def _no_record(backtest: Backtest, evidence: dict[str, Any]) -> Chart:
    return chart_of(
        backtest,
        name="track",
        evidence={**evidence, "inside": 0, "n": 0, "promised": 0, "drawn": 0, "first": pd.NaT, "last": pd.NaT},
        marks=(),
        table=backtest.by_origin,
        axes=(Axis(), Axis()),
        headline="headline_none",
        height=60,
    )


def _spacing(rows: int, freq: str) -> int:
    """One row in how many is drawn; days in whole weeks, so that the bars compare like with like."""
    every = max(1, int(np.ceil(rows / MOST_BARS)))
    return 7 * int(np.ceil(every / 7)) if freq == "D" and every > 1 else every


def _track_marks(shown: pd.DataFrame, came_inside: npt.NDArray[np.bool_]) -> list[Mark]:
    when = pd.DatetimeIndex(shown["period"])
    inside, outside = shown[came_inside], shown[~came_inside]
    width = 0.5 * _gap(when) / pd.Timedelta(days=1)
    return [
        Bars(when, shown["q0.1"], shown["q0.9"], role="band80", width=width),
        Points(inside["period"], inside["actual"], role="ink", size=7.5),
        Points(outside["period"], outside["actual"], role="worse", shape="diamond", filled=False, size=9),
    ]


def _gap(when: pd.DatetimeIndex) -> pd.Timedelta:
    return pd.Series(when).diff().median() if len(when) > 1 else pd.Timedelta(days=1)


def _dates_around(when: pd.DatetimeIndex) -> Axis:
    return date_axis(when[0] - _gap(when), when[-1] + _gap(when))


def series_chart(
    series: Series,
    *,
    since: pd.Timestamp | None = None,
    until: pd.Timestamp | None = None,
    place: str = "",
    caveats: tuple[Caveat, ...] = (),
) -> Chart:
    """What was observed: the total of a series (or of a selection made before) by period, gaps left open."""
    total = series.total().loc[since:until]
    known = total.dropna()
    evidence = {
        "series": series.title,
        "measure": series.measure or series.title,
        "place": place or say("places.all"),
        "period": period_word(series.freq),
        "last": known.iloc[-1],
        "mean": known.mean(),
        "when": known.index[-1],
        "from_": total.index[0],
        "to": total.index[-1],
    }
    return chart_of(
        Result(made_from=(series.provenance,), caveats=caveats),
        name="series",
        evidence=evidence,
        marks=[
            Line(total.index, total, role="ink", width=1.6),
            Points(known.index[-1:], known.iloc[-1:], role="ink", size=8),
            Text(known.index[-1], known.iloc[-1], as_number(float(known.iloc[-1])), role="ink", strong=True, dx=10),
        ],
        table=total.rename(f"{series.measure or series.name} ({series.unit})").rename_axis("period").reset_index(),
        axes=(date_axis(total.index[0], total.index[-1]), number_axis(list(known))),
        height=260,
        right=56,
    )
