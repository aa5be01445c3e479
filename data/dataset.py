"""The kinds of table that a city holds: areas, incidents and series, with their column names and units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.errors import TableError
from data.frequency import Frequency
from data.provenance import Finding, Provenance
from data.tables.table import METRE_DIGITS, Table

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["ALL", "CITY", "GROUP_COLUMNS", "Areas", "Incidents", "Network", "Requests", "Series", "Target", "ValueType"]

CITY = "city"  # the one-area layer of a series without areas, and that layer's only area_id
ALL = "all"  # the category of a table without categories
GROUP_COLUMNS = ("share_over_65", "share_disabled", "share_low_income")

ValueType = Literal["count", "continuous"]


@dataclass(frozen=True, eq=False)
class Areas(Table):
    """One layer of areas.

    ``frame`` is indexed by ``area_id`` (text) and holds ``name``, ``population`` (persons, NaN where unknown),
    shares of groups (0 to 1, columns ``share_...``, only those that the city has), ``parent_id`` where the layer
    has a parent, and ``geometry`` in the city's own metres.
    """

    layer: str
    frame: gpd.GeoDataFrame
    provenance: Provenance
    parent: str | None = None
    findings: tuple[Finding, ...] = ()

    def content(self) -> tuple[object, ...]:
        """The shapes and what is known of each area."""
        shapes = _shapes_of(self.frame)
        return (pd.DataFrame(self.frame.drop(columns="geometry")).assign(shape=shapes),)

    @property
    def groups(self) -> tuple[str, ...]:
        """The group shares that the layer has."""
        return tuple(column for column in self.frame.columns if str(column).startswith("share_"))

    @property
    def absent_groups(self) -> tuple[str, ...]:
        """The groups that every outcome should show and this layer cannot."""
        return tuple(column for column in GROUP_COLUMNS if column not in self.frame.columns)


@dataclass(frozen=True, eq=False)
class Incidents(Table):
    """Events at points.

    ``frame`` has one row an event, in order of time: ``time`` (naive local), ``longitude``, ``latitude`` (degrees),
    ``x``, ``y`` (metres in the city's crs), ``category`` and ``area_id`` in ``areas``, the layer that the points were
    placed in (None, and area_id "city", for a city without areas). ``reported_by`` says for each category whether the
    ``public`` reports it to the police, the ``police`` start it themselves, or ``services`` (ambulances, hospitals)
    record it in their own work. ``since`` and ``until`` bound the days observed. ``second_source`` names the incidents
    that measure the same harm in another way.
    """

    name: str
    title: str
    frame: pd.DataFrame
    provenance: Provenance
    reported_by: Mapping[str, str]
    since: pd.Timestamp
    until: pd.Timestamp
    areas: Areas | None = None
    findings: tuple[Finding, ...] = ()
    second_source: str | None = None

    def content(self) -> tuple[object, ...]:
        """The events and the days observed."""
        return self.frame.round({"x": METRE_DIGITS, "y": METRE_DIGITS}), self.since, self.until

    @property
    def police_initiated(self) -> tuple[str, ...]:
        """The categories that measure what the police do, not what the public suffers."""
        return tuple(category for category, who in self.reported_by.items() if who == "police")


@dataclass(frozen=True, eq=False)
class Series(Table):
    """A panel: values by period, area and category.

    ``values`` is a frame of float64, indexed by ``period`` (its start, complete and regular) with columns
    (``area_id``, ``category``). A gap is NaN. ``layer`` names the areas ("city" for a single total). Days and longer are
    naive local dates; hours are UTC.
    """

    name: str
    title: str
    values: pd.DataFrame
    provenance: Provenance
    layer: str = CITY
    measure: str = ""
    unit: str = ""
    freq: Frequency = Frequency.DAY
    value_type: ValueType = "count"
    findings: tuple[Finding, ...] = field(default=())
    timezone: str = "UTC"  # whose days an hourly series is summed to
    country: str = ""  # whose public holidays there are, as the holidays package names it: "GB", "US-IL"
    regressors: pd.DataFrame | None = None  # period × name: what is known beside the values, also of later periods

    def __post_init__(self) -> None:
        object.__setattr__(self, "freq", Frequency(self.freq))

    def content(self) -> tuple[object, ...]:
        """The values, what is known beside them, and what says how to read both."""
        beside = () if self.regressors is None else (self.regressors,)
        return (self.values, *beside, self.value_type, self.timezone, self.country)

    @property
    def as_of(self) -> pd.Timestamp:
        """The start of the last complete period."""
        return self.values.index[-1]  # type: ignore[no-any-return]

    @property
    def area_ids(self) -> tuple[str, ...]:
        """The areas that have a column, in order."""
        return tuple(dict.fromkeys(self.values.columns.get_level_values("area_id")))

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that have a column, in order."""
        return tuple(dict.fromkeys(self.values.columns.get_level_values("category")))

    @property
    def adds_up(self) -> bool:
        """Whether its areas may be summed: counts may, and what has one area; delays or prices of several may not."""
        return self.value_type == "count" or len(self.area_ids) == 1

    def total(self) -> pd.Series:
        """The sum over areas and categories by period; NaN where every value is missing."""
        return self.values.sum(axis=1, min_count=1)

    def select(self, *, areas: tuple[str, ...] | None = None, categories: tuple[str, ...] | None = None) -> Series:
        """The same series with only some areas or categories."""
        columns = self.values.columns
        keep = pd.Series(True, index=columns)
        if areas is not None:
            keep &= columns.get_level_values("area_id").isin(areas)
        if categories is not None:
            keep &= columns.get_level_values("category").isin(categories)
        return self._with(self.values.loc[:, keep.to_numpy()])

    def until(self, cutoff: pd.Timestamp) -> Series:
        """The same series as it stood at the end of the period that starts at ``cutoff``."""
        return self._with(self.values.loc[:cutoff])

    def to_frequency(self, freq: Frequency) -> Series:
        """The series summed (counts) or averaged (continuous) to a longer frequency, without incomplete periods.

        A sum over a gap would be too small, so it is a gap too. Days and longer are local, whatever the clocks did.

        Raises
        ------
        TableError
            When no period is complete.
        """
        fine = self.values
        if self.freq is Frequency.HOUR:
            fine = fine.tz_localize("UTC").tz_convert(self.timezone)
        resampler = fine.resample(freq, label="left", closed="left")
        values = resampler.mean()
        if self.value_type == "count":
            values = resampler.sum().where(resampler.count().eq(resampler.size(), axis=0))
        whole = Frequency(freq).offset
        end = fine.index[-1] + self.freq.offset
        starts = pd.DatetimeIndex(values.index)
        complete = [start >= fine.index[0] and start + whole <= end for start in starts]
        if not any(complete):
            raise TableError(
                "no_whole_period", table=self.title, freq=freq, since=self.values.index[0], until=self.values.index[-1]
            )
        values = values.loc[complete].tz_localize(None).asfreq(freq)
        return replace(self._with(values), freq=Frequency(freq))

    def _with(self, values: pd.DataFrame) -> Series:
        provenance = replace(self.provenance, as_of=values.index[-1])
        return replace(self, values=values, provenance=provenance)


@dataclass(frozen=True, eq=False)
class Requests(Table):
    """Requests with the dates on which they were opened and completed.

    ``frame`` has one row a request, in order of time: ``opened``, ``closed`` (naive local; NaT while it is open),
    ``category`` and ``area_id`` in ``areas`` ("city" for a city without areas). A request that was still open at the
    end of the day ``until`` is open in the frame. The name is that of the series whose requests they are.
    """

    name: str
    title: str
    frame: pd.DataFrame
    provenance: Provenance
    since: pd.Timestamp
    until: pd.Timestamp
    areas: Areas | None = None
    findings: tuple[Finding, ...] = ()

    def content(self) -> tuple[object, ...]:
        """The requests and the days observed."""
        return self.frame, self.since, self.until


@dataclass(frozen=True, eq=False)
class Network(Table):
    """Streets: ``frame`` has one line a row, ``geometry`` in the city's own metres."""

    name: str
    title: str
    frame: gpd.GeoDataFrame
    provenance: Provenance
    findings: tuple[Finding, ...] = ()

    def content(self) -> tuple[object, ...]:
        """The lines."""
        return (pd.DataFrame({"shape": _shapes_of(self.frame)}),)


@dataclass(frozen=True)
class Target:
    """What a city wants of a series by a date: the sum of its counts (the mean of other values) from ``since`` to
    ``until``, both within it, at most or at least some number; of one area or category, or of all where that is "".
    """

    name: str
    title: str
    series: str
    since: pd.Timestamp
    until: pd.Timestamp
    at_most: float | None = None
    at_least: float | None = None
    area_id: str = ""
    category: str = ""


def _shapes_of(frame: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    shapes = frame.geometry.to_numpy()
    wkb: npt.NDArray[np.object_] = shapely.to_wkb(shapely.transform(shapes, lambda xy: np.round(xy, METRE_DIGITS)))
    return wkb
