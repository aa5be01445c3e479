"""Each view as a person sees it, without a browser: a headline first, then its notes, and never a traceback."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from tiny_city import write_city

from analytics.errors import Cancelled
from analytics.hotspots.subjects import subjects
from analytics.openings import first_forecast, first_map
from analytics.requests import Request, city_request
from dashboard.figures.charts import track_record_chart
from dashboard.shell.cached import file_of
from dashboard.shell.cities import START
from dashboard.shell.waiting import await_result
from dashboard.views.hotspots.work import hotspots_of
from dashboard.views.outlook.work import measured_of, outlook_of, service_of
from dashboard.workers import jobs
from dashboard.workers.work import chances_of, effects_of
from data import open_city
from data.frequency import Frequency
from data.words import PSEUDO
from tests.conftest import REAL_DATA
from tests.example_results import backtest

APP = str(Path(__file__).parent.parent / "dashboard" / "script.py")
SECONDS = 240
# A worker that a view starts imports the script that started it, and must not draw a page: hence the guard.
VIEW = """
from dashboard.shell.panels import tell
from dashboard.shell.session import reader_language
from dashboard.views.{name} import view
from data.words import use_language
if __name__ == "__main__":
    with use_language(reader_language()):
        tell(view.show)
"""


pytestmark = pytest.mark.usefixtures("dashboard_workers")


@pytest.fixture(autouse=True)
def workspace(dashboard_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CIVICAST_HOME", str(dashboard_home))
    monkeypatch.setenv("CIVICAST_TEST_DATA", str(REAL_DATA))
    return dashboard_home


def opened(name: str, monkeypatch: pytest.MonkeyPatch, *, city: str = "meridian", **link: str) -> AppTest:
    """A view, opened by a link with these parameters."""
    monkeypatch.setenv(START, city)
    if city == "meridian":
        open_city(city)
    app = AppTest.from_string(VIEW.format(name=name), default_timeout=SECONDS)
    for key, value in link.items():
        app.query_params[key] = value
    return app.run()


@pytest.fixture(scope="module")
def view(dashboard_home: Path, dashboard_workers: None) -> Iterator[Callable[[str], AppTest]]:
    """A view by its name as Meridian's visitors find it, opened once: for tests that only read it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIVICAST_HOME", str(dashboard_home))
        patch.setenv("CIVICAST_TEST_DATA", str(REAL_DATA))
        yield cache(lambda name: opened(name, patch))


def html_of(app: AppTest) -> str:
    return " ".join(getattr(each.proto, "body", "") for each in app.get("html"))


def test_the_app_opens_on_the_overview(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(START, "meridian")
    open_city("meridian")
    app = AppTest.from_file(APP, default_timeout=SECONDS).run()
    assert not app.exception
    assert "things were unusual" in html_of(app)


def test_a_link_asks_for_a_language_and_the_pages_after_it_keep_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(START, "meridian")
    open_city("meridian")
    app = AppTest.from_file(APP, default_timeout=SECONDS)
    app.query_params["language"] = PSEUDO
    assert html_of(app.run()).count("⟦") > 10
    del app.query_params["language"]
    assert html_of(app.run()).count("⟦") > 10
    app.query_params["language"] = "tlh"
    assert "⟦" not in html_of(app.run())


def test_a_file_is_in_the_language_of_who_asked_for_it() -> None:
    # The server asks for the bytes in a thread of its own, in which no language is set.
    chart = track_record_chart(backtest(), title="Requests", freq=Frequency.DAY)
    plain, pseudo = (file_of("key", "csv", each, chart) for each in ("en", PSEUDO))
    assert "⟦".encode() in pseudo
    assert "⟦".encode() not in plain


@pytest.mark.parametrize("name", ["outlook", "hotspots"])
def test_a_view_opens_with_what_is_made_before_anybody_asks(name: str, view: Callable[[str], AppTest]) -> None:
    assert not view(name).exception
    city, request = open_city("meridian"), city_request("meridian")
    first_series, first_incidents = next(iter(city.series)), next(iter(subjects(city)))
    beforehand = {
        "outlook": (outlook_of, first_forecast(city, request, first_series)),
        "hotspots": (hotspots_of, first_map(request, first_incidents)),
    }
    assert jobs.submit(*beforehand[name], asker="test").done()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "overview",
            [
                "Week to 30 June 2026</span>",
                "things were unusual",
                "Unusual in the week to",
                "Targets",
                "What was read and what was set aside",
            ],
        ),
        (
            "outlook",
            [
                "8 in 10 futures lie between",
                "Leaderboard",
                "Pooled counts",
                "What the calendar does",
                "How long requests",
            ],
        ),
        ("hotspots", ["chance would be", "Did the hotspots move?", "Chance of one in 28 days"]),
        ("scenarios", ["paired futures", "Receipt", "What the others are measured against"]),
        ("traffic", ["Traffic"]),
        ("evaluation", ["Did it work?"]),
        ("models", ["without a measurement here", "How wrong each forecast model has been"]),
    ],
)
def test_a_view_says_what_it_is_for(name: str, words: list[str], view: Callable[[str], AppTest]) -> None:
    app = view(name)
    page = html_of(app)
    assert not app.exception
    assert not app.error
    assert "cc-headline" in page
    assert "synthetic data" in page
    assert page.count("describe no real place") <= 1  # a note of the page is not said again further down
    for each in words:
        assert each in page


def test_a_link_asks_whether_a_policy_worked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {
        "series": "service_requests",
        "category": "street_lighting",
        "since": "2024-09-02",
        "areas": "D4,D8,nowhere",
    }
    app = opened("evaluation", monkeypatch, **asked)
    page = html_of(app)
    assert not app.exception
    for each in ("less than was to be expected without the policy", "Highbarrow, Lowmead", "By every method", "Next door",
                 "The same question asked of other areas", "The plain change from before to after misleads"):  # fmt: skip
        assert each in page
    app = opened("evaluation", monkeypatch, series="service_requests", since="1999-01-01")
    assert "Choose the day" in html_of(app) or "Choose the day" in app.info[0].value
    assert app.warning


def test_a_link_restores_a_view(monkeypatch: pytest.MonkeyPatch) -> None:
    page = html_of(opened("hotspots", monkeypatch, incidents="Burglaries", share="10"))
    assert "Burglaries" in page
    assert "This 10\u202f% of the city" in page


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"cells": "Areas"}, "Cells: areas."),
        ({"cells": "Hexagons", "metres": "400 m"}, "Cells: hexagons of 400 m."),
    ],
)
def test_a_map_is_made_of_the_cells_that_were_chosen(
    link: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened("hotspots", monkeypatch, **link)
    assert not app.exception
    assert words in html_of(app)
    # Meridian has no network of streets, so none are offered.
    assert app.selectbox(key="cells").options == ["Squares", "Hexagons", "Areas"]


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("Fairness", ["Who lives where the map points", "If half were reported there", "seem under-reported in"]),
        (
            "Signal and noise",
            ["How much is chance?", "The seven words", "Did the promises hold?", "What has clustered lately"],
        ),
        ("Method", ["Which method would have caught more", "Against plain counts", "What this map is made of"]),
    ],
)
def test_the_tabs_of_the_hotspots(tab: str, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("hotspots", monkeypatch, tab=tab)
    page = html_of(app)
    assert not app.exception
    for each in words:
        assert each in page


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"tab": "cards"}, ["Prophet", "Not measured", "Full record"]),
        ({"tab": "record", "record": "hotspots.promap"}, ["Johnson, Bowers, Birks and Pease (2009)", "Limits"]),
        ({"tab": "caveats"}, ["Every caveat, and when it appears"]),
        ({"kind": "hotspots"}, ["Hotspot methods, ranked on each stored map", "cannot be told from the best"]),
    ],
)
def test_the_tabs_of_the_register(
    link: dict[str, str], words: list[str], view: Callable[[str], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    if "kind" in link:
        view("hotspots")  # so that there is a map that is stored
    app = opened("models", monkeypatch, **link)
    page = html_of(app)
    assert not app.exception
    assert not app.warning
    for each in words:
        assert each in page


def test_congestion_is_mapped_by_counter(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("hotspots", monkeypatch, incidents="Traffic delay")
    assert not app.exception
    assert "Where and when traffic stands still" in html_of(app)


def test_a_link_that_was_tampered_with_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("hotspots", monkeypatch, incidents="<script>", share="9999", as_of="yesterday")
    page = html_of(app)
    assert not app.exception
    assert "This 5\u202f% of the city" in page
    assert "<script>" not in page


def test_what_the_police_start_is_marked_and_not_first(view: Callable[[str], AppTest]) -> None:
    options = view("hotspots").selectbox(key="incidents").options
    assert [("police" in each) for each in options] == [False, False, False, False, True]


def test_delays_of_many_streets_are_never_added_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Traffic delay" not in opened("scenarios", monkeypatch, question="demand").selectbox(key="subject").options
    offered = (
        "from dashboard.shell.controls import chosen_area\n"
        "from tests.example_results import areas\n"
        "chosen_area(areas(), key='a', whole={})"
    )
    options = {
        whole: AppTest.from_string(offered.format(whole)).run().selectbox(key="a").options for whole in (True, False)
    }
    assert options[True][0] == "The whole city"
    assert options[True][1:] == options[False]


def test_a_model_that_was_measured_takes_part_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    days = pd.date_range("2024-01-01", periods=420)
    counts = [20 + 6 * (day.day_of_week < 5) + day.day % 3 for day in days]
    (tmp_path / "city.toml").write_text(EMPTY)
    pd.DataFrame({"day": days, "n": counts}).to_csv(tmp_path / "calls.csv", index=False)
    app = opened("outlook", monkeypatch, city=str(tmp_path / "city.toml"))
    assert "<b>Prophet</b>" not in html_of(app)
    app.button(key="measure-prophet").click().run()
    assert not app.exception
    assert "<b>Prophet</b>" in html_of(app)
    assert "measure-prophet" not in [button.key for button in app.button]


EMPTY = (
    '[city]\nname = "Bare"\ntimezone = "UTC"\ncrs = "EPSG:32633"\ncurrency = "EUR"\n'
    '[series.calls]\nsource = "calls.csv"\nperiod = "day"\nvalue = "n"\nfreq = "D"\nunit = "calls"\n'
)


def test_a_forecast_by_the_yardstick_stands_while_models_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is left where somebody stops the measuring."""

    def stopped(function: Callable[..., object], request: Request, *, saying: str) -> object:
        if function is outlook_of:
            raise Cancelled
        return await_result(function, request, saying=saying)

    monkeypatch.setattr("dashboard.views.outlook.measuring.at_once", lambda function, request: False)
    monkeypatch.setattr("dashboard.views.outlook.measuring.mostly_measured", lambda series, *, horizon, seed: False)
    begun: list[Callable[..., object]] = []
    monkeypatch.setattr("dashboard.views.outlook.measuring.begin", lambda function, request: begun.append(function))
    monkeypatch.setattr("dashboard.views.outlook.measuring.await_result", stopped)
    app = opened("outlook", monkeypatch)
    assert [str(Cancelled())] == [each.value for each in app.error]
    assert begun == [
        measured_of,
        effects_of,
        chances_of,
        service_of,
    ]  # what the whole page waits for, while models are measured
    html = html_of(app)
    assert "Last season again stands here until all models are measured" in html
    assert "8 in 10 futures lie between" in html
    assert [each.proto.id.count("figure-fan") for each in app.get("plotly_chart")] == [1]


@pytest.mark.parametrize("tab", ["map", "signal"])
def test_a_map_stands_while_past_maps_are_judged(tab: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is left where somebody stops the judging."""

    def stopped(function: Callable[..., object], request: Request, *, saying: str) -> object:
        if function is hotspots_of:
            raise Cancelled
        return await_result(function, request, saying=saying)

    monkeypatch.setattr("dashboard.views.hotspots.view.at_once", lambda function, request: False)
    monkeypatch.setattr("dashboard.views.hotspots.judging.await_result", stopped)
    app = opened("hotspots", monkeypatch, tab=tab)
    assert [str(Cancelled())] == [each.value for each in app.error]
    html = html_of(app)
    assert "how much of what came such maps have held is being measured" in html
    assert "Kernel mixture stands here until past maps of all methods are judged" in html
    figures = [each.proto.id.count("figure-hotspots") for each in app.get("plotly_chart")]
    if tab == "map":
        assert figures == [1]
        assert "8 in 10 between" not in str(app.get("plotly_chart")[0].proto)  # nothing is known of how counts scatter
    else:
        assert figures == []
        assert "What has clustered lately" in html  # which needs no judging
    assert not re.search(r"\bnan\b", html, re.IGNORECASE)


@pytest.mark.parametrize(("name", "words"), [("hotspots", "This city has no incidents: add an [incidents] section")])
def test_an_empty_view_says_what_to_do(name: str, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "city.toml").write_text(EMPTY)
    (tmp_path / "calls.csv").write_text("day,n\n" + "".join(f"2024-01-{day:02},{day % 5}\n" for day in range(1, 31)))
    app = opened(name, monkeypatch, city=str(tmp_path / "city.toml"))
    assert not app.exception
    assert words in app.info[0].value


def test_a_mistake_in_a_city_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "city.toml").write_text(EMPTY)
    (tmp_path / "calls.csv").write_text("date,n\n2024-01-01,1\n")
    app = opened("overview", monkeypatch, city=str(tmp_path / "city.toml"))
    assert not app.exception
    assert "no column “day”" in app.error[0].value


ASKING = """
from dashboard.views.models.asking import ask
if __name__ == "__main__":
    ask()
"""


@pytest.mark.parametrize(
    ("question", "words"), [("what is coverage?", "Coverage"), ("zebra", "Nothing here answers that"), ("", "")]
)
def test_a_question_in_a_link_is_answered_on_any_page(
    question: str, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "city.toml").write_text(EMPTY)
    (tmp_path / "calls.csv").write_text("day,n\n" + "".join(f"2024-01-{day:02},{day % 5}\n" for day in range(1, 31)))
    monkeypatch.setenv(START, str(tmp_path / "city.toml"))
    app = AppTest.from_string(ASKING, default_timeout=60)
    if question:
        app.query_params["ask"] = question
    app.run()
    assert not app.exception
    assert words in html_of(app)
    assert bool(html_of(app)) == bool(question)


CITY = """
import streamlit as st
from dashboard.shell.controls import chosen_city
if __name__ == "__main__":
    st.text(chosen_city().city.key)
"""


@pytest.mark.parametrize(("asked", "key"), [("", "bare"), ("tiny", "tiny"), ("Tiny", "tiny"), ("atlantis", "bare")])
def test_a_link_names_a_city_by_its_key_too(
    asked: str, key: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "city.toml").write_text(EMPTY)
    (tmp_path / "calls.csv").write_text("day,n\n2024-01-01,1\n2024-01-02,2\n")
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path))
    monkeypatch.setenv(START, str(tmp_path / "city.toml"))
    (tmp_path / "cities" / "tiny").mkdir(parents=True)
    write_city(tmp_path / "cities" / "tiny")
    app = AppTest.from_string(CITY, default_timeout=SECONDS)
    if asked:
        app.query_params["city"] = asked
    assert app.run().text[0].value == key
    if asked == "tiny":
        assert app.selectbox(key="city").select("bare").run().text[0].value == "bare"


def test_nothing_to_warn_of_is_not_an_error() -> None:
    # An empty block of HTML is refused by Streamlit: a chart without caveats once took the page down.
    app = AppTest.from_string("from dashboard.shell.panels import notes\nnotes(())\n").run()
    assert not app.exception
    assert html_of(app) == ""


def test_work_that_was_stopped_is_not_begun_again_by_itself() -> None:
    app = AppTest.from_string(
        "import streamlit as st\n"
        "from analytics.requests import CityRequest\n"
        "from dashboard.workers.jobs import key_of\n"
        "from dashboard.shell.panels import tell\n"
        "from dashboard.shell.waiting import await_result\n"
        "from dashboard.workers.work import city_of\n"
        "asked = CityRequest('nowhere')\n"
        "st.session_state['stopped'] = key_of(city_of, asked)\n"
        "tell(lambda: await_result(city_of, asked, saying='Opening'))\n"
    ).run()
    assert "stopped before it finished" in app.error[0].value
    assert "stopped" not in app.session_state


def test_buttons_move_a_map_and_the_link_says_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("hotspots", monkeypatch, seen="99x1x1")
    assert ["99x1x1" in each.value for each in app.warning] == [True]
    moves = [each.key for each in app.button if str(each.key).startswith("map-")]
    assert moves == ["map-closer"], "of all of it nothing else is left to see"
    app.button(key="map-closer").click().run(timeout=60)
    app.button(key="map-closer").click().run(timeout=60)
    app.button(key="map-left").click().run(timeout=60)
    assert not app.exception
    assert app.query_params["seen"] == "2x33x50"
    app.button(key="map-right").click().run(timeout=60)
    assert app.query_params["seen"] == "2x50x50", "back where it was"
    app.button(key="map-whole").click().run(timeout=60)
    assert "seen" not in app.query_params


def test_each_map_keeps_the_part_that_is_seen_of_it_by_its_own_name() -> None:
    app = AppTest.from_string(
        "import streamlit as st\n"
        "from dashboard.shell.moving import seen_window\n"
        "for name in ('map', 'roads', 'where'):\n"
        "    st.text(str(tuple(seen_window(name))))\n"
    )
    app.query_params["seen_roads"] = "4x20x90"
    app.run()
    assert [each.value for each in app.text] == ["(1.0, 0.5, 0.5)", "(4.0, 0.2, 0.88)", "(1.0, 0.5, 0.5)"]
    assert app.query_params == {"seen_roads": "4x20x88"}, "no farther than the edge, and no other map"


def test_a_link_to_a_city_that_is_not_served_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("decisions", monkeypatch)
    assert not app.warning
    app.query_params["city"] = "atlantis"
    assert "“atlantis”" in app.run().warning[0].value
    app.query_params["city"] = "meridian"
    assert not app.run().warning
