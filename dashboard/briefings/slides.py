"""A briefing as slides of PowerPoint: one finding a slide, charts that can be edited there, and the notes at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from pptx import Presentation as new_presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.presentation import Presentation
from pptx.slide import Slide
from pptx.table import _Cell
from pptx.text.text import _Paragraph
from pptx.util import Emu, Inches, Length, Pt

from dashboard.briefings.briefing import Briefing, Table, numbers_of, reading, reopening
from dashboard.briefings.columns import widths_of
from dashboard.briefings.native import add_chart, can_be_native
from dashboard.briefings.words import LINES_TO_FILL, WIDER, code_of, plain, refers
from dashboard.figures.chart import Chart
from dashboard.figures.palette import SEVERITY_ROLES, colours
from dashboard.figures.render.file import to_plot
from dashboard.figures.render.typeset import SANS, SANS_STRONG, Face, width_of, wrap
from dashboard.figures.render.typeset import SERIF as OUR_SERIF
from data.words import say

__all__ = ["to_pptx"]

FACE, SERIF = "Calibri", "Georgia"
WIDTH, HEIGHT, EDGE = Inches(13.333), Inches(7.5), Inches(0.6)
INNER = Emu(WIDTH - 2 * EDGE)
ROW = Inches(0.36)  # of a table
TOP = Inches(1.55)  # under the title
BOTTOM = Inches(6.85)
AFTER = 6  # points between two notes
NOTE = 16  # points of the letters of the notes
NARROWEST = Inches(4)  # of words beside a picture
PIXELS = 96  # an inch
DETAIL = 2.0
KEY = 11  # points of the letters of a chart's key
BETWEEN = "     "  # two entries of it
SIGNS = {"circle": "●○", "square": "■□", "diamond": "◆◇", "triangle": "▲△", "cross": "✕✕", "line": "——", "dashes": "┄┄"}
"""How a mark is written where words stand: filled, hollow."""
_SIZES = (28, 24, 20, 18, 16, 14, 13, 12, 11, 10, 9)

Words = tuple[str, str, bool]
"""A paragraph: its words, its colour's role, whether it is strong."""


def to_pptx(briefing: Briefing) -> bytes:
    """Slides: the finding, a slide for each figure and table, the notes, and where it comes from beside the decision."""
    deck = new_presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    about = deck.core_properties
    about.title, about.subject, about.author = plain(briefing.finding)[:255], plain(briefing.subject)[:255], "Civicast"
    about.created = about.modified = briefing.made.to_pydatetime()
    about.comments = f"{briefing.receipt} {briefing.link}"[:255]
    _opening(deck, briefing)
    for part in briefing.parts:
        if isinstance(part, Table):
            _table(deck, briefing, part)
        else:
            _figure(deck, briefing, part)
    _notes(deck, briefing)
    if briefing.sources.rows:
        _table(deck, briefing, briefing.sources)
    _closing(deck, briefing)
    buffer = BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def _slide(deck: Presentation, briefing: Briefing, title: str, *, numbers: Sequence[int] = (), high: int = 1) -> Slide:
    """A slide with its title, and at the foot what must be seen on every page."""
    slide = deck.slides.add_slide(deck.slide_layouts[5])  # a title alone
    edge = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, WIDTH, Inches(0.12))
    edge.fill.solid()
    edge.fill.fore_color.rgb = RGBColor.from_string(briefing.colour)
    edge.line.fill.background()
    box = slide.shapes.title
    box.left, box.top, box.width, box.height = EDGE, Inches(0.4), INNER, Inches(1.0 * high)
    frame = box.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    behind = " " + ", ".join(map(str, numbers)) if numbers else ""
    size = _fitting([title + behind], width=INNER, height=box.height, largest=28, face=OUR_SERIF)
    line = frame.paragraphs[0]
    line.alignment = PP_ALIGN.LEFT
    run = line.add_run()
    run.text = plain(title)
    run.font.name, run.font.size, run.font.color.rgb = SERIF, Pt(size), _colour("ink")
    if behind:
        raised = line.add_run()
        raised.text = behind
        raised.font.size, raised.font.color.rgb = Pt(size), _colour("caution")
        raised.font._element.set("baseline", "30000")
    foot = " · ".join((*briefing.marks, briefing.context[0], briefing.subject, briefing.receipt))
    _box(slide, [(foot, "ink3", False)], top=Inches(7.0), height=Inches(0.35), largest=10)
    return slide


def _opening(deck: Presentation, briefing: Briefing) -> None:
    numbers = range(1, len(briefing.caveats[:1]) + 1)
    slide = _slide(deck, briefing, briefing.finding, numbers=numbers, high=2)
    if briefing.brand.logo:
        logo = slide.shapes.add_picture(BytesIO(briefing.brand.logo), 0, Inches(6.0), height=Inches(0.8))
        logo.left = Emu(WIDTH - EDGE - logo.width)
    words: list[Words] = [(mark, "caution", True) for mark in briefing.marks]
    words.append((" · ".join((*briefing.context, briefing.subject)), "ink2", False))
    words += [(each, "ink", False) for each in briefing.statements]
    _box(slide, words, top=Inches(2.5), height=Emu(BOTTOM - Inches(2.5)), largest=18)


def _figure(deck: Presentation, briefing: Briefing, part: Chart) -> None:
    numbers = numbers_of(briefing, part)
    slide = _slide(deck, briefing, part.headline, numbers=numbers)
    native = can_be_native(part)
    words: list[Words] = [(part.title, "ink", True), *((each, "ink2", False) for each in reading(part))]
    words.append((refers(numbers), "ink2", False))
    words.append((say("briefing.editable" if native else "briefing.picture"), "ink3", False))
    words = [each for each in words if each[0]]
    foot = max(Inches(1.35), _taken([each for each, _, _ in words], width=INNER, size=_SIZES[-1], after=1))
    height = Emu(BOTTOM - foot - TOP)
    drawn = briefing.drawn(part)
    if native:
        key = _key(slide, drawn, top=Emu(TOP + height))
        add_chart(slide.shapes, drawn, left=EDGE, top=TOP, width=INNER, height=Emu(height - key))
    else:
        content = to_plot(drawn, format="png", scale=DETAIL)
        picture = slide.shapes.add_picture(BytesIO(content), EDGE, TOP, height=Emu(BOTTOM - TOP))
        picture._element._nvXxPr.cNvPr.set("descr", plain(f"{part.headline} {part.alt}"))
        beside = Emu(INNER - picture.width - EDGE)
        if beside >= NARROWEST:  # a map that is higher than wide has its words beside it
            left = Emu(EDGE + picture.width + EDGE)
            _box(slide, words, top=TOP, height=Emu(BOTTOM - TOP), largest=14, left=left, width=beside)
            return
        picture.width = min(INNER, Emu(int(picture.width * height / picture.height)))
        picture.height = Emu(int(picture.width * picture.image.size[1] / picture.image.size[0]))
    _box(slide, words, top=Emu(BOTTOM - foot), height=foot, largest=12, after=1)


def _key(slide: Slide, chart: Chart, *, top: Length) -> Length:
    """What the marks of an editable chart mean, above ``top``; how high it is. A picture has its own."""
    if not chart.key:
        return Emu(0)
    entries = [(f"{SIGNS[each.shape][not each.filled]} {each.label}", each.role) for each in chart.key]
    words = BETWEEN.join(each for each, _ in entries)
    lines = len(wrap(words, width=_inside(INNER), face=SANS, size=KEY * PIXELS / 72))
    height = Emu(Pt(KEY) * 1.25 * lines + Inches(0.1))
    frame = slide.shapes.add_textbox(EDGE, Emu(top - height), INNER, height).text_frame
    frame.word_wrap = True
    line = frame.paragraphs[0]
    for place, (entry, role) in enumerate(entries):
        sign, label = entry.split(" ", 1)
        _run(line, (BETWEEN if place else "") + sign, size=KEY, role=role)
        _run(line, f" {label}", size=KEY, role="ink2")
    return height


def _table(deck: Presentation, briefing: Briefing, table: Table) -> None:
    """As many slides as the rows need; a row is as high as its longest cell."""
    wanted = widths_of(table, room=INNER, measure=_measured)
    widths = [int(INNER * each / sum(wanted)) for each in wanted]
    head, *heights = (_height(row, widths) for row in (table.heads, *table.rows))
    for index, (first, last) in enumerate(_pages(heights, room=BOTTOM - TOP - head)):
        title = table.title if not index else say("briefing.continued", {"title": table.title})
        slide = _slide(deck, briefing, title)
        if table.subtitle and not index:
            _box(slide, [(table.subtitle, "ink2", False)], top=Inches(1.0), height=Inches(0.5), largest=13)
        rows = table.rows[first:last]
        grid = slide.shapes.add_table(
            len(rows) + 1, len(table.heads), EDGE, TOP, INNER, Emu(ROW * (len(rows) + 1))
        ).table
        for place, width in enumerate(widths):
            grid.columns[place].width = Emu(width)
        for number, row in enumerate((table.heads, *rows)):
            grid.rows[number].height = ROW
            for place, words in enumerate(row):
                _cell(grid.cell(number, place), words, strong=not number or not place, right=place in table.right)


def _pages(heights: Sequence[float], *, room: float) -> Iterator[tuple[int, int]]:
    """From which row or note to which a slide goes."""
    first, used = 0, 0.0
    for place, each in enumerate(heights):
        if used and used + each > room:
            yield first, place
            first, used = place, 0.0
        used += each
    yield first, len(heights)


def _height(row: Sequence[str], widths: Sequence[int]) -> float:
    cells = zip(row, widths, strict=True)
    lines = max(len(wrap(words, width=_inside(width), face=SANS, size=12 * PIXELS / 72)) for words, width in cells)
    return float(max(ROW, Pt(15) * lines + Inches(0.12)))


def _measured(words: str) -> float:
    """How wide a cell must be for a line of it."""
    return float(Inches(0.35) + Pt(width_of(words, face=SANS_STRONG, size=12) * WIDER))


def _inside(width: int) -> float:
    """Pixels for words in a box, in our own letters."""
    return float((width - Inches(0.2)) / Inches(1) * PIXELS / WIDER)


def _cell(cell: _Cell, words: str, *, strong: bool, right: bool) -> None:
    frame = cell.text_frame
    frame.word_wrap = True
    line = frame.paragraphs[0]
    line.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    _run(line, words, size=12, role="ink", strong=strong)
    cell.fill.solid()
    cell.fill.fore_color.rgb = _colour("page")
    cell.margin_top = cell.margin_bottom = Inches(0.03)


def _notes(deck: Presentation, briefing: Briefing) -> None:
    """As many slides as the notes need."""
    words = [
        (f"{number} {each.severity_word} {each.message} {each.detail}", SEVERITY_ROLES[each.severity], False)
        for number, each in enumerate(briefing.caveats, start=1)
    ]
    if not words:
        return
    lines = [len(wrap(each, width=_inside(INNER), face=SANS, size=NOTE * PIXELS / 72)) for each, _, _ in words]
    title = say("briefing.notes")
    for first, last in _pages([each * 1.25 * Pt(NOTE) + Pt(AFTER) for each in lines], room=BOTTOM - TOP - Inches(0.1)):
        slide = _slide(deck, briefing, title if not first else say("briefing.continued", {"title": title}))
        _box(slide, words[first:last], top=TOP, height=Emu(BOTTOM - TOP), largest=NOTE, after=AFTER)


def _closing(deck: Presentation, briefing: Briefing) -> None:
    slide = _slide(deck, briefing, briefing.finding if briefing.decided else say("briefing.decide"))
    if not briefing.decided:
        words = [(say("briefing.decide_about"), "ink", False)]
        words += [(f"{say(f'briefing.decide_{each}')}:", "ink2", False) for each in LINES_TO_FILL]
        _box(slide, words, top=TOP, height=Inches(3.6), largest=18, after=18)
    slide.shapes.add_picture(BytesIO(code_of(briefing)), EDGE, Inches(5.4), height=Inches(1.4))
    wide = Emu(INNER - Inches(1.7))
    before, address, behind = reopening(briefing)
    again = [(before + address + behind, "ink2", False)]
    line = _box(slide, again, top=Inches(5.4), height=Inches(1.4), largest=12, left=Emu(EDGE + Inches(1.6)), width=wide)
    if address:  # a run of its own, which is what a click opens
        first = line.runs[0]
        size = int(first.font.size.pt)
        first.text = plain(before)
        for each in (address, behind):
            _run(line, each, size=size, role="ink2")
        line.runs[1].hyperlink.address = address


def _box(
    slide: Slide,
    words: Sequence[Words],
    *,
    top: Length,
    height: Length,
    largest: int,
    left: Length = EDGE,
    width: Length = INNER,
    after: int = 3,
) -> _Paragraph:
    """Paragraphs in letters as large as the box allows; gives the last."""
    frame = slide.shapes.add_textbox(left, top, width, height).text_frame
    frame.word_wrap = True
    size = _fitting([each for each, _, _ in words], width=width, height=height, largest=largest, after=after)
    for place, (text, role, strong) in enumerate(words):
        line = frame.paragraphs[0] if not place else frame.add_paragraph()
        line.space_after = Pt(after)
        _run(line, text, size=size, role=role, strong=strong)
    return line


def _run(line: _Paragraph, words: str, *, size: int, role: str, strong: bool = False) -> None:
    run = line.add_run()
    run.text = plain(words)
    run.font.size, run.font.bold, run.font.name, run.font.color.rgb = Pt(size), strong, FACE, _colour(role)


def _fitting(words: Sequence[str], *, width: int, height: int, largest: int, after: int = 3, face: Face = SANS) -> int:
    """The largest size of letters, points, at which all words find room."""
    sizes = [each for each in _SIZES if each <= largest]
    fits = (each for each in sizes if _taken(words, width=width, size=each, after=after, face=face) <= height)
    return next(fits, sizes[-1])


def _taken(words: Sequence[str], *, width: int, size: int, after: int, face: Face = SANS) -> Emu:
    """How high a box of words must be."""
    broken = (len(wrap(each, width=_inside(width), face=face, size=size * PIXELS / 72)) for each in words)
    return Emu(int(Inches(0.1) + sum(Pt(lines * size * 1.25 + after) for lines in broken)))


def _colour(role: str) -> Any:
    return RGBColor(*bytes.fromhex(colours("light")[role].removeprefix("#")))
