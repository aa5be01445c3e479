"""What a forecast model is: one function over a whole panel, and what people must know about it.

A plug-in is one file: a function with ``@forecaster(...)`` (or ``@forecaster(...)`` over ``@per_series``) on top.
``run_model`` (in ``running``) is the only caller; it checks what comes back. What a plug-in needs of ``panel`` is offered
here too, so that its author imports from one place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from analytics.errors import ForecastError, ModelError
from analytics.forecasting.panel import GRID, columns_of, frequency_of, future_periods, panel_array, season_of
from analytics.plugins.apart import Apart
from analytics.plugins.kind import Kind
from analytics.plugins.record import stated_of
from analytics.plugins.registry import Proxies, Registry
from data.tables import ValueType
from data.words import Sentence, Words

__all__ = [
    "CALENDAR",
    "GRID",
    "MODELS",
    "Forecaster",
    "PerSeries",
    "Prediction",
    "columns_of",
    "find_model",
    "forecaster",
    "frequency_of",
    "future_periods",
    "panel_array",
    "per_series",
    "season_of",
]

CALENDAR = ("holiday", "utc_offset")
"""Regressors that the calendar gives: public holidays, and the hours that local clocks are ahead of the periods."""


COLUMNS = 6  # for so many a model of the workspace may take as long again as for loading it: 5 s a column


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a model says: ``mean`` (period, area_id, category) and ``quantiles`` (quantile, period, area_id, category).

    ``mean`` is the mean of the distribution that the quantiles describe: draws are brought to it. ``quantiles`` is None
    for a model that says only where the middle lies. ``size`` (period, area_id, category) is the negative binomial's,
    where that is the model's distribution: variance = mean + mean^2 / size.
    """

    mean: xr.DataArray
    quantiles: xr.DataArray | None = None
    size: xr.DataArray | None = None


@dataclass(frozen=True, eq=False)
class Forecaster:
    """A model: a function, and what people must know before they trust it.

    ``title``, ``limits`` and ``inputs`` are plain words, or sentences of ``messages``. ``complexity`` orders models from
    simple to involved: of models that are as good, the simplest is used. ``slow`` models (over 20 ms a series) are tested
    on a sample of the series.
    ``parametric`` models return the negative binomial's ``size``; the others are asked for the whole ``GRID``.
    ``frequencies`` are those that the model works at (none named: at all of them). ``uses`` names what the model can use
    beside the values: "holiday" (1 on a public holiday), "utc_offset" (hours that local clocks are ahead of the
    periods) and "others" (whatever else the city gives, such as weather or events); it is given no more than that.
    ``how`` it works, the ``source`` of that, its ``parameters`` and the ``changes`` of its versions stand in its record.
    """

    name: str
    title: Words
    version: str
    limits: Sequence[Words]
    inputs: Sequence[Words]
    value_types: Sequence[ValueType]
    min_periods: int
    complexity: int
    function: Callable[..., Prediction]
    has_quantiles: bool = True
    slow: bool = False
    parametric: bool = False
    frequencies: Sequence[str] = ()
    uses: Sequence[str] = ()
    how: Words = ""
    source: Words = ""
    parameters: Sequence[Words] = ()
    changes: Sequence[Words] = ()

    def fits(self, history: pd.DataFrame, *, value_type: ValueType) -> bool:
        """Whether the model can forecast values of this type, at this frequency, from a history of this length.

        Parameters
        ----------
        history : period x (area_id, category).
        value_type : "count" or "continuous".

        Returns
        -------
        False where ``run_model`` would refuse it.
        """
        at_all = value_type in self.value_types and len(history) >= self.min_periods
        return at_all and (not self.frequencies or frequency_of(history) in self.frequencies)

    def __reduce__(self) -> tuple[Any, ...]:
        # The decorated name is the Forecaster, so the function itself cannot pickle: a worker looks it up again.
        return find_model, (self.name,)


def _problem(model: object) -> Sentence | None:
    if not isinstance(model, Forecaster):
        return Sentence("plugins.no_model")
    empty = [
        name for name in ("name", "title", "version", "limits", "inputs", "value_types") if not getattr(model, name)
    ]
    return Sentence("plugins.states_no", {"names": empty}) if empty else None


def _facts(model: Forecaster) -> dict[str, Any]:
    """All that a model states."""
    stated = {each.name: getattr(model, each.name) for each in fields(model) if each.name != "function"}
    return stated | {"per_series": isinstance(model.function, PerSeries)}


def _apart(facts: Mapping[str, Any], file: Apart) -> Forecaster:
    """A model whose function runs in the process of its file."""
    name = str(facts["name"])

    def ask(history: pd.DataFrame, **asked: Any) -> Any:
        seconds = file.limits.seconds * (1 + history.shape[1] / COLUMNS)
        answer = file.call(name, "function", history, seconds=seconds, **asked)
        return Prediction(**answer) if isinstance(answer, dict) else answer

    return Forecaster(
        name=name,
        title=str(facts["title"]),
        version=str(facts["version"]),
        limits=tuple(map(str, facts["limits"])),
        inputs=tuple(map(str, facts["inputs"])),
        value_types=tuple(facts["value_types"]),
        min_periods=int(facts["min_periods"]),
        complexity=int(facts["complexity"]),
        function=PanelElsewhere(ask) if facts["per_series"] else ask,
        has_quantiles=bool(facts["has_quantiles"]),
        slow=bool(facts["slow"]),
        parametric=bool(facts["parametric"]),
        frequencies=tuple(map(str, facts["frequencies"])),
        uses=tuple(map(str, facts["uses"])),
        **stated_of(facts),
    )


MODELS: Kind[Forecaster] = Kind(
    noun="model",
    registry=Registry(
        "analytics.forecasting.models",
        "civicast.forecasters",
        _problem,
        "models",
        proxies=Proxies("analytics.forecasting.contract:MODELS.registry", _facts, _apart, (ForecastError, ModelError)),
    ),
    error=ForecastError,
)
"""Forecast models as a kind of plug-in: those in ``models/``, of external packages and of the workspace."""


def find_model(name: str) -> Forecaster:
    """The model of this name.

    Raises
    ------
    ForecastError
        When there is none, naming those that there are.
    """
    return MODELS.find(name)


def forecaster(
    *,
    name: str,
    title: Words,
    version: str,
    limits: Sequence[Words],
    inputs: Sequence[Words],
    value_types: Sequence[ValueType],
    min_periods: int,
    complexity: int,
    has_quantiles: bool = True,
    slow: bool = False,
    parametric: bool = False,
    frequencies: Sequence[str] = (),
    uses: Sequence[str] = (),
    how: Words = "",
    source: Words = "",
    parameters: Sequence[Words] = (),
    changes: Sequence[Words] = (),
) -> Callable[[Callable[..., Prediction]], Forecaster]:
    """Turn a function into a registered model.

    The function is called as ``function(history, *, horizon, quantiles, regressors, seed)``; ``history`` is a frame of
    period x (area_id, category) whose gaps are NaN, ``regressors`` a frame of period x name that covers the history and
    the horizon, or None when there is nothing that the model uses.

    Parameters
    ----------
    name : a lower-case Python name that no other model has.
    title : as people read it.
    version : raise it when answers change: what is stored under another is made again.
    limits : whole sentences: what the model cannot do.
    inputs : what it looks at, in a few words each.
    value_types : "count", "continuous" or both.
    min_periods : that a history must have, from 1.
    complexity : from 0, rising: the simpler of equals is used.
    has_quantiles : whether it returns quantiles.
    slow : whether it takes more than 20 ms a series.
    parametric : whether it returns a negative binomial's size.
    frequencies : at which it works (none named: at all).
    uses : "holiday", "utc_offset" and "others", as far as it uses them.
    how, source : how it works, and what that is taken from, in sentences.
    parameters : its settings, a sentence each.
    changes : what each version changed, a sentence each.

    Returns
    -------
    A decorator that gives the model, registered.
    """

    def wrap(function: Callable[..., Prediction]) -> Forecaster:
        return MODELS.register(
            Forecaster(
                name=name,
                title=title,
                version=version,
                limits=limits,
                inputs=inputs,
                value_types=value_types,
                min_periods=min_periods,
                complexity=complexity,
                function=function,
                has_quantiles=has_quantiles,
                slow=slow,
                parametric=parametric,
                frequencies=tuple(frequencies),
                uses=tuple(uses),
                how=how,
                source=source,
                parameters=tuple(parameters),
                changes=tuple(changes),
            )
        )

    return wrap


@dataclass(frozen=True)
class PerSeries:
    """A function of one series that serves a panel, column by column; see ``per_series``."""

    function: Callable[..., pd.DataFrame]

    def __call__(
        self,
        history: pd.DataFrame,
        *,
        horizon: int,
        quantiles: Sequence[float],
        regressors: pd.DataFrame | None = None,
        seed: int = 0,
    ) -> Prediction:
        """The predictions of all columns."""
        frames = [
            self.function(_known(history[name]), horizon=horizon, quantiles=quantiles, regressors=regressors, seed=seed)
            for name in history.columns
        ]
        periods = future_periods(history, horizon)
        mean = np.column_stack([frame["mean"].to_numpy(dtype=float) for frame in frames])
        if all(list(frame.columns) == ["mean"] for frame in frames):
            return Prediction(panel_array(mean, periods, history.columns))
        values = np.stack([np.column_stack([frame[level].to_numpy(float) for frame in frames]) for level in quantiles])
        return Prediction(
            panel_array(mean, periods, history.columns),
            panel_array(values, periods, history.columns, quantiles=quantiles),
        )


class PanelElsewhere(PerSeries):
    """A function of one series whose panel is served, column by column, where the function is."""

    def __call__(self, history: pd.DataFrame, **asked: Any) -> Any:
        """The predictions of all columns, or whatever else is answered."""
        return self.function(history, **asked)


def per_series(function: Callable[..., pd.DataFrame]) -> PerSeries:
    """Let a function of one series serve a panel.

    ``function(series, *, horizon, quantiles, regressors, seed)`` is given a Series without its leading gaps and returns
    a frame of period x ("mean", then each quantile as a float); a model without quantiles returns "mean" alone.
    """
    return PerSeries(function)


def _known(series: pd.Series) -> pd.Series:
    first = series.first_valid_index()
    return series if first is None else series.loc[first:]
