"""A briefing as a document of Word: everything in it can be edited, and pictures carry what they show as text."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document as new_document
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.table import Table as Grid
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from dashboard.briefings.briefing import Briefing, Part, Table, numbers_of, reading, reopening, repeats_headline
from dashboard.briefings.columns import widths_of
from dashboard.briefings.words import LINES_TO_FILL, WIDER, code_of, plain, refers
from dashboard.figures.chart import Chart
from dashboard.figures.palette import SEVERITY_ROLES, colours
from dashboard.figures.render.file import to_plot
from dashboard.figures.render.typeset import SANS_STRONG, width_of
from data.words import say

__all__ = ["to_docx"]

SANS, SERIF = "Calibri", "Georgia"  # what the program that opens it is likely to have
WIDTH, MARGIN = Cm(21.0), Cm(2.0)
INNER = Cm(17.0)
ROUND = Cm(0.6)  # left and right of the words of a cell
CELL = 9  # points of its letters
TALLEST = Cm(14)  # of a picture, so that it stands with its title and its lines
SHORT = 14  # rows of a table that is not torn by the end of a page
DETAIL = 2.0  # pixels of a picture for one of the screen's


def to_docx(briefing: Briefing) -> bytes:
    """A document: finding, figures, tables, numbered notes, sources, receipt, and the lines that a person fills in."""
    paper = new_document()
    _layout(paper, briefing)
    if briefing.brand.logo:
        _describe(paper.add_picture(BytesIO(briefing.brand.logo), height=Cm(1.4)), briefing.context[0])
    for mark in briefing.marks:
        _write(paper, mark, role="caution", strong=True)
    _write(paper, " · ".join((*briefing.context, briefing.subject)), role="ink2", size=9.5)
    heading = paper.add_heading(plain(briefing.finding), level=1)
    _raise(heading, range(1, len(briefing.caveats[:1]) + 1))
    for statement in briefing.statements:
        _write(paper, statement)
    for part in briefing.parts:
        _part(paper, briefing, part)
    _notes(paper, briefing)
    if briefing.sources.rows:
        _table(paper, briefing.sources)
    _reopen(paper, briefing)
    picture = paper.add_picture(BytesIO(code_of(briefing)), width=Cm(2.6))
    _describe(picture, say("briefing.code"))
    if not briefing.decided:
        _decide(paper)
    buffer = BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def _layout(paper: Document, briefing: Briefing) -> None:
    page = paper.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.PORTRAIT, WIDTH, Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = MARGIN
    for name, face, size in (("Normal", SANS, 10.5), ("Heading 1", SERIF, 20), ("Heading 2", SERIF, 14)):
        style = paper.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = face, Pt(size), _colour("ink")
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:asciiTheme"), "")
        style.element.rPr.rFonts.attrib.pop(qn("w:asciiTheme"), None)
    about = paper.core_properties
    about.title, about.subject, about.author = plain(briefing.finding)[:255], plain(briefing.subject)[:255], "Civicast"
    about.created = about.modified = briefing.made.to_pydatetime()
    about.comments = f"{briefing.receipt} {briefing.link}"[:255]
    top = page.header.paragraphs[0]
    _run(top, " · ".join((*briefing.marks, briefing.context[0], briefing.receipt)), role="ink3", size=8.5)
    edges = OxmlElement("w:pBdr")
    edges.append(_rule("bottom", briefing.colour, eighths=12))
    top._p.get_or_add_pPr().append(edges)


def _part(paper: Document, briefing: Briefing, part: Part) -> None:
    if isinstance(part, Table):
        _table(paper, part)
        return
    _raise(paper.add_heading(plain(part.title), level=2), numbers_of(briefing, part))
    if not repeats_headline(briefing, part):
        _write(paper, part.headline).paragraph_format.keep_with_next = True
    chart: Chart = briefing.drawn(part)
    picture = paper.add_picture(BytesIO(to_plot(chart, format="png", scale=DETAIL)), width=INNER)
    if picture.height > TALLEST:
        picture.width, picture.height = Emu(int(INNER * TALLEST / picture.height)), TALLEST
    paper.paragraphs[-1].paragraph_format.keep_with_next = True
    _describe(picture, f"{part.headline} {part.alt}")
    lines = [words for words in (*reading(part), refers(numbers_of(briefing, part))) if words]
    _together([_write(paper, words, role="ink2", size=9) for words in lines])


def _table(paper: Document, table: Table) -> None:
    paper.add_heading(plain(table.title), level=2)
    if table.subtitle:
        _write(paper, table.subtitle).paragraph_format.keep_with_next = True
    widths = widths_of(table, room=INNER, measure=_measured)
    made = _grid(paper, [INNER * each / sum(widths) for each in widths])
    for row in (table.heads, *table.rows):
        cells = made.add_row().cells
        for place, (cell, words) in enumerate(zip(cells, row, strict=True)):
            _fill(cell, words, strong=row is table.heads or place == 0, right=place in table.right)
    repeated = OxmlElement("w:tblHeader")  # the heads stand again on the next page
    made.rows[0]._tr.get_or_add_trPr().append(repeated)
    _keep_rows(made, first=len(made.rows) if len(made.rows) <= SHORT else 2)
    paper.add_paragraph()


def _measured(words: str) -> float:
    """How wide a cell must be for a line of it."""
    return float(ROUND + Pt(width_of(words, face=SANS_STRONG, size=CELL) * WIDER))


def _grid(paper: Document, widths: Sequence[float]) -> Any:
    """A table without rows, whose columns are so wide."""
    made = paper.add_table(rows=0, cols=len(widths))
    _hairlines(made)
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Emu(int(width))
    return made


def _keep_rows(made: Grid, *, first: int) -> None:
    """No row is torn by the end of a page, and the first ones stay together."""
    for place, row in enumerate(made.rows):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = place < first - 1


def _together(lines: Sequence[Paragraph]) -> None:
    """All on one page."""
    for line in lines[:-1]:
        line.paragraph_format.keep_with_next = True


def _hairlines(made: Grid) -> None:
    """A line under each row, as on the page."""
    borders = OxmlElement("w:tblBorders")
    for side in ("bottom", "insideH"):
        borders.append(_rule(side, colours("light")["line"].removeprefix("#"), eighths=4))
    made._tbl.tblPr.append(borders)


def _rule(side: str, colour: str, *, eighths: int) -> Any:
    """A border on one side, so many eighths of a point wide."""
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "4"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    return line


def _fill(cell: _Cell, words: str, *, strong: bool, right: bool) -> None:
    line = cell.paragraphs[0]
    line.paragraph_format.space_after = Pt(2)
    _run(line, words, size=CELL, strong=strong)
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT


def _notes(paper: Document, briefing: Briefing) -> None:
    if briefing.caveats:
        paper.add_heading(say("briefing.notes"), level=2)
    for number, caveat in enumerate(briefing.caveats, start=1):
        line = paper.add_paragraph()
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Cm(0.8), Cm(-0.8)
        _run(line, f"{number}\t", strong=True, role=SEVERITY_ROLES[caveat.severity])
        _run(line, f"{caveat.severity_word} ", strong=True, role=SEVERITY_ROLES[caveat.severity])
        _run(line, f"{caveat.message} ")
        _run(line, caveat.detail, role="ink3", size=9.5)
        line.paragraph_format.tab_stops.add_tab_stop(Cm(0.8))


def _reopen(paper: Document, briefing: Briefing) -> None:
    """The line whose link opens the page."""
    before, address, behind = reopening(briefing)
    line = _write(paper, before, role="ink2", size=9.5)
    if address:
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), paper.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        _run(line, address, role="link", size=9.5)
        line.runs[-1].font.underline = True
        link.append(line.runs[-1]._r)
        line._p.append(link)
        _run(line, behind, role="ink2", size=9.5)
    line.paragraph_format.keep_with_next = True


def _decide(paper: Document) -> None:
    paper.add_heading(say("briefing.decide"), level=2)
    _write(paper, say("briefing.decide_about")).paragraph_format.keep_with_next = True
    made = _grid(paper, (Cm(4.5), INNER - Cm(4.5)))
    for name in LINES_TO_FILL:
        first, second = made.add_row().cells
        _fill(first, say(f"briefing.decide_{name}"), strong=True, right=False)
        _fill(second, "\n", strong=False, right=False)
    _keep_rows(made, first=len(made.rows))


def _write(paper: Document, words: str, *, role: str = "ink", size: float = 10.5, strong: bool = False) -> Paragraph:
    line = paper.add_paragraph()
    _run(line, words, role=role, size=size, strong=strong)
    line.paragraph_format.space_after = Pt(4)
    return line


def _run(line: Paragraph, words: str, *, role: str = "ink", size: float = 10.5, strong: bool = False) -> None:
    run = line.add_run(plain(words))
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), strong, _colour(role)


def _raise(line: Paragraph, numbers: range | tuple[int, ...]) -> None:
    """The numbers of notes behind a heading."""
    if numbers:
        run = line.add_run(" " + ", ".join(map(str, numbers)))
        run.font.superscript, run.font.color.rgb = True, _colour("caution")


def _describe(picture: object, words: str) -> None:
    picture._inline.docPr.set("descr", plain(words))  # type: ignore[attr-defined]  # the library has no word for it


def _colour(role: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(colours("light")[role].removeprefix("#")))
