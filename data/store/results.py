"""Stored results: a record and Parquet tables in one file, written whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from data.provenance import fingerprint_of
from data.store.workspace import home
from data.store.writing import checked_name, digest_of, store_whole, warned_where_not_kept

__all__ = ["Stored", "keep", "keys", "load", "save", "stamp_of_keys"]

# Of a file whose first line is the digest of the rest, whose second is the record and the tables' names and lengths, and
# which holds the tables after that.
SUFFIX = ".result"
RECORD = "record.json"  # of a result that was stored before 0.6, in a folder: its first line is the digest of the rest
DAMAGE = (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException)


@dataclass(frozen=True, eq=False)
class Stored:
    """What was saved under one key."""

    tables: Mapping[str, pd.DataFrame]
    record: Mapping[str, Any]


def save(kind: str, key: str, *, tables: Mapping[str, pd.DataFrame], record: Mapping[str, Any]) -> Path:
    """Store tables and a JSON record under (kind, key), replacing what was there, and return the file.

    A reader, or whoever comes after a crash, finds the old or the new, whole: never half of one, and never nothing.

    Parameters
    ----------
    kind : of result, a folder.
    key : what the result depends on, as a name.
    tables : by name.
    record : plain values.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    WorkspaceError
        When the workspace cannot be written to.
    """
    final = _file_of(kind, key)
    contents = {name: _bytes_of(table) for name, table in tables.items()}
    lengths = [[name, len(content)] for name, content in contents.items()]
    head = json.dumps({"tables": lengths, "record": dict(record)}).encode()
    body = b"\n".join((head, b"".join(contents.values())))
    store_whole(final, b"\n".join((digest_of(body).encode(), body)))
    shutil.rmtree(_earlier_of(final), ignore_errors=True)
    return final


def keep(kind: str, key: str, *, tables: Mapping[str, pd.DataFrame], record: Mapping[str, Any]) -> None:
    """``save`` for what is shown in any case: a workspace that cannot be written to is told of, and costs no answer.

    Parameters
    ----------
    kind, key, tables, record : as ``save`` takes them.
    """
    with warned_where_not_kept():
        save(kind, key, tables=tables, record=record)


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
    final = _file_of(kind, key)
    # The file again, because a folder is taken away once the file that takes its place is there.
    return _in_file(final) or _in_folder(_earlier_of(final)) or _in_file(final)


def keys(kind: str) -> tuple[str, ...]:
    """The keys under which results of this kind are stored."""
    folder = home() / "results" / kind
    earlier = {path.parent.name for path in folder.glob(f"[!.]*/{RECORD}")}
    return tuple(sorted({path.name.removesuffix(SUFFIX) for path in folder.glob(f"[!.]*{SUFFIX}")} | earlier))


def stamp_of_keys(kind: str) -> str:
    """Another whenever a result of this kind was stored under a new key; "" where there is none.

    Parameters
    ----------
    kind : of result.

    Returns
    -------
    str
        Sixteen digits, or none.
    """
    there = keys(kind)
    return fingerprint_of(there) if there else ""


def _file_of(kind: str, key: str) -> Path:
    return home() / "results" / checked_name(kind) / f"{checked_name(key)}{SUFFIX}"


def _earlier_of(final: Path) -> Path:
    """The folder in which the result of a file was stored before 0.6."""
    return final.with_name(final.name.removesuffix(SUFFIX))


def _in_file(final: Path) -> Stored | None:
    try:
        stated, _, body = final.read_bytes().partition(b"\n")
        head, _, rest = _sound(body, stated.decode()).partition(b"\n")
        content, tables, start = json.loads(head), {}, 0
        for name, length in content["tables"]:
            tables[name] = _table_of(rest[start : start + length])
            start += length
        return Stored(tables, content["record"])
    except DAMAGE:
        return None


def _in_folder(folder: Path) -> Stored | None:
    """A result of before 0.6: forecasts and statements that were kept are scored later, and cannot be made again."""
    try:
        stated, _, body = (folder / RECORD).read_bytes().partition(b"\n")
        content = json.loads(_sound(body, stated.decode()))
        tables = {
            name: _table_of(_sound((folder / file).read_bytes(), digest))
            for name, (file, digest) in content["tables"].items()
        }
        return Stored(tables, content["record"])
    except DAMAGE:
        return None


def _bytes_of(table: pd.DataFrame) -> bytes:
    sink = pa.BufferOutputStream()
    parquet.write_table(pa.Table.from_pandas(table), sink)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def _table_of(content: bytes) -> pd.DataFrame:
    return parquet.read_table(pa.BufferReader(content)).to_pandas()  # type: ignore[no-any-return]


def _sound(content: bytes, digest: str) -> bytes:
    """The content, if it is what was written: a flipped bit must read as damage, not as a different number."""
    if digest_of(content) != digest:
        raise ValueError("damaged")
    return content
