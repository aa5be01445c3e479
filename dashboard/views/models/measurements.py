"""What has been measured of models and methods in a city, read from the workspace: nothing is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.forecasting import Backtest, stored_backtests
from analytics.forecasting.backtesting.fitness import fitness_of
from analytics.forecasting.registry import models
from analytics.hotspots.backtesting.standing import Standing
from analytics.hotspots.backtesting.store import MapRecord, stored_maps
from analytics.hotspots.registry import methods
from analytics.hotspots.subjects import subjects
from analytics.results import Severity
from dashboard.shell.controls import HORIZONS
from data import City, Provenance, Series
from data.words import Words, say, text

__all__ = ["Measured", "Measurements", "Standings", "measured_in"]


@dataclass(frozen=True)
class Measured:
    """One backtest of a model, on one series and horizon, and the verdict on it."""

    model: str
    title: Words
    series: Series
    result: Backtest
    verdict: Severity

    @property
    def ahead(self) -> str:
        """How far it looked: "28 days"."""
        return text(self.series.freq.periods(self.result.horizon))


@dataclass(frozen=True)
class Standings:
    """How the methods stood beside each other on one map of a subject."""

    subject: str
    record: MapRecord
    standings: tuple[Standing, ...]
    provenance: Provenance

    @property
    def title(self) -> str:
        """What was mapped: the subject, the category where it is one of several, and the cells."""
        record = self.record
        kinds = [f"{record.category[:1].lower()}{record.category[1:]}"] if record.category else []
        cells = say(f"models.cells_{record.kind}", {"size": record.size})
        return ", ".join([self.subject, *kinds, cells, *([] if record.whole_week else [say("models.part_of_week")])])


@dataclass(frozen=True)
class Measurements:
    """All that is stored of a city."""

    forecasts: tuple[Measured, ...]
    maps: tuple[Standings, ...]

    def of_model(self, name: str) -> tuple[Measured, ...]:
        """Those of one model."""
        return tuple(each for each in self.forecasts if each.model == name)

    def of_method(self, name: str) -> list[tuple[Standings, Standing]]:
        """Where a method stood, by map."""
        return [(each, one) for each in self.maps for one in each.standings if one.method == name]

    @property
    def made_from(self) -> tuple[Provenance, ...]:
        """The tables that were measured on, once each."""
        found = [
            *(table for each in self.forecasts for table in each.result.made_from),
            *(m.provenance for m in self.maps),
        ]
        return tuple({each.fingerprint: each for each in found}.values())


def measured_in(city: City) -> Measurements:
    """What is stored of a city as its tables are now, by models and methods as they are now."""
    return Measurements(tuple(_forecasts(city)), tuple(_maps(city)))


def _forecasts(city: City) -> Sequence[Measured]:
    found, known = [], models()
    for series in city.series.values():
        for horizon in HORIZONS[series.freq]:
            for name, result in stored_backtests(series, horizon=int(horizon)).items():
                verdict = fitness_of([result])
                assert verdict is not None  # of one result there is one
                found.append(Measured(name, known[name].title, series, result, verdict.severity))
    return list({(each.model, each.series.name, each.result.horizon): each for each in found}.values())


def _maps(city: City) -> Sequence[Standings]:
    titles = {name: text(each.title) for name, each in subjects(city).items()}
    tables = {name: (city.incidents.get(name) or city.series[name]).provenance for name in titles}
    stored = stored_maps(
        {name: table.fingerprint for name, table in tables.items()},
        versions={name: each.version for name, each in methods().items()},
    )
    found = []
    for each in stored:
        name = each.record.incidents
        found.append(Standings(titles[name], each.record, each.standings, tables[name]))
    return found
