"""Work over a second runs in worker processes, so that one person's work never holds up another's page.

Each who asks has one job of a kind: a newer one takes its place. What nobody waits for any more is stopped: it is asked
to end, and its worker lives on; only work that does not answer is ended with its worker, as a new one starts slowly.
"""

from __future__ import annotations

import pickle
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from cachetools import LRUCache
from pebble import ProcessExpired, ProcessFuture

from analytics.errors import Cancelled
from analytics.requests import Request
from analytics.streams import Streams
from dashboard.errors import DashboardError
from dashboard.workers.marks import QUICK, READERS, STEPS, quick, read_back, stepwise
from dashboard.workers.pools import MOST_SECONDS, WORKERS, Queue, end_workers, pool_of, without_workers
from data import fingerprint_of
from data.words import Words

__all__ = [
    "Job",
    "attend",
    "forget",
    "key_of",
    "leave",
    "quick",
    "read_back",
    "rest",
    "stepwise",
    "stop",
    "submit",
    "warm",
    "warm_ahead",
]

MOST_UNDONE = 32  # pieces of work of all who ask, begun or not
GONE_SECONDS = 5.0  # after which somebody who is not heard of has left; who waits is heard of four times a second
GRACE_SECONDS = 10.0  # in which work that is not wanted must answer: about what a new worker takes to be of use
REMEMBERED = 48  # results of jobs; an outlook holds some 10 MB
TOLD = "told"  # the file in a job's folder that says how far it is


@dataclass(frozen=True, eq=False)
class Job:
    """One piece of work: where it stands, and what came of it."""

    function: Callable[..., Any]
    request: Request
    future: ProcessFuture[Any]
    folder: Path
    number: int
    queue: Queue
    unwanted: threading.Event = field(default_factory=threading.Event)

    @property
    def key(self) -> str:
        """The same for the same work on the same request, in any session; who asks is part of the request."""
        return key_of(self.function, self.request)

    def before(self) -> int:
        """How many pieces of work are to be done before it, those that have begun included; 0 once it has begun."""
        if self.done() or self.future.running():
            return 0
        with _LOCK:
            others = [each for each in _UNDONE.values() if each.queue is self.queue and each.takes_a_worker()]
        return sum(each.number < self.number for each in others)

    def done(self) -> bool:
        """Whether it has ended, well or not, for those who wait for it."""
        return self.unwanted.is_set() or self.future.done()

    def takes_a_worker(self) -> bool:
        """Whether a worker is at it, though nobody may want it any more, or is to be."""
        return not self.future.done() and (self.future.running() or not self.unwanted.is_set())

    def drop(self) -> None:
        """Ask it to end, and end its worker where it does not; work that has not begun ends as it begins."""
        self.unwanted.set()
        _remove(self.folder)
        grace = threading.Timer(GRACE_SECONDS, self._end)
        grace.daemon = True
        grace.start()

    def _end(self) -> None:
        if self.future.running():  # else pebble would end whichever worker comes to it
            self.future.cancel()  # type: ignore[no-untyped-call]  # pebble's stubs leave it open

    def progress(self) -> tuple[float, Words]:
        """The share done and what is being done, to be made into text where it is shown."""
        try:
            share, doing = pickle.loads((self.folder / TOLD).read_bytes())  # noqa: S301 - our own worker wrote it, for us alone
        except (OSError, EOFError):
            return 0.0, ""
        return min(max(float(share), 0.0), 1.0), doing

    def wait(self, seconds: float) -> bool:
        """Wait a little; true when it has ended."""
        if not self.unwanted.is_set():
            with suppress(NotYet, CancelledError):
                self.future.exception(timeout=seconds)
        return self.done()

    def result(self) -> Any:
        """What came of it.

        Raises
        ------
        CivicastError
            What the work raised, or ``Cancelled``, or that its process ended unasked or took too long.
        """
        if self.unwanted.is_set():
            raise Cancelled
        try:
            return self.future.result()
        except CancelledError as error:
            raise Cancelled from error
        except ProcessExpired as error:
            raise DashboardError("worker_ended", status=error.exitcode) from error
        except NotYet as error:
            raise DashboardError("worker_late", minutes=round(MOST_SECONDS[self.queue] / 60)) from error


_LOCK = threading.Lock()
_JOBS: LRUCache[str, Job] = LRUCache(maxsize=REMEMBERED)
_UNDONE: dict[int, Job] = {}  # by number: work of one key may begin anew while a worker still ends what is not wanted
_WANTED: dict[tuple[str, Callable[..., Any]], str] = {}  # the key of the job that somebody has of a kind
_SEEN: dict[str, float] = {}  # when somebody was last heard of
_NUMBERS = count()


def submit(function: Callable[..., Any], request: Request, *, asker: str, ahead: bool = False) -> Job:
    """The job of a function and a request; the same again, from any session, is the same job.

    A job that failed or was stopped is tried again. What is kept is read here, and no worker is asked.

    Parameters
    ----------
    function, request : the work.
    asker : who wants it, and from now on no other work of this function.
    ahead : whether it is made before anybody asks.

    Returns
    -------
    Job
        Begun, or waiting for a worker.

    Raises
    ------
    DashboardError
        When too much waits already.
    """
    key = key_of(function, request)
    found = READERS[function](request) if function in READERS and key not in _JOBS else None
    with _LOCK:
        _WANTED[asker, function] = key
        _hear_of(asker)
        job = _JOBS.get(key)
        if job is not None and not (job.done() and (job.future.cancelled() or job.future.exception() is not None)):
            return job
        if found is not None:
            _JOBS[key] = _done(function, request, found)
            return _JOBS[key]
        undone = sum(each.takes_a_worker() for each in _UNDONE.values())
        if undone >= MOST_UNDONE:
            del _WANTED[asker, function]
            raise DashboardError("busy", n=undone)
        folder = Path(tempfile.mkdtemp(prefix="civicast-job-"))
        queue = _queue_of(function, request, ahead=ahead)
        future = pool_of(queue).schedule(_run, args=(function, request, folder), timeout=MOST_SECONDS[queue])
        future.add_done_callback(lambda _: _remove(folder))
        job = Job(function, request, future, folder, next(_NUMBERS), queue)
        _JOBS[key] = _UNDONE[job.number] = job
        return job


def _queue_of(function: Callable[..., Any], request: Request, *, ahead: bool) -> Queue:
    """Where work waits; a step behind no more than one other that it follows, so that it does not wait long."""
    if function in QUICK:
        return Queue.QUICK
    if ahead:
        return Queue.AHEAD
    if function not in STEPS:
        return Queue.ASKED
    before = [each.request for each in _UNDONE.values() if each.queue is Queue.STEPS and each.takes_a_worker()]
    follows = len(before) <= 1 and all(STEPS[function](each, request) for each in before)
    return Queue.STEPS if follows else Queue.ASKED


def _done(function: Callable[..., Any], request: Request, result: Any) -> Job:
    """A job whose result was read; its folder never is."""
    future: ProcessFuture[Any] = ProcessFuture()
    future.set_running_or_notify_cancel()  # type: ignore[no-untyped-call]  # pebble's stubs leave it open
    future.set_result(result)
    number = next(_NUMBERS)
    return Job(
        function, request, future, Path(tempfile.gettempdir(), f"civicast-job-read-{number}"), number, Queue.QUICK
    )


def attend(asker: str) -> None:
    """Say that somebody still waits: what people who are not heard of wanted is stopped."""
    with _LOCK:
        _hear_of(asker)


def leave(job: Job, *, asker: str) -> None:
    """Want a job no longer; it is stopped where nobody else wants it.

    Parameters
    ----------
    job : as ``submit`` gave it.
    asker : as it was given to ``submit``.
    """
    with _LOCK:
        if _WANTED.get((asker, job.function)) == job.key:
            del _WANTED[asker, job.function]
        _hear_of(asker)


def _hear_of(asker: str) -> None:
    """Note who is there, and stop what is wanted by nobody who is."""
    now = _SEEN[asker] = time.monotonic()
    for gone in [each for each, seen in _SEEN.items() if now - seen > GONE_SECONDS]:
        del _SEEN[gone]
    for each in [each for each in _WANTED if each[0] not in _SEEN]:
        del _WANTED[each]
    wanted = set(_WANTED.values())
    for number, job in list(_UNDONE.items()):
        if job.future.done():
            del _UNDONE[number]
        elif job.key not in wanted and not job.unwanted.is_set():
            job.drop()
            if _JOBS.get(job.key) is job:
                del _JOBS[job.key]


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
        for queue in (Queue.QUICK, Queue.ASKED):
            for _ in range(WORKERS[queue]):
                pool_of(queue).schedule(_load)
        pool_of(Queue.STEPS).schedule(_load_loops)


def warm_ahead() -> None:
    """Let the workers of what is made ahead be ready while the tables are read that all of their work begins with."""
    with _LOCK:
        for _ in range(WORKERS[Queue.AHEAD]):
            pool_of(Queue.AHEAD).schedule(_load_loops)


def rest() -> None:
    """Let the workers of what is made ahead end when they have nothing to do, which gives back their memory."""
    with _LOCK:
        pool = without_workers(Queue.AHEAD)
    if pool is not None:
        pool.join()


def stop() -> None:
    """End the workers and forget all jobs; the next job is given to new ones, born into the environment of then."""
    with _LOCK:
        end_workers()
        for job in _UNDONE.values():
            _remove(job.folder)
        for kept in (_JOBS, _UNDONE, _WANTED, _SEEN):
            kept.clear()


def key_of(function: Callable[..., Any], request: Request) -> str:
    """What stands for the work of a function on a request."""
    return fingerprint_of(function.__module__, function.__qualname__, request.fingerprint)


def _load() -> None:
    import analytics  # noqa: F401 - loading it is the work


def _load_loops() -> None:
    """Ask for a compiled loop: the first that a process asks for takes it as long as to forecast a hundred weeks."""
    Streams(seed=0, draws=1).uniform("", [""])


def _run(function: Callable[..., Any], request: Request, folder: Path) -> Any:
    told, next_told = folder / TOLD, folder / "next"

    def progress(share: float, doing: Words) -> None:
        try:
            next_told.write_bytes(pickle.dumps((share, doing)))
            next_told.replace(told)  # at once, so that nobody reads half of it
        except FileNotFoundError as error:
            raise Cancelled from error

    progress(0.0, "")
    return function(request, progress=progress)


def _remove(folder: Path) -> None:
    """Take away a job's folder, which tells a worker in the middle of it that it is not wanted."""
    with suppress(OSError):
        # Out of the worker's sight first: it may be about to write into it.
        folder = folder.rename(folder.with_name(f"{folder.name}-gone"))
    shutil.rmtree(folder, ignore_errors=True)
