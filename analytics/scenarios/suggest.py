"""Plans that engines propose for a question, for people to compare; none is applied by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analytics.caveats import assess
from analytics.errors import ScenarioError
from analytics.parallel import Progress, quiet
from analytics.results import Result, by_severity
from analytics.scenarios.calling import called
from analytics.scenarios.composition import compose
from analytics.scenarios.contract import Ask, Suggestion, Suggests
from analytics.scenarios.framing import study_of
from analytics.scenarios.levers import resolved
from analytics.scenarios.limits import distinct_tables, inherited
from analytics.scenarios.questions import question_named
from analytics.scenarios.registry import engines as registered
from analytics.scenarios.study import Scenario, Study, Terms
from data import City, Region

__all__ = ["Suggestions", "suggest"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Suggestions(Result):
    """Plans for a question, the best first, each with how it was found, its gap and its near-ties."""

    study: Study
    question: str
    ask: Ask
    suggestions: tuple[Suggestion, ...]

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The plans as options."""
        return tuple(each.scenario for each in self.suggestions)


def suggest(
    city: City,
    question: str,
    ask: Ask | None = None,
    *,
    subject: str | None = None,
    region: Region | None = None,
    draws: int = 500,
    seed: int = 0,
    progress: Progress = quiet,
) -> Suggestions:
    """Plans for a question.

    Parameters
    ----------
    city : where.
    question : as an engine declares it.
    ask : what is wanted of the plans (default: the usual objective, three plans).
    subject : the table that the question is about (default: the city's first of its kind).
    region : the areas that the plans are for (default: all).
    draws, seed : of the study whose futures judge them.
    progress : told how far it is; may stop the work.

    Returns
    -------
    Suggestions
        The best first; each holds only what its levers can hold.

    Raises
    ------
    ScenarioError
        When no engine proposes plans for the question, there is no such objective, or nothing meets what is asked.
    """
    asked = question_named(city, question)
    study = study_of(city, question=asked, subject=subject, draws=draws, seed=seed)
    study = replace(study, terms=Terms(region=region))
    composition = compose([registered()[name] for name in asked.engines], study)
    makers = [each for each in composition.engines if isinstance(each, Suggests)]
    if not makers:
        raise ScenarioError("no_suggestions", question=question)
    ask = replace(ask or Ask(), region=() if region is None else region.area_ids)
    names = [each.name for maker in makers for each in maker.objectives]
    if ask.objective and ask.objective not in names:
        raise ScenarioError("no_such_objective", name=ask.objective, names=names)
    maker = next(each for each in makers if not ask.objective or ask.objective in [one.name for one in each.objectives])
    composition.prepare(progress=progress)
    found = called(maker, "suggest", lambda: maker.suggest(study, ask, progress=progress))
    for each in found:
        resolved(each.scenario, composition.levers)  # a plan that its own levers cannot hold is a broken engine
    evidence = composition.evidence(moved=(), assumed=())
    tables = distinct_tables(table for each in evidence for table in each.made_from)
    return Suggestions(
        made_from=tables,
        caveats=by_severity([*inherited(evidence), *assess(made_from=tables)]),
        config={"question": question, "draws": draws},
        seed=seed,
        study=study,
        question=question,
        ask=ask,
        suggestions=tuple(found),
    )
