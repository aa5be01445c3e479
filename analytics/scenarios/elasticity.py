"""How demand moves with population and jobs: elasticities from the city's own data, with their uncertainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt
import pandas as pd
from cachetools import LRUCache, cached

from data import Areas, Series

__all__ = ["Elasticities", "estimate", "yearly_growth"]

Array = npt.NDArray[np.float64]

LEAST_VARIATION = 0.005  # standard deviation of a driver's log change around the areas' and the times' means
FEWEST_AREAS = 8  # below this a standard error clustered by area means nothing
FEWEST_QUARTERS = 6  # a year and a half: a shorter stretch holds no more than one change of a yearly driver
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


def _key(
    series: Series, *, drivers: Mapping[str, Series], areas: Areas | None, wanted: Sequence[str]
) -> tuple[object, ...]:
    own = [(name, driver.provenance.fingerprint, driver.layer) for name, driver in sorted(drivers.items())]
    layer = None if areas is None else areas.provenance.fingerprint
    return (series.provenance.fingerprint, series.layer, *own, layer, *wanted)


@cached(LRUCache(maxsize=32), key=_key, lock=Lock())
def estimate(
    series: Series, *, drivers: Mapping[str, Series], areas: Areas | None, wanted: Sequence[str]
) -> Elasticities:
    """Elasticities of a series to the drivers that the city has.

    Where drivers vary over time: a Poisson regression of quarterly totals by area on the logs of the drivers, with an
    effect for each area and each quarter, standard errors clustered by area. Where they do not: area totals on the
    logs of the drivers as they were last known, heteroscedasticity-robust. Both by statsmodels. Source: Wooldridge
    (2010), chapter 18.

    Parameters
    ----------
    series : demand by area and period.
    drivers : yearly panels by name.
    areas : the series' layer, with ``population``.
    wanted : the names of drivers whose effect is asked for.

    Returns
    -------
    One effect a driver, with its standard error.
    """
    own = {name: drivers[name] for name in wanted if name in drivers}
    panels = {name: driver for name, driver in own.items() if driver.layer == series.layer and _varies(driver)}
    fitted = _over_time(series, panels, wanted) if panels else None
    if fitted is not None:
        return fitted
    return _between_areas(series, _latest(series, own, areas, wanted), wanted)


def _varies(driver: Series) -> bool:
    logs = _logs(driver)
    around = logs.sub(logs.mean(axis=0), axis=1)
    around = around.sub(around.mean(axis=1), axis=0)
    return len(logs) >= 3 and float(np.nanstd(around.to_numpy())) > LEAST_VARIATION


def _over_time(series: Series, panels: dict[str, Series], drivers: Sequence[str]) -> Elasticities | None:
    """None where the quarters with both demand and drivers are too few, or the drivers stand still in them."""
    from statsmodels.api import GLM, families

    rows = _quarters(series, panels)
    if not _tells(rows, list(panels)):
        return None
    effects = pd.get_dummies(rows[["area_id", "period"]].astype(str), drop_first=True, dtype=float)
    x = np.column_stack([rows[list(panels)].to_numpy(), np.ones(len(rows)), effects.to_numpy()])
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
        areas=int(rows["area_id"].nunique()),
    )


def _quarters(series: Series, panels: dict[str, Series]) -> pd.DataFrame:
    """One row an area and whole quarter in which all is known: events, and the log of each driver at the middle."""
    values = series.values
    end = values.index[-1] + series.freq.offset
    by_area = values.T.groupby(level="area_id").sum(min_count=1).T
    totals = by_area.resample(QUARTERS).sum(min_count=1)
    whole = [start >= values.index[0] and start + pd.DateOffset(months=3) <= end for start in totals.index]
    totals = totals.loc[whole]
    middle = pd.DatetimeIndex(totals.index) + pd.DateOffset(days=45)
    columns = {"events": totals} | {name: _at(panel, middle, totals) for name, panel in panels.items()}
    rows = pd.concat({name: frame.unstack() for name, frame in columns.items()}, axis=1).dropna().reset_index()
    rows.columns = pd.Index(["area_id", "period", *columns])
    active = rows.groupby("area_id")["events"].transform("sum") > 0  # an area without any event has no level to move
    return rows.loc[active].reset_index(drop=True)


def _tells(rows: pd.DataFrame, drivers: list[str]) -> bool:
    """Whether the drivers move beside the areas' and the quarters' means, in enough areas and over a year or more."""
    if rows["area_id"].nunique() < FEWEST_AREAS or rows["period"].nunique() < FEWEST_QUARTERS:
        return False
    logs = rows[drivers]
    around = logs - logs.groupby(rows["area_id"]).transform("mean")
    around = around - around.groupby(rows["period"]).transform("mean")
    return bool((around.std() > LEAST_VARIATION / 2).all()) and np.linalg.matrix_rank(around) == len(drivers)


def _logs(panel: Series) -> pd.DataFrame:
    totals = panel.values.T.groupby(level="area_id").sum(min_count=1).T
    return pd.DataFrame(np.log(totals.where(totals > 0).to_numpy()), index=totals.index, columns=totals.columns)


def _at(panel: Series, moments: pd.DatetimeIndex, like: pd.DataFrame) -> pd.DataFrame:
    """Logs of a yearly driver at the moments of ``like``, on a straight line between the middles of the years.

    Within half a year of the first and last middle the nearest value holds; what lies further out is not known.
    """
    yearly = _logs(panel).reindex(columns=like.columns)
    yearly.index = pd.DatetimeIndex(yearly.index) + pd.DateOffset(months=6)
    every = yearly.index.union(moments)
    found = yearly.reindex(every).interpolate(method="time", limit_direction="both").loc[moments]
    half = pd.DateOffset(months=6)
    inside = (moments >= yearly.index[0] - half) & (moments <= yearly.index[-1] + half)
    return found.where(pd.Series(inside, index=moments), axis=0).set_axis(like.index, axis=0)


def _latest(
    series: Series, drivers: Mapping[str, Series], areas: Areas | None, wanted: Sequence[str]
) -> dict[str, pd.Series]:
    """Each driver by area as it was last known; the people of the layer of areas before those of a panel."""
    found: dict[str, pd.Series] = {}
    for name in wanted:
        if name == "population" and areas is not None and areas.frame[name].notna().sum() >= FEWEST_AREAS:
            found[name] = areas.frame[name].astype(float)
        elif name in drivers and drivers[name].layer == series.layer:
            by_area = drivers[name].values.T.groupby(level="area_id").sum(min_count=1).T
            found[name] = by_area.ffill().iloc[-1]
    return found


def _between_areas(series: Series, drivers: Mapping[str, pd.Series], wanted: Sequence[str]) -> Elasticities:
    from statsmodels.api import GLM, families

    totals = series.values.sum(min_count=1).groupby(level="area_id").sum(min_count=1)
    logs = pd.DataFrame({name: np.log(each[each > 0]) for name, each in drivers.items()}).reindex(totals.index)
    logs = logs[logs.notna().all(axis=1) & totals.notna()]
    names = _apart(logs) if len(logs) >= FEWEST_AREAS else []
    if not names:
        return Elasticities((), (), (), (), tuple(wanted), 0, 0)
    x = np.column_stack([logs[names].to_numpy(), np.ones(len(logs))])
    fitted = GLM(totals[logs.index].to_numpy(), x, family=families.Poisson()).fit(cov_type="HC1")
    return Elasticities(
        drivers=tuple(names),
        values=tuple(float(value) for value in fitted.params[: len(names)]),
        errors=tuple(float(value) for value in fitted.bse[: len(names)]),
        cross_sectional=tuple(names),
        absent=tuple(name for name in wanted if name not in names),
        periods_varying=1,
        areas=len(logs),
    )


def _apart(logs: pd.DataFrame) -> list[str]:
    """The columns that can be told apart: not the same everywhere, nor in one proportion to those before."""
    names: list[str] = []
    for name in logs:
        around = logs[[*names, name]] - logs[[*names, name]].mean()
        if np.linalg.matrix_rank(around.to_numpy(), tol=LEAST_VARIATION) > len(names):
            names.append(str(name))
    return names


def yearly_growth(driver: Series, *, years: int) -> tuple[float, float]:
    """The least and the greatest growth (share) of any area over so many years in the history.

    Between years that are known, such as those of a census, it is taken to go on a straight line.

    Parameters
    ----------
    driver : a yearly panel.
    years : the span of a growth, at least 1; the whole history where that is shorter.

    Returns
    -------
    Shares: 0.1 is a tenth more.
    """
    values = driver.values.T.groupby(level="area_id").sum(min_count=1).T.interpolate(limit_area="inside")
    span = min(years, len(values) - 1)
    growth = (values / values.shift(span) - 1).to_numpy()
    known = growth[np.isfinite(growth)]
    return (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
