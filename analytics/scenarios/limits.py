"""What a comparison cannot tell: the facts from which its caveats are computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from analytics.caveats import assess
from analytics.equity import group_within
from analytics.results import Caveat, by_severity
from analytics.scenarios.composition import Composition
from analytics.scenarios.contract import Evidence, Lever
from analytics.scenarios.levers import levers_jointly, levers_outside
from analytics.scenarios.measure import AREA, Measure
from analytics.scenarios.options import Option
from analytics.scenarios.regions import elsewhere, people_of
from analytics.scenarios.study import Study
from data import Areas, Cost, Provenance
from data.words import Sentence, Words

__all__ = ["caveats_of", "distinct_tables", "inherited"]


def caveats_of(
    study: Study,
    options: Sequence[Option],
    evidence: Sequence[Evidence],
    composition: Composition,
    *,
    tables: Sequence[Provenance],
    costs: Sequence[Cost],
    measures: Sequence[Measure],
) -> tuple[Caveat, ...]:
    """The caveats of a comparison, the gravest first.

    Parameters
    ----------
    study : what is compared, and on which terms.
    options : the baseline among them.
    evidence : of each engine.
    composition : the engines and their levers.
    tables : all that was read.
    costs : those that were read.
    measures : what is judged.

    Returns
    -------
    tuple of Caveat
        Those of the engines and of the comparison itself.
    """
    facts = _of_levers(study, options, composition) | _of_circumstances(study, options, composition.levers)
    facts |= _of_groups(study, measures) | _of_region(study, measures) | _of_costs(costs, options, composition)
    return by_severity([*inherited(evidence), *assess(made_from=tables, **facts)])


def inherited(evidence: Sequence[Evidence]) -> list[Caveat]:
    """The caveats that engines bring, but for what is synthetic: that is said once, of all tables.

    Parameters
    ----------
    evidence : of each engine.

    Returns
    -------
    list of Caveat
        Engine by engine: one engine's facts must not stand in for another's.
    """
    own = [caveat for each in evidence for caveat in (*each.caveats, *assess(**each.facts))]
    return [caveat for caveat in own if caveat.code != "synthetic_data"]


def distinct_tables(tables: Iterable[Provenance]) -> tuple[Provenance, ...]:
    """Each table once.

    Parameters
    ----------
    tables : some of which may be there twice.

    Returns
    -------
    tuple of Provenance
        In their order.
    """
    return tuple({repr(table): table for table in tables}.values())


def _of_levers(study: Study, options: Sequence[Option], composition: Composition) -> dict[str, Any]:
    chosen = [each for each in options if each.name != study.baseline]
    outside = [entry for each in chosen for entry in levers_outside(each.name, each.levers, composition.levers)]
    jointly = [entry for each in chosen for entry in levers_jointly(each.name, each.levers, composition.levers)]
    return {"levers_outside": outside, "levers_jointly": jointly}


def _of_circumstances(study: Study, options: Sequence[Option], levers: Sequence[Lever]) -> dict[str, Any]:
    by_name = {each.name: each for each in levers}
    common = [
        Sentence("options.set_to", {"lever": by_name[name].title, "value": by_name[name].shown(read)})
        for name, value in study.terms.circumstances.items()
        if name in by_name and by_name[name].moves(read := by_name[name].read(value, scenario=""))
    ]
    planned = [
        {
            "option": each.name,
            "levers": [Sentence("amounts.inside", {"text": by_name[name].title}) for name in each.planned],
        }
        for each in options
        if each.planned
    ]
    return {"circumstances_common": common, "circumstances_planned": planned}


def _of_groups(study: Study, measures: Sequence[Measure]) -> dict[str, Any]:
    names = dict.fromkeys(measure.layer for measure in measures if AREA in measure.over)
    layers = [study.city.areas[name] for name in names if name in study.city.areas]
    absent = dict.fromkeys(group for layer in layers for group in layer.absent_groups)
    present = dict.fromkeys(group for layer in layers if len(layer.frame) > 1 for group in layer.groups)
    if not present and not absent:
        return {}
    sizes = {group: size for layer in layers for group, size in _sizes(study, layer).items()}
    people = [{"group": group_within(group), "people": size} for group, size in sizes.items()]
    return {"groups": _labels(present), "groups_absent": _labels(absent), "group_sizes": people}


def _sizes(study: Study, layer: Areas) -> dict[str, float]:
    """How many people each group has in the areas that are looked at; none where the layer does not know its people."""
    region, frame = study.terms.region, layer.frame
    if region is not None and region.layer == layer.layer:
        frame = frame.loc[[each for each in frame.index if str(each) in region.area_ids]]
    people = frame["population"].astype(float)
    if people.isna().any() or not people.any():
        return {}
    return {group: float((people * frame[group].astype(float).fillna(0.0)).sum()) for group in layer.groups}


def _labels(groups: Mapping[str, None]) -> list[Words]:
    return [group_within(group) for group in groups]


def _of_region(study: Study, measures: Sequence[Measure]) -> dict[str, Any]:
    region = study.terms.region
    if region is None:
        return {}
    about = {
        "region": region.title,
        "region_areas": len(region.area_ids),
        "region_people": people_of(region, study.city),
    }
    return about | {"region_not_for": elsewhere(region, measures)}


def _of_costs(costs: Sequence[Cost], options: Sequence[Option], composition: Composition) -> dict[str, Any]:
    unpriced = [
        lever.title
        for engine in composition.engines
        if not any(each.money for each in composition.declared[engine.name].writes)
        for lever in composition.declared[engine.name].levers
        if not lever.circumstance and any(lever.moves(each.levers[lever.name]) for each in options)
    ]
    return {
        "levers_without_cost": unpriced,
        "costs_without_range": [each.title for each in costs if each.low == each.high],
        "cost_years": sorted({each.year for each in costs}),
    }
