"""Every file that any view gives away, found by drawing the view and opened again: what the page says stands in it.

All in the pseudo-language, so that a word that was written into code, or made where the reader's language was not known, is
found on the page, in what its popovers hold, and in a file as well.
"""

from __future__ import annotations

import io
import json
import re
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from analytics.scenarios import Scenario
from analytics.scenarios.engines.signals.plans import REFINED
from analytics.signals.choices import best_plan
from dashboard.app import VIEWS
from dashboard.briefings import Briefing, stated
from dashboard.figures.statement import caveat_words, statement
from dashboard.shell.cached import file_of, table_file_of
from dashboard.views.decisions import view as decisions
from dashboard.views.hotspots import tabs as hotspots
from dashboard.views.models import view as models
from dashboard.views.scenarios.draft import Draft
from dashboard.views.scenarios.link import as_link
from dashboard.views.traffic import tabs as traffic
from data import open_city
from data.words import PSEUDO, say, use_language
from tests.conftest import REAL_DATA
from tests.junction_city import PLAN
from tests.junction_city import opened as junctions_in
from tests.pseudo_text import KEYS, STREAMLITS, data_words, texts_of, unsaid
from tests.saved_files import said_in
from tests.test_app import SECONDS, html_of, opened
from tests.test_signals_refined import checked, refined

pytestmark = pytest.mark.usefixtures("dashboard_workers")

TABS = {
    "hotspots": hotspots.TABS,
    "traffic": traffic.TABS,
    "models": tuple(models.TABS),
    "decisions": tuple(decisions.TABS),
}
PAGES = [(view, tab) for view in VIEWS for tab in TABS.get(view, ("",))]
ROAD = "R14-R15"  # the busiest, whose users are asked for: on two maps of their own
PART = "2x50x50"  # of a map, as a link says it
PARTS = {
    ("hotspots", "map"): ("seen",),
    ("hotspots", "signal"): ("seen_emerging",),
    ("scenarios", ""): ("seen_where", "seen_sites"),
    ("traffic", "map"): ("seen_roads", "seen_origins", "seen_destinations"),
}
"""The maps of each page, all enlarged: what a link calls what is seen of them."""
DRAWN = ("png", "svg", "pdf")
FIGURES, PAGE = {"csv", "xlsx"}, {"docx", "pptx", "pdf", "html"}
FILES = {
    "overview": PAGE,
    "outlook": FIGURES | PAGE,
    "hotspots": PAGE,
    "scenarios": FIGURES | PAGE | {"toml"},
    "traffic": PAGE,
    "models": PAGE,
}
CODE = {"toml", "json"}  # for programs to read
MATPLOTLIBS = {"Matplotlib", "https://matplotlib.org", "image/svg+xml"}  # what it writes of itself
ONE_SET_OF_NOTES = ("overview", "outlook", "scenarios")
READ = {
    "toml": lambda content: tomllib.loads(content.decode()),
    "json": json.loads,
    "ipynb": json.loads,
    "zip": lambda content: zipfile.ZipFile(io.BytesIO(content)).testzip() is None or pytest.fail("a damaged archive"),
}


@dataclass(frozen=True)
class Given:
    """A file that a view gives away: what makes it, and under which name."""

    data: Any
    name: str

    @property
    def format(self) -> str:
        return Path(self.name).suffix.removeprefix(".")

    @property
    def content(self) -> bytes:
        made = self.data() if callable(self.data) else self.data
        return made if isinstance(made, bytes) else made.encode()

    def made_by(self, function: Callable[..., Any]) -> bool:
        return getattr(self.data, "func", None) is function


@pytest.fixture(autouse=True)
def workspace(dashboard_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CIVICAST_HOME", str(dashboard_home))
    monkeypatch.setenv("CIVICAST_TEST_DATA", str(REAL_DATA))
    return dashboard_home


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[Given]:
    """The files of what is drawn after this; all that opens is open."""
    found: list[Given] = []

    def button(label: str, data: Any, file_name: str, **more: Any) -> bool:
        found.append(Given(data, file_name))
        return False

    def opens(make: Callable[..., Any]) -> Callable[..., Any]:
        def made(label: str, **more: Any) -> Any:
            container = make(label, **more)
            if more.get("on_change") == "rerun":
                container.open = True
            return container

        return made

    monkeypatch.setattr(streamlit, "download_button", button)
    for name in ("popover", "expander"):
        monkeypatch.setattr(streamlit, name, opens(getattr(streamlit, name)))
    return found


def squeezed(words: str) -> str:
    """Without the spaces, breaks and hyphens that a format may set elsewhere, and brackets that letters on paper lack."""
    return re.sub(r"[\s\x00⟦⟧]+", "", words)


def notes_of(html: str) -> list[str]:
    """The sentences of a page's own notes, in the order of their numbers: those of a later part go on from the first."""
    found: list[str] = []
    for number, note in re.findall(
        r'<div class="n">.*?>(\d+)</span><div><b[^>]*>.*?</b> (.*?)<small>', html, re.DOTALL
    ):
        if int(number) == len(found) + 1:
            found.append(unescape(note))
    return found


def wanted_of(each: Given) -> Iterator[str]:
    """What must stand in a file word for word: finding, filters, interval, source, date, receipt, each caveat with its numbers."""
    if each.made_by(file_of):
        yield from (text for _, text in statement(each.data.args[3]))
    elif each.made_by(table_file_of):
        yield from (text for _, text in each.data.args[4])
    else:
        briefing: Briefing = each.data.args[3]
        whole = {caveat_words(caveat) for caveat in briefing.caveats}  # which brackets may part
        yield from (text for text in stated(briefing) if text not in whole)
        for caveat in briefing.caveats:
            yield from (caveat.message, caveat.detail)


def chosen(found: list[Given]) -> Iterator[Given]:
    """Each file once, and of the three in which a figure is drawn by one code the next in turn."""
    seen: set[str] = set()
    charts: dict[str, int] = {}
    for each in found:
        if each.name in seen:
            continue
        seen.add(each.name)
        if each.made_by(file_of) and each.format in DRAWN:
            turn = charts.setdefault(each.name.rpartition(".")[0], len(charts))
            if each.format != DRAWN[turn % len(DRAWN)]:
                continue
        yield each


def read_again(files: list[Given], known: frozenset[str] | None, *, notes: list[str] | None = None) -> None:
    """Open the files: no word in them is of another language, and all that must stand in each does.

    With the ``notes`` of a page that has one set of them, they limit its figures under the page's numbers.
    """
    for each in files:
        texts = said_in(each.content, each.format) if each.format not in CODE else []
        if known is not None:
            assert unsaid(texts, known | MATPLOTLIBS, broken=each.format == "pdf") == [], each.name
        if each.format in READ:
            READ[each.format](each.content)
            continue
        said = squeezed(" ".join(texts))
        with use_language(PSEUDO):
            assert [words for words in wanted_of(each) if squeezed(words) not in said] == [], each.name
        if notes is not None and not each.made_by(table_file_of):
            with use_language(PSEUDO):
                own = [caveat.message for caveat in each.data.args[3].caveats]
            assert notes[: len(own)] == own, each.name
            places = [said.find(squeezed(note)) for note in own]
            assert places == sorted(places), each.name


def parts_in(files: list[Given]) -> set[str]:
    """The figures whose title, which ``wanted_of`` looks for in each file, says that they show a part of a map."""
    with use_language(PSEUDO):
        said = say("charts.part_alone", {"times": 2.0}).rstrip("·⟧")  # which may go on with the area
    charts = [each.data.args[3] for each in files if each.made_by(file_of)]
    return {chart.name for chart in charts if said in chart.title}


@pytest.mark.parametrize(("view", "tab"), PAGES)
def test_every_file_of_a_view_opens_and_says_what_the_page_says(
    view: str, tab: str, given: list[Given], known: frozenset[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    maps = PARTS.get((view, tab), ())
    link = {"tab": tab} if tab else {}
    link |= dict.fromkeys(maps, PART) | ({"road": ROAD} if (view, tab) == ("traffic", "map") else {})
    app = opened(view, monkeypatch, language=PSEUDO, **link)
    assert not app.exception
    assert unsaid(texts_of(app._tree), known | STREAMLITS | KEYS) == []
    notes = notes_of(html_of(app))
    files = list(chosen(given))
    read_again(files, known, notes=notes if view in ONE_SET_OF_NOTES else None)
    assert len(parts_in(files)) == len(maps)
    if view in (*ONE_SET_OF_NOTES, "hotspots"):
        assert notes
    if view in FILES and (view != "models" or tab == TABS[view][0]):  # whose other tabs show no more
        assert {each.format for each in files} >= FILES[view]


WEATHER = """
from dataclasses import replace
from analytics.requests import city_request
from dashboard.figures.charts import fan_chart
from dashboard.shell.controls import Opened
from dashboard.shell.panels import take_along
from dashboard.shell.session import reader_language
from dashboard.views.outlook.briefing import outlook_briefing
from dashboard.views.outlook.weather import with_the_weather
from data import open_city
from data.words import use_language
from tests.example_results import forecast
if __name__ == "__main__":
    with use_language(reader_language()):
        city, outlook = open_city("meridian"), forecast()
        outlook = replace(outlook, selection=replace(outlook.selection, ratios={{}}))
        beside = with_the_weather(Opened(city, city_request("meridian")), city.series["{series}"])
        take_along(outlook_briefing, outlook, [fan_chart(outlook)], city=city, caveats=(), beside=beside)
"""


# What is kept of these junctions must be found by no test that opens others in the same workspace.
OWN_PLAN = PLAN.replace("A,40", "A,42").replace(",80\n", ",82\n")


@pytest.mark.parametrize("series", ["electricity", "ambulance_calls"])
def test_the_weather_is_told_in_files_as_on_the_page(
    series: str, given: list[Given], known: frozenset[str], workspace: Path
) -> None:
    app = AppTest.from_string(WEATHER.format(series=series), default_timeout=SECONDS)
    app.query_params["language"] = PSEUDO
    app.run()
    assert not app.exception
    files = list(chosen(given))
    figures = [each for each in files if each.made_by(file_of)]
    read_again(figures, known, notes=notes_of(html_of(app)))
    read_again(
        [each for each in files if each not in figures], None
    )  # beside a forecast of the examples, in their words
    assert {each.format for each in files} >= FILES["outlook"]
    assert all(figures[0].data.args[3].title in stated(each.data.args[3]) for each in files if each not in figures)


def test_a_plan_checked_in_simulation_says_so_in_its_files(
    given: list[Given], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = junctions_in(tmp_path, plan=OWN_PLAN)
    plans = {"J1": best_plan(table, "J1")}
    checked(table, "J1", plans, (1, 2, 3), 6.0)
    toml = str(tmp_path / "city.toml")
    app = opened("traffic", monkeypatch, city=toml, language=PSEUDO, tab="signals", junction="J1")
    assert not app.exception
    read_again(list(chosen(given)), data_words(open_city(toml)))
    assert all("signals_in_simulation" in codes_of(each) for each in given)


def test_a_plan_refined_in_simulation_says_so_in_the_files_of_its_comparison(
    given: list[Given], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = refined(junctions_in(tmp_path, plan=OWN_PLAN))
    toml = str(tmp_path / "city.toml")
    option = Scenario("J1", levers={REFINED: [made.key]})
    link = as_link(Draft("signals", "centre", options=(option,)))
    app = opened("scenarios", monkeypatch, city=toml, language=PSEUDO, question="signals", plan=link)
    assert not app.exception
    read_again(list(chosen(given)), data_words(open_city(toml)), notes=notes_of(html_of(app)))
    assert all("signals_refined" in codes_of(each) for each in given if each.format in FIGURES | PAGE)


def codes_of(each: Given) -> set[str]:
    return {caveat.code for caveat in each.data.args[3].caveats}
