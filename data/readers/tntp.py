"""TNTP: the format of the test networks of traffic assignment, in which links, nodes and trips are tables of text.

Source: Transportation Networks for Research Core Team, *Transportation Networks for Research*,
https://github.com/bstabler/TransportationNetworks. Lines ``<KEY> value`` up to ``<END OF METADATA>`` tell of the file, ``~``
begins a comment, which is also how the names of the columns are written, and ``;`` ends a row. Trips stand in blocks of an
origin.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyarrow as pa

from data.errors import SourceError

__all__ = ["LINK_COLUMNS", "STATED", "read_tntp"]

LINK_COLUMNS = (
    "init_node", "term_node", "capacity", "length", "free_flow_time", "b", "power", "speed", "toll", "link_type",
)  # fmt: skip
STATED = b"stated"
"""Under which key of its schema a table keeps what its file tells of itself, a JSON object."""

_METADATA = re.compile(r"<([^<>]+)>\s*(.*)")
_ORIGIN = re.compile(r"origin\s+(\S+)$", re.IGNORECASE)
_PAIR = re.compile(r"\s*([^\s:;]+)\s*:\s*([^\s:;]+)\s*;")
_END = "end_of_metadata"


def read_tntp(source: str) -> pa.Table:
    """The rows of a file of links, nodes, flows or trips, every value as text.

    Trips have the columns ``origin``, ``destination`` and ``trips``. Other files have the columns that their header names, in
    small letters; links without one have ``LINK_COLUMNS``. What the file states of itself (``number_of_zones``) is in the
    schema's metadata under ``STATED``.

    Raises
    ------
    SourceError
        When it is not in UTF-8, empty, or a line is not as the format has it.
    """
    path = Path(source)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise SourceError("not_utf8", path=path.name) from error
    except OSError as error:
        raise SourceError("unreadable_file", path=path.name, why=error.strerror or str(error)) from error
    stated, body = _metadata(lines)
    if not any(line.strip() for _, line in body):
        raise SourceError("empty_file", path=path.name)
    trips = any(_ORIGIN.match(line.strip()) for _, line in body)
    columns = _trips(body, name=path.name) if trips else _table(body, name=path.name)
    table = pa.table({name: pa.array(values, type=pa.string()) for name, values in columns.items()})
    return table.replace_schema_metadata({STATED: json.dumps(stated).encode()})


def _metadata(lines: list[str]) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """What a file tells of itself, and its other lines with their numbers from 1."""
    stated: dict[str, str] = {}
    body = []
    for number, line in enumerate(lines, start=1):
        found = _METADATA.match(line.strip())
        if found is None:
            body.append((number, line))
        elif (key := "_".join(found[1].lower().split())) != _END:
            stated[key] = found[2].strip()
    return stated, body


def _table(body: list[tuple[int, str]], *, name: str) -> dict[str, list[str]]:
    """A file of one row a line by column."""
    filled = [(number, line.strip()) for number, line in body if line.strip()]
    header = next((_words(line[1:]) for _, line in filled if line.startswith("~")), None)
    rows = [(number, _words(line.split("~")[0])) for number, line in filled if not line.startswith("~")]
    rows = [(number, words) for number, words in rows if words]
    if header is None:
        written = bool(rows) and not _number(rows[0][1][0])
        header = rows.pop(0)[1] if written else list(LINK_COLUMNS)
    names = [each.lower() for each in header]
    wrong = [number for number, words in rows if len(words) != len(names)]
    if wrong or len(set(names)) < len(names):
        raise SourceError("tntp_rows", path=name, lines=wrong, columns=len(names))
    if not rows:
        raise SourceError("empty_file", path=name)
    return {each: [words[place] for _, words in rows] for place, each in enumerate(names)}


def _words(line: str) -> list[str]:
    return line.replace(";", " ").split()


def _number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _trips(body: list[tuple[int, str]], *, name: str) -> dict[str, list[str]]:
    """Trips by origin and destination, the pairs in the file's order."""
    found: dict[str, list[str]] = {"origin": [], "destination": [], "trips": []}
    origin = None
    for number, line in body:
        text = line.split("~")[0].strip()
        if begun := _ORIGIN.match(text):
            origin = begun[1]
        elif text:
            pairs = _PAIR.findall(text)
            if origin is None or _PAIR.sub("", text).strip():
                raise SourceError("tntp_trips", path=name, line=number)
            found["origin"] += [origin] * len(pairs)
            found["destination"] += [each for each, _ in pairs]
            found["trips"] += [each for _, each in pairs]
    return found
