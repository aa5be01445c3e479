"""Records: changes by hand that go unseen, what kills of who records lose, and two who decide at once."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Barrier, Thread
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa

from analytics.decisions import Decision, decide, decisions_of
from analytics.errors import DecisionError
from analytics.recipes import Answer, Asked, Made, Recipe
from analytics.scenarios import Scenario
from benchmarks.postgres import postgres_lacks, started_postgres
from benchmarks.rows import Row
from data.errors import RecordsError
from data.store.records import Records, digest_of_entry, open_records, verify
from data.store.records.database import ENTRIES, engine_of

__all__ = ["rows"]

FIELDS = ("city", "kind", "slot", "at", "author", "body", "previous", "digest")
LENGTH = 24  # entries of the chain that is tampered with
LONGEST = 0.25  # seconds after its first confirmation that a writer is killed
CONTEXT = get_context("fork")  # a writer that starts in milliseconds


def rows(*, quick: bool = False) -> Iterator[Row]:
    """The same on SQLite and, where the system has it, on PostgreSQL."""
    yield from _rows("sqlite", lambda: "", quick=quick)
    if postgres_lacks():
        yield Row("records_postgresql", float("nan"), "", note=postgres_lacks())
        return
    with started_postgres() as database:
        yield from _rows("postgresql", database, quick=quick)


def _rows(name: str, url: Callable[[], str], *, quick: bool) -> Iterator[Row]:
    for part in (_tampered, _killed, _at_once):
        with _workspace(url()):
            yield from part(name, quick=quick)


@contextmanager
def _workspace(url: str) -> Iterator[None]:
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.dict(os.environ, {"CIVICAST_HOME": folder, "CIVICAST_RECORDS": url}),
    ):
        yield
        engine_of.cache_clear()


def _recipe() -> Recipe:
    asked = Asked("meridian", (Scenario("Today"), Scenario("Two sites")), question="sites")
    return Recipe("3F2A-90BC", asked, Made("2026-07-01", "", {}, {}, {}, "", {}), Answer("", 500, (), ""))


def _decision(**changes: Any) -> Decision:
    plain = Decision("Where?", "Two sites", ("Today", "Two sites"), "Shorter ways.", _recipe(), dissent="ä" * 300)
    return replace(plain, **changes)


# Changes by hand


def _tampered(name: str, *, quick: bool) -> Iterator[Row]:
    """Each change is made behind the back of the database's own refusal, and taken back once it was looked for."""
    times = 40 if quick else 1_000
    records, rng = open_records(), random.Random(7)
    for number in range(LENGTH):
        records.append("decision", {"number": number, "reasons": f"as agreed {number}"}, city="meridian", author="A")
    refusing = _refusing(records)
    with records.engine.begin() as connection:
        whole = [row._asdict() for row in connection.execute(sa.select(ENTRIES).order_by(ENTRIES.c.number))]
        for statement in refusing:
            connection.execute(sa.text(statement))
    missed, kinds = 0, dict.fromkeys(CHANGES, 0)
    for _ in range(times):
        kind = rng.choice(list(CHANGES))
        changed = CHANGES[kind]([dict(row) for row in whole], rng)
        _put(records, changed)
        kinds[kind] += 1
        missed += verify(records).sound
    _put(records, whole)
    assert verify(records).sound
    note = ", ".join(f"{kind} {count}" for kind, count in kinds.items())
    yield Row(f"records_tampering_missed_{name}", missed, "changes", 0, note=f"{times} changes: {note}")
    records.engine.dispose()


def _refusing(records: Records) -> tuple[str, ...]:
    if records.engine.dialect.name == "sqlite":
        return ("DROP TRIGGER no_update", "DROP TRIGGER no_delete")
    return ("ALTER TABLE entries DISABLE TRIGGER ALL",)


def _put(records: Records, chain: list[dict[str, Any]]) -> None:
    with records.engine.begin() as connection:
        connection.execute(sa.delete(ENTRIES))
        connection.execute(sa.insert(ENTRIES), chain)


def _one_letter(chain: list[dict[str, Any]], rng: random.Random) -> list[dict[str, Any]]:
    row = rng.choice(chain)
    field = rng.choice([each for each in FIELDS if row[each]])
    place = rng.randrange(len(row[field]))
    letter = rng.choice([each for each in "0123456789abcdef xyz" if each != row[field][place]])
    row[field] = row[field][:place] + letter + row[field][place + 1 :]
    return chain


def _own_digest(chain: list[dict[str, Any]], rng: random.Random) -> list[dict[str, Any]]:
    row = rng.choice(chain)
    row["author"] += " B."
    return _digested(chain, rows=[row])


def _all_digests(chain: list[dict[str, Any]], rng: random.Random) -> list[dict[str, Any]]:
    first = rng.randrange(len(chain))
    chain[first]["body"] = chain[first]["body"].replace("agreed", "ordered")
    for place in range(first, len(chain)):
        if place:
            chain[place]["previous"] = chain[place - 1]["digest"]
        _digested(chain, rows=[chain[place]])
    return chain


def _taken_out(chain: list[dict[str, Any]], rng: random.Random) -> list[dict[str, Any]]:
    del chain[rng.randrange(len(chain))]
    return chain


def _cut_off(chain: list[dict[str, Any]], rng: random.Random) -> list[dict[str, Any]]:
    return chain[: rng.randrange(1, len(chain))]


def _swapped(chain: list[dict[str, Any]], rng: random.Random) -> list[dict[str, Any]]:
    first, second = rng.sample(chain, 2)
    first["number"], second["number"] = second["number"], first["number"]
    return chain


def _put_in(chain: list[dict[str, Any]], rng: random.Random) -> list[dict[str, Any]]:
    """A forged entry, rightly digested, in the middle; those after it are counted on."""
    place = rng.randrange(1, len(chain))
    forged = dict(chain[place]) | {"author": "C.", "previous": "f" * 64}
    for row in chain[place:]:
        row["number"] += 1
    return [*chain[:place], *_digested([forged], rows=[forged]), *chain[place:]]


def _digested(chain: list[dict[str, Any]], *, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = ("number", "city", "kind", "slot", "at", "author", "body", "previous")
    for row in rows:
        row["digest"] = digest_of_entry(*(row[name] if row[name] is not None else "" for name in names))
    return chain


CHANGES: dict[str, Callable[[list[dict[str, Any]], random.Random], list[dict[str, Any]]]] = {
    "one letter": _one_letter,
    "with its own digest": _own_digest,
    "with all digests after it": _all_digests,
    "taken out": _taken_out,
    "cut off": _cut_off,
    "changed places": _swapped,
    "put in": _put_in,
}


# Kills


def _killed(name: str, *, quick: bool) -> Iterator[Row]:
    times = 12 if quick else 200
    rng, lost, partial, last, confirmed = random.Random(1), 0, 0, 0, 0
    for _ in range(times):
        numbers = _confirmed_until_killed(after=rng.uniform(0, LONGEST))
        confirmed += len(numbers)
        last = max([last, *numbers])
        entries, sound = _followed()
        lost += entries < last
        partial += not sound
        last = entries
    note = f"{times} kills, {confirmed} decisions confirmed"
    yield Row(f"records_kills_lost_{name}", lost, "kills", 0, note=note)
    yield Row(f"records_kills_partial_{name}", partial, "kills", 0, note=note)


def _confirmed_until_killed(*, after: float) -> list[int]:
    reading, writing = CONTEXT.Pipe(duplex=False)
    writer = CONTEXT.Process(target=_decide_for_ever, args=(writing,))
    writer.start()
    writing.close()
    numbers = [reading.recv()]
    time.sleep(after)
    writer.kill()
    writer.join()
    try:
        while True:
            numbers.append(reading.recv())
    except EOFError:  # all that was confirmed before the end has been read
        return numbers


def _decide_for_ever(answers: Connection) -> None:
    engine_of.cache_clear()
    records = open_records()
    while True:
        follows = os.urandom(32).hex()
        recorded = decide(records, _decision(follows=follows), name="A", role="approver", limits_read=True)
        answers.send(recorded.entry.number)


def _followed() -> tuple[int, bool]:
    """What a process of its own finds: this one must have no connection that its writers would inherit."""
    reading, writing = CONTEXT.Pipe(duplex=False)
    reader = CONTEXT.Process(target=_follow, args=(writing,))
    reader.start()
    found: tuple[int, bool] = reading.recv()
    reader.join()
    return found


def _follow(answers: Connection) -> None:
    engine_of.cache_clear()
    records = open_records()
    found = verify(records)
    answers.send((found.entries, found.sound))


# Two at once


def _at_once(name: str, *, quick: bool) -> Iterator[Row]:
    times = 10 if quick else 200
    records, wrong, errors = open_records(), 0, 0
    for number in range(times):
        barrier, refused = Barrier(2), list[Exception]()

        def choose(
            option: str, *, follows: str, barrier: Barrier = barrier, refused: list[Exception] = refused
        ) -> None:
            barrier.wait()
            try:
                decide(records, _decision(choice=option, follows=follows), name="A", role="approver", limits_read=True)
            except (RecordsError, DecisionError) as error:
                refused.append(error)

        both = [
            Thread(target=choose, args=(option,), kwargs={"follows": f"{number:064x}"})
            for option in ("Today", "Two sites")
        ]
        for each in both:
            each.start()
        for each in both:
            each.join()
        wrong += len(decisions_of(records)) != number + 1
        errors += [getattr(each, "code", "") for each in refused] != ["decided_already"]
    note = f"{times} pairs; {errors} in which the second was not refused in one sentence"
    yield Row(f"records_two_at_once_{name}", wrong + errors, "pairs", 0, note=note)
    records.engine.dispose()
