"""Series: panels of values by period, area and category, counted from events or read as rows of values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated, Any, Literal

import pandas as pd

from data.calendar import LocalTimes, read_times, read_utc, to_utc
from data.errors import CityFileError, TableError
from data.frequency import Frequency
from data.provenance import Finding, Provenance, strictest
from data.readers import read_rows
from data.tables.areas import Areas, layer_of
from data.tables.contract import Kind, Sections, Tables, known, pair_stated
from data.tables.events import PointKeys, read_events
from data.tables.growing import check_live, grown, live_findings, without_older
from data.tables.panel import Columns, Panel, PanelPlan, panel_of_events, panel_of_rows
from data.tables.people import names_of_people
from data.tables.regressors import Regressor
from data.tables.section import Section, SelectionKeys, TableKeys, Text, TimeFormat, YesOrNo, choice
from data.tables.sifting import column
from data.tables.stations import areas_of_stations
from data.tables.table import CITY, Table

__all__ = ["SERIES", "Series", "SeriesKeys", "SeriesOfEventsKeys", "ValueType", "counts_things"]

ValueType = Literal["count", "continuous"]
AT_ITS_PLACE = "\0area"  # a column that no source has: the area that a row's station lies in


@dataclass(frozen=True, eq=False)
class Series(Table):
    """A panel: values by period, area and category.

    ``values`` is a frame of float64, indexed by ``period`` (its start, complete and regular) with columns
    (``area_id``, ``category``). A gap is NaN. ``layer`` names the areas ("city" for a single total). Days and longer are
    naive local dates; hours are UTC.
    """

    kind = "series"

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
    degrees: tuple[str, ...] = ()  # the names of those regressors that are temperatures

    def __post_init__(self) -> None:
        object.__setattr__(self, "freq", Frequency(self.freq))

    @property
    def rows(self) -> int:
        """How many periods."""
        return len(self.values)

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

    def content(self) -> tuple[object, ...]:
        """The values, what is known beside them, and what says how to read both."""
        beside = () if self.regressors is None else (self.regressors, *self.degrees)
        return (self.values, *beside, self.value_type, self.timezone, self.country)

    def facts(self) -> dict[str, Any]:
        """Its size, unit and frequency."""
        about = super().facts() | {"layer": self.layer, "freq": self.freq.value, "areas": len(self.area_ids)}
        about |= {"categories": self.categories, "unit": self.unit}
        return about | {"since": self.values.index[0], "until": self.as_of}

    def total(self) -> pd.Series:
        """The sum over areas and categories by period; NaN where every value is missing."""
        return self.values.sum(axis=1, min_count=1)

    def select(self, *, areas: Sequence[str] | None = None, categories: Sequence[str] | None = None) -> Series:
        """The same series with only some areas or categories.

        Parameters
        ----------
        areas : their ids; None for all.
        categories : their names; None for all.

        Returns
        -------
        Series
            With fewer columns.
        """
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
            since, until = self.values.index[0], self.values.index[-1]
            raise TableError("no_whole_period", table=self.title, freq=freq, since=since, until=until)
        values = values.loc[complete].tz_localize(None).asfreq(freq)
        return replace(self._with(values), freq=Frequency(freq), regressors=self._beside(Frequency(freq)))

    def _beside(self, freq: Frequency) -> pd.DataFrame | None:
        """What is known beside the values, averaged to a longer frequency as they are."""
        if self.regressors is None:
            return None
        fine = self.regressors
        if self.freq is Frequency.HOUR:
            fine = fine.tz_localize("UTC").tz_convert(self.timezone)
        return fine.resample(freq, label="left", closed="left").mean().tz_localize(None)

    def _with(self, values: pd.DataFrame) -> Series:
        return replace(self, values=values, provenance=replace(self.provenance, as_of=values.index[-1]))


class Values(StrEnum):
    """What values are: whole numbers of things, or amounts."""

    COUNT = "count"
    CONTINUOUS = "continuous"


class NoRow(StrEnum):
    """What a period without a row means."""

    UNKNOWN = "unknown"
    ZERO = "zero"


class SeriesOfEventsKeys(PointKeys):
    """The keys of a series that counts events."""

    from_points: Text
    freq: Annotated[Frequency, choice(Frequency)]
    unit: Text
    measure: Text | None = None


class SeriesKeys(TableKeys, SelectionKeys):
    """The keys of a series that is read as rows of values."""

    source: Text
    title: Text | None = None
    period: Text
    time_format: TimeFormat | None = None
    utc: YesOrNo = False
    ends: YesOrNo = False
    area: Text | None = None
    longitude: Text | None = None
    latitude: Text | None = None
    areas: Text | None = None
    category: Text | None = None
    value: Text
    freq: Annotated[Frequency, choice(Frequency)]
    unit: Text
    measure: Text | None = None
    value_type: Annotated[Values, choice(Values)] = Values.COUNT
    no_row: Annotated[NoRow, choice(NoRow)] = NoRow.UNKNOWN
    live: Text | None = None


AnyKeys = SeriesKeys | SeriesOfEventsKeys


def counts_things(keys: AnyKeys) -> bool:
    """Whether a series of these keys counts things rather than measures amounts."""
    return isinstance(keys, SeriesOfEventsKeys) or keys.value_type is Values.COUNT


def _keys(written: Mapping[str, Any], label: str) -> type[AnyKeys]:
    if ("source" in written) == ("from_points" in written):
        raise CityFileError("points_or_counts", section=label)
    return SeriesKeys if "source" in written else SeriesOfEventsKeys


def _check(section: Section[AnyKeys], sections: Sections) -> None:
    if section.keys.areas is not None:
        known(section, section.keys.areas, list(sections["areas"]), code="unknown_layer", allowed="layers")
    check_live(section)
    if isinstance(section.keys, SeriesKeys):
        pair_stated(section, "longitude", "latitude")
        for key in ("utc", "ends"):
            if section.states(key) and section.keys.freq is not Frequency.HOUR:
                raise CityFileError("hours_alone", section=section.label, key=key, freq=section.keys.freq)
        if section.states("longitude") and section.states("area"):
            raise CityFileError("area_or_place", section=section.label)
        pair_stated(section, "longitude" if section.states("longitude") else "area", "areas")


def open_series(section: Section[AnyKeys], tables: Tables) -> Series:
    """The series of one section, with the city's holidays and the regressors that it names or that are for all.

    From events, a period without one is 0 between the first and the last complete day. From rows of values, a cell
    without a row is a gap (NaN) and a finding, unless the section says ``no_row = "zero"``; the rows are taken to be
    complete, so ``as_of`` is their last period.

    Parameters
    ----------
    section : of the city.toml.
    tables : the city's layers and regressors.

    Returns
    -------
    Series
        Complete periods only.

    Raises
    ------
    TableError
        When a column is missing, most rows fail, or no period is left.
    """
    keys, facts = section.keys, tables.facts
    areas = layer_of(keys.areas, tables)
    plan = _plan(section, areas, timezone=facts.timezone)
    if isinstance(keys, SeriesOfEventsKeys):
        events = read_events(section, source=keys.from_points, facts=facts, areas=areas)  # type: ignore[arg-type]
        panel = panel_of_events(plan, events)
    else:
        panel = _from_rows(section, keys, plan, crs=facts.crs)
    series = series_of(
        section, panel, plan, layer=keys.areas or CITY, measure=keys.measure or section.title.lower(), unit=keys.unit
    )
    return _beside(replace(series, country=facts.holidays), tables)


def _plan(section: Section[AnyKeys], areas: Areas | None, *, timezone: str) -> PanelPlan:
    keys = section.keys
    plan = PanelPlan(
        section.label, areas, keys.freq, timezone, since=keys.first_day, until=keys.last_day,
    )  # fmt: skip
    if isinstance(keys, SeriesKeys):
        return replace(plan, counts=keys.value_type is Values.COUNT, zero=keys.no_row is NoRow.ZERO)
    return plan


def _from_rows(section: Section[AnyKeys], keys: SeriesKeys, plan: PanelPlan, *, crs: str) -> Panel:
    table = grown(section, read_rows(section.path(keys.source)))
    written = column(table, keys.period, table=section.label)
    clock = "UTC" if keys.utc else plan.timezone  # of times that do not state their offset
    if keys.freq is Frequency.HOUR and keys.ends:
        # The clock that is written is that of the end: taken back on it, an hour that happens twice is written twice.
        ends = read_times(written, timezone=clock, time_format=keys.time_format)
        moments = to_utc(ends - pd.Timedelta(hours=1), timezone=clock)
    elif keys.freq is Frequency.HOUR:
        moments = read_utc(written, timezone=clock, time_format=keys.time_format)
    else:
        moments = LocalTimes.exact(read_times(written, timezone=plan.timezone, time_format=keys.time_format))
    area = keys.area
    if keys.longitude is not None and keys.latitude is not None and plan.areas is not None:
        area = AT_ITS_PLACE
        located = areas_of_stations(
            table, plan.areas, longitude=keys.longitude, latitude=keys.latitude, crs=crs, label=section.label
        )
        table = table.assign(**{area: located})
    columns = Columns(keys.value, area, keys.category)
    table, moments, renewed = without_older(table, moments, [area, keys.category])
    panel = panel_of_rows(plan, table, moments, columns=columns, drop=keys.drop)
    return replace(panel, findings=(*panel.findings, *live_findings(section, renewed=renewed)))


def series_of(section: Section[Any], panel: Panel, plan: PanelPlan, *, layer: str, measure: str, unit: str) -> Series:
    """A panel as a series.

    Parameters
    ----------
    section : whose panel it is.
    panel, plan : what was read, and what it was to be.
    layer, measure, unit : as in ``Series``.

    Returns
    -------
    Series
        With provenance and findings.
    """
    values = panel.values
    provenance: Provenance = section.provenance(
        rows_read=panel.read, as_of=pd.Timestamp(values.index[-1]), set_aside=panel.sifted.set_aside
    )
    classification = section.keys.classification
    people = names_of_people(panel.sifted.rows["category"], classification=classification, label=section.label)
    return Series(
        name=section.name,
        title=section.title,
        values=values,
        provenance=provenance,
        layer=layer,
        measure=measure,
        unit=unit,
        freq=plan.freq,
        value_type="count" if plan.counts else "continuous",
        timezone=plan.timezone,
        findings=(*panel.findings, *people),
    )


def _beside(series: Series, tables: Tables) -> Series:
    """The series with the regressors that name it, or no series; their class is then its own too."""
    found: list[Regressor] = [
        tables.table("regressors", name)
        for name, section in tables.sections.get("regressors", {}).items()
        if section.keys.series in (None, series.name)
    ]
    frame: pd.DataFrame | None = None
    for each in found:
        means = each.means(series.freq).to_frame()
        frame = means if frame is None else frame.join(means, how="outer")
    if frame is None:
        return series
    classes = [series.provenance.classification, *(each.provenance.classification for each in found)]
    guarded = replace(series.provenance, classification=strictest(classes))
    degrees = tuple(each.name for each in found if each.in_degrees)
    return replace(series, regressors=frame, degrees=degrees, provenance=guarded)


SERIES = Kind("series", _keys, open_series, check=_check)
