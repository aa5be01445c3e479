"""Desks: the queue is that of an event simulation and of the formulas, estimates find what was planted, rosters keep targets."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import poisson

from analytics.errors import ScenarioError
from analytics.scenarios.engines.desks import erlang
from analytics.scenarios.engines.desks.openings import answered_by_opening
from analytics.scenarios.engines.desks.queues import Stream, contacts_of, serve, serve_stream
from analytics.scenarios.engines.desks.rosters import openings_of
from analytics.streams import Streams


def events(stream: Stream, staff: Sequence[int]) -> tuple[list[float], list[int]]:
    """Waits and fates by a simulation of events: arrivals, services that end, people who lose patience, hours that begin."""
    n = len(stream.times)
    patience = stream.patience if stream.patience is not None else np.full(n, math.inf)
    queue: list[tuple[float, int, str, int]] = []
    for who in range(n):
        heapq.heappush(queue, (stream.times[who], 3, "come", who))
        if patience[who] < math.inf:
            heapq.heappush(queue, (stream.times[who] + patience[who], 2, "leave", who))
    for hour in range(len(staff)):
        heapq.heappush(queue, (3600.0 * hour, 1, "hour", hour))
    waits, fates, line, busy, there = [math.nan] * n, [-1] * n, [], 0, staff[0]
    while queue:
        now, _, what, who = heapq.heappop(queue)
        if what == "come":
            line.append(who)
        elif what == "leave" and who in line:
            line.remove(who)
            waits[who], fates[who] = now - stream.times[who], 1
        elif what == "hour":
            there = staff[who]
        elif what == "done":
            busy -= 1
        while line and (there == 0 or busy < there):
            first = line.pop(0)
            waits[first], fates[first] = now - stream.times[first], 0 if there else 2
            if there:
                busy += 1
                heapq.heappush(queue, (now + stream.handling[first], 0, "done", first))
    return waits, fates


def a_stream(rng: np.random.Generator, *, n: int, hours: int, handling: float, patience: float | None) -> Stream:
    times = np.sort(rng.uniform(0, 3600.0 * hours, n))
    patient = None if patience is None else rng.exponential(patience, n)
    return Stream(times, rng.exponential(handling, n), patient)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("patience", [None, 200.0])
@pytest.mark.parametrize("staff", [[2] * 9, [1, 3, 2, 0, 4, 1, 2, 3, 1], [0, 2, 2, 5, 1, 1, 0, 0, 3]])
def test_waits_are_those_of_an_event_simulation(seed: int, patience: float | None, staff: list[int]) -> None:
    stream = a_stream(np.random.default_rng(seed), n=250, hours=8, handling=220, patience=patience)
    waited, fate = serve_stream(stream, staff=staff)
    expected, ended = events(stream, staff)
    assert fate.tolist() == ended
    np.testing.assert_allclose(waited, expected, atol=1e-6)


def test_a_long_stream_waits_as_erlang_c_and_erlang_a_say() -> None:
    rng = np.random.default_rng(3)
    n = 400_000
    times = np.cumsum(rng.exponential(180.0, n))  # 20 an hour
    stream = Stream(times, rng.exponential(720.0, n))
    waited, _ = serve_stream(stream, staff=[5])
    assert waited.mean() / 3600 == pytest.approx(erlang.erlang_c(20, 5, 5).wait, rel=0.05)
    leaving = replace(stream, patience=rng.exponential(900.0, n))
    waited, fate = serve_stream(leaving, staff=[5])
    found = erlang.erlang_a(20, 5, 4, 5)
    assert (fate == 1).mean() == pytest.approx(found.abandons, rel=0.03)
    assert waited.mean() / 3600 == pytest.approx(found.wait, rel=0.03)
    within = ((fate == 0) & (waited <= 300)).mean()
    assert within == pytest.approx(erlang.answered_within(20, 5, 4, 5, 300 / 3600), abs=0.005)


# Futures


def everyone(counts: np.ndarray, *, seed: int = 1) -> tuple:
    streams = Streams(seed, len(counts))
    people = contacts_of(
        counts, np.linspace(0.01, 1.99, 199), streams, periods=[str(hour) for hour in range(counts.shape[1])]
    )
    return people, np.arange(counts.shape[1]) % 168


def served(counts: np.ndarray, staff: np.ndarray, *, patience: float = np.inf, target: float = 60.0):
    people, slots = everyone(counts)
    draws = len(counts)
    return serve(
        people,
        staff=staff,
        slots=slots,
        handling=np.full(draws, 300.0),
        patience=np.full(draws, patience),
        target=target,
    )


def test_each_future_is_served_as_a_stream_of_its_own() -> None:
    counts = np.random.default_rng(2).poisson(9, (20, 168))
    people, _ = everyone(counts)
    staff = np.where(np.arange(168) % 24 < 20, 1, 0)
    found = served(counts, staff, patience=400.0)
    for draw in range(20):
        own = slice(people.begin[draw], people.begin[draw + 1])
        stream = Stream(people.times[own], people.handled[own] * 300.0, people.patient[own] * 400.0)
        waited, fate = serve_stream(stream, staff=[*staff, *staff[:48]])
        in_time = (fate == 0) & (waited <= 60)
        assert found.answered_within[draw] == pytest.approx(in_time.mean())
        queued = (fate < 2) | (waited > 0)
        assert found.wait_mean[draw] == pytest.approx(waited[queued].mean())
        assert found.abandoned[draw] == pytest.approx((fate > 0).mean())
        assert found.wait_p90[draw] == pytest.approx(np.quantile(waited[queued], 0.9), abs=8)
        by_hour = np.bincount((stream.times[~in_time] // 3600).astype(int), minlength=168)
        np.testing.assert_array_equal(found.late[draw], by_hour)


@pytest.mark.parametrize("longest", [1.0, 1e9])
def test_each_opening_served_by_itself_answers_as_many_in_time_and_only_what_differs_is_served_again(
    longest: float,
) -> None:
    counts = np.random.default_rng(6).poisson(9, (10, 2 * 168))
    people, slots = everyone(counts)
    opened = np.arange(168) % 24 < 12
    opened[30:54] = False
    calls = []

    def outcome(own, staff):
        calls.append(len(own.times))
        return serve(
            own,
            staff=staff.astype(int),
            slots=slots,
            handling=np.full(10, 300.0),
            patience=np.full(10, 400.0),
            target=60.0,
        )

    answered = answered_by_opening(people, outcome, slots=slots, opened=opened, longest=longest)
    staff = np.where(opened, 1.0, 0.0)
    changed = staff + (np.arange(168) == 100)  # Friday at four
    for each in (staff, changed, staff):
        np.testing.assert_array_equal(answered(each), outcome(people, each).answered_within)
    apart = [n for n in calls if n != len(people.times)]
    assert len(apart) == (len(openings_of(opened)) + 1 if longest == 1.0 else 2)


def test_people_are_the_same_whoever_serves_them_and_one_more_changes_nobody_before() -> None:
    counts = np.random.default_rng(4).poisson(5, (3, 24))
    more = counts.copy()
    more[1, 7] += 1
    (before, _), (after, _) = everyone(counts), everyone(more)
    same = before.begin[1]
    np.testing.assert_array_equal(before.times[:same], after.times[:same])
    hours = after.times[after.begin[1] : after.begin[2]] // 3600
    np.testing.assert_array_equal(np.bincount(hours.astype(int), minlength=24), more[1])
    own = after.handled[after.begin[1] : after.begin[2]][hours != 7]
    np.testing.assert_array_equal(own, before.handled[before.begin[1] : before.begin[2]][hours_of(before, 1) != 7])


def hours_of(people, draw: int) -> np.ndarray:
    return people.times[people.begin[draw] : people.begin[draw + 1]] // 3600


def test_another_pair_of_hands_makes_nobody_wait_longer() -> None:
    counts = np.random.default_rng(5).poisson(10, (50, 168))
    few, many = (served(counts, np.full(168, n)) for n in (1, 2))
    assert (many.answered_within >= few.answered_within).all()
    assert (many.wait_mean < few.wait_mean).all()
    assert (many.late <= few.late + 1e-9).all()


def test_a_desk_that_is_never_open_answers_nobody_and_one_that_nobody_comes_to_answers_all() -> None:
    counts = np.full((2, 168), 3)
    nobody = served(counts, np.zeros(168, dtype=int))
    assert nobody.answered_within.tolist() == [0, 0]
    assert nobody.late.sum(axis=1).tolist() == [504, 504]
    assert served(0 * counts, np.ones(168, dtype=int)).answered_within.tolist() == [1, 1]


# Formulas


def test_erlang_c_gives_the_published_wait() -> None:
    assert erlang.erlang_c(20, 5, 5).wait == pytest.approx(0.1108, rel=0.01)
    found = erlang.erlang_c(48, 1, 50)
    assert (60 * found.wait, found.queue, found.busy, found.waits) == pytest.approx(
        (20.834, 16.667, 0.96, 0.6945), rel=1e-3
    )
    assert erlang.erlang_c(0, 1, 2).waits == 0


@pytest.mark.parametrize(("servers", "least"), [(4, 5), (3, 5), (1, 5)])
def test_a_queue_that_grows_without_end_is_called_so_with_the_fewest_that_keep_up(servers: int, least: int) -> None:
    with pytest.raises(ScenarioError, match=f"at least {least} are needed"):
        erlang.erlang_c(20, 5, servers)
    assert erlang.erlang_c(20, 5, least).busy < 1


def test_erlang_a_gives_the_published_figures() -> None:
    found = erlang.erlang_a(48, 1, 0.5, 50)
    assert (found.abandons, 60 * found.wait, found.queue, found.busy) == pytest.approx(
        (0.03091, 3.709, 2.968, 0.9303), rel=1e-3
    )
    assert found.waits == pytest.approx(0.4678, abs=1e-4)
    # Who stays is served: the same share, told by patience and by service.
    assert erlang.answered_within(48, 1, 0.5, 50, 1e6) == pytest.approx(1 - found.abandons)
    assert erlang.answered_within(48, 1, 0.5, 50, 0.0) == pytest.approx(1 - found.waits)


def test_with_patience_like_service_the_number_present_is_poisson() -> None:
    assert erlang.erlang_a(48, 1, 1, 50).waits == pytest.approx(poisson.sf(49, 48), rel=1e-9)
    # With next to no loss of patience it is Erlang C.
    assert erlang.erlang_a(20, 5, 1e-5, 5).wait == pytest.approx(erlang.erlang_c(20, 5, 5).wait, rel=1e-3)


def test_beta_is_that_of_halfin_and_whitt() -> None:
    published = [1.4202, 1.0615, 0.8289, 0.6516, 0.5061, 0.3813, 0.2715, 0.1728, 0.0829]
    found = [erlang.slack_for(chance) for chance in np.arange(0.1, 1, 0.1)]
    np.testing.assert_allclose(found, published, atol=5e-5)
    # With patience like service the limit is the tail of a normal (Garnett et al. 2002).
    assert erlang.waiting_chance(1.0, patience=1.0) == pytest.approx(0.158655, abs=1e-6)
    assert erlang.waiting_chance(erlang.slack_for(0.3, patience=2.0), patience=2.0) == pytest.approx(0.3)


def test_staff_on_the_offered_load_holds_and_on_the_arrivals_does_not() -> None:
    step = 0.001
    time = np.arange(0, 40 * np.pi, step)
    load = erlang.load_of(100 + 20 * np.sin(time + step / 2), service=1, step=step)
    last, now = load[-6284:], time[-6284:] + step
    assert last.max() == pytest.approx(114.142, abs=1e-3)
    assert (now[last.argmax()] - np.pi / 2) % (2 * np.pi) == pytest.approx(np.pi / 4, abs=1e-3)
    for slack, low, high in ((0, 0.471, 0.514), (0.5, 0.286, 0.323), (1, 0.146, 0.171), (1.5, 0.063, 0.077)):
        waits = poisson.sf(erlang.staff_for(last, slack=slack) - 1, last)
        assert (waits.min(), waits.max()) == pytest.approx((low, high), abs=6e-4)
    waits = poisson.sf(erlang.staff_for(100 + 20 * np.sin(now), slack=1) - 1, last)
    assert (waits.min(), waits.max()) == pytest.approx((0.007, 0.702), abs=6e-4)
