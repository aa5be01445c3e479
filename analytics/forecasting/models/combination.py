"""Combination: the quick models together, each counting by how well it did one horizon ago."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.contract import (
    GRID,
    Forecaster,
    Prediction,
    columns_of,
    forecaster,
    frequency_of,
)
from analytics.forecasting.memory import predicted
from analytics.forecasting.panel_models import stated_of
from analytics.forecasting.registry import models
from analytics.forecasting.scoring import LEVELS, naive_scales, scaled_losses
from data.tables import ValueType
from data.words import Sentence

Array = npt.NDArray[np.float64]

NAME = "combination"
SHARPNESS = 4.0  # a model with twice the loss counts for a sixteenth
LONGEST_TRIAL = 4  # no trial is longer than a quarter of the history


@forecaster(
    name=NAME,
    title=Sentence("models.combination.title"),
    version="1",
    limits=(
        Sentence("models.combination.members"),
        Sentence("models.combination.one_horizon"),
    ),
    inputs=(Sentence("models.inputs.members"),),
    value_types=("count", "continuous"),
    min_periods=56,
    complexity=6,
    uses=("holiday", "utc_offset", "others"),
    how=Sentence("records.combination.how"),
    source=Sentence("records.combination.source"),
    parameters=(
        Sentence("records.combination.sharpness", {"power": SHARPNESS}),
        Sentence("records.combination.trial", {"part": LONGEST_TRIAL}),
    ),
)
def combination(
    history: pd.DataFrame,
    *,
    horizon: int,
    quantiles: Sequence[float],
    regressors: pd.DataFrame | None = None,
    seed: int = 0,
) -> Prediction:
    """The weighted mean of the members' quantiles; weights by their scaled quantile loss over the last horizon.

    Members are the models that are not slow and have quantiles. Source: Lichtendahl, Grushka-Cockayne and Winkler (2013),
    Is It Better to Average Probabilities or Quantiles?
    """
    trial = max(1, min(horizon, len(history) // LONGEST_TRIAL))
    past = history.iloc[:-trial].asfreq(frequency_of(history))
    observed = history.iloc[-trial:].to_numpy(dtype=float)
    levels = sorted({*quantiles, *GRID})
    scales, losses, stated = naive_scales(past), [], []
    for member in _members(past):
        before = predicted(member, past, horizon=trial, quantiles=GRID, regressors=regressors, seed=seed)
        after = predicted(member, history, horizon=horizon, quantiles=levels, regressors=regressors, seed=seed)
        if before.quantiles is not None and after.quantiles is not None:
            tried = columns_of(before.quantiles.sel(quantile=list(LEVELS)), history.columns)
            losses.append(_mean(scaled_losses(scales, observed, tried)))
            stated.append(columns_of(after.quantiles, history.columns))
    values = np.zeros_like(stated[0])
    for weight, each in zip(_weights(np.array(losses)), stated, strict=True):
        values += weight * each
    return stated_of(values, levels, history, quantiles)


def _members(history: pd.DataFrame) -> list[Forecaster]:
    """The quick models with ranges that can forecast a panel like this one."""
    values = history.to_numpy(dtype=float)
    known = values[~np.isnan(values)]
    kind: ValueType = "count" if (known >= 0).all() and (known == np.rint(known)).all() else "continuous"
    fitting = (model for model in models().values() if model.fits(history, value_type=kind))
    return [model for model in fitting if model.has_quantiles and not model.slow and model.name != NAME]


def _weights(losses: Array) -> Array:
    """Shares that fall with the loss; equal where no loss could be told."""
    known = np.isfinite(losses)
    if not known.any():
        return np.full(len(losses), 1 / len(losses))
    least = max(float(losses[known].min()), 1e-12)
    belief = np.where(known, (least / np.maximum(losses, least)) ** SHARPNESS, 0.0)
    weights: Array = belief / belief.sum()
    return weights


def _mean(losses: Array) -> float:
    known = losses[~np.isnan(losses)]
    return float(known.mean()) if len(known) else np.nan
