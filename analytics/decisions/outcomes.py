"""What became of promises: each beside what was observed since, and how often the stated ranges were right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd
import xarray as xr

from analytics.caveats import assess
from analytics.decisions.decision import Promise
from analytics.decisions.recorded import Recorded
from analytics.parallel import Progress, quiet
from analytics.recipes import Recipe
from analytics.results import Result
from analytics.scenarios import Study, study_of
from analytics.scenarios.composition import compose
from analytics.scenarios.contract import Engine, Observes
from analytics.scenarios.questions import question_named
from analytics.scenarios.reduced import Reduced
from analytics.scenarios.registry import engines
from data import City, CivicastError

__all__ = ["Outcome", "Reliability", "Tracked", "outcomes_of", "reliability_of", "track"]

State = Literal["inside", "above", "below", "awaited", "unseen"]


@dataclass(frozen=True)
class Outcome:
    """A promise beside what came.

    ``observed`` is in the promise's unit, None where it is ``awaited`` (its last day is not in the data yet) or ``unseen``
    (no table of the city tells it). The state is judged on the central 80 %; ``within95`` on the central 95 %.
    """

    promise: Promise
    state: State
    observed: float | None = None

    @property
    def within95(self) -> bool | None:
        """Whether the central 95 % has it, None where nothing is observed."""
        return None if self.observed is None else self.promise.low95 <= self.observed <= self.promise.high95


@dataclass(frozen=True)
class Reliability:
    """Of ``n`` promises that can be judged, how many were inside their 80 and 95 % ranges, with a 95 % interval of each share.

    ``awaited`` and ``unseen`` count the others.
    """

    n: int
    inside80: int
    inside95: int
    range80: tuple[float, float]
    range95: tuple[float, float]
    awaited: int
    unseen: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Tracked(Result):
    """The promises of a city's decisions beside what came: outcomes by the digest of the decision, and all of them together.

    ``lost`` holds the digests of decisions whose study cannot be made again, with the reason.
    """

    outcomes: Mapping[str, tuple[Outcome, ...]]
    reliability: Reliability
    lost: Mapping[str, str]


def track(recorded: Iterable[Recorded], city: City, *, progress: Progress = quiet) -> Tracked:
    """The promises of decisions beside what came, decision by decision.

    Parameters
    ----------
    recorded : decisions on one city.
    city : as it is known now.
    progress : told how far it is.

    Returns
    -------
    Tracked
        Those that wait for more evidence promise nothing.
    """
    found: dict[str, tuple[Outcome, ...]] = {}
    lost: dict[str, str] = {}
    decisions = tuple(recorded)
    for number, each in enumerate(decisions):
        progress(number / len(decisions), each.decision.question)
        try:
            found[each.entry.digest] = outcomes_of(each.decision.promises, each.decision.recipe, city)
        except CivicastError as error:
            lost[each.entry.digest] = str(error)
    reliability = reliability_of(outcome for outcomes in found.values() for outcome in outcomes)
    made_from = tuple(series.provenance for series in city.series.values())
    promises = reliability.n + reliability.awaited + reliability.unseen
    facts = {"promises_judged": reliability.n, "promises_unseen": reliability.unseen, "promises_all": promises}
    return Tracked(
        made_from=made_from,
        caveats=assess(made_from=made_from, **facts) if promises else (),
        outcomes=found,
        reliability=reliability,
        lost=lost,
    )


def outcomes_of(promises: Iterable[Promise], recipe: Recipe, city: City) -> tuple[Outcome, ...]:
    """Each promise beside what the city's tables hold since.

    Parameters
    ----------
    promises : of one decision.
    recipe : of the comparison behind it.
    city : as it is known now.

    Returns
    -------
    Outcomes, in order. What a choice would have brought in another option can never be observed.

    Raises
    ------
    CivicastError
        When the city has no longer what the study was about.
    """
    promised = tuple(promises)
    if not promised:
        return ()
    study, used = _study_again(recipe, city)
    measured = _observed(study, used)
    telling = {name for each in used if isinstance(each, Observes) for name in each.observes}
    awaited = telling if _last_known(study) < pd.Timestamp(promised[0].end) else set[str]()
    return tuple(_outcome(each, measured.get(each.measure), awaited=each.measure in awaited) for each in promised)


def reliability_of(outcomes: Iterable[Outcome]) -> Reliability:
    """How often stated ranges were right, over all promises that can be judged."""
    found = tuple(outcomes)
    judged = [each for each in found if each.observed is not None]
    inside80 = sum(each.state == "inside" for each in judged)
    inside95 = sum(bool(each.within95) for each in judged)
    return Reliability(
        n=len(judged),
        inside80=inside80,
        inside95=inside95,
        range80=_range(inside80, len(judged)),
        range95=_range(inside95, len(judged)),
        awaited=sum(each.state == "awaited" for each in found),
        unseen=sum(each.state == "unseen" for each in found),
    )


def _study_again(recipe: Recipe, city: City) -> tuple[Study, tuple[Engine, ...]]:
    """The study of a recipe in the city as it is now, over the periods that it was made for."""
    asked = recipe.asked
    question = None if asked.question is None else question_named(city, asked.question)
    study = study_of(
        city, question=question, subject=asked.subject, series=asked.series, periods=asked.periods, freq=asked.freq,
        draws=asked.draws, seed=asked.seed,
    )  # fmt: skip
    study = replace(study, start=pd.Timestamp(recipe.made.start), terms=asked.terms)
    known = engines()
    names = tuple(known) if question is None else question.engines
    return study, compose([known[name] for name in names if name in known], study).engines


def _observed(study: Study, used: Iterable[Engine]) -> Mapping[str, float]:
    found: dict[str, xr.DataArray] = {}
    for each in used:
        if isinstance(each, Observes):
            found |= each.observed(study)
    measures = [measure for each in used for measure in each.declare(study).writes if measure.name in found]
    as_draws = {name: array.expand_dims("draw") for name, array in found.items()}
    reduced = Reduced(study, measures, {"observed": as_draws})
    return {each.name: float(reduced.by_draw("observed", each.name)[0]) for each in measures}


def _last_known(study: Study) -> pd.Timestamp:
    """The last day that the studied series holds; the beginning of time where there is no series."""
    series = study.city.series.get(study.about.get("series", ""))
    if series is None:
        return pd.Timestamp.min
    last: pd.Timestamp = series.as_of + series.freq.offset - pd.Timedelta(hours=1)
    return last.normalize()


def _range(inside: int, n: int) -> tuple[float, float]:
    """Wilson's interval of a share, which holds near 0 and 1 and for few (Brown, Cai & DasGupta 2001)."""
    from statsmodels.stats.proportion import proportion_confint

    if n == 0:
        return 0.0, 1.0
    low, high = proportion_confint(inside, n, method="wilson")
    return float(low), float(high)


def _outcome(promise: Promise, observed: float | None, *, awaited: bool) -> Outcome:
    if observed is None:
        return Outcome(promise, "awaited" if awaited else "unseen")
    state: State = "inside"
    if not promise.low80 <= observed <= promise.high80:
        state = "below" if observed < promise.low80 else "above"
    return Outcome(promise, state, observed)
