"""What an outcome is: its unit, which way is better, and how each of its dimensions becomes one number a draw."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
import xarray as xr

from analytics.equity import group_weights
from analytics.errors import ScenarioError
from data import Areas
from data.words import Sentence, Words

__all__ = ["AREA", "Max", "Mean", "Measure", "Quantile", "Reducer", "Sum", "is_relative"]

AREA = "area_id"
MORE, FEWER = Sentence("amounts.more_word"), Sentence("amounts.fewer_word")
PEOPLE = "population"  # the column of a layer of areas by which a mean over areas weighs a group's people

# A per cent of the baseline is written only where its mean is above zero and at least this many of its own standard
# deviations over the draws: below half of one, three in ten futures of a normal baseline lie on the other side of zero,
# and a small change of the mean would turn 10 % into 1,000 %.
LEAST_MEAN = 0.5


@dataclass(frozen=True)
class Sum:
    """All along a dimension together."""

    does: ClassVar[str] = "sum"


@dataclass(frozen=True)
class Mean:
    """The mean along a dimension.

    ``weights`` names what weighs it: a coordinate of the array along the dimension (by draw, too: each future then has
    weights of its own), or a column of the layer of areas. Groups are weighed by the same times their shares.
    """

    does: ClassVar[str] = "mean"

    weights: str | None = None


@dataclass(frozen=True)
class Max:
    """The greatest along a dimension."""

    does: ClassVar[str] = "max"


@dataclass(frozen=True)
class Quantile:
    """A quantile along a dimension, between neighbours on a straight line; ``q`` lies between 0 and 1."""

    does: ClassVar[str] = "quantile"

    q: float


Reducer = Sum | Mean | Max | Quantile


@dataclass(frozen=True)
class Measure:
    """An outcome by draw.

    ``over`` names each dimension beside ``draw`` and how it is reduced, in the order in which that is done: periods before
    areas, say. ``layer`` is the layer of areas of the dimension ``area_id``. ``print_as`` "percent" shows differences
    relative to the baseline's mean where that can be done (see ``is_relative``). A measure with ``outcome`` false is only
    for other engines. ``direction`` "neutral" is for what is neither better nor worse when there is more of it (demand, people).
    ``money`` marks what is spent: "once" to build or buy, "yearly" to run; a comparison adds up what options spend.
    """

    name: str
    title: Words
    unit: Words
    direction: Literal["lower", "higher", "neutral"] = "lower"
    over: Mapping[str, Reducer] = field(default_factory=dict)
    layer: str = "city"
    print_as: Literal["percent", "units"] = "percent"
    more_word: Words = MORE
    fewer_word: Words = FEWER
    outcome: bool = True
    money: Literal["", "once", "yearly"] = ""

    def reduced(self, array: xr.DataArray, *, keep: Collection[str] = (), areas: Areas | None = None) -> xr.DataArray:
        """The array with only ``draw`` and the dimensions that are kept, the others reduced in the measure's order.

        Parameters
        ----------
        array : what an engine gave, by draw and the measure's own dimensions.
        keep : dimensions that stay.
        areas : the measure's layer, whose columns may weigh a mean.

        Returns
        -------
        By draw and what is kept.

        Raises
        ------
        ScenarioError
            When a mean is weighed by what neither the array nor the layer has.
        """
        for dimension, reducer in self.over.items():
            if dimension in array.dims and dimension not in keep:
                array = _reduced(array, dimension, reducer, _weights(self, array, dimension, reducer, areas))
        return array

    def by_group(self, array: xr.DataArray, areas: Areas) -> xr.DataArray:
        """The measure by draw and group: of a sum the groups' shares, of a mean the mean over the groups' people.

        Parameters
        ----------
        array : what an engine gave, by draw, area and the measure's other dimensions.
        areas : the measure's layer, with shares of groups.

        Returns
        -------
        By draw and group.
        """
        return self.of_groups(self.reduced(array, keep=(AREA,), areas=areas).astype("float64"), areas)

    def of_groups(self, each: xr.DataArray, areas: Areas) -> xr.DataArray:
        """The measure by draw and group, where everything but draws and areas is reduced already.

        Parameters
        ----------
        each : by draw and area.
        areas : the measure's layer, with shares of groups.

        Returns
        -------
        By draw and group.
        """
        shares, reducer = group_weights(areas), self.over[AREA]
        if isinstance(reducer, Sum):
            found: xr.DataArray = xr.dot(each, shares, dim=AREA)
            return found
        if isinstance(reducer, Mean):
            people = _weights(self, each, AREA, reducer, areas)
            people = _people(areas, PEOPLE) if people is None else people
            return _weighted_mean(each, _of_areas(shares, each) * _of_areas(people, each), AREA)
        lived_in = each.where(shares.reindex({AREA: each[AREA]}) > 0)
        return lived_in.max(AREA) if isinstance(reducer, Max) else _plain(lived_in.quantile(reducer.q, AREA))


def _weights(
    measure: Measure, array: xr.DataArray, dimension: str, reducer: Reducer, areas: Areas | None
) -> xr.DataArray | None:
    name = reducer.weights if isinstance(reducer, Mean) else None
    if name is None:
        return None
    if name in array.coords and dimension in array.coords[name].dims:
        own: xr.DataArray = array.coords[name]
        return own
    if dimension == AREA and areas is not None and name in areas.frame:
        return _people(areas, name).reindex({AREA: array[AREA]})
    raise ScenarioError("no_weights", measure=measure.title, weights=name, dimension=dimension)


def _people(areas: Areas, column: str) -> xr.DataArray:
    """A column of a layer by area; all alike where the layer does not know it."""
    known = areas.frame[column].astype(float).fillna(0.0) if column in areas.frame else None
    values = np.ones(len(areas.frame)) if known is None or not known.any() else known.to_numpy()
    return xr.DataArray(values, coords={AREA: list(areas.frame.index)}, dims=AREA)


def _reduced(array: xr.DataArray, dimension: str, reducer: Reducer, weights: xr.DataArray | None) -> xr.DataArray:
    match reducer:
        case Sum():
            return array.sum(dimension, skipna=False)
        case Mean():
            if weights is None:
                return array.mean(dimension, skipna=False)
            return _weighted_mean(array, weights, dimension)
        case Max():
            return array.max(dimension, skipna=False)
        case Quantile(q):
            return _plain(array.quantile(q, dimension, skipna=False))


def _of_areas(values: xr.DataArray, like: xr.DataArray) -> xr.DataArray:
    """Values by area in the order of another array's areas."""
    wanted = like.get_index(AREA)
    return values if values.get_index(AREA).equals(wanted) else values.reindex({AREA: wanted})


def _weighted_mean(array: xr.DataArray, weights: xr.DataArray, dimension: str) -> xr.DataArray:
    """The weighted mean along a dimension, NaN where nothing weighs; both have it in the same order.

    The sums of ``DataArray.weighted`` to the last bit, without its search for gaps: engines' results have none.
    """
    assert not np.isnan(weights.to_numpy()).any()
    dims = dict.fromkeys((*array.dims, *weights.dims))
    kept = [each for each in dims if each != dimension]
    letters = {each: chr(ord("a") + place) for place, each in enumerate(dims)}
    first, second, found = ("".join(letters[each] for each in names) for names in (array.dims, weights.dims, kept))
    values, scale = array.to_numpy(), weights.to_numpy()
    total = np.einsum(f"{first},{second}->{found}", values, scale)
    weight = np.einsum(f"{first},{second}->{found}", np.ones(values.shape, dtype=bool), scale)
    mean = np.divide(total, weight, out=np.full(total.shape, np.nan, dtype=total.dtype), where=weight != 0)
    coords = {
        name: each
        for source in (array, weights)
        for name, each in source.coords.items()
        if dimension not in each.dims and each.dims
    }
    return xr.DataArray(mean, coords=coords, dims=kept)


def _plain(array: xr.DataArray) -> xr.DataArray:
    return array.drop_vars("quantile", errors="ignore")


def is_relative(measure: Measure, baseline: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Whether differences from a baseline may be written in per cent of its mean.

    Parameters
    ----------
    measure : prints as per cent or in units.
    baseline : the baseline's draws along the first axis.

    Returns
    -------
    One truth for each place along the other axes.
    """
    mean, spread = baseline.mean(axis=0), baseline.std(axis=0)
    found: npt.NDArray[np.bool_] = (mean > 0) & (mean >= LEAST_MEAN * spread) & (measure.print_as == "percent")
    return found
