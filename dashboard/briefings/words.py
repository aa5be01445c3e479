"""Words in files of other programs: without what their formats cannot hold, and the lines that every briefing ends with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import BytesIO

import segno

from dashboard.briefings.briefing import Briefing
from data.words import say

__all__ = ["LINES_TO_FILL", "WIDER", "code_of", "plain", "refers"]

# XML 1.0 holds no control characters but tab and line breaks, and no halves of surrogate pairs.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LINES_TO_FILL = ("what", "why", "who", "when")
WIDER = 1.22
"""How much wider than ours the letters of another program may run: a fifth where it has neither Calibri nor Georgia."""
DOTS = 6  # pixels of one module of the code


def plain(words: str) -> str:
    """The words without characters that an XML file cannot hold.

    >>> plain("a\\x00b")
    'ab'
    """
    return FORBIDDEN.sub("", words)


def refers(numbers: Iterable[int]) -> str:
    """Which notes limit what stands here; "" where none does."""
    listed = [*map(str, numbers)]
    return say("briefing.note_of" if len(listed) == 1 else "briefing.notes_of", {"numbers": listed}) if listed else ""


def code_of(briefing: Briefing) -> bytes:
    """A PNG of the QR code of a briefing's link."""
    buffer = BytesIO()
    segno.make(briefing.link, error="m", micro=False).save(buffer, kind="png", scale=DOTS, border=2)
    return buffer.getvalue()
