"""Which areas had the policy, from what somebody calls them."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.errors import EvaluationError
from data import City, Series
from data.words import text

__all__ = ["treated_areas"]


def treated_areas(city: City, series: Series, wanted: Sequence[str]) -> tuple[str, ...]:
    """The areas of a series that are meant by ids, names, regions, or parents (a district is all areas in it).

    Parameters
    ----------
    city : whose areas they are.
    series : whose areas can be meant.
    wanted : as somebody writes them; none is the whole city.

    Returns
    -------
    tuple of str
        Ids in the order of the series.

    Raises
    ------
    EvaluationError
        When there is no such area, the series has no areas to tell apart, or none is left to compare with.
    """
    if not wanted:
        return ()
    known = series.area_ids
    if len(known) < 2:
        raise EvaluationError("no_comparison_areas", series=text(series.title))
    names = _names(city, series)
    chosen: set[str] = set()
    for each in wanted:
        if each.casefold() not in names:
            raise EvaluationError("unknown_areas", series=text(series.title), name=each, names=list(known))
        chosen |= names[each.casefold()]
    if len(chosen) == len(known):
        raise EvaluationError("all_treated", series=text(series.title), n=len(known))
    return tuple(each for each in known if each in chosen)


def _names(city: City, series: Series) -> dict[str, set[str]]:
    """The areas of the series behind each thing that they may be called by; ids come before names."""
    known = set(series.area_ids)
    layer = city.areas[series.layer]
    found: dict[str, set[str]] = {}
    for region in city.of("regions").values():
        if region.layer == series.layer:
            members = set(region.area_ids) & known
            found |= {region.name.casefold(): members, text(region.title).casefold(): members}
    if "parent_id" in layer.frame:
        parents = city.areas[layer.parent].frame["name"].astype(str).to_dict() if layer.parent else {}
        for parent, group in layer.frame.groupby(layer.frame["parent_id"].astype(str)):
            members = set(map(str, group.index)) & known
            found |= {str(parents.get(str(parent), parent)).casefold(): members, str(parent).casefold(): members}
    for area, name in layer.frame["name"].astype(str).items():
        found[name.casefold()] = {str(area)} & known
    found |= {each.casefold(): {each} for each in known}
    return {name: members for name, members in found.items() if members}
