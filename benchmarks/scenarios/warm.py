"""How long an official waits: a comparison of which everything was computed before, and one step of a lever."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from statistics import median
from typing import Any

from analytics.scenarios import Lever, Scenario, compare, levers_of, questions_of
from analytics.scenarios.values import Choice
from benchmarks.rows import Row
from data import City, open_city

__all__ = ["rows"]

MONTHS, DRAWS = 24, 500
QUESTIONS = ("crews", "sites", "demand")  # the first that Meridian can answer: the longest chain of engines
REPEATS, STEPS = 7, 9


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Seconds of a warm comparison of three options, and milliseconds of a comparison after one lever was moved."""
    city = open_city("meridian")
    asked = {each.question.name: each.question for each in questions_of(city) if each.answerable}
    question = next(name for name in QUESTIONS if name in asked)
    lever = _lever(city, question, asked[question].levers)
    values = _values(lever)
    note = f"question {question}, lever {lever.name}, {MONTHS} months, {DRAWS} draws, engines {', '.join(asked[question].engines)}"

    def compared(value: Any) -> None:
        options = [Scenario("today"), Scenario("a", {lever.name: values[0]}), Scenario("b", {lever.name: value})]
        compare(city, options, question=question, periods=MONTHS, freq="MS", draws=DRAWS, seed=1)

    compared(values[1])
    warm = [_seconds(lambda: compared(values[1])) for _ in range(3 if quick else REPEATS)]
    yield Row("compare_warm_s", median(warm), "s", 0.5, note=note)
    steps = [_seconds(lambda value=value: compared(value)) for value in values[2 : 5 if quick else 2 + STEPS]]  # type: ignore[misc]
    yield Row("lever_ms", 1000 * median(steps), "ms", 50.0, note=f"{note}; values that nobody had compared before")


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _lever(city: City, question: str, offered: tuple[str, ...]) -> Lever:
    """The first lever of a question that is no circumstance."""
    known: Mapping[str, Lever] = {each.name: each for each in levers_of(city, question=question)}
    names = [name for name in offered or known if name in known and not known[name].circumstance]
    return known[names[0]]


def _values(lever: Lever) -> list[Any]:
    """Values that the lever can hold, each other than the one before."""
    kind = lever.kind
    if isinstance(kind, Choice):
        size = max(kind.at_least, min(kind.most, len(kind.rest) + 1))
        return [list((kind.candidates * 2)[start : start + size]) for start in range(len(kind.candidates))]
    low, high = (float(edge) for edge in kind.edges()[:2])
    step = getattr(kind, "step", 0.0) or (high - low) / 100
    return [low + step * count for count in range(1, STEPS + 4) if low + step * count <= high]
