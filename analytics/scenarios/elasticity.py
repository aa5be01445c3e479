"""How demand moves with population and jobs: elasticities from the city's own data, with their uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from cachetools import LRUCache, cached

from data import City, Series

__all__ = ["Elasticities", "estimate", "yearly_growth"]

Array = npt.NDArray[np.float64]

LEAST_VARIATION = 0.005  # standard deviation of a driver's log change around the areas' and the times' means
FEWEST_AREAS = 8  # below this a standard error clustered by area means nothing
QUARTERS = "QS"


@dataclass(frozen=True)
class Elasticities:
    """For each driver: the per cent that demand rises when the driver rises one per cent, and its standard error.

    ``cross_sectional`` names drivers whose effect is read from differences between areas; ``absent`` those without data.
    ``periods_varying`` is the number of years with data.
    """

    drivers: tuple[str, ...]
    values: tuple[float, ...]
    errors: tuple[float, ...]
    cross_sectional: tuple[str, ...]
    absent: tuple[str, ...]
    periods_varying: int
    areas: int


def _key(city: City, series: Series, drivers: Sequence[str]) -> tuple[str, ...]:
    return (city.fingerprint, series.provenance.fingerprint, *drivers)


@cached(LRUCache(maxsize=32), key=_key)
def estimate(city: City, series: Series, drivers: Sequence[str]) -> Elasticities:
    """Elasticities of a series to the drivers that the city has.

    Where drivers vary over time: a Poisson regression of quarterly totals by area on the logs of the drivers, with an
    effect for each area and each quarter, standard errors clustered by area. Where they do not: area totals on the
    log of the areas' population, heteroscedasticity-robust. Both by statsmodels. Source: Wooldridge (2010), chapter 18.
    """
    panels = {name: city.drivers[name] for name in drivers if name in city.drivers and _varies(city.drivers[name])}
    if series.layer in city.areas and panels and len(series.area_ids) >= FEWEST_AREAS:
        return _over_time(series, panels, drivers)
    areas = city.areas.get(series.layer)
    known = areas is not None and areas.frame["population"].notna().sum() >= FEWEST_AREAS
    if known and "population" in drivers:
        assert areas is not None
        return _between_areas(series, areas.frame["population"], drivers)
    return Elasticities((), (), (), (), tuple(drivers), 0, 0)


def _varies(driver: Series) -> bool:
    logs = _logs(driver)
    around = logs.sub(logs.mean(axis=0), axis=1)
    around = around.sub(around.mean(axis=1), axis=0)
    return len(logs) >= 3 and float(around.to_numpy().std()) > LEAST_VARIATION


def _over_time(series: Series, panels: dict[str, Series], drivers: Sequence[str]) -> Elasticities:
    from statsmodels.api import GLM, families

    totals = series.values.T.groupby(level="area_id").sum().T.resample(QUARTERS).sum()
    whole = [
        start >= series.values.index[0] and start + pd.DateOffset(months=3) <= series.as_of + pd.Timedelta(days=1)
        for start in totals.index
    ]
    totals = totals.loc[whole]
    middle = pd.DatetimeIndex(totals.index) + pd.DateOffset(days=45)
    rows = totals.rename_axis(index="period", columns="area_id").reset_index().melt("period", value_name="events")
    design = [_at(panel, middle, list(totals.columns)).to_numpy().T.ravel() for panel in panels.values()]
    effects = pd.get_dummies(rows[["area_id", "period"]].astype(str), drop_first=True, dtype=float)
    x = np.column_stack([*design, np.ones(len(rows)), effects.to_numpy()])
    groups = pd.factorize(rows["area_id"])[0]
    fitted = GLM(rows["events"].to_numpy(), x, family=families.Poisson()).fit(
        cov_type="cluster", cov_kwds={"groups": groups}
    )
    return Elasticities(
        drivers=tuple(panels),
        values=tuple(float(value) for value in fitted.params[: len(panels)]),
        errors=tuple(float(value) for value in fitted.bse[: len(panels)]),
        cross_sectional=(),
        absent=tuple(name for name in drivers if name not in panels),
        periods_varying=len({year for panel in panels.values() for year in pd.DatetimeIndex(panel.values.index).year}),
        areas=totals.shape[1],
    )


def _logs(panel: Series) -> pd.DataFrame:
    totals = panel.values.T.groupby(level="area_id").sum().T
    return pd.DataFrame(np.log(totals.clip(lower=1e-9).to_numpy()), index=totals.index, columns=totals.columns)


def _at(panel: Series, moments: pd.DatetimeIndex, areas: list[str]) -> pd.DataFrame:
    """Logs of a yearly driver at moments, interpolated; a year's value stands at its middle."""
    yearly = _logs(panel)[areas]
    yearly.index = pd.DatetimeIndex(yearly.index) + pd.DateOffset(months=6)
    every = yearly.index.union(moments)
    return yearly.reindex(every).interpolate(method="time", limit_direction="both").loc[moments]


def _between_areas(series: Series, population: pd.Series, drivers: Sequence[str]) -> Elasticities:
    from statsmodels.api import GLM, families

    totals = series.values.sum().groupby(level="area_id").sum()
    known = population.reindex(totals.index)
    keep = known > 0
    x = np.column_stack([np.log(known[keep].to_numpy(dtype=float)), np.ones(int(keep.sum()))])
    fitted = GLM(totals[keep].to_numpy(), x, family=families.Poisson()).fit(cov_type="HC1")
    return Elasticities(
        drivers=("population",),
        values=(float(fitted.params[0]),),
        errors=(float(fitted.bse[0]),),
        cross_sectional=("population",),
        absent=tuple(name for name in drivers if name != "population"),
        periods_varying=1,
        areas=int(keep.sum()),
    )


def yearly_growth(driver: Series, *, years: int) -> tuple[float, float]:
    """The least and the greatest growth (share) of any area over so many years in the history."""
    values = driver.values.T.groupby(level="area_id").sum().T
    span = min(years, len(values) - 1)
    growth = (values / values.shift(span) - 1).to_numpy()
    known = growth[np.isfinite(growth)]
    return (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
