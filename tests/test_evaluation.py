"""Past policies: published answers, and what must hold of every method, placebo and interval."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import example_results as examples
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.caveats import assess
from analytics.evaluation import evaluate
from analytics.evaluation.alone import judged_alone
from analytics.evaluation.compared import compared
from analytics.evaluation.comparing import (
    COMPARING,
    Fit,
    augmented_control,
    difference_in_differences,
    synthetic_control,
    synthetic_difference,
)
from analytics.evaluation.displacement import displacement, quotient, quotient_band
from analytics.evaluation.effects import effect_of, naive_change
from analytics.evaluation.panel import Pair, PolicyPanel
from analytics.evaluation.periods import split_at
from analytics.evaluation.placebos import AreaPlacebos, band_of, growth_of, placebo_sets, placebo_starts, size_of
from analytics.evaluation.predictors import Predictors, control_by_predictors
from analytics.evaluation.structural import Line, structural
from analytics.evaluation.trends import event_study
from analytics.evaluation.weights import simplex_weights
from analytics.scenarios import questions_of
from analytics.scenarios.engines.demand import Demand
from analytics.scenarios.files import read_scenario
from analytics.scenarios.framing import study_of
from dashboard.briefings import FORMATS, BriefingFormat, to_file
from dashboard.views.evaluation.briefing import charts_of, evaluation_briefing
from dashboard.views.evaluation.taking import scenario_file
from data import City, CivicastError, Provenance, Series
from data.frequency import Frequency


def pair_of(table: pd.DataFrame, treated: str, before: int) -> Pair:
    """One treated column beside all others, as they are."""
    return PolicyPanel(table, (treated,), before).pair()


def panel(
    *, periods: int = 30, units: int = 12, before: int = 20, effect: float = 0.0, trend: float = 0.0, seed: int = 1
) -> PolicyPanel:
    """Counts of some size that share a season; the first unit has an effect (a share) and a trend (a share a period)."""
    rng = np.random.default_rng(seed)
    season = 1 + 0.2 * np.sin(np.arange(periods) / 2)
    means = np.outer(season, rng.uniform(200, 600, units))
    means[before:, 0] *= 1 + effect
    means[:, 0] *= (1 + trend) ** np.arange(periods)
    index = pd.date_range("2020-01-01", periods=periods, freq="MS")
    names = [f"u{each}" for each in range(units)]
    return PolicyPanel(pd.DataFrame(rng.poisson(means), index, names, dtype=float), ("u0",), before, adds_up=True)


# Published answers


@pytest.fixture
def policy(real_data: Path) -> Path:
    folder = real_data / "engines" / "policy"
    if not folder.is_dir():
        pytest.skip(f"no policy data at {folder}")
    return folder


def cigarettes(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    table = pd.read_csv(folder / "prop99_smoking.csv")
    return table, table.pivot(index="year", columns="state", values="cigsale")


def test_proposition_99_by_every_method(policy: Path) -> None:
    _, sales = cigarettes(policy)
    pair = pair_of(sales, "California", 19)
    assert difference_in_differences(pair).effect == pytest.approx(-27.349, abs=0.001)
    assert synthetic_difference(pair).effect == pytest.approx(-15.605, abs=0.001)
    fit = synthetic_control(pair)
    assert fit.effect == pytest.approx(-19.514, abs=0.001)
    weights = pd.Series(fit.weights, [each for each in sales if each != "California"])
    assert weights.nlargest(6).round(3).to_dict() == {
        "Utah": 0.394, "Montana": 0.232, "Nevada": 0.205, "Connecticut": 0.109, "New Hampshire": 0.045, "Colorado": 0.015,
    }  # fmt: skip
    times = synthetic_difference(pair).times
    assert times is not None
    assert times[-3:].round(3).tolist() == [0.366, 0.206, 0.427]


def test_proposition_99_by_predictors(policy: Path) -> None:
    table, sales = cigarettes(policy)

    def mean(column: str, first: int, last: int) -> pd.Series:
        return table[table["year"].between(first, last)].groupby("state")[column].mean()

    known = pd.DataFrame(
        [mean("lnincome", 1980, 1988), mean("retprice", 1980, 1988), mean("age15to24", 1980, 1988), mean("beer", 1984, 1988),
         sales.loc[1975], sales.loc[1980], sales.loc[1988]]
    )  # fmt: skip
    donors = [each for each in sales if each != "California"]
    predictors = Predictors(known["California"].to_numpy(), known[donors].to_numpy())
    fit = control_by_predictors(pair_of(sales, "California", 19), predictors)
    assert fit.gaps[-1] == pytest.approx(-25.73, abs=0.05)
    assert fit.effect == pytest.approx(-18.97, abs=0.05)
    assert fit.miss_before**2 <= 3.0892  # that of the published weights


@pytest.mark.parametrize(
    ("file", "unit", "value", "shares", "years", "mean"),
    [
        ("basque.csv", "regionname", "gdpcap", {"Cataluna": 0.8508, "Madrid (Comunidad De)": 0.1492}, (1975, 1997), -0.6996),
        ("germany.csv", "country", "gdp",
         {"Austria": 0.42, "USA": 0.22, "Japan": 0.16, "Switzerland": 0.11, "Netherlands": 0.09}, (1990, 2003), -1585),
    ],
)  # fmt: skip
def test_gaps_under_published_weights(
    policy: Path, file: str, unit: str, value: str, shares: dict[str, float], years: tuple[int, int], mean: float
) -> None:
    table = pd.read_csv(policy / file).pivot(index="year", columns=unit, values=value)
    treated = next(each for each in table if each in {"West Germany", "Basque Country (Pais Vasco)"})
    pair = pair_of(table, treated, int((table.index < years[0]).sum()))
    donors = [each for each in table if each != treated]
    fit = Fit(pair, np.array([shares.get(each, 0.0) for each in donors]))
    gaps = pd.Series(fit.gaps, table.index)
    assert gaps.loc[years[0] : years[1]].mean() == pytest.approx(mean, rel=0.001)


@pytest.mark.parametrize(
    ("column", "published"), [("drivers", -0.23), ("front", -0.30), ("rear", 0.03), ("DriversKilled", -0.18)]
)
def test_the_seat_belt_law(real_data: Path, column: str, published: float) -> None:
    file = real_data / "benchmarks" / "seatbelts" / "Seatbelts.csv"
    if not file.is_file():
        pytest.skip(f"no seat belts at {file}")
    table = pd.read_csv(file)
    beside = np.log(table[["kms", "PetrolPrice"]].to_numpy())
    before = int((table["law"] == 0).sum())
    found = judged_alone(Line(table[column].to_numpy(float), Frequency.MONTH, beside, counts=True), before)
    low, point, high = (float(np.expm1(each)) for each in (found.band.low, found.band.effect, found.band.high))
    assert low < published < high
    assert abs(point - published) < 0.04
    holds = (found.dates["effect"].abs() < 1.96 * found.dates["error"]).mean()
    assert holds >= 0.9
    assert len(found.dates) == 24


# Weights


@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(2, 8), st.sampled_from([0.0, 0.5]))
@settings(max_examples=30)
def test_weights_are_shares_and_none_are_better(seed: int, donors: int, rows: int, ridge: float) -> None:
    rng = np.random.default_rng(seed)
    target, table = rng.normal(size=rows), rng.normal(size=(rows, donors))
    found = simplex_weights(target, table, ridge=ridge)
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1)

    def loss(weights: np.ndarray) -> np.ndarray:
        return ((weights @ table.T - target) ** 2).sum(-1) + ridge * (weights**2).sum(-1)

    assert loss(found) <= loss(rng.dirichlet(np.ones(donors), 500)).min() + 1e-9
    near = np.abs(found + 1e-4 * rng.normal(size=(200, donors)))
    assert loss(found) <= loss(near / near.sum(1, keepdims=True)).min() + 1e-12


def test_an_intercept_costs_nothing() -> None:
    rng = np.random.default_rng(3)
    table = rng.normal(size=(9, 4))
    target = table @ np.array([0.5, 0.5, 0.0, 0.0]) + 100
    assert simplex_weights(target, table, intercept=True) == pytest.approx([0.5, 0.5, 0, 0], abs=1e-6)
    assert simplex_weights(target, table).max() == pytest.approx(1)


# Methods


def rough(seed: int, *, units: int = 7, periods: int = 14) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(rng.normal(50, 5, (periods, units)) + rng.normal(0, 10, units), columns=list("tabcdef")[:units])


def test_difference_in_differences_is_the_two_way_regression() -> None:
    import statsmodels.api as sm  # takes a second, and every process of the tests imports this file

    table = rough(1)
    tall = table.rename_axis(index="time", columns="unit").stack().rename("y").reset_index()
    tall["d"] = ((tall["unit"] == "t") & (tall["time"] >= 9)).astype(float)
    dummies = pd.get_dummies(tall[["time", "unit"]].astype(str), drop_first=True, dtype=float)
    model = sm.OLS(tall["y"], sm.add_constant(dummies.assign(d=tall["d"]))).fit()
    assert difference_in_differences(pair_of(table, "t", 9)).effect == pytest.approx(model.params["d"], abs=1e-9)


@pytest.mark.parametrize("name", COMPARING)
def test_a_shift_of_everything_changes_no_effect(name: str) -> None:
    table = rough(2)
    effects = [COMPARING[name](pair_of(table + shift, "t", 9)).effect for shift in (0.0, 1000.0)]
    assert effects[0] == pytest.approx(effects[1], abs=1e-6)


@pytest.mark.parametrize("name", ["difference_in_differences", "synthetic_difference"])
def test_a_constant_difference_is_no_effect(name: str) -> None:
    table = rough(2)
    moved = table.assign(t=table["t"] + 300)
    effects = [COMPARING[name](pair_of(each, "t", 9)).effect for each in (table, moved)]
    assert effects[0] == pytest.approx(effects[1], abs=1e-6)
    parallel = table.assign(t=table[list("abcdef")].mean(axis=1) + 300)
    assert COMPARING[name](pair_of(parallel, "t", 9)).effect == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("name", COMPARING)
def test_a_step_is_found_where_nothing_else_happens(name: str) -> None:
    table = rough(4)
    mixture = 0.6 * table["a"] + 0.4 * table["b"]
    step = np.where(np.arange(14) >= 9, -7.0, 0.0)
    fit = COMPARING[name](pair_of(table.assign(t=mixture + step), "t", 9))
    if "control" in name:
        assert fit.gaps == pytest.approx(step, abs=1e-6)
        assert fit.miss_before == pytest.approx(0, abs=1e-6)
    assert fit.effect == pytest.approx(-7 + (fit.effect + 7), abs=1e-9)
    assert fit.weights.sum() == pytest.approx(1)


def test_augmentation_goes_from_the_synthetic_control_to_a_perfect_past() -> None:
    pair = pair_of(rough(5), "t", 5)
    plain = synthetic_control(pair)
    assert augmented_control(pair, ridge=1e9).weights == pytest.approx(plain.weights, abs=1e-6)
    misses = [augmented_control(pair, ridge=ridge).miss_before for ridge in (1e3, 1.0, 1e-3, 1e-6)]
    assert misses == sorted(misses, reverse=True)
    assert plain.miss_before >= misses[0]
    assert misses[-1] == pytest.approx(0, abs=1e-3)
    assert augmented_control(pair).weights.sum() == pytest.approx(1)


def test_counts_are_compared_by_how_they_changed() -> None:
    shared = panel(effect=-0.3, seed=2)
    for name, method in COMPARING.items():
        sizes = [size_of(method(replace(shared, values=shared.values * k).pair()), adds_up=True) for k in (1, 7)]
        assert sizes[0] == pytest.approx(sizes[1], abs=1e-9), name
        assert np.expm1(sizes[0]) == pytest.approx(-0.3, abs=0.03), name


# Placebos and intervals


def test_the_rank_counts_those_as_large_and_oneself() -> None:
    placebos = AreaPlacebos(np.array([1.0, -3.0, 2.0]), np.zeros((3, 4)), np.array([1.0, 3.0, 1.0]), 4)
    assert placebos.rank(2.5) == 2 / 4
    assert placebos.rank(-3.0) == 2 / 4
    assert placebos.rank(4.0) == 1 / 4
    assert placebos.rank(2.5, miss=1.0) == 1 / 4  # −3 with a miss of 3 counts as 1
    assert placebos.error == pytest.approx(np.sqrt(14 / 3))


def test_placebo_groups_are_like_the_treated() -> None:
    values = panel(units=12).values
    alone = PolicyPanel(values, ("u0",), 20)
    assert placebo_sets(alone) == [[f"u{each}"] for each in range(1, 12)]
    ring = {f"u{each}": {f"u{(each - 1) % 12}", f"u{(each + 1) % 12}"} for each in range(12)}
    three = PolicyPanel(values, ("u0", "u1", "u2"), 20)
    for group in placebo_sets(three, neighbours=ring, seed=3):
        places = sorted(int(each[1:]) for each in group)
        assert len(places) == 3
        assert places[0] >= 3
        assert places[2] - places[0] == 2
    scattered = PolicyPanel(values, ("u0", "u4", "u8"), 20)
    groups = placebo_sets(scattered, neighbours=ring, seed=3)
    assert any(max(ranks) - min(ranks) > 2 for ranks in ([int(each[1:]) for each in group] for group in groups))
    assert groups == placebo_sets(scattered, neighbours=ring, seed=3)
    assert groups != placebo_sets(scattered, neighbours=ring, seed=4)
    assert all(len(each) == 2 for each in placebo_sets(PolicyPanel(values, tuple(values)[:8], 20)))


def test_an_interval_and_what_could_have_been_seen() -> None:
    band = band_of(-2.0, error=1.0, freedom=1e9)
    assert (band.low, band.high) == pytest.approx((-3.96, -0.04), abs=0.001)
    assert band.seen == pytest.approx(1.96 + 0.8416, abs=0.001)
    assert band.p == pytest.approx(0.0455, abs=0.0005)
    assert band.clear
    assert not band_of(-1.9, error=1.0, freedom=1e9).clear
    assert band_of(0.0, error=1.0, freedom=4).high == pytest.approx(2.776, abs=0.001)


def test_errors_grow_where_placebo_dates_show_more() -> None:
    quiet = pd.DataFrame({"effect": [0.1, -0.1], "error": [1.0, 1.0]})
    loud = pd.DataFrame({"effect": [3.0, -3.0], "error": [1.0, 1.0]})
    assert growth_of(quiet) == 1.0
    assert growth_of(loud) == pytest.approx(np.sqrt((2 + 18) / 4))


def test_placebo_dates_lie_before_the_policy() -> None:
    assert placebo_starts(6, after=5, most=8) == []
    for before, after in ((7, 1), (30, 3), (48, 24)):
        starts = placebo_starts(before, after=after, most=8)
        assert starts[0] == 6
        assert starts[-1] < before
        assert len(starts) <= 8


def test_a_planted_effect_is_seen_and_nothing_is_not() -> None:
    found = compared(panel(effect=-0.25, seed=5), seed=1)
    assert found.lead.band.high < 0
    assert found.lead.band.low < np.log(0.75) < found.lead.band.high
    assert found.lead.areas.rank(found.lead.size) == 1 / 12
    assert list(found.judged) == sorted(found.judged, key=lambda each: each.error)
    nothing = compared(panel(seed=6), seed=1).lead
    assert nothing.band.low < 0 < nothing.band.high


def test_a_unit_with_a_way_of_its_own_has_a_wider_interval() -> None:
    errors = {}
    for trend in (0.0, 0.02):
        judged = {each.name: each for each in compared(panel(trend=trend, seed=7), seed=1).judged}
        errors[trend] = judged["difference_in_differences"]
    assert errors[0.02].error > 2 * errors[0.0].error


def test_earlier_trends_are_tested() -> None:
    for trend, parallel, units in ((0.0, True, 45), (0.0, True, 12), (0.02, False, 45), (0.02, False, 12)):
        shared = panel(trend=trend, seed=8, units=units)
        study = event_study(shared, placebo_sets(shared))
        assert study.parallel is parallel
        earlier = study.blocks[~study.blocks["after"]]
        assert len(earlier) <= 8
        assert earlier["gap"].mean() == pytest.approx(0, abs=0.02)
    assert earlier["gap"].iloc[-1] > 0.1 > -0.1 > earlier["gap"].iloc[0]


def test_the_structural_step_knows_no_units() -> None:
    rng = np.random.default_rng(9)
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(72) / 12)
    values = rng.poisson(400 * season * np.where(np.arange(72) >= 48, 0.8, 1.0)).astype(float)
    one, ten = (structural(Line(values * k, Frequency.MONTH, counts=True), 48) for k in (1, 10))
    assert one.logs
    assert one.step == pytest.approx(ten.step, abs=1e-4)
    assert np.expm1(one.step) == pytest.approx(-0.2, abs=0.03)
    after = values[48:].mean() / one.expected[48:].mean()
    assert after == pytest.approx(np.exp(one.step), abs=0.02)
    assert (one.low < one.expected).all()
    assert (one.expected < one.high).all()


def test_a_gap_is_bridged_and_a_zero_takes_no_logarithm() -> None:
    rng = np.random.default_rng(10)
    values = rng.normal(50, 2, 60) + np.where(np.arange(60) >= 40, 10, 0)
    values[20] = np.nan
    values[5] = 0.0
    found = structural(Line(values, Frequency.YEAR), 40)
    assert not found.logs
    assert found.step == pytest.approx(10, abs=4)


# Next door


def test_the_quotient_of_counts_by_hand() -> None:
    treated, further = np.array([200.0, 100.0]), np.array([400.0, 400.0])
    assert quotient(treated=treated, beside=np.array([200.0, 200.0]), further=further) == 0
    assert quotient(treated=treated, beside=np.array([200.0, 300.0]), further=further) == -1
    assert quotient(treated=treated, beside=np.array([200.0, 150.0]), further=further) == 0.5


def test_a_ratio_is_told_only_where_its_divisor_is_clear() -> None:
    assert quotient_band(1.0, 0.5, own_error=0.6, beside_error=0.1) is None
    band = quotient_band(-1.0, 0.5, own_error=1e-9, beside_error=0.1)
    assert band == pytest.approx((-0.696, -0.304), abs=0.001)
    wide = quotient_band(-1.0, 0.5, own_error=0.2, beside_error=0.1)
    assert wide is not None
    assert wide[0] < -0.696
    assert wide[1] > -0.304


def test_what_moves_next_door_is_found() -> None:
    shared = panel(units=14, effect=-0.4, seed=11)
    values = shared.values.copy()
    values.loc[values.index[20:], "u1"] *= 1.25
    moved = displacement(
        replace(shared, values=values), band_of(-0.5, error=0.03, freedom=9), method="difference_in_differences",
        neighbours={"u0": ["u1", "u0"]}, seed=1,
    )  # fmt: skip
    assert moved is not None
    assert moved.areas == ("u1",)
    assert moved.effect.low > 0
    assert moved.quotient < -0.2
    assert moved.high is not None
    assert moved.high < 0
    assert (
        displacement(shared, band_of(-0.5, error=0.03, freedom=9), method="synthetic_control", neighbours={}, seed=1)
        is None
    )


# Effects


def test_effects_in_per_cent_and_in_units() -> None:
    band = band_of(float(np.log(0.8)), error=0.05, freedom=1e9)
    effect = effect_of(band, observed=np.array([80.0]), expected=np.array([100.0]), logs=True)
    assert effect.share == pytest.approx(-0.2)
    assert effect.units == pytest.approx(-20)
    assert effect.units_low < -20 < effect.units_high < 0
    assert effect.seen == pytest.approx(1 - np.exp(-band.seen))
    level = effect_of(
        band_of(-5.0, error=1.0, freedom=1e9), observed=np.array([45.0]), expected=np.array([50.0]), logs=False
    )
    assert (level.share, level.units) == pytest.approx((-0.1, -5.0))
    assert naive_change([10, 20, 30, 15], 2).share == 0.5


# From a series to periods


def daily(days: int = 800, *, areas: int = 7) -> Series:
    index = pd.date_range("2022-01-01", periods=days, freq="D", name="period")
    columns = pd.MultiIndex.from_product(
        [[f"A{each}" for each in range(areas)], ["all"]], names=["area_id", "category"]
    )
    provenance = Provenance(name="s", origin="o", licence="l", fingerprint="")
    return Series("s", "Calls", pd.DataFrame(1.0, index, columns), provenance, layer="ward", unit="calls")


def test_months_before_and_after_without_the_one_in_which_it_began() -> None:
    split = split_at(daily(), since=pd.Timestamp("2023-09-02"))
    assert split.freq is Frequency.MONTH
    assert split.before == 20
    assert split.broken == pd.Timestamp("2023-09-01")
    assert len(split.values) == 20 + 5  # October to February; March has not ended
    assert split.values.iloc[0, 0] == 31
    whole = split_at(daily(), since=pd.Timestamp("2023-09-01"))
    assert (whole.before, whole.broken, len(whole.values)) == (20, None, 26)
    ended = split_at(daily(), since=pd.Timestamp("2023-09-01"), until=pd.Timestamp("2023-12-31"))
    assert len(ended.values) == 24


def test_shorter_pasts_have_shorter_periods() -> None:
    assert split_at(daily(), since=pd.Timestamp("2022-06-06")).freq is Frequency.WEEK
    assert split_at(daily(60), since=pd.Timestamp("2022-01-20")).freq is Frequency.DAY


def test_half_known_periods_are_scaled_up_and_others_are_gaps() -> None:
    series = daily()
    values = series.values.copy()
    values.iloc[0:10, 0] = np.nan
    values.iloc[0:20, 1] = np.nan
    split = split_at(replace(series, values=values), since=pd.Timestamp("2023-09-01"))
    assert split.values.iloc[0, 0] == pytest.approx(31)
    assert np.isnan(split.values.iloc[0, 1])
    assert split.scaled == 1


# Meridian, where the truth is known


def test_the_lamps_of_meridian_were_worth_a_quarter(meridian: City) -> None:
    found = evaluate(
        meridian, "service_requests", since=pd.Timestamp("2024-09-02"), areas=("D4", "d8"), category="street_lighting"
    )
    assert len(found.areas) == 12
    assert len(found.compared_with) == 48
    assert found.effect.low < -0.25 < found.effect.high < 0
    assert found.effect.seen < 0.12
    assert all(each.effect.low < -0.25 < each.effect.high for each in found.estimates)
    assert found.rank == 1 / 81
    assert found.dates_clear is not None
    assert found.dates_clear >= 0.75
    assert found.study is not None
    assert found.study.parallel
    assert found.next_door is not None
    assert found.next_door.effect.low < 0 < found.next_door.effect.high
    assert {"before_after_misleads", "began_within_a_period", "counts_scaled_up", "synthetic_data"} == {
        each.code for each in found.caveats
    }
    assert str(found.verdict).startswith("Service requests, street lighting: ")
    assert "less than was to be expected" in str(found.verdict)
    line = found.line.iloc[found.before :]
    assert ((line["low"] < line["expected"]) & (line["expected"] < line["high"])).all()
    assert line["observed"].sum() / line["expected"].sum() - 1 == pytest.approx(found.effect.share, abs=0.01)


def test_a_whole_city_is_held_against_its_own_past(meridian: City) -> None:
    found = evaluate(meridian, "service_requests", since=pd.Timestamp("2024-09-02"), category="refuse")
    assert [each.method for each in found.estimates] == ["structural"]
    assert found.effect.low < 0 < found.effect.high
    assert "could have seen an effect of" in str(found.verdict)
    assert "nothing_to_compare" in {each.code for each in found.caveats}
    assert found.rank is None
    assert found.study is None


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"since": "2021-01-01"}, "is known from 1 July 2022 to 30 June 2026"),
        ({"since": "2030-01-01"}, "name a date between"),
        ({"since": "2022-07-04"}, "at least 14 are needed"),
        ({"since": "2024-09-02", "until": "2024-01-01"}, "name a later last day"),
        ({"since": "2026-06-30"}, "at least 7 are needed"),
        ({"since": "2024-09-02", "areas": ("A01", "Z9")}, "called “Z9”"),
        ({"since": "2024-09-02", "areas": tuple(f"D{each}" for each in range(1, 10))}, "none is left to compare"),
        ({"since": "2024-09-02", "category": "noise"}, "no kind “noise”"),
        ({"since": "2024-09-02", "name": "desk_visits", "areas": ("A01",)}, "no areas to compare"),
        ({"since": "2025-09-02", "name": "traffic_delay"}, "cannot be added up"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_told_in_a_sentence(meridian: City, asked: dict[str, object], words: str) -> None:
    wanted: dict[str, object] = {key: pd.Timestamp(str(asked[key])) for key in ("since", "until") if key in asked}
    wanted |= {key: asked[key] for key in ("areas", "category") if key in asked}
    with pytest.raises(CivicastError) as told:
        evaluate(meridian, str(asked.get("name", "service_requests")), **wanted)  # type: ignore[arg-type]
    assert words in str(told.value)
    assert str(told.value).endswith(".")


def test_an_effect_becomes_an_option_as_unsure_as_it_was_measured(tmp_path: Path) -> None:
    found = examples.evaluated()
    assert found.effect.clear
    assert found.effect.low < -0.2 < found.effect.high
    city = examples.city()
    path = tmp_path / "as_measured.toml"
    path.write_text(scenario_file(found, city=city), encoding="utf-8")
    study = study_of(city, question=next(each.question for each in questions_of(city) if each.question.name == "demand"),
                     draws=400, seed=1)  # fmt: skip
    engine, option = Demand(), read_scenario(path)
    baseline = xr.DataArray(
        np.full((400, 2, 1, 3), 100.0), dims=["draw", "area_id", "category", "period"],
        coords={"area_id": ["A00", "A01"], "category": ["all"], "period": study.index[:3]},
    )  # fmt: skip
    rest = {lever.name: lever.rest for lever in engine.declare(study).levers}

    def demand(**levers: object) -> np.ndarray:
        run = engine.run(study, {**rest, **levers}, {}, {"baseline_demand": baseline}, study.streams)
        return run["demand"].isel(area_id=0, category=0, period=0).to_numpy()

    assert (demand() == 100).all()
    sure = demand(**{"demand.change": {"all": -0.2}})
    assert sure == pytest.approx(80)
    told = {key: option.levers[key] for key in ("demand.change", "demand.change_error")}
    low, middle, high = np.quantile(demand(**told), [0.025, 0.5, 0.975]) / 100 - 1
    assert middle == pytest.approx(found.effect.share, abs=0.01)
    assert (low, high) == pytest.approx((found.effect.low, found.effect.high), abs=0.015)
    codes = {each.code for each in assess(**engine.evidence(study, moved=set(told), assumed=()).facts)}
    assert "effect_from_elsewhere" in codes
    still = {each.code for each in assess(**engine.evidence(study, moved={"demand.change"}, assumed=()).facts)}
    assert "effect_from_elsewhere" not in still


@pytest.mark.parametrize("format", FORMATS)
def test_the_page_goes_along_in_a_file(format: BriefingFormat) -> None:
    found = examples.evaluated()
    charts = charts_of(found, location="A00, A01", caveats=found.caveats)
    assert [each.name for each in charts] == ["counterfactual", "placebo_dates", "placebo_areas", "trends"]
    briefing = evaluation_briefing(
        found, charts, city=examples.city(), location="A00, A01", caveats=found.caveats, link="https://example.org/",
        made=pd.Timestamp("2026-01-01"),
    )  # fmt: skip
    assert len(to_file(briefing, format=format)) > 10_000
