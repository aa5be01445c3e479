"""Sentences from (code, evidence): every text that a user reads is a template in ``messages/en.toml``.

A template is a Python format string. Beside Python's own format specifications it knows:

    count      2,914                  number     three digits that matter: 0.0123, 12.3, 1,230
    percent    9 %  (of a share)      points     1.2 points (of a difference of shares)
    date       20 March 2026          month      March 2026
    list       a, b and c             plural:    {n:plural:area|areas} gives "1 area", "3 areas"
    code       the value in quotes
"""

from __future__ import annotations

import math
import string
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

__all__ = ["Wording", "as_count", "as_date", "as_list", "as_month", "as_number", "as_percent", "as_points"]

NARROW = "\u202f"  # the narrow no-break space that stands between a number and its unit
MINUS = "\u2212"


def as_count(value: float) -> str:
    """A whole number with thousands separators: ``2,914``."""
    return "unknown" if _missing(value) else f"{round(value):,}".replace("-", MINUS)


def as_number(value: float) -> str:
    """At most three digits that matter: ``0.0123``, ``12.3``, ``1,230``.

    >>> as_number(0.012345), as_number(12.345), as_number(1234.5)
    ('0.0123', '12.3', '1,230')
    """
    if _missing(value):
        return "unknown"
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    rounded = round(value, 2 - math.floor(math.log10(abs(value))))
    text = f"{rounded:,.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", MINUS)


def as_percent(share: float, *, digits: int = 2) -> str:
    """A share as per cent: ``0.09`` gives ``9 %``, ``0.0123`` gives ``1.2 %``; 100 % is never made by rounding."""
    if _missing(share):
        return "unknown"
    percent = 100 * share
    if 99 < abs(percent) < 100:
        text = f"{math.floor(abs(percent) * 10) / 10:g}"
        return ("-" if percent < 0 else "").replace("-", MINUS) + text + NARROW + "%"
    places = 0 if percent == 0 else max(0, min(3, digits - 1 - math.floor(math.log10(abs(percent)))))
    text = f"{percent:,.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return ("0" if text == "-0" else text).replace("-", MINUS) + NARROW + "%"


def as_points(difference: float) -> str:
    """A difference of shares in percentage points: ``0.012`` gives ``1.2 points``."""
    return "unknown" if _missing(difference) else f"{100 * difference:.1f}".replace("-", MINUS) + " points"


def as_date(value: Any) -> str:
    """``20 March 2026``, with the hour where there is one."""
    if pd.isna(value):
        return "unknown"
    stamp = pd.Timestamp(value)
    day = f"{stamp.day} {stamp:%B %Y}"
    return f"{day}, {stamp:%H:%M}" if (stamp.hour or stamp.minute) else day


def as_month(value: Any) -> str:
    """``March 2026``."""
    return f"{pd.Timestamp(value):%B %Y}"


def as_list(values: Iterable[Any], *, most: int = 8) -> str:
    """``a, b and c``; of a long list the first few and how many more."""
    words = [str(value) for value in values]
    if len(words) > most:
        words = [*words[:most], f"{len(words) - most} more"]
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words) or "none"


def _missing(value: float) -> bool:
    return value is None or not math.isfinite(value)


class _Sentences(string.Formatter):
    """``str.format`` with the project's own ways to write a number, a date and a list."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        spec, _, rest = format_spec.partition(":")
        writers: dict[str, Callable[[Any], str]] = {
            "count": as_count, "number": as_number, "percent": as_percent, "points": as_points,
            "date": as_date, "month": as_month, "list": as_list,
        }  # fmt: skip
        if spec in writers:
            return writers[spec](value)
        if spec == "plural":
            one, _, many = rest.partition("|")
            return f"{as_count(value)} {one if value == 1 else many}"
        if spec == "code":
            return f"“{value}”"
        return super().format_field(value, format_spec)


class Wording:
    """The sentences of one layer in one language: ``Wording("data").sentence("errors.no_city", {...})``."""

    def __init__(self, layer: str, language: str = "en") -> None:
        self.layer = layer
        self.language = language

    def template(self, code: str) -> str:
        """The raw template of a dotted code.

        Raises
        ------
        KeyError
            When the layer has no such sentence: a mistake of ours, not of the user's.
        """
        entry: Any = _templates(self.layer, self.language)
        for part in code.split("."):
            entry = entry[part]
        if not isinstance(entry, str):
            raise KeyError(code)
        return entry

    def knows(self, code: str) -> bool:
        """Whether the layer has a sentence of this code."""
        try:
            self.template(code)
        except (KeyError, TypeError):
            return False
        return True

    def sentence(self, code: str, evidence: Mapping[str, Any] | None = None) -> str:
        """The sentence of a code, its evidence filled in."""
        return _Sentences().vformat(self.template(code), (), dict(evidence or {}))


@cache
def _templates(layer: str, language: str) -> dict[str, Any]:
    folder = resources.files(layer) / "messages"
    return tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
