"""Traffic: published equilibria, aequilibrae on the same networks, an option after today, and Chicago from files to a verdict."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from analytics.errors import TrafficError
from analytics.scenarios import Scenario, compare
from analytics.scenarios.engines.traffic import futures
from analytics.scenarios.engines.traffic.known import case_of
from analytics.scenarios.engines.traffic.levers import plan_of
from analytics.scenarios.framing import study_of
from analytics.scenarios.questions import question_named
from analytics.traffic import Assignment, Demand, Elastic, Road, assign
from benchmarks.environment import python_with
from benchmarks.forecasting.sets import chicago, data_folder
from benchmarks.rows import Row, cost_of
from tests.tntp_files import read_flow, read_road, read_trips

__all__ = ["rows"]

PEERS = ("aequilibrae==1.7.2",)
SIOUX_FALLS, SKETCH = 42.31335287107440, 17313018.7387477
WEIGHTS = {"ChicagoSketch": {"toll_weight": 0.02, "distance_weight": 0.04}}
FEW = 3  # times that what takes less than a second is done: the least is told
CLOSED = 9  # links of the busiest hundred that are closed, one at a time
CHECKED = 12  # draws that are solved by themselves


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Every row of traffic; those without their data are left out, saying so."""
    folder = data_folder() / "benchmarks" / "tntp"
    if not folder.is_dir():
        print(f"no real data at {folder}: traffic is left out")
        return
    assign(*_case(folder, "Braess-Example", "Braess")[:2])  # compiles
    yield from _braess(folder)
    yield from _sioux_falls(folder)
    yield from _published(folder)
    yield from _sketch(folder)
    yield from _against_aequilibrae(folder, quick=quick)
    yield from _chicago()


def _case(folder: Path, place: str, name: str) -> tuple[Road, Demand, Any]:
    road = read_road(folder / place / f"{name}_net.tntp", **WEIGHTS.get(name, {}))
    demand = read_trips(next((folder / place).glob(f"{name}_trips.tntp*")))
    flows = folder / place / f"{name}_flow.tntp"
    known = {(int(tail), int(head)): each for tail, head, each in read_flow(flows)} if flows.exists() else {}
    ends = zip(road.tail + 1, road.head + 1, strict=True)
    return road, demand, np.array([known.get(each, np.nan) for each in ends])


def _least(work: Any) -> tuple[Assignment, float]:
    """An answer, and the least CPU seconds of a few times."""
    done = [cost_of(work) for _ in range(FEW)]
    return done[0][0], min(cost for _, cost in done)


def _braess(folder: Path) -> Iterator[Row]:
    road, demand, _ = _case(folder, "Braess-Example", "Braess")
    with_it = assign(road, demand, gap=1e-10)
    without = assign(road.with_(is_open=np.arange(5) != 3), demand, gap=1e-10)
    found = [60 * each.hours / 6 for each in (without, with_it)]
    note = f"{found[0]:.6f} minutes without the road, {found[1]:.6f} with it; published 83 and 92"
    yield Row("braess", max(abs(found[0] - 83), abs(found[1] - 92)), "min apart", 1e-4, note=note)


def _sioux_falls(folder: Path) -> Iterator[Row]:
    road, demand, published = _case(folder, "SiouxFalls", "SiouxFalls")
    found, seconds = _least(lambda: assign(road, demand, gap=1e-6))
    note = f"gap {found.gap:.1e} in {found.iterations} sweeps, {1000 * seconds:.0f} ms of CPU; published {SIOUX_FALLS}"
    yield Row("sioux_falls_objective", found.objective / 1e5, "1e5", 42.3160, note=note)
    error = 100 * float(np.abs(found.volume - published).mean() / published.mean())
    yield Row("sioux_falls_flow_error", error, "%", 0.1, note="mean over links, of the mean volume")
    yield Row("sioux_falls_s", seconds, "s", 1.0, note="CPU, compiled")


def _published(folder: Path) -> Iterator[Row]:
    for name in ("Anaheim", "Winnipeg"):
        road, demand, published = _case(folder, name, name)
        found, seconds = _least(lambda road=road, demand=demand: assign(road, demand, gap=1e-6))
        rising = road.slope * road.power > 0
        error = 100 * float(np.abs(found.volume - published)[rising].mean() / published[rising].mean())
        best = road.objective(published)
        note = (
            f"gap {found.gap:.1e}, {seconds:.2f} s of CPU, objective {100 * (found.objective / best - 1):.1e} % above that of "
            "the published flows; mean over links whose time rises with volume: of others the volume is not unique"
        )
        yield Row(f"{name.lower()}_flow_error", error, "%", 0.1, note=note)


def _sketch(folder: Path) -> Iterator[Row]:
    road, demand, published = _case(folder, "Chicago-Sketch", "ChicagoSketch")
    found, seconds = _least(lambda: assign(road, demand, gap=1e-4))
    note = f"{found.iterations} sweeps; gap {found.gap:.1e}"
    yield Row("chicago_sketch_s", seconds, "s", 60.0, note=f"CPU to a gap of 1e-4, {note}")
    yield Row("chicago_sketch_objective", 100 * (found.objective / SKETCH - 1), "% above", 0.01, note=note)
    exact, longer = _least(lambda: assign(road, demand, gap=1e-6))
    error = 100 * float(np.abs(exact.volume - published).mean() / published.mean())
    note = f"gap {exact.gap:.1e} in {longer:.2f} s of CPU; objective {100 * (exact.objective / SKETCH - 1):.1e} % above"
    yield Row("chicago_sketch_flow_error", error, "%", 0.1, note=note)
    for gap, name in ((1e-4, "warm_start"), (1e-6, "warm_start_1e-6")):
        today, cold = _least(lambda gap=gap: assign(road, demand, gap=gap))
        times = [
            _least(lambda option=option, today=today, gap=gap: assign(option, demand, gap=gap, start=today))[1]
            for option in _closed(road, demand, today)
        ]
        shares = np.array(times) / cold
        note = f"{len(times)} of the 100 busiest links, one closed at a time: {shares.min():.2f} to {shares.max():.2f}; gap {gap:g}"
        yield Row(name, float(np.median(times)), "s", 0.2, peer=cold, peer_name="the first solve", note=note)


def _closed(road: Road, demand: Demand, today: Assignment) -> Iterator[Road]:
    """The road without one of its busiest links, each in turn; a link without which a zone cannot be left stays open."""
    volume, kept = np.where(road.capacity > 10_000, 0, today.volume), 0
    for link in np.argsort(-volume)[: 100 : 100 // (2 * CLOSED)]:
        option = road.with_(is_open=np.arange(len(volume)) != link)
        try:
            assign(option, demand, most=0, start=today)
        except TrafficError:
            continue
        kept += 1
        if kept <= CLOSED:
            yield option


def _against_aequilibrae(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Gap 1e-6 on the same network: CPU of the assignment alone, its network built and one assignment made before."""
    python = python_with(PEERS, folder=".peers-assignment")
    cases = [("assignment_vs_aequilibrae", "SiouxFalls", 1e-6), ("assignment_vs_aequilibrae_anaheim", "Anaheim", 1e-6)]
    for row, name, gap in cases[:1] if quick else cases:
        road, demand, _ = _case(folder, name, name)
        found, seconds = _least(lambda road=road, demand=demand, gap=gap: assign(road, demand, gap=gap))
        theirs = _aequilibrae(python, road, demand, gap=gap)
        volume = np.array(theirs["volume"])
        note = (
            f"{name}: ours gap {found.gap:.1e}, objective {found.objective:.2f}; theirs gap {theirs['gap']:.1e} in "
            f"{theirs['iterations']} iterations of bfw, objective {road.objective(volume):.2f}"
        )
        yield Row(row, seconds, "s", 1 / 5, peer=theirs["seconds"], peer_name="aequilibrae", note=note)


def _aequilibrae(python: Path, road: Road, demand: Demand, *, gap: float) -> dict[str, Any]:
    """What aequilibrae finds in an environment of its own, and its CPU seconds."""
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "asked.npz"
        np.savez(
            asked, a_node=road.tail + 1, b_node=road.head + 1, free_flow_time=road.free_time, capacity=road.capacity,
            b=road.b, power=road.power, matrix=demand.matrix, gap=gap, blocked=not road.through.all(), most=5000,
        )  # fmt: skip
        command = [str(python), "-W", "ignore", "-m", "benchmarks.scenarios.assignment_side", str(asked)]
        answer = subprocess.run(command, check=True, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


def _chicago() -> Iterator[Row]:
    """One expressway link closed, or two widened: from files to hours, access by group, fuel and a verdict; then another."""
    city = chicago()
    offered = _candidates(city)
    options = [
        Scenario("today"),
        Scenario("closed", levers={"road.closed": [offered[0]]}),
        Scenario("widened", levers={"road.widened": list(offered[1:3])}),
    ]
    began = time.perf_counter()
    found, cost = cost_of(lambda: compare(city, options, question="traffic"))
    first = time.perf_counter() - began
    groups = found.by_group["closed", "access_ends_15"].sizes["group"]
    yield Row("chicago_roads_first_s", first, "s", 60.0, note=f"{cost:.1f} s of CPU; {found.verdict} {groups} groups")
    moved = [options[0], Scenario("another", levers={"road.closed": [offered[3]]})]
    began = time.perf_counter()
    found, cost = cost_of(lambda: compare(city, moved, question="traffic"))
    yield Row(
        "chicago_roads_lever_s", time.perf_counter() - began, "s", 3.0, note=f"another link closed, {cost:.2f} s of CPU"
    )
    yield _between(city, offered)


def _candidates(city: Any) -> tuple[str, ...]:
    case = case_of(study_of(city, question=question_named(city, "traffic")))
    assert case is not None
    return tuple(case.candidates)


def _between(city: Any, offered: tuple[str, ...]) -> Row:
    """What reading draws between a few solved futures errs by, of what closing a link changes."""
    study = study_of(city, question=question_named(city, "traffic"))
    case = case_of(study)
    assert case is not None
    plan, rest = plan_of(case, {"road.closed": (offered[0],)}), plan_of(case, {})
    drawn = futures.drawn_futures({}, study.streams, counted=False)
    read, base = (
        found.read(found.volume)
        for found in (futures.nodes_of(case, each, drawn, counted=False) for each in (plan, rest))
    )
    effects, errors = [], []
    for draw in range(0, study.draws, study.draws // CHECKED):
        start, usual = futures.today(case, float(drawn.level[draw]))
        elastic = Elastic(usual, float(drawn.elasticity[draw]))
        each = assign(plan.road, case.demand.times(float(drawn.level[draw])), gap=1e-6, start=start, elastic=elastic)
        hours = [float(volume @ plan.road.time(volume)) / 60 for volume in (read[draw], base[draw])]
        effects.append(each.hours - start.hours)
        errors.append(hours[0] - hours[1] - effects[-1])
    share = 100 * float(np.abs(errors).mean() / np.abs(effects).mean())
    note = (
        f"{len(errors)} of {study.draws} draws solved by themselves; mean effect {np.mean(effects):.0f} vehicle-hours"
    )
    return Row("traffic_between_nodes", share, "% of the effect", 10.0, note=note)
