"""What is asked of a series and the weather beside it: one request, answered by what a degree adds or by what came in heat."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

import pandas as pd

from analytics.environment import Energy, Heat, energy_demand, excess_in_heat
from analytics.errors import MeasurementError
from analytics.parallel import Progress, quiet
from analytics.requests.request import CityRequest, Request
from data import City
from data.tables import Regressor

__all__ = ["EnergyRequest", "HeatRequest", "WeatherRequest", "temperature_in", "temperatures_of"]


@dataclass(frozen=True)
class WeatherRequest(Request):
    """A ``series`` beside a ``temperature`` ("" for the only one that fits), between two days (None is as far as known)."""

    city: CityRequest
    _: KW_ONLY
    series: str
    temperature: str = ""
    since: pd.Timestamp | None = None
    until: pd.Timestamp | None = None
    seed: int = 0

    @property
    def table(self) -> str:
        """What the answer is kept for."""
        return self.series


class EnergyRequest(WeatherRequest):
    """How a series moves with a temperature."""

    def answer(self, city: City, *, progress: Progress = quiet) -> Energy:
        """The curve.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told nothing: it takes no second.

        Returns
        -------
        Energy
            With intervals and caveats.
        """
        return energy_demand(
            city.series[self.series], temperature_in(city, self.temperature, series=self.series), since=self.since,
            until=self.until, seed=self.seed,
        )  # fmt: skip


class HeatRequest(WeatherRequest):
    """What a series had more than usual in heat: in the spells of a temperature, or from the day ``since`` to ``until``."""

    def answer(self, city: City, *, progress: Progress = quiet) -> Heat:
        """The excess.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told nothing: it takes no second.

        Returns
        -------
        Heat
            With intervals and caveats.
        """
        days = None if self.since is None or self.until is None else (self.since, self.until)
        asked = bool(self.temperature) or days is None
        temperature = temperature_in(city, self.temperature, series=self.series) if asked else None
        return excess_in_heat(city.series[self.series], temperature=temperature, days=days, seed=self.seed)


def temperatures_of(city: City, series: str) -> tuple[Regressor, ...]:
    """The temperatures that stand beside a series: those in degrees that name it, or no series.

    Parameters
    ----------
    city : opened.
    series : its name.

    Returns
    -------
    tuple
        In the order of the city.toml; a regressor without a unit may be anything, and is none.
    """
    beside = (each for each in city.of("regressors").values() if each.series in (None, series))
    return tuple(each for each in beside if each.in_degrees)


def temperature_in(city: City, name: str, *, series: str = "") -> Regressor:
    """The temperature of a name, or the only one that a series may be held against.

    Parameters
    ----------
    city : opened.
    name : of one of its regressors; "" for the only one that names the series, or no series.
    series : that it is for.

    Returns
    -------
    Regressor
        Its values by moment.

    Raises
    ------
    MeasurementError
        When there is none of that name, or more than one to choose from.
    """
    known = city.of("regressors")
    fitting = [each for each in known if known[each].series in (None, series)] if not name else [name]
    if not known:
        raise MeasurementError("no_temperatures", city=city.name)
    if len(fitting) != 1 or fitting[0] not in known:
        raise MeasurementError("no_temperature", city=city.name, name=name, names=list(known))
    found: Regressor = known[fitting[0]]
    return found
