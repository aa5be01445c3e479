"""Plans of a junction or corridor tried in the simulator: the same vehicles under each, on paired seeds, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from analytics.parallel import Progress
from analytics.signals.checks import Check, find_check, keep_check, subject_of
from analytics.signals.drives import Drive, Plans
from analytics.signals.simulation import runs_of, simulate, simulator

__all__ = ["SEEDS", "check_plans", "checked_plans", "found_check", "subject"]

SEEDS = tuple(range(1, 21))


def check_plans(
    drive: Drive, plans: Mapping[str, Plans], *, seeds: tuple[int, ...] = SEEDS, sumo: Path | None = None,
    progress: Progress | None = None,
) -> Check:  # fmt: skip
    """Drive the busiest hour under each set of plans.

    Parameters
    ----------
    drive : a junction or a corridor.
    plans : by name, the plan of each junction; the others are held against the first.
    seeds : of the simulator, the same for each.
    sumo : the simulator's program; searched for where none is given.
    progress : told how far it is, and where the work may be stopped.

    Returns
    -------
    Check
        Unchecked where there is no simulator.
    """
    programs = simulator(sumo)
    if programs is None:
        return Check(checked=False)
    with TemporaryDirectory(prefix="driven-") as kept:
        hour = drive.written(Path(kept), netconvert=programs.netconvert)
        driven = {name: hour.programs(each) for name, each in plans.items()}
        found = simulate(hour.case, driven, seeds=seeds, sumo=programs.sumo, progress=progress)
    formula = {name: 3600 * drive.hours(each) / hour.trips for name, each in plans.items()}
    return Check(True, drive.minute, runs_of(found, plans), formula, seeds, programs.version)


def checked_plans(
    drive: Drive, plans: Plans, *, seeds: tuple[int, ...] = SEEDS, progress: Progress | None = None
) -> Check:
    """Plans beside today's: as they were checked before by this simulator and these seeds, else driven now, and kept.

    Parameters
    ----------
    drive : a junction or a corridor.
    plans : those that are proposed, by junction.
    seeds : of the simulator.
    progress : told how far it is, and where the work may be stopped.

    Returns
    -------
    Check
        Of ``TODAY`` and ``PROPOSED``, along a corridor of ``ALONE`` too; unchecked where there is no simulator.
    """
    programs = simulator()
    if programs is None:
        return Check(checked=False)
    known = found_check(drive, plans, version=programs.version, seeds=seeds)
    if known is not None:
        return known
    found = check_plans(drive, drive.tried(plans), seeds=seeds, progress=progress)
    keep_check(subject(drive, plans), found)
    return found


def found_check(drive: Drive, plans: Plans, *, version: str = "", seeds: tuple[int, ...] = ()) -> Check | None:
    """What was said before of plans beside today's.

    Parameters
    ----------
    drive : a junction or a corridor.
    plans : those that are proposed, by junction.
    version, seeds : as of ``find_check``.

    Returns
    -------
    Check or None
        None where nobody asked for one yet.
    """
    return find_check(subject(drive, plans), version=version, seeds=seeds)


def subject(drive: Drive, plans: Plans) -> str:
    """The key of what is driven: roads, vehicles of the busiest hour, and what today's plans and these do in it.

    Parameters
    ----------
    drive : a junction or a corridor.
    plans : those that are proposed, by junction.

    Returns
    -------
    str
        As ``subject_of`` gives it.
    """
    return subject_of(*drive.driven(plans))
