"""HTML that says what the values say, and runs nothing that a name contains."""

from __future__ import annotations

import ast
import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import example_results as examples
import pytest

from analytics.results import Severity, by_severity
from analytics.scenarios import Lever, Number
from dashboard import markup
from dashboard.figures.palette import colours
from dashboard.markup import day as markup_day
from dashboard.markup import models as markup_models
from dashboard.style import style_block
from dashboard.views.outlook.tables import leaderboard_rows

EVIL = '<script>alert("x")</script>'
VOID = {"br", "img"}
DASHBOARD = Path(markup.__file__).parents[1]


class Balance(HTMLParser):
    """Elements in order, the words between them; every element that opens must close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def parsed(text: str) -> Balance:
    balance = Balance()
    balance.feed(text)
    assert balance.open == []
    return balance


NINE = by_severity(examples.nine_long_caveats())
EVERY = {
    "context": markup.context_line([EVIL, EVIL], tag=EVIL),
    "headline": markup.headline(EVIL, examples.CAVEATS),
    "section": markup.section(EVIL, EVIL),
    "statement": markup.statement(EVIL),
    "paragraph": markup.paragraph(EVIL),
    "notes": markup.margin_notes(NINE),
    "figure": markup_day.figures([markup_day.Figure(EVIL, 3.0, EVIL, EVIL, 1.0, 5.0, href=EVIL)]),
    "alarm": markup_day.alarms([markup_day.AlarmRow(EVIL, EVIL, EVIL, EVIL, EVIL, 1, 2, EVIL)]),
    "target": markup_day.targets([EVIL], [markup_day.TargetRow(*[EVIL] * 3, 0.5, *[EVIL] * 4)], label=EVIL),
    "line": markup_day.lines([markup_day.Line(EVIL, EVIL, EVIL, EVIL)]),
    "folded": markup.folded(EVIL, ""),
    "source": markup.source_line(EVIL),
    "table": markup.table([EVIL], [[EVIL]], right=[0], label=EVIL),
    "option": markup.option_cards(
        [
            markup.Card(
                EVIL, role="option_a", shape="square", rows=(markup.CardRow(EVIL, EVIL),), beats=EVIL, corner=EVIL
            )
        ]
    ),
    "details": markup.details(EVIL, [(EVIL, [EVIL, EVIL])]),
    "models": markup_models.model_cards(
        [markup_models.ModelCard(EVIL, Severity.CAUTION, EVIL, EVIL, {EVIL: [EVIL, EVIL]}, [0.8, 2.0], EVIL, EVIL)]
    ),
}


@pytest.mark.parametrize("name", EVERY)
def test_html_is_whole_and_runs_no_names(name: str) -> None:
    assert "script" not in parsed(EVERY[name]).seen
    assert "<script" not in EVERY[name]


@pytest.mark.parametrize("name", EVERY)
def test_colours_come_from_the_style_block(name: str) -> None:
    assert not re.search(r"#[0-9A-Fa-f]{6}", EVERY[name])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_that_the_style_uses_is_defined(theme: str) -> None:
    style = style_block(theme)  # type: ignore[arg-type]
    defined = set(re.findall(r"--cc-(\w+):light-dark", style))
    set_on_elements = {"edge"}
    assert set(re.findall(r"var\(--cc-(\w+)", style)) <= defined | set_on_elements
    assert defined <= set(colours("light"))
    assert f"color-scheme:{theme}" in style


def test_rules_that_ask_what_elements_hold_are_sent_with_a_single_figure_alone() -> None:
    page, single = style_block("light"), style_block("light", alone=True)
    assert single.startswith(page.removesuffix("</style>"))
    assert "st-key-alone" in single
    # Those left stand under a width of the window, or begin with what is rarely there.
    everywhere = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", page)
    asking = re.findall(r"[^{}]*:has\([^{}]*(?=\{)", everywhere)
    assert asking
    assert all(
        re.match(r"\s*(\[data-testid=\"st(DataFrame|PopoverBody)\"\]|\.st-key-[a-z-]+-choices>)", each)
        for each in asking
    )


def test_narrow_windows_are_asked_for_on_screens_alone_and_paper_has_no_buttons() -> None:
    """Paper is told to be as wide as a desk; browsers ask for its width before they know that."""
    assert re.findall(r"@media[^{]*max-width[^{]*", STYLE)
    assert all("screen and" in each for each in re.findall(r"@media[^{]*max-width[^{]*", STYLE))
    assert "@page{size:A3 landscape" in STYLE
    [beside] = re.findall(r"@media print\{\.stHorizontalBlock:has\(>\.stColumn\)\{([^}]*)\}", STYLE)
    assert beside == "display:flex!important;break-inside:avoid", "columns stand beside each other, and on one page"
    [hidden] = re.findall(r"@media print\{:is\(([^{]*)\)\{display:none\}", STYLE)
    assert {".stButton", ".stDownloadButton", '[data-testid="stPopover"]'} <= set(hidden.split(","))


def test_headings_are_real() -> None:
    assert parsed(EVERY["headline"]).seen.count("h1") == 1
    assert "h2" in parsed(EVERY["section"]).seen
    assert parsed(EVERY["notes"]).seen[0] == "aside"
    assert {"thead", "th", "td"} <= set(parsed(EVERY["table"]).seen)


def test_a_headline_that_two_lines_do_not_hold_is_set_in_smaller_letters() -> None:
    assert markup.headline("a" * 112).startswith('<h1 class="cc-headline">')
    assert markup.headline("a" * 113).startswith('<h1 class="cc-headline long">')


def test_the_number_of_a_caveat_keeps_to_the_last_word_of_a_headline() -> None:
    written = markup.headline("Over capacity.", examples.CAVEATS)
    assert re.search(r'Over capacity<span class="cc-last">\.<span class="cc-ring [a-z_]+"', written)
    assert ".cc-headline .cc-last{white-space:nowrap}" in style_block("light")


def test_the_titles_of_options_follow_the_headline_by_one_level() -> None:
    assert [tag for tag in parsed(EVERY["option"]).seen if tag in {"h2", "h3"}] == ["h2"]


@pytest.mark.parametrize("name", ["table", "option"])
def test_a_keyboard_reaches_what_scrolls_within_itself(name: str) -> None:
    [opened] = re.findall(r"<div class=\"[\w -]*cc-scroll\"[^>]*>", EVERY[name])
    assert 'tabindex="0"' in opened
    assert re.search(r'role="group" aria-label="[^"]+"', opened)


def test_notes_that_stand_beside_others_say_what_they_are_about() -> None:
    assert 'aria-label="What this cannot tell you"' in EVERY["notes"]
    assert 'aria-label="What this cannot tell you: &lt;b&gt;"' in markup.margin_notes(NINE, on="<b>")


def test_every_caveat_is_on_the_page_and_the_rest_is_counted() -> None:
    words = parsed(EVERY["notes"]).words
    assert all(caveat.message in words and caveat.detail in words for caveat in NINE)
    assert "and 4 more" in words
    assert words.index("Do not use.") < words.index("Caution.") < words.index("Note.")


def test_no_caveats_no_margin() -> None:
    assert markup.margin_notes(()) == ""


def test_severity_has_a_shape_of_its_own() -> None:
    rings = [markup.margin_notes([caveat]) for caveat in NINE]
    assert {kind for ring in rings for kind in Severity if f'cc-ring {kind.value}"' in ring} == set(Severity)


@pytest.mark.parametrize(("value", "outside"), [(88.0, True), (75.0, False), (12.0, True)])
def test_a_figure_stands_where_it_belongs_on_its_strip(value: float, outside: bool) -> None:
    figure = markup_day.figures([markup_day.Figure("Assaults", value, "88", "expected 71 to 80", 71.0, 80.0)])
    low, at = (float(place) for place in re.findall(r"left:([\d.]+)%", figure))
    high = low + float(re.findall(r"width:([\d.]+)%", figure)[0])
    assert 0 <= min(low, at) <= max(high, at) <= 100
    assert (not low <= at <= high) == outside
    assert ("cc-figure out" in figure) == outside


def test_a_figure_without_a_range_has_no_strip_but_that_of_one_that_is_waited_for() -> None:
    without = markup_day.Figure("Delay", 33.0, "33", "the mean of the week")
    assert "cc-strip" not in markup_day.figures([without])
    assert "cc-strip waiting" in markup_day.figures([replace(without, waiting=True)])


@pytest.mark.parametrize(
    ("chance", "filled"), [(0.0, 0), (0.001, 1), (0.25, 5), (0.5, 10), (0.974, 19), (0.999, 19), (1.0, 20)]
)
def test_dots_are_all_or_none_only_where_a_chance_is_certain(chance: float, filled: int) -> None:
    row = markup_day.TargetRow("T", "", "", chance, "", "", "")
    drawn = markup_day.targets(["T"], [row], label="T")
    assert (drawn.count("<i></i>"), drawn.count("<u></u>")) == (filled, 20 - filled)


def test_dots_are_counted_and_told() -> None:
    drawn = markup_day.dots(3, 12, kind="wrong", label="3 of 12")
    assert (drawn.count("<i></i>"), drawn.count("<u></u>")) == (3, 9)
    assert 'role="img" aria-label="3 of 12"' in drawn


def test_a_small_drawing_has_its_band_its_gap_and_its_mark() -> None:
    values = [1.0, 2.0, float("nan"), 4.0, 9.0]
    address = markup_day.sparkline(values, low=[0.0] * 5, high=[5.0] * 5, marked=[False] * 4 + [True], theme="light")
    drawn = base64.b64decode(address.removeprefix("data:image/svg+xml;base64,")).decode()
    lines = re.findall(r'polyline points="([^"]+)"', drawn)
    assert [len(line.split()) for line in lines] == [2, 2, 1]  # before the gap, after it, and what is unusual
    assert drawn.count("<polygon") == drawn.count("<circle") == 1
    heights = [float(point.split(",")[1]) for point in " ".join(lines[:2]).split()]
    assert heights == sorted(heights, reverse=True)  # more is higher up
    places = [float(place) for place in re.findall(r"[\d.]+(?=,)", drawn)]
    assert 0 < min(places) < max(places) < markup_day.WIDTH
    assert (
        "polygon"
        not in base64.b64decode(
            markup_day.sparkline(values, low=(), high=(), marked=[False] * 5, theme="dark").split(",")[1]
        ).decode()
    )


@pytest.mark.parametrize("value", [-4.0, 0.0, 3.0, 250.0])
def test_a_lever_stands_inside_its_strip(value: float) -> None:
    lever = Lever("x.y", "Desks", "", "desks", Number(-10, 1000), seen=(1.0, 5.0))
    row = markup.CardRow("Desks", "many", lever, value)
    card = markup.option_cards([markup.Card("A", role="option_a", shape="square", rows=(row,), beats="")])
    start, width, at = (float(each) for each in re.findall(r"(?:left|width):([\d.]+)%", card))
    assert 0 <= start <= start + width <= 100
    assert 0 < at < 100
    assert (start <= at <= start + width) == (1 <= value <= 5)


def test_what_history_has_shown_is_told_with_one_unit_or_not_at_all() -> None:
    def shown(seen: tuple[float, float] | None) -> str:
        lever = Lever("x.y", "Crews", "", "crews", Number(-10, 10), seen=seen)
        return markup.seen_strip(lever, value=0.0, low=-10, high=10)

    assert "seen \u22121.5 to 1 crews" in shown((-1.5, 1.0))
    assert "no change in the data" in shown((0.0, 0.0))
    assert "no change in the data" in shown(None)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ('<b>x</b> & "y"', '\\<b\\>x\\</b\\> \\& "y"'),
        ("**a** _b_ :red[c] $d$", "\\*\\*a\\*\\* \\_b\\_ \\:\u2060red\\[c\\] \\$d\\$"),
        ("1. first", "1\\. first"),
        ("- so", "\\- so"),
        ("9.5 desks - or 3+4", "9\\.5 desks - or 3+4"),
        ("Über uns", "Über uns"),
        # What a browser makes of letters once markdown has been read: links, icons, arrows.
        ("http://x.org", "http\\:\u2060//x.org"),
        ("www.x.org a@b.org", "www\u2060.x.org a@\u2060b.org"),
        (":material/home:", "\\:\u2060material/home\\:"),
        ("a -> b", "a -\u2060\\> b"),
        ("from 22:00 to 6 %, at 3\u202fh: late", "from 22\\:00 to 6 %, at 3\u202fh\\: late"),
        # A line feed would begin another block.
        ("a\n\n- b\n# c ", "a - b \\# c"),
    ],
)
def test_a_name_in_a_label_is_no_markup(text: str, escaped: str) -> None:
    assert markup.label(text) == escaped


def test_a_bar_of_error_stays_inside_its_card() -> None:
    card = markup_models.model_cards(
        [markup_models.ModelCard("x", None, "y", "z", {"a": ["b"], "c": ["d"]}, ratios=[9.0])]
    )
    assert "cc-bar worse" in card
    assert all(0 <= float(width) <= 100 for width in re.findall(r"(?:width|left):([\d.]+)%", card))


# What each widget reads as markdown, by the name of the argument; the first one is its label.
READ = {
    "button": "label", "checkbox": "label", "date_input": "label", "download_button": "label", "error": "body",
    "expander": "label", "file_uploader": "label", "info": "body", "multiselect": "label", "number_input": "label",
    "pills": "label", "popover": "label", "progress": "text", "segmented_control": "label", "selectbox": "label",
    "slider": "label", "success": "body", "text_input": "label", "toggle": "label", "warning": "body", "widget": "label",
    "markdown": "body", "write": "body", "caption": "body", "toast": "body", "radio": "label", "text_area": "label",
    "link_button": "label", "metric": "label", "spinner": "text", "status": "label", "image": "image",
}  # fmt: skip


def read_as_markdown(call: ast.Call) -> list[ast.expr]:
    """The arguments of a call of a widget that it reads as markdown."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in READ:
        return []
    named = [each.value for each in call.keywords if each.arg in {READ[name], "help"}]
    return named + (call.args[:1] if READ[name] != "text" else [])


def plain(given: ast.expr) -> bool:
    """Whether an argument holds no word but ours: a sentence without evidence, or one that is a label."""
    if isinstance(given, ast.IfExp):
        return plain(given.body) and plain(given.orelse)
    if isinstance(given, ast.Call):
        called = ast.unparse(given.func)
        return called == "markup.label" or (called == "say" and len(given.args) == 1)
    return isinstance(given, ast.Constant)


def test_whatever_a_widget_reads_as_markdown_is_our_own_words_or_a_label() -> None:
    found, count = [], 0
    for path in sorted(DASHBOARD.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[0] in {"st", "bar", "widget"}:
                given = read_as_markdown(call)
                count += len(given)
                found += [f"{path.name}:{each.lineno} {ast.unparse(each)}" for each in given if not plain(each)]
    assert found == []
    assert count > 50


def test_an_error_on_the_page_is_the_one_in_its_files_and_lies_inside_its_interval() -> None:
    whole = examples.forecast()
    tests = {"pooled_counts": examples.backtest(ratio=0.78), "seasonal_naive": examples.backtest(ratio=1.0)}
    weighted = replace(whole.selection, chosen="pooled_counts", ratios={"pooled_counts": 0.9, "seasonal_naive": 1.0})
    outlook = replace(whole, backtests=tests, selection=weighted)
    html = markup.leaderboard(outlook)
    for error in (row[2].split(" [")[0] for row in leaderboard_rows(outlook)[1]):
        assert f'<td class="r">{error}</td>' in html
    assert "90" not in parsed(html).words


STYLE = (DASHBOARD / "style.css").read_text(encoding="utf-8")


def test_a_column_of_any_width_shows_one_of_what_is_drawn_twice() -> None:
    hidden = re.findall(r'@container \((min|max)-width:(\d+)px\)\{\[class\*="st-key-(\w+)-"\]\{display:none', STYLE)
    edges = {(kind, end): int(pixels) for end, pixels, kind in hidden}
    assert sorted(edges) == [("narrow", "min"), ("wide", "max")]
    assert edges["narrow", "min"] == edges["wide", "max"] + 1


def test_the_style_holds_nothing_that_looks_like_an_element() -> None:
    # What cleans the page's HTML throws a whole style away in which an element could begin.
    assert not re.search(r"<[/\w!]", STYLE)


def test_the_style_names_only_keys_that_views_have() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in DASHBOARD.rglob("*.py"))
    named = {each.rstrip("-") for each in re.findall(r"st-key-([\w-]+)", STYLE)} - {"wide", "narrow"}
    assert {"study", "compared", "notes", "levers", "pointing", "fits"} <= named
    for name in sorted(named):
        assert re.search(rf'(key=f?|= )"{name}["-]', code), name
