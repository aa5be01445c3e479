"""Forecasts, their backtests, the weather beside a series and service quality, as functions that a worker process runs."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

from analytics.answers import answered, kept
from analytics.environment import Energy, Heat
from analytics.forecasting import Backtest, Forecast, backtest
from analytics.monitoring.service_quality import ServiceQuality, service_quality
from analytics.parallel import Progress, quiet
from analytics.requests import CityRequest, EnergyRequest, ForecastRequest, HeatRequest, Request
from dashboard.workers.jobs import quick, read_back
from dashboard.workers.work import kept_opening, opened, opening_or_other
from data import City, Series

__all__ = [
    "ServiceRequest",
    "backtest_of",
    "measured_of",
    "outlook_of",
    "service_of",
    "weather_of",
    "weather_request",
    "yardstick_of",
]


@read_back(kept_opening)
def outlook_of(request: ForecastRequest, *, progress: Progress) -> Forecast:
    """The forecast of a series."""
    found: Forecast = opening_or_other(request, progress=progress)
    return found


def yardstick_of(request: ForecastRequest, *, progress: Progress) -> Forecast:
    """The forecast of a series by the seasonal naive: what stands while models are measured."""
    return request.by_the_yardstick(opened(request.city), progress=progress)


def measured_of(request: ForecastRequest, *, progress: Progress) -> None:
    """What ``outlook_of`` chooses among, measured beside it: it begins with what that comes to last."""
    request.measured(opened(request.city), progress=progress)


def backtest_of(request: ForecastRequest, *, progress: Progress) -> Backtest:
    """The backtest of the one model that is named, stored for every view that comes after."""
    return backtest(
        request.history(opened(request.city)), request.model or "", horizon=request.horizon, progress=progress
    )


@dataclass(frozen=True)
class ServiceRequest(Request):
    """How long the requests of a series take."""

    city: CityRequest
    _: KW_ONLY
    series: str

    @property
    def table(self) -> str:
        """What the answer is kept for."""
        return self.series

    def answer(self, city: City, *, progress: Progress = quiet) -> ServiceQuality:
        """The times.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        ServiceQuality
            Of all its requests.
        """
        progress(0.1, "")
        return service_quality(city.requests[self.series])


@quick
@read_back(kept)
def service_of(request: ServiceRequest, *, progress: Progress) -> ServiceQuality:
    """How long the requests of a series take; kept for the next start."""
    found: ServiceQuality = answered(request, opened, progress=progress)
    return found


@quick
@read_back(lambda request: kept(request) if request.since is None else None)
def weather_of(request: EnergyRequest | HeatRequest, *, progress: Progress) -> Energy | Heat:
    """What a degree adds to a series, or what came of it in heat; kept where no days were chosen."""
    progress(0.1, "")
    if request.since is not None:
        return request.answer(opened(request.city))
    found: Energy | Heat = answered(request, opened, progress=progress)
    return found


def weather_request(request: CityRequest, series: Series, temperature: str) -> EnergyRequest | HeatRequest:
    """What is asked of a series and its weather: of amounts what each degree adds, of counts what came in heat.

    Parameters
    ----------
    request : the city.
    series : that the page is about.
    temperature : the name of that which stands beside it.
    """
    asked = HeatRequest if series.value_type == "count" else EnergyRequest
    return asked(request, series=series.name, temperature=temperature)
