"""A line held against its own past: the structural step, widened by what the same model finds at dates without a policy."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analytics.evaluation.placebos import LEAST_BEFORE, Band, band_of, growth_of, placebo_starts
from analytics.evaluation.structural import YEARS_FOR_SEASON, Line, Structural, seasons_of, step_at, structural

__all__ = ["Alone", "judged_alone"]

DATES = 24  # placebo dates: the model is fitted once, so that each costs little
STATES = 3  # a level, a step and a season at least are taken from the data


@dataclass(frozen=True, eq=False)
class Alone:
    """The fitted line, its effect's band, and placebo dates: start (a period's place), effect and error, on the band's scale."""

    fit: Structural
    band: Band
    error: float
    dates: pd.DataFrame


def judged_alone(line: Line, before: int) -> Alone:
    """The effect by the line's own past.

    Parameters
    ----------
    line : with values before and after.
    before : how many periods lie before the policy.

    Returns
    -------
    Alone
        Its standard error is the model's, greater where placebo dates show that to be too small.
    """
    fit = structural(line, before)
    after = len(line.values) - before
    rows = []
    earliest = max(
        LEAST_BEFORE, YEARS_FOR_SEASON * seasons_of(line.freq, before)
    )  # the model's own needs, of a placebo too
    for start in placebo_starts(before, after=after, most=DATES, earliest=earliest):
        step, error = step_at(line, fit, start=start, end=min(before, start + after))
        rows.append((start, step, error))
    dates = pd.DataFrame(rows, columns=["start", "effect", "error"])
    error = fit.error * growth_of(dates)
    return Alone(fit, band_of(fit.step, error=error, freedom=max(before - STATES, 2)), error, dates)
