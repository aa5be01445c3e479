"""What officials decide: the questions that the engines answer, and what a city lacks for those that it cannot answer yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.errors import ScenarioError
from analytics.scenarios.calling import called
from analytics.scenarios.composition import compose
from analytics.scenarios.contract import Answers, Engine, Lever, Objective, Suggests
from analytics.scenarios.framing import study_of
from analytics.scenarios.measure import Measure
from analytics.scenarios.registry import engines as registered
from analytics.scenarios.study import Question
from data import City
from data.words import Sentence, Words

__all__ = ["CityQuestion", "Offer", "offer_of", "question_named", "questions_of"]


@dataclass(frozen=True)
class CityQuestion:
    """A question, and what a city lacks to answer it: one sentence an engine, none where it can be answered.

    ``subjects`` names the city's tables that it may be about, the usual one first.
    """

    question: Question
    missing: tuple[Words, ...] = ()
    subjects: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the city has what the question needs."""
        return not self.missing


@dataclass(frozen=True)
class Offer:
    """What a question offers in a city: the levers that may be moved, circumstances included, the measures that options are
    compared on, and what plans may be proposed by.
    """

    question: Question
    levers: tuple[Lever, ...]
    measures: tuple[Measure, ...]
    objectives: tuple[Objective, ...]


def questions_of(city: City, *, engines: Mapping[str, Engine] | None = None) -> tuple[CityQuestion, ...]:
    """The questions of all engines, those first that the city can answer.

    Parameters
    ----------
    city : whose questions they are.
    engines : by name (default: all that are registered).

    Returns
    -------
    tuple of CityQuestion
        Each with what the city lacks for it.
    """
    known = registered() if engines is None else engines
    asked = [
        CityQuestion(question, _missing(question, known, city), tuple(city.of(question.subject)))
        for engine in known.values()
        if isinstance(engine, Answers)
        for question in engine.questions
    ]
    return tuple(sorted(asked, key=lambda each: bool(each.missing)))


def question_named(city: City, name: str, *, engines: Sequence[Engine] | None = None) -> Question:
    """The question of a name, where the city can answer it.

    Parameters
    ----------
    city : whose question it is.
    name : as an engine declares it.
    engines : those that may be used (default: all that are registered).

    Returns
    -------
    Question
        As declared.

    Raises
    ------
    ScenarioError
        When there is no such question, or the city lacks what it needs, naming what and how to add it.
    """
    chosen = None if engines is None else {each.name: each for each in engines}
    known = {each.question.name: each for each in questions_of(city, engines=chosen)}
    if name not in known:
        raise ScenarioError("no_such_question", name=name, names=list(known))
    if known[name].missing:
        evidence = {"name": name, "city": city.name, "reasons": list(known[name].missing)}
        raise ScenarioError("question_lacks", **evidence)
    return known[name].question


def offer_of(city: City, name: str, *, subject: str | None = None) -> Offer:
    """What a question offers in a city.

    Parameters
    ----------
    city : that can answer it.
    name : as an engine declares it.
    subject : the table that the question is about (default: the city's first of its kind).

    Returns
    -------
    Offer
        Levers and measures in the order of the engines.

    Raises
    ------
    ScenarioError
        As ``question_named``, or when an engine fails as it declares.
    """
    question = question_named(city, name)
    engines = [registered()[each] for each in question.engines]
    composed = compose(engines, study_of(city, question=question, subject=subject))
    return Offer(
        question,
        tuple(each for each in composed.levers if each.circumstance or each.name in (question.levers or [each.name])),
        composed.outcomes,
        tuple(each for engine in engines if isinstance(engine, Suggests) for each in engine.objectives),
    )


def _missing(question: Question, engines: Mapping[str, Engine], city: City) -> tuple[Words, ...]:
    found: list[Words] = []
    for name in question.engines:
        engine = engines.get(name)
        if engine is None:
            found.append(Sentence("questions.no_engine", {"engine": name}))
            continue
        reason: Words | None
        try:
            reason = called(engine, "applies", lambda engine=engine: engine.applies(city))  # type: ignore[misc]
        except ScenarioError as error:  # an engine that fails takes no other's question with it
            reason = error.sentence
        found += [] if reason is None else [reason]
    return tuple(dict.fromkeys(found))
