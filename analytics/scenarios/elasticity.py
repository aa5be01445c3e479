"""How demand moves with population and jobs: elasticities from the city's own data, with their uncertainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt
import pandas as pd
from cachetools import LRUCache, cached
from scipy.special import ndtr, stdtrit

from data import Areas, Series

__all__ = ["Elasticities", "estimate", "yearly_growth"]

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

LEAST_VARIATION = 0.005  # standard deviation of a driver's log change around the areas' and the times' means
FEWEST_AREAS = 8  # below this a standard error clustered by area means nothing
FEWEST_QUARTERS = 6  # a year and a half: a shorter stretch holds no more than one change of a yearly driver
QUARTERS = "QS"
ROUNDING = 1e-9  # keeps errors that move as one from a correlation that has no root
LEVELS = ("area_id", "period")  # each has an effect of its own


@dataclass(frozen=True)
class Elasticities:
    """For each driver: the per cent that demand rises when the driver rises one per cent, and its standard error.

    ``correlation`` (driver × driver) is that of the errors; they come from so many ``areas``.
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
    correlation: tuple[tuple[float, ...], ...] = ()

    @property
    def freedom(self) -> int:
        """Degrees of freedom of the errors: areas beside their mean, and beside what is read from between them."""
        return self.areas - 1 - len(self.cross_sectional)

    def drawn(self, normals: Array) -> Array:
        """What the effects may be: the estimate plus its error times Student's t, joined as the errors are.

        Few areas tell little of how far areas differ: with normals a 95 % interval from nine areas held 92-95 % of
        planted effects, with t 95-96 % (``benchmarks/scenarios/calibration.py``).

        Parameters
        ----------
        normals : standard normals (driver, draw).

        Returns
        -------
        Effects (driver, draw); the first driver's depend on its own normals alone.
        """
        joined = np.linalg.cholesky(np.array(self.correlation)) @ normals
        return np.asarray(self.values)[:, None] + np.asarray(self.errors)[:, None] * stdtrit(self.freedom, ndtr(joined))


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
    effect for each area and each quarter. Where they do not: area totals on the logs of the drivers as they were last
    known. Both by statsmodels; standard errors by leaving out one area at a time. Sources: Wooldridge (2010), chapter 18;
    MacKinnon, Nielsen and Webb (2023), "Fast and reliable jackknife and bootstrap methods for cluster-robust inference".

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
    from statsmodels.genmod import families
    from statsmodels.genmod.generalized_linear_model import GLM

    rows = _quarters(series, panels)
    if not _tells(rows, list(panels)):
        return None
    areas, quarters = (pd.get_dummies(rows[each].astype(str), drop_first=True, dtype=float) for each in LEVELS)
    moving = np.column_stack([rows[list(panels)].to_numpy(), quarters.to_numpy()])
    x = np.column_stack([moving, np.ones(len(rows)), areas.to_numpy()])
    events, area = rows["events"].to_numpy(), pd.factorize(rows["area_id"])[0]
    fitted = GLM(events, x, family=families.Poisson()).fit()
    # An area's own level goes when it is left out: around its mean, the others' levels stay as they are.
    within = moving - np.stack([_means(column, fitted.mu, area) for column in moving.T], axis=1)
    errors, correlation = _by_leaving_out(within, events - fitted.mu, fitted.mu, area, wanted=len(panels))
    return Elasticities(
        drivers=tuple(panels),
        values=tuple(float(value) for value in fitted.params[: len(panels)]),
        errors=errors,
        cross_sectional=(),
        absent=tuple(name for name in drivers if name not in panels),
        periods_varying=len({year for panel in panels.values() for year in pd.DatetimeIndex(panel.values.index).year}),
        areas=int(rows["area_id"].nunique()),
        correlation=correlation,
    )


def _means(values: Array, weights: Array, area: Places) -> Array:
    """The weighted mean of its own area in each row."""
    means: Array = (np.bincount(area, weights * values) / np.bincount(area, weights))[area]
    return means


def _by_leaving_out(
    x: Array, residuals: Array, weights: Array, area: Places, *, wanted: int
) -> tuple[tuple[float, ...], tuple[tuple[float, ...], ...]]:
    """Standard errors and correlations of the first effects of a regression, from what each area does to them.

    What a fit without an area would have given, to the first order of the weighted regression in which it ended (CV3 of
    MacKinnon, Nielsen and Webb). Errors clustered the usual way are too small where areas are few or one of them moves
    much more than the others: of planted effects they held 83-85 % in 95 % intervals from 9 and 12 areas.
    """
    own = [np.flatnonzero(area == each) for each in range(int(area.max()) + 1)]
    products = np.stack([(x[rows] * weights[rows, None]).T @ x[rows] for rows in own])
    scores = np.stack([x[rows].T @ residuals[rows] for rows in own])
    without = products.sum(axis=0) - products
    moved = np.stack([np.linalg.lstsq(*each)[0][:wanted] for each in zip(without, scores, strict=True)])
    covariance = (len(own) - 1) / len(own) * moved.T @ moved
    errors = np.sqrt(np.diag(covariance))
    apart = np.outer(errors, errors)
    correlation = np.divide(covariance, apart, out=np.eye(wanted), where=apart > 0)
    correlation = (1 - ROUNDING) * correlation + ROUNDING * np.eye(wanted)
    return tuple(errors.tolist()), tuple(tuple(row) for row in correlation.tolist())


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
    from statsmodels.genmod import families
    from statsmodels.genmod.generalized_linear_model import GLM

    totals = series.values.sum(min_count=1).groupby(level="area_id").sum(min_count=1)
    logs = pd.DataFrame({name: np.log(each[each > 0]) for name, each in drivers.items()}).reindex(totals.index)
    logs = logs[logs.notna().all(axis=1) & totals.notna()]
    names = _apart(logs) if len(logs) >= FEWEST_AREAS else []
    if not names:
        return Elasticities((), (), (), (), tuple(wanted), 0, 0)
    x = np.column_stack([logs[names].to_numpy(), np.ones(len(logs))])
    events = totals[logs.index].to_numpy()
    fitted = GLM(events, x, family=families.Poisson()).fit()
    own = np.arange(len(events))
    errors, correlation = _by_leaving_out(x, events - fitted.mu, fitted.mu, own, wanted=len(names))
    return Elasticities(
        drivers=tuple(names),
        values=tuple(float(value) for value in fitted.params[: len(names)]),
        errors=errors,
        cross_sectional=tuple(names),
        absent=tuple(name for name in wanted if name not in names),
        periods_varying=1,
        areas=len(logs),
        correlation=correlation,
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
