"""Drivers: yearly panels of what scenarios may move, such as people or jobs, one value an area and year."""

from __future__ import annotations

import pandas as pd

from data.calendar import LocalTimes
from data.frequency import Frequency
from data.readers import read_rows
from data.tables.contract import Kind, Sections, Tables, known
from data.tables.ids import as_ids
from data.tables.panel import Columns, PanelPlan, panel_of_rows
from data.tables.section import Section, TableKeys, Text
from data.tables.series import Series, series_of
from data.tables.sifting import column

__all__ = ["DRIVERS", "DriversKeys"]


class DriversKeys(TableKeys):
    """The keys of a driver."""

    source: Text
    title: Text | None = None
    areas: Text
    area: Text
    year: Text
    value: Text
    unit: Text = ""


def _check(section: Section[DriversKeys], sections: Sections) -> None:
    known(section, section.keys.areas, list(sections["areas"]), code="unknown_layer", allowed="layers")


def open_drivers(section: Section[DriversKeys], tables: Tables) -> Series:
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
    starts = pd.to_datetime(as_ids(column(table, keys.year, table=section.label)), format="%Y", errors="coerce")
    moments = LocalTimes.exact(starts.astype("datetime64[ns]"))
    panel = panel_of_rows(plan, table, moments, columns=Columns(keys.value, keys.area), drop={})
    return series_of(section, panel, plan, layer=keys.areas, measure=section.title.lower(), unit=keys.unit)


DRIVERS = Kind("drivers", DriversKeys, open_drivers, check=_check)
