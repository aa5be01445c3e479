"""Every difference of a comparison: option against baseline, option against option, area by area and group by group."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import xarray as xr

from analytics.scenarios.comparison import Difference, Level
from analytics.scenarios.measure import AREA, Measure, Sum
from analytics.scenarios.parts import banded, gap_changes, standing_out
from analytics.scenarios.reduced import DERIVED, Arrays, Reduced
from analytics.scenarios.study import Study
from analytics.scenarios.verdict import BANDS, MATTERS, judge, order_statistics

__all__ = ["Changes", "changes_of"]


@dataclass(frozen=True)
class Changes:
    """What options change; the fields are those of a ``Comparison``."""

    differences: tuple[Difference, ...] = ()
    between: tuple[Difference, ...] = ()
    paired: Arrays = field(default_factory=dict)
    levels: dict[tuple[str, str], Level] = field(default_factory=dict)
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
        for option in circumstances:
            found.levels[option, measure.name] = _level(reduced.by_draw(option, measure.name))
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


def _level(by_draw: xr.DataArray) -> Level:
    values = order_statistics(by_draw.to_numpy(), tuple(BANDS.values()))
    return Level(**dict(zip(BANDS, map(float, values), strict=True)))


def _add_parts(found: Changes, study: Study, measure: Measure, reduced: Reduced, whole: Difference) -> None:
    pair, key = (study.baseline, whole.option), (whole.option, measure.name)
    before, after = (reduced.by_area(each, measure.name) for each in pair)
    if before is None or after is None:
        return
    found.by_area[key] = _banded(before, after, AREA, measure, whole)
    found.stands_out[key] = _standing_out(
        before, after, [reduced.by_draw(each, measure.name) for each in pair], measure, whole
    )
    before, after = (reduced.by_group(each, measure.name) for each in pair)
    if before is None or after is None:
        return
    found.by_group[key] = _banded(before, after, "group", measure, whole)
    if not _added_up(measure):  # what is added up grows with the group: its distance from everyone's total says nothing
        found.gaps[key] = DERIVED.find((before, after), "gaps", lambda: gap_changes(before, after))


def _banded(
    before: xr.DataArray, after: xr.DataArray, dimension: str, measure: Measure, whole: Difference
) -> xr.DataArray:
    what = ("bands", measure.print_as, whole.relative)
    return DERIVED.find(
        (before, after), what, lambda: banded(before, after, dimension=dimension, measure=measure, whole=whole)
    )


def _standing_out(
    before: xr.DataArray, after: xr.DataArray, city: Sequence[xr.DataArray], measure: Measure, whole: Difference
) -> xr.DataArray:
    how = {"relative": whole.relative, "added_up": _added_up(measure)}
    return DERIVED.find(
        (before, after, *city),
        ("stands_out", *how.values()),
        lambda: standing_out(before, after, (city[0], city[1]), **how),
    )


def _added_up(measure: Measure) -> bool:
    return isinstance(measure.over[AREA], Sum)
