"""Random numbers that belong to what they are for: the same draw whatever else is computed, in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from analytics._stream_loops import uniforms

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
        names = [str(entity) for entity in entities]
        digests = (blake2b(repr((self.seed, component, name)).encode(), digest_size=16).digest() for name in names)
        keys = np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64).reshape(-1, 2)
        found: npt.NDArray[np.float64] = uniforms(keys, self.draws)
        for of, entity, normal in self.fixed:
            if of == component:
                found[[place for place, name in enumerate(names) if name == entity]] = ndtr(normal)
        return found

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
