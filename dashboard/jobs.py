"""Work that takes over a second, in worker processes: with progress, a way to stop it, and its result kept by key.

Two sessions that ask for the same thing share one job. Sessions only ever look at a job, so none waits for another's.
"""

from __future__ import annotations

import atexit
import os
import tempfile
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures import wait as wait_for
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from pebble import ProcessExpired, ProcessPool

from analytics.errors import Cancelled
from dashboard.errors import JobError
from data import CivicastError, fingerprint_of

__all__ = ["Job", "Service", "service"]

State = Literal["waiting", "running", "done", "failed", "stopped"]

WORKERS = 2  # a city's machine has few cores, and the sessions need one of them
KEPT = 64  # results: some 10 MB each at most
TOLD_EVERY = 0.2  # seconds between two notes of progress: a person cannot read more
GRACE = 3.0  # seconds in which work may stop by itself, before its process is ended
NICER = 5  # workers give way to the sessions


class Job:
    """One piece of work: look at ``state``, ``share`` (0 to 1), ``doing`` and, when done, ``result`` or ``error``."""

    def __init__(self, key: str, title: str, future: Future[Any], note: Path) -> None:
        self.key = key
        self.title = title
        self._future = future
        self._note = note
        self._stopped_at: float | None = None

    @property
    def state(self) -> State:
        """Where the work stands."""
        if self._stopped_at is not None:
            self._end_if_late(self._stopped_at)
            return "stopped"
        if self._future.done():
            return "failed" if self.error is not None else "done"
        return "running" if self._note.exists() else "waiting"

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return self.state not in ("waiting", "running")

    @property
    def share(self) -> float:
        """How much is done, 0 to 1."""
        return 1.0 if self._future.done() else self._told()[0]

    @property
    def doing(self) -> str:
        """What is being done."""
        return self._told()[1]

    @property
    def result(self) -> Any:
        """What came of it; its own error is raised where it failed."""
        if self.error is not None:
            raise self.error
        return self._future.result()

    @property
    def error(self) -> CivicastError | None:
        """Why it ended without a result, as one sentence; None while it runs and when it is done."""
        if self._stopped_at is not None:
            return Cancelled()
        if not self._future.done():
            return None
        try:
            problem = self._future.exception()
        except CancelledError:
            return Cancelled()
        if problem is None or isinstance(problem, CivicastError):
            return problem
        if isinstance(problem, ProcessExpired):
            return JobError("job_ended", job=self.title)
        return JobError("job_failed", job=self.title, error=f"{type(problem).__name__}: {problem}")

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; whether it has finished."""
        wait_for([self._future], timeout=seconds)
        return self.finished

    def stop(self) -> None:
        """Ask the work to stop; its process is ended if it has not after a few seconds."""
        if not self.finished:
            self._stopped_at = time.monotonic()
            self._note.with_suffix(".stop").touch()

    def _end_if_late(self, since: float) -> None:
        # Ending the process loses the libraries that it has loaded, so work may first stop by itself.
        if not self._future.done() and time.monotonic() - since > GRACE:
            self._future.cancel()

    def _told(self) -> tuple[float, str]:
        try:
            share, _, doing = self._note.read_text(encoding="utf-8").partition(" ")
            return min(max(float(share), 0.0), 1.0), doing
        except (OSError, ValueError):  # nothing told yet
            return 0.0, ""


class Service:
    """A pool of worker processes and the jobs that they were given, the results least recently used given up first."""

    def __init__(self, *, workers: int = WORKERS, kept: int = KEPT) -> None:
        self._workers = workers
        self._kept = kept
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = Lock()
        self._pool: ProcessPool | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="civicast-jobs-", ignore_cleanup_errors=True)

    def start(self, key: object, function: Callable[..., Any], *args: Any, title: str) -> Job:
        """The job of this key, started unless it is there already.

        ``function(*args, progress=...)`` and all that it is given and returns must pickle. A job that failed or was
        stopped stays so until it is forgotten: otherwise a page that is drawn again would start it again.
        """
        name = fingerprint_of(key)
        with self._lock:
            if name in self._jobs:
                self._jobs.move_to_end(name)
                return self._jobs[name]
            note = Path(self._folder.name) / name
            for left in (note, note.with_suffix(".stop")):
                left.unlink(missing_ok=True)
            job = Job(name, title, self._ready_pool().schedule(_run, args=[note, function, args]), note)
            self._keep(job)
            return job

    def put(self, key: object, result: Any, *, title: str) -> Job:
        """A job that is done already, with a result that someone else computed."""
        future: Future[Any] = Future()
        future.set_result(result)
        name = fingerprint_of(key)
        with self._lock:
            job = Job(name, title, future, Path(self._folder.name) / name)
            self._keep(job)
            return job

    def find(self, name: str) -> Job | None:
        """The job of this ``Job.key``, if it is kept."""
        return self._jobs.get(name)

    def forget(self, name: str) -> None:
        """Let a job go, so that the next ``start`` of its key begins anew."""
        with self._lock:
            self._jobs.pop(name, None)

    def close(self) -> None:
        """End the worker processes."""
        with self._lock:
            if self._pool is not None:
                self._pool.stop()
                self._pool.join()
                self._pool = None

    def _keep(self, job: Job) -> None:
        self._jobs[job.key] = job
        self._jobs.move_to_end(job.key)
        spare = [name for name, each in self._jobs.items() if each.finished]
        for name in spare[: max(0, len(self._jobs) - self._kept)]:
            del self._jobs[name]

    def _ready_pool(self) -> ProcessPool:
        if self._pool is None:
            # "spawn", because the server runs threads, and forking those can deadlock.
            self._pool = ProcessPool(
                max_workers=self._workers, initializer=_prepare_worker, context=get_context("spawn")
            )
            atexit.register(self.close)
        return self._pool


@cache
def service() -> Service:
    """The one service of this process."""
    return Service()


def _prepare_worker() -> None:
    if hasattr(os, "nice"):
        os.nice(NICER)


def _run(note: Path, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    return function(*args, progress=_Teller(note))


class _Teller:
    """Progress, told through a file: a process that is ended can leave no lock behind, as a queue's would."""

    def __init__(self, note: Path) -> None:
        self._note = note
        self._stop = note.with_suffix(".stop")
        self._last = 0.0
        self(0.0, "")

    def __call__(self, share: float, doing: str) -> None:
        if self._stop.exists():
            raise Cancelled
        if time.monotonic() - self._last < TOLD_EVERY:
            return
        self._last = time.monotonic()
        fresh = self._note.with_suffix(".new")
        fresh.write_text(f"{share:.4f} {doing}", encoding="utf-8")
        fresh.replace(self._note)
