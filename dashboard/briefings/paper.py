"""A briefing on paper: a PDF whose words are text, with its marks, its receipt and the page's number on every page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus import Table as Grid

from dashboard.briefings.briefing import Briefing, Table, numbers_of, reading, reopening, repeats_headline
from dashboard.briefings.columns import widths_of
from dashboard.briefings.words import LINES_TO_FILL, code_of, plain, refers
from dashboard.figures.chart import Chart
from dashboard.figures.palette import SEVERITY_ROLES, colours
from dashboard.figures.render import typeset
from dashboard.figures.render.file import to_plot
from data.words import NARROW, say

__all__ = ["to_pdf"]

SANS, STRONG, SERIF, OTHER = typeset.SANS[0], typeset.SANS_STRONG[0], typeset.SERIF[0], typeset.SANS[1]
MARGIN = 18 * mm
INNER = A4[0] - 2 * MARGIN
TALLEST = 150 * mm  # of a picture, so that its title and its lines stand on the same page
SOME_ROWS = 50 * mm  # high
SHORT = 14  # rows of a table that is not torn by the end of a page
DETAIL = 2.5  # pixels of a picture for one of the screen's
COLOUR = colours("light")

rl_config.useA85 = 0  # streams as bytes: as letters they are a quarter longer, and Python writes them one by one


def to_pdf(briefing: Briefing) -> bytes:
    """Pages of A4: finding, figures, tables, numbered notes, sources, receipt and the lines that a person fills in."""
    _fonts()
    buffer = BytesIO()
    paper = BaseDocTemplate(
        buffer, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
        title=plain(briefing.finding), subject=plain(briefing.subject), author="Civicast", creator="Civicast",
        keywords=[briefing.receipt, briefing.link], invariant=1,
    )  # fmt: skip
    frame = Frame(
        MARGIN, MARGIN, INNER, A4[1] - 2 * MARGIN, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )
    paper.addPageTemplates(
        PageTemplate(frames=[frame], onPage=lambda canvas, made: _edges(canvas, made.page, briefing))
    )
    paper.build(list(_story(briefing)))
    return buffer.getvalue()


@cache
def _fonts() -> None:
    for name in (SANS, STRONG, SERIF, OTHER):
        pdfmetrics.registerFont(TTFont(name, str(typeset.path_of(name))))


def _edges(canvas: Canvas, page: int, briefing: Briefing) -> None:
    canvas.setFillColor(HexColor(f"#{briefing.colour}"))
    canvas.rect(0, A4[1] - 3 * mm, A4[0], 3 * mm, stroke=0, fill=1)
    canvas.setFillColor(HexColor(COLOUR["ink3"]))
    canvas.setFont(SANS, 8)
    words = " · ".join((*briefing.marks, briefing.context[0], briefing.subject, briefing.receipt))
    canvas.drawString(MARGIN, A4[1] - MARGIN + 5 * mm, _written(words)[:150])
    canvas.drawRightString(A4[0] - MARGIN, MARGIN - 8 * mm, str(page))


def _story(briefing: Briefing) -> Iterator[Flowable]:
    if briefing.brand.logo:
        wide, high = ImageReader(BytesIO(briefing.brand.logo)).getSize()
        logo = Image(BytesIO(briefing.brand.logo), width=14 * mm * wide / high, height=14 * mm)
        logo.hAlign = "LEFT"
        yield logo
    for mark in briefing.marks:
        yield _line(mark, size=9.5, role="caution", face=STRONG)
    yield _line(" · ".join((*briefing.context, briefing.subject)), size=9.5, role="ink2")
    yield _line(briefing.finding, size=19, face=SERIF, after=8, numbers=tuple(range(1, len(briefing.caveats[:1]) + 1)))
    for statement in briefing.statements:
        yield _line(statement, size=11)
    for part in briefing.parts:
        yield from _table(part) if isinstance(part, Table) else _figure(briefing, part)
    yield from _notes(briefing)
    if briefing.sources.rows:
        yield from _table(briefing.sources)
    code = Image(BytesIO(code_of(briefing)), width=24 * mm, height=24 * mm)
    code.hAlign = "LEFT"
    yield KeepTogether([Paragraph(_reopen(briefing), _style(size=9, role="ink2", face=SANS, after=4)), code])
    if not briefing.decided:
        yield _decide()


def _figure(briefing: Briefing, part: Chart) -> Iterator[Flowable]:
    numbers = numbers_of(briefing, part)
    content = to_plot(briefing.drawn(part), format="png", scale=DETAIL)
    wide, high = ImageReader(BytesIO(content)).getSize()
    scale = min(INNER / wide, TALLEST / high)
    picture = Image(BytesIO(content), width=wide * scale, height=high * scale)
    above = [] if repeats_headline(briefing, part) else [_line(part.headline, size=10.5)]
    below = [_line(words, size=9, role="ink2", after=2) for words in (*reading(part), refers(numbers)) if words]
    title = _line(part.title, size=13, face=SERIF, before=14, numbers=numbers)
    yield KeepTogether([title, *above, picture, Spacer(0, 4), *below])


def _table(table: Table) -> Iterator[Flowable]:
    above = [_line(table.title, size=13, face=SERIF, before=14)]
    above += [_line(table.subtitle, size=10)] if table.subtitle else []
    heads = [_cell(each, role="ink2", right=place in table.right) for place, each in enumerate(table.heads)]
    rows = [[_cell(each, right=place in table.right) for place, each in enumerate(row)] for row in table.rows]
    widths = widths_of(table, room=INNER, measure=_measured)
    grid = Grid([heads, *rows], colWidths=widths, repeatRows=1)
    hairline = HexColor(COLOUR["line"])
    grid.setStyle([("LINEBELOW", (0, 0), (-1, -1), 0.5, hairline), ("VALIGN", (0, 0), (-1, -1), "TOP"),
                   ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 6)])  # fmt: skip
    grid.hAlign = "LEFT"
    grid.spaceAfter = 10
    if len(rows) <= SHORT:
        yield KeepTogether([*above, grid])
    else:  # begins where its title and some rows find room
        yield CondPageBreak(SOME_ROWS)
        for each in above:
            each.keepWithNext = False
        yield from (*above, grid)


def _measured(words: str) -> float:
    """How wide a cell must be for a line of it."""
    return 10.0 + float(pdfmetrics.stringWidth(_written(words), SANS, 9))


def _notes(briefing: Briefing) -> Iterator[Flowable]:
    if briefing.caveats:
        yield _line(say("briefing.notes"), size=13, face=SERIF, before=14)
    for number, caveat in enumerate(briefing.caveats, start=1):
        colour = COLOUR[SEVERITY_ROLES[caveat.severity]]
        word = f'<font name="{STRONG}" color="{colour}">{number} {_markup(caveat.severity_word)}</font>'
        detail = f'<font color="{COLOUR["ink3"]}">{_markup(caveat.detail)}</font>'
        yield Paragraph(f"{word} {_markup(caveat.message)} {detail}", _style(size=10, role="ink", face=SANS, after=4))


def _reopen(briefing: Briefing) -> str:
    """The line whose link opens the page."""
    before, address, behind = map(_markup, reopening(briefing))
    if not address:
        return before
    href = quoteattr(briefing.link)
    return f'{before}<a href={href} color="{COLOUR["link"]}"><u>{address}</u></a>{behind}'


def _decide() -> Flowable:
    rows = [[_cell(say(f"briefing.decide_{each}")), ""] for each in LINES_TO_FILL]
    grid = Grid(rows, colWidths=[40 * mm, INNER - 40 * mm], rowHeights=[12 * mm] * len(rows))
    grid.setStyle([("GRID", (0, 0), (-1, -1), 0.5, HexColor(COLOUR["line"])), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    title = _line(say("briefing.decide"), size=13, face=SERIF, before=14)
    return KeepTogether([title, _line(say("briefing.decide_about"), size=10), Spacer(0, 4), grid])


def _cell(words: str, *, role: str = "ink", right: bool = False) -> Paragraph:
    return Paragraph(_markup(words), _style(size=9, role=role, face=SANS, after=0, right=right))


def _line(
    words: str,
    *,
    size: float,
    role: str = "ink",
    face: str = SANS,
    before: float = 0,
    after: float = 4,
    numbers: tuple[int, ...] = (),
) -> Paragraph:
    raised = f' <super size="{0.6 * size}">{", ".join(map(str, numbers))}</super>' if numbers else ""
    return Paragraph(_markup(words) + raised, _style(size=size, role=role, face=face, before=before, after=after))


def _style(
    *, size: float, role: str, face: str, before: float = 0, after: float = 0, right: bool = False
) -> ParagraphStyle:
    return ParagraphStyle(
        "line", fontName=face, fontSize=size, leading=1.28 * size, textColor=HexColor(COLOUR[role]), spaceBefore=before,
        spaceAfter=after, alignment=2 if right else 0, splitLongWords=1, keepWithNext=before > 0,
    )  # fmt: skip


def _markup(words: str) -> str:
    """Words as the library reads them; letters that the font lacks are set in the one that has more."""
    runs = groupby(_written(words), key=lambda each: each.isspace() or typeset.has_glyph(each, SANS))
    parts = [(known, escape("".join(letters))) for known, letters in runs]
    return "".join(run if known else f'<font name="{OTHER}">{run}</font>' for known, run in parts)


def _written(words: str) -> str:
    """Without the narrow space, which the fonts lack."""
    return plain(words).replace(NARROW, "\u00a0")
