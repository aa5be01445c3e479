"""What a lever may hold: a number, a number a key, a set of ids or a number for each slot of the week or year.

The kind of a lever's value decides how it is written in a scenario file, how it is checked and which widget moves it.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from analytics.errors import ScenarioError
from analytics.scenarios.amounts import SHARE, amount
from data.words import Sentence, Words

__all__ = ["HOURS_OF_WEEK", "MONTHS", "Choice", "Kind", "Named", "Number", "PerKey", "Schedule", "Value"]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS_OF_WEEK = tuple(f"{day}-{hour:02d}" for day in DAYS for hour in range(24))
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ROUNDING = 1e-6  # of a step: what a value may miss it by after it was written as a decimal

Value = float | dict[str, float] | tuple[str, ...] | tuple[float, ...]
"""What a lever is set to: a number, a number a key, ids in the order of the candidates, or a number a slot."""


@dataclass(frozen=True)
class Named:
    """What a value belongs to, for the sentence that refuses it, and what the lever is where nothing is said."""

    scenario: Words
    lever: str
    unit: Words = ""
    rest: Value | None = None


@dataclass(frozen=True)
class Number:
    """A number from ``low`` to ``high``; with a ``step`` only ``low``, ``low + step`` and so on (0: any)."""

    holds: ClassVar[str] = "number"
    low: float
    high: float
    step: float = 0.0

    @property
    def rest(self) -> float:
        """What it is where nothing is said: 0, or the bound that is nearest to it."""
        return min(max(0.0, self.low), self.high)

    def read(self, value: Any, *, named: Named) -> float:
        """The number that was written.

        Parameters
        ----------
        value : from a scenario file, a link or a caller.
        named : the scenario and the lever.

        Returns
        -------
        Within bounds, on a step.

        Raises
        ------
        ScenarioError
            When it is no number, out of bounds or between two steps.
        """
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            code = "not_a_share" if named.unit in (SHARE, "") else "not_a_number"
            raise ScenarioError(code, scenario=named.scenario, name=named.lever, value=value, unit=named.unit)
        evidence: dict[str, Any] = {"scenario": named.scenario, "name": named.lever}
        evidence |= {"low": amount(self.low, named.unit), "high": amount(self.high, named.unit)}
        evidence["value"] = amount(float(value), named.unit)
        if not self.low <= value <= self.high:
            raise ScenarioError("out_of_bounds", **evidence)
        if self.step and abs((value - self.low) / self.step - round((value - self.low) / self.step)) > ROUNDING:
            raise ScenarioError("between_steps", **evidence, step=amount(self.step, named.unit))
        return float(value)

    def numbers(self, value: Any) -> tuple[float, ...]:
        """The numbers in a value."""
        return (float(value),)

    def plain(self, value: Any) -> Any:
        """The value as a scenario file writes it."""
        return value

    def shown(self, value: Any, unit: Words) -> Words:
        """The value as people read it.

        Parameters
        ----------
        value : as `read` gives it.
        unit : of the lever.

        Returns
        -------
        A sentence, or text that people gave.
        """
        return amount(float(value), unit)

    def edges(self) -> tuple[Any, ...]:
        """The values at its bounds."""
        return (self.low, self.high)


@dataclass(frozen=True)
class PerKey:
    """One number for all keys (areas, categories, sites), or one for each key that is named; the others rest.

    ``key_kind`` is what the keys are: "area", "category" or "site". With ``apart`` each key has a widget of its own.
    """

    holds: ClassVar[str] = "per_key"
    low: float
    high: float
    step: float = 0.0
    keys: tuple[str, ...] = ()
    key_kind: str = ""
    apart: bool = False

    @property
    def each(self) -> Number:
        """What one key may hold."""
        return Number(self.low, self.high, self.step)

    @property
    def rest(self) -> float:
        """What it is where nothing is said."""
        return self.each.rest

    def read(self, value: Any, *, named: Named) -> float | dict[str, float]:
        """One number, or one a key.

        Parameters
        ----------
        value : from a scenario file, a link or a caller.
        named : the scenario and the lever.

        Returns
        -------
        One number, or number by key.

        Raises
        ------
        ScenarioError
            When a key is unknown or a number does not fit.
        """
        if not isinstance(value, Mapping):
            return self.each.read(value, named=named)
        for key in value:
            _known(str(key), self.keys, code="unknown_lever_key", kind=self.key_kind or "key", named=named)
        inside = {str(key): Named(named.scenario, f"{named.lever}.{key}", named.unit) for key in value}
        return {str(key): self.each.read(each, named=inside[str(key)]) for key, each in value.items()}

    def numbers(self, value: Any) -> tuple[float, ...]:
        """The numbers in a value."""
        return tuple(value.values()) if isinstance(value, Mapping) else (float(value),)

    def plain(self, value: Any) -> Any:
        """The value as a scenario file writes it."""
        return dict(value) if isinstance(value, Mapping) else value

    def shown(self, value: Any, unit: Words) -> Words:
        """The value as people read it.

        Parameters
        ----------
        value : as `read` gives it.
        unit : of the lever.

        Returns
        -------
        A sentence, or text that people gave.
        """
        if not isinstance(value, Mapping):
            return amount(float(value), unit)
        parts = [Sentence("amounts.of_key", {"value": amount(each, unit), "key": key}) for key, each in value.items()]
        return Sentence("amounts.all_of", {"parts": parts})

    def edges(self) -> tuple[Any, ...]:
        """The values at its bounds, for all keys and for one."""
        return (self.low, self.high, *({self.keys[-1]: each} for each in (self.low, self.high) if self.keys))


@dataclass(frozen=True)
class Choice:
    """A set of ids among candidates, ``at_least`` so many and ``at_most`` (None: all).

    ``labels`` is what people call the candidates, in their order, where no table says that.
    """

    holds: ClassVar[str] = "choice"
    candidates: tuple[str, ...]
    at_least: int = 0
    at_most: int | None = None
    labels: tuple[Words, ...] = ()

    @property
    def names(self) -> dict[str, Words]:
        """Labels by candidate; {} where there are none."""
        return dict(zip(self.candidates, self.labels, strict=True)) if self.labels else {}

    @property
    def most(self) -> int:
        """How many may be chosen."""
        return len(self.candidates) if self.at_most is None else min(self.at_most, len(self.candidates))

    @property
    def rest(self) -> tuple[str, ...]:
        """What it is where nothing is said: the first candidates, as few as may be."""
        return self.candidates[: self.at_least]

    def read(self, value: Any, *, named: Named) -> tuple[str, ...]:
        """The ids that were chosen, in the order of the candidates.

        Parameters
        ----------
        value : a list, tuple or set of ids.
        named : the scenario and the lever.

        Returns
        -------
        Ids without repetition.

        Raises
        ------
        ScenarioError
            When it is no set, names an unknown id, or holds too many or too few.
        """
        evidence = {"scenario": named.scenario, "name": named.lever, "examples": list(self.candidates[:5])}
        if not isinstance(value, list | tuple | set | frozenset):
            raise ScenarioError("not_a_choice", value=value, **evidence)
        for each in value:
            _known(str(each), self.candidates, code="unknown_choice", kind="id", named=named)
        chosen = {str(each) for each in value}
        if not self.at_least <= len(chosen) <= self.most:
            raise ScenarioError("wrong_count", n=len(chosen), least=self.at_least, most=self.most, **evidence)
        return tuple(each for each in self.candidates if each in chosen)

    def numbers(self, value: Any) -> tuple[float, ...]:
        """None: an id is no number."""
        return ()

    def plain(self, value: Any) -> Any:
        """The value as a scenario file writes it."""
        return list(value)

    def shown(self, value: Any, unit: Words) -> Words:
        """The value as people read it.

        Parameters
        ----------
        value : as `read` gives it.
        unit : of the lever.

        Returns
        -------
        A sentence, or text that people gave.
        """
        names = self.names
        parts = [names.get(each, each) for each in value]
        return Sentence("amounts.all_of", {"parts": parts}) if value else Sentence("amounts.none_of")

    def edges(self) -> tuple[Any, ...]:
        """As few and as many as may be."""
        return (list(self.candidates[: self.at_least]), list(self.candidates[: self.most]))


@dataclass(frozen=True)
class Schedule:
    """A number for each slot: ``HOURS_OF_WEEK`` (mon-00 to sun-23), ``MONTHS`` (jan to dec) or others.

    A scenario file writes one number for all slots, a list of all, or a table of those that do not rest.
    """

    holds: ClassVar[str] = "schedule"
    low: float
    high: float
    slots: tuple[str, ...] = HOURS_OF_WEEK
    step: float = 0.0

    @property
    def each(self) -> Number:
        """What one slot may hold."""
        return Number(self.low, self.high, self.step)

    @property
    def rest(self) -> tuple[float, ...]:
        """What it is where nothing is said."""
        return (self.each.rest,) * len(self.slots)

    def read(self, value: Any, *, named: Named) -> tuple[float, ...]:
        """A number for each slot.

        Parameters
        ----------
        value : one number, a list of all or a table of some.
        named : the scenario and the lever.

        Returns
        -------
        One number a slot, in their order.

        Raises
        ------
        ScenarioError
            When a slot is unknown, a list is too long or too short, or a number does not fit.
        """
        if isinstance(value, Mapping):
            for slot in value:
                _known(str(slot), self.slots, code="unknown_lever_key", kind="slot", named=named)
            resting = named.rest if isinstance(named.rest, tuple) else self.rest
            written: Sequence[Any] = [value.get(slot, rest) for slot, rest in zip(self.slots, resting, strict=True)]
        elif isinstance(value, list | tuple):
            written = value
        else:
            written = [value] * len(self.slots)
        if len(written) != len(self.slots):
            evidence = {"n": len(written), "wanted": len(self.slots)}
            raise ScenarioError("wrong_slots", scenario=named.scenario, name=named.lever, **evidence)
        within = [Named(named.scenario, f"{named.lever}.{slot}", named.unit) for slot in self.slots]
        return tuple(self.each.read(each, named=name) for each, name in zip(written, within, strict=True))

    def numbers(self, value: Any) -> tuple[float, ...]:
        """The numbers in a value."""
        return tuple(value) if isinstance(value, list | tuple) else (float(value),)

    def plain(self, value: Any) -> Any:
        """The value as a scenario file writes it."""
        return list(value) if isinstance(value, list | tuple) else value

    def shown(self, value: Any, unit: Words, *, rest: Sequence[float] | None = None) -> Words:
        """The value as people read it: its range, and in how many slots it does not rest.

        Parameters
        ----------
        value : as `read` gives it.
        unit : of the lever.
        rest : the numbers at rest.

        Returns
        -------
        A sentence.
        """
        numbers = self.numbers(value)
        least, most = min(numbers), max(numbers)
        if least == most:
            return amount(least, unit)
        moved = sum(each != resting for each, resting in zip(numbers, rest or self.rest, strict=False))
        # One unit is enough for both ends; of a share each has its sign.
        evidence = {"low": amount(least, unit if unit == SHARE else ""), "high": amount(most, unit), "moved": moved}
        slots = {HOURS_OF_WEEK: "hours", MONTHS: "months"}.get(self.slots, "slots")
        return Sentence(f"amounts.schedule_{slots}", evidence)

    def edges(self) -> tuple[Any, ...]:
        """The values at its bounds, in all slots and in one."""
        return (self.low, self.high, {self.slots[-1]: self.high})


Kind = Number | PerKey | Choice | Schedule


def _known(key: str, known: Sequence[str], *, code: str, kind: str, named: Named) -> None:
    if key not in known:
        near = difflib.get_close_matches(key, known, n=1) or list(known[:5])
        words = Sentence(f"key_kinds.{kind}")
        raise ScenarioError(code, scenario=named.scenario, name=named.lever, key=key, kind=words, examples=near)
