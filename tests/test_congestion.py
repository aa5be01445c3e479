"""Congestion: the planted one is found and no other, by the local clock, and mistakes get one sentence."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from analytics.errors import HotspotError
from analytics.hotspots import congested_hours, delay_table, find_hotspots
from analytics.hotspots.congestion import LIMITS
from data import Areas, City, Series
from data.sample import truth
from data.sample.panel import sample_delay
from data.sample.streets import Congestion
from tests.small_city import layer, provenance

IDS = tuple(f"W{number:02d}" for number in range(1, 13))
START = pd.Timestamp("2025-01-06")  # a Monday
WEEKS = 20


@pytest.fixture(scope="module")
def city(meridian: City) -> City:
    return meridian


@pytest.fixture(scope="module")
def areas() -> Areas:
    return layer("ward", IDS)


def delays(
    *, planted: Mapping[str, Sequence[int]] | None = None, factor: float = 2.2, timezone: str = "UTC", noise: float = 0.15,
    ids: Sequence[str] = IDS,
) -> Series:  # fmt: skip
    """Delays of two kinds of street, every third of another week, times a factor at hours of the week by counter."""
    rng = np.random.Generator(np.random.Philox(7))
    period = pd.date_range(START, periods=168 * WEEKS, freq="h", name="period")
    local = period.tz_localize("UTC").tz_convert(timezone).tz_localize(None)
    day, hour = local.day_of_week.to_numpy(), local.hour.to_numpy()
    rush = 1 + 1.5 * ((day < 5) & np.isin(hour, (7, 8, 16, 17, 18)))
    stroll = 1 + 1.2 * ((day > 4) & (hour > 10) & (hour < 17))
    shape = np.column_stack([stroll if place % 3 == 2 else rush for place in range(len(ids))])
    values = shape * np.linspace(15, 60, len(ids)) * np.exp(noise * rng.normal(size=shape.shape))
    for area, hours in (planted or {}).items():
        values[np.isin(24 * day + hour, hours), list(ids).index(area)] *= factor
    columns = pd.MultiIndex.from_product([ids, ["all"]], names=["area_id", "category"])
    frame = pd.DataFrame(values, index=period, columns=columns)
    about = provenance("delay", frame, as_of=period[-1])
    return Series(
        "delay", "Delay", frame, about, "ward", "delay", "seconds per km", "h", "continuous", timezone=timezone
    )  # fmt: skip


def kind_of_day(spot: Congestion) -> str:
    return "weekend" if min(spot.weekdays) > 4 else "working"


# The planted congestion of Meridian


def test_the_planted_delays_are_the_truth_times_noise() -> None:
    planted = truth()
    calm = sample_delay(replace(planted, delay=replace(planted.delay, congestion=())))
    ratio = sample_delay(planted) / calm
    place = planted.traffic.hour_of_week()
    held_up = pd.DataFrame(False, index=ratio.index, columns=ratio.columns)
    for spot in planted.delay.congestion:
        own = (ratio.index >= spot.since) & np.isin(place, spot.hours_of_week)
        held_up.loc[own, spot.area_id] = True
        assert ratio.loc[own, spot.area_id].median() == pytest.approx(spot.factor, rel=0.01)
    assert (ratio.where(~held_up, 1.0) == 1.0).all(axis=None)
    logs = np.log(calm.to_numpy())
    noise = logs - pd.DataFrame(logs).groupby(place).transform("mean").to_numpy()
    assert noise.std() == pytest.approx(planted.delay.noise, rel=0.03)
    assert np.corrcoef(noise[1:].ravel(), noise[:-1].ravel())[0, 1] == pytest.approx(
        planted.delay.persistence, abs=0.02
    )


def test_meridians_delays_are_read_as_they_were_drawn(city: City) -> None:
    series, drawn = city.series["traffic_delay"], sample_delay(truth())
    assert (series.freq, series.value_type, series.measure, series.unit) == (
        "h",
        "continuous",
        "delay",
        "seconds per km",
    )
    assert series.area_ids == tuple(sorted(drawn.columns))
    read = series.values.droplevel("category", axis=1)[drawn.columns]
    np.testing.assert_allclose(read, drawn, atol=1e-4)
    assert set(drawn.columns) == set(city.series["traffic_counts"].area_ids)


def test_the_planted_congestion_is_at_the_top_of_the_table_and_alone_there(city: City) -> None:
    planted = {
        (spot.area_id, kind_of_day(spot), hour) for spot in truth().delay.congestion for hour in spot.hours
    }  # fmt: skip
    table = delay_table(city.series["traffic_delay"])
    top, rest = table[: len(planted)], table[len(planted) :]
    assert set(top[["area_id", "days", "hour"]].itertuples(index=False, name=None)) == planted
    assert top["excess"].min() > 4 * rest["excess"].max()
    assert rest["congested"].max() < 0.05


def test_a_planted_factor_is_measured_from_its_day_on(city: City) -> None:
    for spot in truth().delay.congestion:
        table = delay_table(city.series["traffic_delay"], since=spot.since)
        own = table[(table["area_id"] == spot.area_id) & (table["days"] == kind_of_day(spot))]
        own = own[own["hour"].isin(spot.hours)]
        ratio = own["observed"] / own["expected"]
        np.testing.assert_allclose(ratio, spot.factor, rtol=0.06)
        assert own["congested"].min() > 0.6


def test_congested_hours_gather_at_the_planted_counters(city: City) -> None:
    found = congested_hours(city.series["traffic_delay"], areas=city.areas["neighbourhood"])
    by_area = found.frame["area_id"].value_counts()
    congestion = truth().delay.congestion
    assert set(by_area.index[: len(congestion)]) == {spot.area_id for spot in congestion}
    for spot in congestion:
        own = found.frame[found.frame["area_id"] == spot.area_id]
        there = own["time"].dt.hour.isin(spot.hours) & own["time"].dt.day_of_week.isin(spot.weekdays)
        assert (own["time"] >= spot.since)[there].mean() > 0.95
        assert there.mean() > 0.85
    quiet = by_area.drop([spot.area_id for spot in congestion])
    hours = len(city.series["traffic_delay"].values)
    assert quiet.sum() / (hours * len(quiet)) < 0.003  # normal scatter leaves .00135


def test_hotspots_of_congestion_are_drawn_and_judged(city: City) -> None:
    found = find_hotspots(congested_hours(city.series["traffic_delay"], areas=city.areas["neighbourhood"]))
    (worst,) = np.flatnonzero(found.rank.to_numpy() == 0)
    assert found.cells.area_id[worst] in {spot.area_id for spot in truth().delay.congestion}
    at = found.summary.query("share == 0.05").set_index("method")["hit_rate"]
    assert at[found.method] > 3 * at["random"]
    assert "police_initiated" not in {caveat.code for caveat in found.caveats}


def test_forty_counters_take_less_than_two_seconds(city: City) -> None:
    start = time.process_time()
    congested_hours(city.series["traffic_delay"], areas=city.areas["neighbourhood"])
    delay_table(city.series["traffic_delay"])
    assert time.process_time() - start < 2


# Streets in memory


def test_two_kinds_of_street_are_no_congestion(areas: Areas) -> None:
    calm = delays(factor=1.0, planted={"W05": range(24)})
    table = delay_table(calm)
    assert (table["excess"] / table["expected"]).abs().max() < 0.12
    assert congested_hours(calm, areas=areas).frame["area_id"].value_counts().max() < 0.004 * len(calm.values)


@pytest.mark.parametrize("area", ["W05", "W06"])
@pytest.mark.parametrize("hours", [tuple(range(8, 120, 24)), (60, 61, 62), tuple(range(132, 137))])
def test_congestion_is_found_on_either_kind_of_street(area: str, hours: tuple[int, ...]) -> None:
    table = delay_table(delays(planted={area: hours}, factor=2.5))
    top = table.iloc[0]
    days = "working" if hours[0] < 120 else "weekend"
    assert (top["area_id"], top["days"]) == (area, days)
    assert top["hour"] in {hour % 24 for hour in hours}


def test_nothing_lies_above_expectation_without_noise(areas: Areas) -> None:
    found = congested_hours(delays(noise=1e-3), areas=areas, threshold=8)
    assert found.frame.empty
    assert list(found.frame.columns) == ["time", "longitude", "latitude", "x", "y", "category", "area_id"]
    with pytest.raises(HotspotError):
        find_hotspots(found)


def test_the_week_is_the_local_one(areas: Areas) -> None:
    planted = {"W05": tuple(24 * day + 12 for day in range(5))}
    series = delays(planted=planted, timezone="Asia/Kolkata", noise=0.05)  # five and a half hours east
    table = delay_table(series)
    assert tuple(table.iloc[0][["area_id", "days", "hour"]]) == ("W05", "working", 12)
    found = congested_hours(series, areas=areas).frame
    assert found["time"].dt.tz is None
    own = found[found["area_id"] == "W05"]["time"]
    assert (own.dt.hour == 12).mean() > 0.9


def test_clock_changes_move_no_rush_hour(areas: Areas) -> None:
    series = delays(timezone="Europe/Berlin", noise=0.05)  # summer time begins in its twelfth week
    table = delay_table(series)
    assert (table["excess"] / table["expected"]).abs().max() < 0.05


def test_a_public_holiday_is_a_sunday() -> None:
    series = replace(delays(noise=0.05), country="GB")
    # The first Monday in May is no working day, so that kind has four days of the week that follows.
    week = delay_table(series.until(pd.Timestamp("2025-05-11 23:00")), since=pd.Timestamp("2025-05-05"))
    assert week.groupby("days")["hours"].max().to_dict() == {"working": 4, "weekend": 3}


def test_incidents_are_whole_and_lie_within_their_areas(areas: Areas) -> None:
    series = delays(planted={"W05": (8, 9)}, ids=IDS[:8])
    before = series.values.copy()
    found = congested_hours(series, areas=areas)
    pd.testing.assert_frame_equal(series.values, before)
    assert found.frame["time"].is_monotonic_increasing
    assert set(found.frame["category"]) == {"all"}
    assert found.reported_by == {"all": "services"}
    assert found.areas is not None
    assert list(found.areas.frame.index) == list(IDS[:8])
    shapes = found.areas.frame.geometry.loc[found.frame["area_id"]].to_numpy()
    assert shapely.contains_xy(shapes, found.frame["x"].to_numpy(), found.frame["y"].to_numpy()).all()
    assert (found.since, found.until) == (START, START + pd.Timedelta(days=7 * WEEKS - 1))
    assert found.name == "delay"
    degrees = found.frame[["longitude", "latitude"]].to_numpy()
    assert np.isfinite(degrees).all()
    assert (np.abs(degrees) <= 180).all()


def test_the_fingerprint_is_that_of_what_went_in(areas: Areas) -> None:
    series = delays(planted={"W05": (8, 9)})
    prints = [
        congested_hours(each, areas=areas, threshold=threshold).provenance.fingerprint
        for each, threshold in ((series, 3), (series, 3), (series, 4), (series.until(START + pd.Timedelta(days=60)), 3))
    ]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 3
    elsewhere = replace(series, timezone="Asia/Kolkata")
    assert congested_hours(elsewhere, areas=areas).provenance.fingerprint not in prints


def test_gaps_and_empty_streets_are_no_congestion(areas: Areas) -> None:
    series = delays(planted={"W05": (8, 9)})
    whole = congested_hours(series, areas=areas).frame
    values = series.values.copy()
    values.iloc[:500, 2] = np.nan
    values.iloc[::7, 3] = 0.0
    values.iloc[:, 11] = 0.0
    part = congested_hours(replace(series, values=values), areas=areas)
    assert part.areas is not None
    assert "W12" not in part.areas.frame.index
    assert not ((part.frame["area_id"] == "W03") & (part.frame["time"] < series.values.index[500])).any()
    congested = [len(frame[frame["area_id"] == "W05"]) for frame in (whole, part.frame)]
    assert congested[0] == pytest.approx(congested[1], abs=4)


def _series(**changes: Any) -> Series:
    return replace(delays(), **changes)


def _two_categories() -> Series:
    one = delays()
    other = one.values.rename(columns={"all": "bus"}, level="category")
    return replace(one, values=pd.concat([one.values, other], axis=1))


@pytest.mark.parametrize(
    ("series", "match"),
    [
        (
            _series(value_type="count"),
            "is at “h” with values of type “count”, and congestion is found in hourly amounts only",
        ),
        (_series(freq="D"), "is at “D” with values of type “continuous”"),
        (_two_categories(), "has the categories all and bus, and congestion is found in one"),
        (delays(ids=IDS[:3]), "at 3 counters, and 4 are needed"),
        (delays().until(START + pd.Timedelta(days=20)), "holds 2 weeks, and 4 are needed"),
    ],
)
def test_mistakes_get_one_sentence(series: Series, match: str, areas: Areas) -> None:
    for found in (lambda: congested_hours(series, areas=areas), lambda: delay_table(series)):
        with pytest.raises(HotspotError, match=match) as caught:
            found()
        assert "\n" not in str(caught.value)


def test_another_layer_and_a_later_day_are_refused() -> None:
    with pytest.raises(HotspotError, match="of the areas “ward”, which are not those of the layer “district”"):
        congested_hours(delays(), areas=layer("district", ("D1", "D2")))
    with pytest.raises(HotspotError, match="no hour since 1 January 2030; it ends on 25 May 2025"):
        delay_table(delays(), since=pd.Timestamp("2030-01-01"))


def test_the_limits_are_whole_sentences() -> None:
    assert len(set(map(str, LIMITS))) == len(LIMITS)
    assert all(str(limit)[0].isupper() and str(limit).endswith(".") for limit in LIMITS)
