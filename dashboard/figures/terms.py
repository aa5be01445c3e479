"""On what terms options were compared, in words: every figure of a comparison names them, and so does every file of it."""

from __future__ import annotations

from analytics.scenarios.comparison import Comparison
from analytics.scenarios.contract import Answers
from analytics.scenarios.levers import flattened
from analytics.scenarios.registry import engines
from analytics.scenarios.study import Study
from data import Region
from data.words import say, text

__all__ = ["hours_words", "question_words", "span_words", "terms_words"]


def question_words(study: Study) -> str:
    """The sentence of the question that a study answers; empty where it answers none, or one that no engine here asks."""
    asked = [each for engine in engines().values() if isinstance(engine, Answers) for each in engine.questions]
    return next((text(each.title) for each in asked if each.name == study.question), "")


def span_words(study: Study) -> str:
    """From when to when: in months, in days where both lie in one month."""
    start, end = study.index[0].normalize(), study.index[-1].normalize()
    one = (start.year, start.month) == (end.year, end.month)
    return say("terms.days" if one and start != end else "terms.months", {"start": start, "end": end})


def hours_words(study: Study) -> str:
    """The hours of whose trips a study is, which all of its measures are of; empty where it is about no trips."""
    trips = study.city.of("trips").get(study.about.get("trips", ""))
    return "" if trips is None else say("terms.hours", {"hours": trips.hours})


def terms_words(comparison: Comparison) -> str:
    """What was asked and assumed: the question, whose trips, the region with its size, what holds for all options, the money.

    Parameters
    ----------
    comparison : whose study holds the terms.

    Returns
    -------
    Phrases, each after a semicolon; empty where nothing was stated.
    """
    study = comparison.study
    question = question_words(study)
    phrases = [say("terms.question", {"question": question})] if question else []
    phrases += [hours] if (hours := hours_words(study)) else []
    phrases += [_region(study, study.terms.region)] if study.terms.region is not None else []
    return "".join(f"; {phrase}" for phrase in (*phrases, *_circumstances(comparison), *_money(comparison)))


def _region(study: Study, region: Region) -> str:
    layer = study.city.areas.get(region.layer)
    known = [] if layer is None else [each for each in region.area_ids if each in layer.frame.index]
    people = None if layer is None or "population" not in layer.frame else layer.frame.loc[known, "population"].sum()
    evidence = {"region": region.title, "areas": len(region.area_ids), "people": people}
    return say("terms.region" if people else "terms.region_areas", evidence)


def _circumstances(comparison: Comparison) -> list[str]:
    levers = {each.name: each for each in comparison.levers}
    named = flattened(comparison.study.terms.circumstances, declared=list(levers))
    shown = [
        say("terms.lever", {"lever": text(lever.title), "value": text(lever.shown(lever.read(value, scenario="")))})
        for name, value in named.items()
        if (lever := levers.get(name)) is not None
    ]
    return [say("terms.for_all", {"levers": shown})] if shown else []


def _money(comparison: Comparison) -> list[str]:
    terms, currency = comparison.study.terms, comparison.study.city.currency
    titles = {each.name: each for each in comparison.measures}
    phrases = [
        say(
            "terms.worth",
            {
                "measure": text(titles[name].title),
                "unit": text(titles[name].unit),
                "value": value,
                "currency": currency,
            },
        )
        for name, value in terms.worth.items()
        if name in titles
    ]
    if terms.budget is not None:
        phrases.append(say("terms.budget", {"budget": terms.budget, "currency": currency}))
    if comparison.prices:
        phrases.append(say("terms.discount", {"rate": terms.discount_rate, "years": terms.appraisal_years}))
    return phrases
