"""What options gain over the baseline in paired futures, wherever the factors stand: the one thing that all of ``mind`` asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from analytics.errors import ScenarioError
from analytics.scenarios.composition import Composition
from analytics.scenarios.measure import Measure, Sum
from analytics.scenarios.mind.factors import Factor, Settings, applied
from analytics.scenarios.mind.settling import FIRST, settled_after
from analytics.scenarios.reduced import Reduced
from analytics.scenarios.setting import Setting, with_cost
from analytics.scenarios.verdict import TOWARDS
from analytics.streams import Streams

__all__ = ["Gains", "Trial", "joined", "levels_of"]

Floats = npt.NDArray[np.float64]

# Of what is tried in passing: some twenty settings of a year of months in a city of 80 areas.
MOST_BYTES = 60_000_000
ROUNDING = 1e-12  # of the larger of two numbers, as for verdicts


@dataclass(frozen=True, eq=False)
class Gains:
    """What each option gains over the first, by (option, draw), all of them in the same futures."""

    options: tuple[str, ...]
    values: Floats

    @property
    def means(self) -> Floats:
        """The mean of each option."""
        found: Floats = self.values.mean(axis=1)
        return found

    @property
    def leader(self) -> str:
        """The option that does best on average; of equals the first."""
        return self.options[int(self.means.argmax())]

    def lead(self, option: str) -> float:
        """By how much an option does better on average than the best of the others; below 0 where one of them does better."""
        place = self.options.index(option)
        return float(self.means[place] - np.delete(self.means, place).max())

    def rival(self, option: str) -> str:
        """The best of the others."""
        means = self.means.copy()
        means[self.options.index(option)] = -np.inf
        return self.options[int(means.argmax())]

    def apart(self, option: str, other: str) -> Floats:
        """By how much one option does better than another, by draw.

        Parameters
        ----------
        option, other : their names.

        Returns
        -------
        numpy array
            By draw.
        """
        first, second = (self.values[self.options.index(each)] for each in (option, other))
        found: Floats = first - second
        return found


def joined(gains: Mapping[str, tuple[Streams, Floats]]) -> Gains:
    """Gains of options that were computed apart, where they met the same futures.

    Parameters
    ----------
    gains : by option the streams that it was drawn from, and its gains by draw; the first is the baseline.

    Returns
    -------
    Gains
        By option and draw.

    Raises
    ------
    ScenarioError
        Where they met different futures: what is worth knowing cannot be told from such draws.
    """
    streams = {each for each, _ in gains.values()}
    if len(streams) > 1 or len({len(values) for _, values in gains.values()}) > 1:
        raise ScenarioError("unpaired", options=list(gains))
    return Gains(tuple(gains), np.stack([values for _, values in gains.values()]))


@dataclass(frozen=True, eq=False)
class Trial:
    """A comparison that can be asked again with factors at other places.

    Gains are told in the ``measure``'s unit, or in money where the terms say what a unit is worth.
    """

    setting: Setting
    measure: Measure
    factors: Mapping[str, Factor]
    _seen: dict[tuple[int, tuple[tuple[str, float], ...]], Gains] = field(default_factory=dict)
    _values: dict[tuple[str, float], float] = field(default_factory=dict)
    _passing: dict[str, Composition] = field(default_factory=dict)

    @property
    def in_money(self) -> bool:
        """Whether what is gained is set against what it costs."""
        return bool(self.setting.study.terms.worth)

    def gains(self, settings: Settings, *, draws: int | None = None) -> Gains:
        """What each option gains where factors stand at these places.

        Parameters
        ----------
        settings : the others stand where the comparison has them.
        draws : the first so many futures (None: all of the study).

        Returns
        -------
        Gains
            Kept: the same places are computed once.
        """
        study = self.setting.study
        n = study.draws if draws is None else min(draws, study.draws)
        key = (n, tuple(sorted(settings.items())))
        if key not in self._seen:
            self._seen[key] = self._made(settings, n)
        return self._seen[key]

    def quick(self, settings: Settings, option: str) -> Gains:
        """The gains by as few futures as settle whether an option leads: the first 100, and all where these do not.

        Parameters
        ----------
        settings : the others stand where the comparison has them.
        option : whose lead it is.

        Returns
        -------
        Gains
            Of 100 draws, or of all.
        """
        few = self.gains(settings, draws=FIRST)
        settled = settled_after(few.apart(option, few.rival(option))) is not None
        return few if settled else self.gains(settings)

    def value_of(self, factor: Factor, place: float) -> float:
        """The value of a factor at a place; of what an engine draws its mean, where its normal is fixed there.

        Parameters
        ----------
        factor : of this trial.
        place : what it is moved by: of what engines draw standard deviations.

        Returns
        -------
        float
            In the factor's unit.
        """
        if factor.kind != "drawn":
            return place
        key = (factor.name, place)
        if key not in self._values:
            options, study = applied(
                {factor.name: place}, self.factors, self.setting.options, self.setting.composition.study
            )
            composition = replace(self._composition, study=study)
            outcomes = composition.run(options[0].levers, options[0].assumed)[0]
            drawn = next(each for each in composition.drawn(outcomes) if each.name == factor.name)
            self._values[key] = float(drawn.values.mean())
        return self._values[key]

    @property
    def _composition(self) -> Composition:
        """The engines, whose results are kept in passing."""
        return self._passing.setdefault("", self.setting.composition.passing(MOST_BYTES))

    def _made(self, settings: Settings, draws: int) -> Gains:
        setting = self.setting
        composition = self._composition
        options, study = applied(settings, self.factors, setting.options, composition.study)
        composition = replace(composition, study=replace(study, draws=draws))
        outcomes = {each.name: composition.run(each.levers, each.assumed)[0] for each in options}
        judging = replace(setting.study, draws=draws)
        measures, judged, spending = with_cost(judging, composition.outcomes, outcomes)
        first = setting.study.baseline
        names = (first, *(each.name for each in options if each.name != first))
        counted = [each for each in measures if each.name in judging.terms.worth] if self.in_money else [self.measure]
        reduced = Reduced(judging, measures, judged)
        by_draw = {(name, each.name): reduced.by_draw(name, each.name).to_numpy() for name in names for each in counted}
        values = np.zeros((len(names), draws))
        for row, name in enumerate(names):
            for each in counted:
                gain = TOWARDS[each.direction] * _apart(by_draw[first, each.name], by_draw[name, each.name])
                if self.in_money:
                    a_year = judging.freq.year / judging.periods if isinstance(each.over.get("period"), Sum) else 1.0
                    gain = judging.terms.worth[each.name] * a_year * gain
                values[row] += gain
            if self.in_money and spending:
                values[row] -= spending[name].a_year(judging.terms) - spending[first].a_year(judging.terms)
        return Gains(names, values)


def _apart(before: Floats, after: Floats) -> Floats:
    apart = after - before
    return np.where(np.abs(apart) > ROUNDING * np.maximum(np.abs(before), np.abs(after)), apart, 0.0)


def levels_of(setting: Setting) -> tuple[Sequence[Measure], dict[tuple[str, str], Floats]]:
    """Every measure that is judged, the price among them, of every option.

    Parameters
    ----------
    setting : that was run before: everything is found again.

    Returns
    -------
    measures, levels
        By (option, measure) one number a draw.
    """
    study, composition = setting.study, setting.composition
    outcomes = {each.name: composition.run(each.levers, each.assumed)[0] for each in setting.options}
    measures, judged, _ = with_cost(study, composition.outcomes, outcomes)
    reduced = Reduced(study, measures, judged)
    names = [each.name for each in setting.options]
    return measures, {
        (name, each.name): reduced.by_draw(name, each.name).to_numpy() for name in names for each in measures
    }
