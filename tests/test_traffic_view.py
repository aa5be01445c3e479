"""The page of the roads: what it says of a city with a network, what it asks for of one without, and what can be pointed at."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from test_counters_live import HEADER, by_series, counts, look
from tiny_city import write_city

from analytics.answers import kept
from analytics.parallel import quiet
from analytics.requests import EquilibriumRequest, city_request
from analytics.scenarios import Scenario
from analytics.traffic.bignet import without_paths
from analytics.traffic.reading import traffic_of, users_of
from dashboard.views.scenarios.draft import Draft
from dashboard.views.scenarios.link import as_link
from dashboard.views.traffic.controls import opens
from dashboard.views.traffic.plan import scenarios_of
from dashboard.views.traffic.tabs import tabs_of
from dashboard.views.traffic.work import RoadsRequest, roads_of
from data import open_city
from data.errors import CivicastError
from tests.test_app import html_of, opened
from tests.test_roads import city

pytestmark = pytest.mark.usefixtures("dashboard_workers")


@pytest.fixture(autouse=True)
def workspace(dashboard_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICAST_HOME", str(dashboard_home))


@pytest.fixture
def town(tmp_path: Path) -> str:
    """A city of four nodes with trips and a counter."""
    days = pd.date_range("2023-01-01", periods=500, freq="D").strftime("%Y-%m-%d")
    rows = "".join(f"{day},{ward},{3 + index % 7}\n" for index, day in enumerate(days) for ward in (1, 2))
    city(tmp_path)
    (tmp_path / "requests.csv").write_text("day,ward,n\n" + rows)
    return str(tmp_path / "city.toml")


@pytest.fixture
def show(town: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    return lambda **link: opened("traffic", monkeypatch, city=town, **link)


def test_the_page_begins_with_the_busiest_road_and_what_is_over_capacity(show: Callable[..., AppTest]) -> None:
    app = show()
    page = html_of(app)
    assert not app.exception
    assert not app.error
    assert "Busiest today is" in page
    assert "are over capacity." in re.sub("<[^>]*>", "", page)
    assert "Where most time is lost" in page
    assert len(app.get("plotly_chart")) == 1


def test_a_road_of_the_link_shows_whose_trips_use_it(show: Callable[..., AppTest]) -> None:
    app = show(road="3-4")
    page = html_of(app)
    assert not app.exception
    assert "Where trips over the road from West End to Eastgate begin" in page
    assert "Where trips over the road from West End to Eastgate end" in page
    assert app.query_params["road"] == "3-4"


def test_the_counts_have_a_tab_of_their_own(show: Callable[..., AppTest]) -> None:
    app = show(tab="counts")
    page = html_of(app)
    assert not app.exception
    assert "The model agrees with only 0 of 1 counter" in page
    assert "The counters that are farthest off" in page


def test_the_volumes_of_counters_follow_their_series(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_series(tmp_path, passing=counts(0, 5))
    app = opened("traffic", monkeypatch, city=str(tmp_path / "city.toml"), tab="counts")
    assert "it saw 752 vehicles" in html_of(app)
    assert "the mean of 5 days from 4 March 2024 to 8 March 2024" in html_of(app)
    (tmp_path / "feed" / "march.csv").write_text(HEADER + counts(5, 8))
    look(tmp_path)
    app.run()
    assert not app.exception
    assert "it saw 753 vehicles" in html_of(app)  # a Monday more, with seven vehicles above the first
    assert "the mean of 6 days" in html_of(app)


def test_before_there_are_enough_days_nothing_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_series(tmp_path, passing=counts(0, 4))
    app = opened("traffic", monkeypatch, city=str(tmp_path / "city.toml"))
    assert not app.exception
    assert not app.error
    assert "Busiest today is" in html_of(app)
    assert tabs_of(open_city(tmp_path / "city.toml"), "morning") == ("map",)


def test_delays_are_shown_when_they_are_asked_for(show: Callable[..., AppTest]) -> None:
    assert "Minutes lost on each road" in html_of(show(look="delay"))


def test_a_link_to_a_road_that_is_not_there_is_told(show: Callable[..., AppTest]) -> None:
    app = show(road="nowhere")
    assert not app.exception
    assert any("nowhere" in each.value for each in app.warning)


def brought(levers: dict[str, Any], **more: Any) -> str:
    """What a link from Scenarios holds of an option."""
    return as_link(Draft("traffic", "morning", options=(Scenario("Leave the car", levers=levers),), **more))


def test_an_option_of_scenarios_is_shown_beside_today_with_the_way_back(show: Callable[..., AppTest]) -> None:
    plan = brought({"trips.off_car": 0.4})
    app = show(plan=plan)
    page = html_of(app)
    assert not app.exception
    assert not app.error, [each.value for each in app.error]
    assert "With “Leave the car” most changes on" in page
    assert "Vehicles an hour, Leave the car less today" in page
    (back,) = [each.proto.url for each in app.get("link_button") if "scenarios?" in each.proto.url]
    assert plan in back


def test_a_link_that_was_cut_is_told_and_today_is_shown(show: Callable[..., AppTest]) -> None:
    app = show(plan=brought({"trips.off_car": 0.4})[:-9])
    assert not app.exception
    assert app.warning
    assert "Busiest today is" in html_of(app)


def test_an_option_is_the_engines_own_equilibrium_and_none_is_today(town: str) -> None:
    request, made = city_request(town), open_city(town)
    today = EquilibriumRequest(request, trips="morning").answer(made)
    nothing = EquilibriumRequest(
        request, trips="morning", scenario=Scenario("x", levers={"trips.off_car": 0.0})
    ).answer(made)
    fewer = EquilibriumRequest(request, trips="morning", scenario=Scenario("x", levers={"trips.off_car": 0.4})).answer(
        made
    )
    assert (nothing.volume == today.volume).all()
    assert (fewer.volume < today.volume)[today.volume > 0].all()
    found = traffic_of(made, made.of("trips")["morning"], today, option="x", then=fewer)
    assert found.links["volume_option"].to_numpy() == pytest.approx(fewer.volume)


def test_what_is_assumed_for_all_options_is_assumed_for_today_too() -> None:
    draft = Draft(
        "traffic", options=(Scenario("a", levers={"trips.off_car": 0.1}),), circumstances={"trips.growth": {"1": 0.1}}
    )
    today, option = scenarios_of(draft)
    assert today.levers == {"trips.growth": {"1": 0.1}}
    assert option is not None
    assert option.levers == {"trips.growth": {"1": 0.1}, "trips.off_car": 0.1}
    assert scenarios_of(None) == (Scenario(""), None)


@pytest.mark.parametrize(("question", "tab"), [("traffic", "map"), ("signals", "signals"), ("demand", "")])
def test_scenarios_lead_to_the_roads_where_they_change_them(question: str, tab: str) -> None:
    def draw(question: str) -> None:
        from analytics.scenarios import Scenario
        from dashboard.views.scenarios.beside import on_the_roads
        from dashboard.views.scenarios.draft import Draft

        on_the_roads(Draft(question, options=(Scenario("a", levers={"x": 1}),)))

    app = AppTest.from_function(draw, args=(question,)).run()
    addresses = [each.proto.url for each in app.get("link_button")]
    assert bool(addresses) == bool(tab)
    for address in addresses:
        assert address.startswith("traffic?")
        assert f"tab={tab}" in address
        assert "plan=" in address


def test_a_city_without_a_network_is_told_what_to_add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("traffic", monkeypatch, city=str(write_city(tmp_path)))
    assert not app.exception
    lines, signals = [each.value for each in app.code]
    assert "[junctions.centre]" in signals
    assert "[networks.roads]" in lines
    assert "[trips.morning]" in lines
    assert "no network on which traffic can be routed" in app.info[0].value


def test_the_lines_that_are_offered_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("traffic", monkeypatch, city=str(write_city(tmp_path)))
    lines, _ = [each.value for each in app.code]
    (tmp_path / "later").mkdir()
    city(tmp_path / "later", sections="\n" + lines)
    files = {"net": "roads_net", "node": "roads_node"}
    for old, new in files.items():
        (tmp_path / "later" / f"{old}.tntp").rename(tmp_path / "later" / f"{new}.tntp")
    (tmp_path / "later" / "trips.csv").write_text("origin,destination,vehicles\n1,2,6\n2,1,4.5\n")
    (tmp_path / "later" / "counts.csv").write_text("counter,from,to,vehicles\nA,3,4,5\n")
    made = open_city(str(tmp_path / "later" / "city.toml")).opened()
    assert made.of("trips")["morning"].matrix.sum() == 10.5
    assert made.of("counters")["streets"].frame["link_id"].tolist() == ["3-4"]


def test_the_picture_is_kept_and_so_is_what_is_asked_of_it_next(town: str) -> None:
    request = RoadsRequest(city_request(town), trips="morning")
    found = roads_of(request, progress=quiet)
    assert kept(request) is not None
    assert kept(EquilibriumRequest(request.city, trips="morning")) is not None
    assert found.links["volume"].sum() > 0


def test_where_no_paths_were_kept_nobody_is_said_to_use_the_road(town: str) -> None:
    """Volumes of a large network come without paths: that is told, and is not the same as a road that nobody uses."""
    made = open_city(town)
    trips = made.of("trips")["morning"]
    today = EquilibriumRequest(city_request(town), trips="morning").answer(made)
    link = today.road.link_ids[int(today.volume.argmax())]
    assert users_of(made, trips, today, link=link).paths_known
    large = replace(today, paths=without_paths(today.demand.pairs))
    assert not users_of(made, trips, large, link=link).paths_known


def test_who_uses_a_road_adds_up_to_what_it_carries(town: str) -> None:
    made = open_city(town)
    trips = made.of("trips")["morning"]
    today = EquilibriumRequest(city_request(town), trips="morning").answer(made)
    traffic = traffic_of(made, trips, today)
    for link in traffic.links.index:
        users = users_of(made, trips, today, link=link)
        assert users.volume == pytest.approx(traffic.links.at[link, "volume"])
        assert users.origins.sum() == pytest.approx(users.volume)
        assert users.destinations.sum() == pytest.approx(users.volume)
    with pytest.raises(CivicastError, match="“x”"):
        users_of(made, trips, today, link="x")


def test_what_joins_a_zone_to_the_roads_is_no_road(town: str) -> None:
    made = open_city(town)
    today = EquilibriumRequest(city_request(town), trips="morning").answer(made)
    links = traffic_of(made, made.of("trips")["morning"], today).links
    assert set(links.index[links["road"]]) == {"3-4", "4-3"}, "nobody passes the zones 1 and 2"


def test_the_counter_stands_beside_what_the_model_has(town: str) -> None:
    made = open_city(town)
    today = EquilibriumRequest(city_request(town), trips="morning").answer(made)
    traffic = traffic_of(made, made.of("trips")["morning"], today)
    (row,) = traffic.counted.itertuples()
    assert row.observed == 400
    assert row.modelled == traffic.links.at[row.link_id, "volume"]


@pytest.mark.parametrize(
    ("pointed", "now", "then"),
    [
        ("road:3-4", "", {"tab": "map", "road": "3-4"}),
        ("road:3-4", "3-4", {"tab": "map", "road": ""}),
        ("counter:7", "3-4", {"tab": "counts", "counter": "7"}),
        ("junction:J:1", "", {"tab": "signals", "junction": "J:1"}),
        ("nothing:7", "", {}),
    ],
)
def test_what_is_pointed_at_opens_and_a_road_closes_again(pointed: str, now: str, then: dict[str, str]) -> None:
    assert opens((pointed,), road=now) == then
    assert opens((), road=now) == {}


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("", "2014-11-05", "2014-12-31"), ("2013-07-01..2014-02-03", "2013-07-01", "2014-02-03")],
)
def test_a_counter_shows_its_last_weeks_or_those_that_a_link_asks_for(asked: str, first: str, last: str) -> None:
    app = AppTest.from_string(
        "import streamlit as st\n"
        "from dashboard.views.traffic.counter import course\n"
        "from tests.example_results import series\n"
        "[chart] = course(series(), location='Crown Street')\n"
        "st.text(f'{chart.table.iloc[0, 0]:%Y-%m-%d} {chart.table.iloc[-1, 0]:%Y-%m-%d}')\n"
        "st.text(' '.join(each.code for each in chart.caveats))\n"
    )
    app.query_params["counted"] = asked
    app.run(timeout=30)
    assert not app.exception
    assert app.text[0].value == f"{first} {last}"
    assert "data_stale" in app.text[1].value, "a file of it tells how old it is"
    assert len(app.select_slider) == 1
