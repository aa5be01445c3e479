"""A year again: practice learnt before it, carried on with the requests that came in it, beside what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from cachetools import LRUCache, cached

from analytics.errors import ScenarioError
from analytics.scenarios.engines.crews.futures import (
    LEARNT,
    MARGIN,
    ORDERS,
    Order,
    abilities,
    carried_on,
    median_days,
    units_of,
)
from analytics.scenarios.engines.crews.practice import Practice, learn
from analytics.streams import Streams
from data import Crews, Requests
from data.tables.crews import SharedBy

__all__ = ["Replay", "order_chosen", "replays", "years_of"]

LEAST_DAYS = 90  # of a year whose requests have all had their days, below which it is not replayed
LEAST_HISTORY = 180  # days of requests before a year
DRAWS = 200


@dataclass(frozen=True)
class Replay:
    """What was to be expected of a year on its eve, and what happened.

    ``share`` was to be done within the target, [``share_low``, ``share_high``] in 95 of 100 futures, and
    ``actual_share`` was; likewise half of the requests within ``median`` days. Of the ``requests`` those opened up to
    ``until`` count, whose days are over. ``order`` is the rule for whose turn it is, chosen on earlier years
    (``chosen_on``; on the first there is no choice).
    """

    year: int
    until: pd.Timestamp
    requests: int
    target_days: int
    order: str
    chosen_on: tuple[int, ...]
    share: float
    share_low: float
    share_high: float
    actual_share: float
    median: float
    median_low: float
    median_high: float
    actual_median: float

    @property
    def share_error(self) -> float:
        """How far the share lay from what happened, in points."""
        return 100 * abs(self.share - self.actual_share)

    @property
    def median_error(self) -> float:
        """How far the median lay from what happened, in days."""
        return abs(self.median - self.actual_median)


@dataclass(frozen=True, eq=False)
class _Run:
    """A year carried on by one rule: the shares and medians by draw, and how far the curve lies from what happened."""

    shares: npt.NDArray[np.float64]
    medians: npt.NDArray[np.float64]
    distance: float


@dataclass(frozen=True, eq=False)
class _Year:
    """A year's requests as they came in, and the share of them that was done by days since they were opened."""

    periods: pd.DatetimeIndex
    end: pd.Timestamp
    arrivals: npt.NDArray[np.float32]
    reached: npt.NDArray[np.float64]
    requests: int


def years_of(requests: Requests, *, target_days: int) -> tuple[int, ...]:
    """The calendar years that can be replayed: with history before them, and a quarter of requests whose days are over.

    Parameters
    ----------
    requests : with their dates.
    target_days : within which a request should be done.

    Returns
    -------
    In order.
    """
    last = requests.until - pd.Timedelta(days=target_days)
    return tuple(
        year
        for year in range(requests.since.year, requests.until.year + 1)
        if (pd.Timestamp(year, 1, 1) - requests.since).days >= LEAST_HISTORY
        and (last - pd.Timestamp(year, 1, 1)).days >= LEAST_DAYS
    )


def replays(requests: Requests, crews: Crews, *, years: Sequence[int] | None = None) -> tuple[Replay, ...]:
    """Each year replayed from what was known before it.

    The rule for whose turn it is was chosen on the years before: the one whose curve of requests done by days since they
    were opened lay closest to what happened.

    Parameters
    ----------
    requests : with their dates.
    crews : the target, the working days, and whether categories share crews.
    years : calendar years (default: all that can be replayed); also those before are replayed, to choose on.

    Returns
    -------
    One a year, in order; none where there are none.
    """
    known = years_of(requests, target_days=crews.target_days)
    wanted = known if years is None else tuple(years)
    return tuple(each for each in _all(requests, crews) if each.year in wanted)


def order_chosen(found: Sequence[Replay]) -> Order:
    """The rule of the latest replay, so that its error speaks for what an engine computes.

    Parameters
    ----------
    found : replays in order.

    Returns
    -------
    Order
        The usual one where there is no replay.
    """
    return ORDERS[found[-1].order if found else LEARNT]


def _key(requests: Requests, crews: Crews) -> tuple[object, ...]:
    return requests.provenance.fingerprint, crews.target_days, crews.working_days, crews.by


@cached(LRUCache(maxsize=16), key=_key, lock=Lock())
def _all(requests: Requests, crews: Crews) -> tuple[Replay, ...]:
    found: list[Replay] = []
    distances: dict[int, dict[str, float]] = {}
    for year in years_of(requests, target_days=crews.target_days):
        try:
            practice = learn(
                requests, before=pd.Timestamp(year, 1, 1), working_days=crews.working_days,
                together=crews.by is SharedBy.CITY,
            )  # fmt: skip
        except ScenarioError:  # too little was done before it: it cannot be replayed, and the next may be
            continue
        happened = _happened(requests, year, practice, crews.target_days)
        runs = {name: _run(practice, order, happened, crews.target_days) for name, order in ORDERS.items()}
        order = _best(distances)
        distances_before = tuple(distances)
        distances[year] = {name: each.distance for name, each in runs.items()}
        found.append(_replay(year, happened, runs[order], order, distances_before, crews.target_days))
    return tuple(found)


def _best(distances: Mapping[int, Mapping[str, float]]) -> str:
    if not distances:
        return LEARNT
    return min(ORDERS, key=lambda name: sum(each[name] for each in distances.values()))


def _happened(requests: Requests, year: int, practice: Practice, target: int) -> _Year:
    start = pd.Timestamp(year, 1, 1)
    last = min(pd.Timestamp(year, 12, 31), requests.until - pd.Timedelta(days=target))
    frame, end = requests.frame, last + pd.Timedelta(days=1)
    # A category that nobody knew before the year cannot be foreseen.
    chosen = frame[(frame["opened"] >= start) & (frame["opened"] < end) & frame["category"].isin(practice.categories)]
    periods = pd.date_range(start, last, freq="D")
    counts = np.zeros((len(practice.categories), len(practice.area_ids), len(periods)), dtype=np.float32)
    category = pd.Categorical(chosen["category"].astype(str), categories=list(practice.categories)).codes
    area = pd.Categorical(chosen["area_id"].astype(str), categories=list(practice.area_ids)).codes
    day = (chosen["opened"].dt.normalize() - start).dt.days.to_numpy()
    np.add.at(counts, (category, area, day), 1.0)
    took = (chosen["closed"].dt.normalize() - chosen["opened"].dt.normalize()).dt.days.to_numpy(dtype=float)
    ages = np.arange(target + MARGIN + 1)
    reached = (np.nan_to_num(took, nan=np.inf)[None, :] <= ages[:, None]).mean(axis=1)
    return _Year(periods, end, counts, reached, len(chosen))


def _run(practice: Practice, order: Order, happened: _Year, target: int) -> _Run:
    units = units_of(practice)
    arrivals = np.repeat(units.summed(happened.arrivals)[:, :, None], DRAWS, axis=2)
    months = pd.date_range(happened.periods[0], happened.periods[-1], freq="MS")
    able = abilities(practice, order.give, tuple(months), Streams(seed=0, draws=DRAWS))
    daily = able[:, months.searchsorted(happened.periods, side="right") - 1]
    course = carried_on(
        practice, order, units, arrivals, daily, periods=happened.periods, end=happened.end, target=target
    )
    curve = np.median(np.cumsum(course.by_day, axis=0) / course.arrived.sum(axis=0), axis=1)
    distance = float(np.abs(curve - happened.reached)[: target + 1].mean())
    return _Run(course.share_within(target).astype(float), course.median(), distance)


def _replay(year: int, happened: _Year, run: _Run, order: str, chosen_on: tuple[int, ...], target: int) -> Replay:
    def middle(values: Any) -> tuple[float, float, float]:
        low, median, high = np.quantile(values, (0.025, 0.5, 0.975))
        return float(median), float(low), float(high)

    share, share_low, share_high = middle(run.shares)
    median, median_low, median_high = middle(run.medians)
    return Replay(
        year=year, until=happened.end - pd.Timedelta(days=1), requests=happened.requests, target_days=target, order=order,
        chosen_on=chosen_on, share=share, share_low=share_low, share_high=share_high,
        actual_share=float(happened.reached[target]), median=median, median_low=median_low, median_high=median_high,
        actual_median=float(median_days(happened.reached[:, None], slowest=1.0)[0]),
    )  # fmt: skip
