"""Results for some of the areas: a region is taken out of every measure that has areas of its layer, before it is reduced."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from analytics.errors import ScenarioError
from analytics.scenarios.measure import AREA, Measure
from data import City, Region
from data.words import Words

__all__ = ["check_region", "elsewhere", "people_of", "within"]


def check_region(region: Region | None, city: City) -> None:
    """Refuse a region that the city does not have.

    Parameters
    ----------
    region : None is all areas.
    city : whose layers are looked at.

    Raises
    ------
    ScenarioError
        When its layer or one of its areas is unknown, or it has no area.
    """
    if region is None:
        return
    if region.layer not in city.areas:
        raise ScenarioError("no_such_layer", region=region.title, layer=region.layer, names=list(city.areas))
    known = [str(each) for each in city.areas[region.layer].frame.index]
    unknown = [each for each in region.area_ids if each not in known]
    if unknown or not region.area_ids:
        evidence = {"region": region.title, "layer": region.layer, "names": known[:5]}
        raise ScenarioError(
            "not_in_layer" if unknown else "region_without_areas", area=next(iter(unknown), ""), **evidence
        )


def within(region: Region | None, measure: Measure, array: xr.DataArray) -> xr.DataArray:
    """The part of a measure that lies in a region.

    Parameters
    ----------
    region : None is all areas.
    measure : what the array holds.
    array : by draw and the measure's dimensions.

    Returns
    -------
    The same array where the measure has no areas of the region's layer.
    """
    if region is None or not _has_areas_of(measure, region):
        return array
    inside = np.isin(array.get_index(AREA).astype(str), region.area_ids)
    return array if inside.all() else array.isel({AREA: np.flatnonzero(inside)})


def elsewhere(region: Region, measures: Sequence[Measure]) -> list[Words]:
    """The measures that are told for the whole city although a region was asked for.

    Parameters
    ----------
    region : that was asked for.
    measures : what is judged.

    Returns
    -------
    Their titles.
    """
    return [each.title for each in measures if not _has_areas_of(each, region)]


def people_of(region: Region, city: City) -> float | None:
    """How many people live in a region.

    Parameters
    ----------
    region : of the city.
    city : whose layers hold people.

    Returns
    -------
    Persons; None where the layer does not know them of each area.
    """
    people = float(city.areas[region.layer].frame["population"].reindex(list(region.area_ids)).sum(skipna=False))
    return people if people > 0 else None


def _has_areas_of(measure: Measure, region: Region) -> bool:
    return AREA in measure.over and measure.layer == region.layer
