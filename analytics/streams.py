"""Random numbers that belong to what they are for: the same draw whatever else is computed, in whatever order."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

__all__ = ["Streams"]


@dataclass(frozen=True)
class Streams:
    """Streams of standard normals and uniforms, keyed by (seed, component, entity); the draw is the position.

    More draws keep the earlier ones; another lever, scenario or entity changes nothing. Uniforms come straight from
    Philox's raw 64-bit stream, because numpy may change its own distributions between versions. ``fixed`` holds streams
    (component, entity, normal) that have the same standard normal in every draw.

    >>> few, many = Streams(seed=1, draws=3), Streams(seed=1, draws=5)
    >>> bool((few.normal("demand", ["A1"]) == many.normal("demand", ["A1"])[:, :3]).all())
    True
    """

    seed: int
    draws: int
    fixed: tuple[tuple[str, str, float], ...] = ()

    def fixing(self, component: str, entity: str, normal: float) -> Streams:
        """The same streams, but for one that has the same standard normal in every draw: "what if it stood there?".

        Parameters
        ----------
        component, entity : of the stream.
        normal : in standard deviations; every draw has it.

        Returns
        -------
        Streams
            All others as they were.
        """
        others = tuple(each for each in self.fixed if each[:2] != (component, entity))
        return replace(self, fixed=tuple(sorted((*others, (component, entity, float(normal))))))

    def uniform(self, component: str, entities: Sequence[str]) -> npt.NDArray[np.float64]:
        """Uniforms strictly between 0 and 1, shape (entity, draw).

        Parameters
        ----------
        component : what the numbers are for.
        entities : names, such as areas.

        Returns
        -------
        Shape (entity, draw); the same whatever else is drawn.
        """
        return np.stack([self._uniform(component, str(entity)) for entity in entities])

    def normal(self, component: str, entities: Sequence[str]) -> npt.NDArray[np.float64]:
        """Standard normals, shape (entity, draw), by the inverse of the uniforms.

        Parameters
        ----------
        component : what the numbers are for.
        entities : names, such as areas.

        Returns
        -------
        Shape (entity, draw); the same whatever else is drawn.
        """
        normals: npt.NDArray[np.float64] = ndtri(self.uniform(component, entities))
        return normals

    def _uniform(self, component: str, entity: str) -> npt.NDArray[np.float64]:
        for *stream, normal in self.fixed:
            if stream == [component, entity]:
                return np.full(self.draws, ndtr(normal))
        key = hashlib.blake2b(repr((self.seed, component, entity)).encode(), digest_size=16).digest()
        raw = _raw(np.frombuffer(key, dtype="<u8"), self.draws)
        # 53 bits are what a double holds; the half keeps 0 and 1 out, so that the inverse stays finite.
        return ((raw >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


class _Own(threading.local):
    """A generator of each thread: to make one asks the system for entropy that a keyed stream does not use."""

    def __init__(self) -> None:
        self.philox = np.random.Philox(key=0)


_OWN = _Own()
_BEGIN = np.zeros(4, dtype=np.uint64)


def _raw(key: npt.NDArray[np.uint64], draws: int) -> npt.NDArray[np.uint64]:
    """The first numbers of the stream of a key, as a generator made for it gives them."""
    _OWN.philox.state = {
        "bit_generator": "Philox",
        "state": {"counter": _BEGIN, "key": key},
        "buffer": _BEGIN,
        "buffer_pos": 4,  # nothing is left of the last four
        "has_uint32": 0,
        "uinteger": 0,
    }
    return np.asarray(_OWN.philox.random_raw(draws))
