"""An engineer's sheets: the parts of a day in which nothing changes, waits of both plans, and waves that the diagrams draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from test_charts import marks

from analytics.errors import Cancelled
from analytics.scenarios import Scenario
from analytics.signals.checking import subject
from analytics.signals.checks import Check, keep_check
from analytics.signals.choices import best_plan
from analytics.signals.day import day_hours
from analytics.signals.junction_drive import JunctionDrive
from analytics.signals.sheets import corridor_sheet, junction_sheet, lost_by_junction
from analytics.signals.tables import junctions_of
from dashboard.figures.chart import Line
from dashboard.figures.charts.turning import clock, turning_chart
from dashboard.views.scenarios.draft import Draft
from dashboard.views.scenarios.link import as_link
from dashboard.views.traffic.signals_words import check_words, outcome_words
from data import Junctions
from tests.junction_city import PLAN
from tests.junction_city import opened as junctions_in
from tests.test_app import html_of, opened


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Junctions:
    return junctions_in(tmp_path_factory.mktemp("junctions"))


def test_the_parts_fill_the_day_and_no_plan_changes_within_one(table: Junctions) -> None:
    sheet = junction_sheet(table, "J1")
    assert [each.start for each in sheet.parts] == [0, *(each.end for each in sheet.parts[:-1])]
    assert sheet.parts[-1].end == 24 * 60
    junction, best = junctions_of(table)["J1"], best_plan(table, "J1")
    for part in sheet.parts:
        for plan, diagram in ((junction.today, part.today), (best, part.proposed)):
            assert {plan.at(minute) for minute in range(part.start, part.end, 5)} == {plan.at(part.start)}
            assert diagram.cycle == plan.at(part.start).cycle(junction.layout)


def test_waits_of_the_parts_add_up_to_the_hours_of_the_day(table: Junctions) -> None:
    sheet, junction = junction_sheet(table, "J1"), junctions_of(table)["J1"]
    assert sheet.hours_today == day_hours(junction, junction.today)
    assert sheet.hours_proposed == day_hours(junction, best_plan(table, "J1"))
    assert sheet.hours_proposed <= sheet.hours_today
    counted = [part for part in sheet.parts if part.vehicles]
    assert counted
    for part in counted:
        inside = (sheet.counts.index >= part.start) & (sheet.counts.index < part.end)
        assert part.vehicles == pytest.approx(sheet.counts[inside].sum(axis=1).mean())
    assert all(np.isnan(part.wait_today) for part in sheet.parts if not part.vehicles)
    assert sheet.busiest.vehicles == max(part.vehicles for part in sheet.parts)


def test_counts_are_those_of_the_file(table: Junctions) -> None:
    sheet = junction_sheet(table, "J1")
    # 100 and 5, 10 or 15 more on the three days, and 15 more at 7, in a quarter of an hour.
    assert sheet.counts.at[7 * 60, "north.through"] == pytest.approx(4 * (100 + 10 + 15))
    assert sheet.counts.at[12 * 60, "north.through"] == pytest.approx(4 * (100 + 10))
    assert sheet.days == 3


def test_a_corridor_has_waves_where_its_cycles_agree(table: Junctions) -> None:
    sheet = corridor_sheet(table, "High Street")
    assert list(sheet.junctions) == ["J1", "J2"]
    for part in sheet.parts:
        if part.proposed is not None:
            assert len({round(stop.offset, 6) for stop in part.proposed.stops}) >= 1
            assert [stop.distance for stop in part.proposed.stops] == [0, 400]
        assert part.cycles == (80.0, 80.0)


def test_no_wave_is_drawn_where_cycles_differ(tmp_path: Path) -> None:
    longer = PLAN.replace(
        "J2,A,40,3,2,8,north.through south.through,south.left,80",
        "J2,A,50,3,2,8,north.through south.through,south.left,90",
    )
    longer = longer.replace("J2,B,30,3,2,8,east.through,,80", "J2,B,30,3,2,8,east.through,,90")
    sheet = corridor_sheet(junctions_in(tmp_path, plan=longer), "High Street")
    assert all(part.today is None for part in sheet.parts)
    assert sheet.parts[0].cycles == (80.0, 90.0)


def test_the_counts_are_drawn_by_approach_with_gaps_where_nobody_counted(table: Junctions) -> None:
    sheet = junction_sheet(table, "J1")
    chart = turning_chart(sheet)
    lines = {mark.label: mark for mark in marks(chart, Line)}
    assert set(lines) == {"north", "south", "east"}
    south = sheet.counts[[name for name in sheet.counts if name.startswith("south.")]].sum(axis=1)
    assert np.nanmax(lines["south"].y) == pytest.approx(south.max())
    assert np.isnan(lines["south"].y).sum() == 1, "between 8 and 12"
    assert "at 7:00" in chart.headline
    assert len(chart.table) == sheet.counts.size


@pytest.mark.parametrize(("minute", "words"), [(0, "0:00"), (425, "7:05"), (1439, "23:59"), (1440, "0:00")])
def test_a_minute_is_told_by_the_clock(minute: int, words: str) -> None:
    assert clock(minute) == words


# The pages


def test_the_difference_is_that_of_the_intervals_and_a_tie_is_told(table: Junctions) -> None:
    sheet = junction_sheet(table, "J1")
    assert sheet.difference.pairs == len(sheet.counts)
    close = replace(sheet.difference, low=-1.0, high=0.5, verdict="too_close")
    assert outcome_words(replace(sheet, difference=close)).startswith("Too close to call: over 8 pairs")
    better = replace(sheet.difference, mean=-2.0, low=-3.0, high=-1.0, verdict="better")
    assert "saves 16 vehicle-hours in the hours that were counted [8, 24]" in outcome_words(
        replace(sheet, difference=better)
    )


def test_what_was_not_simulated_says_so() -> None:
    assert "Not checked in simulation" in check_words(Check(checked=False))
    runs = {"today": (39.0, 40.0, 41.0), "proposed": (48.0, 50.0, 52.0)}
    found = Check(True, 480, runs, {"today": 40.0, "proposed": 30.0}, (1, 2, 3), "1.28.0")
    words = check_words(found)
    assert (
        "from 8:00 a trip loses 50 seconds, and 40 today, a difference of [7.52, 12.5] over 3 pairs of runs. Do not use it."
        in words
    )
    assert "another order" in words
    alone = replace(found, runs=runs | {"alone": (60.0, 63.0, 64.0)}, formula=found.formula | {"alone": 35.0})
    assert "each junction has its own best plan and none waits for another, it loses 62.3: more than in the wave" in (
        check_words(alone)
    )


@pytest.fixture
def show(
    dashboard_home: Path, dashboard_workers: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., AppTest]:
    monkeypatch.setenv("CIVICAST_HOME", str(dashboard_home))
    days = pd.date_range("2023-01-01", periods=500, freq="D").strftime("%Y-%m-%d")
    rows = "".join(f"{day},{ward},{3 + index % 7}\n" for index, day in enumerate(days) for ward in (1, 2))
    junctions_in(tmp_path, requests="day,ward,n\n" + rows)
    return lambda **link: opened("traffic", monkeypatch, city=str(tmp_path / "city.toml"), **link)


def test_a_junctions_page_has_the_plans_the_difference_and_what_is_not_done(show: Callable[..., AppTest]) -> None:
    app = show()
    page = html_of(app)
    assert not app.exception
    assert not app.error, [each.value for each in app.error]
    assert "Greens of one cycle at Mill Street" in page
    assert "of intervals" in page
    assert "Nothing is applied by itself" in page
    assert "Not checked in simulation" in page
    assert "Vehicles an hour by approach, Mill Street" in page
    assert any("scenarios?" in each.proto.url for each in app.get("link_button"))


def test_a_corridors_page_has_its_waves(show: Callable[..., AppTest]) -> None:
    app = show(junction="corridor:High Street")
    page = html_of(app)
    assert not app.exception
    assert "signals over time and distance" in page or "no wave" in page
    assert "Nothing is applied by itself" in page


def test_most_time_is_lost_first(tmp_path: Path) -> None:
    longer = PLAN.replace("J2,B,30,3,2,8,east.through,,80", "J2,B,60,3,2,8,east.through,,110")
    longer = longer.replace(
        "J2,A,40,3,2,8,north.through south.through,south.left,80",
        "J2,A,40,3,2,8,north.through south.through,south.left,110",
    )
    lost = lost_by_junction(junctions_in(tmp_path, plan=longer))
    assert list(lost) == ["J2", "J1"]
    assert lost["J2"] > lost["J1"] > 0


def test_an_option_is_shown_at_the_junction_that_it_changes(show: Callable[..., AppTest]) -> None:
    app = show(
        plan=as_link(Draft("signals", "centre", options=(Scenario("Slow", levers={"signals.cycle": {"J2": 0.25}}),)))
    )
    page = html_of(app)
    assert not app.exception
    assert not app.error, [each.value for each in app.error]
    assert "Beside today’s stands the plan of “Slow”, from Scenarios." in page
    assert "Greens of one cycle at Church Street" in page
    assert "a cycle of 100 seconds is proposed (today 80)" in page


def test_what_was_checked_before_stands_on_the_page(
    show: Callable[..., AppTest], tmp_path: Path, table: Junctions
) -> None:
    drive, plan = JunctionDrive(junctions_of(table)["J1"]), {"J1": best_plan(table, "J1")}
    runs = {"today": (30.0, 32.0, 31.0), "proposed": (25.0, 25.5, 26.0)}
    made = Check(True, 420, runs, {"today": 20.0, "proposed": 15.0}, (1, 2, 3), "1.28.0")
    keep_check(subject(drive, plan), made)
    app = show(junction="J1")
    page = html_of(app)
    assert "Checked in simulation: from 7:00 a trip loses 25.5 seconds, and 31 today" in page
    assert "Not checked in simulation" not in page
    assert "1 plan checked in simulation, 3 seeds each" in page


def test_the_page_stands_while_the_simulator_runs_and_says_that_it_was_stopped(
    show: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.views.traffic.simulated.find_sumo", lambda: Path("sumo"))
    app = show(junction="J2")
    runs = {"today": (30.0, 32.0, 31.0), "proposed": (25.0, 25.5, 26.0)}
    answers = [
        KeyError("here"),
        Cancelled(),
        Check(True, 420, runs, {"today": 20.0, "proposed": 15.0}, (1, 2, 3), "1.28.0"),
    ]

    def answered(*_: object, **__: object) -> Check:
        now = answers.pop(0)
        if isinstance(now, Check):
            return now
        raise now

    monkeypatch.setattr("dashboard.views.traffic.simulated.await_result", answered)
    # What stands on the page when it breaks off there was drawn before the simulator was waited for.
    app.button(key="check").click().run()
    page = html_of(app)
    assert app.exception
    assert "Greens of one cycle at Church Street" in page
    assert "Vehicles an hour by approach, Church Street" in page
    assert "a cycle of" in page
    app.run()
    page = html_of(app)
    assert not app.exception
    assert "The simulation was stopped: nothing was checked." in page
    app.button(key="check").click().run()
    page = html_of(app)
    assert "Checked in simulation: from 7:00 a trip loses 25.5 seconds, and 31 today" in page
    assert not answers
    assert not [each for each in app.button if each.key == "check"]
