"""Both renderers draw the same marks, and no caveat is lost in a file."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import example_results as examples
import numpy as np
import plotly.graph_objects as go
import pytest
from PIL import Image
from test_charts import EVERY, MEASURE, OPTION, marks

from dashboard.figures import charts, maps
from dashboard.figures.chart import Band, Bars, Chart, Choropleth, Grid, Line, Outline, Points, Strokes, Text, Voices
from dashboard.figures.palette import DIVERGING, GRAPHIC_ROLES, SEQUENTIAL, TEXT_ROLES, Theme, colours, contrast
from dashboard.figures.render.file import to_image
from dashboard.figures.render.layout import GAP, end_labels, key_of, spread
from dashboard.figures.render.screen import SCREEN_CONFIG, screen_figure
from dashboard.figures.render.screen_marks import MOST_POINTS, thinned
from dashboard.figures.render.typeset import SANS, SERIF, width_of, wrap

SVG = "{http://www.w3.org/2000/svg}"
THEMES: tuple[Theme, ...] = ("light", "dark")


def svg_words(chart: Chart, **options: int) -> str:
    root = ElementTree.fromstring(to_image(chart, format="svg", **options))
    return " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("role", TEXT_ROLES)
def test_words_can_be_read_on_page_and_surface(role: str, theme: Theme) -> None:
    palette = colours(theme)
    assert min(contrast(palette[role], palette[behind]) for behind in ("page", "surface")) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("role", GRAPHIC_ROLES)
def test_marks_can_be_seen_on_page_and_surface(role: str, theme: Theme) -> None:
    palette = colours(theme)
    assert min(contrast(palette[role], palette[behind]) for behind in ("page", "surface")) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_words_on_filled_shapes_can_be_read(theme: Theme) -> None:
    palette = colours(theme)
    assert contrast(palette["on_primary"], palette["primary"]) >= 4.5
    assert contrast(palette["caution"], palette["caution_fill"]) >= 4.5
    assert contrast(palette["page"], palette["do_not_use"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_scales_go_one_way(theme: Theme) -> None:
    palette = colours(theme)
    steps = [contrast(palette[role], palette["page"]) for role in SEQUENTIAL]
    assert steps == sorted(steps)
    assert len({palette[role] for role in DIVERGING}) == 10


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", EVERY)
def test_the_screen_draws_every_mark_in_the_themes_colours(name: str, theme: Theme) -> None:
    chart = EVERY[name]()
    figure = screen_figure(chart, theme=theme)
    drawn = sum(isinstance(mark, Line | Band | Points | Bars | Grid | Strokes | Voices) for mark in chart.marks)
    drawn += 2 * len(marks(chart, Choropleth))  # the areas, and crosses on the hatched ones
    drawn += len(marks(chart, Text)) + 1  # on a globe; and one trace answers for all that stand at an x
    assert 0 < len(figure.data) <= drawn
    assert len(figure.layout.images) == len(marks(chart, Outline))
    written = [annotation.text for annotation in figure.layout.annotations]
    written += [words for trace in figure.data if getattr(trace, "mode", "") == "text" for words in trace.text]
    for text in marks(chart, Text):
        assert any(text.text.replace("\n", "<br>") in words for words in written)
    used = set(re.findall(r"#[0-9A-Fa-f]{6}", figure.to_json()))
    assert used <= set(colours(theme).values())


@pytest.mark.parametrize("name", EVERY)
def test_every_point_and_line_is_drawn_where_it_stands_in_its_own_look(name: str) -> None:
    """Though lines that look alike are one trace, and points of any look."""
    chart = EVERY[name]()
    if marks(chart, Choropleth):
        pytest.skip("a globe has its points in degrees")
    wanted = Counter(
        each
        for mark in marks(chart, Line | Points)
        for each in seen(screen_figure(replace(chart, marks=[mark]), theme="light"))
    )
    assert not wanted - Counter(seen(screen_figure(chart, theme="light")))


def seen(figure: go.Figure) -> Iterator[tuple[object, ...]]:
    """Each line without a gap and each point of a figure, with its look."""
    for trace in figure.data:
        if trace.type != "scatter":
            continue
        at = list(zip(map(str, trace.x), map(str, trace.y), strict=True))
        if trace.mode == "lines" and trace.fill is None:
            for run in re.split("NoneNone|nannan", " ".join("".join(each) for each in at)):
                yield str(trace.line), trace.opacity, run.strip()
        elif trace.mode == "markers" and trace.marker.symbol is not None:
            look = (
                trace.marker.symbol,
                trace.marker.size,
                trace.marker.color,
                trace.marker.line.color,
                trace.marker.line.width,
            )
            of_each = zip(*([each] * len(at) if not isinstance(each, tuple) else each for each in look), strict=True)
            yield from zip(at, of_each, strict=True)


@pytest.mark.parametrize("name", EVERY)
def test_no_trace_needs_webgl_or_a_tile_server(name: str) -> None:
    kinds = {trace.type for trace in screen_figure(EVERY[name](), theme="light").data}
    assert kinds <= {"scatter", "bar", "heatmap", "choropleth", "scattergeo"}
    assert SCREEN_CONFIG["displayModeBar"] is False
    assert SCREEN_CONFIG["topojsonURL"].startswith("/")


def test_geometry_never_travels_with_the_figure() -> None:
    figure = screen_figure(EVERY["hotspots"](), theme="light")
    assert figure.layout.images[0].source == "/geometry/examples/ward.svg?theme=light"
    cells = sum(np.count_nonzero(mark.classes) for mark in EVERY["hotspots"]().marks if isinstance(mark, Grid))
    assert len(figure.to_json()) < 10_000 + 40 * cells, "a name and a number a cell, and no shape"
    assert "coordinates" not in screen_figure(EVERY["where"](), theme="dark").to_json()


@pytest.mark.parametrize("name", ["hotspots", "emerging", "where"])
def test_the_key_of_a_map_stands_below_it_and_takes_nothing_from_it(name: str) -> None:
    chart = EVERY[name]()
    layout = screen_figure(chart, theme="light").layout
    assert len(key_of(chart)) > 1
    assert layout.height - layout.margin.t - layout.margin.b == chart.height


def test_names_are_escaped_on_the_screen() -> None:
    place = '<img src=x onerror="alert(1)">'
    sent = screen_figure(charts.series_chart(examples.series(), location=place), theme="light").to_json()
    assert "<img" not in sent
    areas = examples.areas()
    areas.frame["name"] = place
    sent = screen_figure(
        maps.hotspot_map(examples.hotspots(), city_key="examples", areas=areas, share=0.05), theme="light"
    ).to_json()
    assert "<img" not in sent


@pytest.mark.parametrize("name", EVERY)
def test_a_file_holds_what_stands_on_the_screen(name: str) -> None:
    chart = EVERY[name]()
    words = svg_words(chart)
    for said in (chart.headline, chart.source, chart.interval, chart.filters, chart.title, chart.subtitle):
        assert squeezed(said) in squeezed(words)
    for mark in marks(chart, Text):
        assert squeezed(mark.text) in squeezed(words)
    for label in [*end_labels(chart, pixels=200), *key_of(chart)]:
        assert squeezed(getattr(label, "text", getattr(label, "label", ""))) in squeezed(words)
    for _, tick in (*chart.x.ticks, *chart.y.ticks):
        assert squeezed(tick) in squeezed(words)


@pytest.mark.parametrize("width", [800, 1200])
def test_nine_long_caveats_are_whole_in_the_picture(width: int) -> None:
    chart = charts.fan_chart(examples.forecast(caveats=examples.nine_long_caveats()))
    words = squeezed(svg_words(chart, width=width))
    assert len(chart.caveats) == 9
    for caveat in chart.caveats:
        assert squeezed(caveat.message) in words
        assert squeezed(caveat.detail) in words


def test_the_picture_grows_with_what_it_says() -> None:
    short, long = (
        Image.open(io.BytesIO(to_image(charts.fan_chart(examples.forecast(caveats=caveats)), format="png")))
        for caveats in ((), examples.nine_long_caveats())
    )
    assert short.width == long.width == 800
    assert long.height > short.height + 400
    bottom = np.asarray(long.convert("L"))[-10:]
    assert (bottom == 255).all(), "words run over the lower edge"


@pytest.mark.parametrize("name", EVERY)
def test_no_word_touches_the_side_of_a_picture(name: str) -> None:
    pixels = np.asarray(Image.open(io.BytesIO(to_image(EVERY[name](), format="png"))).convert("L"))
    assert (pixels[:, :6] == 255).all()
    assert (pixels[:, -6:] == 255).all()


@pytest.mark.parametrize("format", ["png", "svg"])
def test_the_same_chart_gives_the_same_bytes(format: str) -> None:
    def make() -> bytes:
        chart = charts.group_chart(examples.comparison(), option=OPTION, measure=MEASURE)
        return to_image(chart, format=format)  # type: ignore[arg-type]

    assert make() == make()


def test_names_in_any_script_and_with_dollars_are_drawn() -> None:
    chart = charts.series_chart(examples.series(), location="東京 $2 or $3, Łódź, Αθήνα")
    assert "東京 $2 or $3" in svg_words(chart)
    assert to_image(chart, format="png").startswith(b"\x89PNG")


def test_labels_are_moved_apart_and_stay_in_order() -> None:
    placed = spread([100.0, 99.0, 98.0, 20.0], gap=GAP)
    assert (-np.diff(placed) >= GAP - 1e-9).all()
    assert placed[-1] == 20.0
    assert np.mean(placed[:3]) == pytest.approx(99.0)


def test_wrapping_loses_nothing_and_fits() -> None:
    text = "One sentence with aWordThatIsMuchLongerThanAnyLineCouldEverHold and an end"
    lines = wrap(text, width=120, face=SANS, size=13)
    assert squeezed("".join(lines)) == squeezed(text)
    assert max(width_of(line, face=SANS, size=13) for line in lines) <= 120
    assert width_of("wide", face=SERIF, size=22) > width_of("wide", face=SANS, size=13)


def test_a_line_of_more_points_than_pixels_keeps_its_peaks_its_gaps_and_its_sentences() -> None:
    y = np.sin(np.arange(9 * MOST_POINTS) / 50.0)
    y[4000], y[100], y[5000:5100] = 9.0, -9.0, np.nan
    line = thinned(Line(np.arange(len(y)), y, hover=[str(place) for place in range(len(y))]))
    assert MOST_POINTS / 2 < len(line.x) <= 1.6 * MOST_POINTS
    assert (np.nanmax(line.y), np.nanmin(line.y)) == (9.0, -9.0)
    assert (line.x[0], line.x[-1]) == (0, len(y) - 1)
    assert np.isnan(line.y).any()
    assert [y[place] for place in line.x][:50] == list(line.y[:50])
    assert [str(place) for place in line.x] == list(line.hover)
    short = Line(np.arange(MOST_POINTS), y[:MOST_POINTS])
    assert thinned(short) is short
