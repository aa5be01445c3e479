"""Figures in the pseudo-language: no text of ours is plain, none is clipped in a file, and every letter can be drawn.

In it each sentence of ours is accented and stands in ⟦ ⟧, so what stays plain is data, a number, a date, or a mistake.
"""

from __future__ import annotations

import io
import itertools
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import example_results as examples
import example_traffic as towns
import matplotlib as mpl
import pytest
from babel.dates import get_day_names, get_month_names
from matplotlib.text import Text as Written
from matplotlib.transforms import BboxBase
from PIL import Image
from test_charts import EVERY, MEASURE, OPTION, once

from dashboard.figures import charts, maps
from dashboard.figures.chart import Chart, Choropleth, Grid, GridHover, Text, Voices
from dashboard.figures.exports import to_csv, to_png, to_svg
from dashboard.figures.render.file import SETTINGS, page_figure
from dashboard.figures.render.screen import screen_figure
from dashboard.figures.render.typeset import SANS, SANS_STRONG, SERIF, has_glyph, literal
from dashboard.figures.statement import statement
from data.words import PSEUDO, as_list, use_language

IN_UNITS = ("requests", "requests_per_resident")
MORE = once(
    {
        "fan of two models, later": lambda: charts.fan_chart(
            examples.forecast(), beside=examples.forecast(), since=examples.series()
        ),
        "restricted fan": lambda: charts.fan_chart(examples.forecast(**examples.restricted())),
        "difference in units": lambda: charts.difference_chart(examples.comparison(in_units=IN_UNITS), chosen=OPTION),
        "groups in units": lambda: charts.group_chart(
            examples.comparison(in_units=IN_UNITS), option=OPTION, measure=MEASURE
        ),
        "map in units": lambda: maps.difference_map(
            examples.comparison(in_units=IN_UNITS), city=examples.city(), option=OPTION, measure=MEASURE
        ),
    }
)
ALL = {**EVERY, **MORE}
UNACCENTED = re.compile(r"[aceinosuyACEINOSUY]")  # the letters that the pseudo-language changes
WORD = re.compile(r"[^\W\d_]+")
# Numbers with their units, and names that no language changes.
UNITS = {"m", "km", "h", "s", "q", "c", "GEH", "area_id", "link_id", "Civicast"}


def data_words() -> set[str]:
    """Words that people gave: names, titles, units, origins; and dates, which are Babel's."""
    city, found, spots = examples.city(), examples.comparison(), examples.hotspots()
    series, areas = examples.series(), examples.areas()
    names: list[str] = [
        city.name,
        series.title,
        series.unit,
        series.name,
        spots.incidents.title,
        "ward",
        "City of Examples",
        str(areas.frame.crs.to_string()),
    ]
    names += [each.name for each in found.scenarios] + [found.receipt, str(found.verdict)]
    names += [text for each in found.differences for text in (str(each.title), str(each.unit), str(each.sentence))]
    mind = examples.mind()
    names += [mind.receipt, *mind.options]
    names += [
        str(mind.title),
        str(mind.unit),
        *(text for each in mind.tippings for text in (str(each.title), str(each.unit))),
    ]
    names += [text for each in mind.learnt for text in (str(each.title), str(each.errand))]
    names += [str(title).lower() for title in (mind.title, *(each.title for each in mind.tippings))]
    sites = examples.sites()
    names += [sites.title, "Sanitation", "Counter", "Today", "USD", *sites.frame["name"], *sites.frame.index]
    names += [*areas.frame["name"], *areas.frame.index, examples.forecast().model_title, *spots.methods.values()]
    names += [str(value) for each in examples.CAVEATS for value in each.evidence.values()]
    for load in (examples.energy(), examples.heat()):
        names += [load.series.title, load.series.unit]
    names.append(examples.energy().temperature)
    names += towns.names()
    names.append(as_list(["", ""]))  # lists are joined by Babel
    for width in ("wide", "abbreviated"):
        names += get_month_names(width, locale="en_GB").values()
    for width in ("wide", "short"):
        names += get_day_names(width, locale="en_GB").values()
    return {word.lower() for name in names for word in WORD.findall(name)} | {unit.lower() for unit in UNITS}


KNOWN = data_words()


def depths(text: str) -> Iterator[tuple[str, int]]:
    depth = 0
    for character in text:
        depth += (character == "⟦") - (character == "⟧")
        yield character, depth


def plain_words(text: str) -> list[str]:
    """Words that are neither data nor of the pseudo-language; a snapshot's digits are no words."""
    text = re.sub(r"\b[0-9a-f]{8}\b", " ", text)
    outside = "".join(character if depth == 0 else " " for character, depth in depths(text))
    inside = "".join(character if depth else " " for character, depth in depths(text))
    found = [word for word in WORD.findall(outside) if word.lower() not in KNOWN]
    # Within brackets a word that kept the letters which the pseudo-language changes was filled in: it must be data.
    return found + [
        word for word in WORD.findall(inside) if UNACCENTED.search(word) and word.lower() not in KNOWN and len(word) > 1
    ]


def texts_of(chart: Chart) -> Iterator[str]:
    for name in ("headline", "title", "subtitle", "filters", "interval", "source", "alt", "date"):
        yield getattr(chart, name)
    for mark in chart.marks:
        yield getattr(mark, "label", "")
        if isinstance(mark, Text):
            yield mark.text
        if isinstance(mark, Voices):
            yield re.sub(r"\{\d\}", "", mark.template)
            yield from {*mark.parts.ravel().tolist()}
        hover = getattr(mark, "hover", ()) or ()
        if isinstance(hover, GridHover):
            yield hover.template.format(area="", value="")
            yield from {*hover.areas.ravel().tolist(), *hover.values.ravel().tolist()} - {""}
        else:
            yield from hover
        if isinstance(mark, Grid | Choropleth):
            yield from (each.label for each in mark.legend)
    for axis in (chart.x, chart.y):
        yield axis.title
        yield from (label for _, label in axis.ticks)
    yield from (key.label for key in chart.key)
    yield from itertools.chain.from_iterable(statement(chart))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def words_of_svg(content: bytes) -> str:
    """What is written in the picture, and its own title, description and source."""
    root = ElementTree.fromstring(content)
    found = [*root.iter("{http://www.w3.org/2000/svg}text")]
    for name in ("title", "description", "source"):
        found += root.iterfind(f".//{{http://creativecommons.org/ns#}}Work/{{http://purl.org/dc/elements/1.1/}}{name}")
    return "\n".join("".join(each.itertext()) for each in found)


@pytest.fixture(autouse=True)
def pseudo() -> Iterator[None]:
    with use_language(PSEUDO):
        yield


def test_the_test_finds_a_plain_word() -> None:
    assert plain_words("⟦Póóléd⟧ nonsense") == ["nonsense"]
    assert plain_words("⟦Móré nonsense⟧") == ["nonsense"]
    assert plain_words("⟦Móré tháñ⟧ 3 requests, ⟦áñd ⟦bý⟧⟧ 3 March 2026") == []


@pytest.mark.parametrize("name", ALL)
def test_no_figure_says_a_word_of_ours_that_is_no_sentence(name: str) -> None:
    chart = ALL[name]()
    for text in texts_of(chart):
        assert plain_words(text) == [], text
    assert "⟦" in chart.headline or chart.name.removesuffix("-narrow") in ("difference", "dots", "groups"), (
        "their headline is the result's sentence"
    )


@pytest.mark.parametrize("name", ALL)
def test_no_file_says_a_word_of_ours_that_is_no_sentence(name: str) -> None:
    chart = ALL[name]()
    picture = Image.open(io.BytesIO(to_png(chart)))
    files = {
        "png": "\n".join(str(value) for value in picture.text.values()),
        "svg": words_of_svg(to_svg(chart)),
        "csv": re.sub(r"\d(e-\d+)", "", to_csv(chart).decode("utf-8-sig")),
    }
    for format, words in files.items():
        assert plain_words(words) == [], format
        assert squeezed(chart.headline) in squeezed(words)


@pytest.mark.parametrize("name", ALL)
def test_the_screen_says_what_the_chart_says(name: str) -> None:
    for annotation in screen_figure(ALL[name](), theme="light").layout.annotations:
        assert plain_words(re.sub(r"<[^>]*>", " ", annotation.text)) == []


@pytest.mark.parametrize("width", [800, 1200])
@pytest.mark.parametrize("name", ALL)
def test_nothing_is_clipped_in_a_file(name: str, width: int) -> None:
    whole, found = drawn_once(name, width)
    assert found
    for text, box in found:
        assert whole.contains(box.x0, box.y0), text
        assert whole.contains(box.x1, box.y1), text


PHONE = 390  # of which 17 pixels on each side are the page's own, as here the picture's 28
FOR_PHONES = [name for name in ALL if "narrow" in name or "map" in name or name in ("where", "hotspots", "dots")]


@pytest.mark.parametrize("name", FOR_PHONES)
def test_nothing_is_clipped_on_a_phone(name: str) -> None:
    chart = ALL[name]()
    whole, found = drawn(replace(chart, headline="⟦.⟧", title="⟦.⟧"), width=PHONE + 22)
    for text, box in found:
        assert whole.contains(box.x0, box.y0), text
        assert whole.contains(box.x1, box.y1), text


@pytest.mark.parametrize(("name", "width"), [*((name, 800) for name in ALL), *((name, PHONE) for name in FOR_PHONES)])
def test_the_ticks_of_an_axis_do_not_touch(name: str, width: int) -> None:
    chart = ALL[name]()
    _, found = drawn_once(name, width)
    for axis in (chart.x, chart.y):
        labels = {literal(label) for _, label in axis.ticks if axis.kind != "map"}
        boxes = [box for text, box in found if text in labels]
        assert not any(first.overlaps(second) for first, second in itertools.combinations(boxes, 2))


def drawn(chart: Chart, *, width: int) -> tuple[BboxBase, list[tuple[str, BboxBase]]]:
    """The page of a file, and each text on it with the box that it takes, pixels."""
    with mpl.rc_context(SETTINGS):
        figure = page_figure(chart, width=width)
        figure.draw_without_rendering()
        off = [axis for axes in figure.axes if not axes.axison for axis in (axes.xaxis, axes.yaxis)]
        hidden = {id(text) for axis in off for text in axis.findobj(Written)}
        shown = [text for text in figure.findobj(Written) if text.get_text().strip() and text.get_visible()]
        return figure.bbox, [(text.get_text(), text.get_window_extent()) for text in shown if id(text) not in hidden]


@cache
def drawn_once(name: str, width: int) -> tuple[BboxBase, list[tuple[str, BboxBase]]]:
    return drawn(ALL[name](), width=width)


@pytest.mark.parametrize("name", ALL)
def test_every_letter_can_be_drawn(name: str) -> None:
    letters = {letter for text in texts_of(ALL[name]()) for letter in text if not letter.isspace()}
    for face in (SANS, SANS_STRONG, SERIF):
        assert [letter for letter in letters if not any(has_glyph(letter, family) for family in face)] == []


def test_a_long_headline_is_whole_in_a_file() -> None:
    chart = replace(EVERY["difference"](), headline="⟦" + "Wórdš óf á lóñg štórý " * 20 + "⟧")
    whole, found = drawn(chart, width=800)
    assert all(whole.contains(box.x1, box.y1) for _, box in found)
