"""What may turn out otherwise than a comparison takes it: circumstances, what engines assume or draw, and our own levers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from analytics.scenarios.composition import Composition
from analytics.scenarios.contract import Drawn, Lever
from analytics.scenarios.options import Option
from analytics.scenarios.study import Study
from analytics.scenarios.values import Number, PerKey
from data.words import Words

__all__ = ["Factor", "Settings", "applied", "factors_of"]

Floats = npt.NDArray[np.float64]
Settings = Mapping[str, float]
"""Where some factors stand; the others stand where the comparison has them."""

FURTHEST = 4.0  # standard deviations: beyond lie 3 in 100,000 on either side, of which no data of ours speaks
LIKELY = np.array([0.0, 0.1, 0.9, 1.0])  # of what we think: all of it, and 8 in 10


@dataclass(frozen=True, eq=False)
class Factor:
    """Something that may turn out otherwise, from ``low`` to ``high``, and where the comparison has it: ``best``.

    A "drawn" factor is moved in standard deviations of its normal, and told in its ``unit`` by ``value_at``; every other in its
    unit itself. ``spread`` are its own draws, in order, where there are some: how likely it lies beyond a value. ``seen`` is the
    range that history shows, where history speaks of it. Of an ``option``'s own lever only that option moves.
    """

    name: str
    title: Words
    unit: Words
    kind: Literal["circumstance", "uncertainty", "drawn", "lever"]
    low: float
    high: float
    best: float
    spread: Floats | None = None
    seen: tuple[float, float] | None = None
    step: float = 0.0
    stream: tuple[str, str] | None = None
    option: str = ""
    errand: Words = ""

    def chance(self, place: float, *, above: bool) -> float | None:
        """How likely it lies beyond a place, by our own spread; None where nobody knows.

        Parameters
        ----------
        place : between ``low`` and ``high``.
        above : whether beyond means above.

        Returns
        -------
        float or None
            From 0 to 1.
        """
        if self.kind == "drawn":
            return float(ndtr(-place if above else place))
        if self.spread is None:
            return None
        return float((self.spread > place).mean() if above else (self.spread < place).mean())

    def quantile(self, level: Floats) -> Floats:
        """Where it stands at a level of what may be: by our spread, else evenly over what history shows or the bounds.

        Parameters
        ----------
        level : from 0 to 1.

        Returns
        -------
        numpy array
            Places between ``low`` and ``high``.
        """
        if self.kind == "drawn":
            found = ndtri(np.clip(level, ndtr(-FURTHEST), ndtr(FURTHEST)))
        elif self.spread is not None:
            found = np.clip(np.quantile(self.spread, level), self.low, self.high)
        else:
            low, high = self.plausible
            found = low + (high - low) * level
        return self._on_step(found)

    @property
    def plausible(self) -> tuple[float, float]:
        """What history shows, today's place included; the bounds where it shows nothing that ever moved."""
        if self.seen is None or self.seen[0] >= self.seen[1]:
            return self.low, self.high
        low, high = (float(np.clip(each, self.low, self.high)) for each in self.seen)
        return min(low, self.best), max(high, self.best)

    def places(self, n: int) -> Floats:
        """Places to look at from ``low`` to ``high``, the best guess among them.

        Parameters
        ----------
        n : how many, about.

        Returns
        -------
        numpy array
            In order, each once.
        """
        evenly = self._on_step(np.linspace(self.low, self.high, n))
        ours = self.quantile(LIKELY) if self.spread is not None else self._on_step(np.array(self.plausible))
        return np.unique([*evenly, *ours, self.best])

    def _on_step(self, places: Floats) -> Floats:
        if not self.step:
            return places
        return np.clip(self.low + self.step * np.rint((places - self.low) / self.step), self.low, self.high)


def factors_of(
    composition: Composition, options: Sequence[Option], drawn: Sequence[Drawn], *, chosen: str
) -> tuple[Factor, ...]:
    """All that may turn out otherwise and can be moved as a number.

    Parameters
    ----------
    composition : declares levers and uncertainties.
    options : the baseline among them.
    drawn : what the engines draw.
    chosen : the option whose own levers are looked at.

    Returns
    -------
    tuple of Factor
        Circumstances, what engines assume, what they draw, then levers.
    """
    by_name = {each.name: each for each in drawn}
    option = next(each for each in options if each.name == chosen)
    assumed = [
        _assumed(each.name, each.title, (each.low, each.high), option, by_name) for each in composition.uncertainties
    ]
    names = {each.name for each in composition.uncertainties}
    offered = composition.question.levers if composition.question is not None else ()
    levers = [
        _lever(each, options, option)
        for each in composition.levers
        if each.circumstance or not offered or each.name in offered
    ]
    found = [
        *(each for each in levers if each is not None and each.kind == "circumstance"),
        *(each for each in assumed if each is not None),
        *(_drawn(each) for each in drawn if each.stream is not None and each.name not in names),
        *(each for each in levers if each is not None and each.kind == "lever"),
    ]
    return tuple(found)


def _assumed(
    name: str, title: Words, bounds: tuple[float, float], option: Option, drawn: Mapping[str, Drawn]
) -> Factor | None:
    """What engines assume; a value that all options state is where it stands, else the middle of what is drawn."""
    own, stated = drawn.get(name), option.assumed[name]
    spread = None if own is None else np.sort(own.values.to_numpy().astype(float))
    if stated is None and spread is None:
        return None
    best = float(np.median(spread)) if stated is None and spread is not None else float(stated or 0.0)
    return Factor(
        name, title, "" if own is None else own.unit, "uncertainty", *bounds, float(np.clip(best, *bounds)), spread,
        errand="" if own is None else own.errand,
    )  # fmt: skip


def _drawn(each: Drawn) -> Factor:
    spread = np.sort(each.values.to_numpy().astype(float))
    return Factor(
        each.name,
        each.title,
        each.unit,
        "drawn",
        -FURTHEST,
        FURTHEST,
        0.0,
        spread,
        stream=each.stream,
        errand=each.errand,
    )


def _lever(lever: Lever, options: Sequence[Option], chosen: Option) -> Factor | None:
    """A lever that holds a number for all: circumstances of all options alike, others of the chosen option alone."""
    if not isinstance(lever.kind, Number | PerKey):
        return None
    if lever.circumstance and any(lever.name in each.planned for each in options):
        return None
    numbers = lever.kind.numbers(chosen.levers[lever.name])
    best = float(np.clip(np.mean(numbers), lever.kind.low, lever.kind.high))
    kind: Literal["circumstance", "lever"] = "circumstance" if lever.circumstance else "lever"
    return Factor(
        lever.name, lever.title, lever.unit, kind, lever.kind.low, lever.kind.high, best, seen=lever.seen,
        step=lever.kind.step, option="" if lever.circumstance else chosen.name,
    )  # fmt: skip


def applied(
    settings: Settings, factors: Mapping[str, Factor], options: Sequence[Option], study: Study
) -> tuple[tuple[Option, ...], Study]:
    """Options and study with some factors at other places.

    Parameters
    ----------
    settings : where they stand.
    factors : all of them by name.
    options : as they are compared.
    study : whose streams may be fixed.

    Returns
    -------
    options, study
        Everything else as it was.
    """
    for name, place in settings.items():
        factor = factors[name]
        if factor.stream is not None and factor.kind == "drawn":
            study = replace(study, fixed=study.streams.fixing(*factor.stream, place).fixed)
        elif factor.kind == "uncertainty":
            options = [replace(each, assumed={**each.assumed, name: float(place)}) for each in options]
        else:
            options = [
                replace(each, levers={**each.levers, name: _moved(each.levers[name], float(place))})
                if factor.option in ("", each.name)
                else each
                for each in options
            ]
    return tuple(options), study


def _moved(value: Any, place: float) -> Any:
    """A lever's value at another place: of those that name keys each of them moves."""
    return dict.fromkeys(value, place) if isinstance(value, Mapping) else place
