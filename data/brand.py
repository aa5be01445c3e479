"""How a city is recognised on what it hands out: its colour and its logo."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from data.errors import CityFileError, SourceError

__all__ = ["Brand", "plain_png", "read_colour"]

COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
MOST_BYTES = 1 << 20
MOST_PIXELS = 2000  # a side
SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")  # what a picture needs; texts, profiles and all else stay outside


@dataclass(frozen=True)
class Brand:
    """The colour as ``#RRGGBB``, and the path of the logo's file; "" and None where the city states none."""

    colour: str = ""
    file: Path | None = None

    @cached_property
    def logo(self) -> bytes:
        """The logo as a PNG of nothing but its pixels; empty where there is none.

        Raises
        ------
        SourceError
            When the file is missing, or no PNG, or larger than a logo may be.
        """
        if self.file is None:
            return b""
        try:
            with self.file.open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
        except OSError as error:
            raise SourceError("unreadable_file", path=self.file.name, why=error.strerror or str(error)) from error
        return plain_png(content, name=self.file.name)


def read_colour(text: str) -> str:
    """A colour as a city file writes it.

    Raises
    ------
    CityFileError
        When it is not written as ``#RRGGBB``.
    """
    if text and not COLOUR.fullmatch(text):
        raise CityFileError("bad_colour", value=text)
    return text.upper()


def plain_png(content: bytes, *, name: str) -> bytes:
    """A PNG again, with the parts that hold its pixels alone.

    Only lengths and checksums are read here: nothing is unpacked.

    Parameters
    ----------
    content : of the file.
    name : of the file, for what is refused.

    Returns
    -------
    bytes
        As small as it was or smaller.

    Raises
    ------
    SourceError
        When it is no whole PNG, or larger than a logo may be.
    """
    if len(content) > MOST_BYTES:
        raise SourceError("logo_too_large", path=name, most=MOST_BYTES >> 10)
    if not content.startswith(SIGNATURE):
        raise SourceError("logo_no_png", path=name)
    parts, at = [SIGNATURE], len(SIGNATURE)
    while at < len(content) and (kind := content[at + 4 : at + 8]):
        (length,) = struct.unpack(">I", content[at : at + 4].rjust(4, b"\xff"))
        body = content[at + 8 : at + 8 + length]
        stated = content[at + 8 + length : at + 12 + length]
        if struct.pack(">I", zlib.crc32(kind + body)) != stated:
            raise SourceError("logo_no_png", path=name)
        if kind == b"IHDR":
            wide, high = struct.unpack(">II", body[:8])
            if not 0 < wide <= MOST_PIXELS or not 0 < high <= MOST_PIXELS:
                raise SourceError("logo_too_wide", path=name, wide=wide, high=high, most=MOST_PIXELS)
        if kind in KEPT:
            parts.append(content[at : at + 12 + length])
        at += 12 + length
        if kind == b"IEND":
            return b"".join(parts)
    raise SourceError("logo_no_png", path=name)
