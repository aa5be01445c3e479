"""The inverses of distributions of counts, compiled: cumulative probabilities once a cell, a look-up for each draw.

Some hundred times faster than scipy's inverse for the small counts of an area and a day.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

__all__ = ["TINY", "binomial_counts", "grid_counts", "grid_reached"]

Array = npt.NDArray[np.float64]

PARTS = 64  # of the uniforms, in which a look-up begins: a double times a power of two is not rounded
TINY = 1e-18  # a probability beyond the mean that no sum of doubles can hold


@numba.njit(cache=True, nogil=True)
def binomial_counts(uniform: Array, share: Array, size: Array, mean: Array) -> Array:
    """The smallest count whose cumulative probability reaches each uniform, (cell, draw).

    Each cell is a negative binomial of this ``size`` and ``mean``, with ``share`` = size / (size + mean).
    """
    counts = np.empty(uniform.shape)
    reached = np.empty(64)
    for cell in range(len(uniform)):
        most = 0.0
        for draw in range(uniform.shape[1]):
            most = max(most, uniform[cell, draw])
        mass = share[cell] ** size[cell]
        reached[0], step = mass, 0
        while reached[step] < most:
            mass *= (step + size[cell]) / (step + 1) * (1 - share[cell])
            step += 1
            if step == len(reached):
                longer = np.empty(2 * step)
                for before in range(step):
                    longer[before] = reached[before]
                reached = longer
            rising = mass > TINY or step <= mean[cell]
            reached[step] = min(reached[step - 1] + mass, 1.0) if rising else 1.0
        looked_up(uniform, reached[: step + 1], cell, counts)
    return counts


@numba.njit(cache=True, nogil=True)
def grid_counts(uniform: Array, atoms: Array) -> Array:
    """The same where each cell is a mixture of rising ``atoms`` (level, cell), each rounded down or up such that its mean stays."""
    counts = np.empty(uniform.shape)
    levels = len(atoms)
    whole = np.zeros(levels + 1)  # the chance of so many of the lowest atoms
    for level in range(levels):
        whole[level + 1] = whole[level] + 1.0 / levels
    for cell in range(len(uniform)):
        reached = np.zeros(int(np.ceil(highest(atoms, cell))) + 1)
        below = 0  # atoms that are no more than the step
        for step in range(len(reached) - 1):
            while below < levels and step + 1 - atoms[below, cell] >= 1.0:
                below += 1
            reached[step] = whole[below]
            for level in range(below, levels):  # those of this step, which are rounded down as often as they lie lower
                share = step + 1 - atoms[level, cell]
                if share <= 0.0:
                    break
                reached[step] += min(share, 1.0) / levels
        reached[-1] = 1.0
        looked_up(uniform, reached, cell, counts)
    return counts


@numba.njit(cache=True, nogil=True)
def grid_reached(atoms: Array) -> Array:
    """P(count <= 0), P(count <= 1), ... until all are 1, (count, cell), of mixtures of rising ``atoms`` (level, cell)."""
    levels = len(atoms)
    most = 0.0
    for cell in range(atoms.shape[1]):
        most = max(most, highest(atoms, cell))
    reached = np.ones((int(np.ceil(most)) + 1, atoms.shape[1]))
    for cell in range(atoms.shape[1]):
        below = 0
        for step in range(len(reached)):
            while below < levels and step + 1 - atoms[below, cell] >= 1.0:
                below += 1
            total = float(below)
            for level in range(below, levels):
                share = step + 1 - atoms[level, cell]
                if share <= 0.0:
                    break
                total += min(share, 1.0)
            reached[step, cell] = total / levels
    return reached


@numba.njit(cache=True, nogil=True)
def highest(values: Array, cell: int) -> float:
    """The largest value of one cell; numpy's own compiles several times as long."""
    most = values[0, cell]
    for row in range(1, len(values)):
        most = max(most, values[row, cell])
    return float(most)


@numba.njit(cache=True, nogil=True)
def looked_up(uniform: Array, reached: Array, cell: int, counts: Array) -> None:
    """Writes the counts of one cell, each between those that the two ends of its part of all uniforms have."""
    draws, last = uniform.shape[1], len(reached) - 1
    parts = PARTS if draws > PARTS else 1
    ends = np.empty(parts + 1, dtype=np.int64)
    low = 0
    for part in range(parts):
        while low < last and reached[low] < part / parts:
            low += 1
        ends[part] = low
    ends[parts] = last
    for draw in range(draws):
        part = min(int(uniform[cell, draw] * parts), parts - 1)
        low, high = ends[part], ends[part + 1]
        while low < high:
            middle = (low + high) // 2
            if reached[middle] < uniform[cell, draw]:
                low = middle + 1
            else:
                high = middle
        counts[cell, draw] = low
