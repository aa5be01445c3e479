"""Work in worker processes: shared by who asks the same, told as it goes, stopped when it is not wanted."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from analytics.errors import Cancelled, ForecastError
from analytics.parallel import Progress
from analytics.requests import Request
from dashboard.shell import jobs
from dashboard.shell.errors import DashboardError
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


def born_with(request: Nothing, *, progress: Progress) -> str:
    return os.environ["CIVICAST_HOME"]


def leave_a_mark(request: Mark, *, progress: Progress) -> str:
    with Path(request.path).open("a", encoding="utf-8") as file:
        file.write("x")
    return request.path


WAITING = Sentence("words.points", {"number": "1.2"})  # it crosses processes as it is, whoever reads it


def wait_for_ever(request: Nothing, *, progress: Progress) -> None:
    progress(0.25, WAITING)
    time.sleep(600)


def ended(job: jobs.Job) -> jobs.Job:
    for _ in range(600):
        if job.wait(0.1):
            return job
    raise AssertionError("the job did not end within a minute")


def test_a_job_gives_what_its_function_gives() -> None:
    assert ended(jobs.submit(add, Sum(2, 3))).result() == 5


def test_the_same_work_is_done_once(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    first, second = (jobs.submit(leave_a_mark, Mark(str(mark))) for _ in range(2))
    assert first is second
    ended(first)
    assert jobs.submit(leave_a_mark, Mark(str(mark))) is first
    assert mark.read_text() == "x"


def test_what_is_forgotten_is_done_anew_and_nothing_else(tmp_path: Path) -> None:
    this, other = Mark(str(tmp_path / "this")), Mark(str(tmp_path / "other"))
    kept = ended(jobs.submit(leave_a_mark, other))
    ended(jobs.submit(leave_a_mark, this))
    jobs.forget(leave_a_mark, lambda request: request == this)
    ended(jobs.submit(leave_a_mark, this))
    assert (tmp_path / "this").read_text() == "xx"
    assert jobs.submit(leave_a_mark, other) is kept


def test_who_asks_is_part_of_the_key() -> None:
    keys = {jobs.submit(add, Sum(1, 1, asker=each)).key for each in ("", "planner", "planner")}
    assert len(keys) == 2


def test_work_that_ends_unasked_is_told_in_one_sentence() -> None:
    with pytest.raises(DashboardError, match="ended unasked \\(code 3\\): try again"):
        ended(jobs.submit(end_unasked, Nothing())).result()


def test_a_refusal_comes_back_as_its_sentence_and_may_be_tried_again() -> None:
    job = ended(jobs.submit(refuse, Nothing()))
    with pytest.raises(ForecastError, match="must be from 1 to 5 periods"):
        job.result()
    assert jobs.submit(refuse, Nothing()) is not job


def test_a_job_tells_how_far_it_is_and_stops_when_told() -> None:
    job = jobs.submit(wait_for_ever, Nothing())
    for _ in range(600):
        if job.progress() == (0.25, WAITING):
            break
        job.wait(0.1)
    assert job.progress() == (0.25, WAITING)
    assert not job.done()
    job.cancel()
    with pytest.raises(Cancelled):
        ended(job).result()
    # The worker that was ended is replaced: the next job is done.
    assert ended(jobs.submit(add, Sum(20, 3))).result() == 23


def test_after_a_stop_the_next_job_is_given_to_new_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ended(jobs.submit(born_with, Nothing()))
    monkeypatch.setenv("CIVICAST_HOME", "elsewhere")
    jobs.stop()
    after = ended(jobs.submit(born_with, Nothing()))
    assert before.result() != "elsewhere"
    assert after.result() == "elsewhere"
