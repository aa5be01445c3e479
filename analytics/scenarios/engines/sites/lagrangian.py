"""The p-median where there are too many pairs for a programme of all: bounds by prices, choices by swaps, then branching.

Each demand gets a price for being served; whatever the prices, what the best places gain beyond them, plus the prices, is
no less than the best choice gains (Lagrangian relaxation: Cornuejols, Fisher and Nemhauser 1977, Management Science
23:789-810). Prices move along the subgradient (Held, Wolfe and Crowder 1974). Every so often the places that they favour
are improved by swaps. What a bound shows to be open or closed in any better choice is fixed; of the places that are left
one after another is opened and closed, with bounds of the same kind, until no better choice can be left or time is up.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from analytics.scenarios.engines.sites._median_loops import best_swap, lowered, place_values, served

__all__ = ["Search", "search", "settle"]

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

STEPS = 1500
PATIENCE = 25  # steps without a better bound, after which they are halved
SMALLEST = 1e-3  # of a step's factor
EVERY = 60  # steps between two searches by swaps
KICKS = 40  # restarts of the swaps from a choice with some places exchanged
NODES, NODE_STEPS, NODE_PATIENCE = 20_000, 60, 8
WORK = 1.2e10  # gains compared with prices, some twenty seconds: then it stops and the gap stays
SURE = 1e-7  # of the value: what rounding may add


@dataclass
class Search:
    """The best choice so far and what it gains, the bound and the prices that showed it, and places that are settled.

    ``whole`` is the unit of all gains (1 where they are whole numbers, 0 where they are not): no choice can be better by
    less. ``open`` and ``closed`` mark places that are so in every choice that would be better.
    """

    gain: Floats
    size: int
    whole: float
    chosen: Indices
    value: float = -np.inf
    bound: float = np.inf
    price: Floats = field(default_factory=lambda: np.zeros(0))
    open: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    closed: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))

    @property
    def least(self) -> float:
        """What a better choice would gain at least."""
        return self.value + max(self.whole, SURE * abs(self.value))

    @property
    def proven(self) -> bool:
        """Whether no choice is better than by what rounding may add."""
        return self.bound < _goal(self)


def search(gain: Floats, *, size: int, whole: bool, seed: int = 0) -> Search:
    """A choice of places and a bound for all others.

    Parameters
    ----------
    gain : place × demand, 0 or more.
    size : how many places.
    whole : whether all gains are whole numbers.
    seed : of the exchanges from which swaps start anew.

    Returns
    -------
    Search
        With places that any better choice would have open or closed.
    """
    found = Search(np.ascontiguousarray(gain), size, float(whole), np.arange(size))
    found.open = np.zeros(len(gain), dtype=bool)
    found.closed = np.zeros(len(gain), dtype=bool)
    rng = np.random.Generator(np.random.Philox(seed))
    _improve(found, _greedy(found))
    _bounded(found)
    if not found.proven:
        _kicked(found, rng)
    if not found.proven:
        _bounded(found)
    settle(found)
    if not found.proven:
        _branch(found)
    return found


def _greedy(found: Search) -> Indices:
    """One place after another, each the one that gains most beside those before it."""
    best = np.zeros(found.gain.shape[1])
    chosen: list[int] = []
    for _ in range(found.size):
        values = np.empty(len(found.gain))
        place_values(found.gain, best, values)
        values[chosen] = -1.0
        chosen.append(int(values.argmax()))
        best = np.maximum(best, found.gain[chosen[-1]])
    return np.array(chosen, dtype=np.intp)


def _improve(found: Search, chosen: Indices) -> None:
    """Swap while a swap gains; keep the choice if it is the best so far."""
    chosen, demands = chosen.copy(), found.gain.shape[1]
    first, second, by = np.empty(demands), np.empty(demands), np.empty(demands, dtype=np.int64)
    is_open = np.zeros(len(found.gain), dtype=bool)
    is_open[chosen] = True
    while True:
        value = served(found.gain, chosen, first, second, by)
        better, out, into = best_swap(found.gain, chosen, is_open, first, second, by)
        if better <= SURE * max(1.0, value):
            break
        is_open[chosen[out]], is_open[into] = False, True
        chosen[out] = into
    if value > found.value:
        found.value, found.chosen = float(value), np.sort(chosen)


def _bounded(found: Search) -> None:
    """Prices along the subgradient, and swaps from the places that they favour."""
    gain, size = found.gain, found.size
    price = found.price if len(found.price) else 0.5 * gain[found.chosen].max(axis=0)
    values = np.empty(len(gain))
    factor, waited, tried = 1.5, 0, set()
    for step in range(STEPS):
        place_values(gain, price, values)
        favoured = np.argpartition(-values, size - 1)[:size]
        bound = float(price.sum() + values[favoured].sum())
        if bound < found.bound - 1e-12 * abs(bound):
            waited = 0 if bound < found.bound - 1e-5 * (found.bound - found.value) else waited + 1
            found.bound, found.price = bound, price
        else:
            waited += 1
        if step % EVERY == 0 and favoured.tobytes() not in tried:
            tried.add(favoured.tobytes())
            _improve(found, favoured)
        if found.proven or factor < SMALLEST:
            return
        if waited >= PATIENCE:
            factor, waited, price = factor / 2, 0, found.price
            continue
        slope = 1.0 - (gain[favoured] > price).sum(axis=0)
        slope[(price <= 0) & (slope > 0)] = 0.0  # a price cannot fall below nothing
        length = float((slope**2).sum())
        if length == 0:
            return
        price = np.maximum(price - factor * max(bound - found.value, 1e-9) / length * slope, 0.0)


def _kicked(found: Search, rng: np.random.Generator) -> None:
    """Swaps from the best choice with some of its places exchanged for others at random."""
    for _ in range(KICKS):
        chosen = found.chosen.copy()
        number = int(rng.integers(2, max(3, min(len(chosen), len(chosen) // 8 + 2)) + 1))
        number = min(number, len(chosen), len(found.gain) - len(chosen))
        others = np.setdiff1d(np.arange(len(found.gain)), chosen)
        chosen[rng.choice(len(chosen), number, replace=False)] = rng.choice(others, number, replace=False)
        _improve(found, chosen)


def settle(found: Search) -> None:
    """Mark the places that any better choice has open or closed: forcing them otherwise brings the bound below it.

    Parameters
    ----------
    found : with prices and the bound that they show; gets the marks.
    """
    if not len(found.price) or found.size >= len(found.gain):
        return
    values = np.empty(len(found.gain))
    place_values(found.gain, found.price, values)
    order = np.argsort(-values, kind="stable")
    last, next_best = values[order[found.size - 1]], values[order[found.size]]
    favoured = np.zeros(len(values), dtype=bool)
    favoured[order[: found.size]] = True
    slack = SURE * abs(found.value)
    found.closed = ~favoured & (found.bound - last + values < found.least - slack)
    found.open = favoured & (found.bound - values + next_best < found.least - slack)


def _branch(found: Search) -> None:
    """Open and close the places that are not settled, the one that is worth most first, until nothing better is left."""
    left = np.flatnonzero(~found.closed)
    gain = np.ascontiguousarray(found.gain[left])
    nodes = [(found.bound, found.price, found.open[left], np.ones(len(left), dtype=bool))]
    work = 0.0
    while nodes and work < WORK and len(nodes) < NODES:
        bound, price, forced, active = nodes.pop()
        if bound < _goal(found):
            continue
        work += NODE_STEPS * gain.size * active.mean()
        number = found.size - int(forced.sum())
        bound, price, values = lowered(
            gain, price, forced, active, number, _goal(found), found.value, NODE_STEPS, NODE_PATIENCE
        )
        free = active & ~forced
        order = np.flatnonzero(free)[np.argsort(-values[free], kind="stable")]
        _counted(found, left, np.concatenate([np.flatnonzero(forced), order[:number]]))
        if bound < _goal(found) or len(order) <= number:
            continue
        last, next_best = values[order[number - 1]], values[order[number]]
        forced, active = forced.copy(), active.copy()
        forced[order[:number]] |= bound - values[order[:number]] + next_best < _goal(found)
        active[order[number:]] &= bound - last + values[order[number:]] >= _goal(found)
        undecided = [place for place in order[:number] if not forced[place]]
        if not undecided:  # only what is favoured can be better, and that was counted
            continue
        without, beside = active.copy(), forced.copy()
        without[undecided[0]], beside[undecided[0]] = False, True
        nodes += [(bound, price, forced, without), (bound, price, beside, active)]
    rest = max((each[0] for each in nodes), default=-np.inf)
    found.bound = min(found.bound, max(rest, found.value))


def _goal(found: Search) -> float:
    """Below this bound nothing better is left."""
    return found.least - SURE * abs(found.value) * (found.whole > 0)


def _counted(found: Search, left: Indices, chosen: Indices) -> None:
    """Keep a choice among the places left if it is the best so far."""
    if len(chosen) == found.size and float(found.gain[left[chosen]].max(axis=0).sum()) > found.value:
        _improve(found, left[chosen])
