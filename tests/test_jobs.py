"""Work in worker processes: shared by who asks the same, told as it goes, stopped when it is not wanted."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from analytics.errors import Cancelled, ForecastError
from analytics.parallel import Progress
from analytics.requests import Request
from dashboard.errors import DashboardError
from dashboard.workers import births, jobs
from dashboard.workers import pools as workers
from dashboard.workers.pools import Queue
from data.words import Sentence


@dataclass(frozen=True)
class Sum(Request):
    first: int
    second: int
    asker: str = ""


@dataclass(frozen=True)
class Nothing(Request):
    pass


@dataclass(frozen=True)
class Mark(Request):
    path: str


def add(request: Sum, *, progress: Progress) -> int:
    progress(0.5, "adding")
    return request.first + request.second


def refuse(request: Nothing, *, progress: Progress) -> None:
    raise ForecastError("bad_horizon", horizon=0, most=5)


def end_unasked(request: Nothing, *, progress: Progress) -> None:
    os._exit(3)


def on_interrupt(request: Nothing, *, progress: Progress) -> object:
    return signal.getsignal(signal.SIGINT)


def born_with(request: Nothing, *, progress: Progress) -> str:
    return os.environ["CIVICAST_HOME"]


def threads_of_algebra(request: Nothing, *, progress: Progress) -> str:
    return os.environ["OPENBLAS_NUM_THREADS"]


def loaded_before(request: Nothing, *, progress: Progress) -> tuple[set[str], int]:
    return {name for name in sys.modules if name in births.PRELOADED}, os.getppid()


def leave_a_mark(request: Mark, *, progress: Progress) -> str:
    with Path(request.path).open("a", encoding="utf-8") as file:
        file.write("x")
    return request.path


WAITING = Sentence("words.points", {"number": "1.2"})  # it crosses processes as it is, whoever reads it


def wait_for_ever(request: Nothing, *, progress: Progress) -> None:
    progress(0.25, WAITING)
    time.sleep(600)


def tell_and_work(request: Nothing, *, progress: Progress) -> None:
    for _ in range(6000):
        progress(0.5, "working")
        time.sleep(0.01)


def work_a_little(request: Nothing, *, progress: Progress) -> str:
    progress(0.5, "working")
    time.sleep(0.5)
    return "done"


def process_of(request: Sum, *, progress: Progress) -> int:
    return os.getpid()


def hold(request: Sum, *, progress: Progress) -> None:
    time.sleep(600)


@jobs.quick
def add_at_once(request: Sum, *, progress: Progress) -> int:
    return request.first + request.second


@jobs.quick
def hold_at_once(request: Sum, *, progress: Progress) -> None:
    time.sleep(600)


def one_goes_on_with_the_other(before: Sum, request: Sum) -> bool:
    return before.first == request.first


@jobs.stepwise(one_goes_on_with_the_other)
def step(request: Sum, *, progress: Progress) -> int:
    return os.getpid()


@jobs.stepwise(one_goes_on_with_the_other)
def long_step(request: Sum, *, progress: Progress) -> None:
    time.sleep(600)


def niceness(request: Nothing, *, progress: Progress) -> int:
    return os.nice(0)


def niceness_again(request: Nothing, *, progress: Progress) -> int:
    return os.nice(0)


def submit(function: Callable[..., Any], request: Request, *, asker: str = "somebody", ahead: bool = False) -> jobs.Job:
    return jobs.submit(function, request, asker=asker, ahead=ahead)


def ended(job: jobs.Job) -> jobs.Job:
    for _ in range(600):
        if job.wait(0.1):
            return job
    raise AssertionError("the job did not end within a minute")


def started(job: jobs.Job) -> None:
    for _ in range(6000):
        if job.progress()[0] > 0:
            return
        time.sleep(0.01)
    raise AssertionError("the job did not start within a minute")


def gone(folder: Path) -> None:
    """Nothing is kept of jobs that have ended, neither on disk nor in memory."""
    for _ in range(1000):
        jobs.attend("somebody")
        if not [*folder.glob("civicast-job-*"), *jobs._UNDONE]:
            return
        time.sleep(0.01)
    raise AssertionError(f"left: {[*folder.glob('civicast-job-*')]}, {jobs._UNDONE}")


@pytest.fixture
def no_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which there are the files of these jobs alone; nobody leaves unasked."""
    jobs.stop()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(jobs, "GONE_SECONDS", 1e9)
    yield tmp_path
    jobs.stop()


def test_a_job_gives_what_its_function_gives() -> None:
    assert ended(submit(add, Sum(2, 3))).result() == 5


def test_the_same_work_is_done_once(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    first, second = (submit(leave_a_mark, Mark(str(mark))) for _ in range(2))
    assert first is second
    ended(first)
    assert submit(leave_a_mark, Mark(str(mark))) is first
    assert mark.read_text() == "x"


def test_what_is_forgotten_is_done_anew_and_nothing_else(tmp_path: Path) -> None:
    this, other = Mark(str(tmp_path / "this")), Mark(str(tmp_path / "other"))
    kept = ended(submit(leave_a_mark, other))
    ended(submit(leave_a_mark, this))
    jobs.forget(leave_a_mark, lambda request: request == this)
    ended(submit(leave_a_mark, this))
    assert (tmp_path / "this").read_text() == "xx"
    assert submit(leave_a_mark, other) is kept


def test_who_asks_is_part_of_the_key() -> None:
    keys = {submit(add, Sum(1, 1, asker=each)).key for each in ("", "planner", "planner")}
    assert len(keys) == 2


def test_work_that_ends_unasked_is_told_in_one_sentence() -> None:
    with pytest.raises(DashboardError, match="ended unasked \\(code 3\\): try again"):
        ended(submit(end_unasked, Nothing())).result()


def test_a_refusal_comes_back_as_its_sentence_and_may_be_tried_again() -> None:
    job = ended(submit(refuse, Nothing()))
    with pytest.raises(ForecastError, match="must be from 1 to 5 periods"):
        job.result()
    assert submit(refuse, Nothing()) is not job


def test_a_job_tells_how_far_it_is_and_stops_when_told() -> None:
    job = submit(wait_for_ever, Nothing())
    for _ in range(600):
        if job.progress() == (0.25, WAITING):
            break
        job.wait(0.1)
    assert job.progress() == (0.25, WAITING)
    assert not job.done()
    jobs.leave(job, asker="somebody")
    with pytest.raises(Cancelled):
        ended(job).result()
    # Another worker is free, and this one is replaced in time: the next job is done.
    assert ended(submit(add, Sum(20, 3))).result() == 23


def test_work_that_is_not_wanted_ends_and_its_worker_lives_on(no_others: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "WORKERS", dict.fromkeys(Queue, 1))
    worker = ended(submit(process_of, Sum(1, 0))).result()
    stops = submit(tell_and_work, Nothing(), asker="leaves")
    started(stops)
    jobs.leave(stops, asker="leaves")
    assert stops.done()
    with pytest.raises(Cancelled):
        stops.result()
    again = submit(tell_and_work, Nothing(), asker="again")  # its twin may still be at it
    started(again)
    jobs.leave(again, asker="again")
    assert ended(submit(process_of, Sum(2, 0))).result() == worker
    gone(no_others)


def test_work_that_does_not_answer_holds_its_worker_until_its_grace_is_over(
    no_others: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "WORKERS", dict.fromkeys(Queue, 1))
    monkeypatch.setattr(jobs, "GRACE_SECONDS", 1.0)
    deaf = submit(wait_for_ever, Nothing(), asker="deaf")
    started(deaf)
    jobs.leave(deaf, asker="deaf")
    twin = submit(wait_for_ever, Nothing(), asker="twin")
    assert (deaf.done(), deaf.takes_a_worker(), twin is deaf, twin.done()) == (True, True, False, False)
    third = submit(add, Sum(1, 2))
    assert (twin.before(), third.before()) == (1, 2)
    started(twin)  # the worker of the first was ended
    assert not deaf.takes_a_worker()
    jobs.leave(twin, asker="twin")
    assert ended(third).result() == 3
    jobs.attend("somebody")
    gone(no_others)


def test_work_that_had_not_begun_ends_no_worker(no_others: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "WORKERS", dict.fromkeys(Queue, 1))
    monkeypatch.setattr(jobs, "GRACE_SECONDS", 0.0)
    worker = ended(submit(process_of, Sum(1, 1))).result()
    first = submit(work_a_little, Nothing(), asker="first")
    started(first)
    waits = submit(leave_a_mark, Mark(str(no_others / "mark")), asker="waits")
    jobs.leave(waits, asker="waits")
    assert (waits.done(), waits.takes_a_worker()) == (True, False)
    assert ended(first).result() == "done"
    assert ended(submit(process_of, Sum(1, 2))).result() == worker
    assert not (no_others / "mark").exists()
    gone(no_others)


def test_after_a_stop_the_next_job_is_given_to_new_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ended(submit(born_with, Nothing()))
    monkeypatch.setenv("CIVICAST_HOME", "elsewhere")
    jobs.stop()
    after = ended(submit(born_with, Nothing()))
    assert before.result() != "elsewhere"
    assert after.result() == "elsewhere"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each worker loads its libraries")
def test_a_worker_is_a_copy_of_a_process_that_has_loaded_its_libraries() -> None:
    jobs.stop()
    forkserver._forkserver._stop()  # type: ignore[attr-defined]  # a test in another folder may have begun it, where it finds nothing
    loaded, parent = ended(submit(loaded_before, Nothing())).result()
    assert set(births.PRELOADED) <= loaded
    assert parent != os.getpid()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each worker loads its libraries")
def test_what_workers_are_copies_of_can_begin_before_there_is_one() -> None:
    births.begin()
    begun = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]  # no other way to see it
    assert ended(submit(loaded_before, Nothing())).result()[1] == begun


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each worker loads its libraries")
def test_a_key_that_interrupts_the_server_is_not_heard_by_what_workers_are_copies_of() -> None:
    jobs.stop()
    forkserver._forkserver._stop()  # type: ignore[attr-defined]  # as above
    usual = signal.getsignal(signal.SIGINT)
    births.begin()
    assert signal.getsignal(signal.SIGINT) is usual
    assert ended(submit(on_interrupt, Nothing())).result() == signal.SIG_IGN


@pytest.mark.skipif(sys.platform == "win32", reason="the system knows no niceness")
@pytest.mark.parametrize(("said", "threads"), [(None, "1"), ("3", "3")])
def test_workers_keep_linear_algebra_to_one_thread_unless_somebody_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, said: str | None, threads: str
) -> None:
    jobs.stop()
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    if said:
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", said)
    assert jobs.submit(threads_of_algebra, Nothing(), asker="her").result() == threads
    jobs.stop()


def test_what_is_made_ahead_leaves_the_machine_to_whoever_asks() -> None:
    asked = ended(submit(niceness, Nothing())).result()
    ahead = ended(submit(niceness_again, Nothing(), ahead=True)).result()
    assert ahead == min(19, asked + workers.NICENESS[Queue.AHEAD])
    begun = [submit(hold, Sum(number, 1), asker=f"before {number}", ahead=True) for number in range(3)]
    try:
        assert [each.before() for each in begun[2:]] == [2]
        assert ended(submit(add, Sum(1, 1))).result() == 2
    finally:
        for number, each in enumerate(begun):
            jobs.leave(each, asker=f"before {number}")
        jobs.stop()


def test_workers_of_what_was_made_ahead_rest_until_there_is_more() -> None:
    before = ended(submit(process_of, Sum(5, 1), ahead=True)).result()
    asked = ended(submit(process_of, Sum(5, 2))).result()
    jobs.rest()
    jobs.rest()
    assert not Path(f"/proc/{before}").exists() or sys.platform != "linux"
    assert ended(submit(process_of, Sum(5, 3), ahead=True)).result() != before
    assert Path(f"/proc/{asked}").exists() or sys.platform != "linux"


def test_steps_go_to_one_worker_and_wait_there_behind_no_more_than_one_that_they_follow(no_others: Path) -> None:
    steps = {ended(submit(step, Sum(first, 0))).result() for first in (1, 1, 2)}
    assert len(steps) == 1
    held = submit(long_step, Sum(3, 0), asker="a")
    other = submit(step, Sum(4, 0), asker="b")
    follows = submit(step, Sum(3, 1), asker="c")
    third = submit(step, Sum(3, 2), asker="d")
    assert (held.queue, follows.queue, follows.before()) == (Queue.STEPS, Queue.STEPS, 1)
    assert not steps & {ended(each).result() for each in (other, third)}
    assert not follows.done()


# Limits, where both workers for long work are held up


@pytest.fixture(scope="module")
def held_up() -> Iterator[list[jobs.Job]]:
    """Both workers have something to do that never ends; whoever wants it is there until the end."""
    jobs.stop()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "GONE_SECONDS", 1e9)
        yield [submit(hold, Sum(number, 0), asker=f"early {number}") for number in range(2)]
    jobs.stop()


def test_each_has_a_place_in_the_queue_and_quick_work_needs_none(held_up: list[jobs.Job]) -> None:
    third, fourth = (submit(hold, Sum(number, 0), asker=f"late {number}") for number in (3, 4))
    assert (third.before(), fourth.before()) == (2, 3)
    at_once = submit(add_at_once, Sum(1, 2), asker="late 4")
    assert at_once.before() == 0
    assert ended(at_once).result() == 3
    assert not fourth.done()
    jobs.leave(third, asker="late 3")
    assert (third.done(), fourth.before()) == (True, 2)
    jobs.leave(fourth, asker="late 4")
    assert [each.done() for each in held_up] == [False, False]


def test_a_newer_piece_of_work_takes_the_place_of_the_one_that_somebody_had_of_its_kind(
    held_up: list[jobs.Job],
) -> None:
    first = submit(hold, Sum(5, 0), asker="a")
    other_kind = submit(add, Sum(5, 0), asker="a")
    shared = submit(hold, Sum(6, 0), asker="b")
    assert submit(hold, Sum(6, 0), asker="a") is shared
    assert (first.done(), other_kind.done(), shared.done()) == (True, False, False)
    with pytest.raises(Cancelled):
        first.result()
    own = submit(hold, Sum(7, 0), asker="a")  # what another wants too goes on
    assert not shared.done()
    jobs.leave(shared, asker="a")  # nor can anybody stop what is not theirs
    assert not shared.done()
    jobs.leave(shared, asker="b")
    assert shared.done()
    for job in (own, other_kind):
        jobs.leave(job, asker="a")
    assert (own.done(), other_kind.done()) == (True, True)


def test_what_somebody_wanted_who_has_left_is_stopped(held_up: list[jobs.Job], monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(jobs, "GONE_SECONDS", 5.0)
    monkeypatch.setattr(jobs, "time", SimpleNamespace(monotonic=lambda: now[0]))
    for number in range(2):
        jobs.attend(f"early {number}")
    left, stays = (submit(hold, Sum(number, 0), asker=f"guest {number}") for number in (8, 9))
    now[0] += 5.0
    for each in ("early 0", "early 1", "guest 9"):
        jobs.attend(each)
    assert not left.done()
    now[0] += 0.1
    jobs.attend("guest 9")
    assert (left.done(), stays.done()) == (True, False)
    assert [each.done() for each in held_up] == [False, False]
    jobs.leave(stays, asker="guest 9")


def test_a_busy_server_says_so_and_goes_on_with_what_it_has(
    held_up: list[jobs.Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MOST_UNDONE", 3)
    third = submit(hold, Sum(10, 0), asker="c")
    with pytest.raises(DashboardError, match="busy with the work of others, 3 pieces of it: try again"):
        submit(hold, Sum(11, 0), asker="d")
    assert submit(hold, Sum(10, 0), asker="d") is third
    # Whoever takes other work of their own kind instead is no more than before.
    jobs.leave(third, asker="d")
    instead = submit(hold, Sum(12, 0), asker="c")
    assert (third.done(), instead.done()) == (True, False)
    jobs.leave(instead, asker="c")


def test_work_that_takes_too_long_is_stopped_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_SECONDS", dict.fromkeys(Queue, 0.5))
    job = submit(hold_at_once, Sum(13, 0))
    with pytest.raises(DashboardError, match="took longer than 0 minutes and was stopped"):
        ended(job).result()
