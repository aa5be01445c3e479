"""What files that were taken along say, read back by other programs' libraries."""

from __future__ import annotations

import io
import json
import re
import zipfile
from html import unescape
from pathlib import Path

import openpyxl
from docx import Document
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader

__all__ = ["said_by", "said_in"]


def said_by(file: Path) -> list[str]:
    """The texts of a file: what it shows, and what stands in it for programs to read."""
    return said_in(file.read_bytes(), file.suffix.removeprefix("."))


def said_in(content: bytes, format: str) -> list[str]:
    """The texts of a file's content.

    Parameters
    ----------
    content : of the file.
    format : its ending.
    """
    readers = {
        "png": _png,
        "svg": _svg,
        "pdf": _pdf,
        "csv": _csv,
        "xlsx": _xlsx,
        "docx": _docx,
        "pptx": _pptx,
        "html": _html,
        "ipynb": _ipynb,
        "zip": _zip,
    }
    return [" ".join(text.split()) for text in readers[format](content) if text.strip()]


def _png(content: bytes) -> list[str]:
    with Image.open(io.BytesIO(content)) as image:
        return [str(text) for text in image.info.values() if isinstance(text, str)]


def _svg(content: bytes) -> list[str]:
    texts = re.findall(r"<(?:text|dc:\w+)\b[^>]*>.*?</", content.decode(), re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", " ", each)) for each in texts]


def _pdf(content: bytes) -> list[str]:
    reader = PdfReader(io.BytesIO(content))
    about = [str(each) for name, each in (reader.metadata or {}).items() if name in ("/Title", "/Subject", "/Keywords")]
    return [*about, " ".join(page.extract_text() for page in reader.pages)]


def _csv(content: bytes) -> list[str]:
    return content.decode("utf-8-sig").splitlines()


def _xlsx(content: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [cell for sheet in book for row in sheet.values for cell in (sheet.title, *row) if isinstance(cell, str)]


def _docx(content: bytes) -> list[str]:
    paper = Document(io.BytesIO(content))
    lines = [each.text for each in (*paper.paragraphs, *paper.sections[0].header.paragraphs)]
    return lines + [cell.text for table in paper.tables for row in table.rows for cell in row.cells]


def _pptx(content: bytes) -> list[str]:
    texts = []
    for slide in Presentation(io.BytesIO(content)).slides:
        for shape in slide.shapes:
            texts += [shape.text_frame.text] if shape.has_text_frame else []
            if shape.has_table:
                texts += [cell.text for row in shape.table.rows for cell in row.cells]
            if shape.has_chart:
                texts += [series.name for series in shape.chart.plots[0].series]
    return texts


def _html(content: bytes) -> list[str]:
    page = re.sub(r"<style\b.*?</style>|<metadata>.*?</metadata>", " ", content.decode(), flags=re.S)
    return [unescape(each) for each in re.findall(r">([^<>]+)<", page)]


def _ipynb(content: bytes) -> list[str]:
    """What a notebook says; its code is the same in every language."""
    cells = [each["source"] for each in json.loads(content)["cells"] if each["cell_type"] == "markdown"]
    return [re.sub(r"\\(.)", r"\1", re.sub(r"`[^`]+`", " ", "".join(each))) for each in cells]


def _zip(content: bytes) -> list[str]:
    """What the files of a folder say to people; the others are for programs."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    readers = {".txt": lambda each: each.decode().splitlines(), ".ipynb": _ipynb}
    own = [(Path(name), each) for name, each in files.items() if not name.endswith("requirements.txt")]
    return [text for name, each in own if name.suffix in readers for text in readers[name.suffix](each)]
