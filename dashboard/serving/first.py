"""What the first visitor sees first, begun in a worker before this process has loaded what it serves with.

A worker is born once what it is a copy of has loaded, which takes as long as to load a server: nobody waits for it here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Thread

from dashboard.workers.pools import Queue, end_workers, pool_of
from data.readers.apart import begin_reading

__all__ = ["begin_figures", "begin_worker", "end"]

_BEGUN: list[Thread] = []


def begin_worker() -> Thread:
    """Let the worker for what is quick, which reads the tables, be ready before any other."""
    return _scheduled(begin_reading)


def begin_figures(path: Path) -> Thread:
    """Begin the figures of a city, which are kept: the job that a page waits for then finds them, made or half made.

    Parameters
    ----------
    path : of its city.toml.
    """
    return _scheduled(_figures, str(path))


def end() -> None:
    """End what was begun, for a server that is interrupted while it loads: a worker that is being born would else find nothing."""
    for thread in _BEGUN:
        thread.join()
    end_workers()


def _scheduled(function: Callable[..., None], *given: str) -> Thread:
    pool = pool_of(Queue.QUICK)
    thread = Thread(target=pool.schedule, args=(function, given), name="first worker", daemon=True)
    thread.start()
    _BEGUN.append(thread)
    return thread


def _figures(path: str) -> None:
    # A worker has loaded them; whoever asks for this has not.
    from analytics.parallel import quiet
    from analytics.requests import city_request
    from dashboard.views.overview.work import figures_part

    figures_part(city_request(path), progress=quiet)
