"""What can be chosen for crews, what it is measured by, and what it does to the work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.scenarios.amounts import SHARE
from analytics.scenarios.contract import Lever
from analytics.scenarios.engines.crews.known import Known
from analytics.scenarios.engines.crews.practice import Practice
from analytics.scenarios.measure import AREA, Mean, Measure, Sum
from analytics.scenarios.study import Study
from analytics.scenarios.values import MONTHS, Choice, Number, PerKey, Schedule
from data import Series
from data.words import Sentence, Words

__all__ = ["CREW_COST", "OVERTIME_COST", "bills", "effort", "levers_of", "measures_of"]

Floats = npt.NDArray[np.float64]

CREW_COST, OVERTIME_COST = "crew", "overtime"  # as the costs are named in a city.toml
MOST_MORE = 1.0  # of today's crews: twice as many is as far as a practice can be carried
MOST_FEWER = 0.5
MOST_OVERTIME = 0.5  # of a crew's usual hours


def crews_today(known: Known, practice: Practice) -> Floats | None:
    """How many crews there are today by pool; those of all categories together go by the work that each takes.

    Parameters
    ----------
    known : the statement.
    practice : whose pools they are.

    Returns
    -------
    By pool, or None where nobody says.
    """
    stated = known.crews.crews
    if not stated:
        return None
    if set(stated) == {""}:
        shared: Floats = stated[""] * practice.capacity / practice.capacity.sum()
        return shared
    counts = np.zeros(len(practice.capacity))
    for index, name in enumerate(practice.categories):
        counts[practice.pool_of[index]] += stated.get(name, 0.0)
    return counts


def levers_of(study: Study, known: Known, practice: Practice) -> tuple[Lever, ...]:
    """More or fewer crews, overtime by month, and who goes first.

    Parameters
    ----------
    study : the city, its time and the tables.
    known : the crews and requests.
    practice : as learnt.

    Returns
    -------
    tuple of Lever
        In crews and hours where the city states how many there are, else as shares of today's work.
    """
    today = crews_today(known, practice)
    bills_known = {each.name for each in _money(study, known)}
    paid = "crews_yearly" if "crews_yearly" in bills_known else ""
    unit: Words
    hourly: Words
    if today is None:
        low, high, step, unit, seen = -MOST_FEWER, MOST_MORE, 0.0, SHARE, practice.seen
    else:
        low, high = -float(np.floor(MOST_FEWER * today.min())), float(np.ceil(MOST_MORE * today.max()))
        step, unit = 1.0, Sentence("crews.unit")
        seen = (float(practice.seen[0] * today.max()), float(practice.seen[1] * today.max()))
    several = len(practice.capacity) > 1
    kind = (
        PerKey(low, high, step, keys=practice.categories, key_kind="category") if several else Number(low, high, step)
    )
    hours = known.crews.crew_hours if today is not None else None
    most, hourly = (
        (MOST_OVERTIME, SHARE) if hours is None else (np.floor(MOST_OVERTIME * hours), Sentence("crews.hours"))
    )
    paid_hours = "overtime_yearly" if "overtime_yearly" in bills_known else ""
    levers = [
        Lever(
            "crews.extra", Sentence("levers.crews_extra"), Sentence("levers.crews_extra_about"), unit, kind, seen=seen,
            costs=paid,
        ),
        Lever(
            "crews.overtime", Sentence("levers.crews_overtime"), Sentence("levers.crews_overtime_about"), hourly,
            Schedule(0.0, float(most), MONTHS), costs=paid_hours,
        ),
    ]  # fmt: skip
    for name, candidates in (
        ("first", practice.area_ids),
        ("first_kinds", practice.categories if known.together else ()),
    ):
        if len(candidates) > 1:
            choice = Choice(tuple(candidates), at_most=len(candidates) - 1)
            titles = Sentence(f"levers.crews_{name}"), Sentence(f"levers.crews_{name}_about")
            levers.append(Lever(f"crews.{name}", *titles, "", choice))
    return tuple(levers)


def measures_of(study: Study, known: Known) -> tuple[Measure, ...]:
    """What is judged: done within the target, median days, what waits at the end, the slowest areas, and money.

    Parameters
    ----------
    study : the city, its time and the tables.
    known : the crews and requests.

    Returns
    -------
    tuple of Measure
        Money only where the city states the cost.
    """
    panel: Series = study.table("series")
    about = {"series": panel.title, "days": known.crews.target_days}
    layer = panel.layer if known.requests.areas is None else known.requests.areas.layer
    within = {"direction": "higher", "layer": layer}
    every: Mapping[str, Any] = {"category": Sum(), AREA: Sum()}
    return (
        Measure("done_within", Sentence("measures.done_within", about), SHARE, over={AREA: Mean("requests")}, **within),  # type: ignore[arg-type]
        Measure(
            "median_days", Sentence("measures.median_days", about), Sentence("crews.days"),
            more_word=Sentence("amounts.longer_word"), fewer_word=Sentence("amounts.shorter_word"),
        ),
        Measure("backlog", Sentence("measures.backlog", about), panel.unit, layer=layer, over=every),
        Measure("worst_area", Sentence("measures.worst_area", about), SHARE, **within),  # type: ignore[arg-type]
        *_money(study, known),
    )  # fmt: skip


def _money(study: Study, known: Known) -> tuple[Measure, ...]:
    found = []
    if known.crews.crews and study.find("costs", CREW_COST) is not None:
        found.append("crews_yearly")
    if known.crews.crews and known.crews.crew_hours and study.find("costs", OVERTIME_COST) is not None:
        found.append("overtime_yearly")
    currency = study.city.currency
    return tuple(Measure(name, Sentence(f"measures.{name}"), currency, money="yearly") for name in found)


def effort(levers: Mapping[str, Any], known: Known, practice: Practice, periods: pd.DatetimeIndex) -> Floats:
    """How many times today's work the crews can do, by (pool, period).

    Parameters
    ----------
    levers : every lever's value.
    known, practice : the crews, and what they do today.
    periods : the start of each.

    Returns
    -------
    1 at rest.
    """
    today = crews_today(known, practice)
    extra = _by_pool(levers["crews.extra"], practice)
    more = extra if today is None else extra / np.maximum(today, 1e-9)
    hours = known.crews.crew_hours if today is not None and known.crews.crew_hours else 1.0
    overtime = np.asarray(levers["crews.overtime"], dtype=float)[periods.month.to_numpy() - 1] / hours
    times: Floats = np.maximum(1.0 + more, 0.0)[:, None] * (1.0 + overtime)[None, :]
    return times


def _by_pool(value: Any, practice: Practice) -> Floats:
    """The lever by pool: one number is each pool's; numbers by category go to their own."""
    pools = len(practice.capacity)
    if not isinstance(value, Mapping):
        return np.full(pools, float(value))
    found = np.zeros(pools)
    for index, name in enumerate(practice.categories):
        found[practice.pool_of[index]] += float(value.get(name, 0.0))
    return found


def bills(levers: Mapping[str, Any], known: Known, practice: Practice) -> dict[str, float]:
    """What is paid for: crews a year, and hours of overtime a year.

    Parameters
    ----------
    levers : every lever's value.
    known, practice : the crews, and what they do today.

    Returns
    -------
    Units of ``crew`` and ``overtime`` by the measure that they are billed to; none where nobody says how many there are.
    """
    today = crews_today(known, practice)
    if today is None:
        return {}
    crews = float((today + _by_pool(levers["crews.extra"], practice)).sum())
    return {"crews_yearly": crews, "overtime_yearly": crews * float(np.sum(levers["crews.overtime"]))}
