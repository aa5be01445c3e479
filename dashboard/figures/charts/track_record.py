"""What became of the forecasts before this one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.registry import models
from analytics.forecasting.results import Backtest
from dashboard.figures.axes import date_axis, number_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Bars, Chart, Key, Mark, Points
from dashboard.figures.charts.futures import Span
from dashboard.figures.columns import column
from dashboard.figures.moments import moment_words
from data.frequency import Frequency
from data.words import as_number, say, text

__all__ = ["track_record_chart"]

PHONE = 330  # pixels of a line of the key, which stands under half a page or a phone
MOST_BARS = 34  # bars and gaps of 8 px each in a figure of half the page


def track_record_chart(
    backtest: Backtest,
    *,
    title: str = "",
    freq: Frequency = Frequency.DAY,
    unit: str = "",
    span: Span | None = None,
) -> Chart:
    """What was predicted and what was observed, for the total over all areas: bars hold 8 in 10, hollow diamonds lie outside.

    All tested periods are counted and stand in the table; where there are too many to draw, evenly spaced ones are.
    A model that was tested on a sample of the series has no record of the total, nor has a series whose areas do not add up
    to one; the chart then says so and holds no marks.

    Parameters
    ----------
    backtest : its ``track`` is what is drawn.
    title, freq, unit : of the series.
    span : of the days on which the forecasts were made that are counted and drawn; all when None.

    Returns
    -------
    A chart in the unit of the series.
    """
    track = backtest.track.dropna(subset=["observed"]) if len(backtest.track) else backtest.track
    if span is not None and len(track):
        track = track[track["cutoff"].between(span.first, span.last)]
    evidence = {
        "series": title or backtest.series,
        "origins": len(backtest.cutoffs) if span is None else track["cutoff"].nunique(),
        "model": text(getattr(models().get(backtest.model), "title", backtest.model)),
        "scored": backtest.series_scored,
        "total": backtest.series_total,
        "periods": freq.plural,
    }
    if track.empty:
        return _no_record(backtest, evidence)
    inside = track["observed"].between(track["q0.1"], track["q0.9"]).to_numpy()
    every = _spacing(len(track), freq)
    shown, shown_inside = track.iloc[::every], inside[::every]
    evidence |= {
        "above": int((track["observed"] > track["q0.9"]).sum()),
        "below": int((track["observed"] < track["q0.1"]).sum()),
    }
    evidence |= {"inside": int(inside.sum()), "n": len(track), "promised": 0.8 * len(track), "drawn": len(shown)}
    return chart_of(
        backtest,
        name="track",
        evidence={**evidence, "first": track["period"].min(), "last": track["period"].max()},
        marks=_track_marks(shown, shown_inside, _hovers(shown, shown_inside, freq, unit)),
        table=_table(track.assign(inside_80=inside), unit=unit),
        axes=(
            _dates_around(pd.DatetimeIndex(shown["period"])),
            number_axis([*shown["q0.1"], *shown["q0.9"], *shown["observed"]]),
        ),
        headline="headline" if span is None else "headline_span",
        key=(
            Key("band80", say("key.predicted")),
            Key("ink", say("key.inside"), "circle"),
            Key("worse", say("key.outside"), "diamond", filled=False),
        ),
        height=240,
        right=12,
        key_width=PHONE,
    )


def _table(track: pd.DataFrame, *, unit: str) -> pd.DataFrame:
    """When it was forecast and for when, what came, what was forecast of it, and whether it lay inside."""
    levels = [name for name in map(str, track.columns) if name.startswith("q")]
    names = {name: column(name) for name in ("cutoff", "period", "inside_80")} | {
        "observed": column("observed", unit=unit)
    }
    names |= {name: column("quantile", unit=unit, level=name.removeprefix("q")) for name in levels}
    return track[["cutoff", "period", "observed", *levels, "inside_80"]].rename(columns=names)


def _no_record(backtest: Backtest, evidence: dict[str, Any]) -> Chart:
    return chart_of(
        backtest,
        name="track",
        evidence={
            **evidence,
            "inside": 0,
            "n": 0,
            "promised": 0,
            "drawn": 0,
            "above": 0,
            "below": 0,
            "first": pd.NaT,
            "last": pd.NaT,
        },
        marks=(),
        table=pd.DataFrame(index=range(len(backtest.cutoffs)), data={column("cutoff"): list(backtest.cutoffs)}),
        axes=(Axis(), Axis()),
        headline="headline_apart" if backtest.series_scored == backtest.series_total else "headline_none",
        height=60,
    )


def _spacing(rows: int, freq: Frequency) -> int:
    """One row in how many is drawn; days in whole weeks, so that the bars compare like with like."""
    every = max(1, int(np.ceil(rows / MOST_BARS)))
    return 7 * int(np.ceil(every / 7)) if freq is Frequency.DAY and every > 1 else every


def _hovers(shown: pd.DataFrame, inside: npt.NDArray[np.bool_], freq: Frequency, unit: str) -> list[str]:
    """A sentence for each period: what came, what was to be expected, and whether it lay within."""
    return [
        say(
            f"charts.track.hover_{'inside' if within else 'outside'}",
            {
                "when": moment_words(pd.Timestamp(when), freq=freq),
                "amount": f"{as_number(observed)} {unit}".strip(),
                "low": low,
                "high": high,
                "cutoff": cutoff,
            },
        )
        for when, cutoff, observed, low, high, within in zip(
            shown["period"], shown["cutoff"], shown["observed"], shown["q0.1"], shown["q0.9"], inside, strict=True
        )
    ]


def _track_marks(shown: pd.DataFrame, shown_inside: npt.NDArray[np.bool_], hovers: Sequence[str]) -> list[Mark]:
    when = pd.DatetimeIndex(shown["period"])
    inside, outside = shown[shown_inside], shown[~shown_inside]
    width = 0.5 * _gap(when) / pd.Timedelta(days=1)
    return [
        Bars(when, shown["q0.1"], shown["q0.9"], role="band80", width=width, hover=hovers),
        Points(inside["period"], inside["observed"], role="ink", size=7.5),
        Points(outside["period"], outside["observed"], role="worse", shape="diamond", filled=False, size=9),
    ]


def _gap(when: pd.DatetimeIndex) -> pd.Timedelta:
    return pd.Series(when).diff().median() if len(when) > 1 else pd.Timedelta(days=1)


def _dates_around(when: pd.DatetimeIndex) -> Axis:
    return date_axis(when[0] - _gap(when), when[-1] + _gap(when))
