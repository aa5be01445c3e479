"""Intervals for models that have none: their past errors, pooled over series and horizons (split conformal)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["conformal_quantiles", "error_scale"]

Array = npt.NDArray[np.float64]


def error_scale(mean: Array, spread: Array) -> Array:
    """What an error is divided by before it is pooled: grows with the root of the mean, as a count's spread does."""
    scale: Array = np.maximum(np.sqrt(np.maximum(mean, 0.0)), np.nan_to_num(spread, nan=1.0) * 0.5) + 0.1
    return scale


def conformal_quantiles(
    mean: Array, scale: Array, errors: Array, levels: Sequence[float], *, whole: bool, lowest: float | None
) -> Array:
    """Quantiles (level, period, series): the mean plus scaled past errors at each level.

    ``errors`` are past (actual - mean) / scale, pooled (any shape; gaps are left out). Of n errors the k-th smallest is
    at level k / (n + 1), which keeps the promise for exchangeable errors (Vovk; Lei and others 2018). Quantiles of
    counts (``whole``) are whole numbers; nothing is below ``lowest``.
    """
    pooled = errors[~np.isnan(errors)]
    if not len(pooled):
        pooled = np.zeros(1)
    spread = np.quantile(pooled, list(levels), method="weibull")
    values = mean[None] + scale[None] * spread.reshape((-1,) + (1,) * mean.ndim)
    if whole:
        # P(X <= k) for a whole X rounds to the nearest: the band keeps its mass around each count.
        values = np.round(values)
    return values if lowest is None else np.maximum(values, lowest)
