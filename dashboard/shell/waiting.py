"""Work that a page waits for: with its progress, and a button that stops it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from analytics.errors import Cancelled
from analytics.requests import Request
from dashboard.shell.bars import Bar
from dashboard.shell.session import forget, keep, recall, session_name
from dashboard.workers import jobs
from data.words import say, text

__all__ = ["at_once", "await_result", "begin"]

POLL_SECONDS = 0.25
STOPPED = "stopped"  # the key of the work that somebody has just stopped
T = TypeVar("T")


def await_result(function: Callable[..., T], request: Request, *, saying: str) -> T:
    """What a job gives; meanwhile its place in the queue or its progress, and a button that stops it.

    Raises
    ------
    CivicastError
        What the work raised, or ``Cancelled`` once after the button was pressed; what is asked after that is tried again.
    """
    if recall(STOPPED) == jobs.key_of(function, request):
        forget(STOPPED)
        raise Cancelled
    asker = session_name()
    job = jobs.submit(function, request, asker=asker)
    if not job.done() and not job.wait(POLL_SECONDS):
        slot = st.empty()
        with slot.container():
            bar = Bar(st.empty())
            bar.show(0.0, saying)
            st.button(say("page.cancel"), key=f"cancel-{job.key}", on_click=_stop, args=(job,))
        while not job.wait(POLL_SECONDS):
            jobs.attend(asker)
            before = job.before()
            share, doing = job.progress()
            then = say("page.before", {"n": before}) if before else text(doing)
            bar.show(share, f"{saying} {then}")
        slot.empty()
    return job.result()  # type: ignore[no-any-return]


def at_once(function: Callable[..., object], request: Request) -> bool:
    """Whether ``await_result`` need not wait for this; where it must, the work begins.

    Parameters
    ----------
    function, request : the work.
    """
    if recall(STOPPED) == jobs.key_of(function, request):
        return True
    return jobs.submit(function, request, asker=session_name()).done()


def _stop(job: jobs.Job) -> None:
    """End the work, and let the page that is drawn next know that it was not wanted."""
    jobs.leave(job, asker=session_name())
    keep(STOPPED, job.key)


def begin(function: Callable[..., object], request: Request) -> None:
    """Let work begin that the page comes to later."""
    jobs.submit(function, request, asker=session_name())
