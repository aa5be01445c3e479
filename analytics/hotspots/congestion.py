"""Congestion: hours at a counter whose delay lies above what streets of the same weekly shape have at that hour.

What lies behind a public function is in four steps, all in natural logarithms, as delays multiply: medians by hour of
the week; a counter's level, their median; the shape of its peers, the counters whose own shape is nearest; and what an
hour lies above level plus shape, measured against its usual scatter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer

from analytics.errors import HotspotError
from data import Areas, Finding, Incidents, Series
from data.frequency import Frequency
from data.holidays import public_holidays
from data.tables import ALL
from data.words import Sentence

__all__ = ["LIMITS", "SERIAL", "congested_hours", "delay_table"]

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

SERIAL = "serial_hours"  # the finding that marks incidents that follow each other by their making
THRESHOLD = 3.0  # robust standard deviations: of normal scatter one hour in 740 lies above it
# Odd, so that the median is a counter's own. Three of five must share a peculiarity for it to count as usual; with
# more, a kind of street with few counters would be judged by the others' week.
PEERS = 5
FEWEST_COUNTERS = 4  # below it "the other streets" are two, and their median is but their mean
FEWEST_WEEKS = 4  # with fewer, an hour of the week is known from three values or less
WEEK = 168
FLOOR = 0.1  # of a counter's median: what is less, such as the 0 of an empty street, says nothing as a logarithm
DEVIATION = 1.4826  # a normal's standard deviation in medians of absolute deviations
LIMITS = tuple(
    Sentence(f"congestion.limits.{name}")
    for name in ("like_week", "own_level", "own_shape", "serial", "one_point", "whole_series")
)


@dataclass(frozen=True, eq=False)
class _Expected:
    """Hours × counters: ``delay`` and what was ``expected``, their log ``residual`` and its ``scatter`` by counter.

    ``hours`` are local and naive; ``hour_of_week`` is 0 on Monday at midnight, a public holiday a Sunday.
    """

    areas: tuple[str, ...]
    hours: pd.DatetimeIndex
    hour_of_week: Ints
    delay: Array
    expected: Array
    residual: Array
    scatter: Array

    def congested(self, threshold: float) -> Bools:
        """Which hours lie above; a gap does not."""
        return np.asarray(self.residual > threshold * self.scatter)


def congested_hours(series: Series, *, areas: Areas, threshold: float = THRESHOLD) -> Incidents:
    """The hours in which a counter's delay lay above expectation, as incidents: every hotspot method can map them.

    An incident is one hour at one counter whose logarithm of the delay lies more than ``threshold`` robust standard
    deviations above expectation: the counter's level (the median of its 168 medians by local hour of the week) times
    the median shape, at that hour of the week, of the five counters whose weeks are most like its own. How alike two
    are is the median absolute difference of their shapes, which a few congested hours do not move. The scatter is
    1.4826 times the median absolute deviation of the counter's logs (less expectation) from their median, or that of
    all counters where it is larger. A public holiday counts as a Sunday. What this cannot tell is in ``LIMITS``.

    Parameters
    ----------
    series : hourly amounts (``value_type`` "continuous") of one category, such as seconds a kilometre; a gap is NaN.
    areas : the layer of the series. The result's ``areas`` are those with a counter.
    threshold : in robust standard deviations of the logarithm.

    Returns
    -------
    Incidents with ``time`` (the start of the hour, local), a point within the counter's area, category "all", and
    ``reported_by`` the services that measure; none where nothing lies above. ``since`` and ``until`` bound the whole
    local days of the series.

    Raises
    ------
    HotspotError
        When the series is no hourly amount, of several categories, of another layer, too short or of too few counters.

    Notes
    -----
    Median polish: Tukey (1977), Exploratory Data Analysis; here the common profile is that of like counters alone.
    """
    found = _expected(_checked(series, areas))
    start, end = _whole_days(found.hours)
    seen = ((found.hours >= start) & (found.hours < end + pd.Timedelta(days=1)))[:, None]
    row, column = np.nonzero(found.congested(threshold) & seen)
    layer = _restricted(areas, found.areas)
    frame = _points(layer).iloc[column].assign(time=found.hours[row], category=ALL)
    columns = ["time", "longitude", "latitude", "x", "y", "category", "area_id"]
    frame = frame[columns].sort_values(["time", "area_id"], kind="stable", ignore_index=True)
    return Incidents(
        name=series.name,
        title=Sentence("congestion.title"),
        frame=frame,
        provenance=replace(series.provenance, as_of=end),
        reported_by={ALL: "services"},
        since=start,
        until=end,
        areas=layer,
        findings=(Finding(SERIAL, series.title, {"hours": len(frame), "counters": len(found.areas)}),),
    )


def delay_table(series: Series, *, since: pd.Timestamp | None = None, threshold: float = THRESHOLD) -> pd.DataFrame:
    """How much longer each counter held vehicles up than expected, by hour of the day, the largest excess first.

    Expectation is that of :func:`congested_hours`, of the whole series, times what the scatter adds to a mean of
    logarithms; with ``since`` only hours from that local day on are in the table, as a change shows there first.

    Parameters
    ----------
    series : hourly delays by counter.
    since : a local day; None for the whole series.
    threshold : robust standard deviations above expectation beyond which an hour is congested.

    Returns
    -------
    One row a counter, kind of day and hour: ``area_id``; ``days`` ("working", Monday to Friday without public holidays,
    or "weekend", all others); ``hour`` (0 to 23, local); ``observed`` and ``expected`` (means in the series' unit); ``excess``,
    their difference; ``hours``, how many were observed; ``congested``, the share of them above the threshold.

    Raises
    ------
    HotspotError
        As :func:`congested_hours`, or when there is no hour since that day.
    """
    found = _expected(_checked(series))
    late = np.full(len(found.hours), True) if since is None else np.asarray(found.hours >= since)
    rows, columns = np.nonzero(~np.isnan(found.residual) & late[:, None])
    if not len(rows):
        raise HotspotError("no_hours_since", series=series.title, since=since, until=found.hours[-1])
    hour_of_week = found.hour_of_week[rows]
    lift = np.exp(found.scatter**2 / 2)
    long = pd.DataFrame(
        {
            "area_id": np.asarray(found.areas, dtype=object)[columns],
            "days": np.where(hour_of_week < 24 * 5, "working", "weekend"),
            "hour": hour_of_week % 24,
            "observed": found.delay[rows, columns],
            "expected": found.expected[rows, columns] * lift[columns],
            "hours": 1,
            "congested": found.congested(threshold)[rows, columns],
        }
    )
    how = {"observed": "mean", "expected": "mean", "hours": "sum", "congested": "mean"}
    table = long.groupby(["area_id", "days", "hour"], as_index=False).agg(how)
    table.insert(5, "excess", table["observed"] - table["expected"])
    return table.sort_values(["excess", "area_id", "hour"], ascending=[False, True, True], ignore_index=True)


def _checked(series: Series, areas: Areas | None = None) -> Series:
    """The series, if delays can be judged from it."""
    if series.freq is not Frequency.HOUR or series.value_type != "continuous":
        raise HotspotError("not_hourly_amounts", series=series.title, freq=series.freq, value_type=series.value_type)
    if len(series.categories) > 1:
        raise HotspotError("several_categories", series=series.title, categories=list(series.categories))
    if areas is not None and not set(series.area_ids) <= set(areas.frame.index):
        raise HotspotError("other_layer", series=series.title, layer=areas.layer, wanted=series.layer)
    counters = int(series.values.gt(0).any().sum())
    if counters < FEWEST_COUNTERS:
        raise HotspotError("too_few_counters", series=series.title, counters=counters, least=FEWEST_COUNTERS)
    if len(series.values) < FEWEST_WEEKS * WEEK:
        weeks = len(series.values) // WEEK
        raise HotspotError("too_few_weeks", series=series.title, weeks=weeks, least=FEWEST_WEEKS)
    return series


def _expected(series: Series) -> _Expected:
    values = series.values.loc[:, series.values.gt(0).any()]  # without any delay: no logarithm, and no congestion
    delay, areas = values.to_numpy(dtype=float), tuple(values.columns.get_level_values("area_id").astype(str))
    utc = pd.DatetimeIndex(values.index).tz_localize("UTC")
    hours = utc.tz_convert(series.timezone).tz_localize(None)
    hour_of_week = _hour_of_week(hours, country=series.country)
    log = _logarithms(delay)
    medians = pd.DataFrame(log).groupby(hour_of_week).median().reindex(range(WEEK))
    level = medians.median().to_numpy()
    shape = medians.to_numpy() - level
    usual = _like_weeks(shape)
    expected = level + usual[hour_of_week]
    residual = log - expected
    return _Expected(areas, hours, hour_of_week, delay, np.exp(expected), residual, _scatter(residual))


def _hour_of_week(hours: pd.DatetimeIndex, *, country: str) -> Ints:
    day = hours.day_of_week.to_numpy()
    if country:
        free = hours.normalize().isin(public_holidays(country, first=hours[0], last=hours[-1]))
        day = np.where(free, 6, day)
    return np.asarray(24 * day + hours.hour.to_numpy(), dtype=np.int64)


def _logarithms(delay: Array) -> Array:
    """Logs of the delays, those near 0 and below as a tenth of their counter's median; a gap stays one."""
    middle = pd.DataFrame(delay).where(delay > 0).median().to_numpy()
    return np.asarray(np.log(np.maximum(delay, FLOOR * middle)))


def _like_weeks(shape: Array) -> Array:
    """For each counter the median shape of its peers, (hour of week, counter); 0 at an hour that none of them has."""
    frame = pd.DataFrame(shape)
    peers = min(PEERS, shape.shape[1] - 1)
    usual = np.empty_like(shape)
    for own in range(shape.shape[1]):
        others = frame.drop(columns=own)
        apart = others.sub(frame[own], axis=0).abs().median()
        nearest = apart.sort_values(kind="stable").index[:peers]
        usual[:, own] = frame[nearest].median(axis=1).fillna(0.0)
    return usual


def _scatter(residual: Array) -> Array:
    """Robust standard deviations by counter, at least that of all: a quiet street's small strays are no congestion."""
    apart = pd.DataFrame(residual).sub(pd.DataFrame(residual).median()).abs()
    overall = float(np.nanmedian(apart.to_numpy()))
    return np.asarray(DEVIATION * np.maximum(apart.median().fillna(overall).to_numpy(), overall))


def _whole_days(hours: pd.DatetimeIndex) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The first and last local day that begin and end within the data."""
    start, end = hours[0].normalize(), hours[-1].normalize()
    start += pd.Timedelta(days=int(hours[0] > start))
    end -= pd.Timedelta(days=int(hours[-1] < end + pd.Timedelta(hours=23)))
    return start, end


def _restricted(areas: Areas, counters: tuple[str, ...]) -> Areas:
    return replace(areas, frame=areas.frame.loc[list(counters)], findings=())


def _points(layer: Areas) -> pd.DataFrame:
    """A point within each area, by area in order: a centroid may lie outside of a bent one."""
    inside = shapely.point_on_surface(layer.frame.geometry.to_numpy())
    x, y = shapely.get_x(inside), shapely.get_y(inside)
    longitude, latitude = Transformer.from_crs(layer.frame.crs, "EPSG:4326", always_xy=True).transform(x, y)
    ids = layer.frame.index.to_numpy()
    return pd.DataFrame({"longitude": longitude, "latitude": latitude, "x": x, "y": y, "area_id": ids})
