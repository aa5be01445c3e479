"""The options of a comparison: told apart by name, in the circumstances that are assumed for all, and within a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analytics.errors import ScenarioError
from analytics.scenarios.composition import Composition
from analytics.scenarios.contract import Lever
from analytics.scenarios.levers import flattened, resolved, resolved_uncertainties
from analytics.scenarios.study import Question, Scenario, Terms
from analytics.scenarios.values import PerKey, Value
from data.words import say

__all__ = ["Option", "distinct", "options_of", "settings_of"]


@dataclass(frozen=True)
class Option:
    """A scenario with every lever and uncertainty that it does not name at rest.

    ``planned`` names the circumstances that it sets itself, otherwise than is assumed for all. ``added`` marks the option of
    doing nothing that nobody had written down.
    """

    scenario: Scenario
    levers: Mapping[str, Value]
    assumed: Mapping[str, float | None]
    planned: tuple[str, ...] = ()
    added: bool = False

    @property
    def name(self) -> str:
        """Its name, of no other option of the comparison."""
        return self.scenario.name


def distinct(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """The scenarios, where equal names get a suffix, so that each option can be told from the others.

    Raises
    ------
    ScenarioError
        When there is none.
    """
    if not scenarios:
        raise ScenarioError("no_scenarios")
    named: list[Scenario] = []
    for scenario in scenarios:
        named.append(replace(scenario, name=_free_name(scenario.name, named)))
    return tuple(named)


def _free_name(name: str, named: Sequence[Scenario]) -> str:
    taken = {each.name for each in named}
    numbered = (f"{name} ({count})" for count in range(2, len(named) + 3))
    return next(each for each in (name, *numbered) if each not in taken)


def options_of(
    scenarios: Sequence[Scenario], composition: Composition, *, question: Question | None, terms: Terms, today: bool
) -> tuple[Option, ...]:
    """The options with every lever's value.

    Parameters
    ----------
    scenarios : as they were written, told apart by name.
    composition : declares levers and uncertainties.
    question : offers some of the levers (None: all of them).
    terms : hold the circumstances that are assumed for all.
    today : whether doing nothing must be among the options: where all of them move something it comes first.

    Returns
    -------
    tuple of Option
        In the order of the scenarios.

    Raises
    ------
    ScenarioError
        When a lever cannot hold its value, is not offered, or what is assumed for all is no circumstance.
    """
    assumed = _assumed(terms, composition.levers)
    options = [_option(each, assumed, composition) for each in scenarios]
    if question is not None:
        _check_offered(options, composition, question)
    if today and all(_moves(each, composition.levers) for each in options):
        nothing = Scenario(_free_name(say("options.today"), scenarios))
        options.insert(0, replace(_option(nothing, assumed, composition), added=True))
    return tuple(options)


def settings_of(option: Option, levers: Sequence[Lever]) -> tuple[object, ...]:
    """What an option sets levers to, in a form that is the same however it was written.

    Parameters
    ----------
    option : whose values they are.
    levers : those that are asked for.

    Returns
    -------
    tuple
        One entry a lever.
    """
    return tuple(_in_full(each, option.levers[each.name]) for each in levers)


def _option(scenario: Scenario, assumed: Mapping[str, Value], composition: Composition) -> Option:
    """The scenario with what is assumed for all, but for what it names itself as its plan."""
    levers = composition.levers
    own = flattened(scenario.levers, declared=[each.name for each in levers])
    meant = replace(scenario, levers={**assumed, **own}) if assumed else scenario
    values = resolved(meant, levers)
    common = {each.name: assumed.get(each.name, each.rest) for each in levers if each.circumstance}
    planned = tuple(
        each.name
        for each in levers
        if each.name in common and _in_full(each, values[each.name]) != _in_full(each, common[each.name])
    )
    return Option(meant, values, resolved_uncertainties(meant, composition.uncertainties), planned)


def _in_full(lever: Lever, value: Value) -> object:
    """A number for each key, where some may have been written for all keys and some for none."""
    if not isinstance(lever.kind, PerKey) or not lever.kind.keys:
        return value
    if not isinstance(value, Mapping):
        return (value,) * len(lever.kind.keys)
    return tuple(value.get(key, lever.rest) for key in lever.kind.keys)


def _assumed(terms: Terms, levers: Sequence[Lever]) -> dict[str, Value]:
    """What is assumed for all options, read as an option's levers are."""
    if not terms.circumstances:
        return {}
    known = {lever.name: lever for lever in levers if lever.circumstance}
    given = flattened(terms.circumstances, declared=[lever.name for lever in levers])
    for name in given:
        if name not in known:
            raise ScenarioError("no_circumstance", name=name, names=sorted(known))
    return {name: known[name].read(value, scenario=say("options.all")) for name, value in given.items()}


def _moves(option: Option, levers: Sequence[Lever]) -> bool:
    """Whether it does anything: what is assumed for all is not its doing."""
    return bool(option.planned) or any(each.moves(option.levers[each.name]) for each in levers if not each.circumstance)


def _check_offered(options: Sequence[Option], composition: Composition, question: Question) -> None:
    if not question.levers:
        return
    for option in options:
        for lever in composition.levers:
            if lever.name not in question.levers and not lever.circumstance and lever.moves(option.levers[lever.name]):
                evidence = {"scenario": option.name, "lever": lever.name, "question": question.name}
                raise ScenarioError("not_offered", **evidence, names=list(question.levers))
