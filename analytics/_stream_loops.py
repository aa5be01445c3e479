"""Philox's streams of many keys, compiled: numpy's generator must be told each key, which takes longer than its numbers."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

__all__ = ["uniforms"]

# Salmon, Moraes, Dror and Shaw (2011), Parallel Random Numbers: As Easy as 1, 2, 3: Philox 4x64 in ten rounds.
ROUNDS = 10
FIRST, SECOND = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
FIRST_STEP, SECOND_STEP = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
HALF, LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
SPARE, ZERO = np.uint64(11), np.uint64(0)  # bits beyond those that a double holds


@numba.njit(cache=True, nogil=True)
def high(first: np.uint64, second: np.uint64) -> np.uint64:
    """The upper half of a product of 128 bits."""
    low_first, high_first, low_second, high_second = first & LOW, first >> HALF, second & LOW, second >> HALF
    middle = high_first * low_second + ((low_first * low_second) >> HALF)
    other = low_first * high_second + (middle & LOW)
    return high_first * high_second + (middle >> HALF) + (other >> HALF)


@numba.njit(cache=True, nogil=True)
def uniforms(keys: npt.NDArray[np.uint64], draws: int) -> npt.NDArray[np.float64]:
    """Uniforms strictly between 0 and 1, (key, draw): each key's first numbers as ``numpy.random.Philox(key=...)`` gives them.

    53 bits are what a double holds; the half keeps 0 and 1 out, so that an inverse stays finite.
    """
    found = np.empty((len(keys), draws))
    for which in range(len(keys)):
        for block in range((draws + 3) // 4):
            one, two, three, four = np.uint64(block + 1), ZERO, ZERO, ZERO
            own, other = keys[which, 0], keys[which, 1]
            for _ in range(ROUNDS):
                above, below = high(FIRST, one), high(SECOND, three)
                one, two, three, four = below ^ two ^ own, SECOND * three, above ^ four ^ other, FIRST * one
                own, other = own + FIRST_STEP, other + SECOND_STEP
            for place, number in enumerate((one, two, three, four)):
                draw = 4 * block + place
                if draw < draws:
                    found[which, draw] = (np.float64(number >> SPARE) + 0.5) * 2.0**-53
    return found
