"""Panels of values by period, area and category, from events or from rows of values. Series and drivers begin here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.calendar import LocalTimes, mostly_midnight, period_of, to_utc, whole_periods
from data.errors import TableError
from data.frequency import Frequency
from data.provenance import Finding
from data.tables.areas import Areas
from data.tables.dates import without_far_dates
from data.tables.events import Events, clock_findings
from data.tables.ids import known_ids, words_of
from data.tables.sifting import AMOUNTS, COUNTS, Sifted, column, dropped, empty_refused, sift
from data.tables.table import ALL, CITY

__all__ = ["Columns", "Panel", "PanelPlan", "panel_of_events", "panel_of_rows"]

CELL = ["period", "area_id", "category"]
MOST_PERIODS = 1_000_000  # over a century of hours
MOST_VALUES = 200_000_000  # 1.6 GB: more than a process should hold, and more than any city has counted


@dataclass(frozen=True, eq=False)
class PanelPlan:
    """What a panel is to be: its name in sentences, its layer, frequency and clocks, and whether it holds counts.

    ``since`` and ``until`` are the first and last day asked for; ``zero`` says that a cell without a row is 0.
    """

    label: str
    areas: Areas | None
    freq: Frequency
    timezone: str
    counts: bool = True
    since: pd.Timestamp | None = None
    until: pd.Timestamp | None = None
    zero: bool = False

    @property
    def area_ids(self) -> list[str]:
        """The areas in the order of the layer."""
        return [CITY] if self.areas is None else list(self.areas.frame.index)

    def edge(self, day: pd.Timestamp) -> pd.Timestamp:
        """The beginning of a local day, as the panel writes time."""
        if self.freq is not Frequency.HOUR:
            return day
        utc: pd.Timestamp = to_utc(pd.Series([day]), timezone=self.timezone).times.iloc[0]
        return utc


@dataclass(frozen=True, eq=False)
class Panel:
    """Values (period × area and category), how many rows were read, those set aside, and what was noticed."""

    values: pd.DataFrame
    sifted: Sifted
    read: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Columns:
    """The columns of rows of values by name; a panel without areas or categories has none of them."""

    value: str
    area: str | None = None
    category: str | None = None


def panel_of_events(plan: PanelPlan, events: Events) -> Panel:
    """Events counted by period: 0 where there was none between the first and the last complete day.

    Parameters
    ----------
    plan : what the panel is to be.
    events : in order of time.

    Returns
    -------
    Panel
        Its periods lie wholly within the days of the events.

    Raises
    ------
    TableError
        When no period does.
    """
    since, end = plan.edge(events.since), plan.edge(events.until + pd.Timedelta(days=1))
    periods = whole_periods(since, end, freq=plan.freq)
    if periods.empty:
        evidence = {"freq": plan.freq, "since": events.since, "until": events.until}
        raise TableError("no_whole_period", table=plan.label, **evidence)
    rows = events.sifted.rows
    if plan.freq is Frequency.HOUR and mostly_midnight(rows["time"]):
        raise TableError("no_hours", table=plan.label)
    categories = sorted(rows["category"].unique())
    _check_size(plan, periods, len(plan.area_ids) * len(categories))
    times = to_utc(rows["time"], timezone=plan.timezone).times if plan.freq is Frequency.HOUR else rows["time"]
    sifted = replace(events.sifted, rows=rows.assign(period=period_of(times, plan.freq)))
    sifted = sifted.without(~sifted.rows["period"].isin(periods), "unfinished_period", tolerated=True)
    columns = pd.MultiIndex.from_product([plan.area_ids, categories], names=CELL[1:])
    counts = sifted.rows.groupby(CELL).size().unstack(CELL[1:], fill_value=0)
    values = counts.reindex(index=periods, columns=columns, fill_value=0)
    return _panel(plan, values, sifted, read=events.read, found=events.found)


def panel_of_rows(
    plan: PanelPlan, table: pd.DataFrame, moments: LocalTimes, *, columns: Columns, drop: dict[str, list[str]]
) -> Panel:
    """Rows of values by period; a cell without a row is a gap (NaN) and a finding, unless the plan says 0.

    Parameters
    ----------
    plan : what the panel is to be.
    table : a source, one row a value.
    moments : the time of each row.
    columns : which of the source's are meant.
    drop : drop rules, see ``dropped``.

    Returns
    -------
    Panel
        From the first to the last period of any row that is left; the rows are taken to be complete.

    Raises
    ------
    TableError
        When a column is missing, most rows fail, two disagree, or none is left.
    """
    sifted = Sifted(_typed(plan, table, moments, columns), plan.label)
    sifted = sifted.without(dropped(table, drop, label=plan.label), "excluded", tolerated=True)
    sifted = sift(sifted, COUNTS if plan.counts else AMOUNTS)
    sifted = _within_days(plan, _known(plan, sifted))
    if plan.freq is not Frequency.YEAR:  # centuries are few years
        sifted = without_far_dates(sifted, bounds=(plan.since, plan.until))
    sifted = _once(_second_runs(sifted), freq=plan.freq)
    values, repeated = _repeated_hours(plan, _wide(plan, empty_refused(sifted, rows=len(table)).rows), sifted.rows)
    if plan.zero:
        values = values.fillna(0.0)
    found = (
        *clock_findings(moments, table=plan.label),
        *repeated,
        *_without_rows(plan, values),
        *_gaps(values, plan.label),
    )
    return _panel(plan, values, sifted, read=len(table), found=found)


def _typed(plan: PanelPlan, table: pd.DataFrame, moments: LocalTimes, columns: Columns) -> pd.DataFrame:
    def named(name: str) -> pd.Series:
        return column(table, name, table=plan.label)

    located = plan.areas is not None and columns.area is not None
    return pd.DataFrame(
        {
            "time": moments.times,
            "touched": moments.touched,
            "first_run": moments.ambiguous,
            "period": period_of(moments.times, plan.freq),
            "area_id": known_ids(named(columns.area), plan.areas.frame.index)  # type: ignore[union-attr,arg-type]
            if located
            else CITY,
            "category": ALL if columns.category is None else words_of(named(columns.category)),
            "value": pd.to_numeric(named(columns.value), errors="coerce").astype(float),
        },
        index=table.index,
    )


def _known(plan: PanelPlan, sifted: Sifted) -> Sifted:
    if plan.areas is None:
        return sifted
    ids, layer = sifted.rows["area_id"], plan.areas
    unknown = ~ids.isin(layer.frame.index)
    if unknown.all() and len(unknown):
        evidence = {"ids": ids.unique().tolist(), "layer": layer.layer, "known": list(layer.frame.index)}
        raise TableError("no_known_area", table=sifted.table, **evidence)
    return sifted.without(unknown, "unknown_area", tolerated=True)


def _within_days(plan: PanelPlan, sifted: Sifted) -> Sifted:
    """Without the periods that begin before the first day asked for or end after the last."""
    if plan.until is not None:
        late = sifted.rows["period"] + plan.freq.offset > plan.edge(plan.until + pd.Timedelta(days=1))
        sifted = sifted.without(late, "after_until", tolerated=True)
    if plan.since is not None:
        sifted = sifted.without(sifted.rows["period"] < plan.edge(plan.since), "before_from", tolerated=True)
    return sifted


def _second_runs(sifted: Sifted) -> Sifted:
    """The second of two rows that state the same repeated hour moved to its second run."""
    rows = sifted.rows
    order = rows[rows["first_run"]].groupby(CELL).cumcount()
    moved = rows.index.isin(order.index[order == 1])
    if not moved.any():
        return sifted
    later = {name: rows[name].where(~moved, rows[name] + pd.Timedelta(hours=1)) for name in ("time", "period")}
    return replace(sifted, rows=rows.assign(**later, first_run=rows["first_run"] & ~moved))


def _repeated_hours(
    plan: PanelPlan, values: pd.DataFrame, rows: pd.DataFrame
) -> tuple[pd.DataFrame, Sequence[Finding]]:
    """The values with the second run of an hour filled where times without an offset have one row for both runs.

    The rule that an ambiguous time is the first run puts all counts of both there, so the second has none; an amount that
    is no count is taken to last.
    """
    first = rows[rows["first_run"]]
    second = values.index.get_indexer(pd.DatetimeIndex(first["period"]) + pd.Timedelta(hours=1))
    columns = values.columns.get_indexer(pd.MultiIndex.from_frame(first[CELL[1:]]))
    filled = values.to_numpy(dtype=float, copy=True)
    absent = (second >= 0) & np.isnan(filled[second, columns])
    if not absent.any():
        return values, ()
    filled[second[absent], columns[absent]] = 0.0 if plan.counts else first["value"].to_numpy()[absent]
    code = "repeated_hour_empty" if plan.counts else "repeated_hour_same"
    finding = Finding(code, plan.label, {"values": int(absent.sum())})
    return pd.DataFrame(filled, values.index, values.columns), (finding,)


def _once(sifted: Sifted, *, freq: Frequency) -> Sifted:
    """One row a cell: repeats are set aside, and so are rows that the rule for changes of the clocks put on another's hour.

    Raises
    ------
    TableError
        When two rows of one cell disagree: which one counts is not ours to choose.
    """
    if not sifted.rows.duplicated(CELL).any():
        return sifted
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


def _wide(plan: PanelPlan, rows: pd.DataFrame) -> pd.DataFrame:
    """The values between the first and the last period, the columns in the order of the layer."""
    periods = pd.date_range(rows["period"].min(), rows["period"].max(), freq=plan.freq, name="period")
    _check_size(plan, periods, len(rows[CELL[1:]].drop_duplicates()))
    wide = rows.set_index(CELL)["value"].unstack(CELL[1:])
    rank = {area_id: number for number, area_id in enumerate(plan.area_ids)}
    found = wide.columns.to_frame(index=False)
    order = found["area_id"].map(rank).to_frame().assign(category=found["category"]).sort_values(CELL[1:])
    columns = wide.columns[order.index]
    return wide.reindex(index=periods, columns=columns)


def _check_size(plan: PanelPlan, periods: pd.DatetimeIndex, columns: int) -> None:
    if len(periods) > MOST_PERIODS or len(periods) * columns > MOST_VALUES:
        evidence = {"periods": len(periods), "columns": columns, "since": periods[0], "until": periods[-1]}
        raise TableError("panel_too_large", table=plan.label, freq=plan.freq, **evidence)


def _without_rows(plan: PanelPlan, values: pd.DataFrame) -> Sequence[Finding]:
    if plan.areas is None:
        return ()
    absent = [str(each) for each in plan.areas.frame.index.difference(values.columns.unique("area_id"), sort=False)]
    return (Finding("areas_without_data", plan.label, {"areas": absent}),) if absent else ()


def _gaps(values: pd.DataFrame, label: str) -> Sequence[Finding]:
    missing = values.isna()
    whole = missing.all(axis=1)
    found = []
    if whole.any():
        evidence = {"periods_missing": int(whole.sum()), "periods_total": len(values)}
        found.append(Finding("missing_periods", label, evidence))
    partly = missing[~whole]
    if partly.to_numpy().any():
        areas = int(partly.T.groupby(level="area_id").any().any(axis=1).sum())
        evidence = {"values_missing": int(partly.to_numpy().sum()), "values_total": values.size, "areas": areas}
        found.append(Finding("missing_values", label, evidence))
    return found


def _panel(plan: PanelPlan, values: pd.DataFrame, sifted: Sifted, *, read: int, found: Sequence[Finding]) -> Panel:
    values = values.astype(np.float64)
    values.index = pd.DatetimeIndex(values.index.astype("datetime64[ns]"), freq=plan.freq, name="period")
    return Panel(values, sifted, read, (*sifted.findings(), *found))
