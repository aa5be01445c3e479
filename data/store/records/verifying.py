"""Whether the records are as they were written: every entry is hashed again, and the chain followed from its first to its last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from data.store.records.chain import FIRST, digest_of_entry
from data.store.records.database import ENTRIES, reading
from data.store.records.head import known_head, note_head
from data.store.records.records import Records
from data.words import Sentence

__all__ = ["Fault", "Verification", "verify"]


@dataclass(frozen=True)
class Fault:
    """Where the chain is broken, and how; ``number`` is that of the entry."""

    number: int
    sentence: Sentence


@dataclass(frozen=True)
class Verification:
    """What following the chain found: how many entries, the digest of the last, and what is broken, in order."""

    entries: int
    last: str
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was changed, taken out, put in or cut off."""
        return not self.faults


def verify(records: Records, *, expected: str = "") -> Verification:
    """Follow the chain.

    What it sees: an entry that was changed, moved, added by hand or taken out, and a chain that is shorter than, or another
    than, this workspace has seen it. Who rewrites all entries with all digests and this workspace's note is seen only by a
    digest that was kept elsewhere, such as in an exported decision.

    Parameters
    ----------
    records : of which database.
    expected : a digest that must stand in the chain, "" is none.

    Returns
    -------
    Verification
        Sound, or with what is broken.

    Raises
    ------
    RecordsError
        When the database cannot be read.
    """
    with reading(records.engine) as connection:
        rows = connection.execute(sa.select(ENTRIES).order_by(ENTRIES.c.number)).all()
    faults = [*_broken(rows), *_cut(records.url, rows)]
    if expected and expected not in [row.digest for row in rows]:
        faults.append(_fault(len(rows), "expected_missing", digest=expected))
    if rows and not faults:
        note_head(records.url, rows[-1].number, rows[-1].digest)
    return Verification(len(rows), rows[-1].digest if rows else "", tuple(faults))


def _broken(rows: Sequence[Any]) -> Iterator[Fault]:
    before = FIRST
    for place, row in enumerate(rows, start=1):
        if row.number != place:
            yield _fault(row.number, "number_missing", missing=place)
            return  # all that follows is out of place
        if row.previous != before:
            yield _fault(place, "not_following")
        content = (row.number, row.city, row.kind, row.slot or "", row.at, row.author, row.body, row.previous)
        if row.slot == "" or row.digest != digest_of_entry(*content):
            yield _fault(place, "changed")
        before = row.digest


def _cut(url: str, rows: Sequence[Any]) -> Iterator[Fault]:
    known = known_head(url)
    if known is None:
        return
    number, digest = known
    if number > len(rows):
        yield _fault(number, "cut", known=number, found=len(rows))
    elif rows[number - 1].digest != digest:
        yield _fault(number, "another_chain")


def _fault(number: int, code: str, **evidence: Any) -> Fault:
    return Fault(number, Sentence(f"records.{code}", {"number": number, **evidence}))
