"""The inner loops of the large p-median, compiled: values of places under prices, and swaps of one place for another.

``gain`` (place, demand) is what a demand gains from a place against where it would go without.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

__all__ = ["best_swap", "lowered", "place_values", "served"]

Floats = npt.NDArray[np.float64]


@numba.njit(cache=True, nogil=True)
def place_values(gain: Any, price: Any, values: Any) -> None:
    """What each place gains beyond the prices of the demands: the sum of what is above them."""
    for place in range(gain.shape[0]):
        found = 0.0
        for demand in range(gain.shape[1]):
            found += max(gain[place, demand] - price[demand], 0.0)
        values[place] = found


@numba.njit(cache=True, nogil=True)
def served(gain: Any, chosen: Any, first: Any, second: Any, by: Any) -> float:
    """The greatest and second greatest gain of each demand among the chosen, and whose the greatest is; their sum."""
    total = 0.0
    for demand in range(gain.shape[1]):
        first[demand], second[demand], by[demand] = -1.0, -1.0, -1
        for index in range(len(chosen)):
            each = gain[chosen[index], demand]
            if each > first[demand]:
                second[demand] = first[demand]
                first[demand], by[demand] = each, index
            elif each > second[demand]:
                second[demand] = each
        second[demand] = max(second[demand], 0.0)  # with one place the others gain nothing
        total += first[demand]
    return total


@numba.njit(cache=True, nogil=True)
def best_swap(gain: Any, chosen: Any, is_open: Any, first: Any, second: Any, by: Any) -> tuple[float, int, int]:
    """The swap that gains most: by how much, the index of what is closed, and the place that is opened.

    Fast interchange (Whitaker 1983, INFOR 21:95-108): one pass over the demands tells what a place brings and, for each of
    the open ones, what its closing then takes.
    """
    best, out, into = 0.0, -1, -1
    loss = np.zeros(len(chosen))
    for place in range(gain.shape[0]):
        if is_open[place]:
            continue
        brings = 0.0
        loss[:] = 0.0
        for demand in range(gain.shape[1]):
            each = gain[place, demand]
            if each > first[demand]:
                brings += each - first[demand]
            else:
                loss[by[demand]] += first[demand] - max(each, second[demand])
        least = int(np.argmin(loss))
        if brings - loss[least] > best:
            best, out, into = brings - loss[least], least, place
    return best, out, into


@numba.njit(cache=True, nogil=True)
def lowered(
    gain: Any, price: Any, forced: Any, active: Any, number: int, goal: float, value: float, steps: int, patience: int
) -> tuple[float, Any, Any]:
    """The least bound that some steps along the subgradient find where some places are open and some closed.

    ``number`` of the ``active`` places are chosen beside the ``forced``; it stops below ``goal``. Gives the bound, its prices
    and what each place is worth at them, -1 where it is closed.
    """
    places, demands = gain.shape
    price = price.copy()
    values, slope, chosen = np.empty(places), np.empty(demands), np.zeros(places, dtype=np.bool_)
    best, best_price, best_values = np.inf, price.copy(), np.empty(places)
    factor, waited = 1.0, 0
    for _ in range(steps):
        for place in range(places):
            values[place] = -1.0
            if active[place]:
                found = 0.0
                for demand in range(demands):
                    found += max(gain[place, demand] - price[demand], 0.0)
                values[place] = found
        free = np.where(active & ~forced, values, -2.0)
        order = np.argsort(-free)
        chosen[:] = forced
        for index in range(number):
            chosen[order[index]] = True
        bound = price.sum() + values[chosen].sum()
        if bound < best:
            waited = 0 if bound < best - 1e-4 * (best - value) else waited + 1
            best = bound
            best_price[:] = price
            best_values[:] = values
        else:
            waited += 1
        if best < goal:
            break
        if waited >= patience:
            factor, waited = factor / 2, 0
            price[:] = best_price
        slope[:] = 1.0
        for place in range(places):
            if chosen[place]:
                for demand in range(demands):
                    if gain[place, demand] > price[demand]:
                        slope[demand] -= 1.0
        length = 0.0
        for demand in range(demands):
            if price[demand] <= 0.0 and slope[demand] > 0.0:
                slope[demand] = 0.0
            length += slope[demand] ** 2
        if length == 0.0:
            break
        step = factor * (bound - value) / length
        for demand in range(demands):
            price[demand] = max(price[demand] - step * slope[demand], 0.0)
    return best, best_price, best_values
