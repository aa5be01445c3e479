"""Panels that try a model, and what a model did with one: the material of the conformance checks."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.errors import ForecastError, ModelError
from analytics.forecasting.contract import Forecaster, Prediction, columns_of
from analytics.forecasting.running import run_model
from analytics.plugins.checks import global_random
from data.frequency import Frequency

__all__ = ["LEVELS", "Observation", "Trial", "refuses"]

Array = npt.NDArray[np.float64]

LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
FREQUENCIES = (Frequency.DAY, Frequency.WEEK, Frequency.MONTH, Frequency.HOUR, Frequency.YEAR)
HORIZON = 9
QUICK_PERIODS, SLOW_PERIODS = 90, 40
MEANS = (2.0, 12.0, 30.0)  # columns that differ clearly, so that a model that mixes them up shows it


def refuses(error: BaseException) -> bool:
    """Whether an error is a refusal in words, rather than a breakdown or a broken contract."""
    return isinstance(error, ForecastError) and not isinstance(error, ModelError)


@dataclass(frozen=True, eq=False)
class Observation:
    """One call of a model, watched: what it returned before anyone checked it, and what else it did."""

    panel: pd.DataFrame
    raw: Any
    error: Exception | None
    touched: bool
    random_moved: bool
    printed: str

    @property
    def answer(self) -> Prediction:
        """What was returned.

        Raises
        ------
        Exception
            What the call raised, when it returned nothing that could be read.
        """
        if isinstance(self.raw, Prediction):
            return self.raw
        if self.error is not None:
            raise self.error
        raise TypeError("it returned something else than a Prediction")


@dataclass(frozen=True, eq=False)
class Trial:
    """A model on trial: panels of its own kind of values, small where it is slow."""

    model: Forecaster
    seed: int = 0

    @property
    def counts(self) -> bool:
        """Whether the model is for counts."""
        return "count" in self.model.value_types

    @cached_property
    def freq(self) -> Frequency:
        """The first frequency that the model does not refuse in words: days, weeks, months, hours, years."""
        for freq in FREQUENCIES:
            seen = self.watch(self.panel(freq=freq))
            if seen.error is None or not refuses(seen.error):
                return freq
        return FREQUENCIES[0]

    @property
    def season(self) -> int:
        """Periods in the shortest season of the trial's frequency that is more than one period."""
        return min((each for each in self.freq.seasons if each > 1), default=1)

    def periods(self) -> int:
        """Periods of a usual history: what the model needs, and some more."""
        return max(SLOW_PERIODS if self.model.slow else QUICK_PERIODS, self.model.min_periods + 2)

    def panel(
        self,
        *,
        freq: Frequency | None = None,
        periods: int | None = None,
        means: Sequence[float] | None = None,
        categories: Sequence[str] = ("all",),
    ) -> pd.DataFrame:
        """Counts, or continuous values, around the mean of each column, with a pattern of seven periods.

        Parameters
        ----------
        freq : of its periods (default: the trial's).
        periods : how many (default: a usual history).
        means : one a column (default: some that differ clearly).
        categories : of each area.

        Returns
        -------
        Period x (area_id, category).
        """
        length = self.periods() if periods is None else periods
        centres = np.array((MEANS[:2] if self.model.slow else MEANS) if means is None else means)
        rng = np.random.Generator(np.random.Philox(self.seed))
        expected = centres * (1 + 0.3 * np.sin(2 * np.pi * np.arange(length) / 7))[:, None]
        noise = rng.poisson(expected) if self.counts else expected * rng.normal(1, 0.1, expected.shape)
        return panel_of(noise, freq=freq or self.freq, categories=categories)

    def like(self, values: npt.NDArray[Any]) -> pd.DataFrame:
        """A panel of these values (period, column)."""
        return panel_of(values, freq=self.freq)

    def ask(
        self,
        panel: pd.DataFrame,
        *,
        horizon: int = HORIZON,
        quantiles: Sequence[float] = LEVELS,
        model: Forecaster | None = None,
    ) -> Prediction:
        """What the model says, checked by ``run_model``.

        Parameters
        ----------
        panel : the history.
        horizon : periods ahead.
        quantiles : levels, rising.
        model : another than the one on trial.

        Returns
        -------
        Its prediction for the periods that follow.
        """
        return run_model(model or self.model, panel, horizon=horizon, quantiles=quantiles, seed=self.seed)

    def means(self, panel: pd.DataFrame, *, horizon: int = HORIZON) -> Array:
        """The means (period, column) of what the model says.

        Parameters
        ----------
        panel : the history.
        horizon : periods ahead.

        Returns
        -------
        (period, column), in the order of the panel.
        """
        return columns_of(self.ask(panel, horizon=horizon).mean, panel.columns)

    def watch(self, panel: pd.DataFrame, *, horizon: int = HORIZON) -> Observation:
        """One call through ``run_model``, with what came back before it was checked.

        Parameters
        ----------
        panel : the history.
        horizon : periods ahead.

        Returns
        -------
        What was returned or raised, and what else the call did.
        """
        seen: dict[str, Any] = {"raw": None, "touched": False}

        def watched(history: pd.DataFrame, **asked: Any) -> Prediction:
            before = history.copy()
            answer = self.model.function(history, **asked)
            seen.update(raw=answer, touched=not history.equals(before))
            return answer

        error: Exception | None = None
        with contextlib.redirect_stdout(io.StringIO()) as printed, global_random() as moved:
            try:
                self.ask(panel, horizon=horizon, model=replace(self.model, function=watched))
            except Exception as caught:  # noqa: BLE001 - a model under trial may raise anything
                error = caught
            random_moved = moved()
        return Observation(panel, **seen, error=error, random_moved=random_moved, printed=printed.getvalue())

    @cached_property
    def ordinary(self) -> Observation:
        """What the model did with an ordinary history."""
        return self.watch(self.panel())

    @cached_property
    def gapped(self) -> Observation:
        """What the model did with a history that has gaps inside."""
        return self.watch(self.with_gaps())

    def with_gaps(self) -> pd.DataFrame:
        """An ordinary history that lacks a few values, and the last of all."""
        panel = self.panel()
        panel.iloc[10:14, 0] = np.nan
        panel.iloc[-1, :] = np.nan
        return panel


def panel_of(values: npt.NDArray[Any], *, freq: Frequency, categories: Sequence[str] = ("all",)) -> pd.DataFrame:
    """Values (period, column) as a panel whose columns are areas, each with every category."""
    start = {Frequency.YEAR: "1900-01-01", Frequency.MONTH: "1960-01-01"}.get(freq, "2018-01-01")
    index = pd.date_range(start, periods=len(values), freq=freq, name="period")
    areas = [f"A{number}" for number in range(values.shape[1] // len(categories))]
    columns = pd.MultiIndex.from_product([areas, list(categories)], names=["area_id", "category"])
    return pd.DataFrame(np.asarray(values, dtype=float), index=index, columns=columns)
