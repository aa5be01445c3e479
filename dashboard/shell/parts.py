"""A page whose parts come as each is ready: where one is waited for, its progress stands in its place."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from streamlit.delta_generator import DeltaGenerator

from analytics.requests import Request
from dashboard import markup
from dashboard.shell.bars import Bar
from dashboard.shell.session import forget, keep, recall, session_name
from dashboard.workers import jobs
from data import CivicastError
from data.words import say, text

__all__ = ["Part", "as_ready"]

POLL_SECONDS = 0.2
AT_ONCE = 0.3  # seconds within which nobody needs to be told that there is work
CANCELLED_AFTER = 10.0  # seconds that work must take before it is worth a button
STOPPED = "stopped-part"  # begins the key under which a session remembers what it has stopped


@dataclass(frozen=True, eq=False)
class Part:
    """A part of a page: the work, its place, what is said while it is waited for, and the seconds it took last time."""

    function: Callable[..., Any]
    request: Request
    place: DeltaGenerator
    saying: str
    last: float | None = None

    @property
    def key(self) -> str:
        """What stands for its work."""
        return jobs.key_of(self.function, self.request)


@dataclass(eq=False)
class _Waiting:
    """A part that is waited for, and what stands in its place."""

    part: Part
    job: jobs.Job
    since: float = field(default_factory=time.monotonic)
    bar: Bar | None = None
    button: DeltaGenerator | None = None

    def show(self) -> None:
        """Draw how far the work is, and after a while the button that stops it."""
        waited = time.monotonic() - self.since
        if waited < AT_ONCE:
            return
        if self.bar is None:
            inside = self.part.place.container()
            self.bar, self.button = Bar(inside.empty()), inside.empty()
        share, doing = self.job.progress()
        self.bar.show(share, " ".join(filter(None, [self.part.saying, text(doing), self._last()])))
        if self.button is not None and max(waited, self.part.last or 0.0) > CANCELLED_AFTER:
            self.button.button(
                say("page.cancel"), key=f"stop-{self.part.key}", on_click=_stop, args=(self.part, self.job)
            )
            self.button = None

    def _last(self) -> str:
        before = self.job.before()
        if before:
            return f"({say('page.before', {'n': before})})"
        return "" if self.part.last is None else f"({say('page.last_time', {'seconds': max(self.part.last, 1.0)})})"


def as_ready(parts: Mapping[str, Part], *, meanwhile: Callable[[], None] = lambda: None) -> Iterator[tuple[str, Any]]:
    """What each part's work gives, by name, whichever is ready first; its place is then empty.

    What cannot be made, or was stopped, is told in its place, and holds up nothing else.

    Parameters
    ----------
    parts : by name, in the order in which their work begins. What is added while they are waited for begins then.
    meanwhile : done at each look.

    Yields
    ------
    tuple of str and object
        A name and a result.
    """
    asker, waiting, seen = session_name(), dict[str, _Waiting](), set[str]()
    while True:
        for name, part in list(parts.items()):
            if name not in seen:
                seen.add(name)
                job = _begin(part, asker)
                if job is not None:
                    waiting[name] = _Waiting(part, job)
        if not waiting:
            return
        ready = [name for name, each in waiting.items() if each.job.done()]
        for name in ready:
            each = waiting.pop(name)
            each.part.place.empty()
            try:
                result = each.job.result()
            except CivicastError as error:
                each.part.place.error(markup.label(str(error)), icon=":material/info:")
                continue
            yield name, result
        if ready:
            continue
        meanwhile()
        for each in waiting.values():
            each.show()
        jobs.attend(asker)
        next(iter(waiting.values())).job.wait(POLL_SECONDS)


def _begin(part: Part, asker: str) -> jobs.Job | None:
    """The job of a part; None where it was stopped or cannot begin, which stands in its place."""
    if recall(f"{STOPPED}-{part.key}"):
        inside = part.place.container()
        inside.html(markup.paragraph(say("page.stopped")))
        inside.button(say("page.again"), key=f"again-{part.key}", on_click=forget, args=(f"{STOPPED}-{part.key}",))
        return None
    try:
        return jobs.submit(part.function, part.request, asker=asker)
    except CivicastError as error:
        part.place.error(markup.label(str(error)), icon=":material/info:")
        return None


def _stop(part: Part, job: jobs.Job) -> None:
    """Want a part no longer, until it is asked for again."""
    jobs.leave(job, asker=session_name())
    keep(f"{STOPPED}-{part.key}", True)
