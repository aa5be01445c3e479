"""Signals: published answers, planted plans, a corridor, and plans checked in SUMO on the networks of Ault and Sharon 2021.

Ours is searched by the handbook's delay and then refined in the simulator on seeds that it is not reported on; Webster's is that
of his formula. All are given the same turning counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from analytics.signals import Timing
from analytics.signals.before_after import Difference, difference_of
from analytics.signals.checking import check_plans
from analytics.signals.checks import ALONE, PROPOSED, TODAY
from analytics.signals.choices import best_plan, corridor_during, corridor_plans
from analytics.signals.corridor_drive import CorridorDrive
from analytics.signals.corridors import corridor_hours
from analytics.signals.critical import webster_timing
from analytics.signals.delay import mean_delay
from analytics.signals.handbook import control_delay
from analytics.signals.optimise import Flows, best_timing
from analytics.signals.refining import Refined, refine
from analytics.signals.simulation import find_sumo, simulate
from analytics.signals.tables import junctions_of
from analytics.signals.webster import webster_cycle, webster_delay
from benchmarks.environment import python_with
from benchmarks.forecasting.sets import data_folder
from benchmarks.rows import Row, cost_of
from benchmarks.scenarios.signals_side import Published, published
from data import open_city
from data.sample import ensure_sample
from data.sample.junctions import PARTS, planted_junctions

__all__ = ["rows"]

SUMO = ("eclipse-sumo==1.28.0",)
SEARCHED = (101, 102, 103, 104)  # seeds that plans are refined on …
REPORTED = tuple(range(1, 21))  # … and those that are reported
# Cycles from which the search starts: about the embedded one and shorter.
CYCLES = {"cologne1": (79.0, 85.0, 100.0), "ingolstadt1": (40.0, 47.0, 54.0, 65.0), "cologne3": (60.0, 75.0, 90.0)}
MOST = 80  # plans that are tried in the simulator
CORRIDOR_SEEDS = 10
JAMMED = 60.0  # seconds a trip: beyond it a network locks, and no more seeds are driven
WORSE = 1.02


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Every row of signals; the networks are left out without their data, saying so."""
    yield from _formulas()
    yield from _meridian()
    source = data_folder() / "engines" / "signals"
    if not source.is_dir():
        print(f"no real data at {source}: the simulated networks are left out")
        return
    sumo = find_sumo() or _peer()
    yield from _corridor(sumo, quick=quick)
    for name in ("ingolstadt1",) if quick else CYCLES:
        yield from _network(name, source, sumo, quick=quick)


def _formulas() -> Iterator[Row]:
    cycles = {57.5: [0.208, 0.192, 0.200], 77.0: [1000 / 2500, 900 / 3000]}
    miss = max(abs(webster_cycle(12, ratios) - known) / known for known, ratios in cycles.items())
    miss = max(miss, abs(webster_cycle(8, [960 / 2600, 600 / 2600]) - 42.5) / 42.5)
    yield Row("webster_cycle_error", miss, "share", 0.005, note="57.5, 77 and 42.5 s, as rounded where published")
    found = {
        13.895: webster_delay(60, 30, flow=600, saturation=1800), 15.149: control_delay(60, 30, flow=600, saturation=1800),
        76.181: control_delay(60, 30, flow=990, saturation=1800),
    }  # fmt: skip
    miss = max(abs(value - known) for known, value in found.items())
    yield Row("signal_delay_error", miss, "s", 0.001, note=", ".join(f"{value:.3f}" for value in found.values()))


def _meridian() -> Iterator[Row]:
    """The planted plans, and the corridor."""
    table = open_city(ensure_sample()).of("junctions")["signals"]
    junctions, apart = junctions_of(table), 0.0
    for planted in planted_junctions():
        layout = junctions[planted.junction_id].layout
        for part, best in enumerate(planted.best):
            flows = np.array([[planted.flows[each.name][part] for each in layout.movements]])
            found = best_timing(layout, Flows(flows)).timing
            apart = max(apart, mean_delay(layout, found, flows) / best.seconds - 1)
    yield Row("signal_planted_gap", 100 * apart, "%", 0.1, note="36 plans, by trying all of them; the worst")
    at = np.flatnonzero(junctions["S01"].minutes >= PARTS[2])
    ids, corridor = table.along("Guild Street"), corridor_during(table, "Guild Street", at)
    together, seconds = cost_of(lambda: [plan.at(PARTS[2]) for plan in corridor_plans(table, "Guild Street").values()])
    alone = [best_plan(table, each).at(PARTS[2]) for each in ids]
    ours, theirs = corridor_hours(corridor, together), corridor_hours(corridor, alone)
    note = f"each junction's own best plan; {seconds:.1f} s of CPU; by our own platoons, not in simulation"
    yield Row("signal_corridor", ours, "veh-h", 1.0, peer=theirs, peer_name="uncoordinated", note=note)


def _corridor(sumo: Path, *, quick: bool) -> Iterator[Row]:
    """Meridian's corridor of six in its busiest hour in SUMO: one wave, each junction's own best plan, and today's offsets."""
    table = open_city(ensure_sample()).of("junctions")["signals"]
    drive, seeds = CorridorDrive(table, "Guild Street"), REPORTED[:3] if quick else REPORTED[:CORRIDOR_SEEDS]
    found = check_plans(drive, drive.tried(corridor_plans(table, "Guild Street")), seeds=seeds, sumo=sumo)
    for base, peer, goal in (
        (ALONE, "uncoordinated, each junction's own best plan", 0.0),
        (TODAY, "today's offsets", None),
    ):
        name = "corridor_relief_sumo" if base == ALONE else "corridor_relief_sumo_today"
        yield _relief(name, found.beside(PROPOSED, base), peer, f"{len(seeds)} paired seeds, six junctions", goal=goal)


def _peer() -> Path:
    """The simulator of an environment of its own."""
    python = python_with(SUMO, folder=".peers-sumo")
    return next(python.parent.parent.glob("lib/python*/site-packages/sumo/bin/sumo"))


def _network(name: str, source: Path, sumo: Path, *, quick: bool) -> Iterator[Row]:
    with TemporaryDirectory() as kept:
        network = published(name, source=source, folder=Path(kept))
        seeds = REPORTED[:5] if quick else REPORTED
        refined, starts = _refined(network, sumo, name, most=6 if quick else MOST)
        plans = {
            "embedded": [each.program(each.embedded) for each in network.signals],
            "webster": [each.program(webster_timing(each.layout, each.flows.mean)) for each in network.signals],
            "formula": [each.program(timing) for each, timing in zip(network.signals, starts, strict=True)],
            "ours": [each.program(timing) for each, timing in zip(network.signals, _split(network, refined.greens), strict=True)],
        }  # fmt: skip
        found = simulate(network.case, plans, seeds=seeds, sumo=sumo)
    lost = {each: found.loc[each, "lost"].to_numpy() for each in plans}
    unfinished = {each: int(found.loc[each, "unfinished"].sum()) for each in plans}
    about = (
        f"{len(seeds)} seeds; greens {refined.greens} of {refined.tried} tried on seeds {SEARCHED[0]}-{SEARCHED[-1]}"
    )
    yield _relief(
        f"signal_relief_{name}",
        difference_of(lost["embedded"], lost["ours"]),
        "embedded",
        f"{about}; {unfinished} unfinished",
    )
    beside = difference_of(lost["webster"], lost["ours"])
    note = f"difference {beside.mean:.1f} s [{beside.low:.1f}, {beside.high:.1f}], {beside.verdict}"
    yield Row(f"signal_webster_{name}", beside.after, "s", WORSE, peer=beside.before, peer_name="Webster", note=note)
    yield _relief(
        f"signal_formula_{name}", difference_of(lost["embedded"], lost["formula"]), "embedded", "not refined", goal=None
    )
    driving = {each: round(float(found.loc[each, "time_loss"].mean()), 1) for each in plans}
    yield Row(
        f"signal_time_loss_{name}",
        driving["ours"],
        "s",
        peer=driving["embedded"],
        peer_name="embedded",
        note=f"while driving only: {driving}",
    )


def _relief(name: str, difference: Difference, peer: str, note: str, *, goal: float | None = 0.0) -> Row:
    """Seconds a trip that ours loses less, with the interval of the pairs."""
    words = f"{difference.before:.1f} s a trip become {difference.after:.1f}, {difference.verdict}; {note}"
    return Row(
        name,
        -difference.mean,
        "s",
        goal,
        most=False,
        low=-difference.high,
        high=-difference.low,
        note=f"against {peer}: {words}",
    )


def _split(network: Published, greens: Sequence[float]) -> list[Timing]:
    found, at = [], 0
    for each in network.signals:
        n = len(each.layout.phases)
        found.append(Timing(tuple(greens[at : at + n])))
        at += n
    return found


def _refined(network: Published, sumo: Path, name: str, *, most: int) -> tuple[Refined, list[Timing]]:
    """The plan refined in simulation, and that of the formula alone, which has no cycle given."""

    def joined(timings: Sequence[Timing]) -> tuple[float, ...]:
        return tuple(green for each in timings for green in each.greens)

    def lost(greens: tuple[float, ...], bound: float) -> float:
        programs = [each.program(timing) for each, timing in zip(network.signals, _split(network, greens), strict=True)]
        found: list[float] = []
        for seed in SEARCHED:
            found.append(float(simulate(network.case, {"": programs}, seeds=[seed], sumo=sumo)["lost"].iloc[0]))
            if found[-1] > JAMMED or float(np.mean(found)) > bound + 2.0:
                return float("inf")
        return float(np.mean(found))

    formula = [best_timing(each.layout, each.flows).timing for each in network.signals]
    starts = [joined(formula)] + [
        joined([best_timing(each.layout, each.flows, cycles=[max(cycle, each.layout.shortest)]).timing for each in network.signals])
        for cycle in CYCLES[name]
    ]  # fmt: skip
    least = tuple(phase.minimum for each in network.signals for phase in each.layout.phases)
    return refine(starts, lost, least=least, most=most), formula
