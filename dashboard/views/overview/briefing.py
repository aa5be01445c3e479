"""The overview as a page to take along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from dashboard.briefings import Briefing, Table, receipt_of
from dashboard.shell.target_rows import target_row
from dashboard.views.overview.known import Known
from dashboard.views.overview.story import caveats_of, headline, ranges_sentence
from dashboard.views.overview.words import (
    alarm_record,
    alarm_sentence,
    apart_words,
    expected_words,
    of_week,
    value_words,
    what_of,
)
from data import City
from data.words import say, text

__all__ = ["overview_briefing"]


def overview_briefing(known: Known, *, city: City, link: str, made: pd.Timestamp) -> Briefing:
    """What is unusual, the figures of the week, and the chance of each target.

    Parameters
    ----------
    known : all parts of the page.
    city : whose page it is.
    link : that reopens the view.
    made : the day on which it is written.

    Returns
    -------
    Briefing
        Tables alone: small drawings of alarms stay on the page.
    """
    sources, figures = known.sources, known.figures
    made_from = () if sources is None else sources.provenances
    notes = [] if figures is None else [ranges_sentence(known.weeks), *map(apart_words, figures.apart)]
    results = [] if known.unusual is None else [known.unusual.found]
    newest = () if sources is None else (say("page.newest", {"date": sources.as_of}),)
    return Briefing(
        subject=say("pages.overview"),
        context=(city.name, *of_week(figures), *newest),
        finding=headline(known, today=made),
        statements=tuple(filter(None, notes)),
        parts=tuple(table for table in _tables(known) if table.rows),
        caveats=caveats_of(known),
        made_from=made_from,
        receipt=receipt_of(results),
        link=link,
        made=made,
        brand=city.brand,
    )


def _tables(known: Known) -> Iterator[Table]:
    if known.unusual is not None:
        rows = [
            (what_of(each.series_title, each.area_id, each.area_name, each.category), alarm_sentence(each),
             alarm_record(each)[2])
            for each in known.unusual.alarms
        ]  # fmt: skip
        watched = {"watched": known.unusual.found.watched_series}
        yield _table("unusual", ("what", "seen", "record"), rows, subtitle=say("unusual.sub", watched))
    weeks = [
        (text(week.title), value_words(week, exact=True), expected_words(week, exact=True)) for week in known.weeks
    ]
    yield _table("figures", ("count", "value", "expected"), weeks, right=(1,))
    chances = [target_row(each, None, "") for each in known.open]
    targets = [(row.title, row.goal, row.now, row.percent, row.word) for row in chances]
    yield _table("targets", ("target", "goal", "now", "chance", "word"), targets, right=(3,))


def _table(
    name: str,
    heads: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    *,
    right: tuple[int, ...] = (),
    subtitle: str = "",
) -> Table:
    named = tuple(say(f"briefing.{name}_{head}") for head in heads)
    return Table(say(f"briefing.{name}"), named, tuple(rows), right=right, subtitle=subtitle)
