"""Answers that were computed once: one file each, replaced whole, read back only if nothing it depends on has changed."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from pathlib import Path

from data.errors import WorkspaceError
from data.store.workspace import home
from data.store.writing import write_whole

__all__ = ["keep_answer", "kept_answer"]

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


def keep_answer(slot: str, key: str, content: bytes) -> None:
    """Keep an answer in a slot, in the place of the one that was there.

    A reader meets the old answer or the new one, whole.

    Parameters
    ----------
    slot : what was asked of which city, as a name; a slot holds one answer.
    key : what the answer depends on; another key never reads it.
    content : the answer.

    Raises
    ------
    WorkspaceError
        When the workspace cannot be written to.
    """
    path = _path_of(slot)
    try:
        write_whole(path, _heading(key, content) + content)
    except OSError as error:
        raise WorkspaceError("cannot_store", path=str(path), why=error.strerror or str(error)) from error


def kept_answer(slot: str, key: str) -> bytes | None:
    """The answer in a slot.

    Parameters
    ----------
    slot, key : as they were given to ``keep_answer``.

    Returns
    -------
    bytes or None
        None where nothing is kept, it was kept under another key, or it is damaged.
    """
    with suppress(OSError):
        stated, _, content = _path_of(slot).read_bytes().partition(b"\n")
        if stated + b"\n" == _heading(key, content):
            return content
    return None


def _heading(key: str, content: bytes) -> bytes:
    """The first line of the file: the key, and a digest by which a damaged answer is told from a sound one."""
    return f"{key} {hashlib.blake2b(content, digest_size=16).hexdigest()}\n".encode()


def _path_of(slot: str) -> Path:
    if not NAME.fullmatch(slot):
        raise ValueError(f"{slot!r} is no name for a kept answer: use letters, digits, “_”, “-” and “.”")
    return home() / "answers" / slot
