"""Compare options over the same futures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import xarray as xr

from analytics.caveats import assess
from analytics.equity import group_within
from analytics.errors import ScenarioError
from analytics.forecasting.registry import models as registered_models
from analytics.parallel import Progress, quiet
from analytics.results import Caveat, by_severity, code_version
from analytics.scenarios.calling import Results
from analytics.scenarios.comparison import Comparison, Difference
from analytics.scenarios.composition import Composition, compose
from analytics.scenarios.contract import Engine, Evidence, Lever
from analytics.scenarios.framing import study_of
from analytics.scenarios.levers import flattened, levers_outside, resolved, resolved_uncertainties
from analytics.scenarios.measure import AREA, Measure
from analytics.scenarios.questions import question_named
from analytics.scenarios.registry import engines as registered
from analytics.scenarios.study import Asked, Question, Scenario, Study, Terms
from analytics.scenarios.values import Value
from analytics.scenarios.verdict import MATTERS, banded, judge, overall_verdict
from data import City, Provenance, fingerprint_of
from data.frequency import Frequency
from data.words import Words

__all__ = ["compare", "levers_of"]

USUAL_PRIMARY = "demand"


@dataclass(frozen=True)
class _Option:
    """A scenario with every lever and uncertainty that it does not name at rest."""

    scenario: Scenario
    levers: Mapping[str, Value]
    assumed: Mapping[str, float | None]

    @property
    def name(self) -> str:
        return self.scenario.name


def compare(
    city: City,
    scenarios: Sequence[Scenario],
    *,
    baseline: str | None = None,
    question: str | None = None,
    subject: str | None = None,
    series: str | None = None,
    periods: int | None = None,
    freq: Frequency | str | None = None,
    draws: int = 500,
    seed: int = 0,
    matters: Mapping[str, float] | None = None,
    primary: str | None = None,
    measures: Collection[str] | None = None,
    engines: Sequence[Engine] | None = None,
    terms: Terms | None = None,
    progress: Progress = quiet,
) -> Comparison:
    """Differences, bands, probabilities and verdicts of options against a baseline, over the same futures.

    Parameters
    ----------
    city : where.
    scenarios : the options; equal names get a suffix.
    baseline : names one of them (default: the first).
    question : what is decided, as an engine declares it (default: whatever the engines can tell whose levers are named).
    subject : the table that the question is about (default: the city's first of its kind).
    series : the series that is studied (default: the subject's, else the city's first).
    periods, freq : the study's length (default: the question's, else 12 "MS").
    draws : paired futures, from 100 to 20,000.
    seed : of everything random.
    matters : for a measure, the smallest difference that matters, as a share of the baseline's mean (default 1 %).
    primary : the measure that the verdict begins with (default: the question's, else demand, else the first outcome).
    measures : the names of those that are wanted; only the engines that they need are run (default: all outcomes).
    engines : those that may be used (default: all that are registered).
    terms : what is assumed for all options alike, and what counts (default: nothing assumed, all areas, no budget).
    progress : told how far it is; may stop the work.

    Returns
    -------
    Comparison
        One difference a measure and option, with verdicts, caveats and a receipt.

    Raises
    ------
    ScenarioError
        In one sentence: a lever, a measure, an engine or a study that does not fit.
    """
    named = _distinct(scenarios)
    asked = None if question is None else question_named(city, question, engines=engines)
    study = study_of(
        city, question=asked, subject=subject, series=series, periods=periods, freq=freq, draws=draws, seed=seed
    )
    primary = primary or ("" if asked is None else asked.primary)
    study = replace(study, baseline=baseline or named[0].name, primary=primary, matters=dict(matters or {}))
    study = replace(study, terms=terms or Terms())
    if study.baseline not in [each.name for each in named]:
        raise ScenarioError("no_such_scenario", name=study.baseline, names=[each.name for each in named])
    composition = compose(_engines(engines, asked), study, wanted=measures)
    if asked is None and engines is None and measures is None:
        composition = composition.moved_by(named)
    named = tuple(_in_circumstances(each, study.terms, composition.levers) for each in named)
    options = [
        _Option(each, resolved(each, composition.levers), resolved_uncertainties(each, composition.uncertainties))
        for each in named
    ]
    if asked is not None:
        _check_offered(options, composition, asked)
    composition.prepare(progress=progress)
    outcomes: dict[str, Results] = {}
    asked_for: list[Asked] = []
    for number, option in enumerate(options):
        progress(number / len(options), option.name)
        outcomes[option.name], tables = composition.run(option.levers, option.assumed)
        asked_for += tables
    return _assembled(study, options, composition, outcomes, _provenances(study, asked_for))


def levers_of(
    city: City,
    *,
    question: str | None = None,
    subject: str | None = None,
    series: str | None = None,
    periods: int | None = None,
    freq: Frequency | str | None = None,
) -> tuple[Lever, ...]:
    """The levers that the engines of a question declare, circumstances included (default: those of all engines).

    Parameters
    ----------
    city : whose they are.
    question : as an engine declares it.
    subject : the table that the question is about (default: the city's first of its kind).
    series : that is studied (default: the city's first).
    periods, freq : the study's length (default: 12 "MS").

    Returns
    -------
    Levers, in the order of the engines.
    """
    asked = None if question is None else question_named(city, question)
    study = study_of(city, question=asked, subject=subject, series=series, periods=periods, freq=freq)
    return compose(_engines(None, asked), study).levers


def _engines(given: Sequence[Engine] | None, question: Question | None) -> list[Engine]:
    """Those that may be used: all that are given or registered, or those of a question."""
    known = list(registered().values()) if given is None else list(given)
    return known if question is None else [each for each in known if each.name in question.engines]


def _in_circumstances(scenario: Scenario, terms: Terms, levers: Sequence[Lever]) -> Scenario:
    """The option with what is assumed for all, but for what it names itself as its plan."""
    if not terms.circumstances:
        return scenario
    names = [lever.name for lever in levers]
    known = {lever.name for lever in levers if lever.circumstance}
    assumed = flattened(terms.circumstances, declared=names)
    for name in assumed:
        if name not in known:
            raise ScenarioError("no_circumstance", name=name, names=sorted(known))
    return replace(scenario, levers=assumed | flattened(scenario.levers, declared=names))


def _check_offered(options: Sequence[_Option], composition: Composition, question: Question) -> None:
    if not question.levers:
        return
    for option in options:
        for lever in composition.levers:
            if lever.name not in question.levers and not lever.circumstance and lever.moves(option.levers[lever.name]):
                evidence = {"scenario": option.name, "lever": lever.name, "question": question.name}
                raise ScenarioError("not_offered", **evidence, names=list(question.levers))


def _distinct(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Equal names get a suffix, so that each option can be told from the others."""
    if not scenarios:
        raise ScenarioError("no_scenarios")
    named: list[Scenario] = []
    for scenario in scenarios:
        taken = {each.name for each in named}
        numbered = (f"{scenario.name} ({count})" for count in range(2, len(scenarios) + 2))
        name = next(name for name in (scenario.name, *numbered) if name not in taken)
        named.append(replace(scenario, name=name))
    return tuple(named)


def _assembled(
    study: Study,
    options: Sequence[_Option],
    composition: Composition,
    outcomes: Mapping[str, Results],
    asked_for: Sequence[Provenance],
) -> Comparison:
    measures = composition.outcomes
    names = [measure.name for measure in measures]
    primary = study.primary or (USUAL_PRIMARY if USUAL_PRIMARY in names else names[0])
    if primary not in names:
        raise ScenarioError("no_such_measure", name=primary, names=names)
    differences, paired, areas, groups = _differences(study, [each.name for each in options], measures, outcomes)
    evidence = composition.evidence(
        moved={each.name for each in composition.levers for option in options if each.moves(option.levers[each.name])},
        assumed={
            each.name
            for each in composition.uncertainties
            if all(option.assumed[each.name] is not None for option in options)
        },
    )
    # What was read counts, whether or not the engine says so: a restriction must not be lost by forgetting it.
    made_from = [*(table for each in evidence for table in each.made_from), *asked_for]
    tables = tuple({repr(table): table for table in made_from}.values())
    return Comparison(
        made_from=tables,
        caveats=_caveats(study, options, evidence, composition, tables=tables, grouped=bool(groups)),
        config={"periods": study.periods, "freq": study.freq, "draws": study.draws, "primary": primary},
        seed=study.seed,
        study=study,
        scenarios=tuple(each.scenario for each in options),
        baseline=study.baseline,
        differences=differences,
        verdict=overall_verdict(differences, measures, primary=primary, baseline=study.baseline),
        paired=paired,
        by_area=areas,
        by_group=groups,
        levers=composition.levers,
        measures=measures,
        receipt=_receipt(study, composition, options, tables, primary=primary),
    )


def _provenances(study: Study, asked: Sequence[Asked]) -> list[Provenance]:
    tables = [study.find(kind, name) for kind, name, mark in dict.fromkeys(asked) if name and mark]
    return [table.provenance for table in tables if table is not None]


Arrays = dict[tuple[str, str], xr.DataArray]


def _differences(
    study: Study, names: Sequence[str], measures: Sequence[Measure], outcomes: Mapping[str, Results]
) -> tuple[tuple[Difference, ...], Arrays, Arrays, Arrays]:
    found: list[Difference] = []
    paired: Arrays = {}
    areas: Arrays = {}
    groups: Arrays = {}
    for measure in measures:
        layer = study.city.areas.get(measure.layer)
        before = outcomes[study.baseline][measure.name]
        for option in (name for name in names if name != study.baseline):
            both = (before, outcomes[option][measure.name])
            each = [measure.reduced(array, areas=layer).astype("float64") for array in both]
            matters = study.matters.get(measure.name, MATTERS)
            difference, draws = judge(option, measure, *each, matters=matters, baseline_name=study.baseline)
            found.append(difference)
            paired[option, measure.name] = draws
            if before.sizes.get(AREA, 0) > 1:
                each = [measure.reduced(array, keep=(AREA,), areas=layer).astype("float64") for array in both]
                areas[option, measure.name] = banded(*each, dimension=AREA, measure=measure, whole=difference)
                if layer is not None and layer.groups:
                    each = [measure.by_group(array, layer) for array in both]
                    groups[option, measure.name] = banded(*each, dimension="group", measure=measure, whole=difference)
    return tuple(found), paired, areas, groups


def _caveats(
    study: Study,
    options: Sequence[_Option],
    evidence: Sequence[Evidence],
    composition: Composition,
    *,
    tables: Sequence[Provenance],
    grouped: bool,
) -> tuple[Caveat, ...]:
    outside = [
        entry
        for each in options
        if each.name != study.baseline
        for entry in levers_outside(each.name, each.levers, composition.levers)
    ]
    facts: dict[str, Any] = {"levers_outside": outside}
    layers = dict.fromkeys(measure.layer for measure in composition.outcomes if AREA in measure.over)
    shown = [study.city.areas[name] for name in layers if name in study.city.areas]
    absent = dict.fromkeys(group for layer in shown for group in layer.absent_groups)
    if grouped or absent:
        present = dict.fromkeys(group for layer in shown for group in layer.groups)
        facts |= {"groups": _labels(list(present)), "groups_absent": _labels(list(absent))}
    # Engine by engine: one engine's facts must not stand in for another's.
    own = [caveat for each in evidence for caveat in (*each.caveats, *assess(**each.facts))]
    inherited = [caveat for caveat in own if caveat.code != "synthetic_data"]
    return by_severity([*inherited, *assess(made_from=tables, **facts)])


def _labels(groups: Sequence[str]) -> list[Words]:
    return [group_within(group) for group in groups]


def _receipt(
    study: Study, composition: Composition, options: Sequence[_Option], tables: Sequence[Provenance], *, primary: str
) -> str:
    """Eight letters and digits that stand for inputs, code and configuration: the same again give the same."""
    asked = (sorted(study.about.items()), study.start, study.periods, study.freq, study.draws, study.seed)
    judged = (study.baseline, primary, sorted(study.matters.items()))
    content = [
        (option.name, sorted(option.levers.items(), key=str), sorted(option.assumed.items()))
        for option in sorted(options, key=lambda option: option.name)
    ]
    engines = [(engine.name, engine.version) for engine in composition.engines]
    models = sorted((name, model.version) for name, model in registered_models().items())
    inputs = (study.city.fingerprint, [table.fingerprint for table in tables])
    digest = fingerprint_of(inputs, code_version(), asked, judged, content, engines, models)
    return f"{digest[:4]}-{digest[4:8]}".upper()
