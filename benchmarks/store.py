"""Stored results: what kills of their writer lose, and what a reader beside a writer finds."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from unittest.mock import patch

import numpy as np
import pandas as pd

from benchmarks.rows import Row
from data.store.results import load, save
from data.store.workspace import home

__all__ = ["rows"]

KEYS = ("a", "b", "c")
ROWS = 200_000  # of each table, drawn so that they cannot be packed: a kill often falls into the writing of one
LONGEST = 0.3  # seconds after its first acknowledgement that a writer is killed
CONTEXT = get_context("fork")  # a writer that starts in milliseconds


def rows(*, quick: bool = False, only: str = "") -> Iterator[Row]:
    """Kills and readings, in a workspace of their own."""
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, CIVICAST_HOME=folder):
        if only in "kills":
            yield from _kills(12 if quick else 200)
        if only in "readings":
            yield from _readings(50 if quick else 500)


def _kills(times: int) -> Iterator[Row]:
    rng = random.Random(1)
    lost = partial = acknowledged = 0
    last = dict.fromkeys(KEYS, -1)
    for _ in range(times):
        for key, number in _acknowledged_until_killed(after=rng.uniform(0, LONGEST), since=max(last.values()) + 1):
            last[key] = number
            acknowledged += 1
        for key, number in last.items():
            found = _number(key)
            lost += number >= 0 and (found is None or found < number)
            partial += found is not None and found < 0
    note = f"{times} kills, {acknowledged} results acknowledged"
    yield Row("store_kills_lost", lost, "results", 0, note=note)
    yield Row("store_kills_partial", partial, "results", 0, note=note)
    left = _strays()
    beginning = CONTEXT.Process(target=save, args=("kept", "d"), kwargs={"tables": {}, "record": {}})
    beginning.start()
    beginning.join()
    yield Row("store_strays_after_start", _strays(), "files", 0, note=f"{left} before the next process wrote")


def _acknowledged_until_killed(*, after: float, since: int) -> list[tuple[str, int]]:
    reading, writing = CONTEXT.Pipe(duplex=False)
    writer = CONTEXT.Process(target=_write_for_ever, args=(KEYS, since, writing))
    writer.start()
    writing.close()
    answers = [reading.recv()]
    time.sleep(after)
    writer.kill()
    writer.join()
    try:
        while True:
            answers.append(reading.recv())
    except EOFError:  # all that was sent before the end has been read
        return answers


def _write_for_ever(keys: Sequence[str], number: int, answers: Connection | None) -> None:
    while True:
        for key in keys:
            _save(key, number)
            if answers:
                answers.send((key, number))
            number += 1


def _save(key: str, number: int) -> None:
    drawn = np.random.default_rng(number).integers(0, 2**31, ROWS, dtype=np.int32)
    save("kept", key, tables={"x": pd.DataFrame({"n": drawn})}, record={"n": number, "sum": int(drawn.sum())})


def _number(key: str) -> int | None:
    """The number that is stored; None where there is none, and -1 where table and record are not of one saving."""
    stored = load("kept", key)
    if stored is None:
        return None
    return int(stored.record["n"]) if stored.tables["x"]["n"].sum() == stored.record["sum"] else -1


def _strays() -> int:
    return len(list((home() / "results" / "kept").glob(".*")))


def _readings(times: int) -> Iterator[Row]:
    _save("a", 0)
    writer = CONTEXT.Process(target=_write_for_ever, args=(("a",), 1, None))
    writer.start()
    found = [_number("a") for _ in range(times)]
    alive = writer.is_alive()
    writer.kill()
    writer.join()
    bad = sum(each is None or each < 0 for each in found)
    note = f"{times} readings of {len(set(found))} savings" + ("" if alive else "; the writer ended early")
    yield Row("store_readings_without", bad, "readings", 0, note=note)
