"""Who and where: changes by area and by group, the gaps between groups, and the areas that stand out from the city."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analytics.equity import EVERYONE
from analytics.scenarios.comparison import Difference
from analytics.scenarios.measure import AREA, Measure, is_relative
from analytics.scenarios.verdict import BANDS, order_statistics

__all__ = ["banded", "gap_changes", "standing_out"]

GROUP = "group"
# Of the areas that are said to stand out, the share that may be expected not to.
FALSE_SHARE = 0.05
# Results are kept to 7 digits: areas that change alike differ by less than this share of what they had.
ALIKE = 1e-5


def banded(
    before: xr.DataArray, after: xr.DataArray, *, dimension: str, measure: Measure, whole: Difference
) -> xr.DataArray:
    """Mean, 95 % band and per cent of paired differences along one dimension.

    Parameters
    ----------
    before, after : the measure by draw and the dimension, of the baseline and of the option.
    dimension : ``area_id`` or ``group``.
    measure : what is judged.
    whole : the difference as a whole: where that is not told in per cent, neither are its parts.

    Returns
    -------
    Differences (stat, dimension): mean, low95 and high95 in the unit, percent as a share, NaN where it is not told so.
    """
    start, end = (each.transpose("draw", dimension).to_numpy() for each in (before, after))
    paired = end - start
    mean = paired.mean(axis=0)
    relative = is_relative(measure, start) & whole.relative
    percent = np.divide(mean, start.mean(axis=0), out=np.full_like(mean, np.nan), where=relative)
    return _with_stats(_banded(paired) | {"percent": percent}, before, dimension)


def gap_changes(before: xr.DataArray, after: xr.DataArray) -> xr.DataArray:
    """How the distance of each group from everyone changes: below 0 it narrows, above 0 it widens.

    Parameters
    ----------
    before, after : a measure by draw and group, ``everyone`` among them, of the baseline and of the option.

    Returns
    -------
    (stat, group) without everyone, in the measure's unit: ``before`` and ``after``, the mean of the group's value minus
    everyone's; ``mean``, ``low95`` and ``high95`` of the change of its absolute size, in the same draws.
    """
    everyone = list(before.get_index(GROUP)).index(EVERYONE)
    values = [each.transpose("draw", GROUP).to_numpy() for each in (before, after)]
    gaps = [np.delete(each - each[:, [everyone]], everyone, axis=1) for each in values]
    means = {name: gap.mean(axis=0) for name, gap in zip(("before", "after"), gaps, strict=True)}
    paired = np.abs(gaps[1]) - np.abs(gaps[0])
    return _with_stats(means | _banded(paired), before.drop_sel({GROUP: EVERYONE}), GROUP)


def standing_out(
    before: xr.DataArray,
    after: xr.DataArray,
    city: tuple[xr.DataArray, xr.DataArray],
    *,
    relative: bool,
    added_up: bool,
) -> xr.DataArray:
    """The areas whose change differs from the city's own by more than noise.

    Parameters
    ----------
    before, after : the measure by draw and area, of the baseline and of the option.
    city : the same two as a whole, by draw.
    relative : whether differences are told in per cent: then an area's change as a share of what it had is held against the
        city's share; else its change in units against the city's, or against an equal part of it where areas are added up.
    added_up : whether the whole is the sum of the areas.

    Returns
    -------
    True or False by area.

    Notes
    -----
    The chance that an area does not stand out is the share of draws in which its difference lies on the other side of that
    of most draws, or is none. Areas are taken in the order of that chance for as long as its mean over those taken stays
    within 5 %: of the areas that are said to stand out, at most one in twenty is expected not to (Newton et al. 2004,
    "Detecting differential gene expression with a semiparametric hierarchical mixture method", Biostatistics 5: 155-176).
    """
    start, end = (each.transpose("draw", AREA).to_numpy() for each in (before, after))
    whole, then = (each.to_numpy()[:, None] for each in city)
    change = then - whole
    if relative:
        # In units of what the area had on average: a share of what it had in each draw would divide by its zeros.
        expected = start * np.divide(change, whole, out=np.zeros_like(change), where=whole != 0)
        scale = np.abs(start).mean(axis=0)
    else:
        expected = change / (start.shape[1] if added_up else 1)
        scale = np.maximum(np.abs(start).mean(axis=0), np.abs(expected).mean())
    apart = end - start - expected
    apart[np.abs(apart) <= ALIKE * scale] = 0.0
    above, below = (apart > 0).mean(axis=0), (apart < 0).mean(axis=0)
    found = _expected_within(1.0 - np.maximum(above, below), FALSE_SHARE)
    return xr.DataArray(found, coords={AREA: before.get_index(AREA)}, dims=AREA)


def _expected_within(chances: npt.NDArray[np.float64], share: float) -> npt.NDArray[np.bool_]:
    """The largest set, by rising chance of being wrong, whose mean chance is within a share; ties are taken together."""
    order = np.sort(chances)
    within = np.cumsum(order) / np.arange(1, len(order) + 1) <= share
    if not within.any():
        return np.zeros(len(chances), dtype=bool)
    last = order[np.flatnonzero(within)[-1]]
    tied: npt.NDArray[np.bool_] = chances <= last
    return tied if chances[tied].mean() <= share else chances < last


def _banded(paired: npt.NDArray[np.float64]) -> dict[str, npt.NDArray[np.float64]]:
    low, high = order_statistics(paired, (BANDS["low95"], BANDS["high95"]))
    return {"mean": paired.mean(axis=0), "low95": low, "high95": high}


def _with_stats(stats: dict[str, npt.NDArray[np.float64]], like: xr.DataArray, dimension: str) -> xr.DataArray:
    coords = {"stat": list(stats), dimension: like.get_index(dimension)}
    return xr.DataArray(np.stack(list(stats.values())), coords=coords, dims=["stat", dimension])
