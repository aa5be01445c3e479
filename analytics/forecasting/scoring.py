"""How wrong a forecast was: scores by series, and whether the intervals held."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.contract import season_of

__all__ = ["LEVELS", "NEARLY_NONE", "Scales", "naive_scales", "pinball", "scaled_losses", "scaled_scores"]

Array = npt.NDArray[np.float64]

LEVELS: tuple[float, ...] = (0.025, 0.1, 0.5, 0.9, 0.975)
"""The levels that the scaled quantile loss averages over."""

NEARLY_NONE = 0.02
"""A scaled loss of the seasonal naive below which nothing is divided by it: a fiftieth of its usual error."""


def pinball(observed: Array, quantile: Array, level: float) -> Array:
    """The loss of stating ``quantile`` for a level: twice the pinball, so that the median's is the absolute error.

    Parameters
    ----------
    observed : what came, in any shape.
    quantile : what was stated, of the same shape.
    level : between 0 and 1.

    Returns
    -------
    Of the same shape, from 0, in the unit of the values.

    >>> float(pinball(np.array(3.0), np.array(5.0), 0.5)), float(pinball(np.array(3.0), np.array(5.0), 0.9))
    (2.0, 0.4)
    """
    error = observed - quantile
    loss: Array = np.round(2 * np.maximum(level * error, (level - 1) * error), 12)
    return loss


Scales = tuple[Array, Array]


def naive_scales(history: pd.DataFrame) -> Scales:
    """For each series the mean absolute and the root mean square error of the seasonal naive inside the history."""
    season = season_of(history)
    values = history.to_numpy(dtype=float)
    steps = values[season:] - values[:-season]
    counted = np.maximum((~np.isnan(steps)).sum(axis=0), 1)
    absolute = np.nansum(np.abs(steps), axis=0) / counted
    square = np.sqrt(np.nansum(steps**2, axis=0) / counted)
    # A series that never changed has no scale; its scores are left out rather than divided by nothing.
    return np.where(absolute > 0, absolute, np.nan), np.where(square > 0, square, np.nan)


def scaled_losses(scales: Scales, observed: Array, quantiles: Array) -> Array:
    """The scaled quantile loss of each (period, series), NaN for gaps and for series that never changed.

    ``quantiles`` is (level, period, series) at ``LEVELS``. The loss is the mean of twice the pinball over the levels,
    divided by the seasonal naive's mean absolute error in the history (the M5 competition's scaled pinball loss, with
    a seasonal scale).

    Parameters
    ----------
    scales : of what was known, as ``naive_scales`` gives them.
    observed : (period, column), gaps NaN.
    quantiles : (level, period, column) at ``LEVELS``.

    Returns
    -------
    (period, column), without a unit: 1 is an error as large as the seasonal naive's.
    """
    losses = np.mean([pinball(observed, quantiles[index], level) for index, level in enumerate(LEVELS)], axis=0)
    scaled: Array = losses / scales[0]
    return scaled


def scaled_scores(scales: Scales, observed: Array, mean: Array, quantiles: Array) -> dict[str, Array]:
    """Scores by series: ``sql``, ``mase``, ``rmsse``, ``error`` (sum of forecast - observed), ``total`` (sum of observed) and
    ``n`` (outcomes).

    ``observed`` and ``mean`` are (period, series). ``sql`` is the mean of ``scaled_losses``; MASE (of the median) and RMSSE
    (of the mean) are Hyndman and Koehler's (2006). Gaps do not count.

    Parameters
    ----------
    scales : of what was known, as ``naive_scales`` gives them.
    observed : (period, column), gaps NaN.
    mean : (period, column).
    quantiles : (level, period, column) at ``LEVELS``.

    Returns
    -------
    Each score by its name, (column,).
    """
    absolute, square = scales
    known = ~np.isnan(observed)
    counted = np.where(known.any(axis=0), known.sum(axis=0), np.nan)
    losses = np.where(known, scaled_losses(scales, observed, quantiles), 0.0)
    middle = quantiles[LEVELS.index(0.5)]
    return {
        "sql": losses.sum(axis=0) / counted,
        "mase": np.nansum(np.abs(observed - middle), axis=0) / counted / absolute,
        "rmsse": np.sqrt(np.nansum((observed - mean) ** 2, axis=0) / counted) / square,
        "error": np.nansum(mean - observed, axis=0),
        "total": np.nansum(observed, axis=0),
        "n": known.sum(axis=0).astype(float),
    }
