"""Forecasts of demand by the model that did best, with their track record and joint futures."""

from analytics.forecasting.backtesting.backtest import backtest, mostly_measured, stored_backtests
from analytics.forecasting.contract import Forecaster, Prediction, forecaster, per_series
from analytics.forecasting.forecast import forecast, measure
from analytics.forecasting.registry import failed_models, register
from analytics.forecasting.results import Backtest, Forecast, Score, Selection
from analytics.forecasting.running import run_model

__all__ = [
    "Backtest",
    "Forecast",
    "Forecaster",
    "Prediction",
    "Score",
    "Selection",
    "backtest",
    "failed_models",
    "forecast",
    "forecaster",
    "measure",
    "mostly_measured",
    "per_series",
    "register",
    "run_model",
    "stored_backtests",
]
