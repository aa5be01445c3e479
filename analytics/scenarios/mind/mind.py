"""What would change our mind about a comparison: everything that is asked of it, in one answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from analytics.caveats import assess
from analytics.errors import ScenarioError
from analytics.parallel import Progress, quiet
from analytics.results import by_severity
from analytics.scenarios.compare import compared
from analytics.scenarios.comparison import Comparison
from analytics.scenarios.contract import Drawn
from analytics.scenarios.mind.boxes import Box, box_of
from analytics.scenarios.mind.factors import Factor, factors_of
from analytics.scenarios.mind.gains import Gains, Trial, levels_of
from analytics.scenarios.mind.information import perfect, what_to_learn
from analytics.scenarios.mind.objections import needed_of, objection_of
from analytics.scenarios.mind.pairs import Pair, pair_of
from analytics.scenarios.mind.prices import break_even_of, within_budget
from analytics.scenarios.mind.results import Mind
from analytics.scenarios.mind.robustness import fares_of, satisfied_in
from analytics.scenarios.mind.sensitivity import SETTINGS, Influence, Sweep, influences_of, swept
from analytics.scenarios.mind.settling import FIRST, settled_after
from analytics.scenarios.mind.tipping import Tipping, tipping_of
from analytics.scenarios.mind.weights import weighed
from analytics.scenarios.mind.words import headline_of, sentences_of
from analytics.scenarios.prices import COST
from analytics.scenarios.setting import Setting
from analytics.scenarios.values import Choice, Number, PerKey
from data.words import Sentence, Words

__all__ = ["change_of_mind"]

EIGHT = np.array([0.1, 0.9])  # the ends of the middle 8 in 10
LITTLE = 0.02  # of what the factor that moves the lead most does
MANY = 100  # periods
LEAST_TOTAL = 0.05  # of the lead's variance: below it a factor is not one of two that decide together


def change_of_mind(
    setting: Setting,
    *,
    thresholds: Mapping[str, float] | None = None,
    points: int | None = None,
    progress: Progress = quiet,
) -> Mind:
    """What would change the choice, what to find out first, and how the choice fares if we are wrong.

    Parameters
    ----------
    setting : the options, made ready by ``setting_of``.
    thresholds : by measure what is good enough, in its unit (default: no worse than the baseline on any).
    points : of the sequence by which all factors are moved together, a power of two (default: 64).
    progress : told how far it is; may stop the work.

    Returns
    -------
    Mind
        About the option that does best on average on the measure that the verdict begins with, or in money where the terms
        say what a unit is worth.

    Raises
    ------
    ScenarioError
        When there is nothing to choose: one option, a measure without a better side, options in other circumstances.
    """
    comparison = compared(setting, progress=_part(progress, 0.0, 0.3))
    trial, drawn = _trial(setting, comparison)
    gains = trial.gains({})
    leader, rival = gains.leader, gains.rival(gains.leader)
    tippings = _tippings(trial, leader, _part(progress, 0.3, 0.55))
    moving = _moving(trial, leader)
    quick = _Quick(trial, leader)
    sweep = _sweep(quick, moving, setting, points, _part(progress, 0.55, 0.85))
    influences = () if sweep is None else influences_of(sweep, seed=setting.study.seed)
    settled = sweep is None or not (sweep.leads <= 0).any()  # then no two of them change the choice
    pair = None if settled else _pair(trial, influences, _part(progress, 0.85, 0.97))
    measures, levels = levels_of(setting)
    judged = [each for each in measures if each.direction != "neutral"]
    asked = judged if thresholds else [each for each in judged if each.name != COST]  # of which the budget speaks
    money = within_budget(comparison, levels)
    learnt = what_to_learn(gains, _named(drawn), seed=setting.study.seed)
    found = Mind(
        made_from=comparison.made_from,
        config={**comparison.config, "thresholds": dict(thresholds or {}), "currency": setting.study.city.currency},
        seed=comparison.seed,
        receipt=comparison.receipt,
        baseline=comparison.baseline,
        options=gains.options,
        leader=leader,
        rival=rival,
        measure=comparison.primary,
        title=Sentence("mind.net") if trial.in_money else trial.measure.title,
        unit=setting.study.city.currency if trial.in_money else trial.measure.unit,
        lead=gains.lead(leader),
        draws=setting.study.draws,
        tippings=tippings,
        break_even=break_even_of(comparison, levels),
        needed=needed_of(setting, trial, leader),
        pair=pair,
        worth=perfect(gains, seed=setting.study.seed),
        learnt=learnt,
        influences=influences,
        fares=fares_of(gains),
        satisfied=satisfied_in(levels, asked, gains.options, thresholds=thresholds or {}, extra=money),
        box=None if sweep is None else _box(sweep),
        weighing=weighed(levels, judged, gains.options, seed=setting.study.seed),
        settled=settled_after(gains.apart(leader, rival)),
        tried=0 if sweep is None else int(sweep.plain.sum()),
        fails=0 if sweep is None else int((sweep.leads[sweep.plain] <= 0).sum()),
        quick=quick.settled,
        quick_draws=FIRST,
        headline="",
        sentences={},
        objection=objection_of(comparison, tippings, leader),
    )
    caveats = by_severity([*comparison.caveats, *assess(**_facts(found, setting, tippings))])
    return replace(
        found,
        caveats=caveats,
        headline=headline_of(found),
        sentences=sentences_of(found, measures=judged, swept=sweep, value=trial.value_of),
    )


def _trial(setting: Setting, comparison: Comparison) -> tuple[Trial, tuple[Drawn, ...]]:
    """The comparison as it can be asked again, and what its engines draw."""
    measure = comparison.measure(comparison.primary)
    if len(setting.options) < 2:
        raise ScenarioError("nothing_to_choose")
    if measure.direction == "neutral" and not setting.study.terms.worth:
        raise ScenarioError("no_better_side", measure=measure.title)
    planned = [each.name for each in setting.options if each.planned]
    if planned:
        raise ScenarioError("other_circumstances", options=planned)
    first = next(each for each in setting.options if each.name == setting.study.baseline)
    composition = setting.composition
    drawn = composition.drawn(composition.run(first.levers, first.assumed)[0])
    leader = Trial(setting, measure, {}).gains({}).leader
    factors = factors_of(composition, setting.options, drawn, chosen=leader)
    return Trial(setting, measure, {each.name: each for each in factors}), drawn


def _tippings(trial: Trial, leader: str, progress: Progress) -> tuple[Tipping, ...]:
    """Each factor's, those that change the choice first, the likeliest of them first, then what is ours to choose."""
    found = []
    for index, factor in enumerate(trial.factors.values()):
        progress(index / len(trial.factors), factor.title)
        found.append(tipping_of(trial, factor, leader=leader))

    def order(each: Tipping) -> tuple[bool, bool, bool, float]:
        edge = each.nearest
        return (edge is None, each.kind == "lever", not each.matters, 0.0 if edge is None else each.distance(edge))

    return tuple(sorted(found, key=order))


def _moving(trial: Trial, leader: str) -> list[Factor]:
    """What is not ours to choose and moves the lead: of what hardly does, nothing is learnt by moving it with others.

    Each is moved over the middle 8 in 10 of what it may be twice: with the others as they stand, and with all of them at the
    upper end of that, since an effect of growth shows only where there is growth.
    """
    known = [each for each in trial.factors.values() if each.kind != "lever"]
    low, high = ({each.name: float(each.quantile(level)[0]) for each in known} for level in (EIGHT[:1], EIGHT[1:]))
    moves = {}
    for each in known:
        spans = []
        for others in ({}, high):
            leads = [
                trial.gains({**others, each.name: place}, draws=FIRST).lead(leader)
                for place in (low[each.name], each.best, high[each.name])
            ]
            spans.append(float(np.ptp(leads)))
        moves[each.name] = max(spans)
    most = max(moves.values(), default=0.0)
    return [each for each in known if moves[each.name] > LITTLE * most]


@dataclass(eq=False)
class _Quick:
    """The leader's lead by as few futures as settle its sign, and how often the first 100 did."""

    trial: Trial
    leader: str
    settled: int = 0

    def gains(self, settings: Mapping[str, float]) -> Gains:
        found = self.trial.quick(settings, self.leader)
        self.settled += found.values.shape[1] == FIRST
        return found

    def lead(self, settings: dict[str, float]) -> float:
        return self.gains(settings).lead(self.leader)


def _sweep(
    quick: _Quick, factors: Sequence[Factor], setting: Setting, points: int | None, progress: Progress
) -> Sweep | None:
    if not factors:
        return None
    study = setting.study
    most = SETTINGS // 4 if study.periods > MANY else SETTINGS  # an engine of hours takes many times as long
    return swept(
        quick.lead,
        factors,
        points=points,
        most=most,
        seed=study.seed,
        progress=progress,
        doing=Sentence("mind.sweeping"),
    )


def _pair(trial: Trial, influences: Sequence[Influence], progress: Progress) -> Pair | None:
    """The map of the two factors that have most to do with the lead; none where only one has."""
    known = [each.name for each in influences if each.total >= LEAST_TOTAL]
    if len(known) < 2:
        return None
    first, second = (trial.factors[each] for each in known[:2])
    quick = _Quick(trial, trial.gains({}).leader)
    return pair_of(quick.gains, (first, second), trial.value_of, progress=progress, doing=Sentence("mind.mapping"))


def _box(sweep: Sweep) -> Box | None:
    """Where the leader fails, by the settings that are spread evenly."""
    places = {each.name: sweep.places[sweep.plain, index] for index, each in enumerate(sweep.factors)}
    failures: npt.NDArray[np.bool_] = sweep.leads[sweep.plain] <= 0
    return box_of(places, failures)


def _named(drawn: Sequence[Drawn]) -> list[Drawn]:
    return [each for each in drawn if float(each.values.std()) > 0]


def _facts(found: Mind, setting: Setting, tippings: Sequence[Tipping]) -> dict[str, object]:
    """What the caveats of this are computed from."""
    option = next(each for each in setting.options if each.name == found.leader)
    alone = any(each.edges for each in tippings)
    unmoved: list[Words] = [
        each.title
        for each in setting.composition.levers
        if not isinstance(each.kind, Number | PerKey | Choice) and each.moves(option.levers[each.name])
    ]
    unknown = [each.title for each in tippings if each.edges and each.likely is None and each.kind == "circumstance"]
    return {
        "mind_fails_together": 0 if alone else found.fails,
        "mind_tried": found.tried,
        "mind_unmoved": unmoved,
        "mind_unknown_odds": unknown,
        "mind_drawn": [each.title for each in found.learnt],
    }


def _part(progress: Progress, begin: float, end: float) -> Progress:
    return lambda share, doing: progress(begin + (end - begin) * share, doing)
