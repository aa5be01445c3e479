"""Readers at work in processes of their own: no file, however it was made, takes more of this one than what it holds."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pyarrow as pa

from data.confined import Ended, Limits, Nursery, can_confine
from data.errors import SourceError

__all__ = ["LIMITS", "begin_reading", "read_apart"]

GIGABYTE = 1 << 30
LIMITS = Limits(seconds=300, memory=6 * GIGABYTE, answer=1 << 20, written=4 * GIGABYTE)
"""Generous: ten million rows are read in a part of it."""

NURSERY = Nursery("data.readers.within")


def begin_reading() -> None:
    """Start the process that reads files, where there is to be one: the first file need not wait for it."""
    if can_confine():
        Thread(target=_begun, name="reading", daemon=True).start()


def _begun() -> None:
    with suppress(Ended):  # told of the first file that is read
        NURSERY.begin()


def read_apart(reader: Callable[[str], Any], source: str, *, kind: str, limits: Limits = LIMITS) -> Any:
    """What a reader makes of a file: read in a process of its own where the system can confine one, else in this one.

    Parameters
    ----------
    reader : what reads it.
    source : the file's path.
    kind : "rows" or "shapes": of which readers it is one.
    limits : what reading may take.

    Returns
    -------
    A ``pa.Table`` for rows, a ``GeoDataFrame`` for shapes.

    Raises
    ------
    SourceError
        When the file cannot be read, or not within the limits.
    """
    if not can_confine():
        return reader(source)
    name = Path(source).name
    try:
        file = os.open(source, os.O_RDONLY)
    except OSError as error:
        raise SourceError("unreadable_file", path=name, why=error.strerror or str(error)) from error
    read = os.memfd_create(kind)  # a file may have a longer name than this one
    try:
        _read(name, kind, [file, read], limits)
        return _opened(read, kind)
    except Ended as error:
        raise SourceError("takes_too_much", path=name, why=error.reason) from error
    finally:
        os.close(file)
        os.close(read)


def _read(name: str, kind: str, files: list[int], limits: Limits) -> None:
    with NURSERY.start({"name": name, "kind": kind}, limits=limits, files=files) as worker:
        refusal = pickle.loads(worker.ask(b""))  # noqa: S301 - our own reader wrote it, for us alone
    if refusal is not None:
        raise refusal


def _opened(file: int, kind: str) -> Any:
    if kind == "shapes":
        with open(os.dup(file), "rb") as pickled:
            pickled.seek(0)
            return pickle.load(pickled)  # noqa: S301 - as above
    with pa.memory_map(f"/dev/fd/{file}") as mapped:
        return pa.ipc.open_stream(mapped).read_all()
