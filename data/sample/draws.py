"""Random numbers that are the same on every machine and under every version of numpy."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

__all__ = ["negative_binomial", "normals", "uniforms"]

Floats = npt.NDArray[np.float64]


def uniforms(seed: int, what: str, shape: int | tuple[int, ...]) -> Floats:
    """Uniforms strictly between 0 and 1, keyed by the seed and by what they are for.

    They come straight from Philox's raw 64-bit stream, because numpy may change its own distributions.

    Parameters
    ----------
    seed : of the whole city.
    what : what they are for; other words give other numbers.
    shape : of the answer.

    Returns
    -------
    An array of that shape; the same for the same seed and words.
    """
    key = int.from_bytes(hashlib.blake2b(f"{seed}/{what}".encode(), digest_size=16).digest(), "big")
    raw = np.random.Philox(key=key).random_raw(int(np.prod(shape)))
    return (((raw >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53).reshape(shape)


def normals(seed: int, what: str, shape: int | tuple[int, ...]) -> Floats:
    """Standard normals, by the inverse of :func:`uniforms`.

    Parameters
    ----------
    seed : of the whole city.
    what : what they are for.
    shape : of the answer.

    Returns
    -------
    An array of that shape.
    """
    values: Floats = ndtri(uniforms(seed, what, shape))
    return values


def negative_binomial(level: Floats, mean: Floats, size: Floats) -> Floats:
    """The smallest count whose distribution function reaches ``level``: the exact inverse, element by element.

    ``mean`` and ``size`` have the shape of ``level``; the variance is mean + mean²/size. The distribution function
    is walked upward for all elements at once, each leaving when it has arrived, so the work is the sum of the
    counts: for the small counts of a city some five times quicker than scipy's ``nbinom.ppf``, with equal answers.

    Parameters
    ----------
    level : probabilities strictly between 0 and 1.
    mean : above 0.
    size : above 0; the larger, the closer to Poisson.

    Returns
    -------
    Whole numbers as floats, in the shape of `level`.

    Examples
    --------
    >>> negative_binomial(np.array([0.1, 0.5, 0.99]), np.full(3, 2.0), np.full(3, 10.0)).tolist()
    [0.0, 2.0, 7.0]
    """
    shape, wanted = size.ravel(), level.ravel()
    ratio = (mean / (mean + size)).ravel()
    chance = np.exp(shape * np.log1p(-ratio))
    below = chance
    counts = np.zeros(level.size)
    walking = np.flatnonzero(below < wanted)
    chance, below, ratio, shape, wanted = (each[walking] for each in (chance, below, ratio, shape, wanted))
    while walking.size:
        count = counts[walking]
        chance = chance * ratio * (count + shape) / (count + 1)
        reached = below + chance
        counts[walking] = count + 1
        # At a level within rounding of 1 the sum may stay below it for ever: it ends where terms no longer change it.
        on = (reached < wanted) & ((reached > below) | (below < 0.5))
        below = reached
        walking = walking[on]
        chance, below, ratio, shape, wanted = (each[on] for each in (chance, below, ratio, shape, wanted))
    return counts.reshape(level.shape)
