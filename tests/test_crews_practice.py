"""What is learnt from dates: the planted capacity and order, and nothing that was not known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from crews_city import PLANTED, UNTIL, reports, requests

from analytics.errors import ScenarioError
from analytics.scenarios.engines.crews.practice import learn, working_weekdays
from analytics.scenarios.engines.crews.regression import load_regression

BEFORE = UNTIL + pd.Timedelta(days=1)


def test_the_planted_capacity_is_found() -> None:
    practice = learn(requests(reports()), before=BEFORE)
    assert practice.categories == ("hole", "lamp")
    for index, kind in enumerate(PLANTED.kinds):
        # Four standard errors: this is one history; how often its interval holds the truth is a benchmark.
        assert abs(np.log(practice.capacity[index] / kind.capacity)) < 4 * practice.capacity_error[index]
    assert practice.capacity_error.max() < 0.03
    # A queue that is always there is worked off as fast as crews can, whatever waits.
    assert practice.give.max() < 0.4


def test_the_planted_order_is_found() -> None:
    """The newer are served before the older, and the ward that is served at half the pace is in the slowest band."""
    practice = learn(requests(reports()), before=BEFORE)
    assert practice.band_of[2] == practice.band_of.min() < practice.band_of[0]
    for hazard in practice.hazard.reshape(-1, practice.hazard.shape[2]):
        assert hazard[:3].mean() > 1.3 * hazard[20:40].mean()


def test_nobody_works_at_the_weekend() -> None:
    table = requests(reports())
    assert working_weekdays(table) == (0, 1, 2, 3, 4)
    practice = learn(table, before=BEFORE)
    assert (practice.weekdays[5:] == 0).all()
    assert practice.weekdays[:5].mean() == pytest.approx(1)
    assert practice.opened_week.sum() == pytest.approx(1)


def test_what_waits_is_what_is_open_on_the_eve() -> None:
    table = requests(reports())
    before = pd.Timestamp("2023-03-01")
    frame = table.frame
    is_open = (frame["opened"] < before) & ~(frame["closed"] < before)
    practice = learn(table, before=before)
    assert practice.waiting.sum() == is_open.sum()
    eve = is_open & (frame["opened"] == before - pd.Timedelta(days=1))
    assert practice.waiting[:, :, 0].sum() == eve.sum()
    assert practice.opened == ((frame["opened"] < before) & (frame["opened"] >= before - pd.Timedelta(days=365))).sum()


def test_later_dates_are_not_looked_at() -> None:
    before = pd.Timestamp("2023-01-01")
    frame = reports().copy()
    known = frame[frame["opened"] < before]
    known = known.assign(closed=known["closed"].where(known["closed"] < before))
    late = frame.assign(closed=frame["closed"].where(frame["closed"] < before, before + pd.Timedelta(days=1)))
    first, second = (learn(requests(each), before=before) for each in (known, late))
    for name in ("hazard", "capacity", "capacity_error", "give", "waiting", "drift", "noise", "share"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name), err_msg=name)


def test_categories_that_share_crews_have_one_capacity() -> None:
    practice = learn(requests(reports()), before=BEFORE, together=True)
    assert len(practice.capacity) == 1
    assert practice.capacity[0] == pytest.approx(sum(kind.capacity for kind in PLANTED.kinds), rel=0.05)


def test_a_short_history_is_refused_in_a_sentence() -> None:
    with pytest.raises(ScenarioError, match="Holes shows work on fewer than 60 working days before"):
        learn(requests(reports()), before=pd.Timestamp("2021-02-15"))


@pytest.mark.parametrize("slope", [0.0, 0.4, 1.0])
def test_the_regression_finds_the_answer_to_a_load(slope: float) -> None:
    rng = np.random.default_rng(5)
    load = np.exp(rng.normal(4, 0.3, 1_000))
    shape = np.tile([1.2, 1.0, 0.8, 1.1, 0.9, 0.0, 0.0], 143)[:1_000]
    usual = np.exp(np.log(load[shape > 0]).mean())
    output = rng.poisson(shape * 50 * (load / usual) ** slope).astype(float)
    fit = load_regression(output, load, shape, since=0, end=1_000)
    assert fit.usual == pytest.approx(usual)
    assert fit.slope == pytest.approx(slope, abs=0.06)
    assert abs(np.log(fit.level / 50)) < 4 * fit.error
    assert fit.error == pytest.approx(np.sqrt(1 / (50 * (shape > 0).sum())), rel=0.5)
