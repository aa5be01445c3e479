"""What an engine is: it turns levers, and what other engines wrote, into measures by draw."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import xarray as xr

from analytics.parallel import Progress
from analytics.results import Caveat
from analytics.scenarios.measure import Measure
from analytics.scenarios.study import Question, Scenario, Study
from analytics.scenarios.values import Choice, Kind, Named, Number, Schedule, Value
from analytics.streams import Streams
from data import City, Provenance
from data.words import Words

__all__ = [
    "Answers", "Ask", "Declaration", "Drawn", "Draws", "Engine", "Evidence", "Lever", "Objective", "Prepares", "Stamped",
    "Suggestion", "Suggests", "Uncertainty",
]  # fmt: skip


@dataclass(frozen=True)
class Lever:
    """Something that we choose, named by its subject (``population.growth``).

    ``kind`` says what it may hold, and so how a file writes it, how it is checked and which widget moves it. ``unit``
    "share" is written in per cent. ``default`` None is what the kind says at rest: today. ``seen`` is the range that the
    city's own history shows, (0, 0) where nothing ever moved, or None where history does not speak of it. ``costs`` names
    the measure that it spends, where there is one. A ``circumstance`` (growth, prices, weather) is not ours to choose: it is
    assumed for all options alike, today included, unless an option names it among its own levers as a plan. What ``spills``
    changes other areas too where it is moved in one, as traffic does.
    """

    name: str
    title: Words
    description: Words
    unit: Words
    kind: Kind
    default: Value | None = None
    seen: tuple[float, float] | None = None
    costs: str = ""
    circumstance: bool = False
    spills: bool = False

    @property
    def rest(self) -> Value:
        """What it is where nothing is said."""
        if self.default is None:
            return self.kind.rest
        return self.kind.read(self.default, named=Named(self.title, self.name, self.unit))

    def read(self, value: Any, *, scenario: Words) -> Value:
        """The value that a scenario sets it to; None is at rest.

        Parameters
        ----------
        value : from a file, a link or a caller.
        scenario : whose value it is, for the sentence that refuses it.

        Returns
        -------
        A value of the lever's kind.

        Raises
        ------
        ScenarioError
            When the lever cannot hold it.
        """
        rest = self.rest
        return rest if value is None else self.kind.read(value, named=Named(scenario, self.name, self.unit, rest))

    def moves(self, value: Value) -> bool:
        """Whether a value differs anywhere from rest."""
        if isinstance(self.kind, Choice):
            return value != self.rest
        resting = self.kind.numbers(self.rest)
        numbers = self.kind.numbers(value)
        resting = resting * len(numbers) if len(resting) == 1 else resting
        return numbers != resting

    def shown(self, value: Value) -> Words:
        """A value as people read it."""
        if isinstance(self.kind, Schedule):
            return self.kind.shown(value, self.unit, rest=self.kind.numbers(self.rest))
        return self.kind.shown(value, self.unit)


@dataclass(frozen=True)
class Uncertainty:
    """Something that we assume; without a value it is estimated from the data, with its own uncertainty."""

    name: str
    title: Words
    low: float
    high: float

    def read(self, value: Any, *, scenario: Words) -> float | None:
        """What a scenario assumes; None is to be estimated.

        Parameters
        ----------
        value : from a file or a caller.
        scenario : whose value it is, for the sentence that refuses it.

        Returns
        -------
        A number within bounds, or None.
        """
        return None if value is None else Number(self.low, self.high).read(value, named=Named(scenario, self.name))


@dataclass(frozen=True, eq=False)
class Drawn:
    """Something that an engine draws anew in each future, as people would speak of it.

    ``values`` are its own, by draw, in its ``unit``. Where it hangs on one normal alone, ``stream`` is the component and entity
    of that: it can then be fixed. What is also an ``Uncertainty`` has its name, and is fixed by assuming a value. ``errand``
    is how one would find out more about it, as an order that somebody could be given.
    """

    name: str
    title: Words
    unit: Words
    values: xr.DataArray
    errand: Words
    stream: tuple[str, str] | None = None


@dataclass(frozen=True)
class Evidence:
    """What an engine's results rest on: facts for the caveats, caveats of its parts, and tables."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    caveats: tuple[Caveat, ...] = ()
    made_from: tuple[Provenance, ...] = ()


@dataclass(frozen=True)
class Declaration:
    """All that an engine declares for a study.

    ``reads`` names measures of other engines, ``writes`` are its own.
    """

    levers: tuple[Lever, ...] = ()
    uncertainties: tuple[Uncertainty, ...] = ()
    reads: tuple[str, ...] = ()
    writes: tuple[Measure, ...] = ()


@dataclass(frozen=True)
class Ask:
    """What plans are wanted: at most ``most``, that do well by an objective of the engine ("" is its first).

    ``budget`` is what a plan may cost more than today a year, in the city's money; ``least`` the chance with which a plan
    must meet the city's own target, where the engine knows one; ``group`` names a group of people by whose need areas are
    weighed, and ``region`` the areas that the plan is for (none: all).
    """

    objective: str = ""
    most: int = 3
    budget: float | None = None
    least: float | None = None
    group: str = ""
    region: tuple[str, ...] = ()
    size: int | None = None


@dataclass(frozen=True)
class Objective:
    """What a plan may be good at: ``coverage``, say, and how people call that.

    ``by_need`` is whether an ``Ask`` of it may name a group by whose people areas are weighed.
    """

    name: str
    title: Words
    by_need: bool = True


@dataclass(frozen=True)
class Suggestion:
    """A plan that an engine proposes for people to compare; it decides nothing.

    ``found_by`` says how it was found. ``gap`` is how far, as a share of its value, it may lie from the best that there is:
    0 is proven to be the best, None where nobody knows. ``near_ties`` are plans that are about as good. ``cheapest`` marks
    the plan that costs least of those that change something.
    """

    scenario: Scenario
    found_by: Words
    gap: float | None = None
    near_ties: tuple[Scenario, ...] = ()
    cheapest: bool = False


@runtime_checkable
class Engine(Protocol):
    """The contract of an engine; ``engines/_template.py`` fills it in, ``scenarios/checks/`` tries it.

    It asks the study for its tables (``study.table``), so that its results are kept for as long as those stay the same.
    """

    @property
    def name(self) -> str:
        """A lower-case Python name."""

    @property
    def title(self) -> Words:
        """What people call it."""

    @property
    def version(self) -> str:
        """Another whenever the answers change: results are kept by it."""

    @property
    def limits(self) -> Sequence[Words]:
        """What it cannot do, in whole sentences."""

    @property
    def inputs(self) -> Sequence[Words]:
        """What it is made from."""

    def applies(self, city: City) -> Words | None:
        """Nothing where the city has what it needs, else the sentence that says what is missing and how to add it."""

    def declare(self, study: Study) -> Declaration:
        """Its levers and measures for a study; called once a study, and without effect on any."""

    def run(
        self,
        study: Study,
        levers: Mapping[str, Any],
        uncertainties: Mapping[str, Any],
        upstream: Mapping[str, xr.DataArray],
        streams: Streams,
    ) -> dict[str, xr.DataArray]:
        """Each measure that it writes, as floats with a ``draw`` dimension and the measure's own.

        Parameters
        ----------
        study : the city, its time and the tables.
        levers : every declared lever with its value (see ``values.Value``).
        uncertainties : what is assumed of each declared uncertainty; None is to be estimated.
        upstream : what it reads, not to be written into.
        streams : the only source of randomness, keyed by component and entity.

        Returns
        -------
        One array a measure, without NaN.
        """

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        """What its results rest on.

        Parameters
        ----------
        study : the city, its time and the tables.
        moved : the levers that some option moves; where options are compared, a mapping to their values by option.
        assumed : the uncertainties that all options assume.

        Returns
        -------
        Caveats, tables and what was estimated.
        """


@runtime_checkable
class Prepares(Protocol):
    """An engine with long work that no lever changes, such as fitting."""

    def prepare(self, study: Study, *, progress: Progress) -> None:
        """That work; called once before the options run, and where ``progress`` may stop it.

        Parameters
        ----------
        study : the city, its time and the tables.
        progress : told how far the work is; what it raises stops the work.
        """


@runtime_checkable
class Draws(Protocol):
    """An engine that says what it draws, so that one can ask which of it decides."""

    @property
    def components(self) -> Collection[str]:
        """The components of all streams that it draws from: where others are fixed, its results stay as they were."""

    def drawn(self, study: Study, outcomes: Mapping[str, xr.DataArray], streams: Streams) -> tuple[Drawn, ...]:
        """What matters of that which it draws.

        Parameters
        ----------
        study : the city, its time and the tables.
        outcomes : the measures of an option, its own and those that it reads among them.
        streams : as they are given to ``run``.

        Returns
        -------
        One entry for each thing that people would name.
        """


@runtime_checkable
class Stamped(Protocol):
    """An engine whose declaration depends on something beside the city's tables, such as what was kept in the workspace."""

    def stamp(self) -> str:
        """Another whenever that is another."""


@runtime_checkable
class Answers(Protocol):
    """An engine with questions of its own, known before any city is."""

    @property
    def questions(self) -> Sequence[Question]:
        """What officials decide with it."""


@runtime_checkable
class Suggests(Protocol):
    """An engine that proposes plans."""

    @property
    def objectives(self) -> Sequence[Objective]:
        """What its plans may be good at, the usual one first."""

    def suggest(self, study: Study, ask: Ask, *, progress: Progress) -> tuple[Suggestion, ...]:
        """Plans that do well, the best first; each holds only values that its levers can hold.

        Parameters
        ----------
        study : the city, its time and the tables.
        ask : what is wanted.
        progress : told how far it is, and where the work may be stopped.

        Returns
        -------
        At most as many as were asked for.
        """


@runtime_checkable
class Observes(Protocol):
    """An engine that can tell later what its measures came to."""

    @property
    def observes(self) -> Sequence[str]:
        """The names of the measures that later data tell."""

    def observed(self, study: Study) -> Mapping[str, xr.DataArray]:
        """What measures were over a study's periods, by what the city's tables hold since.

        Parameters
        ----------
        study : whose periods lie in the past of its city.

        Returns
        -------
        Measures with their own dimensions, without ``draw``; only those that are wholly observed.
        """
