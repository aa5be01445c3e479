"""Work over a second runs in worker processes, so that one person's work never holds up another's page."""

from __future__ import annotations

import os
import pickle
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from cachetools import LRUCache
from pebble import ProcessExpired, ProcessFuture, ProcessPool

from analytics.errors import Cancelled
from analytics.requests import Request
from dashboard.shell.errors import DashboardError
from data import fingerprint_of
from data.words import Words

__all__ = ["Job", "forget", "key_of", "stop", "submit", "warm"]

WORKERS = 2
REMEMBERED = 48  # results of jobs; an outlook holds some 10 MB
TASKS_A_WORKER = 200  # then it is replaced, which gives back whatever memory it has gathered


@dataclass(frozen=True, eq=False)
class Job:
    """One piece of work: where it stands, and what came of it."""

    function: Callable[..., Any]
    request: Request
    future: ProcessFuture[Any]
    told: Path

    @property
    def key(self) -> str:
        """The same for the same work on the same request, in any session; who asks is part of the request."""
        return key_of(self.function, self.request)

    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return bool(self.future.done())

    def progress(self) -> tuple[float, Words]:
        """The share done and what is being done, to be made into text where it is shown."""
        try:
            share, doing = pickle.loads(self.told.read_bytes())  # noqa: S301 - our own worker wrote it, for us alone
        except (OSError, EOFError):
            return 0.0, ""
        return min(max(float(share), 0.0), 1.0), doing

    def wait(self, seconds: float) -> bool:
        """Wait a little; true when it has ended."""
        with suppress(NotYet, CancelledError):
            self.future.exception(timeout=seconds)
        return self.done()

    def result(self) -> Any:
        """What came of it.

        Raises
        ------
        CivicastError
            What the work raised, or ``Cancelled``, or that its process ended unasked.
        """
        try:
            return self.future.result()
        except CancelledError as error:
            raise Cancelled from error
        except ProcessExpired as error:
            raise DashboardError("worker_ended", status=error.exitcode) from error
        finally:
            self.told.unlink(missing_ok=True)

    def cancel(self) -> None:
        """Stop it; a worker in the middle of it is ended and replaced."""
        self.future.cancel()  # type: ignore[no-untyped-call]  # pebble's stubs leave it open
        with _LOCK:
            _JOBS.pop(self.key, None)


_LOCK = threading.Lock()
_JOBS: LRUCache[str, Job] = LRUCache(maxsize=REMEMBERED)
_POOL: list[ProcessPool] = []


def submit(function: Callable[..., Any], request: Request) -> Job:
    """The job of a function and a request; the same again, from any session, is the same job.

    A job that failed or was stopped is tried again.
    """
    key = key_of(function, request)
    with _LOCK:
        job = _JOBS.get(key)
        if job is not None and not (job.done() and (job.future.cancelled() or job.future.exception() is not None)):
            return job
        handle, path = tempfile.mkstemp(prefix="civicast-job-")
        os.close(handle)
        future = _pool().schedule(_run, args=(function, request, path))
        job = _JOBS[key] = Job(function, request, future, Path(path))
        return job


def forget(function: Callable[..., Any], matching: Callable[[Any], bool]) -> None:
    """Let what a function made of these requests be made anew when it is asked for again.

    Work that goes on is left to whoever waits for it.
    """
    with _LOCK:
        for key, job in list(_JOBS.items()):
            if job.function is function and matching(job.request):
                del _JOBS[key]


def warm() -> None:
    """Let the workers load their libraries before the first person asks."""
    with _LOCK:
        for _ in range(WORKERS):
            _pool().schedule(_load)


def stop() -> None:
    """End the workers and forget all jobs; the next job is given to new ones, born into the environment of then."""
    with _LOCK:
        for pool in _POOL:
            pool.stop()  # type: ignore[no-untyped-call]  # as above
            pool.join()
        _POOL.clear()
        _JOBS.clear()


def key_of(function: Callable[..., Any], request: Request) -> str:
    """What stands for the work of a function on a request."""
    return fingerprint_of(function.__module__, function.__qualname__, request.fingerprint)


def _pool() -> ProcessPool:
    if not _POOL:
        # "spawn" because the server runs threads, and forking those can deadlock.
        _POOL.append(ProcessPool(max_workers=WORKERS, max_tasks=TASKS_A_WORKER, context=get_context("spawn")))
    return _POOL[0]


def _load() -> None:
    import analytics  # noqa: F401 - loading it is the work


def _run(function: Callable[..., Any], request: Request, path: str) -> Any:
    told, next_told = Path(path), Path(f"{path}-next")

    def progress(share: float, doing: Words) -> None:
        next_told.write_bytes(pickle.dumps((share, doing)))
        next_told.replace(told)  # at once, so that nobody reads half of it

    return function(request, progress=progress)
