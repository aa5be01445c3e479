"""Checks of what an engine says of itself and declares, before it runs."""

from __future__ import annotations

import re
from collections import Counter

from analytics.plugins.checks import is_sentence, texts
from analytics.scenarios.checks.named import Evidence, check
from analytics.scenarios.checks.trial import KINDS, Trial, refuses, without
from analytics.scenarios.composition import compose
from analytics.scenarios.contract import Answers, Declaration, Engine
from analytics.scenarios.measure import Max, Mean, Measure, Quantile, Sum
from analytics.scenarios.values import Choice, Number, PerKey, Schedule
from data import CivicastError
from data.words import Sentence, text

__all__: list[str] = []

LEVER_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
MEASURE_NAME = re.compile(r"[a-z][a-z0-9_]*")


@check
def attributes(trial: Trial) -> Evidence:
    engine = trial.engine
    wrong = {
        "limits": not engine.limits or not all(is_sentence(each) for each in texts(engine.limits)),
        "inputs": not engine.inputs or not all(each.strip() for each in texts(engine.inputs)),
        "title": not text(engine.title).strip(),
        "name": MEASURE_NAME.fullmatch(engine.name) is None,
        "version": not str(engine.version).strip(),
    }
    names = [name for name, found in wrong.items() if found]
    return {"names": names} if names else None


@check
def applies_here(trial: Trial) -> Evidence:
    reason = trial.engine.applies(trial.city)
    return None if reason is None else {"city": trial.city.name, "reason": reason}


@check
def absence_is_a_reason(trial: Trial) -> Evidence:
    """Without each kind of table, and without any: it applies and declares, or says in a sentence why not."""
    bare = trial.city
    for kind in KINDS:
        bare = without(bare, kind)
    for kind, city in [*((kind, without(trial.city, kind)) for kind in KINDS), ("", bare)]:
        try:
            reason = trial.engine.applies(city)
            if reason is None and city.series:
                trial.engine.declare(trial.study_with(city=city))
        except CivicastError as error:
            if not refuses(error):
                return {"kind": kind or "tables", "error": error.sentence}
        except Exception as error:  # noqa: BLE001 - an engine under trial may raise anything
            return {"kind": kind or "tables", "error": f"{type(error).__name__}: {error}"}
        else:
            if reason is not None and not is_sentence(text(reason)):
                return {"kind": kind or "tables", "error": text(reason)}
    return None


@check
def a_declaration(trial: Trial) -> Evidence:
    found: object = trial.declared
    return None if isinstance(found, Declaration) else {"got": type(found).__name__}


@check
def declares_alike(trial: Trial) -> Evidence:
    return None if trial.engine.declare(trial.study) == trial.declared else {}


@check
def writes_something(trial: Trial) -> Evidence:
    return None if trial.declared.writes else {}


@check
def lever_names(trial: Trial) -> Evidence:
    names = [each.name for each in trial.declared.levers] + [each.name for each in trial.declared.uncertainties]
    wrong = [name for name, n in Counter(names).items() if n > 1 or LEVER_NAME.fullmatch(name) is None]
    return {"names": wrong} if wrong else None


@check
def measure_names(trial: Trial) -> Evidence:
    names = Counter(each.name for each in trial.declared.writes)
    taken = {each.name for other in trial.others for each in _written(trial, other)}
    wrong = [name for name, n in names.items() if n > 1 or MEASURE_NAME.fullmatch(name) is None or name in taken]
    return {"names": wrong} if wrong else None


def _written(trial: Trial, other: Engine) -> tuple[Measure, ...]:
    if other.name == trial.engine.name or other.applies(trial.city) is not None:
        return ()
    return other.declare(trial.study).writes


@check
def titles_and_units(trial: Trial) -> Evidence:
    levers, measures = trial.declared.levers, trial.declared.writes
    names = [each.name for each in levers if not (text(each.title).strip() and text(each.description).strip())]
    names += [each.name for each in measures if not (text(each.title).strip() and text(each.unit).strip())]
    return {"names": names} if names else None


@check
def lever_kinds(trial: Trial) -> Evidence:
    """Bounds in order, keys, candidates and slots that there are and are told apart."""
    names = []
    for lever in trial.declared.levers:
        names += [] if _fits(lever.kind) else [lever.name]
    return {"names": names} if names else None


def _fits(kind: object) -> bool:
    match kind:
        case Choice():
            return 0 <= kind.at_least <= kind.most and len(set(kind.candidates)) == len(kind.candidates) > 0
        case Schedule():
            return kind.low < kind.high and kind.step >= 0 and len(set(kind.slots)) == len(kind.slots) > 0
        case PerKey():
            return kind.low < kind.high and kind.step >= 0 and len(set(kind.keys)) == len(kind.keys)
    return isinstance(kind, Number) and kind.low < kind.high and kind.step >= 0


@check
def rests_within_bounds(trial: Trial) -> Evidence:
    for lever in trial.declared.levers:
        try:
            at_rest = lever.read(None, scenario="trial")
        except CivicastError as error:
            return {"lever": lever.name, "error": error.sentence}
        if lever.moves(at_rest):
            return {"lever": lever.name, "error": Sentence("engine_checks.moves_at_rest")}
    return None


@check
def seen_is_a_range(trial: Trial) -> Evidence:
    names = [each.name for each in trial.declared.levers if each.seen is not None and not each.seen[0] <= each.seen[1]]
    return {"names": names} if names else None


@check
def costs_are_measured(trial: Trial) -> Evidence:
    """A lever that names what it costs names a measure that somebody writes."""
    known = {each.name for each in trial.declared.writes}
    known |= {each.name for other in trial.others for each in _written(trial, other)}
    names = [each.name for each in trial.declared.levers if each.costs and each.costs not in known]
    return {"names": names} if names else None


@check
def reads_are_written(trial: Trial) -> Evidence:
    others = [each for each in trial.others if each.name != trial.engine.name]
    compose([*others, trial.engine], trial.study, wanted=[each.name for each in trial.declared.writes])
    return None


@check
def reducers_cover(trial: Trial) -> Evidence:
    names = []
    for measure in trial.declared.writes:
        known = all(isinstance(each, Sum | Mean | Max | Quantile) for each in measure.over.values())
        within = all(0 <= each.q <= 1 for each in measure.over.values() if isinstance(each, Quantile))
        names += [] if known and within and "draw" not in measure.over else [measure.name]
    return {"names": names} if names else None


@check
def questions_are_its_own(trial: Trial) -> Evidence:
    """A question has this engine among its own, offers levers that there are (or may be), and turns on one of its measures."""
    levers = {each.name for each in trial.declared.levers}
    for question in trial.engine.questions if isinstance(trial.engine, Answers) else ():
        measures = {each.name for each in trial.declared.writes if each.outcome}
        if trial.engine.name not in question.engines or question.primary not in measures:
            return {"question": question.name}
        if len(question.engines) == 1 and not set(question.levers) - set(question.conditional) <= levers:
            return {"question": question.name}
    return None
