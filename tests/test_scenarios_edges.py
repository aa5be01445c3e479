"""Where engines' answers turn: exactly on time, exactly as near, in the middle of a street, over several weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from test_sites import MIDDLES, city_with, network, run, small_sites, study

from analytics.scenarios.engines.desks.queues import Contacts, Outcome, serve
from analytics.scenarios.engines.sites.travel import travel_of
from tests.small_city import WARDS

HOURS = 168


def at_one_desk(
    times: Sequence[float], *, target: float, patience: float = np.inf, weeks: int = 1, slot: int = 0
) -> Outcome:
    """Those who come at these seconds of an hour, each week alike, to one who serves each in a minute."""
    hours = np.arange(HOURS * weeks)
    every = np.concatenate([np.asarray(times) + 3600.0 * (HOURS * week + slot) for week in range(weeks)])
    ones = np.ones(len(every), dtype=np.float32)
    counts = np.where(hours % HOURS == slot, len(times), 0)[None]
    people = Contacts(np.array([0, len(every)]), every, ones, ones, counts)
    return serve(
        people, staff=np.ones(HOURS, dtype=np.int64), slots=hours % HOURS, handling=np.array([60.0]),
        patience=np.array([patience]), target=target,
    )  # fmt: skip


def test_who_waits_just_as_long_as_the_target_is_answered_in_time() -> None:
    found = at_one_desk([0.0, 40.0], target=20.0)
    assert found.answered_within[0] == 1.0
    assert found.wait_mean[0] == pytest.approx(10.0)
    # Of two, one does not wait: nine tenths lie four fifths into the second in which the other is served.
    assert found.wait_p90[0] == pytest.approx(20.8)
    assert at_one_desk([0.0, 40.0], target=19.5).answered_within[0] == 0.5


def test_who_is_as_patient_as_the_wait_is_long_is_served() -> None:
    assert at_one_desk([0.0, 40.0], target=60.0, patience=20.0).abandoned[0] == 0.0
    found = at_one_desk([0.0, 40.0], target=60.0, patience=19.5)
    assert found.abandoned[0] == 0.5
    assert found.wait_mean[0] == pytest.approx(19.5 / 2)


def test_those_not_answered_in_time_are_counted_a_week_and_in_the_hour_in_which_they_came() -> None:
    for weeks in (1, 3):
        late = at_one_desk([0.0, 10.0, 3590.0, 3599.0], target=30.0, weeks=weeks, slot=5).late[0]
        assert late[5] == pytest.approx(2.0)  # the second and the fourth wait for 50 and 51 seconds
        assert late.sum() == pytest.approx(2.0)


def test_two_places_on_one_street_are_as_far_apart_as_they_lie_on_it() -> None:
    """No way round by the ends of the street."""
    sites = small_sites([5500], existing=[True], network="streets")
    city = replace(city_with(sites), networks=network([(0, 500), (12_000, 500)]))
    np.testing.assert_allclose(travel_of(study(city), sites).between[:, 0], np.abs(MIDDLES - 5500), atol=1e-3)


def test_of_two_sites_as_near_the_first_is_gone_to() -> None:
    demand = np.full(len(WARDS), 10.0)
    for capacity, full in (([1.0, np.nan], True), ([np.nan, 1.0], False)):
        city = city_with(small_sites([500, 500], existing=[True, True], capacity=capacity))
        for opened in (["S1", "S2"], ["S2", "S1"]):
            assert bool(run(city, demand, opened=opened)["unmet"].any()) is full
