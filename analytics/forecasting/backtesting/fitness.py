"""Whether a model is fit for use in a city: a verdict on all that has been measured of it there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.caveats.forecasts import COVERAGE_SLACK
from analytics.forecasting.results import Backtest
from analytics.results import Severity

__all__ = ["Fitness", "fitness_of"]

PROMISED = 0.8


@dataclass(frozen=True)
class Fitness:
    """A verdict on a model, a note where it is fit for use, and on how many of the results measured it is."""

    severity: Severity
    fit: int
    measured: int


def fitness_of(results: Sequence[Backtest]) -> Fitness | None:
    """The verdict on all results of a model in a city.

    It is fit where it is on all of them, and not to be used where it is on none; between the two it takes care to know
    where. A result whose interval spans that of the simplest rule is a tie, which takes care too.

    Parameters
    ----------
    results : backtests of one model, on any series and horizon.

    Returns
    -------
    Fitness or None
        None where nothing has been measured.
    """
    verdicts = [_verdict(each) for each in results]
    if not verdicts:
        return None
    alike = set(verdicts)
    severity = alike.pop() if len(alike) == 1 else Severity.CAUTION
    return Fitness(severity, verdicts.count(Severity.NOTE), len(verdicts))


def _verdict(result: Backtest) -> Severity:
    ratio, coverage = result.scores["sql_ratio"], result.scores["coverage_80"].value
    low = ratio.value if ratio.low is None else ratio.low
    high = ratio.value if ratio.high is None else ratio.high
    if low > 1 or coverage < PROMISED - 3 * COVERAGE_SLACK:
        return Severity.DO_NOT_USE
    tie = low <= 1 <= high and low < high  # the simplest rule itself is as good as itself, without a doubt
    return Severity.CAUTION if tie or coverage < PROMISED - COVERAGE_SLACK else Severity.NOTE
