"""What has been read of sources that grow: rows once taken stay, and what is wrong with a source is known since when.

A feed is a folder in the workspace with ``rows.csv``, to which rows are only ever added, and ``state.json``, which says how many
bytes of it count: rows that a killed process had only begun to add are written over by the next. So a reader sees whole rows
alone, and no row that was taken is lost.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from data.errors import WorkspaceError
from data.provenance import fingerprint_of
from data.store.workspace import home
from data.store.writing import store_whole
from data.words import Sentence

__all__ = ["Failure", "Feed", "FeedState", "Mark"]


@dataclass(frozen=True)
class Mark:
    """How far a file of a source was read: ``offset`` in bytes, behind a line, and what stands before it.

    ``reach`` is the furthest that it ever was read: what stands before that in a file that was written anew may be kept already.
    """

    offset: int = 0
    reach: int = 0
    header: str = ""
    tail: str = ""


@dataclass(frozen=True)
class Failure:
    """What is wrong with a source, since when: the code and evidence of a sentence below ``live.``."""

    since: str
    code: str
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def why(self) -> Sentence:
        """In plain words."""
        return Sentence(f"live.{self.code}", dict(self.evidence))


@dataclass(frozen=True)
class FeedState:
    """Where a feed stands: rows kept and their bytes, marks by file, when it was last read without a fault, the newest moment
    that a row states as it states it, and what is wrong with the source, if anything is."""

    rows: int = 0
    length: int = 0
    marks: Mapping[str, Mark] = field(default_factory=dict)
    read_at: str = ""
    newest: str = ""
    failure: Failure | None = None

    @property
    def stamp(self) -> str:
        """Another where rows came, or the source broke or was repaired; the same however often it is looked at."""
        return repr((self.rows, self.failure and (self.failure.since, self.failure.code)))

    def age(self, now: datetime) -> float | None:
        """Seconds since the source was last read without a fault; None where it never was."""
        return (now - datetime.fromisoformat(self.read_at)).total_seconds() if self.read_at else None


@dataclass(frozen=True)
class Feed:
    """What is kept of one source of one table."""

    folder: Path

    @classmethod
    def of(cls, address: str, label: str) -> Feed:
        """The feed of a source, as the city.toml names it, for a section of it.

        Parameters
        ----------
        address : of the source: a folder in full, or a URL.
        label : of the section.

        Returns
        -------
        Feed
            In the workspace, whether or not anything is kept yet.
        """
        return cls(home() / "live" / fingerprint_of(address, label))

    @property
    def state(self) -> FeedState:
        """Where it stands; that of a feed of which nothing was read where nothing is kept, or what is kept is damaged."""
        try:
            kept = orjson.loads((self.folder / "state.json").read_bytes())
            marks = {name: Mark(**mark) for name, mark in kept.pop("marks").items()}
            failure = kept.pop("failure")
            return FeedState(**kept, marks=marks, failure=None if failure is None else Failure(**failure))
        except (OSError, ValueError, TypeError, KeyError):
            return FeedState()

    def frame(self, columns: Sequence[str]) -> pd.DataFrame:
        """The rows that are kept, all values as text.

        Parameters
        ----------
        columns : of the rows, as they were kept.

        Returns
        -------
        pd.DataFrame
            In the order in which they were read.
        """
        return pd.DataFrame(list(self._rows()), columns=list(columns), dtype=str)

    def kept(self) -> set[tuple[str, ...]]:
        """Each row that is kept, to tell what is new in a source that was written anew."""
        return {tuple(row) for row in self._rows()}

    def _rows(self) -> Iterator[list[str]]:
        length = self.state.length
        if not length:
            return
        with (self.folder / "rows.csv").open("rb") as file:
            content = file.read(length)
        yield from csv.reader(io.StringIO(content.decode("utf-8"), newline=""))

    def add(self, rows: Sequence[Sequence[str]], state: FeedState) -> FeedState:
        """Keep rows, and the state that they bring about, both or neither.

        Parameters
        ----------
        rows : to be added.
        state : all but rows and length, which follow from what is added.

        Returns
        -------
        FeedState
            As it is kept now.

        Raises
        ------
        WorkspaceError
            When the workspace takes nothing; all is then as it was.
        """
        written = io.StringIO(newline="")
        csv.writer(written, lineterminator="\n").writerows(rows)
        content = written.getvalue().encode("utf-8")
        path, length = self.folder / "rows.csv", self.state.length
        if content:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+b") as file:
                    file.truncate(length)  # what a killed process had only begun to add
                    file.seek(length)
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                raise WorkspaceError("cannot_store", path=str(path), why=error.strerror or str(error)) from error
        kept = replace(state, rows=state.rows + len(rows), length=length + len(content))
        store_whole(self.folder / "state.json", orjson.dumps(asdict(kept)))
        return kept
