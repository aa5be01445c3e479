"""Compare options over the same futures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from analytics.parallel import Progress, quiet
from analytics.scenarios.calling import Results
from analytics.scenarios.changes import changes_of
from analytics.scenarios.comparison import Comparison, Price
from analytics.scenarios.composition import Composition, compose
from analytics.scenarios.contract import Engine, Lever
from analytics.scenarios.framing import study_of
from analytics.scenarios.limits import caveats_of, distinct_tables
from analytics.scenarios.options import Option, settings_of
from analytics.scenarios.prices import prices_of, worth_sentences
from analytics.scenarios.questions import question_named
from analytics.scenarios.ranking import ranks_of
from analytics.scenarios.receipt import receipt_of
from analytics.scenarios.reduced import Reduced
from analytics.scenarios.setting import Setting, engines_of, primary_of, setting_of, with_cost
from analytics.scenarios.study import Asked, Scenario, Study, Terms
from analytics.scenarios.verdict import overall_verdict
from data import City
from data.frequency import Frequency

__all__ = ["compare", "compared", "levers_of", "make_ready"]


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
    baseline : names one of them (default: the first; where a question is asked and every option moves something, doing
        nothing is added as the first).
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
    setting = setting_of(
        city, scenarios, baseline=baseline, question=question, subject=subject, series=series, periods=periods, freq=freq,
        draws=draws, seed=seed, matters=matters, primary=primary, measures=measures, engines=engines, terms=terms,
    )  # fmt: skip
    return compared(setting, progress=progress)


def compared(setting: Setting, *, progress: Progress = quiet) -> Comparison:
    """The comparison of options that are set up already.

    Parameters
    ----------
    setting : as ``setting_of`` gives it.
    progress : told how far it is; may stop the work.

    Returns
    -------
    Comparison
        As ``compare``.
    """
    study, composition, options = setting.study, setting.composition, setting.options
    outcomes, tables = _run(options, composition, progress)
    return _assembled(study, options, composition, outcomes, tables)


def make_ready(
    city: City, *, question: str, subject: str | None = None, seed: int = 0, progress: Progress = quiet
) -> None:
    """Let this process have what all comparisons of a question begin from: its forecast, and what comes of doing nothing.

    Parameters
    ----------
    city : of which only the question's own tables are asked for.
    question, subject, seed : as ``compare`` takes them.
    progress : told how far it is; may stop the work.

    Raises
    ------
    ScenarioError
        As ``compare``.
    """
    setting = setting_of(city, [Scenario("")], question=question, subject=subject, seed=seed)
    _run(setting.options, setting.composition, progress)


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
    return compose(engines_of(None, asked), study).levers


def _run(
    options: Sequence[Option], composition: Composition, progress: Progress
) -> tuple[dict[str, Results], tuple[Asked, ...]]:
    """Every option's measures, and the tables that were asked for them."""
    composition.prepare(progress=progress)
    outcomes: dict[str, Results] = {}
    asked_for: list[Asked] = []
    for number, option in enumerate(options):
        progress(number / len(options), option.name)
        outcomes[option.name], tables = composition.run(option.levers, option.assumed)
        asked_for += tables
    return outcomes, tuple(dict.fromkeys(asked_for))


def _assembled(
    study: Study,
    options: Sequence[Option],
    composition: Composition,
    outcomes: Mapping[str, Results],
    asked_for: Sequence[Asked],
) -> Comparison:
    measures, outcomes, spending = with_cost(study, composition.outcomes, outcomes)
    primary = primary_of(study, composition.outcomes, measures)
    reduced = Reduced(study, measures, outcomes)
    circumstances = [each for each in composition.levers if each.circumstance]
    met = {each.name: settings_of(each, circumstances) for each in options}
    found = changes_of(study, measures, reduced, met)
    names = [each.name for each in options]
    prices: tuple[Price, ...] = ()
    if spending:
        done = {each.name: settings_of(each, composition.levers) for each in options}
        changed = [name for name in names if done[name] != done[study.baseline]]
        prices = prices_of(
            study, spending, differences=found.differences, measures=measures, paired=found.paired, changed=changed
        )
    evidence = composition.evidence(moved=_moved(options, composition.levers), assumed=_assumed(options, composition))
    asked_tables = _tables(study, asked_for)
    costs = [table for kind, table in asked_tables if kind == "costs"]
    # What was read counts, whether or not the engine says so: a restriction must not be lost by forgetting it.
    made_from = [table for each in evidence for table in each.made_from]
    tables = distinct_tables([*made_from, *(table.provenance for _, table in asked_tables)])
    worth = worth_sentences(prices, study, measures)
    return Comparison(
        made_from=tables,
        caveats=caveats_of(study, options, evidence, composition, tables=tables, costs=costs, measures=measures),
        config={
            "periods": study.periods,
            "freq": study.freq,
            "draws": study.draws,
            "primary": primary,
            "engines": {each.name: each.version for each in composition.engines},
        },
        seed=study.seed,
        study=study,
        scenarios=tuple(each.scenario for each in options),
        baseline=study.baseline,
        verdict=overall_verdict(found.differences, measures, primary=primary, baseline=study.baseline, worth=worth),
        levers=composition.levers,
        measures=measures,
        receipt=receipt_of(study, composition.engines, options, tables, primary=primary),
        ranks=ranks_of(names, (*found.differences, *found.between)),
        prices=prices,
        engines={each.name: each.version for each in composition.engines},
        **vars(found),
    )


def _moved(options: Sequence[Option], levers: Sequence[Lever]) -> dict[str, tuple[Any, ...]]:
    """The levers that some option moves, with the value that each option has."""
    values = {each.name: tuple(option.levers[each.name] for option in options) for each in levers}
    return {each.name: values[each.name] for each in levers if any(each.moves(value) for value in values[each.name])}


def _assumed(options: Sequence[Option], composition: Composition) -> set[str]:
    known = [each.name for each in composition.uncertainties]
    return {name for name in known if all(option.assumed[name] is not None for option in options)}


def _tables(study: Study, asked: Sequence[Asked]) -> list[tuple[str, Any]]:
    """The tables that were asked for and are there, each with its kind."""
    found = [(kind, study.find(kind, name)) for kind, name, mark in asked if name and mark]
    return [(kind, table) for kind, table in found if table is not None]
