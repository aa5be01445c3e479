"""Desks beside the formulas of queues, and beside simpy."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from analytics.scenarios.engines.desks.erlang import erlang_a, erlang_c
from analytics.scenarios.engines.desks.queues import Stream, serve_stream
from benchmarks.environment import python_with
from benchmarks.rows import Row

__all__ = ["rows"]

PEER = ("simpy==4.1.1", "numpy==2.4.6")
SIDE = Path(__file__).with_name("desks_side.py")
SERVERS, PEOPLE = 12, 100_000


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Erlang's published waits, and the speed of one stream beside simpy."""
    known = erlang_c(20, 5, 5)
    yield Row(
        "erlang_error", abs(known.wait / 0.1108 - 1), "share", 0.01, note=f"Wq {known.wait:.4f} h, published .1108"
    )
    found = erlang_a(48, 1, 0.5, 50)
    miss = max(abs(found.abandons - 0.031), abs(found.wait * 60 - 3.7) / 100, abs(found.busy - 0.93))
    note = (
        f"abandon {found.abandons:.4f}, wait {60 * found.wait:.2f} s, busy {found.busy:.3f}; published .031, 3.7, .93"
    )
    yield Row("erlang_a_error", miss, "rounded", 5e-3, note=note)
    yield _beside_simpy(quick=quick)


def _beside_simpy(*, quick: bool) -> Row:
    """CPU seconds for the same stream of people, whose waits must be the same."""
    rng = np.random.default_rng(1)
    n = PEOPLE // 10 if quick else PEOPLE
    times = np.cumsum(rng.exponential(30.0, n))
    stream = Stream(times, rng.exponential(330.0, n))
    serve_stream(Stream(times[:10], stream.handling[:10]), staff=[SERVERS])  # compiled before the clock runs
    waits, seconds = _quickest(lambda: serve_stream(stream, staff=[SERVERS])[0])
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "stream.npz", Path(folder) / "waits.npz"
        np.savez(source, times=times, handling=stream.handling, servers=SERVERS)
        subprocess.run([python_with(PEER, folder=".peers-desks"), SIDE, source, target], check=True)
        peer = np.load(target)
        apart, theirs = float(np.abs(peer["waits"] - waits).max()), float(peer["seconds"])
    note = f"{n} people; waits differ by at most {apart:.1e} s"
    return Row(
        "queue_vs_simpy", seconds, "s", 1 / 15 if apart < 1e-3 else 0.0, peer=theirs, peer_name="simpy", note=note
    )


def _quickest(work: Callable[[], np.ndarray]) -> tuple[np.ndarray, float]:
    seconds = []
    for _ in range(5):
        began = time.process_time()
        answer = work()
        seconds.append(time.process_time() - began)
    return answer, min(seconds)
