"""Dynamic optimised theta for a whole panel: exponential smoothing beside a line that turns as data come in.

The season is taken out first; series that change by shares are taken as logarithms. For each rate of forgetting the best
weight of the line and the best first level follow in closed form, so all series and rates are fitted together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.calendar.seasons import seasonal_shape
from analytics.forecasting.contract import Prediction, forecaster
from analytics.forecasting.models._theta_loops import taken_in
from analytics.forecasting.panel_models import forecast_panel
from data.words import Sentence

Array = npt.NDArray[np.float64]

RATES = (0.02, 0.06, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9, 0.99)


@forecaster(
    name="theta",
    title=Sentence("models.theta.title"),
    version="2",
    limits=(
        Sentence("models.theta.line"),
        Sentence("models.theta.own_errors"),
        Sentence("models.shared.cut_off"),
    ),
    inputs=(Sentence("models.inputs.past_values"),),
    value_types=("count", "continuous"),
    min_periods=8,
    complexity=3,
    how=Sentence("records.theta.how"),
    source=Sentence("records.theta.source"),
    parameters=(Sentence("records.theta.rates", {"n": len(RATES), "low": min(RATES), "high": max(RATES)}),),
    changes=(Sentence("records.shared.by_shares"),),
)
def theta(
    history: pd.DataFrame,
    *,
    horizon: int,
    quantiles: Sequence[float],
    regressors: pd.DataFrame | None = None,
    seed: int = 0,
) -> Prediction:
    """The dynamic optimised theta model, with ranges from its own past errors pooled over the panel.

    Source: Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler (2016), Models for Optimising the Theta Method and
    Their Relationship to State Space Models.
    """
    return forecast_panel(_smoothed, history, horizon=horizon, quantiles=quantiles)


def _smoothed(values: Array, horizon: int, season: int) -> tuple[Array, Array]:
    """The theta forecast (period, column) of each column, and its root mean square one-step error."""
    shape = seasonal_shape(values, season=season)
    index = np.arange(len(values) + horizon) % len(shape)
    point, error = _without_season(values - shape[index[: len(values)]], horizon)
    return point + shape[index[len(values) :]], error


def _without_season(values: Array, horizon: int) -> tuple[Array, Array]:
    """The same for series without a season: every rate's forecast, weighed by the likelihood of its one-step errors."""
    rates = np.array(RATES)
    known = ~np.isnan(values)
    squares, left, level, start, slope, mean = taken_in(np.ascontiguousarray(values), rates)
    state = _State(rates[:, None], known.sum(axis=0).astype(float), left, level, start, slope, mean)
    weight, first, error = _closed_form(squares)
    point = _continued(state, weight, first, horizon)
    count = np.maximum(known.sum(axis=0) - 1, 1)
    least = np.maximum(error.min(axis=0), 1e-18 * np.maximum(np.abs(point[0]).max(axis=0), 1.0) ** 2)
    belief = (least / np.maximum(error, least)) ** (count / 2)
    belief /= belief.sum(axis=0)
    return (belief * point).sum(axis=1), np.sqrt(least / count)


@dataclass(frozen=True, eq=False)
class _State:
    """Where a panel stands after some rows; ``seen``, ``start``, ``slope`` and ``mean`` by column, the rest by rate too."""

    rate: Array
    seen: Array  # observations
    left: Array  # (1 - rate) ** seen: what is left of the first level
    level: Array  # of smoothing that began at 0
    start: Array  # of the line
    slope: Array
    mean: Array  # of all observations

    @property
    def line(self) -> Array:
        """What the line adds to the level one step ahead, at full weight."""
        ahead: Array = self.left * self.start + (1 - self.left * (1 - self.rate)) / self.rate * self.slope
        return ahead

    def after(self, value: Array) -> _State:
        """The state after one value by rate and column, which turns the level; the line is that of the mean over rates."""
        middle, count = value.mean(axis=0), self.seen + 1
        slope = ((count - 2) * self.slope + 6 / count * (middle - self.mean)) / (count + 1)
        slope = np.where(self.seen == 0, 0.0, slope)
        mean = (self.seen * self.mean + middle) / count
        start = np.where(self.seen == 0, middle, mean - (count + 1) / 2 * slope)
        return _State(
            rate=self.rate,
            seen=count,
            left=self.left * (1 - self.rate),
            level=self.rate * value + (1 - self.rate) * self.level,
            start=start,
            slope=slope,
            mean=mean,
        )


def _closed_form(squares: Array) -> tuple[Array, Array, Array]:
    """The weight of the line (0 to 1) and the first level that leave the least squared error, and that error."""
    first2, both, line2, first_rest, line_rest, rest2 = squares
    determinant = first2 * line2 - both**2
    clear = determinant > 1e-9 * first2 * line2
    weight = (first2 * line_rest - both * first_rest) / np.where(clear, determinant, 1.0)
    weight = np.clip(np.where(clear, weight, 0.0), 0.0, 1.0)
    start = (first_rest - weight * both) / np.maximum(first2, 1e-300)
    crossed = weight * line_rest + start * first_rest
    error = rest2 - 2 * crossed + weight**2 * line2 + 2 * weight * start * both + start**2 * first2
    return weight, start, np.maximum(error, 0.0)


def _continued(state: _State, weight: Array, start: Array, horizon: int) -> Array:
    """The forecast (period, rate, column), each step taken in as if it had come."""
    own = replace(state, level=state.level + state.left * start)
    point = np.empty((horizon, *weight.shape))
    for row in range(horizon):
        point[row] = own.level + weight * own.line
        own = own.after(point[row])
    return point
