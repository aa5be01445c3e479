"""A file of the workspace is what it was or what it is to be, wherever the process that writes it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from data.store import writing
from data.store.writing import FRESH, store_whole, write_whole

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not copied on this system")
KILLED = 9


def _ends(at: int, work: Callable[[], None]) -> bool:
    """Whether a copy of this process finishes the work, ended as by a kill before the given line that it runs of the file."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    lines = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal lines
        if frame.f_code.co_filename != writing.__file__:
            return None
        lines += event == "line"
        if lines == at:
            os._exit(KILLED)
        return trace

    sys.settrace(trace)
    try:
        work()
    finally:
        os._exit(0)


@needs_fork
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("there", [True, False])
def test_killed_at_any_line_it_leaves_the_old_or_the_new_and_what_it_left_is_cleared(
    tmp_path: Path, there: bool
) -> None:
    old, new = b"old" * 50_000, b"new" * 70_000
    found, strays, at = [], 0, 0
    while True:
        at += 1
        path = tmp_path / str(at) / "file"
        if there:
            store_whole(path, old)
        finished = _ends(at, lambda path=path: store_whole(path, new))
        found.append(path.read_bytes() if path.exists() else None)
        strays += len(list(path.parent.glob(f"{FRESH}*")))
        if finished:
            break
    # Killed at a later line it never shows the older of two contents again, and nothing else is ever there.
    switched = found.index(new)
    assert found == [old if there else None] * switched + [new] * (at - switched)
    assert 0 < switched < at - 1
    assert strays > 0
    writing._clear_strays.cache_clear()  # as in a process that begins
    for folder in tmp_path.iterdir():
        store_whole(folder / "other", b"")
    assert list(tmp_path.glob(f"*/{FRESH}*")) == []


def test_folders_that_an_earlier_version_left_half_written_are_cleared(tmp_path: Path) -> None:
    (tmp_path / f"{FRESH}ab").mkdir()
    (tmp_path / f"{FRESH}ab" / "record.json").write_text("half")
    store_whole(tmp_path / "file", b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_a_process_that_begins_took_away_is_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []

    def fsync(opened: int) -> None:
        if len(taken) < 3:
            taken.extend(tmp_path.glob(f"{FRESH}*"))
            taken[-1].unlink()

    monkeypatch.setattr(os, "fsync", fsync)
    write_whole(tmp_path / "file", b"content")
    assert len(taken) == 3
    assert (tmp_path / "file").read_bytes() == b"content"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path / "file", b"old")

    def fsync(opened: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "file", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"file": b"old"}


def test_a_folder_that_vanishes_for_good_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda opened: [each.unlink() for each in tmp_path.glob(f"{FRESH}*")])
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "file", b"content")


def test_outside_the_workspace_nothing_is_cleared_and_what_was_closed_to_others_stays_so(tmp_path: Path) -> None:
    (tmp_path / f"{FRESH}of-somebody").write_text("theirs")
    (tmp_path / "file").write_text("old")
    (tmp_path / "file").chmod(0o600)
    write_whole(tmp_path / "file", b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{FRESH}of-somebody", "file"]
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
