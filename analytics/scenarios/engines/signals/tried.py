"""What simulations said of the plans of options, and which of these were refined in one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analytics.scenarios.engines.signals.plans import ACTUATED, AT_REST, COORDINATED, chosen_plans, refined_in
from analytics.signals.checking import found_check
from analytics.signals.checks import Check, tried_of
from analytics.signals.drives import Plans
from analytics.signals.refined import RefinedPlans, drive_of
from analytics.signals.tables import junctions_of
from data import Junctions
from data.words import Sentence, Words, text

__all__ = ["driven_fact", "refined_fact", "refined_label", "tried_facts"]


@dataclass(frozen=True)
class _Changed:
    """A corridor or a junction by itself whose plans an option changes; ``fixed`` where none of its controllers follows the
    flow, which cannot be driven, and ``refined`` where its plans were.
    """

    place: str
    plans: tuple[object, ...]
    fixed: bool
    refined: RefinedPlans | None = field(compare=False)


def tried_facts(table: Junctions, moved: Collection[str]) -> dict[str, Any]:
    """How many plans the options change, and what a simulation said of those that somebody tried before.

    Parameters
    ----------
    table : of a city.
    moved : the levers that some option moves, with their values by option where those are known.

    Returns
    -------
    dict
        ``signals_changed``, 0 where no values are known, ``signals_tried``, and ``signals_refined``: the plans that were
        refined in simulation, whether they were tried on other seeds or not.
    """
    values = moved if isinstance(moved, Mapping) else {}
    options = len(next(iter(values.values()), ()))
    changed: dict[_Changed, dict[str, Any] | None] = {}
    for place in range(options):
        levers = {**AT_REST, **{name: own[place] for name, own in values.items()}}
        plans = chosen_plans(table, levers)
        for each in _changes(table, levers, plans):
            if each not in changed:
                changed[each] = _known(table, each, plans)
    tried = sorted((each for each in changed.values() if each is not None), key=lambda each: str(each["name"]))
    refined = [refined_fact(table, each.refined, known) for each, known in changed.items() if each.refined is not None]
    ordered = sorted(refined, key=lambda each: str(each["name"]))
    return {"signals_changed": len(changed), "signals_tried": tried, "signals_refined": ordered}


def _changes(table: Junctions, levers: Mapping[str, Any], plans: Plans) -> Iterator[_Changed]:
    """Corridors whose wave an option makes, and junctions beside them that have another plan than today."""
    junctions, follows = junctions_of(table), set(levers[ACTUATED])
    refined = _refined(table, levers, plans)
    corridors = dict.fromkeys((*levers.get(COORDINATED, ()), *(name for name in refined if name in table.corridors)))
    waves = {name: table.along(name) for name in corridors}
    for name, ids in waves.items():
        fixed = not follows & set(ids)
        yield _Changed(name, tuple(plans[each] for each in ids), fixed, refined.get(name) if fixed else None)
    for name in sorted(set(junctions).difference(*waves.values())):
        fixed = name not in follows
        if plans[name] != junctions[name].today or not fixed:
            yield _Changed(name, (plans[name],), fixed, refined.get(name) if fixed else None)


def _refined(table: Junctions, levers: Mapping[str, Any], plans: Plans) -> dict[str, RefinedPlans]:
    """By place, the refined plans that an option names, without those that another lever changed or took the place of."""
    return {
        each.place: each
        for each in refined_in(table, levers)
        if all(plans[name] == own for name, own in each.plans.items())
    }


def _known(table: Junctions, changed: _Changed, plans: Plans) -> dict[str, Any] | None:
    check = found_check(drive_of(table, changed.place), plans) if changed.fixed else None
    return driven_fact(table, changed.place, check, refined=changed.refined)


def driven_fact(
    table: Junctions, place: str, check: Check | None, *, refined: RefinedPlans | None
) -> dict[str, Any] | None:
    """What a caveat says of a check; of a refined plan on the seeds alone that it was not refined on.

    Parameters
    ----------
    table : of a city.
    place : a junction's id or a corridor's name.
    check : None where nobody asked for one.
    refined : the plans, where they were refined.

    Returns
    -------
    dict or None
        As ``tried_of`` has it; None where nothing is known.
    """
    if check is not None and refined is not None:
        check = check.without(refined.seeds)
    return tried_of(text(_name(table, place)), check) if check is not None and check.checked else None


def refined_fact(table: Junctions, refined: RefinedPlans, known: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a caveat says of refined plans.

    Parameters
    ----------
    table : of a city.
    refined : the plans.
    known : by a check on other seeds, as ``tried_of`` has it; None where there is none.

    Returns
    -------
    dict
        Where, on which seeds, when and with what result, and what the formula makes of it.
    """
    before, after = refined.formula
    return {
        "name": _name(table, refined.place), "first": min(refined.seeds), "last": max(refined.seeds), "tried": refined.tried,
        "version": refined.version, "made": pd.Timestamp(refined.made),
        "before": before, "after": after, "check": None if known is None else dict(known),
    }  # fmt: skip


def refined_label(table: Junctions, refined: RefinedPlans) -> Sentence:
    """What people call a refined plan among others to choose from.

    Parameters
    ----------
    table : of a city.
    refined : the plans.

    Returns
    -------
    Sentence
        Its place, the day and a mark that no other plan has.
    """
    name, made = _name(table, refined.place), pd.Timestamp(refined.made)
    return Sentence("signals.refined_label", {"name": name, "made": made, "mark": refined.mark})


def _name(table: Junctions, place: str) -> Words:
    return place if place in table.corridors else junctions_of(table)[place].layout.title
