"""The register as a page to take along: what has been measured, then a row an entry; of one entry, its full record."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.hotspots.backtesting.standing import JUDGED_AT
from dashboard.briefings import Briefing, Table, receipt_of
from dashboard.views.models.measurements import Measurements
from dashboard.views.models.record import record_of, records_of, text_rows
from dashboard.views.models.register import Entry, finding, unmeasured
from dashboard.views.models.tables import forecast_frame, hotspot_frame, titled
from data import City
from data.words import say

__all__ = ["models_briefing"]

KINDS = ("forecasting", "hotspots", "scenarios")


def models_briefing(
    measured: Measurements, found: Sequence[Entry], *, city: City, link: str, made: pd.Timestamp
) -> Briefing:
    """What each model is and how wrong it has been, of some entries of the register.

    Parameters
    ----------
    measured : what is stored of the city.
    found : the entries that are taken along.
    city : whose register it is.
    link : that reopens the view.
    made : the day on which it is written.

    Returns
    -------
    Briefing
        Of several entries the measurements and what each states of itself, in a few tables; of one its full record.
    """
    tables = _whole(measured, found) if len(found) > 1 else record_of(found[0], measured)
    known = measured.made_from or tuple(series.provenance for series in city.series.values())
    return Briefing(
        subject=say("models.register") if len(found) > 1 else found[0].title,
        context=(city.name, say("models.count", {"n": len(found)}) if len(found) > 1 else say("models.register")),
        finding=finding(found),
        parts=tuple(each for each in tables if each.rows),
        caveats=(),
        made_from=known,
        receipt=receipt_of([each.result for each in measured.forecasts]),
        link=link,
        made=made,
        statements=(say("models.verdict_rule"), *_without(measured, found)),
    )


def _whole(measured: Measurements, found: Sequence[Entry]) -> list[Table]:
    names = {kind: frozenset(each.name for each in found if each.kind == kind) for kind in KINDS}
    return [
        _measured(forecast_frame(measured, only=names["forecasting"]), "forecasts"),
        _measured(hotspot_frame(measured, only=names["hotspots"]), "hotspots"),
        *(records_of(found, kind=kind) for kind in KINDS),
    ]


def _without(measured: Measurements, found: Sequence[Entry]) -> list[str]:
    """Which of several entries the tables of measurements do not name."""
    titles = unmeasured(found, measured)
    return [say("models.without", {"names": titles, "n": len(titles)})] if titles and len(found) > 1 else []


def _measured(frame: pd.DataFrame, name: str) -> Table:
    heads = tuple(titled(frame).columns)
    right = tuple(place for place, kind in enumerate(frame.dtypes) if kind.kind in "fi")
    subtitle = say(f"models.results_{name}", {"share": JUDGED_AT})
    return Table(say(f"models.table_{name}"), heads, text_rows(frame), right, subtitle)
