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
from analytics.scenarios.levers import levers_outside, resolved, resolved_uncertainties
from analytics.scenarios.measure import AREA, Measure
from analytics.scenarios.registry import engines as registered
from analytics.scenarios.study import Asked, Question, Scenario, Study
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
    series: str | None = None,
    periods: int | None = None,
    freq: Frequency | str | None = None,
    draws: int = 500,
    seed: int = 0,
    matters: Mapping[str, float] | None = None,
    primary: str | None = None,
    measures: Collection[str] | None = None,
    engines: Sequence[Engine] | None = None,
    progress: Progress = quiet,
) -> Comparison:
    """Differences, bands, probabilities and verdicts of options against a baseline, over the same futures.

    Parameters
    ----------
    city : where.
    scenarios : the options; equal names get a suffix.
    baseline : names one of them (default: the first).
    question : what is decided, as an engine declares it (default: whatever the engines can tell).
    series : the series that is studied (default: the city's first).
    periods, freq : the study's length (default: 12 "MS").
    draws : paired futures, from 100 to 20,000.
    seed : of everything random.
    matters : for a measure, the smallest difference that matters, as a share of the baseline's mean (default 1 %).
    primary : the measure that the verdict begins with (default: the question's, else demand, else the first outcome).
    measures : the names of those that are wanted; only the engines that they need are run (default: all outcomes).
    engines : those that may be used (default: all that are registered).
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
    study = study_of(city, series=series, periods=periods, freq=freq, draws=draws, seed=seed)
    study = replace(study, baseline=baseline or named[0].name, primary=primary or "", matters=dict(matters or {}))
    if study.baseline not in [each.name for each in named]:
        raise ScenarioError("no_such_scenario", name=study.baseline, names=[each.name for each in named])
    composition = compose(list(engines) if engines is not None else list(registered().values()), study, wanted=measures)
    asked = _question(composition, question)
    if asked is not None:
        composition = replace(composition, engines=_of_question(composition, asked))
        study = replace(study, primary=study.primary or asked.primary)
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
    city: City, *, series: str | None = None, periods: int | None = None, freq: Frequency | str | None = None
) -> tuple[Lever, ...]:
    """The levers that the registered engines declare.

    Parameters
    ----------
    city : whose they are.
    series : that is studied (default: the city's first).
    periods, freq : the study's length (default: 12 "MS").

    Returns
    -------
    Levers, in the order of the engines.
    """
    study = study_of(city, series=series, periods=periods, freq=freq)
    return compose(list(registered().values()), study).levers


def _question(composition: Composition, name: str | None) -> Question | None:
    if name is None:
        return None
    known = {each.name: each for each in composition.questions}
    if name not in known:
        raise ScenarioError("no_such_question", name=name, names=list(known))
    return known[name]


def _of_question(composition: Composition, question: Question) -> tuple[Engine, ...]:
    return tuple(engine for engine in composition.engines if engine.name in question.engines)


def _check_offered(options: Sequence[_Option], composition: Composition, question: Question) -> None:
    if not question.levers:
        return
    for option in options:
        for lever in composition.levers:
            if lever.name not in question.levers and lever.moves(option.levers[lever.name]):
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
