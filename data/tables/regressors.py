"""Regressors: what is known beside the values of a series, of past and later periods, such as weather or term times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.calendar import period_of, read_times, read_utc
from data.frequency import Frequency
from data.provenance import Finding, Provenance
from data.readers import read_rows
from data.tables.contract import Kind, Sections, Tables, known
from data.tables.dates import far_dates
from data.tables.section import Section, TableKeys, Text, TimeFormat
from data.tables.sifting import Sifted, column, empty_refused
from data.tables.table import Table

__all__ = ["DEGREES", "REGRESSORS", "Regressor", "RegressorKeys"]

DEGREES = ("°C", "°F")  # the units by which a regressor is known for a temperature


@dataclass(frozen=True, eq=False)
class Regressor(Table):
    """Values at moments: ``frame`` has ``time`` (naive local), ``utc`` and ``value``. ``series`` names whose they are.

    ``unit`` is that of the values, empty where none is stated.
    """

    kind = "regressors"

    name: str
    title: str
    frame: pd.DataFrame
    provenance: Provenance
    series: str | None = None
    findings: tuple[Finding, ...] = ()
    unit: str = ""

    @property
    def in_degrees(self) -> bool:
        """Whether it is a temperature, by its unit."""
        return self.unit in DEGREES

    @property
    def rows(self) -> int:
        """How many values."""
        return len(self.frame)

    def content(self) -> tuple[object, ...]:
        """The values and whose they are."""
        return self.frame, self.series

    def means(self, freq: Frequency) -> pd.Series:
        """The mean of the values within each period, named like the regressor; hours are UTC, longer periods local."""
        times = self.frame["utc" if freq is Frequency.HOUR else "time"]
        means: pd.Series = self.frame["value"].groupby(period_of(times, freq)).mean().rename(self.name)
        return means


class RegressorKeys(TableKeys):
    """The keys of a regressor."""

    source: Text
    title: Text | None = None
    period: Text
    value: Text
    time_format: TimeFormat | None = None
    series: Text | None = None
    unit: Text = ""


def _check(section: Section[RegressorKeys], sections: Sections) -> None:
    if section.keys.series is not None:
        known(section, section.keys.series, list(sections["series"]), code="unknown_series")


def open_regressor(section: Section[RegressorKeys], tables: Tables) -> Regressor:
    """The values of one section; those that cannot be read are set aside.

    Parameters
    ----------
    section : of the city.toml.
    tables : whose facts give the clocks.

    Returns
    -------
    Regressor
        In the order of the file.

    Raises
    ------
    TableError
        When a column is missing, or no row can be read.
    """
    keys: RegressorKeys = section.keys
    timezone = tables.facts.timezone
    table = read_rows(section.path(keys.source))
    written = column(table, keys.period, table=section.label)
    frame = pd.DataFrame(
        {
            "time": read_times(written, timezone=timezone, time_format=keys.time_format),
            "utc": read_utc(written, timezone=timezone, time_format=keys.time_format).times,
            "value": pd.to_numeric(column(table, keys.value, table=section.label), errors="coerce").astype(float),
        }
    )
    sifted = Sifted(frame, section.label)
    sifted = sifted.without(frame["time"].isna(), "time_unreadable", tolerated=True)
    sifted = sifted.without(sifted.rows["value"].isna(), "not_a_number", tolerated=True)
    sifted = sifted.without(far_dates(sifted.rows["time"]), "far_date")
    rows = empty_refused(sifted, rows=len(table)).rows.reset_index(drop=True)
    return Regressor(
        name=section.name,
        title=section.title,
        frame=rows,
        provenance=section.provenance(rows_read=len(table), set_aside=sifted.set_aside),
        series=keys.series,
        findings=sifted.findings(),
        unit=keys.unit,
    )


REGRESSORS: Kind[Any, Regressor] = Kind("regressors", RegressorKeys, open_regressor, check=_check)
