"""The chance of meeting a target: from joint futures, right when it is over, kept and scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from forecasting_panels import counts, frame, series
from tiny_city import write_city

from analytics.errors import ForecastError
from analytics.forecasting import forecast
from analytics.monitoring.limits import judged
from analytics.monitoring.targets import (
    QUICK,
    calibration_error,
    chance_of,
    chance_word,
    chances_in,
    played_back,
    statements_of,
)
from data import Provenance, Series, Target, open_city
from data.frequency import Frequency


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


def test_targets_of_one_series_meet_the_same_futures_as_each_by_itself(tmp_path: Path) -> None:
    days = pd.date_range("2024-01-01", periods=200, freq="D")
    rows = "".join(
        f"{day:%Y-%m-%d},{ward},{4 + (3 * place + ward) % 7}\n" for place, day in enumerate(days) for ward in (1, 2)
    )
    stated = [("soon", 20, 40, ""), ("later", 30, 60, ""), ("east", 30, 60, "2")]
    asked = "".join(
        f"\n[targets.{name}]\ntitle = '{name}'\nseries = 'requests'\nfrom = {days[-1] + pd.Timedelta(days=first):%Y-%m-%d}\n"
        f"until = {days[-1] + pd.Timedelta(days=last):%Y-%m-%d}\nat_most = {2 if ward else 4}90\n"
        + (f"area = '{ward}'\n" if ward else "")
        for name, first, last, ward in stated
    )
    path = write_city(tmp_path, requests="day,ward,n\n" + rows)
    path.write_text(path.read_text() + asked)
    city = open_city(path)
    whole = forecast(city.series["requests"], horizon=60, candidates=QUICK, slow=False)
    alone = [chance_of(city.series["requests"], each, outlook=whole, keep=False) for each in city.targets.values()]
    assert [(each.middle, each.low, each.probability) for each in chances_in(city)] == [
        (each.middle, each.low, each.probability) for each in alone
    ]
    assert len({each.middle for each in alone}) == 3


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


# Limits: days on which the air is above one


def hours_of_air(levels: Sequence[float], *, timezone: str = "UTC", until: str = "2024-03-01") -> Series:
    """Hours of so many days, a level a day and 6 higher from noon to eight in the evening."""
    day = np.array(levels, dtype=float)
    values = (day[:, None] + 6.0 * ((np.arange(24) >= 12) & (np.arange(24) < 20))).ravel()
    end = pd.Timestamp(until).tz_localize(timezone).tz_convert("UTC").tz_localize(None)
    index = pd.date_range(end=end, periods=len(values), freq="h", inclusive="both") - pd.Timedelta(hours=1)
    frame = pd.DataFrame({("A", "all"): values}, index=pd.DatetimeIndex(index, freq="h", name="period"))
    frame.columns = frame.columns.set_names(["area_id", "category"])
    made = Provenance(name="air", origin="test", licence="open", fingerprint="0", as_of=frame.index[-1])
    return Series(
        "air", "Air", frame, made, layer="ward", unit="µg/m³", freq=Frequency.HOUR, value_type="continuous", timezone=timezone
    )  # fmt: skip


def limit(*, above: float, hours: int, since: str, until: str, at_most: float = 3) -> Target:
    days = pd.Timestamp(since), pd.Timestamp(until)
    return Target("clean", "Clean air", "air", *days, at_most=at_most, area_id="A", above=above, hours=hours)


@pytest.mark.parametrize("timezone", ["UTC", "America/Chicago"])
def test_a_days_highest_mean_is_that_of_its_own_hours(timezone: str) -> None:
    series = hours_of_air([10.0, 20.0, 12.0, 16.0], timezone=timezone)
    whole_day = judged(series, limit(above=15, hours=24, since="2024-02-26", until="2024-02-29"))
    assert whole_day.freq is Frequency.DAY
    assert whole_day.values.iloc[:, 0].tolist() == pytest.approx([12.0, 22.0, 14.0, 18.0])
    eight = judged(series, limit(above=15, hours=8, since="2024-02-26", until="2024-02-29"))
    # A mean belongs to the day on which it ends: that of the third day's first hour has seven hours of the evening before.
    assert eight.values.iloc[1:, 0].tolist() == pytest.approx([26.0, (3 * 26 + 4 * 20 + 12) / 8, 22.0])
    one = judged(series, limit(above=15, hours=1, since="2024-02-26", until="2024-02-29"))
    assert one.values.iloc[:, 0].tolist() == [16.0, 26.0, 18.0, 22.0]


def test_a_day_with_too_few_hours_is_a_gap_and_above_nothing() -> None:
    series = hours_of_air([10.0, 20.0, 12.0])
    series.values.iloc[24:31] = np.nan
    days = judged(series, limit(above=15, hours=1, since="2024-02-27", until="2024-02-29"))
    assert np.isnan(days.values.iloc[1, 0])
    series.values.iloc[30] = 20.0
    days = judged(series, limit(above=15, hours=1, since="2024-02-27", until="2024-02-29"))
    assert days.values.iloc[1, 0] == 26.0


@pytest.mark.parametrize(("at_most", "met"), [(2, True), (1, False)])
def test_a_limit_whose_time_is_over_is_counted(at_most: float, met: bool) -> None:
    series = hours_of_air([10.0, 20.0, 11.0, 16.0])  # means of a day: 12, 22, 13 and 18
    target = limit(above=13, hours=24, since="2024-02-26", until="2024-02-29", at_most=at_most)
    chance = chance_of(series, target, keep=False)
    assert (chance.so_far, chance.over, chance.probability) == (2.0, True, float(met))
    assert "2 days by" in str(chance.sentence)


def test_the_chance_of_a_limit_counts_the_days_that_are_to_come() -> None:
    random = np.random.default_rng(5)
    series = hours_of_air(list(random.normal(10.0, 2.0, 400)))
    chances = [
        chance_of(series, limit(above=above, hours=24, since="2024-02-20", until="2024-03-14", at_most=12), keep=False)
        for above in (4.0, 12.0, 30.0)
    ]
    probabilities = [each.probability for each in chances]
    assert probabilities[0] == 0.0
    assert 0.02 < probabilities[1] < 0.98  # half of the days lie above, as many as are allowed
    assert probabilities[2] == 1.0
    assert chances[2].low == chances[2].so_far == 0.0
    assert chances[1].low <= chances[1].middle <= chances[1].high <= 24
