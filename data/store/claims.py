"""Claims on work: of several processes on one workspace one does a piece of work, and the others wait for what it keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from data.store.workspace import home
from data.store.writing import checked_name

__all__ = ["claimed"]

LOOK_SECONDS = 0.1  # between two looks at whether a claim is free


@contextmanager
def claimed(name: str, *, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Be the only one, in this and all other processes on the workspace, to do the work of a name.

    Whoever has waited looks first at what is kept meanwhile. The system itself takes a claim from a process that ends,
    however it does, so none outlives its claimant. A workspace in which no claim can be made costs time and no answer.

    Parameters
    ----------
    name : of the work.
    waiting : called a few times a second while another does it; what it raises ends the waiting.

    Yields
    ------
    None
        While the claim is held.
    """
    lock = _lock(home() / "claims" / checked_name(name))
    while lock is not None and not lock.is_locked:
        try:
            lock.acquire(timeout=LOOK_SECONDS)
        except Timeout:
            waiting()
        except (OSError, NotImplementedError):  # a disk that knows no locks
            lock = None
    try:
        yield
    finally:
        if lock is not None:
            lock.release()


def _lock(path: Path) -> BaseFileLock | None:
    """The lock that stands for a claim; None where its file cannot be made."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        return FileLock(path)
    return None
