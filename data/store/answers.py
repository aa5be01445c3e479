"""Answers that were computed once: one file each, replaced whole, read back only if nothing it depends on has changed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from data.store.workspace import home
from data.store.writing import checked_name, digest_of, store_whole

__all__ = ["keep_answer", "kept_answer"]


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
    with suppress(OSError):  # which storing tells
        # For the user alone: an answer may hold a table whose file others cannot read.
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    store_whole(path, _heading(key, content) + content)


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
    with suppress(OSError), _path_of(slot).open("rb") as file:
        stated = file.readline()
        if not stated.startswith(f"{key} ".encode()):
            return None  # and the rest, which may be long, is not read
        content = file.read()
        if stated == _heading(key, content):
            return content
    return None


def _heading(key: str, content: bytes) -> bytes:
    """The first line of the file: the key, and a digest by which a damaged answer is told from a sound one."""
    return f"{key} {digest_of(content)}\n".encode()


def _path_of(slot: str) -> Path:
    return home() / "answers" / checked_name(slot)
