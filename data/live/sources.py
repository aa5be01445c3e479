"""New bytes of a source that grows: of files in a folder, or of an address that a city.toml names.

Nothing here opens what the city.toml does not name: an address is asked over http or https alone, a redirect is a fault, and
no answer is read beyond a size and a time.
"""

from __future__ import annotations

import http.client
import os
import stat
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from data.store.feeds import Mark

__all__ = ["BEFORE", "Part", "SourceFault", "is_url", "parts_of"]

BEFORE = 256  # bytes before a mark that must stand there still
MOST_BYTES = 8 << 20  # of a file or an answer that are read at one look; the rest at the next
MOST_FILES = 1000
TIMEOUT_SECONDS = 20.0
WHOLE_SECONDS = 60.0  # that an answer may take from first to last
AGENT = "Civicast"


class SourceFault(Exception):
    """A source that cannot be read now: the code of a sentence below ``live.``, and its evidence."""

    def __init__(self, code: str, **evidence: object) -> None:
        super().__init__(code)
        self.code, self.evidence = code, evidence


@dataclass(frozen=True)
class Part:
    """What a file of a source has to say: its ``header`` line, the bytes before the mark (``before``) and those after it.

    ``again`` gives the part that begins with the file.
    """

    name: str
    header: bytes
    before: bytes
    fresh: bytes
    again: Callable[[], Part]


def is_url(address: str) -> bool:
    """Whether a source is an address rather than a folder."""
    return "://" in address


def parts_of(address: str, marks: Callable[[str], Mark]) -> Iterator[Part]:
    """What a source has beyond its marks, file by file in order of their names.

    Parameters
    ----------
    address : a folder in full, or a URL of http or https.
    marks : how far a file of a name was read.

    Yields
    ------
    Part
        Of each file that there is.

    Raises
    ------
    SourceFault
        When the source is absent, is no folder, or does not answer as it should.
    """
    if is_url(address):
        name = urlsplit(address).path.rsplit("/", 1)[-1] or "feed"
        yield _of_url(address, name, marks(name))
        return
    folder = Path(address)
    try:
        names = sorted(each.name for each in os.scandir(folder) if each.name.endswith(".csv"))
    except OSError as error:
        raise SourceFault("no_folder", path=folder.name, why=error.strerror or str(error)) from error
    if len(names) > MOST_FILES:
        raise SourceFault("many_files", n=len(names), most=MOST_FILES)
    for name in names:
        yield _of_file(folder / name, marks(name))


def _of_file(path: Path, mark: Mark) -> Part:
    try:
        # A pipe would hold the reader up for ever, and a link may lead out of the folder.
        opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(opened, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise SourceFault("no_plain_file", path=path.name)
            header = file.readline(MOST_BYTES)
            offset = mark.offset or len(header)
            start = max(0, offset - BEFORE)
            file.seek(start)
            before = file.read(offset - start)
            return Part(path.name, header, before, file.read(MOST_BYTES), lambda: _of_file(path, Mark()))
    except OSError as error:
        raise SourceFault("no_file", path=path.name, why=error.strerror or str(error)) from error


def _of_url(address: str, name: str, mark: Mark) -> Part:
    content = _fetched(address)
    if len(content) >= MOST_BYTES:
        raise SourceFault("too_large", most=MOST_BYTES >> 20)
    header = content[: content.find(b"\n") + 1]

    def part(offset: int) -> Part:
        return Part(
            name, header, content[max(0, offset - BEFORE) : offset], content[offset:], lambda: part(len(header))
        )

    return part(mark.offset or len(header))


def _fetched(address: str) -> bytes:
    """An address's answer, by an opener that knows http and https and nothing else: no files, and no redirects."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler, urllib.request.HTTPHandler, urllib.request.HTTPSHandler,
        urllib.request.HTTPErrorProcessor, urllib.request.HTTPDefaultErrorHandler, urllib.request.UnknownHandler,
    ):  # fmt: skip
        opener.add_handler(handler())
    request = urllib.request.Request(address, headers={"User-Agent": AGENT, "Accept": "text/csv"})
    end = time.monotonic() + WHOLE_SECONDS
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            content = bytearray()
            while len(content) < MOST_BYTES and (more := answer.read1(1 << 16)):
                content += more
                if time.monotonic() > end:
                    raise SourceFault("too_slow", seconds=WHOLE_SECONDS)
            return bytes(content[:MOST_BYTES])
    except urllib.error.HTTPError as error:
        with suppress(OSError):
            error.close()
        if 300 <= error.code < 400:
            raise SourceFault("redirected", to=str(error.headers.get("Location", ""))[:120]) from None
        raise SourceFault("answered", status=error.code) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise SourceFault("unreachable", why=_reason(error)) from error


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return " ".join(str(getattr(reason, "strerror", None) or reason).split())[:120]
