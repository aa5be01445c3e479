"""Verdicts: what the brackets say, what the counts say and what the word says are the same thing."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from analytics.scenarios import Difference, Measure
from analytics.scenarios.verdict import judge, order_statistics, overall_verdict

DRAWS = st.sampled_from([100, 199, 200, 400, 500, 1000])
SEEDS = st.integers(0, 2**32)


def scattered(count: int, seed: int) -> np.ndarray:
    """Values around 0, rounded so that ties and zeros occur; drawn by a seed because lists of 1,000 are slow to shrink."""
    return np.round(np.random.default_rng(seed).normal(0, 1.5, count), 1)


@st.composite
def paired(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Two outcomes by draw whose differences lie mostly on one side, near the verdict's boundary."""
    count = draw(DRAWS)
    before = scattered(count, draw(SEEDS)) + 10
    against = draw(st.integers(0, math.ceil(0.05 * count)))
    size = np.full(count, draw(st.sampled_from([-0.5, 0.5])))
    size[:against] = draw(st.sampled_from([0.0, 1.0, -1.0])) * np.sign(size[0]) * -1
    return before, before + size


def judged(
    before: np.ndarray, after: np.ndarray, *, direction: Literal["lower", "higher"] = "lower", matters: float = 0.01
) -> Difference:
    measure = Measure("demand", "Requests", "requests", direction)
    one, other = (xr.DataArray(values, dims="draw") for values in (before, after))
    return judge("plan", measure, one, other, matters=matters, baseline_name="today")[0]


@given(paired(), st.sampled_from(["lower", "higher"]))
def test_brackets_exclude_zero_exactly_when_enough_futures_do(
    pair: tuple[np.ndarray, np.ndarray], direction: Literal["lower", "higher"]
) -> None:
    before, after = pair
    found = judged(before, after, direction=direction)
    beyond = max((after > before).mean(), (after < before).mean())
    assert (found.low95 > 0 or found.high95 < 0) == (beyond >= 0.975)
    assert found.better + found.worse == (after != before).sum()


@given(paired(), st.sampled_from(["lower", "higher"]), st.sampled_from([0.0, 0.01, 0.04, 0.06]))
def test_the_word_follows_the_rule(
    pair: tuple[np.ndarray, np.ndarray], direction: Literal["lower", "higher"], matters: float
) -> None:
    found = judged(*pair, direction=direction, matters=matters)
    large = abs(found.median) > matters * abs(found.baseline_mean)
    expected = (
        "no_change"
        if (pair[0] == pair[1]).all()
        else "better"
        if large and found.better / found.draws >= 0.975
        else "worse"
        if large and found.worse / found.draws >= 0.975
        else "too_close"
    )
    assert found.verdict == expected


@given(paired())
def test_turned_round_the_answer_is_turned_round(pair: tuple[np.ndarray, np.ndarray]) -> None:
    there, back = judged(*pair, matters=0), judged(*pair[::-1], matters=0)
    opposite = {"better": "worse", "worse": "better"}
    assert back.verdict == opposite.get(there.verdict, there.verdict)
    assert (back.low95, back.low80, back.median) == (-there.high95, -there.high80, -there.median)
    assert (back.better, back.worse) == (there.worse, there.better)


@given(DRAWS, SEEDS, st.integers(-30, 300))
def test_bands_are_nested_and_detectable_is_the_wider_of_two(count: int, seed: int, start: int) -> None:
    values, before = scattered(count, seed), np.full(count, float(start))
    found = judged(before, before + values)
    assert found.low95 <= found.low80 <= found.median <= found.high80 <= found.high95
    half = (found.high95 - found.low95) / 2
    assert found.detectable == max(half, 0.01 * abs(found.baseline_mean))


def test_at_500_draws_the_range_holds_what_inverted_cdf_says() -> None:
    values = np.random.default_rng(1).permutation(np.arange(1.0, 501.0))
    for level, wanted in ((0.025, 13), (0.975, 488), (0.5, 250.5)):
        assert order_statistics(values, [level]) == [wanted]
    assert np.quantile(values, [0.025, 0.975], method="inverted_cdf").tolist() == [13, 488]


@given(DRAWS, SEEDS, st.sampled_from([0.9, 0.975, 0.6]))
def test_above_the_median_it_is_what_numpy_says_and_below_its_mirror(count: int, seed: int, level: float) -> None:
    values = np.random.default_rng(seed).normal(size=(count, 3))
    low, high = order_statistics(values, (1 - level, level))
    np.testing.assert_array_equal(high, np.quantile(values, level, axis=0, method="inverted_cdf"))
    np.testing.assert_array_equal(-low, order_statistics(-values, (level,))[0])


@pytest.mark.parametrize(("against", "verdict"), [(12, "better"), (13, "too_close")])
def test_488_of_500_decide(against: int, verdict: str) -> None:
    before = np.full(500, 100.0)
    change = np.where(np.arange(500) < against, 2.0, -4.0)
    found = judged(before, before + change)
    assert found.verdict == verdict
    assert found.better == 500 - against


def test_a_clear_difference_that_does_not_matter_is_too_close() -> None:
    before = np.full(500, 100.0)
    assert judged(before, before - 0.9).verdict == "too_close"
    assert judged(before, before - 1.1).verdict == "better"
    assert judged(before, before - 1.1, matters=0.02).verdict == "too_close"


@pytest.mark.parametrize(
    ("against", "says"),
    [
        (12, "0.8\u202f% more [0.8, 0.8] in 488 of 500 paired futures, and no more than 1\u202f%"),
        (13, "the study could have detected 1\u202f% or more"),
    ],
)
def test_futures_that_agree_on_what_does_not_matter_are_told_with_both_numbers(against: int, says: str) -> None:
    before = np.full(500, 100.0)
    found = judged(before, before + np.where(np.arange(500) < against, -0.4, 0.8))
    assert found.verdict == "too_close"
    assert found.smallest == 1
    assert found.clear == (against == 12)
    assert says in str(found.sentence)


def test_pairing_gain_is_the_variance_that_pairing_saved() -> None:
    rng = np.random.default_rng(2)
    shared, own = 10 * rng.standard_normal((2, 4_000))
    before, after = shared, shared + 0.1 * own - 5
    found = judged(before, after)
    assert found.pairing_gain == pytest.approx((before.var() + after.var()) / (after - before).var())
    assert found.pairing_gain == pytest.approx(200, rel=0.1)
    assert judged(before, before).pairing_gain is None


def test_a_zero_baseline_has_no_percent() -> None:
    found = judged(np.zeros(200), np.ones(200))
    assert found.percent is None
    assert found.verdict == "worse"
    assert "1 more requests than today [1, 1], worse in 200 of 200" in str(found.sentence)


def test_sentences_hold_the_numbers() -> None:
    before = np.full(500, 200.0)
    change = np.concatenate([np.full(13, -16.0), np.full(474, -8.0), np.full(13, -4.0)])
    found = judged(before, before + change)
    assert (
        str(found.sentence) == "plan: 4\u202f% fewer requests than today [2, 8], better in 500 of 500 paired futures."
    )
    same = judged(before, before)
    assert str(same.sentence) == "plan: no change in requests against today."
    close = judged(before, before + np.linspace(-3, 3, 500))
    assert "too close to call on requests" in str(close.sentence)
    assert "1.4\u202f% or more" in str(close.sentence)


def test_rounding_is_no_difference() -> None:
    before = np.linspace(1_000.0, 3_000.0, 500)
    measure = Measure("travel", "Travel", "m")

    def judged(after: np.ndarray) -> Difference:
        first, second = (xr.DataArray(each, dims="draw") for each in (before, after))
        return judge("plan", measure, first, second, matters=0.01, baseline_name="today")[0]

    noise = judged(before + np.where(np.arange(500) % 2, 3e-13, -3e-13))
    assert (noise.verdict, noise.better, noise.low95, noise.high95) == ("no_change", 0, 0.0, 0.0)
    small = judged(before - 1e-6)
    assert (small.verdict, small.better) == ("too_close", 500), "what is small is told apart from rounding"


def test_measures_that_disagree_are_said() -> None:
    before = np.full(200, 100.0)
    names = ("demand", "each", "wait")
    measures = [Measure(name, title, "") for name, title in zip(names, ("Demand", "Demand each", "Wait"), strict=True)]
    array = xr.DataArray(before, dims="draw")

    def said(*changes: float) -> str:
        found = [
            judge("plan", measure, array, array + change, matters=0.01, baseline_name="today")[0]
            for measure, change in zip(measures, changes, strict=True)
        ]
        return str(overall_verdict(found, measures, primary="demand", baseline="today"))

    assert said(5, -5, 0.1).endswith("; too close to call on wait; better on demand each.")
    assert said(-5, 5, -5).endswith("better in 200 of 200 paired futures; worse on demand each.")
    assert said(-5, -5, -5).endswith("better in 200 of 200 paired futures.")
    assert said(0.1, -5, 5).endswith("; better on demand each; worse on wait.")
    assert said(0, 0, 0) == "plan: no change in demand against today."


def test_where_no_option_is_better_that_is_said_first_and_which_are_worse_by_how_much_and_how_sure() -> None:
    measures = [Measure("demand", "Demand", ""), Measure("wait", "Wait", "")]
    array = xr.DataArray(np.full(200, 100.0), dims="draw")

    def said(**changes: tuple[float, float]) -> str:
        found = [
            judge(option, measure, array, array + change, matters=0.01, baseline_name="today")[0]
            for option, each in changes.items()
            for measure, change in zip(measures, each, strict=True)
        ]
        return str(overall_verdict(found, measures, primary="demand", baseline="today"))

    assert said(a=(0.5, 0), b=(5, 0)) == (
        "No option is better than today on demand; a is too close to call: 0.5\u202f% more [0.5, 0.5] in 200 of 200 paired "
        "futures, no more than the 1\u202f% below which it does not matter; "
        "b is worse: 5\u202f% more [5, 5] in 200 of 200 paired futures."
    )
    assert said(a=(9, 0), b=(5, 0)).startswith("No option is better than today on demand; b is worse: 5"), (
        "the best first"
    )
    assert said(a=(0.5, 5), b=(-0.2, -5)) == (
        "Too close to call on demand: no option changes it by more than 1\u202f%, below which a difference does not matter here; "
        "b: better on wait."
    )
    assert said(a=(0, 0), b=(0, 5)) == "No option changes demand."
    assert said(a=(5, 0), b=(-5, 0)).startswith("b: 5\u202f% fewer demand than today"), "the worse one never leads"
