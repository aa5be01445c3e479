"""Where an option fails: a box of settings in which most are failures, found by peeling (PRIM)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

__all__ = ["Box", "box_of"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

PEEL = 0.05  # of the settings in the box that a step takes off: patient, as Friedman and Fisher advise
LEAST = 0.05  # of all settings that a box keeps
FEWEST = 8  # failures, and as many settings in a box: fewer tell nothing
DENSE = 0.8  # of the settings in a box: "mostly"
CHANCE = 0.05  # a limit that chance alone would bring as often is left out


@dataclass(frozen=True)
class Box:
    """A box of settings: ``limits`` by factor (low, high), None where a side is open.

    ``density`` is the share of failures in the box, ``coverage`` the share of all failures that lie in it, ``size`` how many
    settings it holds.
    """

    limits: Mapping[str, tuple[float | None, float | None]]
    density: float
    coverage: float
    size: int


def box_of(places: Mapping[str, Floats], failures: Bools, *, dense: float = DENSE) -> Box | None:
    """The box that holds most of the failures and few others.

    Parameters
    ----------
    places : by factor, one number a setting.
    failures : whether a setting fails.
    dense : the share of failures that a box should reach.

    Returns
    -------
    Box or None
        None where too few settings fail, or too few do not, to tell.

    Notes
    -----
    The patient rule induction method (Friedman and Fisher 1999, Statistics and Computing 9:123-143): a slice is peeled off
    wherever that raises the share of failures most for each setting that it costs, then pasted on again where the share does
    not fall. A limit stays only where a box without it would hold as many failures by chance in fewer than 5 of 100 cases
    (Bryant and Lempert 2010, Technological Forecasting and Social Change 77:34-49).
    """
    if failures.sum() < FEWEST or (~failures).sum() < FEWEST:
        return None
    names, columns = list(places), np.column_stack([places[name] for name in places])
    inside, trajectory = np.ones(len(failures), dtype=bool), []
    limits = np.column_stack([np.full(len(names), -np.inf), np.full(len(names), np.inf)])
    least = max(FEWEST, int(LEAST * len(failures)))
    while True:
        trajectory.append(limits.copy())
        step = _peeled(columns, failures, inside, least)
        if step is None:
            break
        axis, side, value = step
        limits[axis, side] = value
        inside = _within(columns, limits)
        if failures[inside].all():
            trajectory.append(limits.copy())
            break
    chosen = _chosen(columns, failures, trajectory, dense)
    chosen = _pasted(columns, failures, chosen)
    chosen = _needed(columns, failures, chosen)
    inside = _within(columns, chosen)
    bounds = {
        name: tuple(float(each) if np.isfinite(each) else None for each in pair)
        for name, pair in zip(names, chosen, strict=True)
        if np.isfinite(pair).any()
    }
    if not bounds:
        return None
    found = failures[inside]
    return Box(bounds, float(found.mean()), float(found.sum() / failures.sum()), int(inside.sum()))  # type: ignore[arg-type]


def _within(columns: Floats, limits: Floats) -> Bools:
    found: Bools = np.all((columns >= limits[:, 0]) & (columns <= limits[:, 1]), axis=1)
    return found


def _peeled(columns: Floats, failures: Bools, inside: Bools, least: int) -> tuple[int, int, float] | None:
    """The slice whose loss raises the share of failures most for each setting that it costs; ties of values go together."""
    best, here = None, failures[inside].mean()
    most = 0.0
    for axis in range(columns.shape[1]):
        own = columns[inside, axis]
        for side, level in ((0, PEEL), (1, 1 - PEEL)):
            edge = np.quantile(own, level)
            kept = own[own > edge] if side == 0 else own[own < edge]
            if len(kept) < least or len(kept) == len(own):
                continue
            stays = (own > edge) if side == 0 else (own < edge)
            gain = (failures[inside][stays].mean() - here) / (len(own) - len(kept))
            if gain > most:
                value = float(kept.min() if side == 0 else kept.max())
                outer = float(own[~stays].max() if side == 0 else own[~stays].min())
                most, best = gain, (axis, side, (value + outer) / 2)
    return best


def _chosen(columns: Floats, failures: Bools, trajectory: list[Floats], dense: float) -> Floats:
    """Of the boxes that are dense enough (or of all) the one that best joins density and coverage, by their harmonic mean."""
    inside = [_within(columns, each) for each in trajectory]
    density = np.array([failures[each].mean() for each in inside])
    coverage = np.array([failures[each].sum() for each in inside]) / failures.sum()
    both = 2 * density * coverage / np.maximum(density + coverage, 1e-12)
    if (density >= dense).any():
        both = np.where(density >= dense, both, -1.0)
    return trajectory[int(both.argmax())]


def _pasted(columns: Floats, failures: Bools, limits: Floats) -> Floats:
    """The box with slices put on again where they hold as many failures as the box: peeling may have taken too much."""
    limits = limits.copy()
    density = failures[_within(columns, limits)].mean()
    for axis, side in [(axis, side) for axis in range(len(limits)) for side in (0, 1)]:
        while np.isfinite(limits[axis, side]):
            wider = limits.copy()
            wider[axis, side] = -np.inf if side == 0 else np.inf
            added = _within(columns, wider) & ~_within(columns, limits)
            if not added.any():
                limits = wider
                break
            values = np.sort(columns[added, axis])[:: -1 if side == 0 else 1]
            slice_ = values[: max(1, int(PEEL * _within(columns, limits).sum()))]
            taken = added & ((columns[:, axis] >= slice_.min()) if side == 0 else (columns[:, axis] <= slice_.max()))
            if failures[taken].mean() < density:
                break
            limits[axis, side] = slice_.min() if side == 0 else slice_.max()
    return limits


def _needed(columns: Floats, failures: Bools, limits: Floats) -> Floats:
    """The limits that chance alone does not bring."""
    limits = limits.copy()
    for axis, side in [(axis, side) for axis in range(len(limits)) for side in (0, 1)]:
        if np.isfinite(limits[axis, side]):
            wider = limits.copy()
            wider[axis, side] = -np.inf if side == 0 else np.inf
            inside, without = _within(columns, limits), _within(columns, wider)
            rate = float(failures[without].mean())
            if binomtest(int(failures[inside].sum()), int(inside.sum()), rate, alternative="greater").pvalue > CHANCE:
                limits = wider
    return limits
