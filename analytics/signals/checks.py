"""What the simulator said of plans, kept in the workspace: whoever compares the same plans of the same counts later finds it.

A check is kept by what was driven (junction, counts, both plans), by the simulator's version and by its seeds, and is never
made unasked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from analytics.signals.before_after import Difference, difference_of
from data import fingerprint_of
from data.store.results import keep, keys, load, stamp_of_keys

__all__ = [
    "ALONE", "DRIVEN", "PROPOSED", "TODAY", "Check", "checks_stamp", "find_check", "keep_check", "subject_of", "tried_of",
]  # fmt: skip

KIND = "signal_checks"
DRIVEN = "1"  # raised whenever the roads or vehicles that are made of a table differ
# Names of plans: that which runs, the one tried, each junction's own.
TODAY, PROPOSED, ALONE = "today", "proposed", "alone"


@dataclass(frozen=True)
class Check:
    """What the simulator says of plans beside the first of them.

    ``checked`` is false where there is no simulator; then nothing is known and results must say so. ``minute`` is when the
    hour that was driven begins; ``runs`` by plan the seconds that a trip loses under each of the ``seeds``; ``formula`` by
    plan the mean wait by the handbook in the same hour. ``version`` is the simulator's.
    """

    checked: bool
    minute: int = 0
    runs: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    formula: Mapping[str, float] = field(default_factory=dict)
    seeds: tuple[int, ...] = ()
    version: str = ""

    @property
    def lost(self) -> dict[str, float]:
        """By plan the mean over the seeds."""
        return {name: sum(own) / len(own) for name, own in self.runs.items()}

    @property
    def differences(self) -> dict[str, Difference]:
        """Each plan beside the first, in pairs of the same seed."""
        first = next(iter(self.runs), None)
        return {name: self.beside(name, str(first)) for name in self.runs if name != first}

    def beside(self, name: str, base: str) -> Difference:
        """One plan less another, in pairs of the same seed.

        Parameters
        ----------
        name, base : of the plans.

        Returns
        -------
        Difference
            In seconds a trip.
        """
        return difference_of(self.runs[base], self.runs[name])

    def without(self, seeds: Collection[int]) -> Check:
        """What the runs under other seeds say.

        Parameters
        ----------
        seeds : left out.

        Returns
        -------
        Check
            Unchecked where no run is left.
        """
        places = [place for place, seed in enumerate(self.seeds) if seed not in seeds]
        runs = {name: tuple(own[place] for place in places) for name, own in self.runs.items()}
        return replace(
            self, checked=self.checked and bool(places), runs=runs, seeds=tuple(self.seeds[place] for place in places)
        )

    @property
    def same_order(self) -> bool:
        """Whether no plan that the simulator calls better or worse than the first is the other way round by the formula."""
        return bool(self.differences) and all(self.agrees(name) for name in self.differences)

    def agrees(self, name: str) -> bool:
        """Whether the formula does not put a plan and the first the other way round than the simulator.

        Parameters
        ----------
        name : of the plan.

        Returns
        -------
        bool
            True, too, where the simulator's difference is too close to call.
        """
        signs = {"better": -1, "worse": 1}
        first, verdict = next(iter(self.runs)), self.differences[name].verdict
        return verdict not in signs or signs[verdict] * (self.formula[name] - self.formula[first]) > 0


def subject_of(*driven: object) -> str:
    """The key of what was driven: of the same roads, vehicles and plans the same."""
    return fingerprint_of(DRIVEN, *driven)


def keep_check(subject: str, check: Check) -> None:
    """Keep a check for whoever asks for the same.

    Parameters
    ----------
    subject : what was driven, as ``subject_of`` gives it.
    check : what came of it.
    """
    record = {
        "minute": check.minute, "runs": {name: list(own) for name, own in check.runs.items()}, "formula": dict(check.formula),
        "seeds": list(check.seeds), "version": check.version,
    }  # fmt: skip
    keep(KIND, f"{subject}-{fingerprint_of(check.version, check.seeds)}", tables={}, record=record)


def find_check(subject: str, *, version: str = "", seeds: tuple[int, ...] = ()) -> Check | None:
    """A check that was kept.

    Parameters
    ----------
    subject : what was driven.
    version, seeds : of the simulator, where just that is wanted; else the check over most seeds is given.

    Returns
    -------
    Check or None
        None where nobody asked for one yet.
    """
    wanted = f"{subject}-{fingerprint_of(version, seeds)}" if version else f"{subject}-"
    found = [_read(each) for each in keys(KIND) if each.startswith(wanted)]
    return max(
        (each for each in found if each is not None), key=lambda each: (len(each.seeds), each.version), default=None
    )


def _read(key: str) -> Check | None:
    stored = load(KIND, key)
    if stored is None:
        return None
    kept = stored.record
    runs = {name: tuple(own) for name, own in kept["runs"].items()}
    return Check(True, int(kept["minute"]), runs, dict(kept["formula"]), tuple(kept["seeds"]), str(kept["version"]))


def tried_of(name: str, check: Check) -> dict[str, Any]:
    """What a caveat says of a check.

    Parameters
    ----------
    name : of the junction or corridor.
    check : of ``PROPOSED`` beside ``TODAY``.

    Returns
    -------
    dict
        The difference in seconds a trip, and whether the formula agrees.
    """
    one = check.beside(PROPOSED, TODAY)
    return {
        "name": name, "verdict": one.verdict, "pairs": one.pairs, "low": one.low, "high": one.high, "more": one.mean,
        "saved": -one.mean, "least": -one.high, "most": -one.low, "same_order": check.agrees(PROPOSED),
    }  # fmt: skip


def checks_stamp() -> str:
    """Another whenever a check was added: what is said of plans depends on it; "" where there is none."""
    return stamp_of_keys(KIND)
