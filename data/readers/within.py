"""What a worker does that reads a file: see ``apart``, which starts it and opens what it wrote."""

from __future__ import annotations

import os
import pickle
import socket
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

import data.readers  # noqa: F401 - the readers register themselves
from data.confined.wire import receive, send
from data.errors import CivicastError
from data.readers.formats import ROWS, SHAPES, reader_of
from data.readers.sizes import refuse_parquet, refuse_size, unpacked

__all__ = ["serve"]


def serve(channel: socket.socket, arguments: Mapping[str, Any], files: list[int]) -> None:
    """Read the first file into the second; the answer is the refusal, or nothing.

    Parameters
    ----------
    channel : where the request arrives and the answer goes.
    arguments : the file's name and the kind of its readers.
    files : what is read, and what is written.
    """
    receive(channel)
    refusal: CivicastError | None = None
    try:
        _read(arguments["name"], arguments["kind"], *files)
    except CivicastError as error:
        refusal = _renamed(error, arguments["name"])
    send(channel, pickle.dumps(refusal))


def _read(name: str, kind: str, file: int, into: int) -> None:
    refuse_size(name, os.fstat(file).st_size)
    path = f"/dev/fd/{file}"
    if name.lower().endswith(".gz"):
        path = f"/dev/fd/{unpacked(name, file)}"
    elif name.lower().endswith(".parquet"):
        refuse_parquet(name, path)
    with open(into, "wb", closefd=False) as target:
        if kind == "shapes":
            pickle.dump(reader_of(SHAPES, name)(path), target, protocol=pickle.HIGHEST_PROTOCOL)
            return
        table = reader_of(ROWS, name)(path)
        with pa.ipc.new_stream(target, table.schema) as stream:
            stream.write_table(table)


def _renamed(error: CivicastError, name: str) -> CivicastError:
    """A refusal that calls the file what people call it: readers here know it by a number."""
    evidence = {key: name if key == "path" else value for key, value in error.evidence.items()}
    return type(error)(error.code, **evidence)
