"""Series and drivers: panels of values by period, area and category, from points or from ready counts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.calendar import LocalTimes, period_of, read_times, read_utc, to_utc, whole_periods
from data.cityfile import CityFile, Section
from data.dataset import ALL, CITY, Areas, Series, ValueType
from data.errors import TableError
from data.frequency import Frequency
from data.places import as_ids, known_ids, provenance_of
from data.points import Events, clock_findings, read_events
from data.provenance import Finding
from data.readers import read_table
from data.schemas import AMOUNTS, COUNTS, Sifted, column, sift
from data.selection import dropped, first_day, last_day, words_of

__all__ = ["read_drivers", "read_series"]

CELL = ["period", "area_id", "category"]


@dataclass(frozen=True, eq=False)
class _Panel:
    """What a section asks its panel to be, and where."""

    section: Section
    areas: Areas | None
    freq: Frequency
    kind: ValueType
    zone: str

    def edge(self, day: pd.Timestamp) -> pd.Timestamp:
        """The beginning of a local day, as the panel writes time."""
        return to_utc(pd.Series([day]), timezone=self.zone).times.iloc[0] if self.freq is Frequency.HOUR else day

    def column(self, table: pd.DataFrame, key: str) -> pd.Series:
        return column(table, str(self.section[key]), table=self.section.label)


def read_series(section: Section, *, city: CityFile, areas: Areas | None) -> Series:
    """The series of one section.

    From points, a period without an event is 0 between the first and the last complete day. From ready counts, a cell
    without a row is a gap (NaN) and a finding, unless the section says ``no_row = "zero"``; the rows are taken to be
    complete, so ``as_of`` is their last period.
    """
    panel = _Panel(section, areas, Frequency(section["freq"]), section.get("value_type", "count"), city.timezone)
    if "from_points" in section.keys:
        return _from_points(panel, read_events(section, city=city, areas=areas, source="from_points"))
    table = read_table(section.path())
    written, time_format = panel.column(table, "period"), section.get("time_format")
    if panel.freq is Frequency.HOUR:
        return _from_rows(panel, table, read_utc(written, timezone=city.timezone, time_format=time_format))
    return _from_rows(panel, table, _as_written(read_times(written, timezone=city.timezone, time_format=time_format)))


def read_drivers(section: Section, *, city: CityFile, areas: Areas) -> Series:
    """A yearly panel of something that scenarios may move: one value an area and year."""
    panel = _Panel(section, areas, Frequency.YEAR, "continuous", city.timezone)
    table = read_table(section.path())
    starts = pd.to_datetime(as_ids(panel.column(table, "year")), format="%Y", errors="coerce")
    return _from_rows(panel, table, _as_written(starts.astype("datetime64[ns]")))


def _as_written(times: pd.Series) -> LocalTimes:
    never = pd.Series(False, index=times.index)
    return LocalTimes(times, never, never)


def _from_points(panel: _Panel, events: Events) -> Series:
    since, end = panel.edge(events.since), panel.edge(events.until + pd.Timedelta(days=1))
    periods = whole_periods(since, end, freq=panel.freq)
    if periods.empty:
        evidence = {"freq": panel.freq, "since": events.since, "until": events.until}
        raise TableError("no_whole_period", table=panel.section.label, **evidence)
    rows = events.sifted.rows
    times = to_utc(rows["time"], timezone=panel.zone).times if panel.freq is Frequency.HOUR else rows["time"]
    sifted = replace(events.sifted, rows=rows.assign(period=period_of(times, panel.freq)))
    sifted = sifted.without(~sifted.rows["period"].isin(periods), "unfinished_period", tolerated=True)
    ids = list(panel.areas.frame.index) if panel.areas is not None else [CITY]
    columns = pd.MultiIndex.from_product([ids, sorted(set(rows["category"]))], names=CELL[1:])
    counts = sifted.rows.groupby(CELL).size().unstack(CELL[1:], fill_value=0)
    values = counts.reindex(index=periods, columns=columns, fill_value=0)
    return _series(panel, values, sifted, read=events.read, found=events.clock)


def _from_rows(panel: _Panel, table: pd.DataFrame, moments: LocalTimes) -> Series:
    section = panel.section
    sifted = Sifted(_typed(panel, table, moments), section.label)
    sifted = sifted.without(dropped(table, section), "excluded", tolerated=True)
    sifted = sift(sifted, COUNTS if panel.kind == "count" else AMOUNTS)
    sifted = _once(_within_days(panel, _known(panel, sifted)), freq=panel.freq)
    if sifted.rows.empty:
        raise TableError("nothing_left", table=section.label, rows=len(table))
    values = _wide(panel, sifted.rows)
    if section.get("no_row") == "zero":
        values = values.fillna(0.0)
    found = (*clock_findings(moments, table=section.label), *_without_rows(panel, values), *_gaps(values, section))
    return _series(panel, values, sifted, read=len(table), found=found)


def _typed(panel: _Panel, table: pd.DataFrame, moments: LocalTimes) -> pd.DataFrame:
    areas, section = panel.areas, panel.section
    return pd.DataFrame(
        {
            "time": moments.times,
            "touched": moments.touched,
            "period": period_of(moments.times, panel.freq),
            "area_id": CITY if areas is None else known_ids(panel.column(table, "area"), areas.frame.index),
            "category": words_of(panel.column(table, "category")) if "category" in section.keys else ALL,
            "value": pd.to_numeric(panel.column(table, "value"), errors="coerce").astype(float),
        },
        index=table.index,
    )


def _known(panel: _Panel, sifted: Sifted) -> Sifted:
    if panel.areas is None:
        return sifted
    ids, layer = sifted.rows["area_id"], panel.areas
    unknown = ~ids.isin(layer.frame.index)
    if unknown.all() and len(unknown):
        evidence = {"ids": ids.unique().tolist(), "layer": layer.layer, "known": list(layer.frame.index)}
        raise TableError("no_known_area", table=sifted.table, **evidence)
    return sifted.without(unknown, "unknown_area", tolerated=True)


def _within_days(panel: _Panel, sifted: Sifted) -> Sifted:
    """Without the periods that begin before the first day asked for or end after the last."""
    since, until = first_day(panel.section), last_day(panel.section)
    if until is not None:
        late = sifted.rows["period"] + panel.freq.offset > panel.edge(until + pd.Timedelta(days=1))
        sifted = sifted.without(late, "after_until", tolerated=True)
    if since is not None:
        sifted = sifted.without(sifted.rows["period"] < panel.edge(since), "before_from", tolerated=True)
    return sifted


def _once(sifted: Sifted, *, freq: Frequency) -> Sifted:
    """One row a cell: repeats are set aside, and so is the second run of an hour that the clocks repeat.

    Raises
    ------
    TableError
        When two rows of one cell disagree: which one holds is not ours to choose.
    """
    order = sifted.rows.sort_values("touched", kind="stable")
    again = order.duplicated(CELL) & order["touched"]
    sifted = sifted.without(again.reindex(sifted.rows.index), "clock_change")
    sifted = sifted.without(sifted.rows.duplicated([*CELL, "time", "value"]), "duplicate")
    clash = sifted.rows.duplicated(CELL, keep=False)
    if clash.any():
        rows = sifted.rows[clash]
        finer = not rows.duplicated([*CELL, "time"]).any()
        numbers = [int(row) + 1 for row in rows.index]
        raise TableError("finer_than_freq" if finer else "rows_disagree", table=sifted.table, rows=numbers, freq=freq)
    return sifted


def _wide(panel: _Panel, rows: pd.DataFrame) -> pd.DataFrame:
    """The values between the first and the last period, the columns in the order of the layer."""
    wide = rows.set_index(CELL)["value"].unstack(CELL[1:])
    ids = [CITY] if panel.areas is None else list(panel.areas.frame.index)
    place = {area_id: number for number, area_id in enumerate(ids)}
    found = wide.columns.to_frame(index=False)
    order = found["area_id"].map(place).to_frame().assign(category=found["category"]).sort_values(CELL[1:])
    columns = wide.columns[order.index]
    periods = pd.date_range(wide.index.min(), wide.index.max(), freq=panel.freq, name="period")
    return wide.reindex(index=periods, columns=columns)


def _without_rows(panel: _Panel, values: pd.DataFrame) -> tuple[Finding, ...]:
    if panel.areas is None:
        return ()
    absent = [str(each) for each in panel.areas.frame.index.difference(values.columns.unique("area_id"), sort=False)]
    return (Finding("areas_without_data", panel.section.label, {"areas": absent}),) if absent else ()


def _gaps(values: pd.DataFrame, section: Section) -> tuple[Finding, ...]:
    missing = values.isna()
    whole = missing.all(axis=1)
    found = []
    if whole.any():
        evidence = {"periods_missing": int(whole.sum()), "periods_total": len(values)}
        found.append(Finding("missing_periods", section.label, evidence))
    partly = missing[~whole]
    if partly.to_numpy().any():
        areas = int(partly.T.groupby(level="area_id").any().any(axis=1).sum())
        evidence = {"values_missing": int(partly.to_numpy().sum()), "values_total": values.size, "areas": areas}
        found.append(Finding("missing_values", section.label, evidence))
    return tuple(found)


def _series(panel: _Panel, values: pd.DataFrame, sifted: Sifted, *, read: int, found: tuple[Finding, ...]) -> Series:
    section, values = panel.section, values.astype(np.float64)
    values.index = pd.DatetimeIndex(values.index.astype("datetime64[ns]"), freq=panel.freq, name="period")
    return Series(
        name=section.name,
        title=section.title,
        values=values,
        provenance=provenance_of(
            section,
            rows_read=read,
            as_of=pd.Timestamp(values.index[-1]),
            set_aside=sifted.set_aside,
        ),
        layer=str(section.get("areas", CITY)),
        measure=str(section.get("measure", section.title.lower())),
        unit=str(section.get("unit", "")),
        freq=panel.freq,
        value_type=panel.kind,
        timezone=panel.zone,
        findings=(*sifted.findings(), *found),
    )
