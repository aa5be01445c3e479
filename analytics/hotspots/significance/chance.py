"""Which places stand out from chance: Gi* and local Moran's I with exact p-values, and the false discovery rate.

The null is that the map's values were dealt to the cells at random. A sum of k values dealt with replacement has a
distribution that convolution gives exactly; dealing without replacement scatters less (Hoeffding 1963), so these p-values
err on the safe side. Permutations cannot serve here: 999 of them give no p below .001, and of 40,000 cells a false discovery
rate of 5 % asks for p of some .00001. Normal z-scores cannot either: counts are skewed, and z = 3.29 is passed twenty times
as often as it should be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy
from scipy import sparse

from analytics.hotspots.cells import Cells

__all__ = ["Gi", "Moran", "beyond_chance", "discoveries", "gi_p", "gi_star", "gi_z", "local_moran", "neighbours"]

Array = npt.NDArray[np.float64]

STEPS = 4096  # into which values that are no counts are cut: finer changes no p in its third digit
MOST_STEPS = 1 << 16
FALSE_DISCOVERY_RATE = 0.05
ROUNDING = 1e-12  # relative: what products of doubles differ by


@dataclass(frozen=True, eq=False)
class Gi:
    """Getis and Ord's Gi*, by cell: ``z`` (their standardised statistic), ``p_hot`` and ``p_cold`` (exact, one-sided)."""

    z: Array
    p_hot: Array
    p_cold: Array


@dataclass(frozen=True, eq=False)
class Moran:
    """Anselin's local Moran's I, by cell: ``i``, its exact ``p`` (two-sided, the cell's own value given) and ``kind``.

    ``kind`` is "high-high", "low-low", "high-low" or "low-high": the cell, then its neighbours (Anselin 1995).
    """

    i: Array
    p: Array
    kind: npt.NDArray[np.object_]


def gi_z(values: Array, near: sparse.csr_array, *, star: bool = True) -> Array:
    """Gi* of values (..., cell) for binary neighbours ``near`` (which hold the cell itself), as Ord and Getis (1995).

    Without ``star`` it is their Gi, which leaves the cell's own value out: of the sum, and of mean and variance.

    Parameters
    ----------
    values : (..., cell).
    near : (cell, cell), 1 for neighbours and for the cell itself.
    star : whether a cell's own value counts.

    Returns
    -------
    z in the shape of `values`; 0 where nothing varies.

    Examples
    --------
    >>> line = sparse.csr_array(np.eye(4) + np.eye(4, k=1) + np.eye(4, k=-1))
    >>> gi_z(np.array([0.0, 0.0, 3.0, 3.0]), line).round(3).tolist()
    [-1.732, -1.0, 1.0, 1.732]
    """
    n = values.shape[-1]
    number = np.asarray(near.sum(axis=1)).ravel()
    summed = (near @ values.reshape(-1, n).T).T.reshape(values.shape)
    mean = values.mean(axis=-1, keepdims=True)
    variance = values.var(axis=-1, keepdims=True)
    if not star:
        number, summed = number - 1, summed - values
        off = values - mean
        mean, variance = mean - off / (n - 1), np.maximum(n * variance - off**2 * n / (n - 1), 0) / (n - 1)
        n -= 1
    scale = np.sqrt(variance) * np.sqrt(np.maximum(n * number - number**2, 0) / (n - 1))
    return np.where(scale > 0, (summed - number * mean) / np.where(scale > 0, scale, 1.0), 0.0)


def gi_star(values: Array, cells: Cells | sparse.csr_array) -> Gi:
    """Gi* of one value a cell, with the exact probability of as large, and of as small, a sum of the neighbourhood.

    Parameters
    ----------
    values : one a cell.
    cells : cells, or their neighbours (cell, cell).

    Returns
    -------
    z and both p, a cell.
    """
    near = cells.near if isinstance(cells, Cells) else cells
    return Gi(gi_z(values, near), *gi_p(values, near))


def gi_p(values: Array, near: sparse.csr_array, *, number: npt.NDArray[np.int64] | None = None) -> tuple[Array, Array]:
    """The exact probabilities of ``gi_star`` alone; ``number`` of neighbours by cell, where it is known already.

    Parameters
    ----------
    values : one a cell.
    near : (cell, cell), 1 for neighbours and for the cell itself.
    number : of neighbours by cell.

    Returns
    -------
    p of as large, and of as small, a sum.
    """
    steps, scaled = _stepped(values)
    summed = np.rint(near @ scaled).astype(np.int64)
    number = neighbours(near) if number is None else number
    p_hot, p_cold = np.ones(len(values)), np.ones(len(values))
    for size, upper, lower in _tails(steps, np.flatnonzero(np.bincount(number))):
        of = number == size
        p_hot[of], p_cold[of] = upper[summed[of]], lower[summed[of]]
    return p_hot, p_cold


def neighbours(near: sparse.csr_array) -> npt.NDArray[np.int64]:
    """How many cells each neighbourhood holds, the cell itself among them."""
    return np.rint(np.asarray(near.sum(axis=1)).ravel()).astype(np.int64)


def beyond_chance(counts: Array, cells: Cells) -> Array:
    """The p of each cell for standing out in either of two ways, exact: by itself, or with its neighbourhood.

    By itself: as many events as it had, if all of the city's fell evenly over the area (Poisson). With its neighbourhood:
    Gi*, if the cells' counts were dealt anew. A single busy corner passes the first alone, a quarter in which every cell is
    somewhat busy the second. The smaller p is doubled, for it was chosen of two.

    Parameters
    ----------
    counts : events by cell.
    cells : the cells of the map.

    Returns
    -------
    p, one a cell.
    """
    alone = scipy.stats.poisson.sf(counts - 1, counts.sum() * cells.share_of_extent)
    around, _ = gi_p(counts, cells.near)
    return np.asarray(np.minimum(1.0, 2 * np.minimum(alone, around)))


def local_moran(values: Array, cells: Cells | sparse.csr_array) -> Moran:
    """Local Moran's I with weights that add up to 1 for each cell, and its exact p given the cell's own value.

    Parameters
    ----------
    values : one a cell.
    cells : cells, or their neighbours (cell, cell).

    Returns
    -------
    I, p and the kind of neighbourhood, a cell.
    """
    near = cells.near if isinstance(cells, Cells) else cells
    others = sparse.csr_array(near - sparse.eye_array(len(values)))
    number = np.rint(np.asarray(others.sum(axis=1)).ravel()).astype(np.int64)
    z = (values - values.mean()) / (values.std() or 1.0)
    lag = np.asarray(others @ z) / np.maximum(number, 1)
    steps, scaled = _stepped(values)
    summed = np.rint(others @ scaled).astype(np.int64)
    p = np.ones(len(values))
    for size, upper, lower in _tails(steps, np.unique(number[number > 0])):
        of = number == size
        p[of] = np.minimum(1.0, 2 * np.minimum(upper[summed[of]], lower[summed[of]]))
    own, around = np.where(z > 0, "high", "low"), np.where(lag > 0, "high", "low")
    kind = np.array([f"{one}-{other}" for one, other in zip(own, around, strict=True)], dtype=object)
    return Moran(z * lag, p, kind)


def discoveries(p: Array, *, rate: float = FALSE_DISCOVERY_RATE) -> npt.NDArray[np.bool_]:
    """Which tests are discoveries when no more than ``rate`` of them are to be false (Benjamini and Hochberg 1995).

    It holds for neighbourhoods that overlap too: their sums rise together (Benjamini and Yekutieli 2001).

    Parameters
    ----------
    p : (test) the probability of as much by chance.
    rate : the share of discoveries that may be false, 0 to 1.

    Returns
    -------
    (test) True for a discovery; a p of exactly its bound is one.
    """
    # No larger p can pass, and on a map of pure chance few are as small: the others need no sorting.
    most = rate * (1 + ROUNDING)
    found = p <= most
    if found.any():
        adjusted = scipy.stats.false_discovery_control(p[found], method="bh") * (len(p) / found.sum())
        found[found] = adjusted <= most
    return np.asarray(found)


def _stepped(values: Array) -> tuple[Array, Array]:
    """The share of cells with each whole number of steps from 0, and every cell's number of steps."""
    low = values.min()
    span = values.max() - low
    whole = bool(np.all(values == np.rint(values))) and span < MOST_STEPS
    scaled = values - low if whole else np.rint((values - low) / (span or 1.0) * STEPS)
    return np.bincount(scaled.astype(np.int64)) / len(values), scaled


def _tails(steps: Array, sizes: npt.NDArray[np.int64]) -> Iterator[tuple[int, Array, Array]]:
    """For each size of neighbourhood the probability that its sum is at least, and at most, each number of steps."""
    largest = int(sizes.max()) if len(sizes) else 0
    length = 1 << int(np.ceil(np.log2(max(2, largest * (len(steps) - 1) + 1))))
    transform = np.fft.rfft(steps, length)
    for size in sizes:
        sums = np.maximum(np.fft.irfft(transform ** int(size), length), 0.0)
        lower = np.cumsum(sums)
        upper = np.cumsum(sums[::-1])[::-1]
        # Below a part in 10^12 a transform holds rounding alone: no p is claimed to be smaller.
        yield int(size), np.clip(upper, 1e-12, 1.0), np.clip(lower, 1e-12, 1.0)
