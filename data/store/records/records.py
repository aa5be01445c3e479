"""Adding to the records, and finding what stands in them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson
import pandas as pd
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from data.errors import RecordsError, WorkspaceError
from data.store.records.chain import FIRST, Entry, canonical, digest_of_entry
from data.store.records.database import ENTRIES, engine_of, reading, shown_url, writing
from data.store.records.head import note_head
from data.store.workspace import home

__all__ = ["Records", "entry_of_row", "open_records", "records_url"]


def records_url() -> str:
    """Where the records are: ``CIVICAST_RECORDS``, or a file of SQLite in the workspace."""
    return os.environ.get("CIVICAST_RECORDS") or f"sqlite:///{home() / 'records' / 'records.sqlite'}"


def open_records(url: str | None = None) -> Records:
    """The records behind a URL (default: those of the workspace), made where there are none.

    Raises
    ------
    RecordsError
        When they cannot be opened.
    """
    place = records_url() if url is None else url
    return Records(place, engine_of(place))


@dataclass(frozen=True, eq=False)
class Records:
    """The chain of entries of one database."""

    url: str
    engine: sa.Engine

    def append(self, kind: str, body: Mapping[str, Any], *, city: str, author: str, slot: str = "") -> Entry:
        """Add an entry to the end of the chain; when this returns it is on the disk.

        Parameters
        ----------
        kind : of what is recorded.
        body : plain values.
        city : a city's key.
        author : as typed.
        slot : that one entry may take; "" takes none.

        Returns
        -------
        Entry
            As it stands.

        Raises
        ------
        RecordsError
            When the slot is taken (``slot_taken``; nothing was added), or the database takes nothing.
        """
        at = pd.Timestamp.now("UTC")
        text = canonical(body)
        try:
            with writing(self.engine) as connection:
                last = connection.execute(sa.select(ENTRIES).order_by(ENTRIES.c.number.desc()).limit(1)).first()
                taken = ENTRIES.c.slot == slot
                if slot and connection.execute(sa.select(ENTRIES.c.number).where(taken)).first():
                    raise RecordsError("slot_taken", slot=slot)
                number, previous = (1, FIRST) if last is None else (last.number + 1, last.digest)
                stamp = at.isoformat()
                digest = digest_of_entry(number, city, kind, slot, stamp, author, text, previous)
                row = {"number": number, "city": city, "kind": kind, "slot": slot or None, "at": stamp}
                row |= {"author": author, "body": text, "previous": previous, "digest": digest}
                connection.execute(sa.insert(ENTRIES), row)
        except DBAPIError as error:
            why = str(error.orig).strip().splitlines()[0].rstrip(".")
            raise RecordsError("cannot_record", place=shown_url(self.url), why=why) from error
        with suppress(WorkspaceError):  # it is recorded all the same; only a cut of the very end would go unseen here
            note_head(self.url, number, digest)
        return Entry(number, city, kind, slot, at, author, orjson.loads(text), previous, digest)

    def entries(self, *, city: str | None = None, kind: str | None = None) -> tuple[Entry, ...]:
        """Entries in their order.

        Parameters
        ----------
        city, kind : of which only (default: all).

        Returns
        -------
        Entries, the first first.

        Raises
        ------
        RecordsError
            When the database cannot be read.
        """
        query = sa.select(ENTRIES).order_by(ENTRIES.c.number)
        for column, wanted in ((ENTRIES.c.city, city), (ENTRIES.c.kind, kind)):
            query = query if wanted is None else query.where(column == wanted)
        with reading(self.engine) as connection:
            return tuple(entry_of_row(row) for row in connection.execute(query))


def entry_of_row(row: Any) -> Entry:
    """An entry as it stands in the table.

    Raises
    ------
    RecordsError
        When it cannot be read back: somebody has written to the database by hand.
    """
    try:
        body, at = orjson.loads(row.body), pd.Timestamp(row.at)
    except ValueError as error:
        raise RecordsError("damaged_entry", number=row.number) from error
    if not isinstance(body, dict):
        raise RecordsError("damaged_entry", number=row.number)
    return Entry(row.number, row.city, row.kind, row.slot or "", at, row.author, body, row.previous, row.digest)
