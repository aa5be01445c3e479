"""Quotes in a CSV: whether each opens and closes a value, so that none swallows the rows behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

__all__ = ["line_of_open_quote"]

QUOTE, COMMA, FEED, RETURN = b'",\n\r'
_CLOSED = re.compile(rb'(?:^|(?<=,))"(?:[^"]|"")*"[ \t]*(?=,|$)')  # a quoted value that ends in its own line
# The same, or one behind which a stray quote makes the closing one a quote that is written twice.
_ALMOST_CLOSED = re.compile(rb'(?:^|(?<=,))"(?:[^"]|"")*""?[ \t]*(?=,|$)')
_VALUE_ENDS = re.compile(rb"[ \t]*(?:[,\r\n]|\Z)")

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]


def line_of_open_quote(content: bytes, *, columns: int) -> int | None:
    """The first line on which a value begins with a quote that is not closed where the value ends.

    A quote within a value that does not begin with one is a character like others. A quoted value may hold line breaks,
    unless each of its lines would be a whole row if that quote were a character: then two stray quotes have swallowed the
    rows between them.

    Parameters
    ----------
    content : a file with commas, without a byte-order mark.
    columns : how many values a row has.

    Returns
    -------
    int or None
        Counted from 1, the header's; None where all quotes are closed.

    Examples
    --------
    >>> line_of_open_quote(b'a,b\\n1,"x\\n2,y\\n', columns=2)
    2
    """
    marks = np.frombuffer(content, dtype=np.uint8)
    quotes = np.flatnonzero(marks == QUOTE)
    if not quotes.size:
        return None
    starts, stops, open_at = _values_at_a_glance(marks, quotes) or _values_one_by_one(content, quotes)
    swallowing = next(_swallowing(content, marks, starts, stops, columns=columns), None)
    found = [position for position in (open_at, swallowing) if position is not None]
    return _line_of(content, min(found)) if found else None


def _values_at_a_glance(marks: Bytes, quotes: Positions) -> tuple[Positions, Positions, None] | None:
    """Where quoted values start and stop, if every quote of the file opens one, closes one or is written twice in one."""
    if len(quotes) % 2:
        return None
    opening, closing = quotes[0::2], quotes[1::2]
    once = closing[:-1] + 1 != opening[1:]
    starts, stops = opening[np.append(True, once)], closing[np.append(once, True)]
    begins = (starts == 0) | _ends_a_value(marks[starts - 1])
    ends = (stops == len(marks) - 1) | _ends_a_value(marks.take(stops + 1, mode="clip"))
    return (starts, stops, None) if begins.all() and ends.all() else None


def _ends_a_value(marks: Bytes) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = (marks == COMMA) | (marks == FEED) | (marks == RETURN)
    return found


def _values_one_by_one(content: bytes, quotes: Positions) -> tuple[Positions, Positions, int | None]:
    """The same for a file that has other quotes too, and the first quote that opens a value and does not close it."""
    at, number = quotes.tolist(), 0
    values: list[tuple[int, int]] = []
    open_at: int | None = None
    while number < len(at):
        start = at[number]
        if start and content[start - 1] not in (COMMA, FEED, RETURN):
            number += 1
            continue
        close = number + 1
        while close + 1 < len(at) and at[close] + 1 == at[close + 1]:
            close += 2
        if close >= len(at) or not _VALUE_ENDS.match(content, at[close] + 1):
            open_at = start
            break
        values.append((start, at[close]))
        number = close + 1
    starts, stops = np.array(values, dtype=np.int64).reshape(-1, 2).T
    return starts, stops, open_at


def _swallowing(content: bytes, marks: Bytes, starts: Positions, stops: Positions, *, columns: int) -> Iterator[int]:
    """The starts of quoted values of which every line would be a row without their quotes."""
    ends = np.flatnonzero((marks == FEED) | (marks == RETURN))
    head = content[: int(ends[0])] if len(ends) else content
    every = _CLOSED.sub(b"", head) == b"," * (columns - 1)
    above, below = np.searchsorted(ends, starts), np.searchsorted(ends, stops)
    done = -1  # a row is looked at once, from its first value of several lines
    for place in np.flatnonzero(below > above):
        first = int(ends[above[place] - 1]) + 1 if above[place] else 0
        last = int(ends[below[place]]) if below[place] < len(ends) else len(content)
        if first > done and _are_rows(re.split(rb"[\r\n]+", content[first:last]), columns=columns, every=every):
            yield int(starts[place])
        done = last


def _are_rows(lines: list[bytes], *, columns: int, every: bool) -> bool:
    # Of a quoted value its quote is left: one that is empty is none that nobody quoted.
    first, *others = [_ALMOST_CLOSED.sub(b'"', line).split(b",") for line in lines if line]
    if any(len(line) != columns for line in (first, *others)):
        return False
    # In a file that quotes every value, its header's too, a line of text that quotes none is no row.
    bare = not every and any(not value.startswith(b'"') for value in first)
    return bare or all(value == b'"' for line in others for value in line)


def _line_of(content: bytes, position: int) -> int:
    """Counted as editors count: a carriage return and a line feed are one end."""
    before = content[:position]
    return 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")
