"""What a view opens with, before anybody has chosen anything: kept whole, so that a start reads it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analytics.forecasting.backtesting.store import measured_slowly
from analytics.forecasting.registry import models
from analytics.hotspots.registry import methods
from analytics.parallel import Progress, quiet
from analytics.requests import USUAL_HORIZON, CityRequest, ForecastRequest, MapRequest, Request
from data import City, fingerprint_of

__all__ = ["Opening", "first_forecast", "first_map", "opening_of"]


@dataclass(frozen=True)
class Opening(Request):
    """The request of a view that has just been opened; ``beside`` stands for what its answer depends on beside the data."""

    asked: ForecastRequest | MapRequest
    beside: str

    @property
    def city(self) -> CityRequest:
        """The city that is asked of."""
        return self.asked.city

    @property
    def table(self) -> str:
        """What tells the table from the others of the city."""
        if isinstance(self.asked, ForecastRequest):
            return f"series.{self.asked.series}"
        return f"incidents.{self.asked.incidents}"

    def answer(self, city: City, *, progress: Progress = quiet) -> Any:
        """The answer of the request.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Forecast or Hotspots
            As the request gives it.
        """
        return self.asked.answer(city, progress=progress)


def first_forecast(city: City, request: CityRequest, series: str) -> ForecastRequest:
    """What the outlook of a series asks for when it is opened.

    Parameters
    ----------
    city : opened.
    request : by which its pages ask for it.
    series : its name.

    Returns
    -------
    ForecastRequest
        To be kept and scored when its periods have come.
    """
    horizon = USUAL_HORIZON[city.series[series].freq]
    return ForecastRequest(request, series=series, horizon=horizon, reconcile=True, keep=True)


def first_map(request: CityRequest, incidents: str) -> MapRequest:
    """What the map of incidents asks for when it is opened.

    Parameters
    ----------
    request : by which the city's pages ask for it.
    incidents : their name, or that of a series of delays.

    Returns
    -------
    MapRequest
        Of all kinds, in squares of the usual size.
    """
    return MapRequest(request, incidents=incidents)


def opening_of(asked: ForecastRequest | MapRequest) -> Opening | None:
    """The request as one of a view that has just been opened; None where somebody has chosen something.

    What it may choose among counts: models and methods of their versions, and slow models that have been measured.
    """
    if isinstance(asked, MapRequest):
        known = [(each.name, each.version) for each in methods().values()]
        return Opening(asked, fingerprint_of(known)) if asked == first_map(asked.city, asked.incidents) else None
    usual = ForecastRequest(asked.city, series=asked.series, horizon=asked.horizon, reconcile=True, keep=True)
    if asked != usual or asked.horizon not in USUAL_HORIZON.values():
        return None
    known = [(each.name, each.version) for each in models().values()]
    return Opening(asked, fingerprint_of(known, measured_slowly()))
