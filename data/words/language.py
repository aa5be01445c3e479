"""The reader's language: one for a run of a page, a command or a test, never one for the whole process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from babel import Locale

__all__ = ["DEFAULT", "PSEUDO", "language", "languages", "locale", "use_language"]

DEFAULT = "en"
PSEUDO = "qps"  # every sentence accented, in brackets and a third longer: what stays plain was never a sentence
# British English writes dates and lists as our sentences do (20 March 2026; a, b and c). A new language is a line here
# and a folder of its code beside each ``messages/en``.
LOCALES = {DEFAULT: "en_GB", PSEUDO: "en_GB"}

_LANGUAGE: ContextVar[str] = ContextVar("language", default=DEFAULT)


def languages() -> tuple[str, ...]:
    """The codes of the languages in which there are sentences."""
    return tuple(LOCALES)


def language() -> str:
    """The code of the language in which text is made now."""
    return _LANGUAGE.get()


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
    return Locale.parse(LOCALES[language()])
