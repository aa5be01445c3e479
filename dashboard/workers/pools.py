"""Worker processes: the queues in which work waits for them, how many each has, and pools of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum

from pebble import ProcessPool

from dashboard.workers import births

__all__ = ["MOST_SECONDS", "WORKERS", "Queue", "end_workers", "pool_of", "without_workers"]


class Queue(StrEnum):
    """Where work waits for a worker: none waits behind that of another queue."""

    ASKED = "asked"
    """Long work that somebody waits for."""
    QUICK = "quick"
    """What takes a few seconds at most."""
    AHEAD = "ahead"
    """What is made before anybody asks, and leaves the machine to whoever does."""
    STEPS = "steps"
    """What somebody waits for step by step, where each step begins from what its worker has built for those before."""


WORKERS = {Queue.ASKED: 2, Queue.QUICK: 1, Queue.AHEAD: 2, Queue.STEPS: 1}
# That work may take once it has begun.
MOST_SECONDS = {Queue.ASKED: 1800.0, Queue.QUICK: 300.0, Queue.AHEAD: 1800.0, Queue.STEPS: 1800.0}
NICENESS = {
    Queue.AHEAD: 10
}  # of workers, where the system knows it: half a dozen times less of a core than a page gets
TASKS_A_WORKER = 200  # then it is replaced, which gives back whatever memory it has gathered

_POOLS: dict[Queue, ProcessPool] = {}


def pool_of(queue: Queue) -> ProcessPool:
    """The workers of a queue, who begin when they are first asked for."""
    if queue not in _POOLS:
        context = births.context()
        born = (dict(os.environ), NICENESS.get(queue, 0))
        _POOLS[queue] = ProcessPool(
            max_workers=WORKERS[queue],
            max_tasks=TASKS_A_WORKER,
            context=context,
            initializer=_born,
            initargs=born,
        )
    return _POOLS[queue]


def end_workers() -> None:
    """End all workers; the next are born into the environment of then."""
    for pool in _POOLS.values():
        pool.stop()  # type: ignore[no-untyped-call]  # pebble's stubs leave it open
        pool.join()
    _POOLS.clear()


def without_workers(queue: Queue) -> ProcessPool | None:
    """Leave a queue without workers until it is asked for some; those that it had may end what they have to do."""
    pool = _POOLS.pop(queue, None)
    if pool is not None:
        pool.close()  # type: ignore[no-untyped-call]  # as above
    return pool


def _born(environment: Mapping[str, str], niceness: int) -> None:
    """The environment of the pool: that of what a worker is copied from may be an earlier one."""
    os.environ.clear()
    os.environ.update(environment)
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
