"""The reader's language: one for a run of a page, a command or a test, never one for the whole process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from babel import Locale

__all__ = ["DEFAULT", "PSEUDO", "known_language", "language", "languages", "locale", "use_language", "usual_language"]

DEFAULT = "en"
PSEUDO = "qps"  # every sentence accented, in brackets and a third longer: what stays plain was never a sentence
# British English writes dates and lists as our sentences do (20 March 2026; a, b and c). A new language is a line here
# and a folder of its code beside each ``messages/en``.
LOCALES = {DEFAULT: "en_GB", PSEUDO: "en_GB"}

SETTING = "CIVICAST_LANGUAGE"  # the language of the command line, and of a dashboard's readers who ask for none

_LANGUAGE: ContextVar[str] = ContextVar("language", default=DEFAULT)


def languages() -> tuple[str, ...]:
    """The codes of the languages in which there are sentences."""
    return tuple(LOCALES)


def language() -> str:
    """The code of the language in which text is made now."""
    return _LANGUAGE.get()


def known_language(code: str) -> str:
    """This language, or the default where there are no sentences in it: as browsers and shells do."""
    return code if code in LOCALES else DEFAULT


def usual_language() -> str:
    """The language that the environment asks for."""
    return known_language(os.environ.get(SETTING, DEFAULT))


@contextmanager
def use_language(code: str) -> Iterator[None]:
    """Make text in another language for as long as the context lasts.

    Parameters
    ----------
    code : one of ``languages()``.

    Raises
    ------
    KeyError
        When there are no sentences in this language.
    """
    if code not in LOCALES:
        raise KeyError(f"{code}: there are sentences in {', '.join(LOCALES)}")
    token = _LANGUAGE.set(code)
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def locale() -> Locale:
    """Babel's locale of the current language: how it writes numbers, dates, lists and plurals."""
    return _locale(language())


@cache  # asked for by every number of every sentence
def _locale(code: str) -> Locale:
    return Locale.parse(LOCALES[code])
