"""A briefing as bytes to take away, in the format that somebody wants, and the name of its file."""

from __future__ import annotations

from typing import Literal, get_args

from dashboard.briefings.briefing import Briefing, stated
from dashboard.figures.chart import Chart
from dashboard.figures.exports.files import named
from dashboard.figures.statement import drawing
from data import fingerprint_of

__all__ = ["FORMATS", "MIME", "BriefingFormat", "file_name", "key_of", "to_file"]

BriefingFormat = Literal["docx", "pptx", "pdf", "html"]
FORMATS: tuple[BriefingFormat, ...] = get_args(BriefingFormat)
OFFICE = "application/vnd.openxmlformats-officedocument"
MIME = {
    "docx": f"{OFFICE}.wordprocessingml.document",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "pdf": "application/pdf",
    "html": "text/html",
}


def to_file(briefing: Briefing, *, format: BriefingFormat) -> bytes:
    """A briefing as a whole file.

    Parameters
    ----------
    briefing : all that it says.
    format : a document of Word, slides of PowerPoint, paper, or a web page.

    Returns
    -------
    bytes
        With every text of ``stated`` inside.
    """
    # What they write with takes a second to load, and most who look at a page take nothing along.
    from dashboard.briefings.document import to_docx
    from dashboard.briefings.paper import to_pdf
    from dashboard.briefings.slides import to_pptx
    from dashboard.briefings.webpage import to_html

    writers = {"docx": to_docx, "pptx": to_pptx, "pdf": to_pdf, "html": to_html}
    return writers[format](briefing)


def key_of(briefing: Briefing) -> str:
    """What stands for all that a briefing says and draws."""
    charts = [part for part in briefing.parts if isinstance(part, Chart)]
    return fingerprint_of(*stated(briefing), *(each.table for each in charts), *map(drawing, charts))


def file_name(briefing: Briefing, *, key: str, format: BriefingFormat) -> str:
    """A name that says what the file is and holds a hash of what is in it.

    Parameters
    ----------
    briefing : whose subject and class are part of the name.
    key : of the briefing, as ``key_of`` gives it.
    format : of the file.

    Returns
    -------
    str
        Plain letters, digits and hyphens.
    """
    title = f"{briefing.context[0]} {briefing.subject}"
    return named(title, usual="briefing", kind=briefing.classification, digest=key, format=format)
