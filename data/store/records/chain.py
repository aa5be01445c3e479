"""An entry and its digest: each holds the digest of the one before it, so that none can be changed or taken out unseen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import pandas as pd

__all__ = ["FIRST", "Entry", "canonical", "digest_of_entry"]

FIRST = "0" * 64  # what the first entry has in the place of the digest before it


@dataclass(frozen=True)
class Entry:
    """What was recorded once and is never changed.

    ``number`` counts from 1 without a gap. ``city`` is a city's key and ``kind`` what is recorded. ``slot`` is taken by one
    entry at most, "" is no slot. ``at`` is the moment in UTC, ``author`` as typed. ``body`` holds plain values.
    ``previous`` is the digest of the entry before it and ``digest`` its own.
    """

    number: int
    city: str
    kind: str
    slot: str
    at: pd.Timestamp
    author: str
    body: Mapping[str, Any]
    previous: str
    digest: str


def canonical(body: Mapping[str, Any]) -> str:
    """Plain values as the one text that is stored and hashed: keys in order, no spaces."""
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()


def digest_of_entry(
    number: int, city: str, kind: str, slot: str, at: str, author: str, body: str, previous: str
) -> str:
    """SHA-256 of all that an entry holds, as 64 hexadecimal digits.

    Parameters
    ----------
    number, city, kind, slot, at, author, previous : of the entry, as stored.
    body : its text, as stored.

    Returns
    -------
    str
        Another for any other entry, or place in the chain.
    """
    content = orjson.dumps([number, city, kind, slot, at, author, body, previous])
    return hashlib.sha256(content).hexdigest()
