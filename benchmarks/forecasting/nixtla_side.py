"""Run by the peers' own Python: forecasts of statsforecast and mlforecast for the values that it is given."""

from __future__ import annotations

import json
import os
import sys
import time

os.environ.setdefault("NIXTLA_ID_AS_COL", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd


def main(asked: str, answered: str) -> None:
    """Read what is asked, write quantiles (level, period, column) and CPU seconds by model."""
    stored = np.load(asked)
    asking = json.loads(str(stored["asking"]))
    stamps = pd.DatetimeIndex(stored["stamps"].astype("datetime64[s]"))
    values = stored["values"]
    long = pd.DataFrame(
        {
            "unique_id": np.repeat([f"S{n:05}" for n in range(values.shape[1])], len(values)),
            "ds": np.tile(stamps, values.shape[1]),
            "y": values.T.ravel(),
        }
    ).dropna()
    answers: dict[str, np.ndarray] = {}
    for name in asking["models"]:
        side = of_mlforecast if name == "lightgbm" else of_statsforecast
        # The first call compiles or imports; it is not the model's own cost.
        side(name, long[long["unique_id"] <= "S00001"], asking)
        began = time.process_time()
        table = side(name, long, asking)
        answers[f"{name} seconds"] = np.array(time.process_time() - began)
        ordered = table.sort_values(["unique_id", "ds"])[[str(level) for level in asking["levels"]]]
        shaped = ordered.to_numpy(float).reshape(values.shape[1], asking["horizon"], -1)
        answers[name] = shaped.transpose(2, 1, 0)
    np.savez(answered, **answers)


def of_statsforecast(name: str, long: pd.DataFrame, asking: dict) -> pd.DataFrame:
    """Quantiles by the model's own intervals; conformal ones where it has none."""
    from statsforecast import StatsForecast
    from statsforecast import models as known
    from statsforecast.utils import ConformalIntervals

    season = asking["season"]
    conformal = ConformalIntervals(h=asking["horizon"], n_windows=3)
    made = {
        "AutoETS": lambda: known.AutoETS(season_length=season, model="ZZA", damped=True),
        "DynamicOptimizedTheta": lambda: known.DynamicOptimizedTheta(season_length=season),
        "AutoCES": lambda: known.AutoCES(season_length=season),
        "SeasonalNaive": lambda: known.SeasonalNaive(season_length=season),
        "SeasonalES": lambda: known.SeasonalExponentialSmoothingOptimized(
            season_length=season, prediction_intervals=conformal
        ),
        "CrostonOptimized": lambda: known.CrostonOptimized(prediction_intervals=conformal),
        "TSB": lambda: known.TSB(alpha_d=0.1, alpha_p=0.1, prediction_intervals=conformal),
        "IMAPA": lambda: known.IMAPA(prediction_intervals=conformal),
        "MSTL": lambda: known.MSTL(season_length=[24, season], trend_forecaster=known.AutoARIMA()),
    }
    model = made[name]()
    engine = StatsForecast(models=[model], freq=asking["freq"], n_jobs=1)
    table = engine.forecast(df=long, h=asking["horizon"], level=[80, 95])
    column = next(each for each in table.columns if each not in ("unique_id", "ds") and "-" not in each)
    return quantiles(table, column, asking["levels"])


def of_mlforecast(name: str, long: pd.DataFrame, asking: dict) -> pd.DataFrame:
    """LightGBM over all series with lags, rolling means and the calendar; conformal intervals over windows."""
    import lightgbm
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import ExponentiallyWeightedMean, RollingMean
    from mlforecast.utils import PredictionIntervals

    season = asking["season"]
    engine = MLForecast(
        models={"lightgbm": lightgbm.LGBMRegressor(verbosity=-1, n_jobs=1, random_state=0)},
        freq=asking["freq"],
        lags=[1, season, 2 * season],
        lag_transforms={1: [RollingMean(4 * season), ExponentiallyWeightedMean(0.1)]},
        date_features=["dayofweek", "month"],
        num_threads=1,
    )
    engine.fit(long, prediction_intervals=PredictionIntervals(n_windows=3, h=asking["horizon"]))
    table = engine.predict(asking["horizon"], level=[80, 95])
    return quantiles(table, "lightgbm", asking["levels"])


def quantiles(table: pd.DataFrame, column: str, levels: list[float]) -> pd.DataFrame:
    """The columns of levels 80 and 95 as quantiles, clipped at 0: the sets are counts."""
    named = {
        0.025: f"{column}-lo-95",
        0.1: f"{column}-lo-80",
        0.5: column,
        0.9: f"{column}-hi-80",
        0.975: f"{column}-hi-95",
    }
    own = table[["unique_id", "ds"]].copy()
    for level in levels:
        own[str(level)] = np.maximum(table[named[level]].to_numpy(float), 0.0)
    return own


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
