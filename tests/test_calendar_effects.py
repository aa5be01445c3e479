"""Level, weekday, month and holiday are taken apart, and what was planted comes back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from forecasting_panels import frame, series

from analytics.errors import ForecastError
from analytics.forecasting.calendar.effects import calendar_effects
from analytics.forecasting.calendar.regressors import regressors_of
from data import City
from data.holidays import public_holidays

WEEK = np.array([1.3, 1.2, 1.1, 1.0, 1.0, 0.8, 0.6])


def planted(*, days: int = 1461, country: str = "GB") -> np.ndarray:
    index = pd.date_range("2020-01-01", periods=days, freq="D")
    month = 1 + 0.3 * np.cos(2 * np.pi * (index.month.to_numpy() - 1) / 12)
    free = index.isin(public_holidays(country, first=index[0], last=index[-1]))
    factor = np.where(free, 0.5, WEEK[index.day_of_week]) * month
    return np.random.default_rng(4).poisson(40 * factor)[:, None].astype(float)


def test_weekday_month_and_holiday_come_back() -> None:
    found = calendar_effects(replace(series(frame(planted())), country="GB")).effects.set_index(["part", "number"])
    ratios = found["ratio"]
    assert ratios.loc["weekday"].to_numpy() == pytest.approx(WEEK / WEEK.mean(), rel=0.05)
    assert ratios["month", 1] / ratios["month", 7] == pytest.approx(1.3 / 0.7, rel=0.1)
    assert ratios["holiday", 0] == pytest.approx(0.5, abs=0.06)
    assert (found["low"] <= found["ratio"] + 1e-9).all()
    assert (found["ratio"] <= found["high"] + 1e-9).all()


def test_months_need_two_years_and_holidays_a_country() -> None:
    parts = set(calendar_effects(series(frame(planted(days=300)))).effects["part"])
    assert parts == {"weekday"}


def test_hours_are_summed_to_days_and_months_are_refused() -> None:
    hours = series(frame(np.random.default_rng(1).poisson(5.0, (24 * 150, 1)).astype(float), freq="h"))
    assert len(calendar_effects(hours).effects) == 7
    with pytest.raises(ForecastError, match="has no days"):
        calendar_effects(series(frame(np.ones((60, 1)), freq="MS")))
    with pytest.raises(ForecastError, match="days are known and"):
        calendar_effects(series(frame(np.ones((40, 1)))))


def test_regressors_are_holidays_clocks_and_only_what_was_known() -> None:
    hours = series(frame(np.ones((24 * 120, 1)), freq="h"))
    here = replace(hours, country="US-IL", timezone="America/Chicago")
    beside = regressors_of(here, horizon=24)
    assert beside is not None
    assert len(beside) == len(hours.values) + 24
    assert set(beside["utc_offset"]) == {-6.0, -5.0}
    assert beside["holiday"].loc["2023-01-16 12:00"] == 1.0  # the third Monday of January
    warm = pd.DataFrame({"warm": np.arange(200.0)}, index=pd.date_range("2020-01-01", periods=200, freq="D"))
    days = replace(series(frame(np.ones((100, 1)))), regressors=warm)
    told = regressors_of(days, horizon=10)
    assert told is not None
    assert told["warm"].iloc[:100].tolist() == list(range(100))
    assert told["warm"].iloc[100:].max() < 100  # values after the last period were not known when it was said
    assert regressors_of(series(frame(np.ones((30, 1)))), horizon=5) is None


def test_the_hour_of_the_week_is_local_and_a_holiday_is_a_sunday(meridian: City) -> None:
    from analytics.forecasting import run_model
    from analytics.forecasting.registry import find_model

    traffic = meridian.series["traffic_counts"]
    cut = traffic.until(pd.Timestamp("2025-12-22 23:00")).select(areas=traffic.area_ids[:1])
    said = run_model(
        find_model("hour_of_week"), cut.values, horizon=7 * 24, quantiles=(0.1, 0.5, 0.9),
        regressors=regressors_of(cut, horizon=7 * 24),
    )  # fmt: skip
    middle = said.mean.to_series().droplevel(["area_id", "category"])
    came = traffic.values[cut.values.columns[0]]
    holidays = slice("2025-12-25", "2025-12-26")  # two, since one day alone may come a tenth above or below
    assert middle.loc[holidays].sum() == pytest.approx(came.loc[holidays].sum(), rel=0.15)
    assert middle.loc[holidays].sum() / 2 == pytest.approx(middle.loc["2025-12-28"].sum(), rel=0.1)  # a Sunday
    assert middle.loc["2025-12-23"].sum() == pytest.approx(came.loc["2025-12-23"].sum(), rel=0.15)
    assert middle.loc["2025-12-25"].sum() < 0.75 * middle.loc["2025-12-23"].sum()
