"""Work that a page waits for: with its progress, and a button that stops it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from analytics.errors import Cancelled
from analytics.requests import Request
from dashboard import markup
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
        slot, shown = st.empty(), (0.0, "")
        with slot.container():
            bar = st.progress(0.0, text=markup.label(saying))
            st.button(say("page.cancel"), key=f"cancel-{job.key}", on_click=_stop, args=(job,))
        while not job.wait(POLL_SECONDS):
            jobs.attend(asker)
            before = job.before()
            share, doing = job.progress()
            then = say("page.before", {"n": before}) if before else text(doing)
            following = round(share, 2), f"{saying} {then}"
            if following != shown:  # for each word that comes, the browser goes over the whole page
                shown = following
                bar.progress(share, text=markup.label(shown[1]))
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
