"""Panels whose truth is known, and a study of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtr

from analytics.forecasting.contract import frequency_of
from analytics.forecasting.uncertainty.distribution import NegativeBinomial
from analytics.scenarios.study import Study
from data import Provenance, Series, fingerprint_of
from data.tables import ValueType

STARTS = {"D": "2020-01-01", "MS": "2005-01-01", "W-MON": "2016-01-04", "h": "2023-01-02", "YS": "1970-01-01"}


def frame(values: np.ndarray, *, freq: str = "D", categories: Sequence[str] = ("all",)) -> pd.DataFrame:
    """Values (period, column) as a panel whose columns are areas, each with every category."""
    index = pd.date_range(STARTS[freq], periods=len(values), freq=freq, name="period")
    areas = [f"A{number:02d}" for number in range(values.shape[1] // len(categories))]
    columns = pd.MultiIndex.from_product([areas, categories], names=["area_id", "category"])
    return pd.DataFrame(np.asarray(values, dtype=float), index=index, columns=columns)


def series(values: pd.DataFrame, *, value_type: ValueType = "count", name: str = "requests") -> Series:
    """A panel as a series with a provenance."""
    source = Provenance(name=name, origin="tests", licence="CC0", fingerprint=fingerprint_of(values))
    return Series(
        name, "Requests", values, source, layer="ward", measure="requests", unit="requests",
        freq=frequency_of(values), value_type=value_type,
    )  # fmt: skip


def counts(
    *, periods: int = 400, columns: int = 6, mean: float = 3.0, size: float = 4.0, rho: float = 0.0, seed: int = 1
) -> np.ndarray:
    """Negative binomial counts (period, column) around a constant mean, joined by a factor of strength ``rho``."""
    rng = np.random.default_rng(seed)
    latent = np.sqrt(rho) * rng.standard_normal((periods, 1))
    latent = latent + np.sqrt(1 - rho) * rng.standard_normal((periods, columns))
    shape = (periods, columns)
    return NegativeBinomial(np.full(shape, mean), np.full(shape, size)).inverse(ndtr(latent))


def study(panel: Series, *, periods: int, draws: int = 2000, seed: int = 3) -> Study:
    """A study of the periods that follow a series; forecasts ask for nothing else of it."""
    start = panel.as_of + pd.tseries.frequencies.to_offset(panel.freq)
    return Study(None, start, periods, panel.freq, draws=draws, seed=seed)  # type: ignore[arg-type]
