"""What is done on a working day at a load, with its error, and how that changes from month to month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Drift", "Fit", "drift_of", "load_regression"]

Floats = npt.NDArray[np.float64]

STEPS = 25  # of the regression; it takes about five
LAGS = 10  # working days over which one day's work speaks for another's: two weeks
FEW_MONTHS = 8
APART = 6  # months between which what stays is told from what passes


@dataclass(frozen=True)
class Fit:
    """``level`` requests are done on an average working day at the load ``usual``, ``error`` its standard error as a share.

    At another load it is ``level`` times (load / usual)^``slope``; ``constant`` is done where the load does not count.
    """

    level: float
    error: float
    slope: float
    usual: float
    constant: float


@dataclass(frozen=True)
class Drift:
    """The standard deviations of a month's work at a load on the log scale: what stays and what passes; its range."""

    drift: float
    noise: float
    seen: tuple[float, float]


def load_regression(output: Floats, load: Floats, shape: Floats, *, since: int, end: int) -> Fit:
    """Work done by day against the load, ``output ~ shape * level * (load / usual)^slope``.

    Parameters
    ----------
    output, load : by day: requests done, and those that usual practice would do.
    shape : by day, how its weekday compares with an average working day; 0 where no work is done.
    since, end : the days that count.

    Returns
    -------
    Fit
        With the slope between 0 and 1.
    """
    days = np.arange(len(output))
    chosen = (days >= since) & (days < end) & (shape > 0) & (load > 0)
    y, x, offset = output[chosen], np.log(load[chosen]), np.log(shape[chosen])
    usual = float(np.exp(x.mean()))
    constant = float(y.sum() / shape[chosen].sum())
    design = np.column_stack([np.ones_like(x), x - x.mean()])
    beta = np.array([np.log(max(constant, 1e-9)), 0.5])
    for _ in range(STEPS):
        mean = np.exp(design @ beta + offset)
        weighed = design * mean[:, None]
        step = np.linalg.lstsq(weighed.T @ design, design.T @ (y - mean), rcond=None)[0]
        beta = beta + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-9:
            break
    slope = float(np.clip(beta[1], 0.0, 1.0))
    mean = shape[chosen] * np.exp(slope * design[:, 1])
    level = float(y.sum() / mean.sum())  # at a slope that was clipped, the level that makes the totals agree
    return Fit(level, _error(y, design, level * mean), slope, usual, constant)


def _error(y: Floats, design: Floats, mean: Floats) -> float:
    """The standard error of the level on the log scale, by Newey and West with ``LAGS`` days."""
    score = design * (y - mean)[:, None]
    middle = score.T @ score
    for lag in range(1, min(LAGS, len(y) - 1) + 1):
        both = score[lag:].T @ score[:-lag]
        middle = middle + (1 - lag / (LAGS + 1)) * (both + both.T)
    bread = np.linalg.pinv((design * mean[:, None]).T @ design)
    return float(np.sqrt(max((bread @ middle @ bread)[0, 0], 0.0)))


def drift_of(fit: Fit, output: Floats, load: Floats, shape: Floats, days: pd.DatetimeIndex) -> Drift:
    """How the work done at a load changed from month to month.

    The variance of a difference over k months is k times that of what stays and twice that of what passes.

    Parameters
    ----------
    fit : what is done at a load.
    output, load, shape : as of `load_regression`, all days of the history.
    days : their dates.

    Returns
    -------
    Drift
        0 where the months do not show any.
    """
    expected = shape * fit.level * np.where(load > 0, load / fit.usual, 0.0) ** max(fit.slope, 1e-9)
    months = pd.DataFrame({"did": output, "expected": expected}, index=days).resample("MS").sum()
    whole = months[(months["did"] > 0) & (months["expected"] > 0)]
    log: Floats = np.log(whole["did"].to_numpy() / whole["expected"].to_numpy())[1:]  # the first month fills the queue
    seen = (float(np.expm1(min(log.min(), 0.0))), float(np.expm1(max(log.max(), 0.0)))) if len(log) else (0.0, 0.0)
    if len(log) < 2:
        return Drift(0.0, fit.error, seen)
    near = float(np.mean(np.diff(log) ** 2))
    if len(log) < FEW_MONTHS + APART:
        return Drift(0.0, float(np.sqrt(near / 2)), seen)
    far = float(np.mean((log[APART:] - log[:-APART]) ** 2))
    stays = max((far - near) / (APART - 1), 0.0)
    return Drift(float(np.sqrt(stays)), float(np.sqrt(max(near - stays, 0.0) / 2)), seen)
