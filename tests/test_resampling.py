"""The bootstrap: intervals that hold the figure, narrow with more to go by, and keep what belongs together."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.resampling import block_resamples, mean_interval, ratio_interval, resamples


def test_a_score_against_itself_has_a_ratio_of_exactly_one() -> None:
    ours = np.array([0.4, 0.5, 0.3, 0.6])
    assert ratio_interval(ours, ours, seed=1) == (1.0, 1.0, 1.0)


def test_a_ratio_is_of_means_and_its_interval_of_pairs() -> None:
    theirs = np.array([1.0, 2.0, 4.0, 40.0])
    # Three times as much everywhere: in pairs nothing is left to chance, though the scores themselves vary widely.
    assert ratio_interval(3 * theirs, theirs, seed=1) == pytest.approx((3.0, 3.0, 3.0))
    assert all(np.isnan(ratio_interval(theirs, np.zeros(4), seed=1)))
    assert all(np.isnan(ratio_interval(np.array([]), np.array([]), seed=1)))


def test_intervals_hold_the_mean_and_narrow() -> None:
    rng = np.random.default_rng(1)
    few, many = (mean_interval(rng.normal(1, 0.2, count), seed=2) for count in (8, 200))
    assert few[1] < few[0] < few[2]
    assert few[2] - few[1] > 2 * (many[2] - many[1])


def test_an_interval_of_the_mean_is_two_standard_errors_to_either_side() -> None:
    values = np.random.default_rng(3).normal(5, 2, 400)
    mean, low, high = mean_interval(values, seed=4)
    error = values.std() / np.sqrt(len(values))
    assert (mean - low, high - mean) == pytest.approx((1.96 * error, 1.96 * error), rel=0.1)


def test_gaps_do_not_count() -> None:
    assert mean_interval([1.0, np.nan, 3.0], seed=1) == mean_interval([1.0, 3.0], seed=1)
    assert all(np.isnan(mean_interval([np.nan, np.nan], seed=1)))


def test_resamples_take_every_row_about_once_and_keep_to_their_seed() -> None:
    rows = resamples(7, seed=5, times=3000)
    assert rows.shape == (3000, 7)
    assert np.bincount(rows.ravel()) / 3000 == pytest.approx(1.0, abs=0.06)
    assert (rows == resamples(7, seed=5, times=3000)).all()
    assert (rows != resamples(7, seed=6, times=3000)).any()


def test_blocks_stay_whole_and_in_order() -> None:
    rows = block_resamples(31, width=7, seed=1, times=50)
    assert rows.shape == (50, 28)
    blocks = rows.reshape(50, 4, 7)
    assert (np.diff(blocks, axis=2) == 1).all()
    assert (blocks[:, :, 0] % 7 == 0).all()
    assert (np.diff(blocks[:, :, 0], axis=1) >= 0).all()
    assert rows.max() == 27  # the three after the last whole block are left out
