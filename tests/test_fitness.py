"""One verdict on all that is measured of a model: never the first result's alone, and a tie is no defeat."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from analytics.forecasting.backtesting.fitness import Fitness, fitness_of
from analytics.forecasting.results import Score
from analytics.results import Severity

NOTE, CAUTION, BAD = Severity.NOTE, Severity.CAUTION, Severity.DO_NOT_USE


@dataclass
class Result:
    """What of a backtest the verdict rests on."""

    ratio: tuple[float, float | None, float | None]
    held: float = 0.8

    @property
    def scores(self) -> dict[str, Score]:
        return {"sql_ratio": Score(*self.ratio), "coverage_80": Score(self.held)}


BETTER, TIE, WORSE = Result((0.67, 0.6, 0.75)), Result((1.05, 0.9, 1.2)), Result((2.25, 1.9, 2.6))


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        ([], None),
        ([BETTER], Fitness(NOTE, 1, 1)),
        ([BETTER, BETTER], Fitness(NOTE, 2, 2)),
        ([BETTER, WORSE, Result((6.07, 5.0, 7.0))], Fitness(CAUTION, 1, 3)),
        ([WORSE, BETTER], Fitness(CAUTION, 1, 2)),
        ([TIE], Fitness(CAUTION, 0, 1)),
        ([Result((0.95, 0.9, 1.0))], Fitness(CAUTION, 0, 1)),
        ([Result((1.05, 1.0, 1.2))], Fitness(CAUTION, 0, 1)),
        ([WORSE, WORSE], Fitness(BAD, 0, 2)),
        ([TIE, WORSE], Fitness(CAUTION, 0, 2)),
        ([Result((1.0, 1.0, 1.0))], Fitness(NOTE, 1, 1)),
        ([Result((1.2, None, None))], Fitness(BAD, 0, 1)),
        ([Result((0.6, 0.5, 0.7), held=0.76)], Fitness(NOTE, 1, 1)),
        ([Result((0.6, 0.5, 0.7), held=0.74)], Fitness(CAUTION, 0, 1)),
        ([Result((0.6, 0.5, 0.7), held=0.66)], Fitness(CAUTION, 0, 1)),
        ([Result((0.6, 0.5, 0.7), held=0.64)], Fitness(BAD, 0, 1)),
    ],
)
def test_the_verdict_rests_on_all_results(results: list[Result], verdict: Fitness | None) -> None:
    assert fitness_of(results) == verdict  # type: ignore[arg-type]
    assert fitness_of(results[::-1]) == verdict  # type: ignore[arg-type]
