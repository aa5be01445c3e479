"""The peers: Prophet here, statsforecast and mlforecast in an environment of their own, as their documentation advises."""

from __future__ import annotations

import json
import logging
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.environment import python_with
from benchmarks.forecasting.sets import LEVELS
from benchmarks.paired import Array

__all__ = ["nixtla", "prophet", "seasonal_naive"]

PACKAGES = ("statsforecast==2.1.1", "mlforecast==1.1.0", "lightgbm==4.7.0")
SAMPLES = 1000


def prophet(history: pd.DataFrame, horizon: int, *, country: str = "", clipped: bool = True) -> Array:
    """Prophet's quantiles (level, period, column) at ``LEVELS``, of 1,000 predictive samples of each column.

    Its defaults, with the country's holidays where one is named; clipped at 0 for values that cannot be below.
    """
    import cmdstanpy  # noqa: F401 - sets its own logger to chatter when it is imported, so it goes first
    from prophet import Prophet

    for logger in ("cmdstanpy", "prophet"):
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    ahead = pd.date_range(history.index[-1], periods=horizon + 1, freq=history.index.freq)[1:]
    answers = []
    for name in history.columns:
        known = history[name].dropna()
        np.random.seed(0)  # noqa: NPY002 - the generator that Prophet uses
        model = Prophet(uncertainty_samples=SAMPLES)
        if country:
            model.add_country_holidays(country)
        model.fit(pd.DataFrame({"ds": known.index, "y": known.to_numpy()}), seed=0)
        samples = model.predictive_samples(pd.DataFrame({"ds": ahead}))["yhat"]
        answers.append(np.quantile(np.maximum(samples, 0.0) if clipped else samples, LEVELS, axis=1))
    return np.stack(answers, axis=2)


def seasonal_naive(history: pd.DataFrame, horizon: int, *, season: int) -> Array:
    """The last season again plus the training quantiles of its changes, clipped at 0, (level, period, column)."""
    values = history.to_numpy(dtype=float)
    filled = history.groupby(np.arange(len(history)) % season).ffill().to_numpy(dtype=float)
    last = filled[-season:][np.arange(horizon) % season]
    change = np.nanquantile(values[season:] - values[:-season], LEVELS, axis=0)
    return np.maximum(last + change[:, None, :], 0.0)


def nixtla(
    history: pd.DataFrame, horizon: int, models: Sequence[str], *, season: int
) -> dict[str, tuple[Array, float]]:
    """Quantiles (level, period, column) and CPU seconds of models of statsforecast and mlforecast, by name."""
    python = python_with(PACKAGES, folder=".peers")
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "asked.npz", Path(folder) / "answered.npz"
        stamps = history.index.to_numpy().astype("datetime64[s]").astype(np.int64)
        asking = {"models": list(models), "horizon": horizon, "season": season, "levels": LEVELS,
                  "freq": history.index.freqstr}  # fmt: skip
        np.savez(asked, values=history.to_numpy(float), stamps=stamps, asking=json.dumps(asking))
        script = Path(__file__).with_name("nixtla_side.py")
        subprocess.run([python, "-W", "ignore", script, asked, answered], check=True)
        stored = np.load(answered)
        return {name: (stored[name], float(stored[f"{name} seconds"])) for name in models}
