"""Text in TOML as plain values; what is wrong with it is told by the line, in the reader's language."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from data.words import Sentence

__all__ = ["NotToml", "read_toml"]

MOST_SHOWN = 60  # characters of a line that is quoted
AT = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)", re.DOTALL)
# How the parser of Python begins its messages, and what each comes from most often. It gives them no codes.
MISTAKES = (
    ("Invalid value", "value"),
    ("Invalid date", "date"),
    ("Expected '='", "no_equals"),
    ("Expected newline", "more_behind"),
    ("Expected ']", "open_section"),
    (r"Illegal character '\n'", "open_text"),
    (r"Found invalid character '\n'", "open_text"),
    ("Unclosed", "open_list"),
    ("Unescaped", "backslash"),
    ("Invalid hex value", "backslash"),
    ("Escaped character", "backslash"),
    ("Cannot", "twice"),
    ("Duplicate", "twice"),
    ("Illegal character", "character"),
    ("Found invalid character", "character"),
    ("Invalid statement", "no_key"),
    ("Invalid initial character", "no_key"),
)


class NotToml(ValueError):
    """Bytes that are no TOML: ``why`` says where, what is wrong there and how it is mended."""

    def __init__(self, why: Sentence) -> None:
        self.why = why
        super().__init__(str(why))


def read_toml(content: bytes) -> dict[str, Any]:
    """The plain values in the bytes of a TOML file, with the ends of lines of any system.

    Raises
    ------
    NotToml
        When it is none.

    Examples
    --------
    >>> read_toml(b'name = "Tiny"')
    {'name': 'Tiny'}
    """
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise NotToml(Sentence("toml.no_text", {"line": content.count(b"\n", 0, error.start) + 1})) from error
    try:
        # With an end of line, so that a mistake in the last line has a line, and only what is not closed has none.
        return tomllib.loads(f"{text}\n")
    except RecursionError as error:
        raise NotToml(Sentence("toml.too_deep")) from error
    except ValueError as error:
        raise NotToml(_why(str(error), text.split("\n"))) from error


def _why(message: str, lines: list[str]) -> Sentence:
    """The sentence for what the parser says; of a number with thousands of digits it names no place."""
    found = AT.fullmatch(message)
    if found is None:
        return Sentence("toml.number")
    if found["line"] is None:
        return Sentence("toml.not_closed")
    mistake = next((code for begin, code in MISTAKES if found["what"].startswith(begin)), "unclear")
    line = int(found["line"])
    shown = "".join(each for each in lines[line - 1].strip() if each.isprintable())
    cut = shown if len(shown) <= MOST_SHOWN else f"{shown[:MOST_SHOWN]}…"
    return Sentence("toml.at_line", {"line": line, "text": cut, "how": Sentence(f"toml.{mistake}")})
