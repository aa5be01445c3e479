"""Where a table comes from, and how it may be used."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pandas as pd

from data.words import say

__all__ = ["Classification", "Finding", "Provenance", "fingerprint_of", "strictest"]


class Classification(StrEnum):
    """Who may see a table, from anyone to almost no one."""

    PUBLIC = "public"
    INTERNAL = "internal"
    RESTRICTED = "restricted"
    PERSONAL = "personal"


def strictest(classes: Iterable[Classification]) -> Classification:
    """The strictest of several classes; public when there are none.

    >>> strictest([Classification.PUBLIC, Classification.RESTRICTED])
    <Classification.RESTRICTED: 'restricted'>
    """
    order = list(Classification)
    return max(classes, key=order.index, default=Classification.PUBLIC)


@dataclass(frozen=True)
class Provenance:
    """Origin, licence, date and content of one table, and what reading it set aside.

    ``fingerprint`` depends on the content alone, never on a path or the time of reading.
    ``as_of`` is the last complete period (or the last event) of the table, a naive local time.
    ``set_aside`` counts rows by the code of the reason.
    """

    name: str
    origin: str
    licence: str
    fingerprint: str
    redistributable: bool = False
    as_of: pd.Timestamp | None = None
    classification: Classification = Classification.PUBLIC
    synthetic: bool = False
    rows_read: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)
    snapshot: str | None = None

    @property
    def rows_set_aside(self) -> int:
        """How many of the rows read are in no result."""
        return sum(self.set_aside.values())


@dataclass(frozen=True)
class Finding:
    """Something that reading or checking a table noticed: a code and the numbers behind it."""

    code: str
    table: str
    evidence: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The finding in one line of plain words."""
        evidence = {"table": self.table, **self.evidence}
        if "reason" in evidence:
            evidence["reason"] = say(f"reasons.{evidence['reason']}")
        return say(f"findings.{self.code}", evidence)


def fingerprint_of(*parts: object) -> str:
    """A hash of content, 16 hexadecimal digits: the same values give the same digits on any machine.

    Frames count with their index, columns and values; everything else by its ``repr``.
    """
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        if isinstance(part, pd.DataFrame | pd.Series):
            frame = part.to_frame() if isinstance(part, pd.Series) else part
            digest.update(repr([str(column) for column in frame.columns]).encode())
            numbers = frame.to_numpy() if (frame.dtypes == np.float64).all() else None
            if numbers is None:
                digest.update(pd.util.hash_pandas_object(frame, index=True).to_numpy().tobytes())
            else:  # a wide panel is read at once rather than column by column; adding 0 makes -0 the same as 0
                digest.update(pd.util.hash_pandas_object(frame.index).to_numpy().tobytes())
                digest.update(np.ascontiguousarray(np.where(np.isnan(numbers), np.nan, numbers + 0.0)).tobytes())
        elif isinstance(part, np.ndarray):
            digest.update(repr((part.shape, str(part.dtype))).encode())
            digest.update(np.ascontiguousarray(part).tobytes())
        else:
            digest.update(repr(part).encode())
        digest.update(b"\x00")
    return digest.hexdigest()
