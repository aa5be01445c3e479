"""The end of the chain as this workspace last knew it, beside the database: a chain that was cut or made anew ends elsewhere."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from data.store.workspace import home
from data.store.writing import store_whole

__all__ = ["known_head", "note_head"]


def note_head(url: str, number: int, digest: str) -> None:
    """Note where the chain of a database ends; an end that is already known to be further stays.

    Parameters
    ----------
    url : of the database.
    number, digest : of its last entry.

    Raises
    ------
    WorkspaceError
        When the workspace cannot be written to.
    """
    known = known_head(url)
    if known is None or known[0] < number:
        store_whole(_path_of(url), json.dumps({"number": number, "digest": digest}).encode())


def known_head(url: str) -> tuple[int, str] | None:
    """The number and digest of the last entry that this workspace knows of, None where it knows of none."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads(_path_of(url).read_bytes())
        return int(found["number"]), str(found["digest"])
    return None


def _path_of(url: str) -> Path:
    # The file is named after the database, not by it: a URL may hold a password.
    return home() / "records" / f"end-{hashlib.sha256(url.encode()).hexdigest()[:16]}.json"
