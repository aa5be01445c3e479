"""A report says what was measured: ratios, their intervals, and by which end a goal is judged."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import SUITES
from benchmarks.forecasting.sets import panel, sql
from benchmarks.hotspots import known
from benchmarks.hotspots.measuring import Answer, ask, measured
from benchmarks.hotspots.our_side import queen
from benchmarks.paired import paired
from benchmarks.rows import Row, cost_of


def test_a_goal_is_judged_by_the_intervals_worse_end_unless_on_the_point() -> None:
    rng = np.random.default_rng(1)
    ours, peer = rng.normal(0.72, 0.3, 200), rng.normal(1.0, 0.3, 200)
    row = paired("a", ours, peer, peer_name="peer", unit="SQL", goal=0.74)
    assert row.ratio == pytest.approx(ours.mean() / peer.mean())
    assert row.low < row.ratio < row.high
    assert row.holds is False
    assert paired("a", ours, peer, peer_name="peer", unit="SQL", goal=0.74, on_point=True).holds is True


def test_without_a_peer_ours_is_judged_and_at_least_is_the_other_way_round() -> None:
    assert Row("a", 2.0, "s", 3.0).holds
    assert not Row("a", 95.0, "%", 90.0, most=False, low=89.0, high=97.0).holds
    assert Row("a", 95.0, "%", 90.0, most=False, low=91.0, high=97.0).holds
    assert Row("a", 1.0, "s").holds is None
    assert set(Row("a", 1.0, "s").to_dict()) >= {
        "name", "ours", "peer", "peer_name", "unit", "ratio", "low", "high", "goal", "holds",
    }  # fmt: skip


def test_the_loss_is_scaled_by_the_seasonal_naives_error() -> None:
    history = np.tile([[1.0], [3.0]], (10, 1))
    assert np.isnan(sql(history, np.ones((2, 1)), np.ones((5, 2, 1)), season=2)).all()
    history = np.arange(20.0)[:, None]
    # Off by one at every level: twice the pinball is 2 x level, whose mean over the five levels is 1; the naive errs by 2.
    loss = sql(history, np.full((3, 1), 5.0), np.full((5, 3, 1), 4.0), season=2)
    assert loss == pytest.approx(0.5)


def test_cost_is_that_of_the_work() -> None:
    answer, seconds = cost_of(lambda: sum(range(2_000_000)))
    assert answer == 1_999_999_000_000
    assert 0 < seconds < 10
    assert panel(np.zeros((3, 2)), start="2024-01-01", freq="D").shape == (3, 2)


@pytest.mark.parametrize("name", SUITES)
def test_a_suite_runs_only_what_it_was_asked_for(name: str) -> None:
    assert list(SUITES[name](quick=True, only="no such part")) == []


def test_memory_is_what_the_work_takes_on_top() -> None:
    before = np.ones(3_000_000)
    found = measured(lambda: None, lambda: {"sum": np.ones(5_000_000).sum() + before[0]})
    assert found.values["sum"] == 5_000_001
    assert found.megabytes == pytest.approx(40, abs=5)


def test_a_fresh_process_answers_with_arrays_and_its_cost() -> None:
    points = np.array([[10.0, 20.0, 110.0], [10.0, 20.0, 10.0]])
    found = ask("our_side", "grid", points=points, size=100.0, shape=(1, 2))
    assert isinstance(found, Answer)
    assert (found.values["cells"], found.values["points"]) == (2, 3)
    assert found.seconds < 1


def test_queens_neighbours_are_the_squares_around_and_itself() -> None:
    near = queen(3, 4)
    assert near.sum(axis=1).reshape(3, 4).tolist() == [[4, 6, 6, 4], [6, 9, 9, 6], [4, 6, 6, 4]]
    assert set(near.data) == {1.0}


def test_satscans_answers_are_met(real_data: Path) -> None:
    assert [row.holds for row in known.rows()] == [True, True]


@pytest.mark.parametrize("side", ["benchmarks.hotspots.peers_side", "benchmarks.forecasting.nixtla_side"])
def test_the_peers_side_needs_nothing_of_ours(side: str) -> None:
    # It runs in an environment that holds the peers, and not what we are built on.
    absent = "import sys; sys.modules |= dict.fromkeys(('analytics', 'data', 'dashboard')); "
    command = [sys.executable, "-c", f"{absent}import {side}"]
    subprocess.run(command, check=True, cwd=Path(__file__).parent.parent)
