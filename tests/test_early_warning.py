"""Early warning finds what was planted, names it, keeps quiet otherwise, and never looks ahead."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from forecasting_panels import counts, frame, series
from small_city import small_city

from analytics.__main__ import main
from analytics.answers import answered
from analytics.commands import warnings as command
from analytics.errors import ForecastError
from analytics.forecasting.uncertainty.distribution import NegativeBinomial
from analytics.monitoring.warnings import Alarm, Warnings, warnings_in, warnings_of
from analytics.monitoring.warnings.ceiling import under_ceiling
from analytics.monitoring.warnings.cusum import cusum, heights_of, run_lengths
from analytics.monitoring.warnings.evidence import CHARTS, evidence_of
from analytics.monitoring.warnings.farrington import farrington
from analytics.monitoring.warnings.panel import moments, watched_panel
from analytics.monitoring.warnings.tables import ended_tables, late_tables
from analytics.monitoring.warnings.warn import MOST_PLACES
from analytics.monitoring.warnings.watch import as_one, watch
from analytics.parallel import quiet
from analytics.requests import WarningsRequest, city_request
from benchmarks.warnings.events import real_events
from data import City, open_city
from data.sample import sample_panel, truth
from data.words import as_date

SEED = 7
COLUMNS = 24  # of Meridian's 180: enough for the common factor to be known


def sampled() -> pd.DataFrame:
    return sample_panel(seed=SEED)[0].iloc[:, :COLUMNS]


def warn(values: pd.DataFrame, **options: object) -> Warnings:
    return warnings_of(series(values), **({"alarms_per_week": math.inf} | options))  # type: ignore[arg-type]


def sentences(result: Warnings) -> list[str]:
    return [str(alarm.sentence) for alarm in result.alarms]


@pytest.fixture(scope="module")
def unchanged() -> Warnings:
    return warn(sampled())


# Published answers


@pytest.mark.parametrize(("height", "shift", "published"), [(4.0, 0.0, 335.4), (5.0, 1.0, 10.4), (4.0, 1.0, 8.38)])
def test_cusum_runs_as_long_as_published(height: float, shift: float, published: float) -> None:
    """One-sided charts with k = 1/2 (Lucas and Crosier 1982, Fast Initial Response for CUSUM, table 1)."""
    normals = np.random.default_rng(3).standard_normal((5000 if shift == 0 else 150, 3000)) + shift
    assert run_lengths(normals - 0.5, height).mean() == pytest.approx(published, rel=0.05)


@pytest.mark.parametrize(("height", "published"), [(4.0, 168.0), (5.0, 465.0)])
def test_two_sided_cusum_runs_as_long_as_published(height: float, published: float) -> None:
    normals = np.random.default_rng(4).standard_normal((4500, 3000))
    either = np.minimum(run_lengths(normals - 0.5, height), run_lengths(-normals - 0.5, height))
    assert either.mean() == pytest.approx(published, rel=0.06)


def test_the_ratio_of_normal_scores_is_the_textbook_chart() -> None:
    """A shift of 2k weighs an outcome by 2k (z - k)."""
    still = NegativeBinomial(np.full((1, 1), 1e6), np.full((1, 1), 1e4))
    value = np.array([[1.01e6]])
    found = evidence_of(still, value, rho=0.0)
    z = found.scores[0, 0]
    assert found.ratios[0, 0] == pytest.approx([shift * z - shift**2 / 2 for shift in CHARTS])


def test_likelihood_ratios_of_counts_average_to_one() -> None:
    """The mean of a likelihood ratio under the null is 1, whatever the shift, and with a factor too."""
    still = NegativeBinomial(np.full((40_000, 1), 1.5), np.full((40_000, 1), 8.0))
    drawn = still.inverse(np.random.default_rng(5).uniform(size=still.mean.shape))
    ratios = np.exp(evidence_of(still, drawn, rho=0.0).ratios[:, 0, [0, 2]])
    assert ratios.mean(axis=0) == pytest.approx([1, 1], rel=0.05)


def test_an_outcome_is_looked_up_once_in_each_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below it and at it: in what was forecast, and in the same shifted as each chart asks."""
    looked_up, cdf = [], NegativeBinomial.cdf

    def counted(distribution: NegativeBinomial, value: np.ndarray) -> np.ndarray:
        looked_up.append(value.size)
        return cdf(distribution, value)

    monkeypatch.setattr(NegativeBinomial, "cdf", counted)
    still = NegativeBinomial(np.full((7, 5), 1.5), np.full((7, 5), 8.0))
    evidence_of(still, np.ones((7, 5)), rho=0.2)
    assert looked_up == [35] * 2 * (1 + len(CHARTS))


def test_heights_tell_how_often_a_chart_rises_so_high() -> None:
    increments = np.random.default_rng(6).standard_normal((3650, 40)) - 0.5
    heights = heights_of(increments, periods_a_year=365)
    assert heights.per_year(np.array([heights.height_at(0.5)]))[0] == pytest.approx(0.5, rel=0.02)
    # Once in 930 days at 5 (Lucas and Crosier 1982), and a tail that falls as exp(-height).
    assert heights.per_year(np.array([8.0]))[0] == pytest.approx(365 / 930 * np.exp(-3), rel=0.25)


def test_a_lasting_shift_adds_up() -> None:
    scores = np.zeros((30, 2))
    scores[20:29, 0] = 1.0
    assert cusum(scores - 0.25)[28, 0] == pytest.approx(9 * 0.75)
    assert cusum(scores - 0.25)[28, 1] == 0


def test_farrington_finds_an_outbreak_and_forgets_an_old_one() -> None:
    weeks = np.arange(52 * 5)
    steady = np.round(20 + 4 * np.sin(2 * np.pi * weeks / 52) + np.random.default_rng(8).normal(0, 3, len(weeks)))
    past, present = steady.copy(), steady.copy()
    past[-52 - 3] = 80.0  # an outbreak in a reference week of the last one but two
    present[-3] = 45.0
    judged = farrington(np.column_stack([steady, past, present]), weeks=5)
    assert (judged.scores[:, 0] < 3).all()
    assert judged.scores[2, 2] > 4
    assert present[-3] > judged.upper(3.0)[2, 2] > judged.expected[2, 2]
    # Weighed down, one outbreak of four times the level moves what is expected a year later by less than a tenth.
    assert judged.expected[2, 1] == pytest.approx(judged.expected[2, 0], rel=0.1)


def test_farrington_is_silent_without_years_or_cases() -> None:
    assert np.isnan(farrington(np.full((60, 1), 9.0), weeks=4).scores).all()
    rare = np.zeros((300, 1))
    rare[-1] = 4.0
    assert np.isnan(farrington(rare, weeks=1).scores).all()


# What is planted is found


def test_a_planted_shift_is_found_and_named() -> None:
    values = sampled()
    watched = as_one(watch(watched_panel(series(values)), seed=0, progress=quiet, doing=""))
    name = values.columns[5]
    spread = pd.DataFrame(moments(watched.predicted)[1][:, :COLUMNS], watched.periods, watched.panel.values.columns)[
        name
    ]
    spell = values.index[-40:-33]
    values.loc[spell, name] += np.ceil(2.5 * spread.loc[spell])
    found = [alarm for alarm in warn(values).alarms if spell[0] <= alarm.until <= spell[-1] + pd.Timedelta(days=2)]
    alarm = next(each for each in found if (each.area_id, each.category) == name)
    assert alarm.direction == "up"
    assert alarm.observed > alarm.high
    assert alarm.strength < 0.01
    assert name[0] in str(alarm.sentence)


def test_one_alarm_a_spell() -> None:
    values = frame(counts(periods=600, columns=4, mean=20.0, size=30.0, seed=2))
    values.iloc[-30:-10, 0] += 40
    alarms = [alarm for alarm in warn(values).alarms if alarm.area_id == "A00" and alarm.until >= values.index[-30]]
    assert [alarm.direction for alarm in alarms] == ["up"]
    assert alarms[0].until == values.index[-30]


def test_an_alarmed_spell_does_not_teach_the_forecast() -> None:
    values = frame(counts(periods=600, columns=4, mean=20.0, size=30.0, seed=2))
    values.iloc[-30:-10, 0] += 40
    watched = as_one(watch(watched_panel(series(values)), seed=0, progress=quiet, doing=""))
    expected = moments(watched.predicted)[0][:, 0]
    assert expected[-7:].mean() == pytest.approx(expected[-90:-40].mean(), rel=0.15)


def test_a_city_wide_fall_is_the_citys() -> None:
    values = sampled()
    values.iloc[-14:] = np.floor(values.iloc[-14:] * 0.3)
    alarms = [alarm for alarm in warn(values).alarms if alarm.until >= values.index[-14] and alarm.category == "all"]
    assert any(alarm.area_id == "city" and alarm.direction == "down" for alarm in alarms)


def test_a_wilder_column_varies_more() -> None:
    values = counts(periods=800, columns=8, mean=50.0, size=200.0, seed=4)
    values[-28:, 3] = np.maximum(values[-28:, 3] + np.where(np.arange(28) % 2, -12, 12), 0)
    kinds = {(alarm.kind, alarm.area_id) for alarm in warn(frame(values)).alarms if alarm.kind == "variance"}
    assert ("variance", "A03") in kinds


def test_data_that_stop_are_late() -> None:
    values = sampled()
    values.iloc[-3:, 4] = np.nan
    late = [alarm for alarm in warn(values).alarms if alarm.kind == "late"]
    assert [(alarm.area_id, alarm.category) for alarm in late] == [values.columns[4]]
    assert (late[0].since, late[0].until) == (values.index[-3], values.index[-1])
    assert math.isnan(late[0].observed)


def test_zeros_that_cannot_be_are_late_and_no_falling_level() -> None:
    values = frame(counts(periods=600, columns=6, mean=6.0, size=20.0, seed=3))
    values.iloc[-6:, 2] = 0
    alarms = [alarm for alarm in warn(values).alarms if alarm.area_id == "A02" and alarm.until >= values.index[-6]]
    assert [alarm.kind for alarm in alarms] == ["late"]


@pytest.mark.parametrize(("days", "late"), [(7, 0), (8, 1), (28, 1), (29, 0)])
def test_a_table_behind_the_others_is_late_until_it_has_ended(days: int, late: int) -> None:
    city = small_city()
    (only,) = list(city.series.values())[:1]
    behind = replace(only.until(only.values.index[-1 - days]), name="two")
    both = replace(city, series={"one": only, "two": behind})
    assert [alarm.series for alarm in late_tables(both)] == ["two"] * late
    assert [str(each) for each in ended_tables(both)] == (
        [f"{behind.title} ended with {as_date(behind.as_of)}: nothing after that is watched."] if days > 28 else []
    )


def test_what_has_ended_is_told_beside_the_alarms() -> None:
    city = small_city()
    (only,) = list(city.series.values())[:1]
    behind = replace(only.until(only.values.index[-40]), name="two")
    found = warnings_in(replace(city, series={"one": only, "two": behind}))
    assert len(found.ended) == 1
    assert "late" not in {alarm.kind for alarm in found.alarms}


# It keeps quiet


@pytest.mark.parametrize("value_type", ["count", "continuous"])
def test_a_series_that_never_changes_raises_nothing(value_type: str) -> None:
    values = frame(np.full((600, 3), 5.0))
    result = warnings_of(series(values, value_type=value_type))  # type: ignore[arg-type]
    assert result.alarms == ()


def test_false_alarms_stay_within_one_a_series_and_year(unchanged: Warnings) -> None:
    assert len(unchanged.alarms) / unchanged.watched_series <= 1.0
    records = unchanged.records["requests"].values()
    assert sum(record.raised for record in records) == sum(not alarm.deeper for alarm in unchanged.alarms)
    assert all(record.confirmed <= record.judged <= record.raised for record in records)


def test_warnings_cross_to_another_process(unchanged: Warnings) -> None:
    again = pickle.loads(pickle.dumps(unchanged))  # noqa: S301 - our own bytes
    pd.testing.assert_frame_equal(again.table, unchanged.table)
    assert again.records.keys() == unchanged.records.keys()


def test_late_data_take_no_alarms_place_and_are_told_once_an_area(
    dashboard_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIVICAST_HOME", str(dashboard_home))  # where the overview keeps the same answer
    found = answered(WarningsRequest(city_request("meridian")), lambda city: open_city(city.name))
    late = [alarm for alarm in found.current if alarm.kind == "late"]
    assert [(alarm.area_id, alarm.category) for alarm in late] == [("A57", "all")]
    planted = truth().spells[-1]
    assert (planted.area_id, planted.category) in [(alarm.area_id, alarm.category) for alarm in found.current]


def test_a_short_history_says_so() -> None:
    result = warn(frame(counts(periods=80)))
    assert (result.alarms, result.since) == ((), None)
    assert "alarm_rate_unknown" in {caveat.code for caveat in result.caveats}


def test_the_ceiling_keeps_the_strongest(unchanged: Warnings) -> None:
    kept, withheld = under_ceiling(unchanged.alarms, until=unchanged.until, alarms_per_week=0.25)
    assert len(kept) + withheld == len(unchanged.alarms)
    assert len(kept) <= 14
    month = pd.Timedelta(days=28)
    for alarm in kept:
        place = (unchanged.until - alarm.until) // month
        others = [each for each in unchanged.alarms if (unchanged.until - each.until) // month == place]
        assert alarm.rarity == min(each.rarity for each in others)
    limited = warn(sampled(), alarms_per_week=0.25)
    assert limited.withheld == withheld
    assert "alarms_withheld" in {caveat.code for caveat in limited.caveats}


# A day more of data moves nothing that was raised before it


def raised(alarms: Iterable[Alarm], since: pd.Timestamp) -> list[tuple[object, ...]]:
    """Each alarm from a day on as it was raised; how its kind has fared since is learned later."""
    names = (
        "kind",
        "area_id",
        "category",
        "since",
        "until",
        "direction",
        "low",
        "high",
        "observed",
        "strength",
        "deeper",
    )
    return sorted(
        tuple(_rounded(getattr(alarm, name)) for name in names)
        for alarm in alarms
        if alarm.kind != "late" and alarm.until >= since
    )


def _rounded(value: object) -> object:
    """Sums over more days are added in another order: the last bits differ."""
    return float(f"{value:.9g}") if isinstance(value, float) else value


def test_replayed_day_by_day_the_alarms_are_those_of_all_at_once() -> None:
    """Also across the turn of a half-year, at which a watch that ends later begins later and learns anew."""
    values = frame(counts(periods=600, columns=5, mean=20.0, size=30.0, rho=0.2, seed=5))
    spells = (slice(175, 190), slice(540, 550), slice(-60, -45), slice(-30, -26), slice(-18, -12), slice(-9, None))
    for place, spell in enumerate(spells):
        values.iloc[spell, place % 5] = np.ceil(values.iloc[spell, place % 5] * (0.4 if place % 2 else 2.2))
    found = warn(values)
    assert len({alarm.until for alarm in found.alarms if alarm.until > values.index[-25]}) >= 2
    began = set()
    for day in values.index[[-60, -11, -3]]:
        then = warn(values, until=day)
        began.add(then.since)
        since = max(found.since, then.since)
        assert raised(then.alarms, since) == raised([each for each in found.alarms if each.until <= day], since)
        assert len(raised(then.alarms, since)) >= 2
    assert len(began) == 2  # one of them lies before the turn


def test_a_spell_that_runs_across_a_turn_is_raised_once() -> None:
    values = frame(counts(periods=600, columns=4, mean=20.0, size=30.0, seed=2))
    turn = values.index.get_loc(pd.Timestamp("2021-07-05"))  # the Monday on which a span begins
    values.iloc[turn - 10 : turn + 10, 0] += 40
    near = values.index[[turn - 10, turn + 10]]
    alarms = [alarm for alarm in warn(values).alarms if alarm.area_id == "A00" and near[0] <= alarm.until <= near[1]]
    assert [(alarm.until, alarm.deeper) for alarm in alarms] == [(near[0], False)]


def test_an_alarm_does_not_depend_on_later_days_of_its_week() -> None:
    values = sampled().iloc[-560:, :8]
    monday = max(day for day in values.index[:-5] if day.day_of_week == 0)
    values.loc[monday, values.columns[:4]] += 25
    wild = values.copy()
    wild.loc[monday + pd.Timedelta(days=1) :] *= 5
    after = warn(wild, until=monday + pd.Timedelta(days=4))
    before = raised(warn(values, until=monday).alarms, after.since)
    assert [each for each in raised(after.alarms, after.since) if each[4] <= monday] == before
    assert monday in [each[4] for each in before]


def test_a_worse_day_inside_a_spell_is_told_that_day() -> None:
    values = frame(counts(periods=600, columns=4, mean=60.0, size=60.0, seed=2))
    values.iloc[-14:, 1] = np.floor(values.iloc[-14:, 1] * 0.6)
    values.iloc[-5:, 1] = np.floor(values.iloc[-5:, 1] * 0.05)
    alarms = [alarm for alarm in warn(values).alarms if alarm.area_id == "A01" and alarm.until >= values.index[-14]]
    first, *deeper = sorted(alarms, key=lambda alarm: alarm.until)
    assert not first.deeper
    assert first.until < values.index[-5]
    assert [(alarm.deeper, alarm.until) for alarm in deeper[:1]] == [(True, values.index[-5])]
    assert deeper[0].observed == values.iloc[-5, 1] < deeper[0].low
    assert len(deeper) <= 2


# It depends on nothing that it should not


def test_the_same_seed_gives_the_same_alarms(unchanged: Warnings) -> None:
    assert repr(warn(sampled()).alarms) == repr(unchanged.alarms)


def test_another_order_of_columns_gives_the_same_alarms(unchanged: Warnings) -> None:
    mixed = sampled().iloc[:, np.random.default_rng(1).permutation(COLUMNS)]
    assert repr(warn(mixed).alarms) == repr(unchanged.alarms)


def test_nothing_later_than_until_is_used() -> None:
    values = sampled()
    until = values.index[-60]
    changed = values.copy()
    changed.loc[changed.index > until] = 99.0
    before, after = (warn(each, until=until) for each in (values, changed))
    assert repr(before.alarms) == repr(after.alarms)
    assert before.until == until
    assert all(alarm.until <= until for alarm in before.alarms)


def test_an_empty_series_is_refused() -> None:
    with pytest.raises(ForecastError, match="holds no value"):
        warn(frame(np.full((100, 2), np.nan)))


# What it says


def test_every_alarm_says_what_where_and_when(unchanged: Warnings) -> None:
    for alarm, sentence in zip(unchanged.alarms, sentences(unchanged), strict=True):
        assert sentence.startswith("Requests, ")
        assert sentence.endswith(".")
        assert str(alarm.until.year) in sentence
        assert str(alarm.record).endswith(".")
    assert [str(each) for each in unchanged.table["sentence"]] == sentences(unchanged)


def some_alarm(kind: str, direction: str) -> Alarm:
    day = pd.Timestamp("2026-03-20")
    return Alarm(
        kind, "r", "Requests", "city", "all", day, day, direction, 1.0, 4.0, 9.0, 1e-4, 0.2, 0.1, 0.5, 8, 0.33, 2.0
    )  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["outside", "level", "variance", "farrington", "late"])
@pytest.mark.parametrize("direction", ["up", "down"])
def test_every_kind_has_its_sentence(kind: str, direction: str) -> None:
    alarm = some_alarm(kind, direction)
    assert str(alarm.sentence).startswith("Requests, whole city")
    assert "20 March 2026" in str(alarm.sentence)
    assert "usually about 2" in str(replace(alarm, deeper=True).sentence)


@pytest.mark.parametrize(
    ("a_year", "words"),
    [
        (0.03, "once in 33 years"),
        (0.56, "once in 1.8 years"),
        (0.7, "once a year"),
        (1.4, "once a year"),
        (2.36, "2.4 times a year"),
        (28.7, "29 times a year"),
        (0.0, "not once"),
    ],
)
def test_how_often_is_said_in_words(a_year: float, words: str) -> None:
    alarm = replace(some_alarm("level", "up"), null_per_year=a_year, raised_per_year=1.0)
    assert f"raises such an alarm {'' if words == 'not once' else 'about '}{words} in a series" in str(alarm.record)
    assert "here they came about once a year." in str(alarm.record)


def test_three_figures_stand_beside_an_alarm() -> None:
    alarm = some_alarm("level", "up")
    assert str(alarm.record) == (
        "Chance alone raises such an alarm about once in 10 years in a series; here they came about once in 3 years. After 4 "
        "of the 8 that could be followed up, the week that followed stayed as unusual; chance would give 1 in 10."
    )
    assert "the month that followed" in str(replace(alarm, after="month").record)
    assert str(replace(alarm, past_n=0).record).endswith("so nobody knows how many last.")
    assert str(replace(alarm, kind="late").record).startswith("Chance all but rules this out")


def test_months_and_hours_are_watched() -> None:
    months = frame(counts(periods=120, columns=2, mean=40.0), freq="MS")
    assert warn(months).watched_periods == 72
    hours = frame(counts(periods=24 * 140, columns=2, mean=1.0), freq="h")
    assert warn(hours).watched_periods == 28


def test_a_new_feed_of_a_few_hours_silences_no_other_series() -> None:
    city = small_city()
    morning = series(frame(np.ones((9, 2)), freq="h"), name="visits")
    beside = warnings_in(replace(city, series={**city.series, "visits": morning}))
    assert [alarm for alarm in beside.alarms if alarm.kind != "late"] == list(warnings_in(city).alarms)


def test_hourly_amounts_are_watched_by_the_day_unless_they_are_of_many_places() -> None:
    city = small_city()

    def beside(places: int) -> City:
        hours = 20 + np.random.default_rng(3).random((24 * 120, places))
        amounts = series(frame(hours, freq="h"), value_type="continuous", name="air")
        return replace(city, series={"air": replace(amounts, title="Air"), **city.series})

    few, many = (warnings_in(beside(places), alarms_per_week=np.inf) for places in (2, MOST_PLACES + 1))
    assert set(few.records) == {"air", "requests"}
    assert few.watched_series == many.watched_series + 2
    assert set(many.records) == {"requests"}
    told = [[dict(each.evidence) for each in found.caveats if each.code == "not_watched"] for found in (few, many)]
    assert told == [[], [{"tables": ["Air"], "most": MOST_PLACES}]]
    alone = list(warnings_in(city, alarms_per_week=np.inf).alarms)
    for found in (few, many):  # amounts move no alarm of a count
        assert [each for each in found.alarms if each.series == "requests" and each.kind != "late"] == alone


@pytest.mark.usefixtures("measured_by_all")
def test_the_command_writes_json_and_csv(
    meridian: City, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    requests = meridian.series["service_requests"]
    few = replace(meridian, series={"service_requests": requests.select(areas=requests.area_ids[:8])})
    monkeypatch.setattr(command, "open_city", lambda name: few)
    table = tmp_path / "warnings.csv"
    status = main(["warnings", "meridian", "--until", "2026-03-20", "--json", "--csv", str(table)])
    result = json.loads(capsys.readouterr().out)
    assert status == 0
    assert result["until"].startswith("2026-03-20")
    assert len(pd.read_csv(table)) == len(result["alarms"])
    assert "synthetic_data" in [caveat["code"] for caveat in result["caveats"]]


def test_known_events_are_found(real_data: Path) -> None:
    delays = {row.name: row.ours for row in real_events(real_data)}
    assert delays["warning_delay_seat_belts"] <= 1
    assert delays["warning_delay_cta_2020"] <= 5
