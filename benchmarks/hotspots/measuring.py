"""Work in a fresh process: its answer, its CPU seconds, and how far memory rose above what was there before."""

from __future__ import annotations

import ctypes
import gc
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.rows import cost_of

__all__ = ["ROOT", "Answer", "Task", "ask", "measured", "memory", "serve"]

ROOT = Path(__file__).parents[2]
LONG_ENOUGH = 2.0  # CPU seconds: what is shorter is repeated, and the call that others disturbed least is taken
MOST_REPEATS = 50
# Threads of BLAS spin while they wait, which would count as CPU seconds of whoever calls it.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

Arrays = Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a task returned, the CPU seconds of its quickest call and the megabytes that the first call needed on top."""

    values: Arrays
    seconds: float
    megabytes: float


# Given arrays: what makes the compilers ready, and the work itself.
Task = Callable[[Arrays], tuple[Callable[[], Any], Callable[[], Arrays]]]


def measured(warm: Callable[[], Any], work: Callable[[], Arrays]) -> Answer:
    """The work's answer and cost, after the warm-up, which is not counted."""
    warm()
    _release()
    before = memory("VmRSS")
    values, seconds = cost_of(work)
    rise = max(memory("VmHWM") - before, 0.0)
    calls = [seconds]
    while sum(calls) < LONG_ENOUGH and len(calls) < MOST_REPEATS:
        calls.append(cost_of(work)[1])
    return Answer(values, min(calls), rise)


def ask(module: str, task: str, *, python: Path | None = None, **given: Any) -> Answer:
    """The answer of a module's task in a fresh process of this Python, or of another environment's."""
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "asked.npz", Path(folder) / "answered.npz"
        np.savez(asked, **given)
        command = [
            python or sys.executable,
            "-W",
            "ignore",
            "-m",
            f"benchmarks.hotspots.{module}",
            task,
            asked,
            answered,
        ]
        subprocess.run(command, check=True, cwd=ROOT, env=os.environ | ONE_THREAD)
        with np.load(answered) as stored:
            values = {name: stored[name] for name in stored.files}
    cost = values.pop("cost")
    return Answer(values, float(cost[0]), float(cost[1]))


def serve(tasks: Mapping[str, Task]) -> None:
    """Do the task that the command line names: its name, the file of what is given, the file for the answer."""
    name, asked, answered = sys.argv[1:]
    with np.load(asked) as stored:
        given = {key: stored[key] for key in stored.files}
    answer = measured(*tasks[name](given))
    np.savez(answered, cost=[answer.seconds, answer.megabytes], **answer.values)


def _release() -> None:
    """Give back what was freed, or it would hide what the work takes; then measure the peak anew (Linux)."""
    gc.collect()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def memory(what: str) -> float:
    """Megabytes in use now ("VmRSS") or at most ("VmHWM"); elsewhere than on Linux the most since the start for both."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(rf"{what}:\s+(\d+) kB", status.read_text(encoding="utf-8"))
        if found:
            return int(found[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
