"""Energy on degree-days and excess in heat: planted values found again, published figures, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.environment import Energy, Heat, energy_demand, excess_in_heat, hot_spells
from analytics.errors import MeasurementError
from data import Provenance, Series
from data.frequency import Frequency
from data.tables import Regressor
from tests.conftest import REAL_DATA

FOLDER = REAL_DATA / "engines" / "environment"
CHICAGO = REAL_DATA / "chicago"
real = pytest.mark.skipif(not FOLDER.exists(), reason=f"no test data at {FOLDER}")


def series_of(
    values: pd.Series, *, freq: Frequency = Frequency.DAY, count: bool = False, timezone: str = "UTC"
) -> Series:
    frame = values.rename_axis("period").to_frame()
    frame.columns = pd.MultiIndex.from_tuples([("city", "all")], names=["area_id", "category"])
    made = Provenance(name="load", origin="test", licence="open", fingerprint="0", as_of=frame.index[-1])
    return Series(
        "load", "Load", frame, made, unit="MW", freq=freq, value_type="count" if count else "continuous", timezone=timezone
    )  # fmt: skip


def temperature_of(values: pd.Series) -> Regressor:
    made = Provenance(name="temperature", origin="test", licence="open", fingerprint="1")
    frame = pd.DataFrame({"time": values.index, "utc": values.index, "value": values.to_numpy(dtype=float)})
    return Regressor("temperature", "Temperature", frame, made)


def planted(*, years: int = 3, balance: float = 15.0, noise: float = 2.0, seed: int = 4) -> tuple[Series, Regressor]:
    """Days of a year's wave of temperature; 3 a degree below, 5 above, 20 on working days, around 100."""
    days = pd.date_range("2020-01-01", periods=365 * years, freq="D")
    random = np.random.default_rng(seed)
    degrees = 13 - 12 * np.cos(2 * np.pi * days.day_of_year / 365.25) + random.normal(0, 3, len(days))
    demand = (
        100 + 3 * np.maximum(balance - degrees, 0) + 5 * np.maximum(degrees - balance, 0) + 20 * (days.day_of_week < 5)
    )
    return series_of(pd.Series(demand + random.normal(0, noise, len(days)), days)), temperature_of(
        pd.Series(degrees, days)
    )


# Energy


def test_a_planted_curve_is_found_again() -> None:
    found = energy_demand(*planted())
    for name, true in {"balance": 15.0, "base": 100.0, "below": 3.0, "above": 5.0, "working_day": 20.0}.items():
        row = found.terms.loc[name]
        assert row["low"] <= true <= row["high"], name
        assert row["estimate"] == pytest.approx(true, rel=0.03)
    assert found.r2 > 0.95
    assert found.left_out == 0
    assert not [each.code for each in found.caveats]


def test_without_noise_the_curve_is_exact() -> None:
    found = energy_demand(*planted(noise=0.0))
    assert found.terms["estimate"].to_numpy() == pytest.approx([15.0, 100.0, 3.0, 5.0, 20.0], abs=1e-3)
    assert found.expected([10.0, 15.0, 20.0]).tolist() == pytest.approx([135.0, 120.0, 145.0], abs=1e-2)
    assert float(found.expected(15.0, working_day=False)) == pytest.approx(100.0, abs=1e-2)
    # Of quarters of a degree all resamples choose the same: the range is as wide as what was not tried.
    assert found.terms.loc["balance", ["low", "high"]].tolist() == [14.875, 15.125]


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    inside = [found_in(seed) for seed in range(20)]
    assert np.mean(inside) >= 0.85  # of 60 intervals of 95 %, a few of which hang together


def found_in(seed: int) -> float:
    terms = energy_demand(*planted(noise=15.0, seed=seed), seed=seed).terms
    truth = {"balance": 15.0, "below": 3.0, "above": 5.0}
    return float(np.mean([terms.loc[name, "low"] <= true <= terms.loc[name, "high"] for name, true in truth.items()]))


def test_days_without_a_value_are_left_out_and_counted() -> None:
    load, temperature = planted()
    load.values.iloc[100:110] = np.nan
    found = energy_demand(load, temperature)
    assert found.left_out == 10
    assert len(found.days) == 3 * 365 - 10


def test_what_has_no_year_or_no_weather_is_refused() -> None:
    load, temperature = planted()
    with pytest.raises(MeasurementError, match="364 days in common, and 365"):
        energy_demand(load, temperature, until=pd.Timestamp("2020-12-29"))
    flat = temperature_of(pd.Series(20.0, load.values.index))
    with pytest.raises(MeasurementError, match="hardly varies"):
        energy_demand(load, flat)
    with pytest.raises(MeasurementError, match="longer than a day"):
        energy_demand(load.to_frequency(Frequency.MONTH), temperature)


def test_what_the_temperature_does_not_move_says_so() -> None:
    load, temperature = planted()
    random = np.random.default_rng(1)
    aimless = series_of(pd.Series(100 + random.normal(0, 5, len(load.values)), load.values.index))
    assert "energy_poorly_explained" in {each.code for each in energy_demand(aimless, temperature).caveats}


def comed() -> Energy:
    rows = pd.read_csv(FOLDER / "chicago_comed_load_hourly_2011_2018.csv.gz", parse_dates=["datetime"])
    hours = rows.drop_duplicates("datetime").set_index("datetime")["mw"].asfreq("h")
    weather = pd.read_csv(CHICAGO / "traffic_divvy_hourly_with_temperature_2014_2018.csv.gz")
    weather["date"] = pd.to_datetime(weather["date"], format="%m/%d/%Y %H:%M")
    return energy_demand(
        series_of(hours, freq=Frequency.HOUR), temperature_of(weather.set_index("date")["temperature"]),
        since=pd.Timestamp("2014-01-01"), until=pd.Timestamp("2017-12-31"),
    )  # fmt: skip


@real
def test_commonwealth_edison_turns_at_61_degrees() -> None:
    found = comed()
    estimate = found.terms["estimate"]
    assert estimate["balance"] == pytest.approx(61, abs=2)
    assert estimate["above"] == pytest.approx(275.9, rel=0.05)
    assert estimate["below"] == pytest.approx(66.1, rel=0.05)
    assert estimate["working_day"] == pytest.approx(1299, rel=0.05)
    assert found.r2 == pytest.approx(0.873, abs=0.005)
    assert found.terms.loc["balance", "low"] <= 61 <= found.terms.loc["balance", "high"]
    assert found.terms.loc["above", "high"] - found.terms.loc["above", "low"] < 0.3 * 275.9


# Heat


def warm_years() -> tuple[Series, Regressor]:
    """Ten years of 50 a day; in 2015 from 10 to 13 July it is hot, and from 11 to 15 July there are 30 more a day."""
    days = pd.date_range("2010-01-01", "2019-12-31", freq="D")
    random = np.random.default_rng(2)
    counts = pd.Series(random.poisson(50, len(days)).astype(float), days)
    degrees = pd.Series(13 - 12 * np.cos(2 * np.pi * days.day_of_year / 365.25), days)
    degrees.loc["2015-07-10":"2015-07-13"] = 33.0
    counts.loc["2015-07-11":"2015-07-15"] += 30
    return series_of(counts, count=True), temperature_of(degrees)


def test_planted_heat_and_its_excess_are_found() -> None:
    found = excess_in_heat(warm_years()[0], temperature=warm_years()[1])
    worst = found.spells.iloc[0]
    assert (worst["first"], worst["last"]) == (pd.Timestamp("2015-07-10"), pd.Timestamp("2015-07-16"))
    assert worst["low"] <= 150 <= worst["high"]
    assert worst["excess"] == pytest.approx(worst["observed"] - worst["expected"])
    assert worst["years"] == 9
    assert worst["peak"] == 33.0


def test_the_same_days_of_other_years_are_what_is_expected() -> None:
    days = pd.date_range("2001-01-01", "2005-12-31", freq="D")
    counts = pd.Series(days.year - 2000.0, days)  # 1 a day in 2001, 5 in 2005
    found = excess_in_heat(series_of(counts, count=True), days=(pd.Timestamp("2004-07-01"), pd.Timestamp("2004-07-10")))
    worst = found.spells.iloc[0]
    assert (worst["observed"], worst["expected"], worst["excess"]) == (40.0, (10 + 20 + 30 + 50) / 4, 12.5)
    assert found.by_year.to_dict() == {2001: 10.0, 2002: 20.0, 2003: 30.0, 2004: 40.0, 2005: 50.0}
    # Student's t of 3 degrees of freedom at .975 is 3.1824; the other years' spread is 17.078.
    assert worst["high"] - worst["low"] == pytest.approx(2 * 3.18245 * 17.0783 * np.sqrt(1.25), rel=1e-4)
    assert {"excess_any_cause", "excess_few_years"} <= {each.code for each in found.caveats}


def test_a_leap_day_is_compared_with_the_28th() -> None:
    days = pd.date_range("2016-01-01", "2020-12-31", freq="D")
    found = excess_in_heat(
        series_of(pd.Series(1.0, days), count=True), days=(pd.Timestamp("2020-02-29"), pd.Timestamp("2020-03-02"))
    )
    assert found.by_year.to_dict() == {2016: 3.0, 2017: 3.0, 2018: 3.0, 2019: 3.0, 2020: 3.0}


def test_a_single_hot_day_is_no_spell() -> None:
    days = pd.date_range("2010-01-01", periods=1000, freq="D")
    degrees = pd.Series(np.arange(1000) % 7 / 10, days)
    degrees.iloc[[200, 400, 401, 404, 405, 700, 702]] = 30.0
    degrees.iloc[800:813] = 29.0  # so that the hottest 2 in 100 are 20 days
    found = hot_spells(degrees)
    assert [(first - days[0]).days for first, _ in found] == [400, 800]
    assert [(last - days[0]).days for _, last in found] == [405 + 3, 812 + 3]


def test_heat_that_cannot_be_compared_is_refused() -> None:
    counts, temperature = warm_years()
    july = (pd.Timestamp("2015-07-10"), pd.Timestamp("2015-07-12"))
    with pytest.raises(MeasurementError, match="name a temperature"):
        excess_in_heat(counts)
    with pytest.raises(MeasurementError, match="ends before it begins"):
        excess_in_heat(counts, days=july[::-1])
    with pytest.raises(MeasurementError, match="name days within"):
        excess_in_heat(counts, days=(pd.Timestamp("2009-07-01"), pd.Timestamp("2010-07-01")))
    with pytest.raises(MeasurementError, match="fewer than 3 other years"):
        excess_in_heat(
            counts.until(pd.Timestamp("2012-12-31")), days=(pd.Timestamp("2012-07-01"), pd.Timestamp("2012-07-04"))
        )
    winter = series_of(counts.values.loc["2015-01-01":"2015-02-01"].iloc[:, 0], count=True)
    with pytest.raises(MeasurementError, match="no spell of heat"):
        excess_in_heat(winter, temperature=temperature)


def mortality() -> tuple[Series, Regressor]:
    rows = pd.read_csv(FOLDER / "chicago_daily_mortality_weather_air_1987_2000.csv.gz", parse_dates=["date"]).set_index(
        "date"
    )
    return series_of(rows["death"].astype(float), count=True), temperature_of(rows["temp"])


@real
def test_july_1995_had_834_deaths_more_than_usual() -> None:
    deaths, temperature = mortality()
    found = excess_in_heat(deaths, days=(pd.Timestamp("1995-07-14"), pd.Timestamp("1995-07-20")))
    worst = found.spells.iloc[0]
    assert worst["observed"] == 1576
    assert worst["expected"] == pytest.approx(741.7, abs=0.05)
    assert worst["excess"] == pytest.approx(834, rel=0.03)
    assert worst["low"] > 700
    assert "excess_any_cause" in {each.code for each in found.caveats}
    spells: Heat = excess_in_heat(deaths, temperature=temperature)
    most = spells.spells.loc[spells.spells["excess"].idxmax()]
    assert most["first"] <= pd.Timestamp("1995-07-14") <= most["last"]
