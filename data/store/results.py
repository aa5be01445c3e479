"""Stored results: Parquet tables and a record, written whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from data.errors import WorkspaceError
from data.store.workspace import home

__all__ = ["Stored", "keys", "load", "save"]

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
RECORD = "record.json"  # its first line is the digest of the rest
FRESH = ".new-"
# A folder that is still being written after this long belongs to a process that was killed.
STRAY_SECONDS = 3600.0


@dataclass(frozen=True, eq=False)
class Stored:
    """What was saved under one key."""

    tables: Mapping[str, pd.DataFrame]
    record: Mapping[str, Any]


def save(kind: str, key: str, *, tables: Mapping[str, pd.DataFrame], record: Mapping[str, Any]) -> Path:
    """Store tables and a JSON record under (kind, key), replacing what was there, and return the folder.

    The folder is written beside its place, forced to the disk and renamed, so that a reader, or a crash, never meets
    half a result. Each saving names its files anew, so a reader that is overtaken never mixes two.

    Parameters
    ----------
    kind : of result, a folder.
    key : what the result depends on, as a name.
    tables : by name.
    record : plain values.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    WorkspaceError
        When the workspace cannot be written to.
    """
    final = _folder_of(kind, key)
    token = secrets.token_hex(4)
    fresh = final.parent / f"{FRESH}{token}"
    try:
        _clear_strays(final.parent)
        fresh.mkdir(parents=True)
        files = {}
        for number, (name, table) in enumerate(tables.items()):
            content = _bytes_of(table)
            files[name] = [f"{number}-{token}.parquet", _digest(content)]
            _write(fresh / f"{number}-{token}.parquet", content)
        body = json.dumps({"tables": files, "record": dict(record)}).encode()
        _write(fresh / RECORD, _digest(body).encode() + b"\n" + body)
        _swap(fresh, final)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise WorkspaceError("cannot_store", path=str(final), why=error.strerror or str(error)) from error
    return final


def load(kind: str, key: str) -> Stored | None:
    """What was saved under (kind, key).

    Parameters
    ----------
    kind, key : as they were given to ``save``.

    Returns
    -------
    Stored or None
        None when nothing is there or it is damaged: then it is made again.
    """
    final = _folder_of(kind, key)
    try:
        stated, _, body = (final / RECORD).read_bytes().partition(b"\n")
        content = json.loads(_sound(body, stated.decode()))
        tables = {
            name: parquet.read_table(pa.BufferReader(_sound((final / file).read_bytes(), digest))).to_pandas()
            for name, (file, digest) in content["tables"].items()
        }
        return Stored(tables, content["record"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException):
        return None


def keys(kind: str) -> tuple[str, ...]:
    """The keys under which results of this kind are stored."""
    return tuple(sorted(path.parent.name for path in (home() / "results" / kind).glob(f"[!.]*/{RECORD}")))


def _folder_of(kind: str, key: str) -> Path:
    for name in (kind, key):
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a stored result: use letters, digits, “_”, “-” and “.”")
    return home() / "results" / kind / key


def _bytes_of(table: pd.DataFrame) -> bytes:
    sink = pa.BufferOutputStream()
    parquet.write_table(pa.Table.from_pandas(table), sink)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _sound(content: bytes, digest: str) -> bytes:
    """The content, if it is what was written: a flipped bit must read as damage, not as a different number."""
    if _digest(content) != digest:
        raise ValueError("damaged")
    return content


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _swap(fresh: Path, final: Path) -> None:
    """Put a folder where it belongs, whatever lies there; a folder cannot be renamed onto one that is not empty."""
    if final.exists():
        old = fresh.with_name(f"{fresh.name}-old")
        try:
            final.rename(old)
        except FileNotFoundError:  # another process moved it first
            pass
        else:
            shutil.rmtree(old, ignore_errors=True)
    try:
        fresh.rename(final)
    except OSError:
        if not final.exists():
            raise
        shutil.rmtree(fresh, ignore_errors=True)  # another process was quicker, and its result is as good


def _clear_strays(folder: Path) -> None:
    for stray in folder.glob(f"{FRESH}*"):
        with contextlib.suppress(FileNotFoundError):  # renamed just now: it was not a stray
            if time.time() - stray.stat().st_mtime > STRAY_SECONDS:
                shutil.rmtree(stray, ignore_errors=True)
