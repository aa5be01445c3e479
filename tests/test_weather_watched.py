"""Amounts beside a temperature: what its degree-days explain is no alarm, and what they do not explain is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from forecasting_panels import frame
from test_energy_and_heat import planted, series_of

from analytics.monitoring.warnings import Alarm, warnings_of
from analytics.monitoring.warnings.panel import Panel, watched_panel
from analytics.monitoring.warnings.spans import Span, spans_of
from analytics.monitoring.warnings.weather import explained, without_explained
from data import Series
from data.frequency import Frequency

HOT = slice(-30, -25)  # days of the heat
BELOW, ABOVE, BALANCE = 3.0, 5.0, 15.0


def demand(*, noise: float = 2.0) -> Series:
    """Days of electricity up to a July beside their temperature; 3 a degree below 15, 5 above, 20 on weekdays, around 100."""
    series, temperature = planted(noise=noise)
    degrees = temperature.means(Frequency.DAY).to_frame()
    return replace(series.until(pd.Timestamp("2022-07-31")), regressors=degrees, degrees=("temperature",), country="GB")


def of(series: Series) -> tuple[Panel, Span]:
    panel = watched_panel(series)
    return panel, spans_of(panel)[-1]


def test_what_degrees_and_holidays_explain_is_taken_off() -> None:
    series = replace(demand(noise=0.01), country="")
    panel, span = of(series)
    added = explained(panel, span)
    assert added is not None
    degrees = series.regressors["temperature"].loc[: series.as_of].to_numpy()  # type: ignore[index]
    curve = BELOW * np.maximum(BALANCE - degrees, 0) + ABOVE * np.maximum(degrees - BALANCE, 0)
    assert added[:, 0] - added[0, 0] == pytest.approx(curve - curve[0], abs=0.5)
    free = series.values.copy()
    free.loc["2021-12-27":"2021-12-28"] -= 20.0  # both are holidays on weekdays
    known = explained(watched_panel(replace(series, values=free, country="GB")), span)
    assert known is not None
    monday = int(panel.values.index.searchsorted(pd.Timestamp("2021-12-27")))
    assert (known - added)[monday + 2] - (known - added)[monday] == pytest.approx(20, abs=2)
    left = without_explained(panel, added)
    weekdays = pd.DatetimeIndex(left.values.index).day_of_week < 5
    assert left.values[weekdays].std().item() < 0.5 < panel.values[weekdays].std().item()
    assert left.series.regressors is None


def test_nothing_after_a_span_begins_teaches_its_curve() -> None:
    series = demand()
    panel, span = of(series)
    changed = series.values.copy()
    changed.iloc[span.begins :] *= 3
    later = explained(watched_panel(replace(series, values=changed)), span)
    assert later is not None
    np.testing.assert_array_equal(explained(panel, span), later)  # type: ignore[arg-type]
    changed.iloc[span.begins - 1] *= 3
    other = explained(watched_panel(replace(series, values=changed)), span)
    assert other is not None
    assert (other != later).any()


def test_weather_explains_only_what_is_known_and_only_amounts() -> None:
    series = demand()
    panel, span = of(series)
    assert series.regressors is not None
    gap = series.regressors.loc[: series.as_of].copy()
    gap.iloc[-3:] = np.nan
    some = explained(watched_panel(replace(series, regressors=gap)), span)
    assert some is not None
    assert np.flatnonzero(np.isnan(some[:, 0])).tolist() == [len(some) - 3, len(some) - 2, len(some) - 1]
    gap.iloc[-(span.ends - span.taught) // 5 :] = np.nan  # a fifth of the span
    assert explained(watched_panel(replace(series, regressors=gap)), span) is None
    assert explained(watched_panel(replace(series, degrees=())), span) is None
    assert explained(watched_panel(replace(series, value_type="count")), span) is None
    early = Span(100, 150, 300, 320)  # less than a year before it
    assert explained(panel, early) is None


@pytest.fixture(scope="module")
def heat() -> Series:
    """Five days hotter by 12 degrees, with the load that these cost."""
    series = demand()
    degrees = series.regressors.loc[: series.as_of].copy()  # type: ignore[union-attr]
    before = degrees["temperature"].to_numpy().copy()
    degrees.iloc[HOT] += 12
    after = degrees["temperature"].to_numpy()

    def cost(at: np.ndarray) -> np.ndarray:
        return np.asarray(BELOW * np.maximum(BALANCE - at, 0) + ABOVE * np.maximum(at - BALANCE, 0))

    return replace(series, values=series.values.add(cost(after) - cost(before), axis=0), regressors=degrees)


def _raised(series: Series, days: pd.DatetimeIndex) -> list[Alarm]:
    found = warnings_of(series, alarms_per_week=np.inf).alarms
    return [each for each in found if each.until in days and each.kind in ("outside", "level")]


def test_a_hot_day_is_no_alarm_and_the_same_load_on_a_mild_day_is(heat: Series) -> None:
    days = pd.DatetimeIndex(heat.values.index[HOT])
    assert _raised(heat, days) == []
    mild = replace(heat, regressors=demand().regressors)
    (alarm, *_) = _raised(mild, days)
    assert alarm.until == days[0]
    assert alarm.low < alarm.expected < alarm.high < alarm.observed
    assert alarm.observed == pytest.approx(heat.values.loc[days[0]].item())  # the load itself, not what weather leaves
    assert str(alarm.sentence).count(" MW ") == 2


def test_hours_averaged_to_days_take_their_temperature_along() -> None:
    hours = frame(np.arange(96.0)[:, None], freq="h")
    degrees = pd.DataFrame({"temperature": np.arange(96.0)}, hours.index)
    series = replace(series_of(hours.iloc[:, 0], freq=Frequency.HOUR, timezone="America/Chicago"), regressors=degrees)
    days = series.to_frequency(Frequency.DAY)
    assert days.regressors is not None
    beside = days.regressors.reindex(days.values.index)["temperature"]
    assert beside.to_numpy() == pytest.approx(days.values.iloc[:, 0].to_numpy())
