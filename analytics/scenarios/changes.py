"""Every difference of a comparison: option against baseline, option against option, area by area and group by group."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import xarray as xr

from analytics.scenarios.comparison import Difference
from analytics.scenarios.measure import AREA, Measure, Sum
from analytics.scenarios.parts import banded, gap_changes, standing_out
from analytics.scenarios.reduced import Arrays, Reduced
from analytics.scenarios.study import Study
from analytics.scenarios.verdict import MATTERS, judge

__all__ = ["Changes", "changes_of"]


@dataclass(frozen=True)
class Changes:
    """What options change; the fields are those of a ``Comparison``."""

    differences: tuple[Difference, ...] = ()
    between: tuple[Difference, ...] = ()
    paired: Arrays = field(default_factory=dict)
    by_area: Arrays = field(default_factory=dict)
    by_group: Arrays = field(default_factory=dict)
    gaps: Arrays = field(default_factory=dict)
    stands_out: Arrays = field(default_factory=dict)


def changes_of(
    study: Study, measures: Sequence[Measure], reduced: Reduced, circumstances: Mapping[str, object]
) -> Changes:
    """All differences.

    Parameters
    ----------
    study : its baseline and what matters.
    measures : what is judged.
    reduced : the measures of every option.
    circumstances : by option, what it meets: where two options meet other circumstances no measure has a better side.

    Returns
    -------
    Changes
        Measure by measure, options in their order.
    """
    others = [name for name in circumstances if name != study.baseline]
    found = Changes()
    differences: list[Difference] = []
    between: list[Difference] = []
    for measure in measures:
        for option in others:
            judged = _as_judged(measure, circumstances, (study.baseline, option))
            difference, found.paired[option, measure.name] = _judge(study, judged, reduced, (study.baseline, option))
            differences.append(difference)
            _add_parts(found, study, judged, reduced, difference)
        for pair in combinations(others, 2):
            between.append(_judge(study, _as_judged(measure, circumstances, pair), reduced, pair)[0])
    return replace(found, differences=tuple(differences), between=tuple(between))


def _as_judged(measure: Measure, circumstances: Mapping[str, object], pair: Collection[str]) -> Measure:
    first, second = (circumstances[name] for name in pair)
    return measure if first == second else replace(measure, direction="neutral")


def _judge(study: Study, measure: Measure, reduced: Reduced, pair: tuple[str, str]) -> tuple[Difference, xr.DataArray]:
    against, option = pair
    each = [reduced.by_draw(name, measure.name) for name in pair]
    matters = study.matters.get(measure.name, MATTERS)
    return judge(option, measure, *each, matters=matters, baseline_name=against)


def _add_parts(found: Changes, study: Study, measure: Measure, reduced: Reduced, whole: Difference) -> None:
    option, name = whole.option, measure.name
    before, after = (reduced.by_area(each, name) for each in (study.baseline, option))
    if before is None or after is None:
        return
    found.by_area[option, name] = banded(before, after, dimension=AREA, measure=measure, whole=whole)
    added_up = isinstance(measure.over[AREA], Sum)
    city = (reduced.by_draw(study.baseline, name), reduced.by_draw(option, name))
    found.stands_out[option, name] = standing_out(before, after, city, relative=whole.relative, added_up=added_up)
    before, after = (reduced.by_group(each, name) for each in (study.baseline, option))
    if before is None or after is None:
        return
    found.by_group[option, name] = banded(before, after, dimension="group", measure=measure, whole=whole)
    if not added_up:  # what is added up grows with the group: its distance from everyone's total says nothing
        found.gaps[option, name] = gap_changes(before, after)
