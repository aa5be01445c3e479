"""What is asked of a city as a whole: its tables, the week, what is unusual, its targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Literal

import pandas as pd

from analytics.monitoring.sources import Sources, sources_of
from analytics.monitoring.targets import Chance, chances_in
from analytics.monitoring.traces import Column, Trace, trace_of
from analytics.monitoring.warnings import Warnings, warnings_in
from analytics.monitoring.week import Figures, Week, figures_in, last_week
from analytics.parallel import Progress, quiet
from analytics.requests.request import CityRequest, Request
from data import City, Incidents, Series

__all__ = [
    "ChancesRequest",
    "FiguresRequest",
    "SourcesRequest",
    "TablesRequest",
    "TracesRequest",
    "WarningsRequest",
    "WatchedTablesRequest",
    "WeekRequest",
]


@dataclass(frozen=True)
class TablesRequest(Request):
    """A city with all of its tables open: to read them back takes a hundredth of what reading and checking files does."""

    city: CityRequest

    def answer(self, city: City, *, progress: Progress = quiet) -> City:
        """The city.

        Parameters
        ----------
        city : the city that is named.
        progress : told how far it is.

        Returns
        -------
        City
            Opened.
        """
        progress(0.1, "")
        return city.opened()


@dataclass(frozen=True)
class WatchedTablesRequest(Request):
    """A city with those tables open that its week, its alarms and its targets are made from, which need not wait for the others."""

    city: CityRequest

    def answer(self, city: City, *, progress: Progress = quiet) -> City:
        """The city.

        Parameters
        ----------
        city : the city that is named.
        progress : told how far it is.

        Returns
        -------
        City
            Opened in part; the others are opened when they are asked for.
        """
        progress(0.1, "")
        for kind in ("series", "incidents", "targets"):
            for _ in city.of(kind).values():
                pass
        return city


@dataclass(frozen=True)
class SourcesRequest(Request):
    """Where each table of a city comes from, how old it is, and what reading it set aside."""

    city: CityRequest

    def answer(self, city: City, *, progress: Progress = quiet) -> Sources:
        """The sources; reading all tables is the work.

        Parameters
        ----------
        city : the city that is named.
        progress : told how far it is.

        Returns
        -------
        Sources
            Of all tables.
        """
        progress(0.1, "")
        return sources_of(city)


@dataclass(frozen=True)
class FiguresRequest(Request):
    """The figures of one week of a city, from its tables alone."""

    city: CityRequest

    def answer(self, city: City, *, progress: Progress = quiet) -> Figures:
        """The figures.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Figures
            Without ranges.
        """
        return figures_in(city, progress=progress)


@dataclass(frozen=True)
class WeekRequest(Request):
    """The week up to ``end`` of one table, beside the range that was forecast before it began."""

    city: CityRequest
    _: KW_ONLY
    kind: Literal["series", "incidents"]
    name: str
    end: pd.Timestamp

    @property
    def table(self) -> str:
        """What tells the table from the others of the city."""
        return f"{self.kind}.{self.name}"

    def answer(self, city: City, *, progress: Progress = quiet) -> Week:
        """The week.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Week
            With its range, or the reason why it has none.
        """
        table: Series | Incidents = city.series[self.name] if self.kind == "series" else city.incidents[self.name]
        return last_week(table, end=self.end, progress=progress)


@dataclass(frozen=True)
class TracesRequest(Request):
    """The latest values of some ``columns`` (series, area, category) beside what was forecast of them from week to week."""

    city: CityRequest
    _: KW_ONLY
    columns: tuple[Column, ...]

    def answer(self, city: City, *, progress: Progress = quiet) -> Mapping[Column, Trace]:
        """The traces.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Mapping
            One trace a column.
        """
        found = {}
        for index, column in enumerate(self.columns):
            progress(index / len(self.columns), "")
            found[column] = trace_of(city.series[column[0]], area=column[1], category=column[2])
        return found


@dataclass(frozen=True)
class WarningsRequest(Request):
    """What is unusual in any series of a city, as it was known at the end of the day ``until`` (None is now)."""

    city: CityRequest
    _: KW_ONLY
    until: pd.Timestamp | None = None
    seed: int = 0

    def answer(self, city: City, *, progress: Progress = quiet) -> Warnings:
        """The warnings.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Warnings
            The alarms, and what such alarms were worth.
        """
        return warnings_in(city, until=self.until, seed=self.seed, progress=progress)


@dataclass(frozen=True)
class ChancesRequest(Request):
    """The chance of meeting each of a city's targets."""

    city: CityRequest
    _: KW_ONLY
    seed: int = 0

    def answer(self, city: City, *, progress: Progress = quiet) -> tuple[Chance, ...]:
        """The chances.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        tuple of Chance
            One a target that can be forecast.
        """
        return chances_in(city, seed=self.seed, progress=progress)
