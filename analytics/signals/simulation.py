"""Plans checked in the simulator SUMO: the same travellers under each plan, on paired seeds, in processes of its own.

SUMO is not a part of this program: its package is an extra. Without it there is no check, and results say so.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from analytics.errors import AnalyticsError
from analytics.parallel import Progress
from data.words import Sentence

__all__ = ["Case", "SignalProgram", "Simulator", "find_sumo", "runs_of", "simulate", "simulator"]

LONGEST = 900.0  # seconds of computing that one run may take
WATCHED = 0.5  # seconds between two looks at whether the run is still wanted


@dataclass(frozen=True)
class SignalProgram:
    """What one signal runs: seconds and state of each stretch, and when its cycle starts; ``actuated`` lets SUMO's default
    controller lengthen and cut greens between ``shortest`` and ``longest`` seconds.
    """

    signal: str
    stretches: tuple[tuple[float, str], ...]
    offset: float = 0.0
    actuated: bool = False
    shortest: float = 5.0
    longest: float = 50.0


@dataclass(frozen=True)
class Case:
    """Roads and travellers between two seconds of the simulator's clock."""

    network: Path
    routes: Path
    begin: float
    end: float


def find_sumo(name: str = "sumo") -> Path | None:
    """SUMO's program of a name, from its package or the path; None where there is none."""
    found = importlib.util.find_spec("sumo")
    for folder in (found.submodule_search_locations or []) if found else []:
        if (Path(folder) / "bin" / name).is_file():
            return Path(folder) / "bin" / name
    there = shutil.which(name)
    return Path(there) if there else None


@dataclass(frozen=True)
class Simulator:
    """SUMO's programs and their version."""

    sumo: Path
    netconvert: Path
    version: str


def simulator(sumo: Path | None = None) -> Simulator | None:
    """SUMO with the program that makes its roads; None where either is not there.

    Parameters
    ----------
    sumo : its program; searched for where none is given.
    """
    program = find_sumo() if sumo is None else sumo
    netconvert = None if program is None else program.with_name("netconvert")
    if program is None or netconvert is None or not netconvert.is_file():
        return None
    return Simulator(program, netconvert, _version(program))


@lru_cache(maxsize=4)
def _version(sumo: Path) -> str:
    """As the program says itself: "1.28.0"."""
    stated = subprocess.run([str(sumo), "--version"], check=True, capture_output=True, timeout=60, text=True).stdout
    return stated.partition("\n")[0].split()[-1].lstrip("v")


def runs_of(found: pd.DataFrame, names: Iterable[str]) -> dict[str, tuple[float, ...]]:
    """By plan the seconds that a trip loses under each seed.

    Parameters
    ----------
    found : as ``simulate`` gives it.
    names : of the plans, in the order in which they are wanted.

    Returns
    -------
    dict
        In the order of the seeds.
    """
    lost = found["lost"]
    return {name: tuple(float(each) for each in lost.xs(name, level="plan")) for name in names}


def simulate(
    case: Case, plans: Mapping[str, Sequence[SignalProgram]], *, seeds: Sequence[int], sumo: Path, progress: Progress | None = None
) -> pd.DataFrame:  # fmt: skip
    """What each plan costs the travellers, seed by seed.

    No vehicle is taken out of a jam; who has not arrived when time is up, or could not even start, counts with what it has
    lost until then.

    Parameters
    ----------
    case : roads and travellers.
    plans : by name; without programs, those that the network has.
    seeds : of the simulator; the same for each plan.
    sumo : its program.
    progress : told how far it is, and where the work may be stopped.

    Returns
    -------
    DataFrame
        Indexed by plan and seed: ``trips``, ``time_loss`` (seconds a trip lost while driving), ``lost`` (with what it waited
        to start) and ``unfinished`` trips.

    Raises
    ------
    AnalyticsError
        When the simulator fails, or takes longer than ``LONGEST`` for a run.
    """
    rows: dict[tuple[str, int], dict[str, float]] = {}
    total = len(plans) * len(seeds)

    def watch() -> None:
        if progress is not None:
            progress(len(rows) / total, Sentence("signals.simulating"))

    with TemporaryDirectory(prefix="signals-") as kept:
        for name, programs in plans.items():
            for seed in seeds:
                rows[name, seed] = _run(case, programs, seed=seed, sumo=sumo, folder=Path(kept), watch=watch)
                watch()
    found = pd.DataFrame.from_dict(rows, orient="index")
    found.index = pd.MultiIndex.from_tuples(list(rows), names=["plan", "seed"])
    return found


def _run(
    case: Case, programs: Sequence[SignalProgram], *, seed: int, sumo: Path, folder: Path, watch: Callable[[], None]
) -> dict[str, float]:
    out = folder / "trips.xml"
    command = [
        str(sumo), f"--net-file={case.network}", f"--route-files={case.routes}", f"--begin={case.begin:g}",
        f"--end={case.end:g}", f"--seed={seed}", "--time-to-teleport=-1", "--no-step-log", "--no-warnings",
        f"--tripinfo-output={out}", "--tripinfo-output.write-unfinished", "--tripinfo-output.write-undeparted",
    ]  # fmt: skip
    if programs:
        _write_programs(programs, folder / "programs.add.xml")
        command.append(f"--additional-files={folder / 'programs.add.xml'}")
    home = {"SUMO_HOME": str(sumo.parent.parent)}
    _watched(command, environment={**os.environ, **home}, watch=watch)
    return _trips(out)


def _watched(command: Sequence[str], *, environment: Mapping[str, str], watch: Callable[[], None]) -> None:
    """Run a program to its end; what ``watch`` raises ends the program, too."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment) as program:
        begun = time.monotonic()
        try:
            while not _ended(program):
                if time.monotonic() - begun > LONGEST:
                    raise AnalyticsError("simulator_late", minutes=round(LONGEST / 60))
                watch()
        except BaseException:
            program.kill()
            raise
    if program.returncode:
        raise AnalyticsError("simulator_failed", status=program.returncode)


def _ended(program: subprocess.Popen[bytes]) -> bool:
    with suppress(subprocess.TimeoutExpired):
        program.wait(timeout=WATCHED)
    return program.returncode is not None


def _write_programs(programs: Sequence[SignalProgram], path: Path) -> None:
    root = ET.Element("additional")
    for each in programs:
        kind = "actuated" if each.actuated else "static"
        about = {"id": each.signal, "type": kind, "programID": "plan", "offset": f"{each.offset:g}"}
        logic = ET.SubElement(root, "tlLogic", about)
        for seconds, state in each.stretches:
            stretch = {"duration": f"{seconds:g}", "state": state}
            if each.actuated and "y" not in state and ("G" in state or "g" in state):
                stretch |= {"minDur": f"{each.shortest:g}", "maxDur": f"{each.longest:g}"}
            ET.SubElement(logic, "phase", stretch)
    ET.ElementTree(root).write(path)


def _trips(path: Path) -> dict[str, float]:
    loss, late, unfinished = [], [], 0
    for _, each in ET.iterparse(path):
        if each.tag == "tripinfo":
            loss.append(float(each.get("timeLoss", "0")))
            late.append(max(0.0, float(each.get("departDelay", "0"))))
            unfinished += float(each.get("arrival", "0")) < 0
            each.clear()
    n = len(loss)
    driving, waiting = (float(np.sum(each)) / max(n, 1) for each in (loss, late))
    return {"trips": n, "time_loss": driving, "lost": driving + waiting, "unfinished": unfinished}
