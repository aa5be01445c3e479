"""Demand when the city changes: population, jobs, and the demand of a category itself.

In each future the forecast's demand is multiplied by (1 + growth)^elasticity for each driver, growth arriving evenly over
the study, and by (1 + change) of its category. The product is the expected demand in that future, not a new count: so a
lever at rest leaves every draw untouched to the last bit, and two options differ only by what was decided.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from analytics.scenarios.contract import Evidence, Lever, Uncertainty
from analytics.scenarios.elasticity import Elasticities, estimate, yearly_growth
from analytics.scenarios.measure import Max, Mean, Measure, Sum
from analytics.scenarios.registry import register
from analytics.scenarios.study import Study
from analytics.streams import Streams
from data import City
from data.frequency import Frequency

DRIVERS = ("population", "jobs")
TITLES = {"population": "Population growth", "jobs": "Growth in jobs"}
GROWTH_BOUNDS = (-0.5, 1.0)
CHANGE_BOUNDS = (-0.9, 2.0)
ELASTICITY_BOUNDS = (-1.0, 3.0)


class Demand:
    """Demand under population growth, growth in jobs and changes of a category."""

    name: str = "demand"
    title: str = "Demand under growth"
    version: str = "1"
    limits: Sequence[str] = (
        "An association in past data, not a proven cause.",
        "Everyone in an area is taken to ask as often as their neighbours.",
        "Growth arrives evenly over the study.",
    )
    inputs: Sequence[str] = ("The forecast", "Population and jobs by area and year, or population by area")

    def levers(self, study: Study) -> tuple[Lever, ...]:
        """Growth of each driver that the city has, and the change of a category's demand."""
        known = estimate(study.city, study.panel, DRIVERS)
        change = Lever(
            name="demand.change",
            title="Change in demand",
            description="Requests of a category rise or fall by this share, whatever the cause.",
            unit="share",
            low=CHANGE_BOUNDS[0],
            high=CHANGE_BOUNDS[1],
            seen=_seen_change(study),
            keys=study.panel.categories,
            key_kind="category",
        )
        return (*(_growth_lever(study, name) for name in known.drivers), change)

    def uncertainties(self, study: Study) -> tuple[Uncertainty, ...]:
        """An elasticity may be assumed instead of estimated."""
        known = estimate(study.city, study.panel, DRIVERS)
        return tuple(
            Uncertainty(f"elasticity.{name}", f"Effect of {name}", *ELASTICITY_BOUNDS) for name in known.drivers
        )

    def reads(self, city: City) -> tuple[str, ...]:
        """The forecast's futures."""
        return ("baseline_demand",)

    def writes(self, study: Study) -> tuple[Measure, ...]:
        """Demand; of counts also the busiest period's, and that per 1,000 residents where residents are known."""
        unit, title = study.panel.unit, study.panel.title
        if study.panel.value_type != "count":  # a temperature or a waiting time cannot be added up
            over = {"category": Mean(), "period": Mean(), "area_id": Mean()}
            return (Measure("demand", title, unit, layer=study.panel.layer, over=over),)
        measures = [
            Measure(
                "demand",
                title,
                unit,
                layer=study.panel.layer,
                over={"category": Sum(), "period": Sum(), "area_id": Sum()},
            ),
            Measure("busiest", f"{title} in the busiest {study.freq.word}", unit, over={"period": Max()}),
        ]
        if _residents(study) is not None:
            measures.append(
                Measure("per_resident", f"{title} per 1,000 residents", f"{unit} per 1,000", over={"period": Sum()})
            )
        return tuple(measures)

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        """Which of the effects that matter here were estimated, and how."""
        known = estimate(study.city, study.panel, DRIVERS)
        tables = [study.city.drivers[name].provenance for name in known.drivers if name in study.city.drivers]
        areas = study.city.areas.get(study.panel.layer)
        used = [name for name in known.drivers if f"{name}.growth" in moved and f"elasticity.{name}" not in assumed]
        facts = {
            "elasticity_drivers": used,
            "cross_sectional_drivers": [name for name in known.cross_sectional if name in used],
            "periods_varying": known.periods_varying,
            "drivers_absent": known.absent,
        }
        return Evidence(facts=facts, made_from=(*tables, *((areas.provenance,) if areas else ())))

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
        known = estimate(study.city, study.panel, DRIVERS)
        demand = baseline
        for place, driver in enumerate(known.drivers):
            growth = _by_key(levers[f"{driver}.growth"], areas, "area_id")
            if bool(growth.any()):
                power = _power(known, place, uncertainties.get(f"elasticity.{driver}"), streams)
                demand = demand * (1 + growth * _arrived(study)) ** power
        change = _by_key(levers["demand.change"], categories, "category")
        if bool(change.any()):
            demand = demand * (1 + change)
        demand = demand.transpose("draw", "area_id", "category", "period").astype("float32")
        if study.panel.value_type != "count":
            return {"demand": demand}
        city = demand.sum(["area_id", "category"], dtype="float64")
        found = {"demand": demand, "busiest": city.astype("float32")}
        residents = _residents(study)
        if residents is not None:
            growth = _by_key(levers.get("population.growth", 0.0), areas, "area_id")
            grown = (residents * (1 + growth * _arrived(study))).sum("area_id")
            found["per_resident"] = (1000 * city / grown).astype("float32")
        return found


def _growth_lever(study: Study, driver: str) -> Lever:
    panel = study.city.drivers.get(driver)
    return Lever(
        name=f"{driver}.growth",
        title=TITLES[driver],
        description="Reached evenly by the end of the study, in the whole city or by area.",
        unit="share",
        low=GROWTH_BOUNDS[0],
        high=GROWTH_BOUNDS[1],
        seen=yearly_growth(panel, years=study.years) if panel is not None else (0.0, 0.0),
        keys=study.panel.area_ids,
        key_kind="area",
    )


def _power(known: Elasticities, place: int, assumed: float | None, streams: Streams) -> xr.DataArray:
    """The elasticity in each future: what is assumed, or the estimate with its error, the same for every option."""
    if assumed is not None:
        return xr.DataArray(np.full(streams.draws, assumed), dims="draw")
    normal = streams.normal("elasticity", [known.drivers[place]])[0]
    return xr.DataArray(known.values[place] + known.errors[place] * normal, dims="draw")


def _by_key(value: Any, keys: pd.Index, name: str) -> xr.DataArray:
    each = [float(value.get(str(key), 0.0)) if isinstance(value, Mapping) else float(value) for key in keys]
    return xr.DataArray(each, coords={name: keys}, dims=name)


def _arrived(study: Study) -> xr.DataArray:
    """The share of the growth that has come by each period."""
    share = (np.arange(study.periods) + 1) / study.periods
    return xr.DataArray(share, coords={"period": study.index}, dims="period")


def _residents(study: Study) -> xr.DataArray | None:
    areas = study.city.areas.get(study.panel.layer)
    if areas is None:
        return None
    population = areas.frame["population"].reindex(list(study.panel.area_ids))
    if population.isna().any() or population.sum() == 0:
        return None
    return xr.DataArray(population.to_numpy(float), coords={"area_id": list(study.panel.area_ids)}, dims="area_id")


def _seen_change(study: Study) -> tuple[float, float] | None:
    """The least and greatest change of a category from one year to the next in the history."""
    totals = study.panel.values.T.groupby(level="category").sum().T
    periods = study.panel.freq.year
    if study.panel.freq in (Frequency.HOUR, Frequency.YEAR) or len(totals) < 2 * periods:
        return None
    rolling = totals.rolling(periods).sum()
    change = (rolling / rolling.shift(periods) - 1).to_numpy()
    known = change[np.isfinite(change)]
    return (float(known.min()), float(known.max())) if len(known) else None


register(Demand())
