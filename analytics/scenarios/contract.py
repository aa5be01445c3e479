"""What an engine is: it turns levers, and what other engines wrote, into measures by draw."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

import xarray as xr

from analytics.results import Caveat
from analytics.scenarios.measure import Measure
from analytics.scenarios.study import Study
from analytics.streams import Streams
from data import City, Provenance

__all__ = ["Engine", "Evidence", "Lever", "Uncertainty"]


@dataclass(frozen=True)
class Lever:
    """Something that we choose, named by its subject (``population.growth``).

    A value is a number between ``low`` and ``high``; where ``keys`` are given (areas or categories, said by ``key_kind``)
    it may also be one number a key. ``seen`` is the range that the city's own history shows, (0, 0) where nothing ever
    moved, or None where history does not speak of it.
    ``unit`` "share" is written in per cent.
    """

    name: str
    title: str
    description: str
    unit: str
    low: float
    high: float
    default: float = 0.0
    seen: tuple[float, float] | None = None
    keys: tuple[str, ...] = ()
    key_kind: Literal["", "area", "category"] = ""


@dataclass(frozen=True)
class Uncertainty:
    """Something that we assume; without a value it is estimated from the data, with its own uncertainty."""

    name: str
    title: str
    low: float
    high: float


@dataclass(frozen=True)
class Evidence:
    """What an engine's results rest on: facts for the caveats, caveats of its parts, and tables."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    caveats: tuple[Caveat, ...] = ()
    made_from: tuple[Provenance, ...] = ()


@runtime_checkable
class Engine(Protocol):
    """The contract of an engine; ``engines/_template.py`` fills it in.

    An engine with long work that no lever changes, such as fitting, may also have ``prepare(study, *, progress)``: it is
    called once before the options run, and is where ``progress`` may stop the work.
    """

    name: str
    title: str
    version: str
    limits: Sequence[str]
    inputs: Sequence[str]

    def levers(self, study: Study) -> tuple[Lever, ...]:
        """The levers that this engine declares for a city and series."""

    def uncertainties(self, study: Study) -> tuple[Uncertainty, ...]:
        """What may be assumed instead of estimated."""

    def reads(self, city: City) -> tuple[str, ...]:
        """The names of the measures that it needs from other engines."""

    def writes(self, study: Study) -> tuple[Measure, ...]:
        """The measures that it computes."""

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        """What its results rest on when some option moves the levers ``moved`` and all assume the uncertainties ``assumed``."""

    def run(
        self,
        study: Study,
        levers: Mapping[str, Any],
        uncertainties: Mapping[str, Any],
        upstream: Mapping[str, xr.DataArray],
        streams: Streams,
    ) -> dict[str, xr.DataArray]:
        """Each measure as float32 with a ``draw`` dimension and only its own other dimensions.

        ``levers`` holds every declared lever: a number, or one number a key where the lever has keys.
        """
