"""How worker processes are born, and what they are copies of, which may begin to load before anything else does."""

from __future__ import annotations

import os
import signal
import sys
from multiprocessing import forkserver, get_context
from multiprocessing.context import BaseContext

__all__ = ["PRELOADED", "begin", "context"]

PRELOADED = ["dashboard.workers.preloaded"]  # what every worker needs, loaded before there is one
# Workers share the machine: threads of linear algebra spin while they wait for each other, and cost more than they save.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def context() -> BaseContext:
    """How workers are born: never as copies of the server, whose threads they would have in the middle of something.

    Where the system can, they are copies of a process that has loaded the libraries and does nothing else: it loads them
    once for all workers, which is half of what a worker costs until it is of use. What is born from now on keeps linear
    algebra to one thread, unless somebody has said otherwise.
    """
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")  # read as the library is loaded, which is before any code of a worker runs
    if not _copied():
        return get_context("spawn")
    found = get_context("forkserver")
    found.set_forkserver_preload(PRELOADED)
    return found


def begin() -> None:
    """Start the process that workers are copies of, where there is one: it loads while its caller goes on.

    To be called by the main thread. A key that interrupts the server is not meant for it, which has nothing to say then: it
    ends with the server.
    """
    if _copied():
        context()
        usual = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as it is born with it
        try:
            forkserver.ensure_running()
        finally:
            signal.signal(signal.SIGINT, usual)


def _copied() -> bool:
    return sys.platform == "linux"  # elsewhere libraries of the system do not stand being copied
