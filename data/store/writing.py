"""How files come into the workspace: written beside their place and moved there at once, so that none is ever half there."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from data.errors import WorkspaceError
from data.words import say

__all__ = ["FRESH", "checked_name", "digest_of", "store_whole", "warned_where_not_kept", "write_whole"]

LOG = logging.getLogger(__name__)

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
FRESH = ".new-"  # begins the name of what is not yet in its place
# A process that begins clears what killed ones left, and may take a file that is just being written: then it is written
# again. Each process clears a folder once, so that many in a row would have to begin within one writing.
TIMES = 20


def checked_name(name: str) -> str:
    """A name under which something is kept, which is that of a file.

    Raises
    ------
    ValueError
        When it could be no file's, or another folder's.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a stored result: use letters, digits, “_”, “-” and “.”")
    return name


def digest_of(content: bytes) -> str:
    """By which what was written is told from what was damaged since."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def store_whole(path: Path, content: bytes) -> None:
    """``write_whole`` into the workspace, from which what killed processes left is cleared.

    Parameters
    ----------
    path : of the file; its folder is made where it is absent.
    content : of the file.

    Raises
    ------
    WorkspaceError
        When it cannot be written; the file is as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear_strays(path.parent)
        write_whole(path, content)
    except OSError as error:
        raise WorkspaceError("cannot_store", path=str(path), why=error.strerror or str(error)) from error


@contextmanager
def warned_where_not_kept() -> Iterator[None]:
    """For what is shown whether or not it is kept, and can be made again: that the workspace takes nothing costs no answer.

    It is said once a process for each reason, where warnings of programs go.
    """
    try:
        yield
    except WorkspaceError as error:
        _tell_once(str(error.evidence["why"]))


@cache
def _tell_once(why: str) -> None:
    LOG.warning("civicast: %s", say("workspace.not_kept", {"why": why}))


def write_whole(path: Path, content: bytes) -> None:
    """Let a file hold this and nothing else: until it is all on the disk, the file is as it was before.

    Parameters
    ----------
    path : of the file.
    content : of the file.

    Raises
    ------
    OSError
        When it cannot be written; the file is as it was.
    """
    for left in reversed(range(TIMES)):
        fresh = path.parent / f"{FRESH}{secrets.token_hex(8)}"
        try:
            _write(fresh, content)
            if path.exists():
                shutil.copymode(path, fresh)  # what was closed to others stays so
            fresh.replace(path)
        except FileNotFoundError:
            if not left:
                raise
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
        else:
            break
    _settle(path.parent)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Force the names in a folder to the disk: a file that lies there under its old name only would be lost."""
    if os.name == "posix":  # elsewhere a folder cannot be opened, nor need it be
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


@cache
def _clear_strays(folder: Path) -> None:
    """Take away what killed processes left; once a process, before it writes there for the first time."""
    for stray in folder.glob(f"{FRESH}*"):
        if stray.is_dir():  # results were folders until 0.6
            shutil.rmtree(stray, ignore_errors=True)
        else:
            with suppress(OSError):  # it has just come into its place, or is open on a system that keeps such files
                stray.unlink()
