"""What limits traffic on a road."""

from __future__ import annotations

from analytics.caveats.rules import rule
from analytics.results import Caveat, Severity

OVER = 0.05  # of the kilometres on links above their capacity: queues then stand that a static model does not see
OUTSIDE = 0.01  # of the kilometres at speeds that no factor stands for
ELSEWHERE = 0.01  # of the trips from zones in no area
# Of the counters within a GEH of 5 (Design Manual for Roads and Bridges 12.2.1), and of them below which the model is of no use.
NEAR, HALF = 0.85, 0.5


@rule
def traffic_is_static(*, traffic_hours_word: str, traffic_over_capacity: float) -> Caveat | None:
    """Traffic is one average hour without queues; graver where much of it drives on links above their capacity."""
    severity = Severity.CAUTION if traffic_over_capacity > OVER else Severity.NOTE
    return Caveat("traffic_is_static", severity, {"hours": traffic_hours_word, "over": traffic_over_capacity})


@rule
def traffic_gap_open(*, traffic_gap: float, traffic_gap_wanted: float) -> Caveat | None:
    """Trips are farther from equilibrium than was asked: small differences of options may be those of the search."""
    if traffic_gap <= traffic_gap_wanted:
        return None
    return Caveat("traffic_gap_open", Severity.CAUTION, {"gap": traffic_gap, "wanted": traffic_gap_wanted})


@rule
def trips_not_counted(*, traffic_counted: bool, traffic_trips_title: str) -> Caveat | None:
    """No counter of the city stands on the network: nobody has held the trips against traffic."""
    if traffic_counted:
        return None
    return Caveat("trips_not_counted", Severity.CAUTION, {"trips": traffic_trips_title})


@rule
def trips_warned_of(*, traffic_trips_warning: str, traffic_trips_title: str) -> Caveat | None:
    """The source of the trips says of itself what it is not good for."""
    if not traffic_trips_warning:
        return None
    return Caveat("trips_warned_of", Severity.CAUTION, {"trips": traffic_trips_title, "warning": traffic_trips_warning})


@rule
def fuel_speeds_beyond(*, traffic_speeds_outside: float, traffic_speeds_known: tuple[float, float]) -> Caveat | None:
    """Vehicles drive slower or faster than any that factors of fuel stand for: they are held to the ends."""
    if traffic_speeds_outside <= OUTSIDE:
        return None
    slowest, fastest = traffic_speeds_known
    evidence = {"share": traffic_speeds_outside, "slowest": slowest, "fastest": fastest}
    return Caveat("fuel_speeds_beyond", Severity.NOTE, evidence)


@rule
def fuel_of_petrol_cars(*, traffic_all_petrol: bool) -> Caveat | None:
    """All vehicles are taken for petrol cars."""
    return Caveat("fuel_of_petrol_cars", Severity.NOTE, {"share": 1.0}) if traffic_all_petrol else None


@rule
def access_by_trip_ends(*, traffic_jobs_known: bool, traffic_trips_title: str) -> Caveat | None:
    """Jobs by zone are not known: where trips end stands for them."""
    if traffic_jobs_known:
        return None
    return Caveat("access_by_trip_ends", Severity.NOTE, {"trips": traffic_trips_title})


@rule
def trips_outside_areas(*, traffic_outside_areas: float, traffic_trips_title: str) -> Caveat | None:
    """Trips begin in zones that lie in no area: figures by area leave them out."""
    if traffic_outside_areas <= ELSEWHERE:
        return None
    return Caveat("trips_outside_areas", Severity.NOTE, {"share": traffic_outside_areas, "trips": traffic_trips_title})


@rule
def tolls_not_income(*, tolls_moved: bool, toll_hours_a_year: float, traffic_trips_title: str) -> Caveat | None:
    """Tolls change, and nobody has stated for how many hours of a year the trips stand: what they bring enters no cost."""
    if not tolls_moved or toll_hours_a_year:
        return None
    return Caveat("tolls_not_income", Severity.CAUTION, {"trips": traffic_trips_title})


@rule
def tolls_of_these_hours(*, tolls_moved: bool, toll_hours_a_year: float, traffic_trips_title: str) -> Caveat | None:
    """Tolls change, and count as income of the hours of these trips alone."""
    if not tolls_moved or not toll_hours_a_year:
        return None
    return Caveat("tolls_of_these_hours", Severity.NOTE, {"trips": traffic_trips_title, "n": toll_hours_a_year})


@rule
def counts_apart(*, counters: int, counters_near: int) -> Caveat | None:
    """Too few counters saw about what the model has; graver where not even half did."""
    if not counters or counters_near >= NEAR * counters:
        return None
    severity = Severity.CAUTION if counters_near >= HALF * counters else Severity.DO_NOT_USE
    return Caveat("counts_apart", severity, {"n": counters, "near": counters_near, "wanted": NEAR})


@rule
def paths_not_unique(*, paths_of_one_run: bool) -> Caveat | None:
    """Whose trips use a road is read from the paths of one run, which other paths of equal cost could replace."""
    return Caveat("paths_not_unique", Severity.NOTE, {"runs": 1}) if paths_of_one_run else None
