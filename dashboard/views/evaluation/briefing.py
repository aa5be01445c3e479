"""A past policy as a page to take along."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.evaluation import Evaluation
from analytics.results import Caveat
from dashboard.briefings import Briefing, Table, receipt_of
from dashboard.figures.chart import Chart
from dashboard.figures.charts import counterfactual_chart, dates_chart, elsewhere_chart, trends_chart
from dashboard.figures.charts.futures import Span
from dashboard.views.evaluation.tables import method_rows
from data import City
from data.words import say, text

__all__ = ["charts_of", "context_of", "evaluation_briefing"]


def charts_of(
    found: Evaluation, *, location: str, caveats: tuple[Caveat, ...], span: Span | None = None
) -> list[Chart]:
    """The figures of a policy: the counterfactual first, then placebos and trends where there are any.

    Parameters
    ----------
    found : of a policy.
    location : what its areas are called.
    caveats : of the page.
    span : what is to be seen of what was observed; all of it when None.

    Returns
    -------
    list of Chart
        At least one.
    """
    charts = [counterfactual_chart(found, location=location, caveats=caveats, span=span)]
    if not found.dates.empty:
        charts.append(dates_chart(found, location=location, caveats=caveats))
    if found.shifted:
        charts.append(elsewhere_chart(found, location=location, caveats=caveats))
    if found.study is not None:
        charts.append(trends_chart(found, location=location, caveats=caveats))
    return charts


def context_of(found: Evaluation, *, city: str, location: str) -> list[str]:
    """City, subject, areas, since when, and to when the data reach.

    Parameters
    ----------
    found : of a policy.
    city : its name.
    location : what its areas are called.
    """
    where = location or say("places.all")
    since = say("evaluated.since_context", {"since": found.since})
    return [city, text(found.subject), where, since, say("page.data_to", {"date": found.until})]


def evaluation_briefing(
    found: Evaluation, charts: Sequence[Chart], *, city: City, location: str, caveats: tuple[Caveat, ...], link: str,
    made: pd.Timestamp,
) -> Briefing:  # fmt: skip
    """Whether a policy worked, by every method, with placebos and earlier trends.

    Parameters
    ----------
    found : of a policy.
    charts : of it, the counterfactual first.
    city : whose it is.
    location : what its areas are called.
    caveats : of the page.
    link : that reopens the view.
    made : the day on which it is written.

    Returns
    -------
    Briefing
        With the table of methods behind the figures.
    """
    heads, rows = method_rows(found)
    table = Table(
        say("evaluated.methods"), tuple(heads), tuple(map(tuple, rows)), right=(1, 2), subtitle=text(found.reason)
    )
    return Briefing(
        subject=say("evaluated.subject", {"series": text(found.subject)}),
        context=tuple(context_of(found, city=city.name, location=location)),
        finding=charts[0].headline,
        parts=(*charts, table),
        caveats=caveats,
        made_from=found.made_from,
        receipt=receipt_of([found]),
        link=link,
        made=made,
        brand=city.brand,
    )
