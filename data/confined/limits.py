"""What a worker may take, and how the operating system (Linux) is told so."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
from dataclasses import dataclass
from pathlib import Path

__all__ = ["OUT_OF_MEMORY", "Limits", "adopt_orphans", "die_with_parent", "limit"]

OUT_OF_MEMORY = 97  # the status of a worker whose memory ran out
TASKS = 256  # threads and processes that a worker may add to those of its user; the system lets root have any number
SET_PDEATHSIG, SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h


@dataclass(frozen=True)
class Limits:
    """Seconds until each answer, bytes of memory beyond those of its libraries, of an answer, and of a file that it writes."""

    seconds: float
    memory: int
    answer: int
    written: int


def limit(memory: int, written: int) -> None:
    """Limit this process, and each that it starts, for good.

    Parameters
    ----------
    memory : bytes of address space beyond what is taken now.
    written : bytes of a file.
    """
    taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    bounds = {
        resource.RLIMIT_AS: taken + memory,
        resource.RLIMIT_FSIZE: written,
        resource.RLIMIT_NPROC: _tasks() + TASKS,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in bounds.items():
        hard = resource.getrlimit(which)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (most, most))


def _tasks() -> int:
    """The threads of all processes of this user: the system counts them together."""
    found = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if process.stat().st_uid == os.getuid():
                found += len(os.listdir(process / "task"))
    return found


def die_with_parent() -> None:
    """Have this process killed when the one that forked it ends."""
    _prctl(SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of what descendants leave behind."""
    _prctl(SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
