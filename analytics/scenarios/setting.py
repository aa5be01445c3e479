"""What stands before a comparison: the study, the engines that are needed, and the options with all of their levers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import xarray as xr

from analytics.errors import ScenarioError
from analytics.scenarios.calling import Results
from analytics.scenarios.composition import Composition, compose
from analytics.scenarios.contract import Engine
from analytics.scenarios.framing import study_of
from analytics.scenarios.measure import Measure
from analytics.scenarios.options import Option, distinct, options_of
from analytics.scenarios.prices import COST, Spending, check_terms, cost_measure, spending_of
from analytics.scenarios.questions import question_named
from analytics.scenarios.reduced import Reduced
from analytics.scenarios.regions import check_region
from analytics.scenarios.registry import engines as registered
from analytics.scenarios.study import Question, Scenario, Study, Terms
from data import City
from data.frequency import Frequency

__all__ = ["Setting", "engines_of", "primary_of", "setting_of", "with_cost"]

USUAL_PRIMARY = "demand"


@dataclass(frozen=True, eq=False)
class Setting:
    """Options over the same futures, before any of them is run; the baseline is one of them."""

    study: Study
    composition: Composition
    options: tuple[Option, ...]


def setting_of(
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
) -> Setting:
    """What is compared, made ready.

    Parameters
    ----------
    city, scenarios, baseline, question, subject, series, periods, freq, draws : as ``compare`` takes them.
    seed, matters, primary, measures, engines, terms : as ``compare`` takes them, too.

    Returns
    -------
    Setting
        Without any outcome.

    Raises
    ------
    ScenarioError
        In one sentence: a lever, a measure, an engine or a study that does not fit.
    """
    named = distinct(scenarios)
    asked = None if question is None else question_named(city, question, engines=engines)
    study = study_of(
        city, question=asked, subject=subject, series=series, periods=periods, freq=freq, draws=draws, seed=seed
    )
    terms = terms or Terms()
    check_region(terms.region, city)
    if baseline is not None and baseline not in [each.name for each in named]:
        raise ScenarioError("no_such_scenario", name=baseline, names=[each.name for each in named])
    composition = replace(compose(engines_of(engines, asked), study, wanted=measures), question=asked)
    if asked is None and engines is None and measures is None:
        composition = composition.moved_by(named)
    check_terms(terms, composition.outcomes)
    today = asked is not None and baseline is None
    options = options_of(named, composition, question=asked, terms=terms, today=today)
    primary = primary or ("" if asked is None else asked.primary)
    study = replace(
        study, baseline=baseline or options[0].name, primary=primary, matters=dict(matters or {}), terms=terms
    )
    return Setting(study, composition, options)


def engines_of(given: Sequence[Engine] | None, question: Question | None) -> list[Engine]:
    """Those that may be used: all that are given or registered, or those of a question.

    Parameters
    ----------
    given : None is all that are registered.
    question : that is asked, if one is.

    Returns
    -------
    list of Engine
        In their order.
    """
    known = list(registered().values()) if given is None else list(given)
    return known if question is None else [each for each in known if each.name in question.engines]


def with_cost(
    study: Study, measures: Sequence[Measure], outcomes: Mapping[str, Results]
) -> tuple[tuple[Measure, ...], Mapping[str, Results], dict[str, Spending]]:
    """What is judged: all that the options spend is one measure, of which the engines' own are parts.

    Parameters
    ----------
    study : its terms say how money of later years counts.
    measures : that the engines write.
    outcomes : by option.

    Returns
    -------
    measures, outcomes, spending
        Those that are judged, and what each option spends; nothing where the city states no cost.

    Raises
    ------
    ScenarioError
        When an engine has a measure of the price's name.
    """
    money = [each for each in measures if each.money]
    if not money:
        return tuple(measures), outcomes, {}
    if COST in [each.name for each in measures]:
        raise ScenarioError("reserved_measure", name=COST)
    reduced = Reduced(study, money, outcomes)
    spending = {
        option: spending_of(money, {each.name: reduced.by_draw(option, each.name) for each in money})
        for option in outcomes
    }
    with_cost = {
        option: {**outcomes[option], COST: xr.DataArray(spent.a_year(study.terms), dims="draw")}
        for option, spent in spending.items()
    }
    judged = (*(each for each in measures if not each.money), cost_measure(study))
    return judged, with_cost, spending


def primary_of(study: Study, written: Sequence[Measure], judged: Sequence[Measure]) -> str:
    """The measure that the verdict begins with; a part of the price stands for the price.

    Parameters
    ----------
    study : may name it.
    written : by the engines.
    judged : those, with the price in place of its parts.

    Returns
    -------
    str
        Its name.

    Raises
    ------
    ScenarioError
        When there is no such measure.
    """
    names = [measure.name for measure in judged]
    primary = study.primary or (USUAL_PRIMARY if USUAL_PRIMARY in names else names[0])
    if primary in [each.name for each in written if each.money]:
        return COST
    if primary not in names:
        raise ScenarioError("no_such_measure", name=primary, names=names)
    return primary
