"""Real series to plant in: those that thresholds may be tuned on, and those that are only reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from benchmarks.forecasting import sets
from data import Series

__all__ = ["Place", "places"]

MOST_COLUMNS = 24  # of a panel, those with the most: enough for what moves all, and quick
FEWEST_A_DAY = 1.0  # incidents of a kind: rarer ones are mostly days without any


@dataclass(frozen=True, eq=False)
class Place:
    """A series with the country whose holidays it keeps; ``traffic`` is counted by machines and moves with the weather."""

    name: str
    series: Series
    traffic: bool


def places(*, tuned: bool) -> Iterator[Place]:
    """The series that thresholds may be tuned on, or those that are looked at to report."""
    for name, (make, country, traffic) in (TUNED if tuned else REPORTED).items():
        series = make()
        yield Place(name, replace(series, country=country), traffic)


def _sanitation() -> Series:
    return _some(sets.chicago().series["sanitation_requests"])


def _crime() -> Series:
    return _some(sets.chicago().series["district_crime"])


def _grids() -> Series:
    values = sets.crime_grids()
    return _some(sets.one_series("crime_grids", values.loc[:, values.mean() > FEWEST_A_DAY / 2]))


def _philadelphia() -> Series:
    """Hourly incidents by kind, 2019 to 2022."""
    table = pd.read_parquet(sets.data_folder() / "philadelphia" / "incidents_2016_2022.parquet")
    table = table[table["time"] >= "2019-01-01"]
    hours = pd.date_range("2019-01-01", "2022-12-31 23:00", freq="h", name="period")
    counted = pd.crosstab(table["time"].dt.floor("h"), table["category"]).reindex(hours, fill_value=0)
    return _named("philadelphia", counted.loc[:, counted.mean() > FEWEST_A_DAY / 24])


def _named(name: str, values: pd.DataFrame) -> Series:
    columns = pd.MultiIndex.from_tuples([(str(each), "all") for each in values.columns], names=["area_id", "category"])
    frame = values.astype(float).set_axis(columns, axis=1).rename_axis("period")
    return sets.one_series(name, frame.asfreq(pd.infer_freq(frame.index[:100])))


def _some(series: Series) -> Series:
    """A panel with so many of its columns as ``MOST_COLUMNS``, those with the most."""
    most = series.values.sum().sort_values(ascending=False).index[:MOST_COLUMNS]
    return series.select(areas=sorted(str(area) for area, _ in most))


Maker = tuple[Callable[[], Series], str, bool]
TUNED: Mapping[str, Maker] = {
    "district_crime": (_crime, "US-IL", False),
    "sanitation": (_sanitation, "US-IL", False),
    "i94": (lambda: _named("i94", sets.i94().to_frame("I-94")), "US-MN", True),
    "divvy": (lambda: _named("divvy", sets.divvy().to_frame("trips")), "US-IL", True),
}
REPORTED: Mapping[str, Maker] = {
    "crime_grids": (_grids, "US-IL", False),
    "philadelphia": (_philadelphia, "US-PA", False),
    "fremont": (lambda: _named("fremont", sets.fremont()), "US-WA", True),
    "melbourne": (lambda: _named("melbourne", pd.DataFrame(sets.melbourne())), "AU-VIC", True),
}
