"""A against A is exactly nothing, for every question and on every measure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analytics.scenarios import Scenario, compare, questions_of
from benchmarks.rows import Row
from data import open_city

__all__ = ["rows"]


def rows(*, quick: bool = False) -> Iterator[Row]:
    """The largest difference between an option and itself, over all questions that Meridian can answer."""
    city = open_city("meridian")
    asked = [each.question for each in questions_of(city) if each.answerable]
    largest = 0.0
    for question in asked:
        found = compare(city, [Scenario("a"), Scenario("a again")], question=question.name, draws=500, seed=1)
        largest = max([largest, *(float(np.abs(draws).max()) for draws in found.paired.values())])
    yield Row("null_difference", largest, "apart", 0.0, note=f"questions: {', '.join(each.name for each in asked)}")
