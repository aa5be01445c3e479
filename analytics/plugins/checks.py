"""What the conformance checks of every kind of plug-in share: how a check is made, put into words and watched.

A check is one function of a trial with its two sentences in ``messages/``: what it promises, and what is said
where that is not kept.
"""

from __future__ import annotations

import contextlib
import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from data.errors import CivicastError
from data.words import Sentence, Words, text

__all__ = ["Check", "Evidence", "Report", "global_random", "is_sentence", "made", "texts"]

T = TypeVar("T")

Evidence = Mapping[str, Any] | None
"""Nothing where the promise is kept, else what its sentence is filled with."""

CALLS = itertools.count()


@dataclass(frozen=True)
class Check:
    """One promise of the contract: whether the plug-in kept it, and a sentence that says so."""

    name: str
    passed: bool
    sentence: Words


@dataclass(frozen=True)
class Report:
    """What is known of a plug-in's file: what it registers, and the checks of it."""

    name: str
    title: Words
    slow: bool
    checks: tuple[Check, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """The promises that were not kept, in order."""
        return tuple(check for check in self.checks if not check.passed)


def made(
    checks: Mapping[str, Callable[[T], Evidence]], trial: T, *, section: str, refuses: Callable[[Exception], bool]
) -> tuple[Check, ...]:
    """What each check found, in order; nothing that the plug-in raises or prints escapes.

    ``section`` holds the sentences, under each check's name; ``refuses`` says whether an error is a refusal in words.

    Parameters
    ----------
    checks : functions of a trial by name, in the order in which they are made.
    trial : what each is given.
    section : of the messages that hold their sentences.
    refuses : whether an error is a refusal in words.

    Returns
    -------
    One an entry of ``checks``.
    """
    with contextlib.redirect_stdout(io.StringIO()):
        return tuple(_one(name, function, trial, section, refuses) for name, function in checks.items())


def _one(
    name: str, function: Callable[[T], Evidence], trial: T, section: str, refuses: Callable[[Exception], bool]
) -> Check:
    promise = Sentence(f"{section}.{name}.promise")
    try:
        evidence = function(trial)
    except Exception as error:  # noqa: BLE001 - a plug-in under trial may raise anything
        reason = _reason(error, refuses)
        return Check(name, False, Sentence("plugins.check_raised", {"promise": promise, "error": reason}))
    if evidence is None:
        return Check(name, True, promise)
    return Check(name, False, Sentence(f"{section}.{name}.failed", evidence))


def _reason(error: Exception, refuses: Callable[[Exception], bool]) -> Words:
    if isinstance(error, CivicastError) and refuses(error):
        return error.sentence
    return f"{type(error).__name__}: {error}"


def texts(value: Words | Iterable[Words]) -> list[str]:
    """The texts of what should be several and may, by mistake, be one."""
    return [text(value)] if isinstance(value, Words) else [text(each) for each in value]


def is_sentence(words: str) -> bool:
    """Whether a text is a whole sentence: three words, a capital and a full stop."""
    return len(words.split()) >= 3 and words[:1].isupper() and words.rstrip().endswith(".")


@contextlib.contextmanager
def global_random() -> Iterator[Callable[[], bool]]:
    """A function that says whether numpy's global generator has moved; afterwards it is as it was.

    Each time it begins elsewhere: else a plug-in that seeds it again and again would seem to leave it where it was, and
    one that draws from it would seem to answer twice alike.
    """
    kept = np.random.get_state()  # noqa: NPY002 - the generator that is watched
    np.random.seed(2**31 + next(CALLS))  # noqa: NPY002
    began = _random_state()
    try:
        yield lambda: _random_state() != began
    finally:
        np.random.set_state(kept)  # noqa: NPY002


def _random_state() -> tuple[bytes, int]:
    state = np.random.get_state(legacy=False)["state"]  # noqa: NPY002
    return state["key"].tobytes(), state["pos"]
