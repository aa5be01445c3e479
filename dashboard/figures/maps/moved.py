"""The sites that an option opens or closes, as marks on a map."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.scenarios.comparison import Comparison
from analytics.scenarios.contract import Lever
from analytics.scenarios.levers import flattened
from analytics.scenarios.study import Scenario
from analytics.scenarios.values import Choice
from dashboard.figures.chart import Key, Mark, Points
from data.words import say

__all__ = ["moved_sites"]

KIND = "sites"
SIZE = 11  # pixels


def moved_sites(comparison: Comparison, option: str) -> tuple[list[Mark], tuple[Key, ...]]:
    """Hollow squares for what an option opens and crosses for what it closes, against the baseline, with their key.

    Parameters
    ----------
    comparison : of a city with sites, or the result is empty.
    option : the name of one of its options.

    Returns
    -------
    Marks in metres and entries of the key.
    """
    table = comparison.study.city.of(KIND).get(comparison.study.about.get(KIND, "")) if _has_sites(comparison) else None
    if table is None:
        return [], ()
    frame: pd.DataFrame = table.frame
    before, after = (_chosen(comparison, name, frame) for name in (comparison.baseline, option))
    marks: list[Mark] = []
    key: list[Key] = []
    for code, ids, shape, role in (
        ("new", [each for each in after if each not in before], "square", "ink"),
        ("closed", [each for each in before if each not in after], "cross", "ink"),
    ):
        if ids:
            places = frame.loc[ids]
            names = [say(f"charts.where.{code}_site", {"site": name}) for name in places["name"].astype(str)]
            filled = shape == "cross"
            marks.append(
                Points(places["x"], places["y"], role=role, shape=shape, filled=filled, size=SIZE, hover=names)
            )
            key.append(Key(role, say(f"charts.where.{code}", {"n": len(ids)}), shape, filled=filled))
    return marks, tuple(key)


def _has_sites(comparison: Comparison) -> bool:
    return KIND in comparison.study.about


def _chosen(comparison: Comparison, option: str, frame: pd.DataFrame) -> Sequence[str]:
    """The ids of the sites that are open under an option."""
    scenario: Scenario = next(each for each in comparison.scenarios if each.name == option)
    values = flattened(scenario.levers, declared=[lever.name for lever in comparison.levers])
    return [each for lever in comparison.levers for each in _ids(lever, values.get(lever.name)) if each in frame.index]


def _ids(lever: Lever, value: object) -> Sequence[str]:
    return lever.read(value, scenario="") if isinstance(lever.kind, Choice) else ()  # type: ignore[return-value]
