"""Pictures of a chart, and the names of its files."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Literal

from dashboard.figures.chart import Chart
from data import Classification

__all__ = ["MIME", "Format", "file_name", "named", "to_pdf", "to_png", "to_svg"]

Format = Literal["png", "svg", "pdf", "csv", "xlsx"]
MIME = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def to_png(chart: Chart, *, width: Literal[800, 1200] = 800) -> bytes:
    """A PNG ``width`` pixels wide; its text chunks repeat headline, source, classification and caveats."""
    return _image(chart, format="png", width=width)


def to_svg(chart: Chart, *, width: Literal[800, 1200] = 800) -> bytes:
    """An SVG whose words are text; its metadata repeat headline, source, classification and caveats."""
    return _image(chart, format="svg", width=width)


def to_pdf(chart: Chart, *, width: Literal[800, 1200] = 800) -> bytes:
    """A PDF of one page whose words are text; its own properties repeat headline, source, classification and caveats."""
    return _image(chart, format="pdf", width=width)


def _image(chart: Chart, *, format: Literal["png", "svg", "pdf"], width: Literal[800, 1200]) -> bytes:
    # What it draws with takes half a second to load, and few of those who look ask for a file.
    from dashboard.figures.render.file import to_image

    return to_image(chart, format=format, width=width)


def file_name(chart: Chart, *, format: Format, content: bytes) -> str:
    """A name that says what the file is and holds the start of its content's SHA-256, so that no two contents share it.

    A class that is not public is part of the name.
    """
    digest = hashlib.sha256(content).hexdigest()[:12]
    return named(chart.title, usual=chart.name, kind=chart.classification, digest=digest, format=format)


def named(title: str, *, usual: str, kind: Classification, digest: str, format: str) -> str:
    """The name of a file: what it is about, who may see it where that is not everyone, and what tells its content apart.

    Parameters
    ----------
    title : in any script.
    usual : stands for a title of which nothing is left in plain letters.
    kind : the class of what is in it.
    digest : of its content.
    format : the ending.

    Returns
    -------
    str
        Plain letters, digits and hyphens.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-")
    marked = "" if kind == Classification.PUBLIC else f"-{kind.value}"
    return f"{words or usual}{marked}-{digest}.{format}"
