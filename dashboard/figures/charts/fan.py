"""The fan of a forecast: the past, and the range of the future."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analytics.forecasting.results import Forecast
from analytics.results import Caveat, by_severity
from dashboard.figures.axes import date_axis, number_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Band, Chart, Line, Mark, Note, Points, Rule, Text
from dashboard.figures.charts.futures import Futures, Span, futures_of
from dashboard.figures.columns import column
from dashboard.figures.moments import measured_words, moment_words
from dashboard.figures.render.layout import SIZE
from dashboard.figures.render.typeset import SANS, width_of
from data import Series
from data.words import say, text

__all__ = ["fan_chart"]

BANDS = ((0.025, 0.975, "band95"), (0.1, 0.9, "band80"), (0.25, 0.75, "band50"))
PROBABLE = 0.75  # the edge of "probably" in the words for a chance
SMALL_CHANGE = 0.02  # below this share of the present level nothing is said to move
LETTER = 7  # pixels of a letter at most, on average
# What limits the forecast stands over it; what limits the data, where these end.
FORECAST_CODES = (
    "worse_than_naive", "coverage_failing", "model_drift", "untested", "horizon_long", "interval_undercovers", "few_origins",
    "pinned_model",
)  # fmt: skip
DATA_CODES = ("synthetic_data", "data_stale")
MOST_NOTES = 3  # of the forecast: there is no room for more over a narrow fan


def fan_chart(
    forecast: Forecast,
    *,
    area_id: str | None = None,
    category: str | None = None,
    location: str = "",
    caveats: tuple[Caveat, ...] | None = None,
    beside: Forecast | None = None,
    since: Series | None = None,
    span: Span | None = None,
) -> Chart:
    """The past and the range of the future, with the middle, the same time last year and where the data end.

    Days are summed to weeks when the horizon reaches two weeks or more: the title says so.

    Parameters
    ----------
    forecast : of any frequency.
    area_id, category : what is shown of its series; all together when None.
    location : its name ("all Chicago", "Austin"); without it the area's id stands there.
    caveats : replace the forecast's own, so that those that depend on the clock can be added.
    beside : another model's forecast of the same, drawn dashed.
    since : the series as it is known now, whose values after the cutoff are drawn as dots.
    span : what is to be seen of the history and the forecast; as much of the past as goes with the forecast when None.

    Returns
    -------
    A chart in the unit of the series, whose table holds every level in ``futures.LEVELS``.
    """
    futures = futures_of(forecast, area_id=area_id, category=category, span=span)
    where = location or area_id or say("places.all")
    evidence = _fan_evidence(forecast, futures, where, category)
    shown = forecast.caveats if caveats is None else caveats
    other = None if beside is None else futures_of(beside, area_id=area_id, category=category, span=span)
    observed = _observed(futures, since, area_id=area_id, category=category)
    evidence |= _beside_words(beside, futures, observed)
    hovers = _FanHovers(futures, where, forecast, other, "" if beside is None else text(beside.model_title), observed)
    others = [] if other is None else [*other.seen[0.1], *other.seen[0.9]]
    year_before = futures.last_year.reindex(futures.seen.index)
    y = number_axis([*futures.past, *futures.seen.to_numpy().ravel(), *year_before, *others, *observed])
    return chart_of(
        forecast,
        name="fan",
        evidence=evidence,
        marks=[
            *_fan_marks(futures, shown, top=y.range[1] if y.range else 0.0, hovers=hovers),
            *_beside_marks(other, observed),
        ],
        table=_fan_table(futures, text(forecast.series.unit)),
        axes=(date_axis(*_ends(futures)), y),
        headline=f"headline_{_direction(futures)}",
        caveats=shown,
        height=330,
    )


def _ends(futures: Futures) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The first and the last period that are seen."""
    seen = futures.past.index.append(futures.seen.index)
    return seen[0], seen[-1]


def _observed(futures: Futures, since: Series | None, *, area_id: str | None, category: str | None) -> pd.Series:
    """What was observed in the periods of the fan, at its own frequency; empty where nothing later is known."""
    if since is None:
        return pd.Series(dtype=float)
    chosen = since.select(
        areas=None if area_id is None else (area_id,), categories=None if category is None else (category,)
    )
    total = chosen.total()
    if futures.summed:
        total = total.rolling(7).sum()
    return total.reindex(futures.seen.index).dropna()


def _beside_words(beside: Forecast | None, futures: Futures, observed: pd.Series) -> dict[str, str]:
    """The parts of the line on ranges that only sometimes hold."""
    low, high = (futures.future[level].reindex(observed.index) for level in (0.1, 0.9))
    inside = observed.between(low, high)
    model = "" if beside is None else text(beside.model_title)
    return {
        "beside": "" if beside is None else say("charts.fan.beside", {"model": model}),
        "observed": say("charts.fan.observed", {"inside": int(inside.sum()), "n": len(inside)}) if len(inside) else "",
    }


def _beside_marks(other: Futures | None, observed: pd.Series) -> list[Mark]:
    marks: list[Mark] = []
    if other is not None:
        index = other.seen.index
        marks += [
            Line(index, other.seen[level], role="option_b", width=width, dash="dash")
            for level, width in ((0.1, 1.2), (0.5, 2.0), (0.9, 1.2))
        ]
    if len(observed):
        marks.append(Points(observed.index, observed, role="ink", size=8, filled=False))
    return marks


def _direction(futures: Futures) -> str:
    change = futures.future[0.5].iloc[-1] - futures.level
    if abs(change) <= SMALL_CHANGE * abs(futures.level):
        return "near"
    if futures.chance_above >= PROBABLE:
        return "rise"
    return "fall" if futures.chance_above <= 1 - PROBABLE else "near"


def _fan_evidence(forecast: Forecast, futures: Futures, location: str, category: str | None) -> dict[str, Any]:
    last = futures.future.iloc[-1]
    return {
        "series": ", ".join([text(forecast.series.title), *([category] if category else [])]),
        "location": location,
        "each": futures.freq.each if forecast.series.value_type == "count" else text(forecast.series.unit),
        "measured": measured_words(forecast.series, freq=futures.freq),
        "median": last[0.5],
        "low": last[0.1],
        "high": last[0.9],
        "by": futures.future.index[-1],
        "ahead": forecast.series.freq.periods(forecast.horizon),
        "model": text(forecast.model_title),
        "summed": say("charts.fan.summed") if futures.summed else "",
        "shown": _shown_words(futures),
        **_seen_words(futures),
        "tested": 0 if forecast.backtest is None else len(forecast.backtest.cutoffs),
    }


def _seen_words(futures: Futures) -> dict[str, Any]:
    """What somebody who cannot see the figure would not know: how far the past reaches, up and down, and the future."""
    first, last = _ends(futures)
    known, end = futures.past.dropna(), futures.future.iloc[-1]
    least, most = (known.min(), known.max()) if len(known) else (float("nan"), float("nan"))
    seen_to = futures.past.index[-1] if len(futures.past) else last
    return {
        "seen_from": first,
        "seen_to": seen_to,
        "least": least,
        "most": most,
        "low95": end[0.025],
        "high95": end[0.975],
    }


def _shown_words(futures: Futures) -> str:
    """What is seen, where somebody chose it."""
    if futures.span is None:
        return ""
    first, last = _ends(futures)
    ending = "" if len(futures.seen) else "_past"
    return say(f"charts.fan.shown{ending}", {"first": first, "last": last})


@dataclass(frozen=True, eq=False)
class _FanHovers:
    """The sentences over a fan: one for each period, of all that is drawn at it."""

    futures: Futures
    location: str
    forecast: Forecast
    other: Futures | None
    model: str
    observed: pd.Series

    def past(self) -> list[str]:
        code = "known_count" if self.forecast.series.value_type == "count" else "known"
        past = self.futures.past
        return [
            "" if pd.isna(value) else say(f"charts.fan.{code}", self._evidence(when) | {"value": value})
            for when, value in past.items()
        ]

    def future(self) -> list[str]:
        return [self._expected(when) for when in self.futures.seen.index]

    def _evidence(self, when: Any) -> dict[str, Any]:
        moment = moment_words(pd.Timestamp(when), freq=self.futures.freq, summed=self.futures.summed)
        return {"when": moment, "location": self.location, "unit": text(self.forecast.series.unit)}

    def _expected(self, when: pd.Timestamp) -> str:
        row, before = self.futures.future.loc[when], self.futures.last_year.loc[when]
        evidence = self._evidence(when) | {"value": row[0.5], "low": row[0.1], "high": row[0.9]}
        evidence |= {"least": row[0.025], "most": row[0.975]}
        sentences = [say("charts.fan.expected", evidence)]
        if pd.notna(before):
            sentences.append(say("charts.fan.year_before", {"value": before}))
        if self.other is not None and when in self.other.future.index:
            other = self.other.future.loc[when]
            named = {"model": self.model, "value": other[0.5], "low": other[0.1], "high": other[0.9]}
            sentences.append(say("charts.fan.other", named))
        if when in self.observed.index:
            sentences.append(say("charts.fan.came", {"value": self.observed.loc[when]}))
        return " ".join(sentences)


def _fan_marks(futures: Futures, caveats: tuple[Caveat, ...], *, top: float, hovers: _FanHovers) -> list[Mark]:
    past, future, known = futures.past, futures.seen, futures.history.dropna()
    marks: list[Mark] = []
    middle: list[Mark] = []
    end, at_end = known.index[-1], futures.past.last_valid_index() == known.index[-1]
    if len(future):
        # The bands start at the last known point, so that the fan opens where the data end.
        start = pd.DataFrame(known.iloc[-1], index=known.index[-1:], columns=future.columns)
        fan = pd.concat([start, future]) if at_end else future
        marks += [
            Band(fan.index, fan[low], fan[high], role=role, label=say(f"labels.{role}")) for low, high, role in BANDS
        ]
        last_year = futures.last_year.reindex(future.index)
        if last_year.notna().any():
            label = say("labels.last_year")
            marks.append(Line(future.index, last_year, role="today", width=1.4, dash="dot", label=label))
        # The first point is the last of the past, which tells itself.
        hover = [*([""] if at_end else []), *hovers.future()]
        label = _middle(future[0.5].iloc[-1])
        middle.append(Line(fan.index, fan[0.5], role="median", width=2.2, label=label, strong=True, hover=hover))
    marks += [Line(past.index, past, role="ink", width=2.0, hover=hovers.past()), *middle]
    if at_end:
        marks.append(Points(known.index[-1:], known.iloc[-1:], role="ink", size=8))
    marks += _notes(futures, caveats, top=top, at=end if at_end and len(future) else None)
    gaps = past.index[past.isna()]
    if any(caveat.code == "missing_periods" for caveat in caveats) and len(gaps):
        marks.append(Note(gaps[-1], float(past.min()), "missing_periods", dy=-14))
    return marks


def _notes(futures: Futures, caveats: tuple[Caveat, ...], *, top: float, at: pd.Timestamp | None) -> list[Mark]:
    """Where the data end, and the numbers of what limits them and the forecast on their sides of it.

    Where that day ``at`` is not seen, the numbers that concern what is seen stand at its left edge.
    """
    ordered = [caveat.code for caveat in by_severity(caveats)]
    of_forecast = [code for code in ordered if code in FORECAST_CODES][:MOST_NOTES]
    of_data = [code for code in ordered if code in DATA_CODES]
    if at is None:
        first, _ = _ends(futures)
        codes = [*of_data, *(of_forecast if len(futures.seen) else ())]
        return [Note(first, top, code, dx=9 + 24 * index, dy=12) for index, code in enumerate(codes)]
    right_of_word = 22 + LETTER * len(say("labels.forecast"))
    left_of_words = 24 + width_of(say("labels.data_end", {"date": at}), face=SANS, size=SIZE)
    return [
        Rule(at, role="line"),
        Text(at, top, say("labels.data_end", {"date": at}), role="ink2", anchor="end", dx=-8, dy=12),
        Text(at, top, say("labels.forecast"), role="ink2", dx=8, dy=12),
        *(Note(at, top, code, dx=right_of_word + 24 * index, dy=12) for index, code in enumerate(of_forecast)),
        *(Note(at, top, code, dx=-left_of_words - 24 * index, dy=12) for index, code in enumerate(reversed(of_data))),
    ]


def _middle(value: float) -> str:
    return say("labels.middle", {"value": value})


def _fan_table(futures: Futures, unit: str) -> pd.DataFrame:
    past = pd.DataFrame({column("observed", unit=unit): futures.past})
    levels = {level: column("quantile", unit=unit, level=f"{level:g}") for level in futures.future.columns}
    future = futures.seen.rename(columns=levels)
    future[column("year_before", unit=unit)] = futures.last_year.reindex(future.index)
    name = column("week_ending" if futures.summed else "period")
    return pd.concat([past, future]).rename_axis(name).reset_index()
