"""A page to take along says the same in every format: finding, figures, numbered notes, sources, receipt and link."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from html import escape, unescape
from pathlib import Path

import example_results as examples
import numpy as np
import pandas as pd
import pytest
import segno
from docx import Document
from docx.oxml.ns import qn
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pptx import Presentation
from pptx.enum.chart import XL_MARKER_STYLE
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Pt
from pypdf import PdfReader
from saved_files import said_in
from test_charts import EVERY

from analytics.results import Caveat, Severity
from dashboard.__main__ import main
from dashboard.briefings import FORMATS, Briefing, Table, file_name, key_of, stated, to_file
from dashboard.briefings.briefing import numbers_of
from dashboard.briefings.columns import widths_of
from dashboard.briefings.native import add_chart
from dashboard.briefings.words import code_of
from dashboard.figures.chart import Note, Points
from dashboard.figures.charts import fan_chart
from dashboard.figures.render.layout import end_labels
from dashboard.figures.render.typeset import SANS, wrap
from data import City, Classification
from data.brand import Brand, plain_png, read_colour
from data.errors import CityFileError, SourceError

NASTY = '<img src="http://example.org/x">\x00 & =1+1'
LATE = Caveat(
    "data_stale", Severity.CAUTION, {"tables": ["requests"], "days": 40, "each": ["requests to 1 May"], "most": 40}
)


def briefing(**more: object) -> Briefing:
    fan = fan_chart(examples.forecast(), caveats=examples.CAVEATS[:2])
    table = Table("Places", ("Name", "Value"), ((NASTY, "1,234"), ("Second", "5")), right=(1,), subtitle="By value.")
    made: dict[str, object] = {
        "subject": "Outlook: requests",
        "context": ("Examples", "Data to 31 December 2014"),
        "finding": fan.headline,
        "statements": ("Ωmega and ø are letters.",),
        "parts": (fan, EVERY["difference"](), EVERY["hotspots"](), table),
        "caveats": examples.CAVEATS,
        "made_from": (examples.provenance("requests"),),
        "receipt": "AAAA-BBBB",
        "link": "http://localhost:8501/outlook?city=examples&series=requests",
        "made": pd.Timestamp("2015-01-09"),
    }
    return Briefing(**{**made, **more})  # type: ignore[arg-type]


def words_in(content: bytes, format: str) -> str:
    return " ".join(said_in(content, format))


def squeezed(words: str) -> str:
    """Without the spaces and breaks that a format may set elsewhere, and the control characters that none can hold."""
    return re.sub(r"[\s\x00]+", "", words)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {format: to_file(briefing(), format=format) for format in FORMATS}


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_says_all_of_it(files: dict[str, bytes], format: str) -> None:
    words = squeezed(words_in(files[format], format))
    missing = [each for each in stated(briefing()) if squeezed(each) not in words]
    # A document says no more of a caveat than word, sentence and evidence: the brackets around the last are the statement's.
    notes = {f"{each.severity_word} {each.message} ({each.detail})" for each in briefing().caveats}
    assert set(missing) <= notes
    for caveat in briefing().caveats:
        assert squeezed(caveat.message) in words
        assert squeezed(caveat.detail) in words
    for line in ("A person decides", "Name and role"):
        assert squeezed(line) in words


def test_a_mark_has_the_number_of_its_note() -> None:
    made = briefing(caveats=(LATE, *examples.CAVEATS))
    fan = made.drawn(made.parts[0])  # type: ignore[arg-type]
    for note in (mark for mark in fan.marks if isinstance(mark, Note)):
        number = fan.number_of(note.code, about=note.about)
        assert number is not None
        assert made.caveats[number - 1].code == note.code
    assert [each.severity for each in made.caveats] == sorted(
        (each.severity for each in made.caveats), key=list(reversed(Severity)).index
    )
    mine = {each.code for each in made.parts[0].caveats}  # type: ignore[union-attr]
    assert {made.caveats[number - 1].code for number in numbers_of(made, made.parts[0])} == mine


def test_what_was_made_and_not_observed_is_noted_once_and_names_every_table() -> None:
    page, chart = (
        Caveat("synthetic_data", Severity.DO_NOT_USE, {"tables": tables, "n": len(tables)})
        for tables in (["requests"], ["requests", "injuries"])
    )
    fan = fan_chart(examples.forecast(), caveats=(chart, *examples.CAVEATS[:1]))
    made = briefing(caveats=(page, *examples.CAVEATS), parts=(fan,))
    [note] = [each for each in made.caveats if each.code == "synthetic_data"]
    assert note.evidence == {"tables": ["requests", "injuries"], "n": 2}
    assert made.caveats.index(note) + 1 in numbers_of(made, fan)


def test_a_slides_chart_holds_the_charts_own_values(files: dict[str, bytes]) -> None:
    fan = fan_chart(examples.forecast())
    frames = [
        shape.chart
        for slide in Presentation(io.BytesIO(files["pptx"])).slides
        for shape in slide.shapes
        if shape.has_chart
    ]
    assert len(frames) == 2, "the fan and the differences; a map is a picture"
    drawn = [tuple(each.values) for each in frames[0].plots[0].series]
    past = fan.table.iloc[:, 1].dropna().tolist()
    assert past in [list(each) for each in drawn]
    lines = [mark for mark in fan.marks if hasattr(mark, "width") and hasattr(mark, "label") and mark.label]
    assert all(np.asarray(line.y, dtype=float)[-1] in [each[-1] for each in drawn] for line in lines)


def slides_of(content: bytes) -> list[object]:
    return list(Presentation(io.BytesIO(content)).slides)


def test_a_slides_chart_names_its_lines_and_bands_as_the_page_does(files: dict[str, bytes]) -> None:
    fan = fan_chart(examples.forecast())
    (chart, *_) = [shape.chart for slide in slides_of(files["pptx"]) for shape in slide.shapes if shape.has_chart]
    words = " ".join(chart._chartSpace.itertext())
    assert [each.text for each in end_labels(fan, pixels=300) if each.text not in words] == []


def test_a_slide_says_what_the_marks_of_its_chart_mean_and_hollow_ones_are_seen_in_any_program() -> None:
    chart = EVERY["difference"]()
    assert chart.key
    content = to_file(briefing(parts=(chart,)), format="pptx")
    (slide,) = [each for each in slides_of(content) if any(shape.has_chart for shape in each.shapes)]
    words = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert [key.label for key in chart.key if key.label not in words] == []
    (drawn,) = [shape.chart for shape in slide.shapes if shape.has_chart]
    assert any(isinstance(mark, Points) and not mark.filled for mark in chart.marks)
    marked = [each.marker for each in drawn.plots[0].series if each.marker.style != XL_MARKER_STYLE.NONE]
    assert "FFFFFF" not in {str(each.format.fill.fore_color.rgb) for each in marked}, "LibreOffice draws no edges"


def test_a_map_that_is_higher_than_wide_has_its_words_beside_it() -> None:
    chart = replace(EVERY["hotspots"](), height=1200)
    content = to_file(briefing(parts=(chart,)), format="pptx")
    (slide,) = [each for each in slides_of(content)[1:-1] if any(hasattr(shape, "image") for shape in each.shapes)]
    (picture,) = [shape for shape in slide.shapes if hasattr(shape, "image")]
    (words,) = [each for each in slide.shapes if each.has_text_frame and chart.title in each.text_frame.text]
    assert words.left >= picture.left + picture.width
    assert picture.top + picture.height <= 6858000


def test_words_of_a_slide_end_above_its_foot_however_many_there_are() -> None:
    source = "A source of many tables, each of them from another office. " * 12
    content = to_file(briefing(parts=(replace(EVERY["difference"](), source=source),)), format="pptx")
    (slide,) = [each for each in slides_of(content) if any(shape.has_chart for shape in each.shapes)]
    (chart,) = [shape for shape in slide.shapes if shape.has_chart]
    (words,) = [each for each in slide.shapes if each.has_text_frame and source.strip() in each.text_frame.text]
    (foot,) = [each for each in slide.shapes if each.has_text_frame and each.text_frame.text.startswith("Examples · ")]
    assert chart.top + chart.height <= words.top
    lines = len(wrap(source, width=words.width / 9525 / 1.2, face=SANS, size=9 * 96 / 72))
    assert words.top + lines * Pt(9 * 1.2) < foot.top


def test_a_headline_that_stands_above_already_is_not_said_again() -> None:
    twice = (EVERY["difference"](), replace(EVERY["difference"](), title="The same in money"))
    paper = Document(io.BytesIO(to_file(briefing(finding="Another finding.", parts=twice), format="docx")))
    assert [each.text for each in paper.paragraphs].count(twice[0].headline) == 1


def test_a_document_tears_no_row_no_caption_and_no_decision(files: dict[str, bytes]) -> None:
    paper = Document(io.BytesIO(files["docx"]))
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for table in paper.tables for row in table.rows)
    decision = [row.cells[0].paragraphs[0] for row in paper.tables[-1].rows]
    assert [each.paragraph_format.keep_with_next for each in decision] == [True, True, True, False]
    fan = fan_chart(examples.forecast())
    (caption,) = [place for place, each in enumerate(paper.paragraphs) if each.text == fan.interval]
    assert paper.paragraphs[caption].paragraph_format.keep_with_next
    assert paper.paragraphs[caption - 1].paragraph_format.keep_with_next


def test_tables_that_agree_share_a_row_of_the_sources_and_those_with_rows_set_aside_keep_their_own() -> None:
    alike = [examples.provenance(name, rows_read=10) for name in ("roads", "city_wards")]
    torn = examples.provenance("requests", rows_read=10, set_aside={"no_date": 3})
    rows = briefing(made_from=(*alike, torn)).sources.rows
    assert [(row[0], row[-1]) for row in rows] == [
        ("Roads and city wards", "0 of 20 rows"),
        ("Requests", "3 of 10 rows"),
    ]


def test_a_column_breaks_between_words_and_not_within_a_number_and_its_unit() -> None:
    table = Table("", ("A", "B"), (("5\u202f%", "many words that can be broken"),))
    narrow, wide = widths_of(table, room=20, measure=len)
    assert narrow >= len("5\u202f%")
    assert narrow + wide == pytest.approx(20)


def test_a_line_of_a_slides_chart_stops_at_a_gap() -> None:
    chart = EVERY["series"]()
    line = chart.marks[0]
    values = np.asarray(line.y, dtype=float).copy()
    values[3:5] = np.nan
    slide = Presentation().slides.add_slide(Presentation().slide_layouts[6])
    add_chart(slide.shapes, replace(chart, marks=(replace(line, y=values),)), left=0, top=0, width=9**7, height=9**7)
    series = [list(each.values) for each in slide.shapes[-1].chart.plots[0].series]
    assert values[:3].tolist() in series
    assert values[5:].tolist() in series


def test_a_web_page_fetches_nothing_and_runs_nothing(files: dict[str, bytes]) -> None:
    page = files["html"].decode()
    assert not re.search(r"<(script|iframe|link|object|embed)\b", page)
    tags = "".join(re.findall(r"<[a-z][^>]*>", page))
    sources = re.findall(r'(?:src|href)=["\']?([^"\'\s>]+)', tags) + re.findall(r"url\(([^)]+)\)", page)
    assert "<img src=" not in page, "only our own pictures, whose class stands first"
    # Nothing is fetched: the one address of another place is where a click leads.
    assert {each for each in sources if not each.startswith(("data:", "#"))} == {briefing().link.replace("&", "&amp;")}
    assert page.count("http://localhost") == page.count(f'<a href="{escape(briefing().link)}"') * 2 == 2


def clicked(content: bytes, format: str) -> dict[str, str]:
    """Where clicks lead, by the words that are clicked; of paper, whose links are places on a page, by the address."""
    if format == "docx":
        lines = Document(io.BytesIO(content)).paragraphs
        return {each.text: each.address for line in lines for each in line.hyperlinks}
    if format == "pptx":
        slides = Presentation(io.BytesIO(content)).slides
        frames = [shape.text_frame for slide in slides for shape in slide.shapes if shape.has_text_frame]
        runs = [run for frame in frames for line in frame.paragraphs for run in line.runs]
        return {run.text: run.hyperlink.address for run in runs if run.hyperlink.address}
    if format == "pdf":
        pages = PdfReader(io.BytesIO(content)).pages
        ways = [each.get_object()["/A"]["/URI"] for page in pages for each in page.get("/Annots", [])]
        return {each: each for each in ways}
    found = re.findall(r'<a href="(http[^"]+)"[^>]*>([^<]+)</a>', content.decode())
    return {unescape(words): unescape(address) for address, words in found}


@pytest.mark.parametrize("format", FORMATS)
def test_a_click_on_the_link_opens_the_page(files: dict[str, bytes], format: str) -> None:
    link = briefing().link
    assert clicked(files[format], format) == {link: link}


@pytest.mark.parametrize("format", FORMATS)
def test_a_page_that_nobody_serves_has_nothing_to_click(format: str) -> None:
    made = briefing(link="?language=en", parts=())
    content = to_file(made, format=format)  # type: ignore[arg-type]
    assert clicked(content, format) == {}
    assert squeezed(made.link) in squeezed(words_in(content, format))


def test_the_code_holds_the_link() -> None:
    made = briefing()
    picture = np.asarray(Image.open(io.BytesIO(code_of(made))).convert("L")) < 128
    expected = np.array(segno.make(made.link, error="m", micro=False).matrix, dtype=bool)
    side = picture.shape[0] // (len(expected) + 4)
    centres = side * (np.arange(len(expected)) + 2) + side // 2
    assert (picture[np.ix_(centres, centres)] == expected).all()


@pytest.mark.parametrize("format", FORMATS)
def test_a_class_that_is_not_public_stands_in_file_and_name(format: str) -> None:
    facts = {"classification": Classification.RESTRICTED, "synthetic": True}
    made = briefing(made_from=(examples.provenance("requests", **facts),), parts=())
    words = squeezed(words_in(to_file(made, format=format), format))  # type: ignore[arg-type]
    assert squeezed("Restricted: only for those named") in words
    assert squeezed("synthetic data") in words
    assert "restricted" in file_name(made, key=key_of(made), format=format)  # type: ignore[arg-type]


def logo(side: int = 4) -> bytes:
    buffer = io.BytesIO()
    notes = PngInfo()
    notes.add_text("Comment", "taken at home")
    Image.new("RGB", (side, side), "#A01030").save(buffer, format="PNG", pnginfo=notes)
    return buffer.getvalue()


def test_a_city_is_recognised_by_its_colour_and_logo(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(logo())
    made = briefing(brand=Brand("#A01030", tmp_path / "logo.png"), parts=())
    paper = Document(io.BytesIO(to_file(made, format="docx")))
    assert "A01030" in paper.sections[0].header._element.xml
    assert paper.inline_shapes[0]._inline.docPr.get("descr") == "Examples"
    deck = Presentation(io.BytesIO(to_file(made, format="pptx")))
    assert sum("A01030" in slide.shapes[1]._element.xml for slide in deck.slides) == len(deck.slides)
    assert any(shape.shape_type == MSO_SHAPE_TYPE.PICTURE for shape in deck.slides[0].shapes)
    pictures = PdfReader(io.BytesIO(to_file(made, format="pdf"))).pages[0].images
    assert len(pictures) == 2, "the code and the logo"
    page = to_file(made, format="html").decode()
    assert "--edge:#A01030" in page
    assert base64.b64encode(made.brand.logo).decode() in page


def test_a_logo_brings_its_pixels_and_nothing_else(tmp_path: Path) -> None:
    whole = logo()
    plain = plain_png(whole, name="logo.png")
    assert b"taken at home" in whole
    assert b"taken at home" not in plain
    assert Image.open(io.BytesIO(plain)).getpixel((1, 1)) == (0xA0, 0x10, 0x30)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no whole PNG"),
        (b"GIF89a", "no whole PNG"),
        (logo()[:-5], "no whole PNG"),
        (logo().replace(b"IDAT", b"IDAX"), "no whole PNG"),
        (logo(2001), "2,001 × 2,001 pixels"),
        (logo() + b"x" * (1 << 20), "larger than a logo may be, 1,024 kB"),
    ],
)
def test_what_is_no_logo_is_refused_in_a_sentence(content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(content)
    with pytest.raises(SourceError, match=re.escape(says)):
        _ = Brand("", tmp_path / "logo.png").logo


def test_a_largest_logo_is_taken(tmp_path: Path) -> None:
    assert plain_png(logo(2000), name="logo.png")


@pytest.mark.parametrize("colour", ["blue", "#12345", "#1234567", "#12345G", "A01030"])
def test_a_colour_is_six_digits(colour: str) -> None:
    with pytest.raises(CityFileError, match="six digits"):
        read_colour(colour)


def test_the_name_of_a_file_changes_with_what_is_in_it() -> None:
    made = briefing()
    other = briefing(receipt="CCCC-DDDD")
    assert file_name(made, key=key_of(made), format="pdf") != file_name(other, key=key_of(other), format="pdf")
    assert file_name(made, key=key_of(made), format="pdf") == file_name(
        briefing(), key=key_of(briefing()), format="pdf"
    )


def test_letters_of_a_web_page_are_its_own(files: dict[str, bytes]) -> None:
    from fontTools.ttLib import TTFont

    faces = re.findall(r"font/ttf;base64,([^)]+)", files["html"].decode())
    assert len(faces) == 3
    known = TTFont(io.BytesIO(base64.b64decode(faces[0]))).getBestCmap()
    assert ord("Ω") in known
    assert ord("ж") not in known


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--out", "a.txt"], "does not say how a briefing is to be written"),
        (["--outlook", "nothing", "--out", "a.pdf"], "no series named “nothing”"),
        (["--hotspots", "nothing", "--out", "a.pdf"], "nothing named “nothing” that can be mapped"),
        (["--mind", "absent.toml", "--out", "a.pdf"], "no scenario file “absent.toml”"),
        (["absent.toml", "--out", "a.pdf"], "no scenario file “absent.toml”"),
    ],
)
def test_a_mistake_is_one_sentence(
    arguments: list[str], says: str, meridian: City, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.brief.open_city", lambda name: meridian)
    assert main(["brief", "meridian", *arguments]) == 2
    told = capsys.readouterr().err
    assert says in told
    assert told.count("\n") == 1
