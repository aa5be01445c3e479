"""The queue: nothing is lost, the order is what it says, and by hand it is the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from crews_city import UNTIL, reports, requests

from analytics.scenarios.engines.crews.futures import ORDERS, Course, abilities, carried_on, median_days, units_of
from analytics.scenarios.engines.crews.practice import Practice, learn
from analytics.scenarios.engines.crews.queue_loops import BY_AGE, NEWEST, OLDEST, worked_off
from analytics.streams import Streams

BEFORE = UNTIL + pd.Timedelta(days=1)
DAYS = 4


def by_hand(order: int, *, capacity: float = 4.0, hazard: float = 0.5, first: bool = False, give: float = 0.0) -> Any:
    """Four days, 6 requests on each, 2 open since the eve and 3 for longer; another unit has 1 a day."""
    units = 2
    waiting = np.zeros((units, 4), dtype=np.float32)
    waiting[0, -1] = 2
    arrivals = np.ones((units, 1, 1), dtype=np.float32)
    arrivals[0] = 6 * DAYS
    arrivals[1] = 1 * DAYS
    share = np.full(DAYS, 1 / DAYS, dtype=np.float32)
    return worked_off(
        waiting, np.array([3, 0], dtype=np.float32), arrivals, np.zeros(DAYS, dtype=np.int64), share,
        np.ones(DAYS, dtype=np.float32), np.arange(1, DAYS + 5, dtype=np.int64),
        np.full((units, 3), hazard, dtype=np.float32), np.zeros(units, dtype=np.int64), np.array([False, first]),
        np.full((1, 1, 1), capacity, dtype=np.float32), np.array([6.0], dtype=np.float32),
        np.array([give], dtype=np.float32), np.array([1.0], dtype=np.float32), order, DAYS,
    )  # fmt: skip


def test_the_oldest_go_first_by_hand() -> None:
    done, left = by_hand(OLDEST)
    # 3 of the tail and 1 of the eve; 1 of the eve and 3 of the first day's 7; its other 4; 4 of the second day's 7.
    assert done.sum() == pytest.approx(3 + 4 + 4, rel=1e-5)
    assert done[:, 1].sum() == pytest.approx(3, rel=1e-5)
    assert done[:, 2].sum() == pytest.approx(4 + 4, rel=1e-5)
    assert left.sum() == pytest.approx(5 + 4 * 7 - 16, rel=1e-5)


def test_the_newest_go_first_by_hand() -> None:
    done, left = by_hand(NEWEST)
    assert done[:, 0].sum() == pytest.approx(4 * DAYS, rel=1e-5)
    assert done[:, 1:].sum() == 0
    assert left.sum() == pytest.approx(5 + 4 * 7 - 16, rel=1e-5)


def test_by_age_each_waits_for_its_own_chance_by_hand() -> None:
    # All have one hazard, so the same part of each is done: 4 of what waits, each day.
    done, left = by_hand(BY_AGE)
    assert done[0, 0, 0] / done[1, 0, 0] == pytest.approx(6, rel=1e-5)
    assert left.sum() == pytest.approx(5 + 4 * 7 - 16, rel=1e-5)
    # 12 wait on the first day: a third is done, so 4/12 of the day's own six and of the other's one.
    first_day = 7 * 4 / 12
    assert done[:, 0].sum() == pytest.approx(first_day + 7 * 4 / 15 + 7 * 4 / 18 + 7 * 4 / 21, rel=1e-4)


def test_output_answers_to_the_load_as_stated() -> None:
    """With ``give`` 1 and a capacity of the usual load, each day's work is the hazard of what waits."""
    _, left = by_hand(BY_AGE, capacity=6.0, give=1.0)
    waits = 5.0
    for _ in range(DAYS):
        waits = (waits + 7) / 2
    assert left.sum() == pytest.approx(waits, rel=1e-4)


def test_those_that_go_first_do_not_wait_while_crews_reach() -> None:
    done, left = by_hand(BY_AGE, first=True)
    assert done[1, 0, 0] == pytest.approx(DAYS, rel=1e-5)
    assert left[1, 0] == pytest.approx(0, abs=1e-6)
    assert left.sum() == pytest.approx(5 + 4 * 7 - 16, rel=1e-4)


@pytest.fixture(scope="module")
def practice() -> Practice:
    return learn(requests(reports()), before=BEFORE)


def course(practice: Practice, order: str = "pressure", *, times: float = 1.0, **first: Any) -> Course:
    units = units_of(practice, **first)
    periods = pd.date_range(BEFORE, periods=6, freq="MS")
    arrivals = np.full((len(practice.categories), len(practice.area_ids), 6, 20), 100.0, dtype=np.float32)
    capacity = times * abilities(practice, ORDERS[order].give, tuple(periods), Streams(seed=1, draws=20))
    end = periods[-1] + pd.offsets.MonthBegin()
    return carried_on(
        practice, ORDERS[order], units, units.summed(arrivals), capacity, periods=periods, end=end, target=20
    )


@pytest.mark.parametrize("order", ORDERS)
def test_no_request_is_lost(order: str, practice: Practice) -> None:
    found = course(practice, order)
    assert (found.done >= 0).all()
    assert (found.waiting >= -1e-3).all()
    assert (found.by_day.sum(axis=0) <= found.arrived.sum(axis=0) * (1 + 1e-5)).all()
    np.testing.assert_allclose(found.arrived.sum(axis=0), 6 * 6 * 100, rtol=1e-5)


@pytest.mark.parametrize("order", ORDERS)
def test_more_crews_never_do_less(order: str, practice: Practice) -> None:
    less, more = (course(practice, order, times=times) for times in (1.0, 1.2))
    assert (more.share_within(20) >= less.share_within(20) - 1e-6).all()
    assert (more.waiting.sum(axis=0) <= less.waiting.sum(axis=0) + 1e-3).all()


def test_areas_that_go_first_gain_what_others_lose(practice: Practice) -> None:
    plain, favoured = course(practice), course(practice, first_areas=("W03",))
    within = [each.within(20)[each.units.unit_of].mean(axis=(0, 2)) for each in (plain, favoured)]
    assert within[1][2] > within[0][2]
    assert (within[1][:2] <= within[0][:2] + 1e-6).all()


def test_the_parts_of_a_unit_are_all_of_it(practice: Practice) -> None:
    units = units_of(practice, first_areas=("W02",), first_categories=("lamp",))
    np.testing.assert_allclose(np.bincount(units.unit_of.ravel(), units.part.ravel()), 1.0)
    counts = np.arange(2 * 3 * 2, dtype=np.float32).reshape(2, 3, 2)
    np.testing.assert_allclose(units.summed(counts).sum(axis=0), counts.sum(axis=(0, 1)))
    assert units.first[units.unit_of[1]].all()
    assert units.first[units.unit_of[0]].tolist() == [False, True, False]


def test_the_median_lies_where_half_are_done() -> None:
    reached = np.array([[0.25, 0.5, 0.1], [0.5, 0.9, 0.2], [0.8, 1.0, 0.4]])
    np.testing.assert_allclose(median_days(reached, slowest=0.1)[:2], [1.0, 0.0])
    # Of 60 in 100 that are left after two days a tenth is done a day: half are done after ln(0.6 / 0.5) / 0.1 more.
    assert median_days(reached, slowest=0.1)[2] == pytest.approx(2 + np.log(0.6 / 0.5) / 0.1)


def test_futures_are_as_unsure_as_history(practice: Practice) -> None:
    months = tuple(pd.date_range(BEFORE, periods=12, freq="MS"))
    own = replace(practice, drift=np.array([0.1, 0.0]), noise=np.zeros(2), capacity_error=np.zeros(2))
    found = np.log(abilities(own, None, months, Streams(seed=3, draws=4_000)) / own.capacity[:, None, None])
    assert (found[1] == 0).all()
    # What stays adds up: six months from the middle of the year that was learnt from, then one each month.
    np.testing.assert_allclose(found[0].std(axis=1), 0.1 * np.sqrt(6 + np.arange(1, 13)), rtol=0.05)
    longer = abilities(own, None, months, Streams(seed=3, draws=4_100))
    np.testing.assert_array_equal(longer[:, :, :4_000], abilities(own, None, months, Streams(seed=3, draws=4_000)))
