"""A stranger's code at work in a process of its own: asked in pickles of ours, answering in plain values."""

from __future__ import annotations

import contextlib
import os
import pickle
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from analytics.errors import AnalyticsError
from analytics.plugins.plain import unpacked
from data import fingerprint_of
from data.confined import Ended, Limits, Nursery, Worker, can_confine, sandbox
from data.words import Sentence, knows

__all__ = ["LIMITS", "NURSERY", "Apart", "Raised", "confinement", "file_of", "raised_there"]

GIGABYTE = 1 << 30
LIMITS = Limits(seconds=30, memory=2 * GIGABYTE, answer=GIGABYTE // 2, written=64 << 20)
"""For loading a file; running what it holds may take some times as long."""

NURSERY = Nursery("analytics.plugins.within", threads=1)


@contextlib.contextmanager
def file_of(content: bytes) -> Iterator[int]:
    """A file in memory that holds this, open."""
    file = os.memfd_create("plug-in")
    try:
        with open(file, "wb", closefd=False) as target:
            target.write(content)
        yield file
    finally:
        os.close(file)


def confinement() -> Sentence:
    """What plug-ins of the workspace can do here, and what keeps them from doing more."""
    if not can_confine():
        return Sentence("plugins.not_apart")
    evidence = {"seconds": LIMITS.seconds, "megabytes": LIMITS.memory / (1 << 20)}
    return Sentence("plugins.apart_open" if sandbox() is None else "plugins.apart_closed", evidence)


class Raised(Exception):
    """What a plug-in raised, as Python names it there."""


class Apart:
    """One file of a stranger's, loaded by a worker that is kept, and started anew where it ended.

    It is the file as it is now: what is written into it later is another.
    """

    def __init__(self, path: Path, *, registry: str, refusals: Sequence[type[AnalyticsError]], limits: Limits) -> None:
        self.limits = limits
        self._content = path.read_bytes()
        self._note = path.with_suffix(".ended")
        self._loads = {"registry": registry, "name": path.stem, "folder": path.parent.name}
        self._refusals = tuple(refusals)
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._found: Any = None

    def ended(self, *, loading: bool = False) -> Ended | None:
        """How a worker of this very file last ended, in any process, where one did not answer.

        Parameters
        ----------
        loading : only as the file was loaded.

        Returns
        -------
        What ``call`` raised then.
        """
        try:
            note = orjson.loads(self._note.read_bytes())
            if note["file"] != self._fingerprint or (loading and not note["loading"]):
                return None
            return Ended(note["how"], **note["evidence"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def load(self) -> list[Mapping[str, Any]]:
        """The facts of each plug-in that the file registers.

        A file that took too long is not tried again until it is changed: every process would wait for it.

        Raises
        ------
        Ended
            When its process ended, or was ended for what it took.
        Raised
            What the file raised.
        """
        earlier = self.ended(loading=True)
        if earlier is not None and earlier.how == "by_time":
            raise earlier
        with self._lock:
            self._started()
            return list(self._found)

    def call(
        self,
        name: str,
        part: str,
        *values: Any,
        seconds: float,
        answer: Callable[[Any], Any] | None = None,
        **named: Any,
    ) -> Any:
        """What a plug-in answers, as plain values.

        Parameters
        ----------
        name : of the plug-in.
        part : which of its functions is called.
        values : that it is given.
        seconds : until it must have answered.
        answer : what it is told when it asks in the midst of that, in plain values; what this raises ends its process.
        named : that it is given by name.

        Returns
        -------
        Numbers, texts, arrays, lists, and dicts of these.

        Raises
        ------
        AnalyticsError
            What the plug-in refuses in words.
        Ended
            When its process ended, or was ended for what it took.
        Raised
            What else it raised.
        """
        request = pickle.dumps((name, part, values, named), protocol=pickle.HIGHEST_PROTOCOL)
        with self._lock:
            try:
                return self._asked(self._started(), request, seconds, answer)
            except Ended as ended:
                if ended.how != "no_worker":
                    raise
            # It went down with a process that another file, or this one, ended: once is not its fault.
            return self._asked(self._started(), request, seconds, answer)

    def close(self) -> None:
        """End its worker; the next call starts another."""
        with self._lock:
            self._end()

    def _started(self) -> Worker:
        if self._worker is None:
            with file_of(self._content) as file:
                worker = NURSERY.start(self._loads, limits=self.limits, files=[file])
            self._worker = worker
            self._found = self._asked(worker, b"", self.limits.seconds)
        return self._worker

    def _asked(self, worker: Worker, request: bytes, seconds: float, tell: Callable[[Any], Any] | None = None) -> Any:
        try:
            answer = self._talked(worker, request, seconds, tell)
            if "answer" in answer:
                return answer["answer"]
            raised = raised_there(answer, self._refusals)
        except Ended as ended:
            self._worker = None
            if ended.how != "no_worker":
                self._write_note(ended, loading=not request)
            raise
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            self._end()
            raise Raised(f"{type(error).__name__}: {error}") from error
        if not request:
            self._end()
        raise raised

    def _talked(
        self, worker: Worker, message: bytes, seconds: float, tell: Callable[[Any], Any] | None
    ) -> Mapping[str, Any]:
        """The answer to a request, once all that is asked meanwhile has been told."""
        until, answered = time.monotonic() + seconds, set()
        while True:
            left = until - time.monotonic()
            if left <= 0:  # it asks again, faster than a socket's time runs out
                self._end()
                raise Ended("by_time", seconds=seconds)
            try:
                answer: Mapping[str, Any] = unpacked(worker.ask(message, seconds=left))
            except Ended as ended:
                if ended.how == "by_time":
                    raise Ended("by_time", seconds=seconds) from ended
                raise
            if tell is None or "asks" not in answer:
                return answer
            began = time.monotonic()
            try:
                message = pickle.dumps(tell(answer["asks"]), protocol=pickle.HIGHEST_PROTOCOL)
            except BaseException:
                self._end()
                raise
            question = repr(answer["asks"])
            if question not in answered:  # what is done here is not its time, unless it asks the same again and again
                answered.add(question)
                until += time.monotonic() - began

    @property
    def _fingerprint(self) -> str:
        return fingerprint_of(self._content.hex())

    def _write_note(self, ended: Ended, *, loading: bool) -> None:
        note = {"file": self._fingerprint, "loading": loading, "how": ended.how, "evidence": ended.reason.evidence}
        with contextlib.suppress(OSError):  # a folder that cannot be written to has no notes
            self._note.write_bytes(orjson.dumps(note))

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None


def raised_there(answer: Mapping[str, Any], refusals: Sequence[type[AnalyticsError]], **known: Any) -> Exception:
    """The refusal that a plug-in raised, where it is one that can be put into words; else what it raised.

    Parameters
    ----------
    answer : of its worker.
    refusals : that cross as they are.
    known : evidence that is better known here.

    Returns
    -------
    To be raised.
    """
    code, evidence = str(answer.get("code", "")), answer.get("evidence")
    kinds = {each.__name__: each for each in refusals}
    refusal = kinds.get(str(answer.get("kind")))
    if refusal is not None and isinstance(evidence, dict) and knows(f"errors.{code}"):
        evidence |= {name: value for name, value in known.items() if name in evidence}
        try:
            str(Sentence(f"errors.{code}", evidence))
        except (KeyError, ValueError, TypeError, AttributeError, IndexError):
            return Raised(str(answer["raised"]))
        return refusal(code, **evidence)
    return Raised(str(answer["raised"]))
