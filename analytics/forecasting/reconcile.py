"""Coherent forecasts: areas add up to their parents and the city, kinds to all, and no level pays for it.

Forecasts of areas, of their parents and of the city are made by the same model from their own histories. They do not add
up. Minimum trace reconciliation (Wickramasuriya, Athanasopoulos and Hyndman 2019) finds the areas' forecasts whose sums
are nearest to all of them, weighed by the covariance of their past errors, shrunk as by Schäfer and Strimmer (2005).
Adding the areas up, or scaling them to the city's forecast, is taken instead where that did better at past moments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.calendar.regressors import regressors_of
from analytics.forecasting.contract import columns_of
from analytics.forecasting.memory import predict
from analytics.forecasting.registry import find_model
from analytics.forecasting.scoring import naive_scales
from analytics.parallel import Progress, quiet
from data import Series
from data.tables import ALL, CITY

__all__ = ["Hierarchy", "Reconciliation", "hierarchy_of", "reconcile"]

Array = npt.NDArray[np.float64]

TRIED = 6  # past moments at which the ways are compared
LEARNED = 4  # moments before those, for the first covariance
SMALLEST = 1e-6  # of a mean: a negative binomial has none of 0
LEVELS = (0.5,)


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """Nodes of a panel and what each sums: ``sums`` (node, column) of 0 and 1, ``tier`` and ``name`` by node.

    The first tier is the columns themselves. Tiers: ``column``, ``area``, ``parent_kind``, ``parent``, ``kind``,
    ``city``; a tier that repeats another is left out.
    """

    sums: Array
    tier: tuple[str, ...]
    name: tuple[str, ...]

    @property
    def tiers(self) -> tuple[str, ...]:
        """The tiers, the finest first."""
        return tuple(dict.fromkeys(self.tier))

    def of(self, tier: str) -> npt.NDArray[np.int64]:
        """The nodes of a tier."""
        return np.flatnonzero(np.array(self.tier) == tier)


@dataclass(frozen=True, eq=False)
class Reconciliation:
    """Coherent means of a panel's columns, (period, column), how they were made, and what that does to each tier.

    ``way`` is ``mint``, ``bottom_up`` or ``top_down``. ``tiers`` is one row a tier: tier, nodes, base, and a column a way;
    each the mean RMSSE over past moments. ``base`` holds each node's own forecast, (period, node).
    """

    way: str
    mean: Array
    base: Array
    tiers: pd.DataFrame
    hierarchy: Hierarchy

    @property
    def worst(self) -> float:
        """The largest RMSSE of a tier over that of its base forecast, by the way that was taken."""
        return _worst(self.tiers, self.way)


def _worst(tiers: pd.DataFrame, way: str) -> float:
    return float((tiers[way].to_numpy(dtype=float) / tiers["base"].to_numpy(dtype=float)).max())


def hierarchy_of(series: Series, parents: Mapping[str, str] | None = None) -> Hierarchy:
    """The hierarchy of a series' columns; ``parents`` maps areas to those of the parent layer.

    Parameters
    ----------
    series : whose columns are the finest tier.
    parents : each area, and the area of the parent layer that it lies in.

    Returns
    -------
    The nodes of all tiers, those of the finest first.
    """
    areas, kinds = (series.values.columns.get_level_values(level).astype(str) for level in ("area_id", "category"))
    parent = {} if parents is None else {str(area): str(above) for area, above in parents.items()}
    pairs = list(zip(areas, kinds, strict=True))
    keys = {
        "column": [f"{area}/{kind}" for area, kind in pairs],
        "area": [area for area, _ in pairs],
        "parent_kind": [f"{parent.get(area, CITY)}/{kind}" for area, kind in pairs],
        "parent": [parent.get(area, CITY) for area, _ in pairs],
        "kind": [kind for _, kind in pairs],
        "city": [ALL for _ in pairs],
    }
    sums, tiers, names, seen = [], [], [], set()
    for tier, names_of in keys.items():
        nodes = list(dict.fromkeys(names_of))
        groups = tuple(tuple(index for index, each in enumerate(names_of) if each == node) for node in nodes)
        if groups in seen:
            continue
        seen.add(groups)
        for node, group in zip(nodes, groups, strict=True):
            sums.append(np.isin(np.arange(len(pairs)), group).astype(float))
            tiers.append(tier)
            names.append(node)
    return Hierarchy(np.stack(sums), tuple(tiers), tuple(names))


def reconcile(
    series: Series,
    model: str,
    *,
    horizon: int,
    parents: Mapping[str, str] | None = None,
    seed: int = 0,
    progress: Progress = quiet,
) -> Reconciliation:
    """Coherent means of a series by a model, in the way whose worst tier did best at past moments.

    Gaps count as 0 in sums only where a whole node has no value; a node is a gap where any of its columns is.

    Parameters
    ----------
    series : counts by area and category.
    model : a name: it forecasts every tier.
    horizon : periods ahead.
    parents : as in ``hierarchy_of``.
    seed : of all that is random; the same seed gives the same answer.
    progress : told how far the work is; may raise to stop it.

    Returns
    -------
    Means of the columns that add up, and what each way does to each tier.
    """
    hierarchy = hierarchy_of(series, parents)
    nodes = pd.DataFrame(series.values.to_numpy(dtype=float) @ hierarchy.sums.T, index=series.values.index)
    rows = list(range(len(nodes), len(nodes) // 3, -horizon))[: TRIED + LEARNED + 1][::-1]
    predicted: dict[int, Array] = {}
    for index, row in enumerate(rows):
        progress(index / len(rows), model)
        predicted[row] = _base(series, nodes, hierarchy, model, row, horizon, seed)
    tried = [row for row in rows[:-1] if rows.index(row) >= min(LEARNED, max(len(rows) - 2, 1))]
    losses = [_losses(nodes, hierarchy, predicted, row, horizon) for row in tried]
    tiers = pd.DataFrame(np.nanmean(losses, axis=0) if losses else np.ones((len(hierarchy.tiers), 4)))
    tiers.columns = pd.Index(["base", *WAYS])
    tiers.insert(0, "nodes", [len(hierarchy.of(tier)) for tier in hierarchy.tiers])
    tiers.insert(0, "tier", hierarchy.tiers)
    way = min(WAYS, key=lambda each: _worst(tiers, each))
    base = predicted[rows[-1]]
    errors = _errors(nodes, predicted, rows[:-1], horizon)
    return Reconciliation(way, WAYS[way](base, errors, hierarchy), base, tiers, hierarchy)


def _base(
    series: Series, nodes: pd.DataFrame, hierarchy: Hierarchy, model: str, row: int, horizon: int, seed: int
) -> Array:
    """Each node's own forecast from the first rows, (period, node): a panel of each tier at a time."""
    answer = np.empty((horizon, len(hierarchy.name)))
    until = series.until(nodes.index[row - 1])
    beside = regressors_of(until, horizon=horizon) if find_model(model).uses else None
    for tier in hierarchy.tiers:
        indices = hierarchy.of(tier)
        panel = nodes.iloc[:row, indices].asfreq(series.freq)
        if tier == hierarchy.tiers[0]:
            panel.columns = series.values.columns
        else:
            pairs = [(f"{index}", ALL) for index in indices]
            panel.columns = pd.MultiIndex.from_tuples(pairs, names=["area_id", "category"])
        predicted = predict(model, panel, horizon, LEVELS, seed, beside).mean
        answer[:, indices] = columns_of(predicted, panel.columns)
    return answer


def _errors(nodes: pd.DataFrame, predicted: Mapping[int, Array], rows: list[int], horizon: int) -> Array:
    """Past errors (observation, node) without gaps."""
    parts = []
    for row in rows:
        observed = nodes.to_numpy(dtype=float)[row : row + horizon]
        parts.append(observed - predicted[row][: len(observed)])
    errors = np.concatenate(parts) if parts else np.empty((0, nodes.shape[1]))
    kept: Array = errors[~np.isnan(errors).any(axis=1)]
    return kept


def _losses(nodes: pd.DataFrame, hierarchy: Hierarchy, predicted: Mapping[int, Array], row: int, horizon: int) -> Array:
    """The mean RMSSE of each tier, (tier, way), at one past moment; the first way is the base forecast."""
    before = [each for each in predicted if each < row]
    errors = _errors(nodes, predicted, before, horizon)
    observed = nodes.to_numpy(dtype=float)[row : row + horizon]
    scale = naive_scales(nodes.iloc[:row].asfreq(nodes.index.freq))[1]  # type: ignore[attr-defined]
    ways = [predicted[row], *(way(predicted[row], errors, hierarchy) @ hierarchy.sums.T for way in WAYS.values())]
    answer = np.full((len(hierarchy.tiers), len(ways)), np.nan)
    for column, mean in enumerate(ways):
        loss = np.sqrt(np.nanmean((mean[: len(observed)] - observed) ** 2, axis=0)) / scale
        for line, tier in enumerate(hierarchy.tiers):
            answer[line, column] = np.nanmean(loss[hierarchy.of(tier)])
    return answer


def _mint(base: Array, errors: Array, hierarchy: Hierarchy) -> Array:
    """Minimum trace: the columns' means nearest to all nodes' forecasts, never below 0."""
    columns = hierarchy.sums.shape[1]
    if len(errors) < 3 or len(hierarchy.name) == columns:
        return _bottom_up(base, errors, hierarchy)
    covariance = _shrunk(errors)
    above = slice(columns, None)
    constraint = np.concatenate([-hierarchy.sums[above], np.eye(len(hierarchy.name) - columns)], axis=1)
    spread = covariance @ constraint.T
    gain = spread @ np.linalg.pinv(constraint @ spread, hermitian=True)
    moved = base - (base @ constraint.T) @ gain.T
    answer: Array = np.maximum(moved[:, :columns], SMALLEST)
    return answer


def _bottom_up(base: Array, errors: Array, hierarchy: Hierarchy) -> Array:
    """The columns' own forecasts."""
    answer: Array = np.maximum(base[:, : hierarchy.sums.shape[1]], SMALLEST)
    return answer


def _top_down(base: Array, errors: Array, hierarchy: Hierarchy) -> Array:
    """The columns' own forecasts, scaled to the city's."""
    own = _bottom_up(base, errors, hierarchy)
    answer: Array = own * (np.maximum(base[:, -1], SMALLEST) / own.sum(axis=1))[:, None]
    return answer


WAYS = {"bottom_up": _bottom_up, "mint": _mint, "top_down": _top_down}


def _shrunk(errors: Array) -> Array:
    """The covariance of errors, its correlations shrunk towards none by the share that noise explains."""
    spread = np.sqrt((errors**2).mean(axis=0)) + 1e-9
    scores = errors / spread
    correlation = scores.T @ scores / len(scores)
    noise = ((scores**2).T @ (scores**2) / len(scores) - correlation**2) / len(scores)
    apart = ~np.eye(len(spread), dtype=bool)
    share = np.clip(noise[apart].sum() / max((correlation[apart] ** 2).sum(), 1e-12), 0.0, 1.0)
    correlation = (1 - share) * correlation
    np.fill_diagonal(correlation, 1.0)
    answer: Array = correlation * np.outer(spread, spread)
    return answer
