"""Errors that last: a chart that takes each day for new would rise on them again and again."""

from __future__ import annotations

import math

import numpy as np
import pytest
from forecasting_panels import frame, series

from analytics.forecasting.uncertainty.distribution import NegativeBinomial
from analytics.monitoring.warnings import warnings_of
from analytics.monitoring.warnings.charts import blank, look
from analytics.monitoring.warnings.cusum import Heights
from analytics.monitoring.warnings.evidence import Evidence, evidence_of
from analytics.monitoring.warnings.persistence import persistence_of
from analytics.monitoring.warnings.thresholds import BUDGET, Thresholds


def lasting(*, periods: int, columns: int, share: float, seed: int) -> np.ndarray:
    """Normal scores of variance 1, of which a share keeps 0.8 of itself from day to day."""
    rng = np.random.default_rng(seed)
    slow = np.zeros((periods, columns))
    for day in range(1, periods):
        slow[day] = 0.8 * slow[day - 1] + 0.6 * rng.standard_normal(columns)
    return np.sqrt(share) * slow + np.sqrt(1 - share) * rng.standard_normal((periods, columns))


@pytest.mark.parametrize(("share", "times"), [(0.0, 1.0), (0.3, 1.9), (1.0, 3.2)])
def test_persistence_is_how_many_times_over_a_week_says_the_same(share: float, times: float) -> None:
    """1 + 2 sum of (1 - k/7) 0.8^k, weighed by the share, less what weeks beyond three deviations do not say."""
    found = persistence_of(lasting(periods=7 * 400, columns=6, share=share, seed=1), block=7)
    assert found.mean() == pytest.approx(times, rel=0.12)
    assert (found >= 1).all()


def test_few_weeks_say_little_and_gaps_nothing() -> None:
    scores = np.full((7 * 20, 2), np.nan)
    assert persistence_of(scores, block=7).tolist() == [1.0, 1.0]
    scores[:7, 0] = 1.0  # a week that says 7 times the same
    one = persistence_of(scores, block=7)
    assert 1 < one[1] < one[0] < 2
    assert persistence_of(scores[:6], block=7).tolist() == [1.0, 1.0]
    assert persistence_of(np.full((7, 1), 50.0), block=7)[0] == persistence_of(np.full((7, 1), 2.0), block=7)[0]


def test_what_is_said_twice_is_worth_half() -> None:
    still = NegativeBinomial(np.full((3, 2), 9.0), np.full((3, 2), 20.0))
    found = evidence_of(still, np.array([[9.0, 14.0], [20.0, 3.0], [9.0, np.nan]]), rho=0.0)
    half = found.weighed(np.array([1.0, 2.0]))
    assert np.array_equal(half.ratios[:, 0], found.ratios[:, 0])
    assert half.ratios[:, 1] == pytest.approx(found.ratios[:, 1] / 2)
    assert np.array_equal(half.scores, found.scores, equal_nan=True)


def test_errors_that_last_raise_far_fewer_alarms_than_if_each_day_were_new() -> None:
    """2.6 a series and year with what is weighed here, 15.4 if each day counted in full; .56 are promised, and not reached."""
    scores = lasting(periods=700, columns=12, share=0.5, seed=3)
    values = frame(np.maximum(np.rint(100 + 15 * scores), 0))
    found = warnings_of(series(values), alarms_per_week=math.inf)
    assert found.records["requests"]["level"].per_year < 6 * BUDGET["level"]


@pytest.mark.parametrize(
    ("chance", "apart", "deeper"),
    [(19.0, 3.0, True), (21.0, 3.0, False), (19.0, 2.9, False), (19.0, -3.0, False), (0.5, 4.0, True)],
)
def test_within_a_spell_a_worse_day_needs_less_but_must_be_half_as_far_again(
    chance: float, apart: float, deeper: bool
) -> None:
    flat = Heights(np.zeros(0), 1.0, 365.0)
    thresholds = Thresholds(np.full(3, 5.0), 1e-4, (flat,) * 3, np.zeros((2, 1)))
    charts = blank(10, 1)
    charts.began[0], charts.depth[0] = 2, 2.0
    zero = np.zeros((1, 1))
    tail = np.full((1, 1), chance * thresholds.outside)
    day = Evidence(zero, zero, tail, 1 - tail, zero, zero + 1, zero + 1, np.zeros((1, 1, 3)))
    look(charts, day, np.full((1, 1), apart), 0, 5, thresholds, longest=28, a_year=365.0, clear=lambda *_: True)
    assert [(each.deeper, each.until, each.direction) for each in charts.raised] == [(True, 5, 1)] * deeper
    assert charts.depth[0] == (apart if deeper else 2.0)
