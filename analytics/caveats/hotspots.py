"""What limits a hotspot map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.caveats.rules import rule
from analytics.results import Caveat, Severity
from data.words import Words

# A change that leaves nine in ten as they were is no limit worth a note.
STAYS = 0.9
# Flags above residents by so many points are a burden that its bearers should know of.
EXPOSED = 0.05
# Of the flagged cells: a fifth at the edge is what a compact city of some thousand cells has anyway.
MUCH_EDGE = 0.2
# Points: what cell counts may miss their nominal 90 % by before a map's numbers are doubted.
CALIBRATED = 0.02
# Of the cells: where more than so many have never had an incident, a share of the outline is clearly more of the rest.
NEVER = 0.05


@rule
def police_initiated(*, police_initiated: Sequence[str], series_title: str) -> Caveat | None:
    """The incidents are what the police go and find: a map of them is a map of patrols."""
    if not police_initiated:
        return None
    return Caveat("police_initiated", Severity.DO_NOT_USE, {"kinds": list(police_initiated), "series": series_title})


@rule
def police_left_out(*, police_left_out: Sequence[str], series_title: str) -> Caveat | None:
    """Kinds that the police start are not in a map of all kinds."""
    if not police_left_out:
        return None
    return Caveat("police_left_out", Severity.NOTE, {"kinds": list(police_left_out), "series": series_title})


@rule
def mostly_missed(*, missed_share: float, looked_share: float) -> Caveat | None:
    """The flagged area holds less than half of what came."""
    if missed_share <= 0.5:
        return None
    return Caveat("mostly_missed", Severity.CAUTION, {"missed": missed_share, "looked": looked_share})


@rule
def places_only(*, cell_metres: float) -> Caveat | None:
    """A map scores places; whoever lives there is not what it speaks of."""
    return Caveat("places_only", Severity.NOTE, {"metres": cell_metres})


@rule
def reporting_bias(*, half_where: Words, half_before: float, half_after: float) -> Caveat | None:
    """The map follows reports: where half as much is reported, flags vanish."""
    if half_after >= STAYS * half_before:
        return None
    severity = Severity.CAUTION if half_after < half_before / 2 else Severity.NOTE
    evidence = {"where": half_where, "before": half_before, "after": half_after}
    return Caveat("reporting_bias", severity, evidence)


@rule
def under_reporting(*, silent_areas: Sequence[str], second_title: str | None, series_title: str) -> Caveat | None:
    """A second source of the same harm says that some areas report less than the rest of the city."""
    if not silent_areas:
        return None
    evidence = {"areas": list(silent_areas), "second": second_title, "series": series_title}
    return Caveat("under_reporting", Severity.CAUTION, evidence)


@rule
def group_exposure(*, exposed: Sequence[Mapping[str, Any]]) -> list[Caveat]:
    """Areas in which a group is above its share of the city hold clearly more of the flags than of the residents."""
    return [
        Caveat(
            "group_exposure",
            Severity.CAUTION,
            {key: row[key] for key in ("label", "flags", "residents", "reports", "low", "high")},
        )
        for row in exposed
        if row["verdict"] != "few" and row["low"] > row["residents"] + EXPOSED
    ]


@rule
def many_tests(*, cells_tested: int, cells_alone: int, cells_kept: int) -> Caveat | None:
    """Among so many places some pass any test by chance."""
    if cells_alone <= cells_kept:
        return None
    evidence = {"tests": cells_tested, "alone": cells_alone, "kept": cells_kept, "chance": 0.05 * cells_tested}
    return Caveat("many_tests", Severity.NOTE, evidence)


@rule
def mostly_noise(*, flagged_cells: int, flagged_sure: int) -> Caveat | None:
    """Fewer than half of the flagged places stand out from chance."""
    if flagged_sure >= flagged_cells / 2:
        return None
    return Caveat("mostly_noise", Severity.CAUTION, {"flagged": flagged_cells, "sure": flagged_sure})


@rule
def edge_effect(*, edge_share: float) -> Caveat | None:
    """Flagged places lie at the edge, where what happens beyond it is not known."""
    if edge_share <= MUCH_EDGE:
        return None
    return Caveat("edge_effect", Severity.CAUTION, {"share": edge_share})


@rule
def areal_unit(*, coarser_kept: float, coarser_metres: float) -> Caveat | None:
    """With cells twice as wide part of what is flagged would not be: the map depends on where its lines are drawn."""
    if coarser_kept >= STAYS:
        return None
    severity = Severity.CAUTION if coarser_kept < 0.5 else Severity.NOTE
    return Caveat("areal_unit", severity, {"kept": coarser_kept, "metres": coarser_metres})


@rule
def feedback_risk(*, feedback_loop: Any, police_initiated: Sequence[str]) -> Caveat | None:
    """What patrols find where the map sends them would make the map darker there."""
    if feedback_loop.loop_low <= 1:
        return None
    # What the police start themselves is fed back already; what the public reports is so only if finds are added.
    severity = Severity.DO_NOT_USE if police_initiated else Severity.NOTE
    evidence = {
        "loop": feedback_loop.loop,
        "weeks": feedback_loop.weeks,
        "praise": feedback_loop.hit_rate_change,
        "reported": feedback_loop.reported,
    }
    return Caveat("feedback_risk", severity, evidence)


@rule
def no_better_than_count(
    *, count_ratio: float, count_low: float, count_high: float, judged_at: float, method_title: Words
) -> Caveat | None:
    """The method does not clearly catch more than a plain count of last year."""
    evidence = {"ratio": count_ratio, "low": count_low, "high": count_high, "looked": judged_at, "method": method_title}
    return _no_better("no_better_than_count", evidence)


@rule
def no_better_than_all_years(
    *, all_years_ratio: float, all_years_low: float, all_years_high: float, judged_at: float, method_title: Words
) -> Caveat | None:
    """The method does not clearly catch more than a plain count of all years."""
    hits = {"ratio": all_years_ratio, "low": all_years_low, "high": all_years_high}
    return _no_better("no_better_than_all_years", hits | {"looked": judged_at, "method": method_title})


def _no_better(code: str, evidence: Mapping[str, Any]) -> Caveat | None:
    """Graver where the method caught fewer than the count; nothing where it clearly caught more."""
    if not evidence["low"] <= 1:
        return None
    return Caveat(code, Severity.CAUTION if evidence["ratio"] < 1 else Severity.NOTE, evidence)


@rule
def never_seen(*, cells_tested: int, cells_never: int, looked_share: float) -> Caveat | None:
    """Part of the outline has never had an incident: shares of the outline look smaller than what they are of the rest."""
    if cells_never <= NEVER * cells_tested:
        return None
    rest = cells_tested - cells_never
    evidence = {"never": cells_never, "cells": cells_tested, "looked": looked_share}
    return Caveat("never_seen", Severity.NOTE, evidence | {"of_rest": looked_share * cells_tested / rest})


@rule
def miscalibrated_cells(*, cells_coverage_90: float, cells_coverage_n: int, method_title: Words) -> Caveat | None:
    """Counts of cells fell outside their 90 % range by more than two points, and than two of its own standard errors."""
    if not cells_coverage_n or abs(cells_coverage_90 - 0.9) <= max(
        CALIBRATED, 2 * (0.9 * 0.1 / cells_coverage_n) ** 0.5
    ):
        return None
    evidence = {"coverage": cells_coverage_90, "n": cells_coverage_n, "method": method_title}
    return Caveat("miscalibrated_cells", Severity.CAUTION, evidence)


@rule
def serial_hours(*, serial_hours: int, serial_counters: int) -> Caveat | None:
    """Congested hours follow each other, so they scatter more than what happens independently."""
    if not serial_hours:
        return None
    return Caveat("serial_hours", Severity.CAUTION, {"hours": serial_hours, "counters": serial_counters})
