"""The chance of meeting a target: from joint futures, right when it is over, kept and scored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from forecasting_panels import counts, frame, series

from analytics.errors import ForecastError
from analytics.monitoring.targets import calibration_error, chance_of, chance_word, played_back, statements_of
from data import Series, Target


@pytest.fixture(autouse=True)
def own_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path))


@pytest.fixture
def requests() -> Series:
    return series(frame(counts(periods=428, columns=4, mean=3.0)))


def target(requests: Series, **changes: object) -> Target:
    index = requests.values.index
    whole = Target("quarter", "Fewer than that", "requests", index[386], index[427], at_most=500)
    return replace(whole, **changes)  # type: ignore[arg-type]


def test_a_target_is_surely_met_or_missed_when_it_is_far_from_the_forecast(requests: Series) -> None:
    now = requests.until(requests.values.index[399])
    assert chance_of(now, target(requests, at_most=5000)).probability == 1.0
    assert chance_of(now, target(requests, at_most=10)).probability == 0.0
    assert chance_of(now, target(requests, at_most=None, at_least=10)).probability == 1.0


def test_at_most_and_at_least_are_complements(requests: Series) -> None:
    now = requests.until(requests.values.index[399])
    middle = chance_of(now, target(requests)).middle
    most = chance_of(now, target(requests, at_most=middle))
    more = chance_of(now, target(requests, at_most=None, at_least=middle + 1))
    assert most.probability + more.probability == pytest.approx(1.0)
    assert 0.4 < most.probability < 0.7
    assert most.low <= most.middle <= most.high


def test_what_has_come_counts_and_a_target_that_is_over_is_met_or_not(requests: Series) -> None:
    own = target(requests)
    came = float(requests.values.iloc[386:428].sum().sum())
    over = chance_of(requests, own)
    assert over.over
    assert over.so_far == came == over.low == over.high
    assert over.probability == float(came <= 500)
    assert ("met with" in str(over.sentence)) == (came <= 500)


def test_an_area_and_a_kind_are_judged_by_their_own_columns(requests: Series) -> None:
    now = requests.until(requests.values.index[399])
    city = chance_of(now, target(requests))
    parts = [chance_of(now, target(requests, area_id=area)) for area in requests.area_ids]
    assert sum(part.so_far for part in parts) == city.so_far
    assert sum(part.middle for part in parts) == pytest.approx(city.middle, rel=0.05)


def test_statements_are_kept_and_scored_when_the_time_is_over(requests: Series) -> None:
    now = requests.until(requests.values.index[399])
    said = chance_of(now, target(requests))
    assert statements_of(now, target(requests)) == ()
    (kept,) = statements_of(requests, target(requests))
    assert kept.probability == said.probability
    assert kept.met is not None
    assert kept.brier == pytest.approx((said.probability - kept.met) ** 2)


def test_a_play_back_uses_only_what_was_known(requests: Series) -> None:
    later = requests.values.copy()
    later.iloc[420:] = 50.0
    first, second = (played_back(each, target(requests)) for each in (requests, replace(requests, values=later)))
    assert [each.cutoff for each in first] == sorted(each.cutoff for each in first)
    early = [place for place, each in enumerate(first) if each.cutoff < requests.values.index[419]]
    assert [first[place].probability for place in early] == [second[place].probability for place in early]


def test_a_target_before_the_data_is_refused(requests: Series) -> None:
    with pytest.raises(ForecastError, match=r"begins on .* before the data do"):
        chance_of(requests, target(requests, since=pd.Timestamp("1999-01-01")))


def test_the_words_for_a_chance_begin_where_they_should() -> None:
    words = {chance_word(share / 100) for share in range(101)}
    assert words == {
        "nearly_certain", "probably_met", "more_likely", "either_way", "probably_missed", "very_unlikely",
    }  # fmt: skip
    assert chance_word(0.75) == "probably_met"
    assert chance_word(0.0999) == "very_unlikely"


def test_calibration_error_of_a_liar_is_large() -> None:
    assert calibration_error([0.9] * 10, [False] * 10) == pytest.approx(0.9)
    assert calibration_error([0.5] * 10, [True, False] * 5) == 0
