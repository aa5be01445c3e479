"""Follow the sources of a city that grow: take what is new, keep it, and note what is wrong with a source and since when."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from data.calendar import read_times
from data.cityfile import read_city_file
from data.errors import CivicastError
from data.live.lines import Taken, taken_from
from data.live.sources import SourceFault, parts_of
from data.store.claims import claimed
from data.store.feeds import Failure, Feed, FeedState, Mark
from data.tables.growing import address_of, columns_of, feed_of, numbers_of
from data.tables.section import Section

__all__ = ["EVERY_SECONDS", "Followed", "follow", "follow_once", "followed_in"]

EVERY_SECONDS = 10.0  # between two looks: a page follows within a minute
UNREADABLE = 0.5  # of the rows of a look: more are no stray typing errors


@dataclass(frozen=True)
class Followed:
    """One table whose source grows: its section, where its source is, and what is kept of it."""

    section: Section[Any]
    timezone: str

    @property
    def address(self) -> str:
        """The folder in full, or the URL."""
        return address_of(self.section)

    @property
    def feed(self) -> Feed:
        """What is kept of it."""
        return feed_of(self.section)


def followed_in(path: Path) -> tuple[Followed, ...]:
    """The tables of a city.toml whose sources grow.

    Raises
    ------
    CivicastError
        When the city.toml cannot be read.
    """
    file = read_city_file(path)
    sections = [section for named in file.sections.values() for section in named.values()]
    return tuple(Followed(each, file.facts.timezone) for each in sections if getattr(each.keys, "live", None))


def follow_once(followed: Followed, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> FeedState:
    """Take what is new of one source; what cannot be read is noted, and all that was kept stays.

    Parameters
    ----------
    followed : the table.
    now : the time that is noted.

    Returns
    -------
    FeedState
        As it is kept now.

    Raises
    ------
    WorkspaceError
        When the workspace takes nothing.
    """
    feed = followed.feed
    with claimed(f"live-{feed.folder.name}"):
        state, at = feed.state, now().isoformat(timespec="seconds")
        rows, marks, fault = _look(followed, state)
        failure = None
        if fault is not None:
            since = state.failure.since if state.failure and state.failure.code == fault.code else at
            failure = Failure(since, fault.code, fault.evidence)
        changed = replace(
            state, marks=marks, failure=failure, read_at=state.read_at if fault else at,
            newest=rows[-1][0] if rows else state.newest,
        )  # fmt: skip
        return feed.add(rows, changed)


def _look(followed: Followed, state: FeedState) -> tuple[list[tuple[str, ...]], dict[str, Mark], SourceFault | None]:
    """New rows, marks and the first fault; a file with a fault stops no other."""
    columns, marks = columns_of(followed.section), dict(state.marks)
    rows: list[tuple[str, ...]] = []
    fault: SourceFault | None = None
    try:
        for part in parts_of(followed.address, lambda name: state.marks.get(name, Mark())):
            mark = state.marks.get(part.name, Mark())
            taken = taken_from(part, mark, columns)
            fresh = _new(followed.feed, taken, rows)
            if _unreadable(followed, fresh) > UNREADABLE:
                fault = fault or SourceFault("unreadable", path=part.name, n=len(fresh), first=", ".join(fresh[0]))
                continue
            rows += fresh
            marks[part.name] = taken.mark
            fault = fault or taken.fault
    except SourceFault as error:
        fault = fault or error
    return rows, marks, fault


def _new(feed: Feed, taken: Taken, before: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Of a file that was written anew, the rows that are not kept yet."""
    if not taken.anew:
        return list(taken.rows)
    known = feed.kept() | set(before)
    return [row for row in taken.rows if row not in known]


def _unreadable(followed: Followed, rows: Sequence[tuple[str, ...]]) -> float:
    """The share of rows whose moment, value or place cannot be read."""
    if not rows:
        return 0.0
    columns = columns_of(followed.section)
    frame = pd.DataFrame(rows, columns=columns)
    bad = read_times(
        frame[columns[0]], timezone=followed.timezone, time_format=followed.section.keys.time_format
    ).isna()
    for each in numbers_of(followed.section):
        empty = frame[each].str.strip() == ""  # a gap that the source states
        bad |= pd.to_numeric(frame[each], errors="coerce").isna() & ~empty
    return float(bad.mean())


def follow(
    paths: Callable[[], Iterable[Path]],
    *,
    stop: threading.Event,
    every: float = EVERY_SECONDS,
    after: Callable[[Followed, FeedState], None] = lambda *_: None,
) -> None:
    """Follow the sources of cities until told to stop.

    Parameters
    ----------
    paths : of the city.toml files, asked at each look, as cities come and go.
    stop : set to end.
    every : seconds between two looks.
    after : is given each table and its state after each look.
    """
    while not stop.is_set():
        for path in paths():
            try:
                for each in followed_in(path):
                    after(each, follow_once(each))
            except CivicastError:  # the page tells what is wrong with the city, or the disk
                continue
        stop.wait(every)
