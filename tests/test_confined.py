"""A confined worker ends in one of a few ways, each told in a sentence, and takes nobody with it."""

from __future__ import annotations

import os
import select
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.confined import Ended, Limits, Nursery, Worker, can_confine
from data.confined.nursery import _environment

pytestmark = pytest.mark.skipif(not can_confine(), reason="this system cannot confine workers")

LIMITS = Limits(seconds=30, memory=1 << 30, answer=1 << 20, written=1 << 20)

# Bubblewrap's way to end with its parent, and nothing else of it.
SANDBOX = """#!{python}
import ctypes, os, sys
if "--die-with-parent" in sys.argv:
    ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)
command = sys.argv[sys.argv.index("--") + 1:]
os.execv(command[0], command)
"""


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIVICAST_SECRET", "told to nobody")
        made = Nursery("toy_worker")
        made.start({}, limits=LIMITS).close()
        yield made
        made.stop()


@pytest.fixture
def worker(nursery: Nursery) -> Iterator[Worker]:
    with nursery.start({}, limits=LIMITS) as made:
        yield made


@pytest.mark.parametrize(
    ("deed", "how", "reason"),
    [
        ("take", "by_memory", "more than the 1,024 MB of memory"),
        ("map", "by_memory", "more than the 1,024 MB of memory"),
        ("raise", "by_exit", "status 1"),
        ("leave 3", "by_exit", "status 3"),
        ("leave 0", "by_exit", "status 0"),
        ("kill", "by_signal", "ended by SIGKILL"),
        ("answer 1048577", "by_answer", "larger than the 1 MB"),
        ("lie", "by_answer", "larger than the 1 MB"),
    ],
)
def test_each_end_is_one_sentence(nursery: Nursery, worker: Worker, deed: str, how: str, reason: str) -> None:
    with pytest.raises(Ended, match=reason) as caught:
        worker.ask(deed.encode())
    assert caught.value.how == how
    assert echoes(nursery)


def test_a_worker_answers_as_often_as_it_is_asked(worker: Worker) -> None:
    assert [worker.ask(f"echo {each}".encode()) for each in range(3)] == [b"0", b"1", b"2"]
    assert len(worker.ask(b"answer 1048576")) == 1 << 20


def test_an_answer_is_heard_from_a_worker_that_has_gone_before_its_asker_looks(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    sendall = socket.socket.sendall

    def slowly(channel: socket.socket, message: bytes) -> None:
        sendall(channel, message)
        gone = select.poll()
        gone.register(channel, 0)  # which tells of its other side's end alone
        gone.poll(5000)

    monkeypatch.setattr(socket.socket, "sendall", slowly)
    assert worker.ask(b"") == b"gone"


def test_time_is_up_for_the_worker_and_all_that_it_started(nursery: Nursery, tmp_path: Path) -> None:
    worker = nursery.start({}, limits=LIMITS)
    with pytest.raises(Ended, match=r"stopped after 0[.]5 seconds"):
        worker.ask(f"fork {tmp_path}".encode(), seconds=0.5)
    started = [int(path.name) for path in tmp_path.iterdir()]
    assert len(started) == 2 or shutil.which("bwrap")  # a sandbox keeps what they write
    assert until(lambda: not any(map(alive, started)))


def test_a_worker_writes_no_large_file_and_keeps_no_open_one(worker: Worker, tmp_path: Path) -> None:
    assert b"written" not in worker.ask(f"write {tmp_path / 'large'}".encode())
    assert len(worker.ask(b"files").split()) == 5  # three of every process, its channel, and the folder that it lists


def test_a_worker_is_told_no_secret(worker: Worker) -> None:
    assert worker.ask(b"secret CIVICAST_SECRET") == b"unknown"
    assert worker.ask(b"secret HOME").decode() != os.environ.get("HOME")


def test_workers_are_born_again_after_the_process_that_they_are_forked_from_was_killed() -> None:
    nursery = Nursery("toy_worker")
    with pytest.raises(Ended):
        nursery.start({}, limits=LIMITS).ask(b"kill_parent")
    assert until(lambda: echoes(nursery))
    nursery.stop()


def test_many_threads_have_workers_of_their_own(nursery: Nursery) -> None:
    answers: dict[int, bytes] = {}

    def ask(number: int) -> None:
        with nursery.start({}, limits=LIMITS) as worker:
            answers[number] = worker.ask(f"echo {number}".encode())

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: str(number).encode() for number in range(8)}


def test_workers_outlive_the_thread_that_asked_for_the_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What starts a sandbox is, for the system, the parent that it ends with: a thread."""
    program = tmp_path / "bwrap"
    program.write_text(SANDBOX.format(python=sys.executable))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    nursery = Nursery("toy_worker")
    begun, over = threading.Event(), threading.Event()

    def begin() -> None:
        nursery.begin()
        begun.set()
        over.wait()

    first = threading.Thread(target=begin)
    first.start()
    begun.wait()
    with nursery.start({}, limits=LIMITS) as worker:
        over.set()
        first.join()
        time.sleep(0.1)  # a thread has gone for the system a little later than for Python
        assert worker.ask(b"echo here") == b"here"
    nursery.stop()


def test_what_cannot_be_started_is_told() -> None:
    with pytest.raises(Ended, match="no process of its own"):
        Nursery("a_module_that_nobody_has").start({}, limits=LIMITS)


def echoes(nursery: Nursery) -> bool:
    with nursery.start({}, limits=LIMITS) as worker:
        return worker.ask(b"echo here") == b"here"


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def until(true: Callable[[], bool]) -> bool:
    """Whether something becomes true within some seconds; what fails meanwhile is not."""
    for _ in range(100):
        try:
            if true():
                return True
        except Ended:
            pass
        time.sleep(0.05)
    return False


def test_what_a_script_from_standard_input_can_import_a_worker_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert _environment("scratch", None)["PYTHONPATH"].split(os.pathsep)[0] == str(Path.cwd())
