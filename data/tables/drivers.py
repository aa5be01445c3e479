"""Drivers: yearly panels of what scenarios may move, such as people or jobs, one value an area and year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import pandas as pd
from pydantic import BeforeValidator

from data.calendar import LocalTimes
from data.errors import CityFileError
from data.frequency import Frequency
from data.readers import read_rows
from data.tables.contract import Kind, Sections, Tables, known
from data.tables.ids import as_ids
from data.tables.panel import Columns, PanelPlan, panel_of_rows
from data.tables.section import Section, TableKeys, Text, refused, wrong_type
from data.tables.series import Series, series_of
from data.tables.sifting import column

__all__ = ["DRIVERS", "DriversKeys", "WideDriversKeys"]

YEAR, VALUE = "year", "value"  # the columns into which one column a year is turned


def _years(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(each, str) for each in value.values()):
        raise wrong_type("table")
    wrong = [str(year) for year in value if not (str(year).isdigit() and len(str(year)) == 4)]
    if wrong or not value:
        raise refused("not_a_year", value=wrong[0] if wrong else "")
    return {str(year): str(column) for year, column in value.items()}


class _DriversKeys(TableKeys):
    source: Text
    title: Text | None = None
    areas: Text
    area: Text
    unit: Text = ""


class DriversKeys(_DriversKeys):
    """The keys of a driver with one row an area and year."""

    year: Text
    value: Text


class WideDriversKeys(_DriversKeys):
    """The keys of a driver with one row an area and a column a year: ``years = { 2000 = "POP2000", 2010 = "POP2010" }``."""

    years: Annotated[dict[str, str], BeforeValidator(_years)]


AnyKeys = DriversKeys | WideDriversKeys


def _keys(written: Mapping[str, Any], label: str) -> type[AnyKeys]:
    if "years" in written and (YEAR in written or VALUE in written):
        raise CityFileError("rows_or_columns", section=label)
    return WideDriversKeys if "years" in written else DriversKeys


def _check(section: Section[AnyKeys], sections: Sections) -> None:
    known(section, section.keys.areas, list(sections["areas"]), code="unknown_layer", allowed="layers")


def open_drivers(section: Section[AnyKeys], tables: Tables) -> Series:
    """The yearly panel of one section.

    Parameters
    ----------
    section : of the city.toml.
    tables : the city's layers.

    Returns
    -------
    Series
        Amounts by year and area.

    Raises
    ------
    TableError
        When a column is missing, most rows fail, two disagree, or none is left.
    """
    keys = section.keys
    areas = tables.table("areas", keys.areas)
    plan = PanelPlan(section.label, areas, Frequency.YEAR, tables.facts.timezone, counts=False)
    table = read_rows(section.path(keys.source))
    if isinstance(keys, WideDriversKeys):
        table = _long(table, keys, label=section.label)
        year, columns = YEAR, Columns(VALUE, keys.area)
    else:
        year, columns = keys.year, Columns(keys.value, keys.area)
    starts = pd.to_datetime(as_ids(column(table, year, table=section.label)), format="%Y", errors="coerce")
    moments = LocalTimes.exact(starts.astype("datetime64[ns]"))
    panel = panel_of_rows(plan, table, moments, columns=columns, drop={})
    return series_of(section, panel, plan, layer=keys.areas, measure=section.title.lower(), unit=keys.unit)


def _long(table: pd.DataFrame, keys: WideDriversKeys, *, label: str) -> pd.DataFrame:
    """One row an area and year, year by year in the order in which the file states them."""
    area = column(table, keys.area, table=label)
    each = [
        pd.DataFrame({keys.area: area, YEAR: year, VALUE: column(table, name, table=label)})
        for year, name in keys.years.items()
    ]
    return pd.concat(each, ignore_index=True)


DRIVERS = Kind("drivers", _keys, open_drivers, check=_check)
