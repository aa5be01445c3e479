"""Demand if nothing is done: the forecast's joint futures. It has no lever, so it is computed once a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import xarray as xr
from cachetools import LRUCache, cached

from analytics.forecasting import Forecast, forecast
from analytics.scenarios.contract import Evidence, Lever, Measure, Uncertainty
from analytics.scenarios.registry import register
from analytics.scenarios.streams import Streams
from analytics.scenarios.study import Study
from data import City


def _key(study: Study) -> tuple[object, ...]:
    return (study.panel.provenance.fingerprint, study.panel.name, study.freq, study.periods, study.seed)


@cached(LRUCache(maxsize=8), key=_key)
def baseline_forecast(study: Study) -> Forecast:
    """The forecast that a study starts from, by the models that are quick or already measured."""
    return forecast(study.panel, horizon=study.periods, slow=False, seed=study.seed)


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
            Measure("baseline_demand", "Demand as forecast", study.panel.unit, layer=study.panel.layer, outcome=False),
        )

    def evidence(self, study: Study) -> Evidence:
        """The forecast's caveats and table."""
        outlook = baseline_forecast(study)
        return Evidence(caveats=outlook.caveats, made_from=outlook.made_from)

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
