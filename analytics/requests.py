"""What is asked of analytics, as one value each: the command line and the dashboard ask the same things in the same words.

A request names the city as it can be opened again, in another process too. Its fingerprint is the key of the work that
it asks for: whatever changes the answer is a field of it, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, fields, replace
from typing import Literal

import pandas as pd

from analytics.forecasting import Forecast, forecast
from analytics.hotspots import Audit, Hotspots, PartOfWeek, audit_hotspots, find_hotspots
from analytics.hotspots.subjects import subject_of
from analytics.monitoring.sources import Sources, sources_of
from analytics.monitoring.targets import Chance, chances_in
from analytics.monitoring.traces import Column, Trace, trace_of
from analytics.monitoring.warnings import Warnings, warnings_in
from analytics.monitoring.week import Figures, Week, figures_in, last_week
from analytics.parallel import Progress, quiet
from analytics.plugins.registry import plugins_stamp
from analytics.scenarios import Ask, Comparison, Scenario, Suggestions, Terms, compare, suggest
from data import City, Incidents, Region, Series, fingerprint_of
from data.city import find_city, stamp_of
from data.frequency import Frequency

__all__ = [
    "USUAL_HORIZON",
    "AuditRequest",
    "ChancesRequest",
    "CityRequest",
    "ComparisonRequest",
    "FiguresRequest",
    "ForecastRequest",
    "MapRequest",
    "Request",
    "SeriesRequest",
    "SourcesRequest",
    "SuggestRequest",
    "TablesRequest",
    "TracesRequest",
    "WarningsRequest",
    "WeekRequest",
    "city_request",
]

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
# Periods ahead that a page opens with.
USUAL_HORIZON = {Frequency.HOUR: 168, Frequency.DAY: 28, Frequency.WEEK: 13, Frequency.MONTH: 12, Frequency.YEAR: 3}
WHOLE_WEEK = PartOfWeek()
ON_NO_TERMS = Terms()
USUAL_ASK = Ask()


@dataclass(frozen=True)
class Request:
    """The base of every request."""

    @property
    def fingerprint(self) -> str:
        """The same for equal requests of one kind, in every process; another for any other field."""
        return fingerprint_of(type(self).__name__, *((field.name, getattr(self, field.name)) for field in fields(self)))


@dataclass(frozen=True)
class CityRequest(Request):
    """A city as somebody asks for it.

    ``name`` is that in the workspace, or the path of a city.toml; ``stamp`` changes when one of its files or of the
    workspace's plug-ins does, so that no answer outlives what it was computed from; ``asker`` is who asks: answers that
    depend on what a person may see are kept apart by it.
    """

    name: str
    stamp: str = ""
    asker: str = ""


def city_request(name: str) -> CityRequest:
    """A city by its name in the workspace or the path of its city.toml, as its files stand now.

    Raises
    ------
    CivicastError
        When there is no such city, or its file cannot be read.
    """
    path = find_city(name)
    return CityRequest(str(path.resolve()), stamp=stamp_of(path) + plugins_stamp())


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


@dataclass(frozen=True)
class SeriesRequest(Request):
    """A series of a city, or one of its areas (None is the whole), as it was known at ``cutoff`` (None is now)."""

    city: CityRequest
    _: KW_ONLY
    series: str
    cutoff: pd.Timestamp | None = None
    area: str | None = None

    def answer(self, city: City) -> Series:
        """The series."""
        known = _known(city.series[self.series], self.cutoff)
        return known.select(areas=(self.area,)) if self.area else known


@dataclass(frozen=True)
class ForecastRequest(Request):
    """A forecast: so many periods ahead of ``cutoff`` (None is now), by a model (None is the one that did best).

    ``reason`` says why the model was chosen by hand. ``slow`` measures slow models too; ``reconcile`` makes areas, their
    parents and the city add up; ``keep`` stores what is predicted now, to be scored when its periods have come.
    """

    city: CityRequest
    _: KW_ONLY
    series: str
    horizon: int = 28
    cutoff: pd.Timestamp | None = None
    model: str | None = None
    reason: str = ""
    slow: bool = False
    reconcile: bool = False
    keep: bool = False
    seed: int = 0

    def history(self, city: City) -> Series:
        """What is known at the cutoff."""
        return _known(city.series[self.series], self.cutoff)

    def answer(self, city: City, *, progress: Progress = quiet) -> Forecast:
        """The forecast.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Forecast
            With the levels that pages, exports and the command line show.
        """
        series = self.history(city)
        return forecast(
            series, horizon=self.horizon, quantiles=QUANTILES, model=self.model, slow=self.slow,
            parents=_parents(city, series) if self.reconcile else None, reason=self.reason, keep=self.keep,
            seed=self.seed, progress=progress,
        )  # fmt: skip

    def rests_on_the_backtests_of(self, other: ForecastRequest) -> bool:
        """Whether both choose among the same backtests, so that a new one makes both forecasts old."""

        def plain(each: ForecastRequest) -> ForecastRequest:
            return replace(each, model=None, reason="", keep=False, seed=0)

        return plain(self) == plain(other)


@dataclass(frozen=True)
class MapRequest(Request):
    """A hotspot map of incidents (or of the congestion in a series), of one category (None is all) in a part of the week.

    It looks ``horizon_days`` ahead of ``as_of``, the first day that is not known (None is the day after the newest).
    ``cells`` of ``cell_size`` metres: None is squares, or areas for congestion. ``method`` None is the one that did best
    in past ``windows``; ``slow`` judges slow methods too.
    """

    city: CityRequest
    _: KW_ONLY
    incidents: str
    category: str | None = None
    part: PartOfWeek = WHOLE_WEEK
    as_of: pd.Timestamp | None = None
    horizon_days: int = 28
    cells: str | None = None
    cell_size: float = 200.0
    windows: int = 12
    method: str | None = None
    slow: bool = False
    seed: int = 0

    def subject(self, city: City) -> Incidents:
        """What is mapped: all of it, not only the category and the part of the week."""
        return subject_of(city, self.incidents)

    def answer(self, city: City, *, progress: Progress = quiet) -> Hotspots:
        """The map.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Hotspots
            With its scores on later data.
        """
        return find_hotspots(
            self.subject(city), horizon_days=self.horizon_days, cell_size=self.cell_size, cell_kind=self.cells,
            network=next(iter(city.networks.values()), None), windows=self.windows, method=self.method,
            category=self.category, part=self.part, as_of=self.as_of, slow=self.slow, seed=self.seed, progress=progress,
        )  # fmt: skip


@dataclass(frozen=True)
class AuditRequest(Request):
    """The audit of a map at a share of the area (0.05 is 5 %)."""

    map: MapRequest
    _: KW_ONLY
    share: float

    def answer(self, city: City, *, hotspots: Hotspots | None = None, progress: Progress = quiet) -> Audit:
        """The audit, with the second source where the city names one.

        Parameters
        ----------
        city : the city of the map, opened.
        hotspots : the map, where it is drawn already.
        progress : told how far it is.

        Returns
        -------
        Audit
            Who is exposed, what reporting hides, what feedback does.
        """
        begun = 0.0 if hotspots is not None else 0.3  # drawing the map takes about a third of the time
        found = hotspots or self.map.answer(city, progress=lambda done, doing: progress(begun * done, doing))
        second = city.incidents.get(found.incidents.second_source or "")
        return audit_hotspots(
            found, share=self.share, second=second,
            progress=lambda done, doing: progress(begun + (1 - begun) * done, doing),
        )  # fmt: skip


@dataclass(frozen=True)
class ComparisonRequest(Request):
    """Options over the same futures; the first is the baseline.

    ``question`` is what is decided (None: whatever the engines can tell whose levers are named), ``subject`` the table that
    it is about (None: the first of its kind), ``terms`` what is assumed for all options and what counts. ``series`` None is
    the subject's, else the city's first. The study has ``periods`` of ``freq`` (None: the question's, else 12, and the
    frequency that suits the series) and ``draws`` paired futures.
    """

    city: CityRequest
    _: KW_ONLY
    scenarios: tuple[Scenario, ...]
    question: str | None = None
    subject: str | None = None
    terms: Terms = ON_NO_TERMS
    series: str | None = None
    periods: int | None = None
    freq: str | None = None
    draws: int = 500
    seed: int = 0

    def answer(self, city: City, *, progress: Progress = quiet) -> Comparison:
        """The comparison.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Comparison
            Differences, bands, probabilities and verdicts.
        """
        return compare(
            city, self.scenarios, question=self.question, subject=self.subject, terms=self.terms, series=self.series,
            periods=self.periods, freq=self.freq, draws=self.draws, seed=self.seed, progress=progress,
        )  # fmt: skip


@dataclass(frozen=True)
class SuggestRequest(Request):
    """Plans for a question about a subject (None: the first of its kind), as the ``ask`` wants them."""

    city: CityRequest
    _: KW_ONLY
    question: str
    ask: Ask = USUAL_ASK
    subject: str | None = None
    region: Region | None = None
    draws: int = 500
    seed: int = 0

    def answer(self, city: City, *, progress: Progress = quiet) -> Suggestions:
        """The plans.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Suggestions
            The best first, with how each was found.
        """
        return suggest(
            city, self.question, self.ask, subject=self.subject, region=self.region, draws=self.draws, seed=self.seed,
            progress=progress,
        )  # fmt: skip


def _known(series: Series, cutoff: pd.Timestamp | None) -> Series:
    return series if cutoff is None else series.until(cutoff)


def _parents(city: City, series: Series) -> dict[str, str]:
    """The parent of each area of the series; {} where its layer has none."""
    layer = city.areas[series.layer].frame
    return layer["parent_id"].astype(str).to_dict() if "parent_id" in layer else {}
