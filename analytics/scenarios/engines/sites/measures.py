"""What opening and closing sites does: travel, reach, the worst tenth, what exceeds capacity, and money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from analytics.scenarios.amounts import SHARE
from analytics.scenarios.engines.sites.travel import Travel
from analytics.scenarios.measure import AREA, Mean, Measure, Sum
from analytics.scenarios.money import unit_cost
from analytics.scenarios.study import Study
from analytics.streams import Streams
from data import Series, Sites
from data.words import Sentence

__all__ = ["DEMAND", "MONEY", "capacities", "measures_of", "money_of", "outcomes", "worst_tenth"]

Floats = npt.NDArray[np.float64]

DEMAND = "demand"  # the coordinate by which areas weigh in a mean over requests
WORST = 0.1
LEAST = 1e-9  # requests: where none come in a future, its areas weigh alike
DAYS = 365.25
LONGER, SHORTER = Sentence("amounts.longer_word"), Sentence("amounts.shorter_word")
HIGHER, LOWER = Sentence("amounts.higher_word"), Sentence("amounts.lower_word")


def measures_of(study: Study, sites: Sites) -> tuple[Measure, ...]:
    """Travel, the share within reach and the worst tenth; what exceeds capacity and money where the city states them.

    Parameters
    ----------
    study : whose city states costs.
    sites : that are studied.

    Returns
    -------
    tuple of Measure
        Travel first.
    """
    panel: Series = study.table("series")
    layer, over = panel.layer, {AREA: Mean(DEMAND)}
    near = Sentence("measures.within_reach", {"reach": sites.reach, "unit": sites.unit, "series": panel.title})
    travel = Measure("travel", Sentence("measures.travel"), sites.unit, layer=layer, over=over)
    within = Measure("within_reach", near, SHARE, "higher", layer=layer, over=over)
    worst = Measure("travel_worst", Sentence("measures.travel_worst"), sites.unit)
    found = [
        replace(travel, more_word=LONGER, fewer_word=SHORTER),
        replace(within, more_word=HIGHER, fewer_word=LOWER),
        replace(worst, more_word=LONGER, fewer_word=SHORTER),
    ]
    if sites.frame["capacity"].notna().any():
        title = Sentence("measures.unmet", {"series": panel.title})
        found.append(Measure("unmet", title, panel.unit, layer=layer, over={"period": Sum(), AREA: Sum()}))
    currency = study.city.currency
    once = Measure("sites_once", Sentence("measures.sites_once"), currency, money="once")
    yearly = Measure("sites_yearly", Sentence("measures.sites_yearly"), currency, money="yearly")
    priced = [each for each in (once, yearly) if _is_priced(study, sites, *MONEY[each.name])]
    return (*found, *(replace(each, more_word=HIGHER, fewer_word=LOWER) for each in priced))


MONEY = {"sites_once": ("opening_cost", "site_opening"), "sites_yearly": ("running_cost", "site_running")}
"""The column that states what a site costs, and the city's cost of one that it does not state."""


def _is_priced(study: Study, sites: Sites, column: str, cost: str) -> bool:
    needed = sites.frame[column] if column == "running_cost" else sites.frame.loc[~sites.frame["existing"], column]
    return bool(needed.notna().all()) or study.find("costs", cost) is not None


def worst_tenth(travel: Floats, demand: Floats) -> Floats:
    """The mean travel of the tenth of all requests that have it farthest, by draw.

    Parameters
    ----------
    travel : by area.
    demand : draw × area.

    Returns
    -------
    numpy array
        By draw; of an area that lies across the tenth's border only as much counts as fills it. (The expected shortfall
        at 90 %: Acerbi and Tasche 2002, Journal of Banking & Finance 26:1487-1503.)
    """
    order = np.argsort(-travel, kind="stable")
    each = demand[:, order]
    tenth = WORST * each.sum(axis=1, keepdims=True)
    before = np.cumsum(each, axis=1) - each
    counted = np.clip(tenth - before, 0.0, each)
    found: Floats = counted @ travel[order] / tenth[:, 0]
    return found


def capacities(sites: Sites, change: Any) -> Floats:
    """What each site can serve a year; infinite where nobody says.

    Parameters
    ----------
    sites : that are studied.
    change : the lever's value: a share more or less, one for all or by site.

    Returns
    -------
    numpy array
        By site.
    """
    stated: Floats = sites.frame["capacity"].to_numpy(dtype=float)
    return np.where(np.isnan(stated), np.inf, stated * (1 + _changes(sites, change)))


def _changes(sites: Sites, change: Any) -> Floats:
    known = sites.frame["capacity"].notna().to_numpy()
    if not isinstance(change, Mapping):
        return np.where(known, float(change), 0.0)
    return np.array([float(change.get(str(each), 0.0)) for each in sites.frame.index])


def outcomes(
    travel: Travel, sites: Sites, *, opened: npt.NDArray[np.intp], capacity: Floats, demand: xr.DataArray, study: Study
) -> dict[str, xr.DataArray]:
    """Travel, reach, the worst tenth and what exceeds capacity, where each area goes to its nearest open site.

    Parameters
    ----------
    travel : between the areas of the demand and the sites.
    sites : that are studied.
    opened : places of the open sites among all.
    capacity : a year by site.
    demand : draw × area_id × category × period.
    study : whose periods they are.

    Returns
    -------
    dict
        Arrays by measure.
    """
    nearest = opened[travel.between[:, opened].argmin(axis=1)]  # of two as near the first in the file
    metres = travel.between[np.arange(len(nearest)), nearest]
    dims = ("draw", AREA, "period")
    by_period = np.add.reduce(
        demand.transpose(*dims, "category").to_numpy(), axis=3
    )  # to numbers, which xarray checks twice
    requests = by_period.sum(axis=2, dtype=float) + LEAST
    areas = demand.get_index(AREA)
    coords = {AREA: areas, DEMAND: (("draw", AREA), requests)}

    def by_area(values: Floats) -> xr.DataArray:
        return xr.DataArray(np.tile(values, (len(requests), 1)), coords=coords, dims=("draw", AREA))

    found = {
        "travel": by_area(metres),
        "within_reach": by_area((metres <= sites.reach).astype(float)),
        "travel_worst": xr.DataArray(worst_tenth(metres, requests), dims="draw"),
    }
    if np.isfinite(capacity).any():
        beyond = _beyond(by_period, nearest, capacity, years=_years(study))
        found["unmet"] = xr.DataArray(beyond, coords={AREA: areas, "period": study.index}, dims=dims)
    return found


def _years(study: Study) -> Floats:
    """The length of each period in years."""
    starts = study.index
    ends = pd.DatetimeIndex([start + study.freq.offset for start in starts])
    found: Floats = (ends - starts).total_seconds().to_numpy() / (86_400 * DAYS)
    return found


def _beyond(demand: Floats, nearest: npt.NDArray[np.intp], capacity: Floats, *, years: Floats) -> Floats:
    """What each area (draw, area, period) asks for beyond what its nearest site can serve.

    A site that is asked for more than it can serve turns away the same share of all who come; nobody is sent on to the
    next, which may be far.
    """
    used, at = np.unique(nearest, return_inverse=True)
    goes = (at[None, :] == np.arange(len(used))[:, None]).astype(demand.dtype)
    loads = goes @ demand  # (draw, site, period)
    limit = (capacity[used][:, None] * years).astype(demand.dtype)
    turned_away = 1 - np.divide(limit, loads, out=np.ones_like(loads), where=loads > limit)
    found: Floats = demand * turned_away[:, at]
    return found


def money_of(
    study: Study, sites: Sites, *, opened: npt.NDArray[np.intp], change: Any, streams: Streams
) -> dict[str, xr.DataArray]:
    """What it costs to open those that are not open today, and to run all that are open, by draw.

    Parameters
    ----------
    study : whose city states costs.
    sites : that are studied.
    opened : places of the open sites among all.
    change : of the capacities; running costs rise and fall by the same share.
    streams : of the study.

    Returns
    -------
    dict
        ``sites_once`` and ``sites_yearly`` where they are known.
    """
    new = opened[~sites.frame["existing"].to_numpy()[opened]]
    counted = {"sites_once": (new, np.ones(len(new))), "sites_yearly": (opened, 1 + _changes(sites, change)[opened])}
    found = {}
    for name, (places, size) in counted.items():
        column, cost = MONEY[name]
        if _is_priced(study, sites, column, cost):
            own = sites.frame[column].to_numpy(dtype=float)[places]
            unit = unit_cost(study, cost, streams)
            each = xr.DataArray(np.zeros(streams.draws), dims="draw") if unit is None else unit
            stated = float((np.nan_to_num(own) * size).sum())
            found[name] = stated + float(size[np.isnan(own)].sum()) * each
    return found
