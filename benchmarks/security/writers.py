"""Several processes that write stored results to one workspace at once, and readers beside them."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from multiprocessing import get_context
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd

from benchmarks.rows import Row
from data.store.results import load, save

__all__ = ["rows"]

WRITERS, READERS = 4, 2
ROWS = 2_000  # of a table: a backtest's size
PAUSE = 0.05  # seconds between two results of a writer: without it, what is measured is how busy the processors are
SHARED = "shared"  # the key that all write
CONTEXT = get_context("fork")


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Writers with a key of their own and one that all share; readers of all keys."""
    seconds = 1.0 if quick else 15.0
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, CIVICAST_HOME=folder):
        for key in (SHARED, *map(str, range(WRITERS))):
            _save(key, -1)
        with CONTEXT.Pool(WRITERS + READERS) as pool:
            asked = [pool.apply_async(_write, (number, seconds)) for number in range(WRITERS)]
            asked += [pool.apply_async(_read, (seconds,)) for _ in range(READERS)]
            done = [each.get() for each in asked]
        last = [_number(str(number)) for number in range(WRITERS)]
    writes, reads = done[:WRITERS], done[WRITERS:]
    lost = sum(found != each["last"] for found, each in zip(last, writes, strict=True))
    times = {name: np.concatenate([each["times"] for each in part]) for name, part in (("w", writes), ("r", reads))}
    busy = np.concatenate([each["busy"] for each in writes])
    note = f"{WRITERS} processes wrote {len(times['w'])} results, {READERS} read {len(times['r'])}, in {seconds:g} s"
    yield Row("writers_errors", sum(each["errors"] for each in done), "errors", 0, note=note)
    yield Row("writers_lost", lost, "last results", 0, note="of each writer's own key, after it was acknowledged")
    for name, kind in (("w", "write"), ("r", "read")):
        p99 = float(np.percentile(times[name], 99)) * 1000
        middle = float(np.median(times[name])) * 1000
        yield Row(f"writers_{kind}_p99_ms", p99, "ms", 100, note=f"median {middle:.1f} ms")
    # The rest of a write is waiting: for the disk, to which it is forced, and for a processor.
    yield Row("writers_write_cpu_ms", float(np.percentile(busy, 99)) * 1000, "ms of CPU", note="p99 of a write")


def _write(number: int, seconds: float) -> dict[str, Any]:
    times, busy, errors, count, until = [], [], 0, 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        for key in (str(number), SHARED):
            began, cpu = time.perf_counter(), time.process_time()
            try:
                _save(key, count)
            except Exception:  # noqa: BLE001 - what is counted is that there is one
                errors += 1
            times.append(time.perf_counter() - began)
            busy.append(time.process_time() - cpu)
        count += 1
        time.sleep(PAUSE)
    return {"times": times, "busy": busy, "errors": errors, "last": count - 1}


def _read(seconds: float) -> dict[str, Any]:
    times, errors, until = [], 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        for key in (SHARED, *map(str, range(WRITERS))):
            began = time.perf_counter()
            errors += _number(key) is None
            times.append(time.perf_counter() - began)
        time.sleep(PAUSE)
    return {"times": times, "errors": errors}


def _save(key: str, number: int) -> None:
    drawn = np.random.default_rng(abs(number)).integers(0, 2**31, ROWS)
    save("kept", key, tables={"x": pd.DataFrame({"n": drawn})}, record={"n": number, "sum": int(drawn.sum())})


def _number(key: str) -> int | None:
    """The number that is stored; None where nothing is, or table and record are not of one saving."""
    stored = load("kept", key)
    if stored is None or stored.tables["x"]["n"].sum() != stored.record["sum"]:
        return None
    return int(stored.record["n"])
