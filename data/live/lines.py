"""Whole lines of a source that grows, as rows of the columns that a table needs."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from data.live.sources import BEFORE, Part, SourceFault
from data.store.feeds import Mark

__all__ = ["Taken", "taken_from"]

LONGEST_LINE = 1_000_000  # bytes, as of a file that is read at once


@dataclass(frozen=True)
class Taken:
    """What was taken of a part: rows of the columns asked for, the mark behind them, and the fault that ended it, if one did.

    ``anew`` says that the file was written anew, so that some of these rows may be kept already.
    """

    rows: tuple[tuple[str, ...], ...]
    mark: Mark
    anew: bool = False
    fault: SourceFault | None = None


def taken_from(part: Part, mark: Mark, columns: Sequence[str]) -> Taken:
    """The whole lines of a part behind its mark; a line that is not ended yet stays where it is.

    Parameters
    ----------
    part : of a source.
    mark : how far it was read.
    columns : that the table needs; the file may have more, in any order.

    Returns
    -------
    Taken
        Up to the first line that does not fit.
    """
    if not part.header.endswith(b"\n"):
        return Taken((), mark)  # not even a header yet: it is being written
    try:
        names = _values(part.header)
    except SourceFault as fault:
        return Taken((), mark, fault=fault)
    lacking = [name for name in columns if name not in names]
    if lacking:
        return Taken((), mark, fault=SourceFault("columns_changed", columns=lacking, path=part.name))
    header = part.header.decode("utf-8")
    if mark.offset and (mark.header != header or part.before.hex() != mark.tail):
        again = part.again()
        return _lines(again, Mark(len(again.header), mark.reach, header), names, columns, anew=True)
    return _lines(part, Mark(mark.offset or len(part.header), mark.reach, header), names, columns)


def _lines(part: Part, mark: Mark, names: Sequence[str], columns: Sequence[str], *, anew: bool = False) -> Taken:
    chosen = [list(names).index(name) for name in columns]
    rows: list[tuple[str, ...]] = []
    fault, read = None, 0
    for line in part.fresh.splitlines(keepends=True):
        if not line.endswith(b"\n"):
            if len(line) > LONGEST_LINE:
                fault = SourceFault("line_too_long", path=part.name)
            break
        try:
            values = _values(line) if line.strip() else None
            if values is not None and len(values) != len(names):
                raise SourceFault("ragged", path=part.name, n=len(values), columns=len(names), line=_shown(line))
        except SourceFault as error:
            fault = error
            break
        read += len(line)
        if values is not None:
            rows.append(tuple(values[place] for place in chosen))
    behind = (part.before + part.fresh[:read])[-BEFORE:]
    offset = mark.offset + read
    reached = Mark(offset, max(mark.reach, offset), mark.header, behind[-min(offset, BEFORE) :].hex())
    return Taken(tuple(rows), reached, anew or mark.offset < mark.reach, fault)


def _values(line: bytes) -> list[str]:
    try:
        text = line.decode("utf-8-sig").rstrip("\r\n")
        [values] = csv.reader([text], strict=True)
    except UnicodeDecodeError:
        raise SourceFault("not_utf8") from None
    except (csv.Error, ValueError):
        raise SourceFault("no_row", line=_shown(line)) from None
    return values


def _shown(line: bytes) -> str:
    return line.decode("utf-8", errors="replace").strip()[:60]
