"""How requests were worked off: the hazard of completion by age, and what is done a working day, from the requests' dates.

All of it is what was known before a day. The hazard is a life table by working days waited (Cutler and Ederer 1958); what
is done a day at a load is a quasi-Poisson regression (McCullagh and Nelder 1989) with errors by Newey and West (1987).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.errors import ScenarioError
from analytics.scenarios.engines.crews.regression import drift_of, load_regression
from data import Requests

__all__ = ["AGES", "LONGEST", "Practice", "learn", "working_weekdays"]

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

YEAR = 365  # days of practice that count: a whole year, so that every season does
LEAST_DAYS = 60  # working days on which something was done, below which practice cannot be told
AGES = 80  # working days by which the hazard is told; beyond, it stays as it is
THIN = 50  # requests waiting at an age below which the hazard of all older ones speaks for it
PRIOR = 25.0  # requests' worth of the whole kind's hazard in that of a band of areas
BANDS = 3  # paces at which areas are served: what an area's few requests cannot tell, those of its band can
BAND_LEAST = 300  # requests done in a band
AREA_PRIOR = 20.0  # requests' worth of the common pace in that of an area
LONGEST = 400  # days since opening by which what waits is told apart
SHARE_WORKING = 0.25  # of an ordinary weekday's completions, below which a weekday is none on which work is done


@dataclass(frozen=True, eq=False)
class Practice:
    """How requests were worked off in the year before a day.

    ``hazard`` (category, band, working days waited) is the share that is done on a working day of what waits, at the load
    ``usual`` (pool): the requests that practice would do that day. At it ``capacity`` (pool) are done on an average
    working day, ``capacity_error`` its standard error as a share; at another load as many as (load / usual)^``give``.
    ``weekdays`` is how a weekday compares with an average working day, 0 where no work is done; ``opened_week`` the
    share of requests that are opened on each. ``drift`` and ``noise`` are the standard deviations of what is done at a
    load, on the log scale, from month to month: what stays and what passes. ``waiting`` (category, area, days since
    opened on the eve) are open; ``share`` (category, area) of all that were opened in the year. ``seen`` are the least
    and greatest change of a month's work at a load.
    """

    before: pd.Timestamp
    categories: tuple[str, ...]
    area_ids: tuple[str, ...]
    band_of: Whole
    pool_of: Whole
    hazard: Floats
    usual: Floats
    capacity: Floats
    capacity_error: Floats
    give: Floats
    constant: Floats
    weekdays: Floats
    opened_week: Floats
    drift: Floats
    noise: Floats
    waiting: Floats
    share: Floats
    opened: int
    fastest: Floats
    seen: tuple[float, float]

    def by_rule(self, give: float | None) -> Practice:
        """The practice with another answer to a load: 0 does as much whatever waits, 1 in proportion; None as estimated."""
        if give is None:
            return self
        level = self.capacity if give == 1.0 else self.constant
        return replace(self, give=np.full_like(self.give, give), capacity=level)


@dataclass(frozen=True, eq=False)
class _Work:
    """Requests as whole days since the first: each (request, working day on which it waited) is one exposure."""

    origin: pd.Timestamp
    end: int
    opened: Whole
    closed: Whole
    category: Whole
    area: Whole
    working: npt.NDArray[np.bool_]
    worked: Whole


def working_weekdays(requests: Requests) -> tuple[int, ...]:
    """The weekdays on which work is done: those with at least a quarter of the completions of the middle one.

    Parameters
    ----------
    requests : with their dates of completion.

    Returns
    -------
    Weekdays, 0 for Monday.
    """
    counts = np.bincount(requests.frame["closed"].dropna().dt.day_of_week.to_numpy(dtype=int), minlength=7)
    usual = np.sort(counts)[-3]
    return tuple(int(day) for day in np.flatnonzero(counts >= SHARE_WORKING * usual))


def learn(
    requests: Requests, *, before: pd.Timestamp, working_days: Sequence[int] | None = None, together: bool = False
) -> Practice:
    """The practice of the year before a day, from what was known then.

    Parameters
    ----------
    requests : with their dates; later openings and completions are not looked at.
    before : the first day that is not known.
    working_days : weekdays on which work is done (default: as completions show).
    together : whether all categories share their crews.

    Returns
    -------
    Practice
        For each category and area of the requests.

    Raises
    ------
    ScenarioError
        When too little was done before the day to tell.
    """
    weekdays = tuple(working_days or working_weekdays(requests))
    known = requests.frame[requests.frame["opened"] < before]
    categories = sorted(str(each) for each in known["category"].unique())
    layer = requests.areas
    area_ids = [str(each) for each in (known["area_id"].unique() if layer is None else layer.frame.index)]
    work = _work(known, before, weekdays, categories, area_ids)
    request, position, age = _exposures(work)
    days = np.flatnonzero(work.working)[position]
    done = days == work.closed[request]
    recent = days >= work.end - YEAR
    if len(np.unique(days[done & recent])) < LEAST_DAYS:
        raise ScenarioError("crews_short", requests=requests.title, day=before, least=LEAST_DAYS)
    age = np.minimum(age, AGES - 1)
    kind, area = work.category[request], work.area[request]
    whole = _life_table(kind[recent], age[recent], done[recent], len(categories))
    band = _bands(area[recent], whole[kind[recent], age[recent]], done[recent], len(area_ids))
    cells = kind * BANDS + band[area]
    split = _life_table(cells[recent], age[recent], done[recent], len(categories) * BANDS, prior=whole)
    hazard = split.reshape(len(categories), BANDS, AGES)
    pool = np.zeros(len(categories), dtype=np.int64) if together else np.arange(len(categories))
    pools = int(pool.max()) + 1
    span = len(work.working)
    cell = pool[kind] * span + days
    load = np.bincount(cell, hazard[kind, band[area], age], minlength=pools * span).reshape(pools, span)
    output = np.bincount(cell[done], minlength=pools * span).reshape(pools, span).astype(float)
    named = (work.origin.weekday() + np.arange(span)) % 7
    shape = _weekday_shape(output.sum(axis=0), named, weekdays, since=work.end - YEAR)
    fits = [
        load_regression(output[each], load[each], shape[named], since=work.end - YEAR, end=work.end)
        for each in range(pools)
    ]
    stamps = pd.date_range(work.origin, periods=span, freq="D")
    drifts = [drift_of(fit, output[each], load[each], shape[named], stamps) for each, fit in enumerate(fits)]
    year = work.opened >= work.end - YEAR
    shares = np.zeros((len(categories), len(area_ids)))
    np.add.at(shares, (work.category[year], work.area[year]), 1.0)
    opened_week = np.bincount((work.origin.weekday() + work.opened[year]) % 7, minlength=7)
    return Practice(
        before=before, categories=tuple(categories), area_ids=tuple(area_ids), band_of=band, pool_of=pool, hazard=hazard,
        usual=np.array([fit.usual for fit in fits]), capacity=np.array([fit.level for fit in fits]),
        capacity_error=np.array([fit.error for fit in fits]), give=np.array([fit.slope for fit in fits]),
        constant=np.array([fit.constant for fit in fits]), weekdays=shape, opened_week=opened_week / opened_week.sum(),
        drift=np.array([each.drift for each in drifts]), noise=np.array([each.noise for each in drifts]),
        waiting=_waiting(work, len(categories), len(area_ids)), share=shares / shares.sum(), opened=int(year.sum()),
        fastest=np.array([hazard[pool == each].max() for each in range(pools)]),
        seen=(min(each.seen[0] for each in drifts), max(each.seen[1] for each in drifts)),
    )  # fmt: skip


def _work(
    known: pd.DataFrame, before: pd.Timestamp, weekdays: Sequence[int], categories: list[str], area_ids: list[str]
) -> _Work:
    origin = known["opened"].min().normalize()
    end = (before - origin).days
    opened = (known["opened"].dt.normalize() - origin).dt.days.to_numpy(dtype=np.int64)
    away = (known["closed"].dt.normalize() - origin).dt.days
    working = np.isin((origin.weekday() + np.arange(end)) % 7, list(weekdays))
    # Work that was noted on another day counts on the next working day; after the end it is not known.
    following = np.append(np.where(working, np.arange(end), end)[::-1].copy(), 0)[:-1]
    following = np.minimum.accumulate(following)[::-1]
    closed = away.where(known["closed"] < before).to_numpy(dtype=float, na_value=np.nan)
    noted = np.where(np.isnan(closed), end, np.clip(np.nan_to_num(closed, nan=0.0), 0, end - 1)).astype(np.int64)
    closed_on = np.where(noted < end, following[np.minimum(noted, end - 1)], end)
    return _Work(
        origin=origin, end=end, opened=opened, closed=closed_on,
        category=pd.Categorical(known["category"].astype(str), categories=categories).codes.astype(np.int64),
        area=pd.Categorical(known["area_id"].astype(str), categories=area_ids).codes.astype(np.int64),
        working=working, worked=np.cumsum(working),
    )  # fmt: skip


def _exposures(work: _Work) -> tuple[Whole, Whole, Whole]:
    """Each request on each working day on which it waited: the request, the number of the working day, days waited."""
    begins = work.worked[work.opened] - work.working[work.opened]
    ends = work.worked[np.minimum(work.closed, work.end - 1)]
    lengths = np.maximum(ends - begins, 0)
    request = np.repeat(np.arange(len(lengths)), lengths)
    position = np.arange(len(request)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + begins[request]
    return request, position, position + 1 - work.worked[work.opened][request]


def _life_table(
    cell: Whole, age: Whole, done: npt.NDArray[np.bool_], cells: int, prior: Floats | None = None
) -> Floats:
    """The share that is done of what waits, (cell, age); where few wait, that of all older ones.

    With ``prior`` (kind, age) a cell is drawn to the hazard of its kind, by so many requests' worth.
    """
    at = cell * AGES + age
    waited = np.bincount(at, minlength=cells * AGES).reshape(cells, AGES).astype(float)
    ended = np.bincount(at[done], minlength=cells * AGES).reshape(cells, AGES).astype(float)
    if prior is not None:
        return (ended + PRIOR * np.repeat(prior, cells // len(prior), axis=0)) / (waited + PRIOR)
    older = np.cumsum(waited[:, ::-1], axis=1)[:, ::-1]
    later = np.cumsum(ended[:, ::-1], axis=1)[:, ::-1]
    pooled = np.divide(later, older, out=np.zeros_like(later), where=older > 0)
    own = np.divide(ended, waited, out=np.zeros_like(ended), where=waited > 0)
    first_thin = np.where((waited < THIN).any(axis=1), (waited < THIN).argmax(axis=1), AGES - 1)
    ages = np.arange(AGES)[None, :]
    tail = np.take_along_axis(pooled, np.minimum(first_thin, AGES - 1)[:, None], axis=1)
    # A kind of which hardly any is left over has no tail to learn from: the last hazard that it shows holds on.
    last = np.take_along_axis(own, np.maximum(first_thin - 1, 0)[:, None], axis=1)
    return np.where(ages < first_thin[:, None], own, np.where(tail > 0, tail, last))


def _bands(area: Whole, expected: Floats, done: npt.NDArray[np.bool_], areas: int) -> Whole:
    """The band of each area: areas in order of their pace (requests done against those expected), cut into equal work."""
    count, awaited = np.bincount(area[done], minlength=areas), np.bincount(area, expected, minlength=areas)
    pace = (count + AREA_PRIOR) / (awaited + AREA_PRIOR)
    bands = int(np.clip(count.sum() // BAND_LEAST, 1, BANDS))
    order = np.argsort(pace, kind="stable")
    before = np.cumsum(count[order]) - count[order] / 2
    band = np.empty(areas, dtype=np.int64)
    band[order] = np.minimum((bands * before / max(count.sum(), 1)).astype(np.int64), bands - 1)
    return band


def _weekday_shape(output: Floats, named: Whole, weekdays: Sequence[int], *, since: int) -> Floats:
    """How a weekday compares with an average working day; 0 where no work is done."""
    recent = np.arange(len(output)) >= since
    mean = np.array([output[recent & (named == day)].mean() if day in weekdays else 0.0 for day in range(7)])
    shape: Floats = mean / mean[list(weekdays)].mean()
    return shape


def _waiting(work: _Work, categories: int, areas: int) -> Floats:
    """Open requests by category, area and days since they were opened on the eve, 0 first, the last for all older."""
    is_open = work.closed >= work.end
    since = np.minimum(work.end - 1 - work.opened[is_open], LONGEST)
    found = np.zeros((categories, areas, LONGEST + 1))
    np.add.at(found, (work.category[is_open], work.area[is_open], since), 1.0)
    return found
