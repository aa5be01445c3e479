"""``questions``: what can be decided in a city, with which levers, and what is missing for the rest."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

import pandas as pd

from analytics.commands.common import command, finished
from analytics.errors import ScenarioError
from analytics.plain import to_plain
from analytics.scenarios import Choice, CityQuestion, Lever, Number, Offer, PerKey, offer_of, questions_of
from analytics.scenarios.amounts import amount
from data import City, open_city
from data.words import Sentence, Words, say


def add(commands: Any) -> None:
    """Add the command."""
    command(commands, "questions", questions_command)


def questions_command(options: argparse.Namespace) -> None:
    """List the questions of all engines, those first that the city can answer."""
    city = open_city(options.city)
    found = [_offered(each, city) for each in questions_of(city)]
    asked = [each for each, _ in found]
    offers = {each.question.name: offer for each, offer in found if offer is not None}
    listed = [_described(each, offers.get(each.question.name)) for each in asked]
    frame = pd.DataFrame([_row(each) for each in listed])
    if finished(options, {"city": city.name, "questions": listed}, frame):
        return
    for each in asked:
        print("\n".join(_lines(each, offers.get(each.question.name), city)))


def _offered(asked: CityQuestion, city: City) -> tuple[CityQuestion, Offer | None]:
    """A question and its offer; one whose engine refuses or fails cannot be answered, and hides no other."""
    if not asked.answerable:
        return asked, None
    try:
        return asked, offer_of(city, asked.question.name)
    except ScenarioError as error:
        return replace(asked, missing=(error.sentence,)), None


def _described(asked: CityQuestion, offer: Offer | None) -> dict[str, Any]:
    own: dict[str, Any] = to_plain(asked.question)
    more = {"answerable": asked.answerable, "missing": list(asked.missing), "subjects": list(asked.subjects)}
    if offer is None:
        return own | _plain(more | {"levers": list(asked.question.levers), "measures": [], "objectives": []})
    kinds = {each.name: {"holds": _holds(each)} for each in offer.levers}
    levers = [to_plain(each) | to_plain(kinds[each.name]) for each in offer.levers]
    return own | _plain(more | {"levers": levers, "measures": offer.measures, "objectives": offer.objectives})


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: to_plain(value) for name, value in values.items()}


def _row(listed: dict[str, Any]) -> dict[str, Any]:
    levers = [each["name"] if isinstance(each, dict) else each for each in listed["levers"]]
    plain = {name: listed[name] for name in ("name", "title", "answerable", "primary", "periods", "freq", "subject")}
    lists = {"subjects": listed["subjects"], "engines": listed["engines"], "levers": levers}
    return plain | {name: ", ".join(each) for name, each in lists.items()} | {"missing": " ".join(listed["missing"])}


def _lines(asked: CityQuestion, offer: Offer | None, city: City) -> list[str]:
    question = asked.question
    lines = [say("questions_told.heading", {"name": question.name, "title": question.title})]
    if offer is None:
        return [*lines, *(say("questions_told.missing", {"reason": each}) for each in asked.missing)]
    titles = {each.name: each.title for each in offer.measures}
    span = {"span": question.freq.periods(question.periods), "engines": list(question.engines)}
    lines.append(say("questions_told.frame", span | {"primary": titles.get(question.primary, question.primary)}))
    subjects = [city.of(question.subject)[name].title for name in asked.subjects]
    named = [f"{name} ({title})" for name, title in zip(asked.subjects, subjects, strict=True)]
    lines.append(say("questions_told.subjects", {"names": named}))
    for lever in offer.levers:
        code = "circumstance" if lever.circumstance else "lever"
        lines.append(say(f"questions_told.{code}", {"name": lever.name, "title": lever.title, "holds": _holds(lever)}))
    if offer.objectives:
        goals = [f"{each.name} ({each.title})" for each in offer.objectives]
        lines.append(say("questions_told.objectives", {"goals": goals, "name": question.name}))
    return lines


def _holds(lever: Lever) -> Words:
    """What a lever may hold, in words."""
    kind = lever.kind
    if isinstance(kind, Choice):
        evidence = {"least": kind.at_least, "most": kind.most, "n": len(kind.candidates)}
        return Sentence("questions_told.choice", evidence | {"examples": list(kind.candidates[:3])})
    bounds = {"low": amount(kind.low, lever.unit), "high": amount(kind.high, lever.unit)}
    if isinstance(kind, Number):
        return Sentence("questions_told.number", bounds)
    if isinstance(kind, PerKey):
        n = {"kind": Sentence(f"key_kinds.{kind.key_kind or 'key'}"), "n": len(kind.keys)}
        return Sentence("questions_told.per_key", bounds | n)
    return Sentence(
        "questions_told.schedule", bounds | {"first": kind.slots[0], "last": kind.slots[-1], "n": len(kind.slots)}
    )
