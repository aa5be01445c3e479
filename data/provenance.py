"""Where a table comes from, and how it may be used."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.words import Sentence, Words, text

__all__ = ["NOT_STATED", "Classification", "Finding", "Provenance", "fingerprint_of", "strictest"]


NOT_STATED = Sentence("provenance.not_stated")
"""The origin or licence of a table of which the city.toml states none."""


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
    origin: Words
    licence: Words
    fingerprint: str = ""
    redistributable: bool = False
    as_of: pd.Timestamp | None = None
    classification: Classification = Classification.PUBLIC
    synthetic: bool = False
    rows_read: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """All that is stated of the table as plain values, in the language of the moment."""
        stated = {each.name: getattr(self, each.name) for each in fields(self)}
        return stated | {
            "origin": text(self.origin),
            "licence": text(self.licence),
            "rows_set_aside": self.rows_set_aside,
        }

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
    def sentence(self) -> Sentence:
        """The finding in one line of plain words, to be made into text where it is shown."""
        evidence = {"table": self.table, **self.evidence}
        if "reason" in evidence:
            evidence["reason"] = Sentence(f"reasons.{evidence['reason']}")
        return Sentence(f"findings.{self.code}", evidence)

    @property
    def message(self) -> str:
        """The finding as text in the language of the moment."""
        return str(self.sentence)


def fingerprint_of(*parts: object) -> str:
    """A hash of content, 16 hexadecimal digits: the same values give the same digits on any machine.

    Frames count with their index, columns and values; everything else by its ``repr``. -0 is 0.
    """
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        if isinstance(part, pd.DataFrame | pd.Series):
            frame = part.to_frame() if isinstance(part, pd.Series) else part
            digest.update(repr([str(column) for column in frame.columns]).encode())
            if (frame.dtypes == np.float64).all():  # a wide panel is read at once rather than column by column
                digest.update(pd.util.hash_pandas_object(frame.index).to_numpy().tobytes())
                digest.update(_bytes_of(frame.to_numpy()))
            else:
                digest.update(pd.util.hash_pandas_object(frame, index=True).to_numpy().tobytes())  # to pandas -0 is 0
        elif isinstance(part, np.ndarray):
            digest.update(repr((part.shape, str(part.dtype))).encode())
            digest.update(_bytes_of(part))
        else:
            digest.update(repr(part + 0.0 if isinstance(part, float) else part).encode())
        digest.update(b"\x00")
    return digest.hexdigest()


def _bytes_of(values: npt.NDArray[Any]) -> bytes:
    """The bytes of an array; of floats -0 is the same as 0, to which adding 0 turns it, and any NaN the same as another."""
    if np.issubdtype(values.dtype, np.floating):
        values = np.where(np.isnan(values), np.nan, values + 0.0).astype(values.dtype)
    return np.ascontiguousarray(values).tobytes()
