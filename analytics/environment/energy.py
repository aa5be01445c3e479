"""How much more energy a city uses by each degree of cold or heat, and the temperature between the two.

Source: Fels (1986), PRISM: An introduction, Energy and Buildings 9: demand is a base, and a slope on the degree-days below and
above a balance point that is searched for. Intervals: blocks of four weeks drawn with replacement (Efron and Tibshirani 1993),
the balance point searched for anew in each, so that neighbouring days are not counted as independent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.caveats import assess
from analytics.environment.days import daily, days_beside
from analytics.errors import MeasurementError
from analytics.resampling import BOUNDS, resamples
from analytics.results import Result
from data import Series
from data.frequency import Frequency
from data.tables import Regressor

__all__ = ["FEWEST_DAYS", "TERMS", "Curve", "Energy", "curve_of", "energy_demand"]

Array = npt.NDArray[np.float64]

FEWEST_DAYS = 365  # a year: without a winter and a summer there is no balance point between them
FEWEST_BESIDE = 30  # days on one side of the balance point, for a slope there
STEP = 0.25  # degrees between the balance points tried
TRIED = (0.05, 0.95)  # of the days' temperatures: a balance point beyond has next to no day on one side
BLOCK = 28  # days
TIMES = 400
RECENT = 365  # days whose own level is held against the curve's
TERMS = ("base", "below", "above", "working_day")


@dataclass(frozen=True, eq=False, kw_only=True)
class Energy(Result):
    """The demand of a day on its mean temperature, a V with its lowest point at the balance point.

    ``terms`` has rows balance, base (demand of a day off at the balance point), below and above (per degree), working_day
    (Monday to Friday, public holidays aside, more than other days) and columns estimate, low, high (95 %; the ends of the
    balance point lie half a step of the search beyond those found). Temperature and demand are in the tables' own units,
    ``degree`` being the temperature's ("" where none is stated). ``days`` holds day × (temperature, observed, working,
    expected); ``left_out`` counts days without one of both.
    """

    series: Series
    temperature: str
    degree: str
    terms: pd.DataFrame
    r2: float
    days: pd.DataFrame
    left_out: int

    @property
    def balance(self) -> float:
        """The temperature at which demand is lowest."""
        return float(self.terms["estimate"]["balance"])

    def expected(self, temperature: npt.ArrayLike, *, working_day: bool = True) -> Array:
        """The demand of a day of a mean temperature.

        Parameters
        ----------
        temperature : in the unit of the table, of any shape.
        working_day : whether it is one.

        Returns
        -------
        Demand in the shape of the temperatures.
        """
        degrees, term = np.asarray(temperature, dtype=np.float64), self.terms["estimate"]
        below, above = np.maximum(self.balance - degrees, 0), np.maximum(degrees - self.balance, 0)
        found = term["base"] + term["below"] * below + term["above"] * above + term["working_day"] * working_day
        return np.asarray(found, dtype=np.float64)


def energy_demand(
    series: Series,
    temperature: Regressor,
    *,
    since: pd.Timestamp | None = None,
    until: pd.Timestamp | None = None,
    seed: int = 0,
) -> Energy:
    """How a series moves with a temperature: its balance point, and what a degree below and above adds.

    Parameters
    ----------
    series : hourly or daily amounts; hours are averaged to days.
    temperature : of the same place.
    since, until : the first and the last day that count; None for all.
    seed : of the resamples.

    Returns
    -------
    Energy
        With 95 % intervals and what limits it.

    Raises
    ------
    MeasurementError
        When fewer than a year of days have both, or the temperature hardly varies.
    """
    beside = days_beside(daily(series), temperature.means(Frequency.DAY), since=since, until=until)
    if len(beside.frame) < FEWEST_DAYS:
        evidence = {
            "series": series.title,
            "temperature": temperature.title,
            "days": len(beside.frame),
            "least": FEWEST_DAYS,
        }
        raise MeasurementError("few_days_with_both", **evidence)
    degrees = beside.frame["temperature"].to_numpy()
    low, high = np.quantile(degrees, TRIED)
    tried = _tried(degrees)
    if len(tried) < 2:
        raise MeasurementError("temperature_flat", temperature=temperature.title, low=float(low), high=float(high))
    working = beside.working(series.country)
    fit = _search(degrees, beside.frame["observed"].to_numpy(), working, tried, seed=seed)
    days = beside.frame.assign(working=working > 0, expected=fit.expected)
    return Energy(
        made_from=(series.provenance, temperature.provenance),
        caveats=assess(made_from=(series.provenance, temperature.provenance), **_facts(series, temperature, fit, days)),
        config={
            "temperature": temperature.name,
            "since": str(days.index[0].date()),
            "until": str(days.index[-1].date()),
        },
        seed=seed,
        series=series,
        temperature=temperature.title,
        degree=temperature.unit,
        terms=fit.terms,
        r2=fit.r2,
        days=days,
        left_out=beside.left_out,
    )


@dataclass(frozen=True)
class Curve:
    """The demand of a day on its mean temperature without intervals; terms as those of ``Energy``."""

    balance: float
    base: float
    below: float
    above: float
    working_day: float

    def expected(self, degrees: Array, working: Array) -> Array:
        """The demand of days.

        Parameters
        ----------
        degrees : mean temperatures.
        working : 1 for working days, 0 for others.

        Returns
        -------
        In the shape of the temperatures; NaN where one is.
        """
        terms = np.array([self.base, self.below, self.above, self.working_day])
        answer: Array = _design(degrees, working, self.balance) @ terms
        return answer


def curve_of(degrees: Array, demand: Array, working: Array) -> Curve | None:
    """The curve of least squares, as `energy_demand` finds it, in milliseconds.

    Parameters
    ----------
    degrees : mean temperatures of days.
    demand : of the same days; a day that lacks either is left out.
    working : 1 for working days, 0 for others.

    Returns
    -------
    Curve or None
        None where fewer than a year of days have both, or the temperature hardly varies.
    """
    known = ~np.isnan(degrees) & ~np.isnan(demand)
    if known.sum() < FEWEST_DAYS:
        return None
    tried = _tried(degrees[known])
    if len(tried) < 2:
        return None
    found = _best(np.ones((1, 1)), degrees[known], demand[known], working[known], tried, np.zeros(1, dtype=np.int64))
    return Curve(*(float(each) for each in found[0]))


def _tried(degrees: Array) -> Array:
    """The balance points among which is searched."""
    low, high = np.quantile(degrees, TRIED)
    return np.asarray(np.arange(np.ceil(low / STEP), np.floor(high / STEP) + 1) * STEP)


@dataclass(frozen=True, eq=False)
class _Fit:
    terms: pd.DataFrame
    r2: float
    expected: Array
    at_edge: bool


@dataclass(frozen=True, eq=False)
class _Sums:
    """Products of the design with itself and with the demand by block of days, for one balance point."""

    inner: npt.NDArray[np.float64]  # (block, term, term)
    outer: npt.NDArray[np.float64]  # (block, term)


def _design(degrees: Array, working: Array, balance: float) -> Array:
    below, above = np.maximum(balance - degrees, 0), np.maximum(degrees - balance, 0)
    return np.column_stack([np.ones(len(degrees)), below, above, working])


def _search(degrees: Array, demand: Array, working: Array, tried: Array, *, seed: int) -> _Fit:
    """The balance point of least squares among those tried, in all days and in each resample of blocks of them."""
    starts = np.arange(0, len(degrees), BLOCK)
    drawn = resamples(len(starts), seed=seed, times=TIMES)
    weights = np.concatenate(
        [np.ones((1, len(starts))), np.array([np.bincount(rows, minlength=len(starts)) for rows in drawn])]
    )
    values = _best(weights, degrees, demand, working, tried, starts)
    low, high = np.quantile(values[1:], BOUNDS, axis=0)
    low[0], high[0] = low[0] - STEP / 2, high[0] + STEP / 2  # what was found lies as near to another that was not tried
    terms = pd.DataFrame({"estimate": values[0], "low": low, "high": high}, index=["balance", *TERMS])
    expected = _design(degrees, working, values[0, 0]) @ values[0, 1:]
    spread = float(((demand - demand.mean()) ** 2).sum())
    r2 = 1 - float(((demand - expected) ** 2).sum()) / spread if spread else 0.0
    return _Fit(terms, r2, expected, bool(values[0, 0] in (tried[0], tried[-1])))


def _best(
    weights: Array, degrees: Array, demand: Array, working: Array, tried: Array, starts: npt.NDArray[np.int64]
) -> Array:
    """The balance point that leaves the least squared error, and the terms there, of each resample: (resample, 1 + term)."""
    squares = weights @ np.add.reduceat(demand**2, starts)
    best, found = np.full(len(weights), np.inf), np.zeros((len(weights), 1 + len(TERMS)))
    for balance in tried:
        sums = _sums(_design(degrees, working, balance), demand, starts)
        coefficients, error = _least_squares(weights, sums, squares)
        better = error < best
        best[better], found[better, 0], found[better, 1:] = error[better], balance, coefficients[better]
    return found


def _sums(design: Array, demand: Array, starts: npt.NDArray[np.int64]) -> _Sums:
    inner = np.add.reduceat(design[:, :, None] * design[:, None, :], starts, axis=0)
    return _Sums(inner, np.add.reduceat(design * demand[:, None], starts, axis=0))


def _least_squares(weights: Array, sums: _Sums, squares: Array) -> tuple[Array, Array]:
    """Coefficients (resample, term) and the squared error that they leave."""
    inner = np.tensordot(weights, sums.inner, axes=1)
    outer = weights @ sums.outer
    # A resample may hold no day on one side: so small a ridge leaves all others as they are, and that slope at 0.
    ridge = 1e-9 * np.trace(inner, axis1=1, axis2=2)[:, None, None] * np.eye(len(TERMS))
    coefficients = np.linalg.solve(inner + ridge, outer[:, :, None])[:, :, 0]
    within = np.einsum("ri,rij,rj->r", coefficients, inner, coefficients)
    return coefficients, squares - 2 * (coefficients * outer).sum(axis=1) + within


def _facts(series: Series, temperature: Regressor, fit: _Fit, days: pd.DataFrame) -> dict[str, object]:
    balance = float(fit.terms["estimate"]["balance"])
    recent = days.iloc[-RECENT:]
    return {
        "energy_title": series.title,
        "energy_temperature": temperature.title,
        "energy_r2": fit.r2,
        "energy_at_edge": fit.at_edge,
        "energy_balance": balance,
        "energy_days_below": int((days["temperature"] < balance).sum()),
        "energy_days_above": int((days["temperature"] > balance).sum()),
        "energy_least": FEWEST_BESIDE,
        "energy_drift": float((recent["observed"] - recent["expected"]).mean() / days["observed"].mean()),
    }
