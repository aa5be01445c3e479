"""The outlook as a page to take along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analytics.forecasting import Forecast
from analytics.results import Caveat, Result
from dashboard.briefings import Briefing, Part, Table, receipt_of
from dashboard.figures.chart import Chart
from dashboard.figures.charts import track_record_chart
from dashboard.figures.charts.futures import Span
from dashboard.figures.moments import measured_words
from dashboard.views.outlook.tables import leaderboard_rows
from data import City
from data.words import say, text

__all__ = ["Beside", "outlook_briefing", "record_charts", "subject_of"]


@dataclass(frozen=True, eq=False)
class Beside:
    """A result that the page shows beside the forecast, and the figures and tables that it is shown in."""

    result: Result
    parts: tuple[Part, ...]


def outlook_briefing(
    outlook: Forecast,
    charts: Sequence[Chart],
    *,
    city: City,
    caveats: tuple[Caveat, ...],
    link: str,
    made: pd.Timestamp,
    beside: Sequence[Beside] = (),
) -> Briefing:
    """What is coming, how wrong forecasts have been, by which model, and what the weather did.

    Parameters
    ----------
    outlook : the forecast.
    charts : of it, the fan first.
    city : whose it is.
    caveats : of the forecast and of the age of its data.
    link : that reopens the view.
    made : the day on which it is written.
    beside : what stands beside the forecast, each with its own figures and tables.

    Returns
    -------
    Briefing
        With the leaderboard of its models behind the figures.
    """
    parts: list[Part] = list(charts)
    if outlook.selection.ratios:
        heads, rows = leaderboard_rows(outlook)
        parts.append(
            Table(say("outlook.leaderboard"), tuple(heads), tuple(map(tuple, rows)), right=(0, 2, 3),
                  subtitle=text(outlook.selection.reason))
        )  # fmt: skip
    parts += [part for each in beside for part in each.parts]
    return Briefing(
        subject=say("briefing.outlook", {"series": outlook.series.title}),
        context=(
            city.name,
            say("page.data_to", {"date": outlook.cutoff}),
            say("page.by_model", {"model": outlook.model_title}),
        ),
        finding=charts[0].headline,
        parts=tuple(parts),
        caveats=caveats,
        made_from=(*outlook.made_from, *(table for each in beside for table in each.result.made_from)),
        receipt=receipt_of([outlook, *(each.result for each in beside)]),
        link=link,
        made=made,
        brand=city.brand,
    )


def subject_of(outlook: Forecast, *, area: str = "") -> list[str]:
    """What a forecast is of: the series, the area and how far ahead.

    Parameters
    ----------
    outlook : the forecast.
    area : its name; none where it is the whole city.
    """
    ahead = say("page.ahead", {"ahead": outlook.series.freq.periods(outlook.horizon)})
    return [text(outlook.series.title), *([area] if area else []), ahead]


def record_charts(
    outlook: Forecast, *, caveats: tuple[Caveat, ...] | None = None, span: Span | None = None
) -> list[Chart]:
    """How past forecasts fared, where there were any, under the page's own caveats; those made in a span, or all."""
    if outlook.backtest is None:
        return []
    record = replace(outlook.backtest, caveats=outlook.caveats if caveats is None else caveats)
    return [
        track_record_chart(
            record,
            title=text(outlook.series.title) + measured_words(outlook.series, freq=outlook.series.freq),
            freq=outlook.series.freq,
            unit=text(outlook.series.unit),
            span=span,
        )
    ]
