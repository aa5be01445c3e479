"""Whether a map moved: two years of one truth have not, a place that moved has, and its cells are named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.hotspots.significance import Stability, map_change
from data import Incidents
from tests.small_map import START, city, events_on, grid

CELLS = grid(20, 20, size=50)
YEARS = START + pd.Timedelta(days=730)


def two_years(before: np.ndarray, after: np.ndarray, *, seed: int) -> Incidents:
    """Events of rates a year (cell), each year's dealt to its weeks."""
    rng = np.random.default_rng(seed)
    weekly = np.concatenate([rng.poisson(rate / 52, (52, len(rate))) for rate in (before, after)])
    return city(events_on(CELLS, weekly, step_days=7), days=730)


def changed(before: np.ndarray, after: np.ndarray, *, seed: int = 0) -> Stability:
    # A year of 365 days holds 52 of these weeks and a day, so the second begins in the first day of week 53.
    return map_change(two_years(before, after, seed=seed), CELLS, as_of=YEARS, shares=(0.05,), seed=seed)[0.05]


RATES = np.random.default_rng(7).gamma(0.5, 6.0, 400)


def test_the_same_rates_twice_have_not_moved() -> None:
    found = [changed(RATES, RATES, seed=seed) for seed in range(20)]
    assert sum(each.moved for each in found) <= 3
    assert sum(each.low <= each.back <= each.high for each in found) >= 16
    assert np.mean([each.back - each.expected for each in found]) == pytest.approx(0, abs=0.05)
    # Chance alone changes a part of any map: a year's list is never the truth.
    assert all(0.3 < each.expected < 0.98 for each in found)
    assert sum(int(each.rose.sum() + each.fell.sum()) for each in found) <= 3


def test_a_share_says_the_same_whatever_other_shares_are_asked_for() -> None:
    incidents = two_years(RATES, RATES, seed=2)
    several = map_change(incidents, CELLS, as_of=YEARS, shares=(0.02, 0.05, 0.2), seed=2)
    assert [several[share].cells for share in several] == [8, 20, 80]
    for share in several:
        [alone] = map_change(incidents, CELLS, as_of=YEARS, shares=(share,), seed=2).values()
        assert (alone.back, alone.expected, alone.p) == (several[share].back, several[share].expected, several[share].p)


def test_twice_the_events_everywhere_is_no_move() -> None:
    assert sum(changed(RATES, 2 * RATES, seed=seed).moved for seed in range(10)) <= 2


def test_a_place_that_moved_is_seen_and_its_cells_are_named() -> None:
    before, after = RATES.copy(), RATES.copy()
    old, new = np.arange(40, 60), np.arange(300, 320)
    before[old] += 40
    after[new] += 40
    found = changed(before, after)
    assert found.moved
    assert found.back < found.low
    assert set(np.flatnonzero(found.rose)) == set(new)
    assert set(np.flatnonzero(found.fell)) == set(old)


def test_where_no_other_map_is_possible_nothing_has_moved() -> None:
    # All in twenty cells, which are the map of either year whatever chance deals.
    rates = np.zeros(400)
    rates[:20] = 30.0
    found = changed(rates, rates)
    assert (found.back, found.expected, found.p) == (1, 1, 1)
    assert not found.moved


def test_the_years_are_named_and_halved_where_there_are_less() -> None:
    found = changed(RATES, RATES)
    assert found.earlier == (START, START + pd.Timedelta(days=364))
    assert found.later == (START + pd.Timedelta(days=365), START + pd.Timedelta(days=729))
    assert (found.share, found.cells) == (0.05, 20)
    short = two_years(RATES, RATES, seed=0)
    half = map_change(short, CELLS, as_of=START + pd.Timedelta(days=101), shares=(0.05,))[0.05]
    assert half.earlier == (START + pd.Timedelta(days=1), START + pd.Timedelta(days=50))


def test_without_events_in_both_years_nothing_is_said() -> None:
    incidents = two_years(RATES, RATES, seed=0)
    late = replace(incidents, frame=incidents.frame.loc[incidents.frame["time"] >= START + pd.Timedelta(days=400)])
    assert map_change(late, CELLS, as_of=YEARS, shares=(0.05,)) == {}
    assert map_change(incidents, CELLS, as_of=START + pd.Timedelta(days=1), shares=(0.05,)) == {}


def test_the_seed_decides() -> None:
    first, again, other = (changed(RATES, RATES, seed=0), changed(RATES, RATES, seed=0), changed(RATES, RATES, seed=1))
    assert (first.expected, first.p) == (again.expected, again.p)
    assert first.expected != other.expected
