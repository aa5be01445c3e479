"""Plans refined in the simulator, kept in the workspace: where they begin, on which seeds they were moved, and what they are.

A refined plan is kept for the roads and counts that it was refined on, and offered for as long as these are the same. It is
fitted to the seeds that it was searched on: what it saves is told by a check (``checking.py``), which drives others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import numpy as np
import pandas as pd
from cachetools import LRUCache, cached

from analytics.parallel import Progress
from analytics.signals.checks import DRIVEN
from analytics.signals.corridor_drive import CorridorDrive
from analytics.signals.drives import Drive, Plans
from analytics.signals.junction_drive import JunctionDrive
from analytics.signals.refining import refine
from analytics.signals.searched import from_plain, to_plain
from analytics.signals.simulation import simulate, simulator
from analytics.signals.tables import junctions_of
from analytics.signals.timings import DayPlan
from data import Junctions, fingerprint_of
from data.store.results import keys, load, save, stamp_of_keys
from data.words import Sentence

__all__ = ["SEARCHED", "RefinedPlans", "drive_of", "keep_refined", "refined_of", "refined_plans", "refined_stamp"]

KIND = "signal_refined"
SEARCHED = (101, 102, 103)  # seeds that plans are refined on; those of checks begin at 1 and never reach them
MOST = 40  # plans that are tried
CLEARLY = 2.0  # seconds a trip by which plans must lose more to be given up before all seeds were driven
DIGITS = 8  # of the mark of a plan


@dataclass(frozen=True)
class RefinedPlans:
    """Plans of a junction or corridor, moved for as long as the simulator lost less in the busiest hour.

    ``place`` is the junction's id or the corridor's name, ``begun`` the plans that the search started from. ``lost`` and
    ``formula`` are seconds a trip under (begun, refined): in the simulator as the mean over ``seeds``, to which the plans are
    fitted, and by formula. ``tried`` counts the plans that were driven, ``version`` is the simulator's, ``made`` a day.
    """

    place: str
    plans: Mapping[str, DayPlan]
    begun: Mapping[str, DayPlan]
    seeds: tuple[int, ...]
    lost: tuple[float, float]
    formula: tuple[float, float]
    tried: int
    version: str
    made: str

    @property
    def mark(self) -> str:
        """Digits that stand for what the plans are and how they were found."""
        return fingerprint_of(sorted(self.plans.items()), self.seeds, self.version)[:DIGITS]

    @property
    def key(self) -> str:
        """What an option names it by: its place and its mark, so that another plan is another choice."""
        return f"{self.place}@{self.mark}"


def drive_of(table: Junctions, place: str) -> Drive:
    """What is driven of a table.

    Parameters
    ----------
    table : of a city.
    place : a junction's id or a corridor's name.

    Returns
    -------
    Drive
        The junction by itself, or the whole corridor.
    """
    if place in table.corridors:
        return CorridorDrive(table, place)
    return JunctionDrive(junctions_of(table)[place])


def refined_plans(
    drive: Drive, plans: Plans, *, place: str, longest: float, seeds: tuple[int, ...] = SEARCHED, most: int = MOST,
    progress: Progress | None = None,
) -> RefinedPlans | None:  # fmt: skip
    """Plans moved for as long as the simulator loses less in the busiest hour.

    Parameters
    ----------
    drive : a junction or a corridor.
    plans : where the search starts.
    place : the junction's id or the corridor's name.
    longest : seconds that a cycle may last.
    seeds : of the simulator, others than those of checks.
    most : plans that may be tried.
    progress : told how far it is, and where the work may be stopped.

    Returns
    -------
    RefinedPlans or None
        None where there is no simulator; not kept yet.
    """
    programs = simulator()
    if programs is None:
        return None
    movable, tried = drive.movable(plans, longest=longest), list[float]()
    with TemporaryDirectory(prefix="driven-") as kept:
        hour = drive.written(Path(kept), netconvert=programs.netconvert)

        def watched(share: float, doing: object) -> None:
            if progress is not None:
                progress(min(1.0, (len(tried) + share / len(seeds)) / most), Sentence("signals.refining"))

        def lost(numbers: tuple[float, ...], bound: float) -> float:
            moved = movable.plans(numbers)
            tried.append(float("inf") if moved is None else driven(moved, bound))
            return tried[-1]

        def driven(moved: Plans, bound: float) -> float:
            found: list[float] = []
            for seed in seeds:
                runs = simulate(
                    hour.case, {"": hour.programs(moved)}, seeds=[seed], sumo=programs.sumo, progress=watched
                )
                found.append(float(runs["lost"].iloc[0]))
                if float(np.mean(found)) > bound + CLEARLY:
                    return float("inf")
            return float(np.mean(found))

        found = refine([movable.start], lost, least=movable.least, most=most)
    better = movable.plans(found.greens)
    assert better is not None  # the start can run, and nothing that cannot loses less
    formula = [3600 * drive.hours(each) / hour.trips for each in (plans, better)]
    return RefinedPlans(
        place, dict(better), {each: plans[each] for each in better}, seeds, (tried[0], found.lost), (formula[0], formula[1]),
        found.tried, programs.version, pd.Timestamp.now().date().isoformat(),
    )  # fmt: skip


def keep_refined(table: Junctions, refined: RefinedPlans) -> None:
    """Keep plans for whoever asks about the same roads and counts.

    Parameters
    ----------
    table : of a city.
    refined : of one of its junctions or corridors.

    Raises
    ------
    WorkspaceError
        When the workspace cannot be written to: then nobody could choose them.
    """
    record = {
        "place": refined.place, "plans": to_plain(refined.plans), "begun": to_plain(refined.begun), "seeds": list(refined.seeds),
        "lost": list(refined.lost), "formula": list(refined.formula), "tried": refined.tried, "version": refined.version,
        "made": refined.made,
    }  # fmt: skip
    save(KIND, f"{_belongs(table, refined.place)}-{refined.mark}", tables={}, record=record)


def refined_of(table: Junctions) -> dict[str, RefinedPlans]:
    """The plans that are kept for a table as it is, by their key; where counts or roads have changed since there are none.

    Parameters
    ----------
    table : of a city.

    Returns
    -------
    dict
        By place, the newest last; {} where nobody refined any.
    """
    return _refined(table) if keys(KIND) else {}


def refined_stamp() -> str:
    """Another whenever plans were kept: what may be chosen depends on it; "" where there are none."""
    return stamp_of_keys(KIND)


def _stamped(table: Junctions) -> tuple[str, str, str]:
    return table.provenance.fingerprint, table.name, refined_stamp()


@cached(LRUCache(maxsize=8), key=_stamped, lock=Lock())
def _refined(table: Junctions) -> dict[str, RefinedPlans]:
    found = []
    for place in (*junctions_of(table), *table.corridors):
        belongs = _belongs(table, place)
        read = [_read(each) for each in keys(KIND) if each.startswith(f"{belongs}-")]
        found += sorted((each for each in read if each is not None), key=lambda each: (each.made, each.mark))
    return {each.key: each for each in found}


def _belongs(table: Junctions, place: str) -> str:
    """What plans of a place are made for: its roads and counts and the longest cycle, whatever runs there today."""
    return fingerprint_of(DRIVEN, place, table.longest_cycle, *drive_of(table, place).counted)


def _read(key: str) -> RefinedPlans | None:
    stored = load(KIND, key)
    if stored is None:
        return None
    kept = stored.record
    plans, begun = from_plain(kept["plans"]), from_plain(kept["begun"])
    return RefinedPlans(
        kept["place"], plans, begun, tuple(kept["seeds"]), tuple(kept["lost"]), tuple(kept["formula"]), kept["tried"],
        kept["version"], kept["made"],
    )  # fmt: skip
