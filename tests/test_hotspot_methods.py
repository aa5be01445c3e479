"""Hotspot methods: every one keeps the contract, none sees what comes, and the mixture finds what was planted."""

from __future__ import annotations

import pickle
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from analytics.errors import HotspotError
from analytics.hotspots import Method, cells_over, fit_method, run_method
from analytics.hotspots.backtesting.scoring import REFIT_DAYS, evaluate, ranking, window_starts
from analytics.hotspots.methods.mixture import Mixture, fit_mixture
from analytics.hotspots.registry import find_method, methods
from analytics.hotspots.smoothing.kernels import KERNELS, kernels_on, training_weeks
from data import Incidents
from tests.small_map import HALF_YEAR, START, city, events_on, grid

WHOLE = city(HALF_YEAR, days=182)
CELLS = cells_over(WHOLE, size=200)
AS_OF = START + pd.Timedelta(days=150)
LEARNING = [name for name, method in methods().items() if method.fit is not None]


def scored(method: Method, incidents: Incidents = WHOLE, **options: object) -> np.ndarray:
    return run_method(method, incidents, CELLS, **{"as_of": AS_OF, "horizon_days": 28, "seed": 3} | options)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", methods())
def test_every_method_keeps_the_contract(name: str) -> None:
    method = methods()[name]
    before = WHOLE.frame.copy()
    scores = [scored(method) for _ in range(2)]
    assert np.array_equal(*scores)
    assert (scores[0] >= 0).all()
    assert int(scores[0].argmax()) == 6
    # A rate: the events expected over the horizon, as many a day as there have been.
    assert scores[0].sum() == pytest.approx(4 * 28, rel=0.12)
    pd.testing.assert_frame_equal(WHOLE.frame, before)
    assert pickle.loads(pickle.dumps(method)) is method  # noqa: S301 - our own bytes
    assert method.limits
    assert method.inputs


@pytest.mark.parametrize("name", methods())
def test_what_comes_later_changes_nothing(name: str) -> None:
    past = WHOLE.frame[WHOLE.frame["time"] < AS_OF]
    poison = pd.DataFrame({"time": AS_OF, "x": 950.0, "y": 950.0, "category": "all", "area_id": "E"}, index=range(5000))
    poisoned = replace(WHOLE, frame=pd.concat([past, poison], ignore_index=True))
    assert np.array_equal(scored(methods()[name]), scored(methods()[name], poisoned))


@pytest.mark.parametrize("name", LEARNING)
def test_what_was_learned_serves_again(name: str) -> None:
    method = methods()[name]
    fitted = fit_method(method, WHOLE, CELLS, as_of=AS_OF, horizon_days=28, seed=3)
    assert np.array_equal(scored(method, fitted=fitted), scored(method))
    week_later = AS_OF + pd.Timedelta(days=7)
    assert scored(method, fitted=fitted, as_of=week_later).shape == (25,)
    assert fit_method(methods()["count_last_year"], WHOLE, CELLS, as_of=AS_OF, horizon_days=28) is None


def test_a_method_is_given_only_the_past() -> None:
    seen: list[pd.Timestamp] = []

    def peek(incidents: Incidents, cells: object, *, as_of: pd.Timestamp, **_: object) -> np.ndarray:
        seen.extend([incidents.frame["time"].max(), incidents.until, as_of])
        return np.zeros(25)

    def learn(incidents: Incidents, cells: object, *, as_of: pd.Timestamp, **_: object) -> str:
        seen.extend([incidents.frame["time"].max(), incidents.until, as_of])
        return "learned"

    scored(Method("spy", "Spy", "1", ("None.",), ("All",), 0, peek, learn))
    assert len(seen) == 6
    for newest, until, as_of in (seen[:3], seen[3:]):
        assert newest < as_of
        assert until < as_of


def test_methods_that_learn_do_so_every_four_weeks() -> None:
    learned: list[pd.Timestamp] = []

    def learn(incidents: Incidents, cells: object, *, as_of: pd.Timestamp, **_: object) -> int:
        learned.append(as_of)
        return len(learned)

    given: list[int] = []

    def answer(*_: object, fitted: int, **__: object) -> np.ndarray:
        given.append(fitted)
        return np.ones(25)

    spy = Method("spy", "Spy", "1", ("None.",), ("All",), 0, answer, learn)
    starts = window_starts(WHOLE, as_of=WHOLE.until, horizon_days=14, windows=10)
    evaluate([spy], WHOLE, CELLS, starts=starts, horizon_days=14, seed=0)
    assert {(later - earlier).days for earlier, later in pairwise(learned)} == {REFIT_DAYS} == {28}
    assert given == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


@pytest.mark.parametrize("answer", [np.zeros(3), np.full(25, np.nan)])
def test_a_method_that_breaks_its_contract_is_named(answer: np.ndarray) -> None:
    broken = Method("broken", "Broken", "1", ("None.",), ("All",), 0, lambda *_, **__: answer)
    with pytest.raises(HotspotError, match="Broken broke the contract"):
        scored(broken)


def test_a_method_that_fails_is_named_whichever_part_fails() -> None:
    def fail(*_: object, **__: object) -> np.ndarray:
        raise ValueError("no luck")

    for method in (
        Method("bad", "Bad", "1", ("None.",), ("All",), 0, fail),
        Method("bad", "Bad", "1", ("None.",), ("All",), 0, lambda *_, **__: np.zeros(25), fail),
    ):
        with pytest.raises(HotspotError, match=r"Bad failed .*ValueError: no luck"):
            scored(method)


def test_before_anything_happened_there_is_no_map() -> None:
    with pytest.raises(HotspotError, match="nothing"):
        scored(find_method("count_last_year"), as_of=START)


def test_ranks_break_ties_by_the_seed_alone() -> None:
    score = np.array([0.0, 5.0, 0.0, 0.0])
    assert ranking(score, seed=1)[1] == 0
    assert sorted(ranking(score, seed=1)) == [0, 1, 2, 3]
    assert np.array_equal(ranking(score, seed=1), ranking(score, seed=1))
    assert any(not np.array_equal(ranking(score, seed=1), ranking(score, seed=other)) for other in range(2, 9))


# Kernels and their mixture

BLOCKS = grid(25, 25, size=200)


def repeating(*, repeats: bool, seed: int = 0, days: int = 420) -> Incidents:
    """Events anywhere; each is followed within the week by two next door, or by two anywhere."""
    rng = np.random.default_rng(seed)
    day, column, row = rng.integers(0, days - 8, 900), rng.integers(1, 24, 900), rng.integers(1, 24, 900)
    later = np.repeat(day, 2) + rng.integers(1, 7, 1800)
    if repeats:
        across, up = np.repeat(column, 2) + rng.integers(-1, 2, 1800), np.repeat(row, 2) + rng.integers(-1, 2, 1800)
    else:
        across, up = rng.integers(0, 25, 1800), rng.integers(0, 25, 1800)
    place = np.concatenate([row * 25 + column, up * 25 + across])
    when = START + pd.to_timedelta(np.concatenate([day, later]), unit="D")
    return city(pd.DataFrame({"time": when, "x": BLOCKS.x[place], "y": BLOCKS.y[place]}), days=days, areas=None)


def weights(incidents: Incidents) -> pd.Series:
    fitted = fit_mixture(incidents, BLOCKS, as_of=incidents.until, horizon_days=28)
    return pd.Series(fitted.weights, index=list(KERNELS))


def test_the_mixture_finds_what_is_fed_by_the_last_week_next_door() -> None:
    near, anywhere = weights(repeating(repeats=True)), weights(repeating(repeats=False))
    for found in (near, anywhere):
        assert found.sum() == pytest.approx(1)
        assert (found >= 0).all()
    assert near.idxmax() == "week/block"
    assert near["week/block"] > 0.15
    assert near["week/block"] > 10 * anywhere["week/block"]
    assert anywhere.idxmax() == "even"
    # Where nothing repeats, all that is known is spread far or evenly.
    assert anywhere[[name for name in KERNELS if name.endswith("/cell")]].sum() < 0.2


def test_the_mixture_says_what_it_is_made_of() -> None:
    told = Mixture(weights(repeating(repeats=True)).to_numpy()).explanation
    assert list(told.columns) == ["memory", "reach", "share"]
    assert told["share"].is_monotonic_decreasing
    assert told["share"].sum() == pytest.approx(1)
    assert len(told) == len(KERNELS)
    assert told.loc[told["memory"] == "even", "reach"].tolist() == [""]


def test_without_a_week_to_learn_from_all_kernels_weigh_the_same() -> None:
    found = fit_mixture(WHOLE, CELLS, as_of=START + pd.Timedelta(days=20), horizon_days=7)
    assert found.weights == pytest.approx(1 / len(KERNELS))


def test_kernels_are_counts_of_their_memory_each_adding_up_to_one() -> None:
    cells = grid(5, 1)
    counts = np.zeros((500, 5))
    counts[10, 0], counts[300, 1], counts[498, 2] = 4, 2, 1
    incidents = city(events_on(cells, counts), days=500)
    [found] = kernels_on(incidents, cells, [START + pd.Timedelta(days=500)])
    assert found.sum(axis=1) == pytest.approx(1)
    named = dict(zip(KERNELS, found, strict=True))
    # Of n events on one day at one place each weighs 1 / sqrt(n): 2, sqrt(2) and 1 in all.
    assert named["all_years/cell"] == pytest.approx(np.array([2, 2**0.5, 1, 0, 0]) / (3 + 2**0.5))
    assert named["last_year/cell"] == pytest.approx(np.array([0, 2**0.5, 1, 0, 0]) / (1 + 2**0.5))
    # Day 498 was 1.5 days ago, day 300 some 199.5: a week has forgotten it.
    assert named["week/cell"] == pytest.approx([0, 0, 1, 0, 0], abs=1e-9)
    ratio = 2**0.5 * np.exp(-199.5 / 90) / np.exp(-1.5 / 90)
    assert named["season/cell"][1] / named["season/cell"][2] == pytest.approx(ratio)
    assert named["even"] == pytest.approx(0.2)


def test_what_is_learned_from_are_the_kernels_of_each_week_where_something_happened() -> None:
    incidents = repeating(repeats=True)
    as_of = incidents.until.normalize() + pd.Timedelta(days=1)
    training = training_weeks(incidents, BLOCKS, as_of=as_of)
    start = as_of - pd.Timedelta(days=7)
    [kernels] = kernels_on(incidents, BLOCKS, [start])
    week = incidents.frame[incidents.frame["time"] >= start]
    counts = BLOCKS.counts(week)
    full = np.flatnonzero(counts)
    rows = len(training.counts) - len(full) - min(600, len(BLOCKS) - len(full))  # the last week's
    assert training.kernels[rows : rows + len(full)] == pytest.approx(kernels.T[full], rel=1e-4, abs=1e-6)
    assert training.counts[rows : rows + len(full)].tolist() == counts[full].tolist()


def test_kernels_day_by_day_are_those_of_each_day_alone() -> None:
    incidents = repeating(repeats=True)
    days = [START + pd.Timedelta(days=day) for day in (30, 200, 390, 419)]
    for one, day in zip(kernels_on(incidents, BLOCKS, days), days, strict=True):
        alone = next(kernels_on(incidents, BLOCKS, [day]))
        assert one == pytest.approx(alone, rel=1e-4, abs=1e-6)  # after twelve e-foldings an event is forgotten


def test_a_held_back_week_is_not_in_its_own_kernels() -> None:
    # One event ever, in the last week: no kernel can have known of it.
    counts = np.zeros((60, 25))
    counts[0, 3], counts[58, 7] = 1, 1
    training = training_weeks(city(events_on(CELLS, counts), days=60), CELLS, as_of=START + pd.Timedelta(days=60))
    happened = training.counts > 0
    assert training.counts[happened].tolist() == [1]
    named = dict(zip(KERNELS, training.kernels[happened][0], strict=True))
    assert named["all_years/cell"] == 0
    assert named["even"] == pytest.approx(0.04)
