"""A city as it was known on a past day: nothing of later days is left in any table."""

from __future__ import annotations

import pandas as pd
import pytest

from data import City
from data.errors import TableError
from data.past import as_known_on

DAY = pd.Timestamp("2026-03-10")


def test_every_table_ends_before_the_day(meridian: City) -> None:
    past = as_known_on(meridian, DAY)
    assert {*past.series} == {*meridian.series}
    for name, series in past.series.items():
        assert series.values.index[-1] + series.freq.offset <= DAY
        # The next period was not over: nothing that was known is left out.
        assert series.values.index[-1] + 2 * series.freq.offset > DAY or len(series.values) == len(
            meridian.series[name].values
        )
        pd.testing.assert_frame_equal(series.values, meridian.series[name].values.loc[: series.values.index[-1]])
    for incidents in past.incidents.values():
        assert incidents.frame["time"].max() < DAY
        assert incidents.until < DAY
    for name, requests in past.requests.items():
        assert requests.frame["opened"].max() < DAY
        assert not (requests.frame["closed"] >= DAY).any()
        later = meridian.requests[name].frame
        open_then = (later["opened"] < DAY) & ~(later["closed"] < DAY)
        assert requests.frame["closed"].isna().sum() == open_then.sum() > 0


def test_the_day_after_the_last_changes_nothing(meridian: City) -> None:
    past = as_known_on(meridian, pd.Timestamp("2026-07-01"))
    for kind in ("series", "incidents", "requests"):
        for name, table in past.of(kind).items():
            assert table.provenance.fingerprint == meridian.of(kind)[name].provenance.fingerprint
    # The year of a driver that was not over is not known yet.
    assert past.drivers["population"].as_of == pd.Timestamp("2025-01-01")


def test_another_day_is_another_city(meridian: City) -> None:
    assert as_known_on(meridian, DAY).fingerprint != meridian.fingerprint
    assert as_known_on(meridian, DAY + pd.Timedelta(hours=15)).fingerprint == as_known_on(meridian, DAY).fingerprint


def test_a_table_that_begins_later_is_told_when_it_is_asked_for(meridian: City) -> None:
    past = as_known_on(meridian, pd.Timestamp("2023-01-01"))
    assert [*past.series] == ["service_requests", "ambulance_calls"]
    assert "traffic_counts" not in past.series
    assert past.series.get("traffic_counts") is None
    assert len(past.incidents) == len([*past.incidents])
    assert past.fingerprint
    assert past.series["service_requests"].as_of == pd.Timestamp("2022-12-31")
    with pytest.raises(TableError, match="holds nothing before"):
        _ = past.series["traffic_counts"]
