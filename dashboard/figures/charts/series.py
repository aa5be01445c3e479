"""What was observed."""

from __future__ import annotations

import pandas as pd

from analytics.results import Caveat, Result
from dashboard.figures.axes import date_axis, number_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Chart, Line, Points, Text
from dashboard.figures.columns import column
from dashboard.figures.moments import measured_words, moment_words
from data import Series
from data.words import as_number, say, text

__all__ = ["series_chart"]


def series_chart(
    series: Series,
    *,
    since: pd.Timestamp | None = None,
    until: pd.Timestamp | None = None,
    location: str = "",
    caveats: tuple[Caveat, ...] = (),
) -> Chart:
    """What was observed: the total of a series (or of a selection made before) by period, gaps left open.

    Parameters
    ----------
    series : with at least one known value in what is drawn.
    since, until : the first and the last period drawn; from the start and to the end when None.
    location : the name of what was selected; the whole city when empty.
    caveats : a series has none of its own.

    Returns
    -------
    A chart in the unit of the series.
    """
    total = series.total().loc[since:until]
    known = total.dropna()
    evidence = {
        "series": text(series.title),
        "location": location or say("places.all"),
        "period": series.freq.word,
        "measured": measured_words(series, freq=series.freq),
        "amount": f"{as_number(float(known.iloc[-1]))} {text(series.unit)}".strip(),
        "mean": known.mean(),
        "when": known.index[-1],
        "from_": total.index[0],
        "to": total.index[-1],
        "least": known.min(),
        "least_when": known.idxmin(),
        "most": known.max(),
        "most_when": known.idxmax(),
    }
    return chart_of(
        Result(made_from=(series.provenance,), caveats=caveats),
        name="series",
        evidence=evidence,
        marks=[
            Line(total.index, total, role="ink", width=1.6, hover=_hovers(total, series, str(evidence["location"]))),
            Points(known.index[-1:], known.iloc[-1:], role="ink", size=8),
            Text(known.index[-1], known.iloc[-1], as_number(float(known.iloc[-1])), role="ink", strong=True, dx=10),
        ],
        table=total.rename(f"{series.measure or series.name} ({series.unit})")
        .rename_axis(column("period"))
        .reset_index(),
        axes=(date_axis(total.index[0], total.index[-1]), number_axis(list(known))),
        height=260,
        right=56,
    )


def _hovers(total: pd.Series, series: Series, location: str) -> list[str]:
    """A sentence for each period, empty where nothing is known of it."""
    code = "known_count" if series.value_type == "count" else "known"
    shared = {"location": location, "unit": text(series.unit)}
    return [
        ""
        if pd.isna(value)
        else say(
            f"charts.fan.{code}",
            shared | {"when": moment_words(pd.Timestamp(str(when)), freq=series.freq), "value": value},
        )
        for when, value in total.items()
    ]
