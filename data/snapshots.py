"""Stored results: Parquet tables and a record, written whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from data.workspace import home

__all__ = ["Stored", "keys", "load", "save"]


@dataclass(frozen=True, eq=False)
class Stored:
    """What was saved under one key."""

    tables: Mapping[str, pd.DataFrame]
    record: Mapping[str, Any]


def save(kind: str, key: str, *, tables: Mapping[str, pd.DataFrame], record: Mapping[str, Any]) -> Path:
    """Store tables and a JSON record under (kind, key), replacing what was there.

    The folder is written beside its place and renamed, so that a reader, or a crash, never meets half a result.
    """
    place = _place(kind, key)
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=place.parent))
    for name, table in tables.items():
        table.to_parquet(fresh / f"{name}.parquet")
    with (fresh / "record.json").open("w", encoding="utf-8") as file:
        json.dump({"tables": sorted(tables), "record": dict(record)}, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        fresh.rename(place)
    except OSError:  # the place is taken, by an older result or by another process that was quicker
        shutil.rmtree(place, ignore_errors=True)
        try:
            fresh.rename(place)
        except OSError:
            shutil.rmtree(fresh, ignore_errors=True)
    return place


def load(kind: str, key: str) -> Stored | None:
    """What was saved under (kind, key), or None when nothing is there or it cannot be read any more."""
    place = _place(kind, key)
    try:
        content = json.loads((place / "record.json").read_text(encoding="utf-8"))
        tables = {name: pd.read_parquet(place / f"{name}.parquet") for name in content["tables"]}
        return Stored(tables, content["record"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keys(kind: str) -> tuple[str, ...]:
    """The keys under which results of this kind are stored."""
    return tuple(sorted(path.parent.name for path in (home() / "results" / kind).glob("[!.]*/record.json")))


def _place(kind: str, key: str) -> Path:
    return home() / "results" / kind / key
