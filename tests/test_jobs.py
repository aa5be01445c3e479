"""Work in worker processes: shared by who asks the same, told as it goes, stopped when it is not wanted."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from analytics.errors import Cancelled, ForecastError
from analytics.parallel import Progress
from dashboard.shell import jobs


def add(first: int, second: int, *, progress: Progress) -> int:
    progress(0.5, "adding")
    return first + second


def refuse(*, progress: Progress) -> None:
    raise ForecastError("bad_horizon", horizon=0, most=5)


def leave_a_mark(path: str, *, progress: Progress) -> str:
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("x")
    return path


def wait_for_ever(*, progress: Progress) -> None:
    progress(0.25, "waiting")
    time.sleep(600)


def ended(job: jobs.Job) -> jobs.Job:
    for _ in range(600):
        if job.wait(0.1):
            return job
    raise AssertionError("the job did not end within a minute")


def test_a_job_gives_what_its_function_gives() -> None:
    assert ended(jobs.submit(add, 2, 3)).result() == 5


def test_the_same_work_is_done_once(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    first, second = jobs.submit(leave_a_mark, str(mark)), jobs.submit(leave_a_mark, str(mark))
    assert first is second
    ended(first)
    assert jobs.submit(leave_a_mark, str(mark)) is first
    assert mark.read_text() == "x"


def test_a_refusal_comes_back_as_its_sentence_and_may_be_tried_again() -> None:
    job = ended(jobs.submit(refuse))
    with pytest.raises(ForecastError, match="must be from 1 to 5 periods"):
        job.result()
    assert jobs.submit(refuse) is not job


def test_a_job_tells_how_far_it_is_and_stops_when_told() -> None:
    job = jobs.submit(wait_for_ever)
    for _ in range(600):
        if job.progress() == (0.25, "waiting"):
            break
        job.wait(0.1)
    assert job.progress() == (0.25, "waiting")
    assert not job.done()
    job.cancel()
    with pytest.raises(Cancelled):
        ended(job).result()
    # The worker that was ended is replaced: the next job is done.
    assert ended(jobs.submit(add, 20, 3)).result() == 23
