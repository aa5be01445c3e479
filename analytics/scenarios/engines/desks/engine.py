"""How people fare at a desk under a roster: who comes by the hour, in every future, waits in one line and is served or leaves.

They are the same people for every roster, so two rosters differ only by who sits there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr
from cachetools import LRUCache, cached

from analytics.parallel import Progress
from analytics.scenarios.amounts import SHARE
from analytics.scenarios.contract import Ask, Declaration, Drawn, Evidence, Lever, Objective, Suggestion, Uncertainty
from analytics.scenarios.engines.baseline import baseline_forecast
from analytics.scenarios.engines.desks.arrivals import ARRIVALS, people_of, slots_of, usual_week
from analytics.scenarios.engines.desks.erlang import slack_for
from analytics.scenarios.engines.desks.estimates import Duration, handling_of, patience_of
from analytics.scenarios.engines.desks.evidence import facts_of, formula_of
from analytics.scenarios.engines.desks.openings import answered_by_opening
from analytics.scenarios.engines.desks.plans import FEWEST, SAME, Search, propose
from analytics.scenarios.engines.desks.queues import Contacts, Outcome, serve
from analytics.scenarios.engines.desks.rosters import needed, open_hours
from analytics.scenarios.measure import Measure, Sum
from analytics.scenarios.money import COMPONENT, drawn_costs, unit_cost
from analytics.scenarios.registry import register
from analytics.scenarios.study import Question, Study
from analytics.scenarios.values import HOURS_OF_WEEK, Number, Schedule
from analytics.streams import Streams
from data import City, Cost, Desk
from data.frequency import Frequency
from data.words import Sentence, Words

__all__ = ["Desks"]

Floats = npt.NDArray[np.float64]

WEEKS = 4
WEEKS_A_YEAR = 365.25 / 7
HOUR_SECONDS = 3600.0
MOST_STAFF = 60.0  # people at one desk: more are a call centre of several lines
HANDLING_CHANGE = (-0.5, 0.5)
SECONDS = (1.0, 7_200.0)
HANDLING, PATIENCE = "desks.handling", "desks.patience"  # streams of the two means


class Desks:
    """Waiting at counters or telephones, by who sits at them in each hour of the week."""

    name: str = "desks"
    title: Words = Sentence("engines.desks.title")
    version: str = "3"
    how: Words = Sentence("records.desks.how")
    source: Words = Sentence("records.desks.source")
    changes: Sequence[Words] = (
        Sentence("records.desks.version_2"),
        Sentence("records.desks.version_3"),
    )
    limits: Sequence[Words] = tuple(
        Sentence(f"engines.desks.limit_{each}") for each in ("one_line", "breaks", "within_hours", "returns", "pace")
    )
    inputs: Sequence[Words] = tuple(Sentence(f"engines.desks.input_{each}") for each in ("forecast", "desks", "costs"))
    questions: Sequence[Question] = (
        Question(
            "desks", Sentence("questions.desks.title"), engines=("baseline", "demand", "desks"), primary="answered_within",
            levers=("desks.staff", "desks.handling"), periods=WEEKS * len(HOURS_OF_WEEK), freq=Frequency.HOUR,
            subject="desks",
        ),
    )  # fmt: skip
    objectives: Sequence[Objective] = (
        Objective(FEWEST, Sentence("objectives.fewest_hours"), by_need=False),
        Objective(SAME, Sentence("objectives.same_hours"), by_need=False),
    )

    def applies(self, city: City) -> Sentence | None:
        """A desk whose contacts are counted by the hour."""
        desks = city.of("desks")
        if not desks:
            return Sentence("errors.no_desks", {"city": city.name})
        if not any(desk.series in city.series for desk in desks.values()):
            return Sentence(
                "errors.no_desk_series", {"city": city.name, "names": [each.series for each in desks.values()]}
            )
        return None

    def declare(self, study: Study) -> Declaration:
        """Staff by hour of the week, how long an answer takes, and what becomes of people; nothing in a study of another kind."""
        desk = _desk(study)
        if desk is None:
            return Declaration()
        most = max(MOST_STAFF, 2 * max(desk.staff))
        staff = Lever(
            "desks.staff", Sentence("levers.desks_staff"), Sentence("levers.desks_staff_about"), Sentence("units.people"),
            Schedule(0, most, HOURS_OF_WEEK, 1), default=desk.staff,
            costs="desks_yearly" if study.find("costs", "staff_hour") is not None else "staff_hours",
        )  # fmt: skip
        handling = Lever(
            "desks.handling", Sentence("levers.desks_handling"), Sentence("levers.desks_handling_about"), SHARE,
            Number(*HANDLING_CHANGE),
        )  # fmt: skip
        assumed = [Uncertainty("desks.handling_seconds", Sentence("levers.desks_handling_seconds"), *SECONDS)]
        if patience_of(desk) is not None:
            assumed.append(Uncertainty("desks.patience_seconds", Sentence("levers.desks_patience_seconds"), *SECONDS))
        return Declaration((staff, handling), tuple(assumed), ("demand", "baseline_demand"), _measures(study, desk))

    def run(
        self,
        study: Study,
        levers: Mapping[str, Any],
        uncertainties: Mapping[str, Any],
        upstream: Mapping[str, xr.DataArray],
        streams: Streams,
    ) -> dict[str, xr.DataArray]:
        """Shares, waits and cost by draw; those who wait too long and staff by (draw, hour of the week) in a week."""
        desk: Desk = study.table("desks")
        staff = np.asarray(levers["desks.staff"], dtype=float)
        people = people_of(study, desk, upstream["demand"], upstream["baseline_demand"], streams)
        found = outcome_of(
            study, desk, people, staff, streams, change=float(levers["desks.handling"]), assumed=uncertainties
        )
        hours = {"hour": list(HOURS_OF_WEEK)}
        results = {
            name: xr.DataArray(getattr(found, name).astype("float32"), dims="draw")
            for name in ("answered_within", "wait_mean", "wait_p90")
        }
        if patience_of(desk) is not None:
            results["abandoned"] = xr.DataArray(found.abandoned.astype("float32"), dims="draw")
        results["late"] = xr.DataArray(found.late.astype("float32"), hours, ["draw", "hour"])
        worked = np.broadcast_to(staff.astype("float32"), (streams.draws, len(staff)))
        results["staff_hours"] = xr.DataArray(worked.copy(), hours, ["draw", "hour"])
        cost = unit_cost(study, "staff_hour", streams)
        if cost is not None:
            results["desks_yearly"] = cost * float(staff.sum()) * WEEKS_A_YEAR
        return results

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        """How handling and patience are known, and the hours in which today's staff cannot keep up."""
        desk: Desk = study.table("desks")
        cost = study.find("costs", "staff_hour")
        tables = (desk.provenance, *(() if cost is None else (cost.provenance,)))
        usual, handling, patience = usual_week(study), handling_of(desk), patience_of(desk)
        facts = facts_of(desk, usual, handling=handling, patience=patience, assumed=assumed)
        if patience is not None:
            formula, simulated = _today(study, desk, patience)
            facts |= {"desk_formula": formula, "desk_simulated": simulated}
        return Evidence(facts=facts, made_from=tables)

    components: Collection[str] = (HANDLING, PATIENCE, COMPONENT, *ARRIVALS)

    def drawn(self, study: Study, outcomes: Mapping[str, xr.DataArray], streams: Streams) -> tuple[Drawn, ...]:
        """How long it takes to serve somebody, how long people wait, and what an hour of staff costs."""
        desk = _desk(study)
        if desk is None:
            return ()
        patience = patience_of(desk)
        found = [_drawn(handling_of(desk), HANDLING, desk, streams)]
        found += [] if patience is None else [_drawn(patience, PATIENCE, desk, streams)]
        return (*found, *drawn_costs(study, ["staff_hour"], streams))

    def suggest(self, study: Study, ask: Ask, *, progress: Progress) -> tuple[Suggestion, ...]:
        """Rosters of whole shifts: the fewest hours that meet the target, or the best use of today's hours."""
        desk: Desk = study.table("desks")
        baseline_forecast(study, progress=progress)
        tried, fresh = (_futures(each, desk) for each in (study, replace(study, seed=study.seed + 1)))
        cost: Cost | None = study.find("costs", "staff_hour")
        search = Search(desk, usual_week(study), handling_of(desk).mean / HOUR_SECONDS, tried, fresh, progress)
        return propose(search, ask, yearly_cost=None if cost is None else cost.amount * WEEKS_A_YEAR)


def needed_people(study: Study) -> tuple[float, ...]:
    """People that a desk needs by hour of the week, by the square-root rule.

    Parameters
    ----------
    study : about a desk.

    Returns
    -------
    tuple of float
        168 numbers from Monday 0:00, such that no more wait at all than may wait longer than the target; 0 while closed.
    """
    desk: Desk = study.table("desks")
    handling, patience = handling_of(desk).mean, patience_of(desk)
    ratio = np.inf if patience is None else patience.mean / handling
    slack = slack_for(1 - desk.target_share, patience=ratio)
    opened = open_hours(desk.staff)
    need = needed(usual_week(study), handling_hours=handling / HOUR_SECONDS, slack=slack, opened=opened)
    return tuple(float(each) for each in need)


def _futures(study: Study, desk: Desk) -> Callable[[Floats], Floats]:
    """The share answered in time in the futures of a study, by the staff of each hour, every other lever at rest."""
    demand = baseline_forecast(study).draws(study)
    streams = study.streams
    people = people_of(study, desk, demand, demand, streams)
    handling = handling_of(desk)
    longest = float(_seconds(handling, None, HANDLING, desk, streams).max() * handling.table.max())
    return answered_by_opening(
        people, lambda own, staff: outcome_of(study, desk, own, staff, streams),
        slots=slots_of(study), opened=open_hours(desk.staff), longest=longest,
    )  # fmt: skip


def _today_key(study: Study, desk: Desk, patience: Duration) -> tuple[object, ...]:
    series = study.table("series")
    tables = (series.provenance.fingerprint, series.name, desk.provenance.fingerprint)
    return (*tables, study.start, study.periods, study.seed, study.draws)


@cached(LRUCache(maxsize=16), key=_today_key, lock=Lock())
def _today(study: Study, desk: Desk, patience: Duration) -> tuple[float, float]:
    """The mean share answered in time with today's staff, every lever at rest: by the formula, and in the futures."""
    formula = formula_of(desk, usual_week(study), handling=handling_of(desk), patience=patience)
    return formula, float(_futures(study, desk)(np.asarray(desk.staff)).mean())


def _desk(study: Study) -> Desk | None:
    """The desk that is studied, where the study is of its own hours."""
    name = study.about.get("desks", "")
    desk: Desk | None = study.find("desks", name) if name else None
    fits = desk is not None and study.freq is Frequency.HOUR and study.about.get("series") == desk.series
    return desk if fits else None


def _measures(study: Study, desk: Desk) -> tuple[Measure, ...]:
    target = {"seconds": desk.target_seconds}
    over = {"hour": Sum()}
    people, seconds = Sentence("units.people"), Sentence("units.seconds")
    higher, lower = Sentence("amounts.higher_word"), Sentence("amounts.lower_word")
    longer, shorter = Sentence("amounts.longer_word"), Sentence("amounts.shorter_word")
    answered = Sentence("measures.answered_within", target)
    found = [
        Measure("answered_within", answered, SHARE, "higher", print_as="units", more_word=higher, fewer_word=lower),
        Measure("wait_mean", Sentence("measures.wait_mean"), seconds, more_word=longer, fewer_word=shorter),
        Measure("wait_p90", Sentence("measures.wait_p90"), seconds, more_word=longer, fewer_word=shorter),
        Measure("late", Sentence("measures.late", target), people, over=over),
        Measure("staff_hours", Sentence("measures.staff_hours"), Sentence("units.hours"), over=over),
    ]
    if patience_of(desk) is not None:
        found.append(
            Measure(
                "abandoned", Sentence("measures.abandoned"), SHARE, print_as="units", more_word=higher, fewer_word=lower
            )
        )
    if study.find("costs", "staff_hour") is not None:
        title = Sentence("measures.desks_yearly")
        found.append(Measure("desks_yearly", title, study.city.currency, money="yearly"))
    return tuple(found)


def outcome_of(
    study: Study, desk: Desk, people: Contacts, staff: Floats, streams: Streams, *, change: float = 0.0,
    assumed: Mapping[str, float | None] | None = None,
) -> Outcome:  # fmt: skip
    """What becomes of everybody under a roster, in every future.

    Parameters
    ----------
    study : of hours.
    desk : whose contacts they are.
    people : who comes, in every future.
    staff : by hour of the week.
    streams : of the study.
    change : of the handling time, as a share.
    assumed : mean seconds of handling and patience where they are not to be estimated.

    Returns
    -------
    Outcome
        By draw.
    """
    given = dict(assumed or {})
    handling, patience = handling_of(desk), patience_of(desk)
    seconds = _seconds(handling, given.get("desks.handling_seconds"), HANDLING, desk, streams)
    patient = np.full(streams.draws, np.inf)
    if patience is not None:
        patient = _seconds(patience, given.get("desks.patience_seconds"), PATIENCE, desk, streams)
    return serve(
        people, staff=np.rint(staff).astype(np.int64), slots=slots_of(study), handling=seconds * (1 + change),
        patience=patient, target=desk.target_seconds,
    )  # fmt: skip


def _seconds(known: Duration, assumed: float | None, what: str, desk: Desk, streams: Streams) -> Floats:
    """A mean in each future: what is assumed, or the estimate with its error."""
    if assumed is not None:
        return np.full(streams.draws, float(assumed))
    return known.scaled(streams.normal(what, [desk.name])[0])


def _drawn(known: Duration, what: str, desk: Desk, streams: Streams) -> Drawn:
    values = xr.DataArray(_seconds(known, None, what, desk, streams), dims="draw")
    name = f"{what}_seconds"
    title = Sentence(f"levers.{name.replace('.', '_')}")
    errand = Sentence(f"drawn.{what.partition('.')[2]}_errand", {"desk": desk.title})
    return Drawn(name, title, Sentence("units.seconds"), values, errand, (what, desk.name))


register(Desks())
