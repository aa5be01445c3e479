"""Air beside a road: what a change of the road's traffic does to the mean at its monitor, and to the hours that are too much."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import xarray as xr

from analytics.caveats import assess
from analytics.environment.roadside import Roadside, roadside_relation
from analytics.scenarios.amounts import SHARE
from analytics.scenarios.contract import Declaration, Drawn, Evidence, Lever, Uncertainty
from analytics.scenarios.engines.air.roads import QUESTION, beside_roads, changes_at, road_case
from analytics.scenarios.engines.air.years import WEATHER, levels_of, weeks_of, years_of
from analytics.scenarios.measure import Mean, Measure
from analytics.scenarios.registry import register
from analytics.scenarios.study import Question, Study
from analytics.scenarios.values import Number
from analytics.streams import Streams
from data import City
from data.tables import Monitor
from data.words import Sentence, Words

__all__ = ["PER_VEHICLE", "TRAFFIC", "Air"]

TRAFFIC, PER_VEHICLE = "air.traffic", "air.per_vehicle"
CHANGE_BOUNDS = (-1.0, 1.0)
SLOPE, MONITOR = "air.slope", "monitor"
HIGHER, LOWER = Sentence("amounts.higher_word"), Sentence("amounts.lower_word")
WIDE = 10.0  # times the estimate, either way, that may be assumed


class Air:
    """The mean at a monitor, and its hours above a guideline, when the traffic of its road changes."""

    name: str = "air"
    title: Words = Sentence("engines.air.title")
    version: str = "1"
    how: Words = Sentence("records.air.how")
    source: Words = Sentence("records.air.source")
    limits: Sequence[Words] = tuple(
        Sentence(f"engines.air.limit_{each}") for each in ("dispersion", "association", "alike", "peak", "years")
    )
    inputs: Sequence[Words] = tuple(Sentence(f"engines.air.input_{each}") for each in ("monitor", "traffic"))
    questions: Sequence[Question] = (
        Question("air", Sentence("questions.air.title"), ("air",), "air_level", levers=(TRAFFIC,), subject="monitors"),
        Question(QUESTION, Sentence("questions.traffic_air.title"), ("traffic", "air"), "air_level", subject="trips"),
    )
    components: Collection[str] = (SLOPE, WEATHER)

    def applies(self, city: City) -> Sentence | None:
        """A monitor beside a counted road."""
        return None if city.of("monitors") else Sentence("errors.no_monitors", {"city": city.name})

    def declare(self, study: Study) -> Declaration:
        """The change of the road's traffic, and what is measured beside it; nothing in a study of no monitor."""
        monitor = _monitor(study)
        if monitor is None:
            return _declared_beside(study)
        relation, weeks = _relation(monitor), weeks_of(monitor)
        traffic = Lever(
            TRAFFIC, Sentence("levers.air_traffic", {"monitor": monitor.title}), Sentence("levers.air_traffic_about"), SHARE,
            Number(*CHANGE_BOUNDS), seen=weeks.seen,
        )  # fmt: skip
        widest = WIDE * max(abs(relation.low), abs(relation.high))
        slope = Uncertainty(
            PER_VEHICLE, Sentence("levers.air_per_vehicle", {"unit": monitor.air.unit}), -widest, widest
        )
        return Declaration(levers=(traffic,), uncertainties=(slope,), writes=_measures(monitor))

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        """How the relation was measured, and that it says nothing of anywhere else."""
        monitor = _monitor(study)
        monitors = [each for each, _ in _beside(study)] if monitor is None else [monitor]
        case = road_case(study) if monitor is None else None
        hours = "" if case is None else case.trips.hours
        caveats = [
            caveat
            for each in monitors
            for caveat in assess(**_facts(each, _relation(each), assumed=PER_VEHICLE in assumed), air_trip_hours=hours)
        ]
        tables = [table for each in monitors for table in (each, each.air, each.traffic)]
        return Evidence(caveats=tuple(caveats), made_from=tuple(table.provenance for table in tables))

    def run(
        self,
        study: Study,
        levers: Mapping[str, Any],
        uncertainties: Mapping[str, Any],
        upstream: Mapping[str, xr.DataArray],
        streams: Streams,
    ) -> dict[str, xr.DataArray]:
        """The mean of a year and its hours above the guideline, by draw."""
        monitor = _monitor(study)
        if monitor is None:
            return _run_beside(study, upstream, streams)
        weeks = weeks_of(monitor)
        slope = _slopes(monitor, uncertainties.get(PER_VEHICLE), streams)
        mean, above = levels_of(weeks, years_of(weeks, streams), slope * float(levers[TRAFFIC]), monitor.guideline)
        found = {"air_level": mean} | ({} if above is None else {"air_above": above})
        return {name: xr.DataArray(values.astype("float32"), dims="draw") for name, values in found.items()}

    def drawn(self, study: Study, outcomes: Mapping[str, xr.DataArray], streams: Streams) -> tuple[Drawn, ...]:
        """What a vehicle more goes with at the monitor; a better measurement would tell it more exactly."""
        monitor = _monitor(study)
        if monitor is None:
            return ()  # several relations, of which none can be assumed alone
        unit, values = monitor.air.unit, xr.DataArray(_slopes(monitor, None, streams), dims="draw")
        title, errand = (
            Sentence("levers.air_per_vehicle", {"unit": unit}),
            Sentence("drawn.air_errand", {"monitor": monitor.title}),
        )
        return (Drawn(PER_VEHICLE, title, unit, values, errand),)


def _beside(study: Study) -> tuple[tuple[Monitor, str], ...]:
    """The monitors beside the study's links, where it asks for their air."""
    case = road_case(study)
    return () if case is None else beside_roads(study, case.network)


def _declared_beside(study: Study) -> Declaration:
    """What a plan for the road does to the air at all monitors beside it: read of the traffic engine, nothing to choose."""
    monitors = _beside(study)
    if not monitors:
        return Declaration()
    air = monitors[0][0].air
    about = {"pollutant": air.title, "monitors": [each.title for each, _ in monitors]}
    over = {MONITOR: Mean()}
    level = Measure(
        "air_level", Sentence("measures.air_beside", about), air.unit, over=over, more_word=HIGHER, fewer_word=LOWER
    )
    if any(each.guideline is None for each, _ in monitors):
        return Declaration(reads=("road_volume",), writes=(level,))
    above = Measure(
        "air_above", Sentence("measures.air_beside_above", about), Sentence("units.hours_a_year"), over=over
    )
    return Declaration(reads=("road_volume",), writes=(level, above))


def _run_beside(study: Study, upstream: Mapping[str, xr.DataArray], streams: Streams) -> dict[str, xr.DataArray]:
    """By draw and monitor: the mean of a year, and the hours above the guideline where all have one."""
    case, monitors = road_case(study), _beside(study)
    if case is None or not monitors:
        return {}
    levels, hours = [], []
    for monitor, link in monitors:
        weeks = weeks_of(monitor)
        added = _slopes(monitor, None, streams) * changes_at(case, link, upstream["road_volume"])
        mean, above = levels_of(weeks, years_of(weeks, streams), added, monitor.guideline)
        levels.append(mean)
        hours += [] if above is None else [above]
    found = {"air_level": levels} | ({"air_above": hours} if len(hours) == len(monitors) else {})
    coords = {MONITOR: [each.name for each, _ in monitors]}
    return {
        name: xr.DataArray(np.stack(values, axis=1).astype("float32"), coords=coords, dims=("draw", MONITOR))
        for name, values in found.items()
    }


def _facts(monitor: Monitor, relation: Roadside, *, assumed: bool) -> dict[str, Any]:
    return {
        "air_monitor": monitor.title, "air_unit": monitor.air.unit, "air_per_vehicle": relation.per_vehicle,
        "air_low": relation.low, "air_high": relation.high, "air_hours": relation.hours,
        "air_increment": relation.increment, "air_assumed": assumed,
    }  # fmt: skip


def _monitor(study: Study) -> Monitor | None:
    """The monitor that the question is about."""
    if "monitors" not in study.about:
        return None
    found: Monitor = study.table("monitors")
    return found


@lru_cache(maxsize=8)
def _relation(monitor: Monitor) -> Roadside:
    return roadside_relation(monitor)


def _slopes(monitor: Monitor, assumed: float | None, streams: Streams) -> np.ndarray:
    """What a vehicle more goes with in each future: what is assumed, or the estimate with its error; the same for every option."""
    if assumed is not None:
        return np.full(streams.draws, assumed)
    relation = _relation(monitor)
    return np.asarray(relation.per_vehicle + relation.error * streams.normal(SLOPE, [monitor.name])[0])


def _measures(monitor: Monitor) -> tuple[Measure, ...]:
    about = {"pollutant": monitor.air.title, "monitor": monitor.title}
    level = Measure(
        "air_level", Sentence("measures.air_level", about), monitor.air.unit, more_word=HIGHER, fewer_word=LOWER
    )
    if monitor.guideline is None:
        return (level,)
    over = about | {"guideline": monitor.guideline, "unit": monitor.air.unit, "hours": monitor.hours}
    return level, Measure("air_above", Sentence("measures.air_above", over), Sentence("units.hours_a_year"))


register(Air())
