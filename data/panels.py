"""Series and drivers: panels of values by period, area and category, from points or from ready counts."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from data.calendar import period_of, read_times, to_utc
from data.cityfile import CityFile, Section
from data.dataset import ALL, CITY, Areas, Series, ValueType
from data.errors import TableError
from data.places import as_ids, provenance_of
from data.points import read_events
from data.provenance import Finding, fingerprint_of
from data.readers import read_table
from data.schemas import COUNTS, Sifted, column, sift

__all__ = ["read_drivers", "read_series"]


def read_series(section: Section, *, city: CityFile, areas: Areas | None) -> Series:
    """The series of one section.

    From points, a period without an event is 0 between the first and the last complete day. From ready counts, a period
    without a row is a gap (NaN) and a finding.
    """
    return (
        _from_points(section, city=city, areas=areas)
        if section.get("from_points")
        else _from_counts(section, city, areas)
    )


def _from_points(section: Section, *, city: CityFile, areas: Areas | None) -> Series:
    events = read_events(section, city=city, areas=areas, source="from_points")
    times = events.rows["time"]
    since, end = events.since, events.until + pd.Timedelta(days=1)
    if section["freq"] == "h":
        zone = str(city.city["timezone"])
        times = to_utc(times, timezone=zone).times
        since, end = (to_utc(pd.Series([edge]), timezone=zone).times.iloc[0] for edge in (since, end))
    periods = _complete(since, end, freq=str(section["freq"]))
    counts = (
        events.rows.assign(period=period_of(times, str(section["freq"])))
        .groupby(["period", "area_id", "category"])
        .size()
    )
    ids = list(areas.frame.index) if areas is not None else [CITY]
    columns = pd.MultiIndex.from_product([ids, sorted(set(events.rows["category"]))], names=["area_id", "category"])
    values = counts.unstack(["area_id", "category"], fill_value=0).reindex(index=periods, columns=columns, fill_value=0)
    return _series(section, values, rows_read=events.read, set_aside=events.set_aside, findings=events.findings)


def _complete(since: pd.Timestamp, end: pd.Timestamp, *, freq: str) -> pd.DatetimeIndex:
    """The periods that lie wholly between two moments."""
    step = pd.tseries.frequencies.to_offset(freq)
    starts = pd.date_range(since, end, freq=freq, name="period")
    return starts[[start + step <= end for start in starts]]


def _from_counts(section: Section, city: CityFile, areas: Areas | None) -> Series:
    table = read_table(section.path())
    zone = str(city.city["timezone"])
    periods = read_times(
        column(table, str(section["period"]), table=section.label),
        timezone=zone,
        time_format=section.get("time_format"),
    )
    if section["freq"] == "h":
        periods = to_utc(periods, timezone=zone).times
    rows = pd.DataFrame(
        {
            "period": period_of(periods, str(section["freq"])).astype("datetime64[ns]"),
            "area_id": _ids(table, section),
            "category": column(table, str(section["category"]), table=section.label).astype(str)
            if section.get("category")
            else ALL,
            "value": pd.to_numeric(column(table, str(section["value"]), table=section.label), errors="coerce").astype(
                float
            ),
        }
    )
    sifted = sift(Sifted(rows), COUNTS, table=section.label)
    sifted = _known(sifted, areas)
    sifted = sifted.without(sifted.rows.duplicated(["period", "area_id", "category"]), "duplicate")
    if sifted.rows.empty:
        raise TableError("nothing_left", table=section.label, rows=len(table))
    wide = (
        sifted.rows.set_index(["period", "area_id", "category"])["value"]
        .unstack(["area_id", "category"])
        .sort_index(axis=1)
    )
    first, last = wide.index.min(), wide.index.max()
    values = wide.reindex(pd.date_range(first, last, freq=str(section["freq"]), name="period"))
    gaps = int(values.isna().all(axis=1).sum())
    evidence = {"periods_missing": gaps, "periods_total": len(values)}
    found = (Finding("missing_periods", section.label, evidence),) if gaps else ()
    return _series(
        section,
        values,
        rows_read=len(table),
        set_aside=sifted.set_aside,
        findings=(*sifted.findings(section.label), *found),
    )


def _ids(table: pd.DataFrame, section: Section) -> pd.Series:
    if section.get("areas") is None or section.get("area") is None:
        return pd.Series(CITY, index=table.index)
    return as_ids(column(table, str(section["area"]), table=section.label))


def _known(sifted: Sifted, areas: Areas | None) -> Sifted:
    if areas is None:
        return sifted
    return sifted.without(~sifted.rows["area_id"].isin(areas.frame.index), "unknown_area")


def read_drivers(section: Section, *, city: CityFile, areas: Areas | None) -> Series:
    """A yearly panel of something that scenarios may move: one value an area and year."""
    table = read_table(section.path())
    years = pd.to_datetime(
        column(table, str(section["year"]), table=section.label).astype(str), format="%Y", errors="coerce"
    )
    rows = pd.DataFrame(
        {
            "period": years.astype("datetime64[ns]"),
            "area_id": as_ids(column(table, str(section["area"]), table=section.label)),
            "category": ALL,
            "value": pd.to_numeric(column(table, str(section["value"]), table=section.label), errors="coerce").astype(
                float
            ),
        }
    )
    sifted = _known(sift(Sifted(rows), COUNTS, table=section.label), areas)
    sifted = sifted.without(sifted.rows.duplicated(["period", "area_id"]), "duplicate")
    wide = (
        sifted.rows.set_index(["period", "area_id", "category"])["value"]
        .unstack(["area_id", "category"])
        .sort_index(axis=1)
    )
    values = wide.reindex(pd.date_range(wide.index.min(), wide.index.max(), freq="YS", name="period"))
    return _series(
        section,
        values,
        rows_read=len(table),
        set_aside=sifted.set_aside,
        findings=sifted.findings(section.label),
        freq="YS",
        value_type="continuous",
    )


def _series(
    section: Section,
    values: pd.DataFrame,
    *,
    rows_read: int,
    set_aside: Mapping[str, int],
    findings: tuple[Finding, ...],
    freq: str | None = None,
    value_type: ValueType | None = None,
) -> Series:
    values = values.astype(float)
    freq = freq or str(section["freq"])
    values.index = pd.DatetimeIndex(values.index, freq=freq, name="period")
    provenance = provenance_of(
        section,
        fingerprint=fingerprint_of(values),
        rows_read=rows_read,
        as_of=values.index[-1],
        set_aside=set_aside,
    )
    return Series(
        name=section.name,
        title=section.title,
        values=values,
        provenance=provenance,
        layer=str(section.get("areas", CITY)),
        measure=str(section.get("measure", section.title.lower())),
        unit=str(section.get("unit", "")),
        freq=freq,
        value_type=value_type or section.get("value_type", "count"),
        findings=findings,
    )
