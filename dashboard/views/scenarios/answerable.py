"""Which questions a city can answer, and about which of its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analytics.scenarios.questions import CityQuestion
from data import City

__all__ = ["answerable", "subjects_of", "usual_question"]

USUAL = ("sites", "crews", "desks")  # in the order in which most cities meet them; others stand after these


def answerable(city: City, asked: Sequence[CityQuestion]) -> dict[str, CityQuestion]:
    """The questions that the city can answer, by name, each with the tables that it may be about; the usual one first.

    That is one which offers levers of its own: growth is a circumstance, and no more than a question among others.
    """
    return {each.question.name: each for each in _in_order(city, asked)}


def usual_question(city: City, asked: Sequence[CityQuestion]) -> str:
    """The first of those that the city can answer, "" where it can answer none; tables of the others stay closed."""
    return next((each.question.name for each in _in_order(city, asked)), "")


def _in_order(city: City, asked: Sequence[CityQuestion]) -> Iterator[CityQuestion]:
    def place(each: CityQuestion) -> tuple[bool, int]:
        name = each.question.name
        return not each.question.levers, USUAL.index(name) if name in USUAL else len(USUAL)

    return (each for each in sorted(asked, key=place) if each.answerable and subjects_of(city, each))


def subjects_of(city: City, asked: CityQuestion) -> list[str]:
    """The tables that a question may be about, by name; of series only those whose values add up."""
    if asked.question.subject != "series":
        return list(asked.subjects)
    return [name for name in asked.subjects if city.series[name].adds_up]
