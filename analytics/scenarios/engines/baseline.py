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
from analytics.scenarios.contract import Declaration, Drawn, Evidence
from analytics.scenarios.measure import AREA, Mean, Measure, Sum
from analytics.scenarios.registry import register
from analytics.scenarios.study import Study
from analytics.streams import Streams
from data import City
from data.frequency import Frequency
from data.words import Sentence, Words

LASTING = "forecast.lasting"  # the stream of what all areas and periods of a forecast share


def _key(study: Study, *, progress: Progress = quiet) -> tuple[object, ...]:
    panel = study.table("series")
    return (panel.provenance.fingerprint, panel.name, panel.value_type, study.freq, study.periods)


@cached(LRUCache(maxsize=8), key=_key, lock=Lock())
def baseline_forecast(study: Study, *, progress: Progress = quiet) -> Forecast:
    """The forecast that a study starts from, by the quick models: always the same ones, whatever happens to be stored.

    Its own seed stays 0, so that another seed of the study brings other futures of one forecast, not another forecast.

    Parameters
    ----------
    study : whose series is forecast, over the study's periods.
    progress : told how far it is.

    Returns
    -------
    The forecast, with its backtest and caveats.
    """
    quick = [name for name, model in models().items() if not model.slow]
    if study.freq is Frequency.HOUR:  # models that are not made for hours take a minute over a month of them
        quick = [name for name in quick if Frequency.HOUR in models()[name].frequencies]
    return forecast(study.table("series"), horizon=study.periods, candidates=quick, seed=0, progress=progress)


class Baseline:
    """Joint futures of the study's series."""

    name: str = "baseline"
    title: Words = Sentence("engines.baseline.title")
    version: str = "2"
    how: Words = Sentence("records.baseline.how")
    source: Words = Sentence("records.baseline.source")
    changes: Sequence[Words] = (Sentence("records.baseline.version_2"),)
    limits: Sequence[Words] = (Sentence("engines.baseline.limit"),)
    inputs: Sequence[Words] = (Sentence("engines.baseline.input"),)

    def applies(self, city: City) -> Sentence | None:
        """A series to forecast."""
        return None if city.series else Sentence("errors.no_series", {"city": city.name})

    def declare(self, study: Study) -> Declaration:
        """No lever: this is what happens if nothing is done. Demand by draw, area, category and period."""
        panel = study.table("series")
        reducer = Sum() if panel.value_type == "count" else Mean()
        over = {"category": reducer, "period": reducer, AREA: reducer}
        measure = Measure("baseline_demand", self.title, panel.unit, layer=panel.layer, outcome=False, over=over)
        return Declaration(writes=(measure,))

    def prepare(self, study: Study, *, progress: Progress) -> None:
        """Choose and fit the model."""
        baseline_forecast(study, progress=progress)

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        """The forecast's caveats and table."""
        # The forecast may be kept from a table of the same content: whose it is, and who may see it, is the study's to say.
        return Evidence(caveats=baseline_forecast(study).caveats, made_from=(study.table("series").provenance,))

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

    components: Collection[str] = (LASTING, "forecast.passing", "forecast.own")

    def drawn(self, study: Study, outcomes: Mapping[str, xr.DataArray], streams: Streams) -> tuple[Drawn, ...]:
        """The demand of the whole study; what of it lasts, and all areas share, can be fixed."""
        panel, demand = study.table("series"), outcomes["baseline_demand"]
        others = [each for each in demand.dims if each != "draw"]
        whole = demand.sum(others, dtype="float64") if panel.value_type == "count" else demand.mean(others)
        about = {"series": panel.title}
        title, errand = Sentence("drawn.demand", about), Sentence("drawn.demand_errand", about)
        return (Drawn("demand", title, panel.unit, whole, errand, (LASTING, panel.name)),)


register(Baseline())
