"""What a line would have been by its own past: a level that may drift, a season and other lines beside it.

A structural time series (Harvey and Durbin 1986, who judged the seat belt law so; Brodersen and others 2015 for the word
counterfactual) with a step from the policy on. Its variances are those that make the data before the policy most likely; the
step, the season and what the other lines do are part of the state, so that their errors are known exactly, given those.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from data.frequency import Frequency

__all__ = ["YEARS_FOR_SEASON", "Line", "Structural", "seasons_of", "step_at", "structural"]

Array = npt.NDArray[np.float64]

YEARS_FOR_SEASON = 2  # fewer rounds of a season cannot tell it from a change of level
HARMONICS = 2  # of a year of weeks: the first two waves, instead of 52 numbers
DRIFT_T = 2.5  # a drift is kept where it is so many standard errors from none


@dataclass(frozen=True, eq=False)
class Line:
    """One line of values (NaN where unknown), the lines beside it as (period, line), its frequency, and whether it counts."""

    values: Array
    freq: Frequency
    beside: Array | None = None
    counts: bool = False

    def until(self, end: int) -> Line:
        """The first ``end`` periods."""
        return replace(self, values=self.values[:end], beside=None if self.beside is None else self.beside[:end])


@dataclass(frozen=True, eq=False)
class Structural:
    """A fitted line: the step from the policy on and its standard error, in logarithms (``logs``) or units.

    ``expected`` (period,) is the line without the step, between ``low`` and ``high`` in 95 of 100 cases, in units.
    ``variances`` are those of the noise, the level and the season; ``drift`` says whether a steady drift was taken along.
    """

    step: float
    error: float
    expected: Array
    low: Array
    high: Array
    logs: bool
    drift: bool
    variances: tuple[float, ...]


def seasons_of(freq: Frequency, periods: int) -> int:
    """How many periods the season has; days have that of the week.

    Parameters
    ----------
    freq : of the line.
    periods : that are known.

    Returns
    -------
    int
        0 where so many periods cannot tell a season from a change of level.
    """
    season = freq.seasons[0]
    return season if season > 1 and periods >= YEARS_FOR_SEASON * season else 0


def structural(line: Line, before: int) -> Structural:
    """The line without the policy, from all periods.

    Logarithms are taken of counts, and of what they make likelier before the policy (by AIC, the change of scale counted),
    where all values are above 0; a drift where it is clear.

    Parameters
    ----------
    line : with values before and after.
    before : how many periods lie before the policy.

    Returns
    -------
    Structural
        With its step.
    """
    past = line.until(before)
    logs = bool((line.values[~np.isnan(line.values)] > 0).all()) and _takes_logs(past)
    drift = _drifts(past, logs=logs)
    variances = _variances(past, logs=logs, drift=drift)
    return _filtered(line, before, logs=logs, drift=drift, variances=variances)


def step_at(line: Line, fitted: Structural, *, start: int, end: int) -> tuple[float, float]:
    """The step that the same model finds at another date, and its standard error.

    Parameters
    ----------
    line : of which later periods are left out.
    fitted : whose variances are taken.
    start, end : the first period of the step, and the first that is left out.

    Returns
    -------
    step, error
        In logarithms or units, as ``fitted``.
    """
    found = _filtered(line.until(end), start, logs=fitted.logs, drift=fitted.drift, variances=fitted.variances)
    return found.step, found.error


def _scaled(line: Line, *, logs: bool) -> tuple[Array, float]:
    """The values as the model takes them: about 1 in size, so that what is unknown at first is wide for any unit."""
    values = np.log(line.values) if logs else line.values
    spread = float(np.nanstd(values)) or 1.0
    return values / spread, spread


def _model(line: Line, *, logs: bool, drift: bool, step: Array | None = None) -> tuple[Any, float]:
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    values, spread = _scaled(line, logs=logs)
    columns = [] if step is None else [step]
    columns += [np.arange(len(values)) / len(values)] if drift else []
    if line.beside is not None:
        own = line.beside - np.nanmean(line.beside, axis=0)
        columns += list((own / np.where((size := own.std(axis=0)) > 0, size, 1.0)).T)
    season = seasons_of(line.freq, len(values))
    kinds: dict[str, Any] = {}
    if season and line.freq is Frequency.WEEK:
        kinds = {"freq_seasonal": [{"period": line.freq.periods_a_year, "harmonics": HARMONICS}]}
    elif season:
        kinds = {"seasonal": season, "stochastic_seasonal": True}
    model = UnobservedComponents(
        values, level="llevel", exog=np.column_stack(columns) if columns else None, mle_regression=False, **kinds
    )
    return model, spread


def _fit(line: Line, *, logs: bool, drift: bool) -> Any:
    """The model of the past with the variances that make it likeliest."""
    import warnings

    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    model, _ = _model(line, logs=logs, drift=drift)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a variance of 0 is approached, and never reached
        return model.fit(disp=0, method="lbfgs", maxiter=200, cov_type="none")


def _takes_logs(past: Line) -> bool:
    known = past.values[~np.isnan(past.values)]
    if past.counts:  # a policy that does away with a tenth does so in busy months and in quiet ones
        return True
    scores = []
    for logs in (True, False):
        _, spread = _scaled(past, logs=logs)
        likelihood = float(_fit(past, logs=logs, drift=False).llf) - len(known) * np.log(spread)
        scores.append(likelihood - (np.log(known).sum() if logs else 0.0))
    return bool(scores[0] >= scores[1])


def _drifts(past: Line, *, logs: bool) -> bool:
    found = _fit(past, logs=logs, drift=True)
    place = _regressors_at(found.model)
    spread = found.filtered_state_cov[place, place, -1] ** 0.5
    return bool(abs(found.filtered_state[place, -1]) > DRIFT_T * spread)


def _regressors_at(model: Any) -> int:
    """The place in the state of the first line beside."""
    return int(model.k_states - model.k_exog)


def _variances(past: Line, *, logs: bool, drift: bool) -> tuple[float, ...]:
    return tuple(float(each) for each in _fit(past, logs=logs, drift=drift).params)


def _filtered(
    line: Line, before: int, *, logs: bool, drift: bool, variances: tuple[float, ...]
) -> Structural:  # fmt: skip
    """The step and the line without it, given the variances."""
    step = (np.arange(len(line.values)) >= before).astype(float)
    model, spread = _model(line, logs=logs, drift=drift, step=step)
    found = model.smooth(np.asarray(variances), cov_type="none", transformed=True)
    place = _regressors_at(model)
    seen = np.array(np.broadcast_to(model.ssm["design"], (1, model.k_states, len(step)))[0])
    seen[place] = 0.0  # what is expected leaves the step out
    states, spreads = found.smoothed_state, found.smoothed_state_cov
    middle = np.einsum("st,st->t", seen, states) * spread
    width = 1.959964 * np.sqrt(np.maximum(np.einsum("st,sut,ut->t", seen, spreads, seen), 0.0)) * spread
    bounds = (middle, middle - width, middle + width)
    expected, low, high = (np.exp(each) for each in bounds) if logs else bounds
    own, error = float(states[place, -1]) * spread, float(spreads[place, place, -1]) ** 0.5 * spread
    return Structural(own, error, expected, low, high, logs, drift, variances)
