"""Sources that grow, followed in a thread of the server while it runs; pages look for what it keeps by themselves."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

from dashboard.shell.cities import offered
from data import CivicastError
from data.live import follow

__all__ = ["begin", "end"]

_ENDED = threading.Event()


def begin() -> threading.Thread:
    """Begin to follow the sources of all cities that are offered."""
    _ENDED.clear()
    thread = threading.Thread(target=follow, args=(_paths,), kwargs={"stop": _ENDED}, name="following", daemon=True)
    thread.start()
    return thread


def end() -> None:
    """Follow no more."""
    _ENDED.set()


def _paths() -> Iterable[Path]:
    try:
        return list(offered().values())
    except CivicastError:  # the page tells what is wrong with it
        return []
