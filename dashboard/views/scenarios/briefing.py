"""A comparison as a page to take along."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.results import Caveat, by_severity
from analytics.scenarios import Comparison
from analytics.scenarios.mind import Mind
from analytics.scenarios.questions import question_named
from dashboard.briefings import Briefing, Part, Table
from dashboard.figures.chart import Chart
from dashboard.figures.charts import group_chart, learning_chart, price_chart, telling, tipping_chart, together_chart
from dashboard.figures.maps import difference_map
from dashboard.figures.terms import hours_words, span_words
from dashboard.views.scenarios.tables import influence_rows, option_rows, rank_rows
from dashboard.views.scenarios.words import clauses
from dashboard.views.scenarios.work import Offer
from data import City
from data.words import say, text

__all__ = ["comparison_briefing"]


def comparison_briefing(
    found: Comparison, charts: Sequence[Chart], *, city: City, offer: Offer, chosen: str, caveats: tuple[Caveat, ...],
    link: str, made: pd.Timestamp, mind: Mind | None = None, placed: str = "",
) -> Briefing:  # fmt: skip
    """The verdict, what each option does and costs, who gains and loses, and where.

    Parameters
    ----------
    found : the comparison.
    charts : its differences, and whatever else stands before who gains.
    city : whose it is.
    offer : the levers of its question.
    chosen : the option that is told by group and on the map.
    caveats : of the comparison and of the age of its data.
    link : that reopens the view.
    made : the day on which it is written.
    mind : what would change our mind, where somebody asked.
    placed : the measure that is told by group and on the map; the first that has areas when empty.

    Returns
    -------
    Briefing
        With the receipt of the comparison.
    """
    study, placed = found.study, placed or found.by_place
    first, *rest = clauses(found.verdict)
    parts: list[Part] = [_table(say("briefing.options"), option_rows(found, offer)), *charts]
    if found.ranks and len(found.scenarios) > 2:
        parts.append(_table(say("scenarios.ranks"), rank_rows(found), subtitle=say("scenarios.ranks_about")))
    if any(each.option != found.baseline for each in found.prices):
        parts.append(price_chart(found))
    if (chosen, placed) in found.by_group:
        parts.append(group_chart(found, option=chosen, measure=placed))
    if (chosen, placed) in found.by_area:
        parts.append(difference_map(found, city=city, option=chosen, measure=placed))
    parts += [] if mind is None else _mind(mind)
    caveats = caveats if mind is None else by_severity([*caveats, *mind.caveats])
    region = () if study.terms.region is None else (say("scenarios.only_region", {"region": study.terms.region.title}),)
    return Briefing(
        subject=text(question_named(city, study.question).title) if study.question else text(study.title),
        context=(city.name, *region, text(study.title), span_words(study), *filter(None, [hours_words(study)])),
        finding=first,
        statements=(*rest, say("scenarios.brackets")),
        parts=tuple(each for each in parts if not isinstance(each, Table) or each.rows),
        caveats=caveats,
        made_from=found.made_from,
        receipt=found.receipt,
        link=link,
        made=made,
        brand=city.brand,
    )


def _mind(mind: Mind) -> list[Part]:
    """What would change our mind: its figures, and everything else in sentences."""
    parts: list[Part] = [tipping_chart(mind)]
    parts += [learning_chart(mind)] if telling(mind) else []
    parts += [together_chart(mind)] if mind.pair is not None else []
    if mind.influences:
        parts.append(_table(say("reconsider.influences", {"option": mind.leader}), influence_rows(mind)))
    case = mind.objection
    spoken = [
        [say(f"mind_parts.{part}", {"option": mind.leader}), text(each)]
        for part in mind.sentences
        for each in mind.sentences[part]
    ]
    spoken += [
        [say("reconsider.flip"), text(case.flip)],
        [say("reconsider.caveat"), text(case.caveat)],
        *([say("reconsider.losers"), text(each)] for each in case.losers),
    ]
    heads = [say("reconsider.thing"), say("reconsider.finding")]
    return [*parts, _table(say("reconsider.title"), (heads, spoken), subtitle=text(mind.headline))]


def _table(title: str, rows: tuple[list[str], list[list[str]]], *, subtitle: str = "") -> Table:
    heads, cells = rows
    return Table(title, tuple(heads), tuple(map(tuple, cells)), subtitle=subtitle)
