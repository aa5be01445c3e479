"""Plans in the simulator, before and after, proposals: pairs, ties, and nothing that is applied by itself."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.errors import AnalyticsError, Cancelled
from analytics.signals import DayPlan, Layout, Movement, Phase, Timing, Turn
from analytics.signals.bearings import bearings_of, facing
from analytics.signals.before_after import delay_by_time, difference_of, pairs_of
from analytics.signals.checking import check_plans, checked_plans, found_check, subject
from analytics.signals.checks import Check, checks_stamp, find_check, keep_check
from analytics.signals.choices import best_plan, corridor_plans
from analytics.signals.corridor_drive import CorridorDrive
from analytics.signals.day import day_hours
from analytics.signals.delay import mean_delay
from analytics.signals.drives import Plans
from analytics.signals.junction_drive import JunctionDrive
from analytics.signals.proposal import plan_table, propose
from analytics.signals.refined import refined_plans
from analytics.signals.refining import refine
from analytics.signals.simulation import Case, SignalProgram, find_sumo, simulate
from analytics.signals.sumo_corridor import CorridorRoads, streams_of
from analytics.signals.sumo_network import Roads, Sketch, program_of
from analytics.signals.tables import Junction, junctions_of
from analytics.signals.webster import webster_delay, webster_greens
from data import Junctions
from data.words import Words
from tests.junction_city import PLAN, opened

SUMO = find_sumo()


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Junctions:
    return opened(tmp_path_factory.mktemp("junctions"))


# Before and after


def test_the_interval_of_pairs_is_students() -> None:
    before, after = [50.0, 52, 48, 51, 49], [46.0, 49, 44, 48, 45]
    apart = np.subtract(after, before)
    found = difference_of(before, after)
    half = 2.7764 * apart.std(ddof=1) / np.sqrt(5)
    assert (found.mean, found.low, found.high) == pytest.approx(
        (apart.mean(), apart.mean() - half, apart.mean() + half), abs=1e-3
    )
    assert (found.verdict, found.pairs) == ("better", 5)
    assert difference_of(after, before).verdict == "worse"
    assert found.share == pytest.approx(apart.mean() / 50)


def test_ties_are_told() -> None:
    assert difference_of([50.0, 51, 52], [50.0, 51, 52]).verdict == "no_change"
    wide = difference_of([50.0, 40, 60, 45], [46.0, 48, 55, 47])
    assert wide.verdict == "too_close"
    assert wide.detectable == pytest.approx(wide.high - wide.mean)
    slight = difference_of([50.0, 51, 52, 53], [49.7, 50.7, 51.7, 52.7])
    assert slight.high < 0
    assert slight.verdict == "too_close", "less than a hundredth does not matter"
    assert slight.detectable == pytest.approx(0.515)
    assert difference_of([50.0, 51], [20.0, 21]).verdict == "too_close", "two pairs say nothing of their spread"
    with pytest.raises(ValueError, match="same pairs"):
        difference_of([1.0], [1.0, 2.0])


def test_pairs_are_of_the_same_weekday_and_time() -> None:
    before = pd.Series([100.0, 110, 90], pd.to_datetime(["2024-01-01 07:00", "2024-01-08 07:00", "2024-01-02 07:00"]))
    after = pd.Series([80.0, 70], pd.to_datetime(["2024-03-04 07:00", "2024-03-06 07:00"]))
    pairs = pairs_of(before, after)
    assert pairs.to_dict("list") == {"before": [105.0], "after": [80.0]}
    assert list(pairs.index) == [(0, 420)]


# Proposals


def test_a_proposal_says_what_it_saves_and_who_waits_longer(table: Junctions) -> None:
    found = propose(table, "J1")
    junction = junctions_of(table)["J1"]
    assert found.worthwhile
    hours = delay_by_time(junction, {"today": junction.today, "best": best_plan(table, "J1")})
    assert found.difference.mean == pytest.approx(float((hours["best"] - hours["today"]).mean()))
    assert hours["today"].sum() == pytest.approx(day_hours(junction, junction.today))
    assert set(found.levels["today"]) <= set("ABCDEF")
    slow = propose(table, "J1", plan=DayPlan.of(Timing((20.0, 90.0))))
    assert slow.difference.verdict == "worse"
    assert slow.worse_for in ("north.through", "south.through", "south.left")
    assert slow.worse_by > 20
    assert propose(table, "J1", plan=junction.today).difference.verdict == "no_change"


def test_a_plan_that_is_written_out_is_read_back_as_it_was(table: Junctions, tmp_path: Path) -> None:
    plan = best_plan(table, "J1")
    written = plan_table(table, "J1", plan)
    other = "\n".join(
        [
            PLAN.split("\n")[0].replace(",cycle", ",cycle,start,offset"),
            *[f"{row},00:00,0" for row in PLAN.strip().split("\n")[3:]],
        ]
    )
    path = tmp_path / "other.csv"
    path.write_text(other)
    both = pd.concat([written, pd.read_csv(path, dtype=str)], ignore_index=True)
    again = opened(tmp_path / "city", plan=both.to_csv(index=False))
    assert junctions_of(again)["J1"].today == plan
    # What is proposed changes nothing of what runs.
    assert junctions_of(table)["J1"].today != plan


# Refining


def test_refining_moves_greens_to_where_less_is_lost() -> None:
    seen: list[tuple[float, ...]] = []

    def lost(greens: tuple[float, ...], bound: float) -> float:
        seen.append(greens)
        return (greens[0] - 22) ** 2 + (greens[1] - 10) ** 2

    found = refine([(30.0, 20.0), (40.0, 40.0)], lost, least=(5.0, 12.0))
    assert found.greens == (22.0, 12.0)
    assert found.tried == len(seen) == len(set(seen))
    assert min(each[1] for each in seen) >= 12
    assert refine([(30.0, 20.0)], lost, least=(5.0, 5.0), most=3).tried == 3


# The simulator


def two_phases() -> Layout:
    moves = (
        Movement("north", Turn.THROUGH, (1,), 1800.0), Movement("south", Turn.THROUGH, (1,), 1800.0),
        Movement("south", Turn.LEFT, (2,), 1700.0), Movement("east", Turn.THROUGH, (1,), 1800.0),
        Movement("west", Turn.THROUGH, (1,), 1800.0),
    )  # fmt: skip
    return Layout("J", "J", moves, (Phase("A", (0, 1), (2,), 3, 2), Phase("B", (3, 4), (), 3, 0)))


def test_a_plan_is_written_in_the_simulators_states() -> None:
    roads = Roads(Path("none"), {0: (4,), 1: (1,), 2: (0,), 3: (2, 3), 4: (5,)}, {}, 6)
    found = program_of(two_phases(), Timing((30.0, 20.0)), roads)
    assert found == ((30.0, "gGrrGr"), (3, "yyrryr"), (2, "rrrrrr"), (20.0, "rrGGrG"), (3, "rryyry"))


FAKE = """#!{python}
import sys
options = dict(each[2:].split("=", 1) for each in sys.argv[1:] if "=" in each)
seed, slow = float(options["seed"]), 10 if "additional-files" in options else 0
assert options["time-to-teleport"] == "-1"
open(options["tripinfo-output"], "w").write(
    "<t>"
    f'<tripinfo id="a" arrival="90" timeLoss="{{seed + slow}}" departDelay="2"/>'
    '<tripinfo id="b" arrival="-1" timeLoss="20" departDelay="0"/>'
    '<tripinfo id="c" arrival="-1" timeLoss="0" departDelay="-1"/>'
    "</t>"
)
"""


@pytest.mark.skipif(os.name == "nt", reason="a script that is a program")
def test_each_trip_counts_whether_it_arrives_or_not(tmp_path: Path) -> None:
    fake = tmp_path / "bin" / "sumo"
    fake.parent.mkdir()
    fake.write_text(FAKE.format(python=sys.executable))
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    case = Case(tmp_path / "net.xml", tmp_path / "rou.xml", 0, 100)
    plans = {"today": [], "other": [SignalProgram("S", ((30.0, "G"), (3.0, "y")))]}
    found = simulate(case, plans, seeds=[4, 5], sumo=fake)
    assert list(found.index) == [("today", 4), ("today", 5), ("other", 4), ("other", 5)]
    assert found["trips"].tolist() == [3] * 4
    assert found["unfinished"].tolist() == [2] * 4
    assert found["time_loss"].tolist() == pytest.approx([24 / 3, 25 / 3, 34 / 3, 35 / 3])
    assert found["lost"].tolist() == pytest.approx([26 / 3, 27 / 3, 36 / 3, 37 / 3])
    pairs = difference_of(found.loc["today", "lost"], found.loc["other", "lost"])
    assert pairs.mean == pytest.approx(10 / 3)


@pytest.mark.skipif(os.name == "nt", reason="a script that is a program")
def test_a_run_that_is_not_wanted_any_more_ends_with_its_program(tmp_path: Path) -> None:
    fake, told = tmp_path / "bin" / "sumo", tmp_path / "process"
    fake.parent.mkdir()
    fake.write_text(f"#!/bin/sh\necho $$ > {told}\nexec sleep 60\n")
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)

    def unwanted(share: float, doing: Words) -> None:
        if told.exists() and told.read_text():
            raise Cancelled

    case = Case(tmp_path / "net.xml", tmp_path / "rou.xml", 0, 100)
    with pytest.raises(Cancelled):
        simulate(case, {"today": []}, seeds=[1], sumo=fake, progress=unwanted)
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)


@pytest.mark.skipif(os.name == "nt", reason="a script that is a program")
@pytest.mark.parametrize(
    ("script", "longest", "told"),
    [
        ("exit 3", 900.0, "SUMO ended with status 3 before it had driven the plans: try again"),
        ("exec sleep 60", 0.0, "SUMO took more than 0 minutes for one run, so it was ended"),
    ],
)
def test_a_simulator_that_fails_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, longest: float, told: str
) -> None:
    monkeypatch.setattr("analytics.signals.simulation.LONGEST", longest)
    fake = tmp_path / "bin" / "sumo"
    fake.parent.mkdir()
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(AnalyticsError, match=told):
        simulate(Case(tmp_path / "net.xml", tmp_path / "rou.xml", 0, 100), {"today": []}, seeds=[1], sumo=fake)
    if longest:
        with pytest.raises(AnalyticsError, match=told):
            Sketch().made(tmp_path, fake)


def test_without_the_simulator_nothing_is_checked(table: Junctions, tmp_path: Path) -> None:
    junction = junctions_of(table)["J1"]
    found = check_plans(JunctionDrive(junction), {"today": {"J1": junction.today}}, sumo=tmp_path / "bin" / "sumo")
    assert found == Check(checked=False)
    assert not found.same_order


def test_orders_are_the_same_unless_the_simulator_says_otherwise() -> None:
    runs = {"today": (20.0, 21, 22, 20), "other": (25.0, 27, 26, 25)}
    assert Check(True, 0, runs, {"today": 20.0, "other": 24.0}).same_order
    assert not Check(True, 0, runs, {"today": 20.0, "other": 18.0}).same_order
    tie = {"today": (20.0, 21, 22, 20), "other": (20.0, 22, 21, 20)}
    assert Check(True, 0, tie, {"today": 20.0, "other": 18.0}).same_order


def test_a_check_is_found_again_for_the_same_plan_of_the_same_counts(table: Junctions, workspace: Path) -> None:
    junction, plan = junctions_of(table)["J1"], {"J1": best_plan(table, "J1")}
    drive = JunctionDrive(junction)
    before = checks_stamp()
    runs = {"today": (30.0, 32.0, 31.0), "proposed": (25.0, 26.0, 27.0)}
    made = Check(True, 420, runs, {"today": 20.0, "proposed": 15.0}, (1, 2, 3), "1.28.0")
    keep_check(subject(drive, plan), made)
    assert checks_stamp() != before
    assert found_check(drive, plan) == made
    assert found_check(drive, plan, version="1.28.0", seeds=(1, 2, 3)) == made
    assert found_check(drive, plan, version="1.29.0", seeds=(1, 2, 3)) is None
    assert found_check(drive, {"J1": DayPlan.of(Timing((41.0, 31.0)))}) is None, "another plan"
    busier = JunctionDrive(replace(junction, flows=junction.flows * 1.1))
    assert found_check(busier, plan) is None, "other counts"
    more = replace(made, seeds=(1, 2, 3, 4), runs={name: (*own, own[0]) for name, own in runs.items()})
    keep_check(subject(drive, plan), more)
    assert found_check(drive, plan) == more, "that over most seeds"
    assert find_check("unknown") is None


def four_approaches() -> Junction:
    """The junction of the published trial: 700, 600, 400 and 350 vehicles an hour, 8 s lost."""
    moves = tuple(Movement(each, Turn.THROUGH, (1,), 1800.0) for each in ("north", "south", "east", "west"))
    layout = Layout("J", "J", moves, (Phase("A", (0, 1), (), 3, 1), Phase("B", (2, 3), (), 3, 1)))
    flows = np.tile([700.0, 600, 400, 350], (4, 1))
    follows = np.array([False, True, True, True])
    today = DayPlan.of(Timing((42.0, 42.0)))
    minutes = np.arange(420, 480, 15)
    return Junction(
        layout, today, minutes, flows, 0.25, follows, np.array([2050.0]), (), "", 0.0, (0.0, 0.0), bearings_of(layout)
    )


def only(*greens: float) -> Plans:
    """One timing all day at that junction."""
    return {"J": DayPlan.of(Timing(greens))}


@pytest.mark.skipif(SUMO is None, reason="SUMO is not installed: pip install -e .[sumo]")
def test_the_simulator_prefers_the_shorter_cycle_and_tells_near_plans_as_a_tie() -> None:
    drive = JunctionDrive(four_approaches())
    plans = {"44": only(23.0, 13.0), "92": only(42.0, 42.0), "58": only(32.0, 18.0)}
    found = check_plans(drive, plans, seeds=tuple(range(1, 7)))
    assert found.checked
    assert found.differences["92"].verdict == "worse"
    assert found.differences["58"].verdict == "too_close"
    assert found.same_order
    same = check_plans(drive, {"a": only(42.0, 42.0), "b": only(42.0, 42.0)}, seeds=(1, 2, 3))
    assert same.differences["b"].verdict == "no_change"


@pytest.mark.skipif(SUMO is None, reason="SUMO is not installed: pip install -e .[sumo]")
def test_what_was_driven_is_not_driven_again(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drive = JunctionDrive(four_approaches())
    found = checked_plans(drive, only(23.0, 13.0), seeds=(1, 2, 3))
    monkeypatch.setattr("analytics.signals.checking.check_plans", None)
    assert checked_plans(drive, only(23.0, 13.0), seeds=(1, 2, 3)) == found


@pytest.mark.skipif(SUMO is None, reason="SUMO is not installed: pip install -e .[sumo]")
def test_a_plan_is_refined_in_the_simulator_within_its_bounds() -> None:
    junction = four_approaches()
    drive, begun = JunctionDrive(junction), {"J": DayPlan.of(Timing((42.0, 42.0), offset=7.0))}
    found = refined_plans(drive, begun, place="J", longest=100, seeds=(101,), most=8)
    assert found is not None
    [timing] = found.plans["J"].timings
    assert timing.offset == 7
    assert timing.greens[0] > timing.greens[1], "more where more come"
    assert timing.cycle(junction.layout) <= 100
    assert (found.begun, found.tried) == (begun, 8)
    assert found.lost[1] < found.lost[0]
    check = check_plans(drive, {"today": {"J": junction.today}, "refined": found.plans}, seeds=(1, 2, 3, 4))
    assert check.differences["refined"].mean < 0


def test_websters_formula_agrees_with_the_published_trial() -> None:
    """14.0 s a vehicle at 44 s against 24.1 at 92 s; the handbook adds what chance does over a quarter of an hour."""
    junction = four_approaches()
    flows = junction.flows[0]
    greens = {44: webster_greens(44, 8, [700 / 1800, 400 / 1800]), 92: (42.0, 42.0)}
    found = {
        cycle: sum(
            flow * webster_delay(cycle, own[place // 2], flow=float(flow), saturation=1800)
            for place, flow in enumerate(flows)
        )
        / flows.sum()
        for cycle, own in greens.items()
    }
    assert found[44] == pytest.approx(14.0, abs=0.4)
    assert found[92] == pytest.approx(24.1, abs=2.6)
    assert mean_delay(junction.layout, Timing((23.0, 13.0)), junction.flows) < mean_delay(
        junction.layout, Timing((42.0, 42.0)), junction.flows
    )


# A corridor


def along_two() -> CorridorRoads:
    """Two junctions from west to east; at each one goes straight on along the street, and from the south turns into it."""

    def own(nth: int, west: str, east: str, out_west: str, out_east: str) -> Roads:
        south = f"in_{nth}_south"
        edges = {
            0: (west, out_east),
            1: (east, out_west),
            2: (south, out_east),
            3: (south, out_west),
            4: (west, f"out_{nth}_s"),
        }
        return Roads(Path("none"), {}, edges, 0)

    first = own(0, "in_0_west", "road_1_0", "out_0_west", "road_0_1")
    second = own(1, "road_0_1", "in_1_east", "road_1_0", "out_1_east")
    return CorridorRoads(Path("none"), (first, second), {"road_0_1": (0, 1), "road_1_0": (1, 0)})


@pytest.mark.parametrize(("first", "second"), [(500.0, 300.0), (200.0, 600.0)])
def test_as_many_turn_each_way_along_a_corridor_as_were_counted(first: float, second: float) -> None:
    flows = [np.array([first, 250, 60, 40, 90]), np.array([second, 300, 50, 30, 0])]
    roads = along_two()
    streams = streams_of(roads, flows)
    for junction, counted in zip(roads.junctions, flows, strict=True):
        for move, turn in junction.edges.items():
            turned = sum(each.rate for each in streams if turn in pairwise(each.edges))
            assert turned == pytest.approx(counted[move])
    whole = [each for each in streams if each.edges == ("in_0_west", "road_0_1", "out_1_east") and not each.ends]
    # Of those who leave the first eastward as many drive on as were counted there, and keep their platoon.
    assert sum(each.rate for each in whole) == pytest.approx(first * min(1, second / (first + 60)))
    assert {each.begins for each in streams if each.edges[0] == "road_0_1"} == (
        {True} if second > first + 60 else set()
    )
    assert bool([each for each in streams if each.ends and each.edges[-1] == "road_0_1"]) == (second < first + 60)


@pytest.mark.skipif(SUMO is None, reason="SUMO is not installed: pip install -e .[sumo]")
def test_a_corridor_is_driven_on_one_network_and_the_same_plans_are_the_same(table: Junctions) -> None:
    today = {name: each.today for name, each in junctions_of(table).items()}
    found = check_plans(CorridorDrive(table, "High Street"), {"today": today, "again": today}, seeds=(1, 2))
    assert found.differences["again"].verdict == "no_change"
    assert 0 < found.lost["today"] < 120


def test_a_corridor_is_moved_by_offsets_and_greens_of_the_same_cycle(table: Junctions) -> None:
    plans, drive = corridor_plans(table, "High Street"), CorridorDrive(table, "High Street")
    movable = drive.movable(plans, longest=120)
    assert movable.plans(movable.start) == plans
    first, second = drive.timings(plans)
    offset, shift = movable.start[0], 2.0
    cycle = second.cycle(drive.junctions[1].layout)
    # The second junction's offset, and by junction the seconds that its first phase takes from its last.
    moved = movable.plans((offset - 4, 0.0, shift))
    assert moved is not None
    assert drive.timings(moved) == [
        first, Timing((second.greens[0] + shift, second.greens[1] - shift), offset=(offset - 4) % cycle)
    ]  # fmt: skip
    assert movable.plans((offset, second.greens[1], 0.0)) is None, "no green is left"
    least = drive.junctions[0].layout.phases[1].minimum
    assert movable.plans((offset, first.greens[1] - least, 0.0)) is not None
    assert movable.plans((offset, first.greens[1] - least + 1, 0.0)) is None


def test_bearings_are_stated_named_or_even() -> None:
    layout = two_phases()
    assert bearings_of(layout) == {"north": 0, "south": 180, "east": 90, "west": 270}
    assert bearings_of(layout, {"north": 350.0})["north"] == 350
    odd = Layout("J", "J", tuple(Movement(each, Turn.THROUGH, (1,), 1800.0) for each in ("Mill", "Church", "Dock")), ())
    assert bearings_of(odd) == {"Mill": 0, "Church": 120, "Dock": 240}
    assert facing(bearings_of(layout), (0.0, 0.0), (-500.0, 20.0)) == "west"
    assert facing({"north": 0.0}, (0.0, 0.0), (0.0, -500.0)) is None
