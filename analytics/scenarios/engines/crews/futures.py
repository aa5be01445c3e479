"""A practice carried on: what comes in is worked off, and what is left waits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.scenarios.engines.crews.practice import AGES, LONGEST, Practice
from analytics.streams import Streams

__all__ = ["LEARNT", "LEVEL", "ORDERS", "Course", "Order", "Units", "abilities", "carried_on", "units_of"]

Floats = npt.NDArray[np.float64]

LEVEL = "crews/level"  # the streams of what a pool does in a year
MARGIN = 15  # days beyond the target by which durations are told apart
HALF_YEAR = 6  # months: the middle of the year that a practice is learnt from lies so far back
BY_AGE, OLDEST, NEWEST = 0, 1, 2  # as in queue_loops, which is only imported where it runs


@dataclass(frozen=True)
class Order:
    """A rule for whose turn it is: by the hazard of its age, or in turn; ``give`` is how output answers to the load.

    0: as much is done whatever waits; 1: in proportion to it; None: as estimated.
    """

    name: str
    rule: int
    give: float | None


LEARNT = "pressure"
ORDERS = {
    each.name: each
    for each in (
        Order("pressure", BY_AGE, None),
        Order("age", BY_AGE, 1.0),
        Order("capacity", BY_AGE, 0.0),
        Order("oldest", OLDEST, 0.0),
        Order("newest", NEWEST, 0.0),
    )
}
"""By name; the first is used where no replay can choose."""


@dataclass(frozen=True, eq=False)
class Units:
    """The cells that are worked off alike: a category in a band of areas, those that go first apart.

    ``category``, ``band`` and ``first`` are by unit; ``unit_of`` is by category and area; ``part`` the share of a unit's
    requests that a category and area has.
    """

    category: npt.NDArray[np.int64]
    band: npt.NDArray[np.int64]
    first: npt.NDArray[np.bool_]
    unit_of: npt.NDArray[np.int64]
    part: Floats

    def __len__(self) -> int:
        return len(self.category)

    def summed(self, by_area: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Numbers by (category, area, …) added up by unit."""
        flat = by_area.reshape(-1, *by_area.shape[2:])
        found = np.zeros((len(self), *by_area.shape[2:]), dtype=np.float32)
        for unit in range(len(self)):
            found[unit] = flat[self.unit_of.ravel() == unit].sum(axis=0)
        return found


def units_of(practice: Practice, *, first_areas: Collection[str] = (), first_categories: Collection[str] = ()) -> Units:
    """The units of a practice.

    Parameters
    ----------
    practice : whose categories and bands of areas they are.
    first_areas, first_categories : those that go first.

    Returns
    -------
    Units
        Only those that have an area.
    """
    ahead = np.array([each in first_categories for each in practice.categories])[:, None] | np.array(
        [each in first_areas for each in practice.area_ids]
    )
    kinds = np.arange(len(practice.categories))[:, None]
    codes = (kinds * (practice.band_of.max() + 1) + practice.band_of[None, :]) * 2 + ahead
    found, unit_of = np.unique(codes, return_inverse=True)
    unit_of = unit_of.reshape(codes.shape)
    weight = practice.share + 1e-9  # an area without a request in the year has an equal, tiny part of its unit
    total = np.bincount(unit_of.ravel(), weight.ravel(), minlength=len(found))
    cell = found // 2
    bands = int(practice.band_of.max()) + 1
    return Units(cell // bands, cell % bands, found % 2 == 1, unit_of, weight / total[unit_of])


@dataclass(frozen=True, eq=False)
class Course:
    """What became of the requests of a time.

    ``done`` (unit, days since opened, draw) of the ``arrived`` (unit, draw) were done by so many days; ``waiting`` (unit,
    draw) were open when the time ended. ``last`` (unit) is the share that is done a day of what waits longest.
    """

    units: Units
    done: npt.NDArray[np.float32]
    arrived: npt.NDArray[np.float32]
    waiting: npt.NDArray[np.float32]
    last: Floats

    @cached_property
    def by_day(self) -> npt.NDArray[np.float32]:
        """Requests done by (days since opened, draw) in the whole city."""
        total: npt.NDArray[np.float32] = self.done.sum(axis=0)
        return total

    def within(self, days: int) -> npt.NDArray[np.float32]:
        """The share that was done within so many days, (unit, draw); 1 where nothing came in."""
        did = self.done[:, : days + 1].sum(axis=1)
        share = np.divide(did, self.arrived, out=np.ones_like(did), where=self.arrived > 0)
        clipped: npt.NDArray[np.float32] = np.clip(share, 0.0, 1.0)
        return clipped

    def share_within(self, days: int) -> npt.NDArray[np.float32]:
        """The share of all that was done within so many days, by draw."""
        arrived = self.arrived.sum(axis=0)
        did = self.by_day[: days + 1].sum(axis=0)
        share = np.divide(did, arrived, out=np.ones_like(did), where=arrived > 0)
        clipped: npt.NDArray[np.float32] = np.clip(share, 0.0, 1.0)
        return clipped

    def median(self) -> Floats:
        """The days by which half of all are done, by draw; see `median_days`."""
        arrived = np.maximum(self.arrived.sum(axis=0), 1e-9)
        reached = np.cumsum(self.by_day, axis=0, dtype=np.float64) / arrived
        return median_days(reached, slowest=float(np.average(self.last, weights=self.arrived.sum(axis=1) + 1e-9)))


def median_days(reached: Floats, *, slowest: float) -> Floats:
    """The days by which half are done, on a straight line within the day; beyond what is told apart, at the last pace.

    Parameters
    ----------
    reached : share done by (days since opened, draw), rising.
    slowest : the share of what still waits that is done a day beyond the last of these days.

    Returns
    -------
    By draw, at least 0.
    """
    past = reached >= 0.5
    day = np.where(past.any(axis=0), past.argmax(axis=0), len(reached) - 1)
    draws = np.arange(reached.shape[1])
    above = reached[day, draws]
    below = np.where(day > 0, reached[np.maximum(day - 1, 0), draws], 0.0)
    inside = day - 1 + np.clip((0.5 - below) / np.maximum(above - below, 1e-12), 0.0, 1.0)
    beyond = len(reached) - 1 + np.log((1 - above).clip(0.5) / 0.5) / max(slowest, 1e-3)
    return np.where(past.any(axis=0), np.maximum(inside, 0.0), beyond)


@lru_cache(maxsize=8)
def abilities(
    practice: Practice, give: float | None, months: tuple[pd.Timestamp, ...], streams: Streams
) -> npt.NDArray[np.float64]:
    """What is done on a working day at the usual load in each month and future, (pool, month, draw): as unsure as history.

    The year's level with its error; what stays of the changes from month to month, added up since the middle of that
    year; what passes, anew each month.

    Parameters
    ----------
    practice : as learnt; the same object finds the same numbers again.
    give : of the rule for whose turn it is, see `Order`.
    months : that are looked at, in order.
    streams : of the study; a month keeps its numbers whatever the length of the study.

    Returns
    -------
    Requests a working day, not to be written into.
    """
    found = np.empty((len(practice.capacity), len(months), streams.draws))
    names = [f"{each:%Y-%m}" for each in months]
    for pool, level in enumerate(practice.by_rule(give).capacity):
        own = streams.normal(LEVEL, [f"{pool}"])[0] * practice.capacity_error[pool]
        stays = streams.normal("crews/drift", [f"{pool}/{name}" for name in names])
        before = streams.normal("crews/drift", [f"{pool}/before"])[0] * np.sqrt(HALF_YEAR)
        passes = streams.normal("crews/noise", [f"{pool}/{name}" for name in names])
        path = practice.drift[pool] * (before + np.cumsum(stays, axis=0)) + practice.noise[pool] * passes
        found[pool] = level * np.exp(own + path)
    found.setflags(write=False)
    return found


def carried_on(
    practice: Practice,
    order: Order,
    units: Units,
    arrivals: npt.NDArray[np.float32],
    capacity: npt.NDArray[np.float64],
    *,
    periods: pd.DatetimeIndex,
    end: pd.Timestamp,
    target: int,
) -> Course:
    """What becomes of the requests that come in when practice goes on.

    After ``end`` the last period's requests keep coming and the last period's work is done, until those of the time have
    had their days.

    Parameters
    ----------
    practice : learnt before the first of the ``periods``.
    order : whose turn it is.
    units : that are worked off alike.
    arrivals : requests by (unit, period, draw).
    capacity : what is done on a working day at the usual load, (pool, period, draw).
    periods : the start of each.
    end : the end of the last one.
    target : days within which a request should be done.

    Returns
    -------
    Course
        Of the requests that came in from the first period to the end.
    """
    from analytics.scenarios.engines.crews.queue_loops import worked_off

    learnt = practice.by_rule(order.give)
    back = target + MARGIN + 1
    days = pd.date_range(periods[0], end + pd.Timedelta(days=back - 1), freq="D")[:-1]
    counted = (end - periods[0]).days
    period = np.minimum(np.searchsorted(periods, days, side="right") - 1, len(periods) - 1)
    weekday = days.day_of_week.to_numpy()
    share = _shares(learnt.opened_week[weekday], period, counted)
    work = learnt.weekdays[weekday]
    eve = learnt.weekdays[pd.date_range(end=periods[0] - pd.Timedelta(days=1), periods=back - 1, freq="D").day_of_week]
    worked = np.cumsum(np.concatenate([eve > 0, work > 0]))
    by_age = np.stack([units.summed(each) for each in _by_age(learnt, back)], axis=-1)
    done, waiting = worked_off(
        by_age[:, 1:].astype(np.float32), by_age[:, 0].astype(np.float32), np.ascontiguousarray(arrivals, dtype=np.float32),
        period.astype(np.int64), share.astype(np.float32), work.astype(np.float32), worked.astype(np.int64),
        learnt.hazard[units.category, units.band].astype(np.float32), learnt.pool_of[units.category].astype(np.int64),
        units.first, np.ascontiguousarray(capacity, dtype=np.float32), learnt.usual.astype(np.float32),
        learnt.give.astype(np.float32), learnt.fastest.astype(np.float32), order.rule, counted,
    )  # fmt: skip
    weights = np.bincount(period[:counted], share[:counted], minlength=len(periods))
    arrived = np.einsum("upd,p->ud", arrivals, weights.astype(np.float32))
    last = learnt.hazard[units.category, units.band, AGES - 1] * (learnt.weekdays > 0).mean()
    return Course(units, done, arrived, waiting, last)


def _shares(opened: Floats, period: npt.NDArray[np.int64], counted: int) -> Floats:
    """The share of its period's requests that comes in on a day; after the end as on the days of the last period."""
    total = np.bincount(period[:counted], opened[:counted], minlength=period.max() + 1)
    return opened / np.maximum(total[period], 1e-12)


def _by_age(practice: Practice, back: int) -> list[npt.NDArray[np.float32]]:
    """What waits by (category, area): those opened earlier than the cohorts reach, then a day of opening each, the eve last."""
    old = practice.waiting[:, :, back - 1 :].sum(axis=2)
    recent = [practice.waiting[:, :, age] if age <= LONGEST else 0 * old for age in range(back - 2, -1, -1)]
    return [each.astype(np.float32) for each in (old, *recent)]
