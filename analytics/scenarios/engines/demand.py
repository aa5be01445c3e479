"""Demand when the city changes: population, jobs, and the demand of a category itself.

In each future the forecast's demand is multiplied by (1 + growth)^elasticity for each driver, growth arriving evenly over
the study, and by (1 + change) of its category, which may stray by the error with which it was measured. The product is the
expected demand in that future, not a new count: so a lever at rest leaves every draw untouched to the last bit, and two
options differ only by what was decided.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from analytics.scenarios.amounts import SHARE
from analytics.scenarios.contract import Declaration, Drawn, Evidence, Lever, Uncertainty
from analytics.scenarios.elasticity import Elasticities, estimate, yearly_growth
from analytics.scenarios.measure import AREA, Max, Mean, Measure, Sum
from analytics.scenarios.registry import register
from analytics.scenarios.study import Question, Study
from analytics.scenarios.values import PerKey
from analytics.streams import Streams
from data import City, Series
from data.frequency import Frequency
from data.words import Sentence, Words

DRIVERS = ("population", "jobs")
GROWTH_BOUNDS = (-0.5, 1.0)
CHANGE_BOUNDS = (-0.9, 2.0)
MOST_ERROR = 0.5  # of a change, as the standard error of its logarithm: beyond it nothing was measured
ELASTICITY_BOUNDS = (-1.0, 3.0)
MOST_GAPS = 0.02  # of the values of a study's periods: far less than what its ranges leave open
ELASTICITY = "elasticity"


class Demand:
    """Demand under population growth, growth in jobs and changes of a category."""

    name: str = "demand"
    title: Words = Sentence("engines.demand.title")
    version: str = "4"
    how: Words = Sentence("records.demand.how")
    source: Words = Sentence("records.demand.source")
    parameters: Sequence[Words] = (
        Sentence(
            "records.demand.bounds",
            {
                "low": GROWTH_BOUNDS[0],
                "high": GROWTH_BOUNDS[1],
                "least": ELASTICITY_BOUNDS[0],
                "most": ELASTICITY_BOUNDS[1],
            },
        ),
    )
    changes: Sequence[Words] = (
        Sentence("records.demand.version_2"),
        Sentence("records.demand.version_3"),
        Sentence("records.demand.version_4"),
    )
    limits: Sequence[Words] = tuple(
        Sentence(f"engines.demand.limit_{each}") for each in ("association", "neighbours", "evenly")
    )
    questions: Sequence[Question] = (
        Question("demand", Sentence("questions.demand.title"), engines=("baseline", "demand"), primary="demand"),
    )
    inputs: Sequence[Words] = tuple(Sentence(f"engines.demand.input_{each}") for each in ("forecast", "drivers"))
    observes: Sequence[str] = ("demand", "busiest")

    def applies(self, city: City) -> Sentence | None:
        """A series whose demand may grow."""
        return None if city.series else Sentence("errors.no_series", {"city": city.name})

    def declare(self, study: Study) -> Declaration:
        """Growth of each driver that the city has, the change of a category's demand, and what may be assumed."""
        known = _elasticities(study)
        return Declaration(
            levers=(*(_growth_lever(study, name) for name in known.drivers), _change_lever(study), _error_lever(study)),
            uncertainties=tuple(
                Uncertainty(f"elasticity.{name}", Sentence(f"levers.effect_of_{name}"), *ELASTICITY_BOUNDS)
                for name in known.drivers
            ),
            reads=("baseline_demand",),
            writes=_measures(study),
        )

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        """Which of the effects that matter here were estimated, and how."""
        known = _elasticities(study)
        drivers = [study.find("drivers", name) for name in known.drivers]
        areas = study.find("areas", study.table("series").layer)
        used = [name for name in known.drivers if f"{name}.growth" in moved and f"elasticity.{name}" not in assumed]
        facts = {
            "elasticity_drivers": used,
            "cross_sectional_drivers": [name for name in known.cross_sectional if name in used],
            "periods_varying": known.periods_varying,
            "drivers_absent": known.absent,
            "effects_assumed": [study.table("series").title] if "demand.change_error" in moved else [],
        }
        tables = [table.provenance for table in (*drivers, areas) if table is not None]
        return Evidence(facts=facts, made_from=tuple(tables))

    def observed(self, study: Study) -> Mapping[str, xr.DataArray]:
        """Demand by (area_id, category, period) and that of the busiest period, once all periods are over.

        A few gaps count as the mean of the other periods of their area and category; with more nothing is told.
        """
        panel: Series = study.table("series")
        values = panel.values.reindex(study.index)
        over = study.index[-1] <= panel.as_of
        if not over or values.isna().to_numpy().mean() > MOST_GAPS or values.isna().all().any():
            return {}
        columns = xr.Coordinates.from_pandas_multiindex(pd.MultiIndex.from_frame(values.columns.to_frame()), "column")
        coords = {"period": study.index}
        demand = xr.DataArray(values.fillna(values.mean()), dims=("period", "column"), coords=coords)
        demand = demand.assign_coords(columns).unstack("column")
        busiest = {"busiest": demand.sum(["area_id", "category"])} if panel.value_type == "count" else {}
        return {"demand": demand} | busiest

    def run(
        self,
        study: Study,
        levers: Mapping[str, Any],
        uncertainties: Mapping[str, Any],
        upstream: Mapping[str, xr.DataArray],
        streams: Streams,
    ) -> dict[str, xr.DataArray]:
        """Demand by (draw, area_id, category, period), the busiest period's and each resident's by (draw, period)."""
        baseline = upstream["baseline_demand"]
        areas, categories = baseline.get_index("area_id"), baseline.get_index("category")
        known = _elasticities(study)
        demand = baseline
        for index, driver in enumerate(known.drivers):
            growth = _by_key(levers[f"{driver}.growth"], areas, "area_id")
            if bool(growth.any()):
                power = _power(known, index, uncertainties.get(f"elasticity.{driver}"), streams)
                demand = demand * (1 + growth * _arrived(study)) ** power
        change = _by_key(levers["demand.change"], categories, "category")
        if bool(change.any()):
            demand = demand * (1 + change)
        error = _by_key(levers["demand.change_error"], categories, "category")
        if bool(error.any()):
            demand = demand * _strayed(error, streams)
        demand = demand.transpose("draw", "area_id", "category", "period").astype("float32")
        if study.table("series").value_type != "count":
            return {"demand": demand}
        city = demand.sum(["area_id", "category"], dtype="float64")
        found = {"demand": demand, "busiest": city.astype("float32")}
        residents = _residents(study)
        if residents is not None:
            growth = _by_key(levers.get("population.growth", 0.0), areas, "area_id")
            grown = (residents * (1 + growth * _arrived(study))).sum("area_id")
            found["per_resident"] = (1000 * city / grown).astype("float32")
        return found

    components: Collection[str] = (ELASTICITY,)

    def drawn(self, study: Study, outcomes: Mapping[str, xr.DataArray], streams: Streams) -> tuple[Drawn, ...]:
        """The effects of growth; each hangs on the normals of several streams, and is fixed by assuming it."""
        known = _elasticities(study)
        return tuple(
            Drawn(
                f"elasticity.{driver}",
                Sentence(f"levers.effect_of_{driver}"),
                "",
                _power(known, index, None, streams),
                Sentence("drawn.elasticity_errand", {"driver": Sentence(f"drawn.{driver}")}),
            )
            for index, driver in enumerate(known.drivers)
        )


def _elasticities(study: Study) -> Elasticities:
    panel: Series = study.table("series")
    drivers = {name: driver for name in DRIVERS if (driver := study.find("drivers", name)) is not None}
    return estimate(panel, drivers=drivers, areas=study.find("areas", panel.layer), wanted=DRIVERS)


def _growth_lever(study: Study, driver: str) -> Lever:
    panel = study.find("drivers", driver)
    return Lever(
        name=f"{driver}.growth",
        title=Sentence(f"levers.{driver}"),
        description=Sentence("levers.growth"),
        unit=SHARE,
        kind=PerKey(*GROWTH_BOUNDS, keys=study.table("series").area_ids, key_kind="area"),
        seen=yearly_growth(panel, years=study.years) if panel is not None else (0.0, 0.0),
        circumstance=True,
    )


def _change_lever(study: Study) -> Lever:
    return Lever(
        name="demand.change",
        title=Sentence("levers.change"),
        description=Sentence("levers.change_about"),
        unit=SHARE,
        kind=PerKey(*CHANGE_BOUNDS, keys=study.table("series").categories, key_kind="category"),
        seen=_seen_change(study),
    )


def _error_lever(study: Study) -> Lever:
    return Lever(
        name="demand.change_error",
        title=Sentence("levers.change_error"),
        description=Sentence("levers.change_error_about"),
        unit=SHARE,
        kind=PerKey(0.0, MOST_ERROR, keys=study.table("series").categories, key_kind="category"),
    )


def _strayed(error: xr.DataArray, streams: Streams) -> xr.DataArray:
    """How far demand lies from what is assumed of its category, as a factor whose middle is 1: the same luck for all of them."""
    luck = xr.DataArray(streams.normal("demand.change", ["error"])[0], dims="draw")
    return xr.DataArray(np.exp(error * luck))


def _measures(study: Study) -> tuple[Measure, ...]:
    """Demand; of counts also the busiest period's, and that per 1,000 residents where residents are known.

    All are neutral: that people ask less is no gain in itself, and fewer people are never better.
    """
    panel: Series = study.table("series")
    counts = panel.value_type == "count"  # a temperature or a waiting time cannot be added up
    reducer = Sum() if counts else Mean()
    over = {"category": reducer, "period": reducer, AREA: reducer}
    demand = Measure("demand", panel.title, panel.unit, "neutral", layer=panel.layer, over=over)
    if not counts:
        return (demand,)
    about = {"series": panel.title, "unit": panel.unit, "period": study.freq.word}
    busiest = Measure("busiest", Sentence("measures.busiest", about), panel.unit, "neutral", over={"period": Max()})
    if _residents(study) is None:
        return demand, busiest
    title, unit = Sentence("measures.per_resident", about), Sentence("measures.per_1000", about)
    return demand, busiest, Measure("per_resident", title, unit, "neutral", over={"period": Sum()})


def _power(known: Elasticities, index: int, assumed: float | None, streams: Streams) -> xr.DataArray:
    """The elasticity in each future: what is assumed, or the estimate with its error, the same for every option."""
    if assumed is not None:
        return xr.DataArray(np.full(streams.draws, assumed), dims="draw")
    return xr.DataArray(known.drawn(streams.normal(ELASTICITY, known.drivers))[index], dims="draw")


def _by_key(value: Any, keys: pd.Index, name: str) -> xr.DataArray:
    each = [float(value.get(str(key), 0.0)) if isinstance(value, Mapping) else float(value) for key in keys]
    return xr.DataArray(each, coords={name: keys}, dims=name)


def _arrived(study: Study) -> xr.DataArray:
    """The share of the growth that has come by each period."""
    share = (np.arange(study.periods) + 1) / study.periods
    return xr.DataArray(share, coords={"period": study.index}, dims="period")


def _residents(study: Study) -> xr.DataArray | None:
    panel: Series = study.table("series")
    areas = study.find("areas", panel.layer)
    if areas is None:
        return None
    population = areas.frame["population"].reindex(list(panel.area_ids))
    if population.isna().any() or population.sum() == 0:
        return None
    return xr.DataArray(population.to_numpy(float), coords={"area_id": list(panel.area_ids)}, dims="area_id")


def _seen_change(study: Study) -> tuple[float, float] | None:
    """The least and greatest change of a category from one year to the next in the history."""
    totals = study.table("series").values.T.groupby(level="category").sum().T
    periods = study.freq.year
    if study.freq in (Frequency.HOUR, Frequency.YEAR) or len(totals) < 2 * periods:
        return None
    rolling = totals.rolling(periods).sum()
    change = (rolling / rolling.shift(periods) - 1).to_numpy()
    known = change[np.isfinite(change)]
    return (float(known.min()), float(known.max())) if len(known) else None


register(Demand())
