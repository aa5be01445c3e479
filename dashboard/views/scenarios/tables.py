"""Rows of the tables on the scenarios page and in its briefing: texts, ready to be shown."""

from __future__ import annotations

from analytics.scenarios import Comparison
from analytics.scenarios.levers import resolved
from analytics.scenarios.mind import Mind
from dashboard.markup import Rows
from dashboard.views.scenarios.cards import lever_words
from dashboard.views.scenarios.work import Offer
from data.words import say, text

__all__ = ["influence_rows", "option_rows", "rank_rows"]


def rank_rows(found: Comparison) -> Rows:
    """The place of each option on each measure, today's too; those that cannot be told apart share one."""
    names = [each.name for each in found.scenarios]
    ranks = {(each.measure, each.option): each for each in found.ranks}
    rows = []
    for measure in found.measures:
        mine = [ranks.get((measure.name, name)) for name in names]
        if any(mine):
            rows.append(
                [text(measure.title), *("" if each is None else _place(each.place, each.tied) for each in mine)]
            )
    return [say("scenarios.measure"), *names], rows


def _place(place: int, tied: bool) -> str:
    return say("scenarios.tied_place" if tied else "scenarios.place", {"place": place})


def influence_rows(mind: Mind) -> Rows:
    """What each thing has to do with how far the leader leads, by itself and with all else."""
    rows = [
        [
            text(each.title),
            say("reconsider.interval", {"value": max(each.first, 0.0), "error": each.first_error}),
            say("reconsider.interval", {"value": max(each.total, 0.0), "error": each.total_error}),
        ]
        for each in mind.influences
    ]
    return [say("reconsider.thing"), say("reconsider.alone"), say("reconsider.total")], rows


def option_rows(found: Comparison, offer: Offer) -> Rows:
    """What each option sets its levers to; only levers that an option moves."""
    rows = []
    settings = [resolved(each, found.levers) for each in found.scenarios]
    for lever in found.levers:
        values = [each[lever.name] for each in settings]
        if any(lever.moves(value) for value in values):
            names = offer.names.get(lever.name, {})
            rows.append([text(lever.title), *(lever_words(lever, value, names) for value in values)])
    return [say("briefing.lever"), *(each.name for each in found.scenarios)], rows
