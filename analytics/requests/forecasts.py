"""What is asked of one series: its values and its forecast."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, replace

import pandas as pd

from analytics.forecasting import Forecast, forecast, measure
from analytics.forecasting.backtesting.backtest import BASELINE
from analytics.parallel import Progress, quiet
from analytics.requests.request import CityRequest, Request
from data import City, Series
from data.frequency import Frequency

__all__ = ["USUAL_HORIZON", "ForecastRequest", "SeriesRequest"]

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
# Periods ahead that a page opens with.
USUAL_HORIZON = {Frequency.HOUR: 168, Frequency.DAY: 28, Frequency.WEEK: 13, Frequency.MONTH: 12, Frequency.YEAR: 3}


@dataclass(frozen=True)
class SeriesRequest(Request):
    """A series of a city, or one of its areas (None is the whole), as it was known at ``cutoff`` (None is now)."""

    city: CityRequest
    _: KW_ONLY
    series: str
    cutoff: pd.Timestamp | None = None
    area: str | None = None

    @property
    def as_it_stands(self) -> bool:
        """Whether it is the whole series, and all that is known of it: what a page opens with."""
        return self.cutoff is None and self.area is None

    def answer(self, city: City) -> Series:
        """The series."""
        known = _known(city.series[self.series], self.cutoff)
        return known.select(areas=(self.area,)) if self.area else known


@dataclass(frozen=True)
class ForecastRequest(Request):
    """A forecast: so many periods ahead of ``cutoff`` (None is now), by a model (None is the one that did best).

    ``reason`` says why the model was chosen by hand. ``slow`` measures slow models too; ``reconcile`` makes areas, their
    parents and the city add up; ``keep`` stores what is predicted now, to be scored when its periods have come.
    """

    city: CityRequest
    _: KW_ONLY
    series: str
    horizon: int = 28
    cutoff: pd.Timestamp | None = None
    model: str | None = None
    reason: str = ""
    slow: bool = False
    reconcile: bool = False
    keep: bool = False
    seed: int = 0

    def history(self, city: City) -> Series:
        """What is known at the cutoff."""
        return _known(city.series[self.series], self.cutoff)

    def answer(self, city: City, *, progress: Progress = quiet) -> Forecast:
        """The forecast.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Forecast
            With the levels that pages, exports and the command line show.
        """
        series = self.history(city)
        return forecast(
            series, horizon=self.horizon, quantiles=QUANTILES, model=self.model, slow=self.slow,
            parents=_parents(city, series) if self.reconcile else None, reason=self.reason, keep=self.keep,
            seed=self.seed, progress=progress,
        )  # fmt: skip

    def by_the_yardstick(self, city: City, *, progress: Progress = quiet) -> Forecast:
        """The forecast by the seasonal naive, of which alone the past is looked at: it is there long before the answer.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Forecast
            With the same levels.
        """
        return forecast(
            self.history(city), horizon=self.horizon, quantiles=QUANTILES, candidates=[BASELINE], seed=self.seed,
            progress=progress,
        )  # fmt: skip

    def measured(self, city: City, *, progress: Progress = quiet) -> None:
        """Measure what the answer chooses among, so that whoever makes it finds some of that done.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.
        """
        measure(self.history(city), horizon=self.horizon, seed=self.seed, progress=progress)

    def rests_on_the_backtests_of(self, other: ForecastRequest) -> bool:
        """Whether both choose among the same backtests, so that a new one makes both forecasts old."""

        def plain(each: ForecastRequest) -> ForecastRequest:
            return replace(each, model=None, reason="", keep=False, seed=0)

        return plain(self) == plain(other)


def _known(series: Series, cutoff: pd.Timestamp | None) -> Series:
    return series if cutoff is None else series.until(cutoff)


def _parents(city: City, series: Series) -> dict[str, str]:
    """The parent of each area of the series; {} where its layer has none."""
    layer = city.areas[series.layer].frame
    return layer["parent_id"].astype(str).to_dict() if "parent_id" in layer else {}
