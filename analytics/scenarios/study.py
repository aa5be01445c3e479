"""What is asked: an option, a question, and the city and time in which options are compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import pandas as pd

from analytics.errors import ScenarioError
from analytics.streams import Streams
from data import City, Region, Series
from data.frequency import Frequency
from data.words import Words

__all__ = ["Asked", "Question", "Scenario", "Study", "Terms", "at_frequency", "frequencies_of", "record", "recorded"]

Asked = tuple[str, str, str]
"""A table that was asked for: its kind, its name, and a mark that changes with its content ("" where there is none)."""

# A real rate for costs and benefits in the prices of one year, OMB Circular A-4 (2003); a city's own rules may name another.
DISCOUNT_RATE = 0.03
APPRAISAL_YEARS = 10

# By table, not by content: a table that is read anew is another.
_AT_FREQUENCY: WeakKeyDictionary[Series, dict[Frequency, Series]] = WeakKeyDictionary()
_LOCK = Lock()

_ASKED: ContextVar[list[Asked] | None] = ContextVar("asked", default=None)


@dataclass(frozen=True)
class Scenario:
    """An option: the levers that we choose and the uncertainties that we assume.

    A lever is set to what its kind holds (see ``values``): a number, a number per area (``{"A17": 0.1}``), a set of ids
    or a number for each slot, under its subject's name (``population.growth``). No levers means today.
    """

    name: str
    levers: Mapping[str, Any] = field(default_factory=dict)
    uncertainties: Mapping[str, Any] = field(default_factory=dict)
    rationale: str = ""


@dataclass(frozen=True)
class Question:
    """What an official decides: the engines that answer it, the levers it offers and the measure that it turns on.

    Without ``levers`` all of its engines' are offered. Those in ``conditional`` are declared only where a city has what they
    move: a corridor, say. ``periods`` of ``freq`` is how far it looks. ``subject`` is the kind of table that it is about: one
    of several sets of sites, say, is chosen by its name.
    """

    name: str
    title: Words
    engines: tuple[str, ...]
    primary: str
    levers: tuple[str, ...] = ()
    periods: int = 12
    freq: Frequency = Frequency.MONTH
    subject: str = "series"
    conditional: tuple[str, ...] = ()


@dataclass(frozen=True)
class Terms:
    """The terms on which options are compared: what is assumed for all of them alike, and what counts.

    Parameters
    ----------
    circumstances : levers of circumstance (growth, prices) by name, for every option that does not name them as its plan.
    region : the areas that measures are told for; None is all.
    budget : what an option may cost more than the baseline a year, in the city's money.
    worth : for a measure, what one unit gained is worth in the city's money: a year, or of what is added up over periods
        each; only where people have stated it.
    discount_rate : a year; 0.03 is 3 %.
    appraisal_years : over how many years money is counted.
    later_rates : from which years on other rates hold, as ``((31, 0.03), (76, 0.025))``.
    """

    circumstances: Mapping[str, Any] = field(default_factory=dict)
    region: Region | None = None
    budget: float | None = None
    worth: Mapping[str, float] = field(default_factory=dict)
    discount_rate: float = DISCOUNT_RATE
    appraisal_years: int = APPRAISAL_YEARS
    later_rates: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Study:
    """The frame in which options are compared: all of them meet the same futures.

    ``start`` is the first period after what is known, ``freq`` the length of a period. ``about`` says which table of a kind
    is studied where the question leaves it open, that of the question first: ``{"series": "requests"}``. ``baseline``,
    ``primary`` and ``matters`` (measure -> smallest difference that matters, a share of the baseline) only judge, and so do
    the ``terms``. ``question`` names what is decided. ``fixed`` holds streams that have one standard normal in every draw
    (see ``Streams``), each of which an engine says that it draws.
    """

    city: City
    start: pd.Timestamp
    periods: int
    freq: Frequency
    draws: int = 500
    seed: int = 0
    about: Mapping[str, str] = field(default_factory=dict)
    baseline: str = ""
    primary: str = ""
    matters: Mapping[str, float] = field(default_factory=dict)
    question: str = ""
    terms: Terms = field(default_factory=Terms)
    fixed: tuple[tuple[str, str, float], ...] = ()

    def table(self, kind: str, name: str = "") -> Any:
        """A table of the city; a series at the study's frequency.

        Parameters
        ----------
        kind : as the city calls it: "areas", "series", "drivers", "incidents", "requests", "networks", "sites", "costs" ...
        name : of the table; "" is the one that is studied.

        Returns
        -------
        As the city opens it; that it was asked for is recorded.

        Raises
        ------
        ScenarioError
            When the city has none of the name.
        """
        wanted = name or self.about.get(kind, "")
        found = self.find(kind, wanted)
        if found is None:
            raise ScenarioError("no_study_table", city=self.city.name, kind=kind, name=wanted, names=self.names(kind))
        return found

    def find(self, kind: str, name: str) -> Any | None:
        """A table of the city as ``table`` gives it, or None where there is none of the name.

        Parameters
        ----------
        kind : as the city calls it.
        name : of the table.

        Returns
        -------
        As `table`.
        """
        found = self.city.of(kind).get(name)
        record((kind, name, _mark(found)))
        return self._at_own_frequency(found) if kind == "series" and found is not None else found

    def names(self, kind: str) -> tuple[str, ...]:
        """The names of the city's tables of a kind."""
        names = tuple(self.city.of(kind))
        record((kind, "", repr(names)))
        return names

    def mark(self, kind: str, name: str) -> str:
        """What a table would be recorded as today; the names of all where ``name`` is "".

        Parameters
        ----------
        kind : as the city calls it.
        name : of the table.

        Returns
        -------
        A fingerprint, or names.
        """
        tables = self.city.of(kind)
        return _mark(tables.get(name)) if name else repr(tuple(tables))

    def _at_own_frequency(self, series: Series) -> Series:
        if series.freq == self.freq:
            return series
        if self.freq not in frequencies_of(series):
            allowed = list(frequencies_of(series))
            raise ScenarioError("bad_frequency", series=series.title, freq=self.freq, allowed=allowed)
        return at_frequency(series, self.freq)

    @property
    def title(self) -> Words:
        """The title of the table that the question is about, or of the city."""
        kind, name = next(iter(self.about.items()), ("", ""))
        table = self.city.of(kind).get(name)
        return self.city.name if table is None else table.title

    @property
    def years(self) -> int:
        """The study's length in whole years, at least one."""
        return max(1, round(self.periods / self.freq.year))

    @cached_property
    def streams(self) -> Streams:
        """The random streams of this study."""
        return Streams(seed=self.seed, draws=self.draws, fixed=self.fixed)

    @property
    def index(self) -> pd.DatetimeIndex:
        """The start of each period."""
        return pd.date_range(self.start, periods=self.periods, freq=self.freq, name="period")


def frequencies_of(series: Series) -> tuple[Frequency, ...]:
    """The lengths of period that a series can be studied by: its own, and months where it has no longer ones."""
    longer = () if series.freq is Frequency.YEAR else (Frequency.MONTH,)
    return tuple(dict.fromkeys((series.freq, *longer)))


def at_frequency(series: Series, freq: Frequency) -> Series:
    """A series by longer periods, made once for as long as the series is in use.

    Parameters
    ----------
    series : of the city.
    freq : one of `frequencies_of` the series.

    Returns
    -------
    Series
        The same table, by the other periods.
    """
    with _LOCK:
        made = _AT_FREQUENCY.setdefault(series, {})
        if freq not in made:
            made[freq] = series.to_frequency(freq)
        return made[freq]


@contextmanager
def recorded() -> Iterator[list[Asked]]:
    """The tables that studies are asked for while the context lasts."""
    asked: list[Asked] = []
    token = _ASKED.set(asked)
    try:
        yield asked
    finally:
        _ASKED.reset(token)


def record(asked: Asked) -> None:
    """Note a table that was asked for, where that is recorded."""
    known = _ASKED.get()
    if known is not None and asked not in known:
        known.append(asked)


def _mark(table: Any | None) -> str:
    """Content and form of a table; its title is no part of it."""
    if table is None:
        return ""
    form = [getattr(table, name, None) for name in ("layer", "unit", "freq", "value_type")]
    return repr((table.provenance.fingerprint, *form))
