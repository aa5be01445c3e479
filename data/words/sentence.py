"""A sentence as a code and its evidence, and the text that it becomes.

A template is a Python format string. Beside Python's own format specifications it knows:

    count      2,914                  number     three digits that matter: 0.0123, 12.3, 1,230
    percent    9 %  (of a share)      points     1.2 points (of a difference of shares)
    short      3.37 million           day        20 March
    date       20 March 2026          month      March 2026
    age        153 days, 26 years (of days)
    list       a, b and c             plural:    {n:plural:area|areas} gives "1 area", "3 areas"
    code       the value in quotes    lower      its first letter small, as inside a sentence
    spelled:   {n:spelled:area|areas} gives "three areas", and Spelled "Three areas" at the beginning of a sentence
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from data.words.catalogue import template
from data.words.language import language
from data.words.numbers import (
    as_count,
    as_date,
    as_day,
    as_hour,
    as_list,
    as_month,
    as_number,
    as_percent,
    as_plural,
    as_points,
    as_short,
    as_spelled,
    as_weekday,
    in_short,
)

__all__ = ["Sentence", "Words", "say", "text"]


@dataclass(frozen=True)
class Sentence:
    """What is to be said, without saying it yet: results, reasons, errors and caveats carry it through every process.

    ``evidence`` holds numbers, dates, names and lists, and other sentences, which are made into text with it.
    ``str`` makes the text in the language of the moment.

    >>> str(Sentence("words.points", {"number": "1.2"}))
    '1.2 points'
    """

    code: str
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return say(self.code, self.evidence)

    def __hash__(self) -> int:
        return hash((self.code, repr(self.evidence)))


Words = str | Sentence
"""A name that people gave (a city's table, a plug-in of their own) or a sentence of ours."""


def text(words: Words) -> str:
    """The text of a sentence in the language of the moment; a name that people gave as it is."""
    return str(words)


def say(code: str, evidence: Mapping[str, Any] | None = None) -> str:
    """The text of a code, its evidence filled in, in the language of the moment.

    Parameters
    ----------
    code : tables and key, as in ``"errors.no_such_city"``.
    evidence : what the template's braces name.

    Returns
    -------
    One or more sentences, without markup but for what the template holds.

    Raises
    ------
    KeyError
        When there is no such sentence, or it names evidence that is not given: a mistake of ours.
    """
    return _WRITER.vformat(template(code, language()), (), dict(evidence or {}))


MOST_DAYS = 730  # of an age; what is older is so many years old
_WRITERS: Mapping[str, Callable[[Any], str]] = {
    "count": as_count, "number": as_number, "percent": as_percent, "points": as_points, "short": as_short,
    "date": as_date, "day": as_day, "month": as_month, "weekday": as_weekday, "hour": as_hour, "list": as_list,
}  # fmt: skip


class _Writer(string.Formatter):
    """``str.format`` with the project's own ways to write a number, a date and a list."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        spec, _, rest = format_spec.partition(":")
        if spec in _WRITERS:
            return _WRITERS[spec](value)
        if spec == "age":
            years = value >= MOST_DAYS
            return say("words.years" if years else "words.days", {"n": round(value / 365.2425) if years else value})
        if spec == "plural":
            return as_plural(value, rest)
        if spec in ("spelled", "Spelled"):
            return as_spelled(value, rest, first=spec == "Spelled")
        if spec == "lower":
            inside = str(value)
            return inside[:1].lower() + inside[1:]
        if spec == "code":
            return f"“{in_short(value)}”"
        return super().format_field(str(value) if isinstance(value, Sentence) else value, format_spec)


_WRITER = _Writer()
