"""Forecasts, their backtests, the weather beside a series and service quality, as functions that a worker process runs."""

from __future__ import annotations

from analytics.environment import Energy, Heat
from analytics.forecasting import Backtest, Forecast, backtest
from analytics.monitoring.service_quality import ServiceQuality, service_quality
from analytics.parallel import Progress
from analytics.requests import EnergyRequest, ForecastRequest, HeatRequest, SeriesRequest
from dashboard.workers.jobs import quick, read_back
from dashboard.workers.work import kept_opening, opened, opening_or_other

__all__ = ["backtest_of", "outlook_of", "service_of", "weather_of"]


@read_back(kept_opening)
def outlook_of(request: ForecastRequest, *, progress: Progress) -> Forecast:
    """The forecast of a series."""
    found: Forecast = opening_or_other(request, progress=progress)
    return found


def backtest_of(request: ForecastRequest, *, progress: Progress) -> Backtest:
    """The backtest of the one model that is named, stored for every view that comes after."""
    return backtest(
        request.history(opened(request.city)), request.model or "", horizon=request.horizon, progress=progress
    )


@quick
def service_of(request: SeriesRequest, *, progress: Progress) -> ServiceQuality:
    """How long the requests of a series take."""
    progress(0.1, "")
    return service_quality(opened(request.city).requests[request.series])


@quick
def weather_of(request: EnergyRequest | HeatRequest, *, progress: Progress) -> Energy | Heat:
    """What a degree adds to a series, or what came of it in heat."""
    progress(0.1, "")
    return request.answer(opened(request.city))
