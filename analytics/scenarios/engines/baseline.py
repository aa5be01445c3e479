"""Demand if nothing is done: the forecast's joint futures. It has no lever, so it is computed once a study."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from threading import Lock
from typing import Any

import xarray as xr
from cachetools import LRUCache, cached

from analytics.forecasting import Forecast, forecast
from analytics.forecasting.registry import models
from analytics.parallel import Progress, quiet
from analytics.scenarios.contract import Evidence, Lever, Uncertainty
from analytics.scenarios.measure import Measure, Sum
from analytics.scenarios.registry import register
from analytics.scenarios.study import Study
from analytics.streams import Streams
from data import City


def _key(study: Study, *, progress: Progress = quiet) -> tuple[object, ...]:
    return (study.panel.provenance.fingerprint, study.panel.name, study.freq, study.periods)


@cached(LRUCache(maxsize=8), key=_key, lock=Lock())
def baseline_forecast(study: Study, *, progress: Progress = quiet) -> Forecast:
    """The forecast that a study starts from, by the quick models: always the same ones, whatever happens to be stored.

    Its own seed stays 0, so that another seed of the study brings other futures of one forecast, not another forecast.
    """
    quick = [name for name, model in models().items() if not model.slow]
    return forecast(study.panel, horizon=study.periods, candidates=quick, seed=0, progress=progress)


class Baseline:
    """Joint futures of the study's series."""

    name: str = "baseline"
    title: str = "Demand as forecast"
    version: str = "1"
    limits: Sequence[str] = ("It knows only what the series itself has shown.",)
    inputs: Sequence[str] = ("The forecast of the study's series",)

    def levers(self, study: Study) -> tuple[Lever, ...]:
        """None: this is what happens if nothing is done."""
        return ()

    def uncertainties(self, study: Study) -> tuple[Uncertainty, ...]:
        """None."""
        return ()

    def reads(self, city: City) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def writes(self, study: Study) -> tuple[Measure, ...]:
        """Demand by draw, area, category and period."""
        return (
            Measure(
                "baseline_demand",
                "Demand as forecast",
                study.panel.unit,
                layer=study.panel.layer,
                outcome=False,
                over={"category": Sum(), "period": Sum(), "area_id": Sum()},
            ),
        )

    def prepare(self, study: Study, *, progress: Progress) -> None:
        """Choose and fit the model."""
        baseline_forecast(study, progress=progress)

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        """The forecast's caveats and table."""
        # The forecast may be kept from a table of the same content: whose it is, and who may see it, is the study's to say.
        return Evidence(caveats=baseline_forecast(study).caveats, made_from=(study.panel.provenance,))

    def run(
        self,
        study: Study,
        levers: Mapping[str, Any],
        uncertainties: Mapping[str, Any],
        upstream: Mapping[str, xr.DataArray],
        streams: Streams,
    ) -> dict[str, xr.DataArray]:
        """The forecast's draws."""
        return {"baseline_demand": baseline_forecast(study).draws(study)}


register(Baseline())
