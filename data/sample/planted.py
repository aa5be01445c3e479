"""The values that are planted in Meridian. Change one and the sample, and what is expected of the methods, changes."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from data.sample.crews import RepairKind, Repairs
from data.sample.desks import town_hall
from data.sample.draws import normals
from data.sample.people import BASE_YEAR, drivers
from data.sample.plan import CENTRE, PLAN_SEED, plan_of_meridian
from data.sample.rhythm import Rhythm
from data.sample.sites import DESCRIBED, openings, planted_sites
from data.sample.streets import Congestion, Counter, Delay, Traffic
from data.sample.truth import (
    Handling,
    Hotspot,
    IncidentKind,
    Phase,
    Policy,
    RequestKind,
    SecondSource,
    Silence,
    Spell,
    Truth,
    UnderReporting,
)

__all__ = ["BURGLARY_MOVES", "PATROLS", "SEED", "SINCE", "UNTIL", "truth"]

SEED = 2026
SINCE = pd.Timestamp("2022-07-01")
UNTIL = pd.Timestamp("2026-06-30")
CORRELATION = 0.3
ELASTICITIES = {"population": 0.8, "jobs": 0.3}
# Areas differ in what the drivers do not explain by this much (standard deviation of the logarithm).
LEVEL_SPREAD = 0.2
# One year before the end: a method that looks back one year sees old and new places mixed, then only the new ones.
BURGLARY_MOVES = pd.Timestamp("2025-07-01")

REFUSE_WEEK = (1.35, 1.20, 1.10, 1.05, 1.00, 0.75, 0.55)
LIGHTING_WEEK = (1.15, 1.10, 1.10, 1.05, 1.05, 0.80, 0.75)
GRAFFITI_WEEK = (1.45, 1.15, 1.00, 0.95, 0.95, 0.80, 0.70)
REQUESTS = (
    RequestKind("refuse", 150, Rhythm(0.015, REFUSE_WEEK, ((-0.10, -0.05), (0.03, 0.02)), 14)),
    RequestKind("street_lighting", 90, Rhythm(-0.02, LIGHTING_WEEK, ((0.32, 0.05), (0.0, 0.0)), 10)),
    RequestKind("graffiti", 90, Rhythm(0.03, GRAFFITI_WEEK, ((-0.18, 0.10), (-0.04, 0.0)), 7)),
)

# Hotspots as (metres east, metres north of the centre, sigma, weight): a few sharp ones among wider and weaker ones.
ASSAULT = (
    (150, 550, 230, 0.13), (950, -800, 260, 0.11), (4_100, 1_900, 320, 0.08), (-5_000, -3_600, 450, 0.06),
    (1_250, -3_400, 380, 0.06), (-1_500, 900, 520, 0.05), (2_300, 3_100, 450, 0.04), (-3_700, -700, 380, 0.03),
)  # fmt: skip
BURGLARY_BEFORE = (
    (3_100, -2_900, 480, 0.14), (-3_300, 1_500, 620, 0.14), (700, 4_500, 700, 0.12), (-1_200, -3_500, 420, 0.10),
    (6_300, 1_900, 560, 0.05),
)  # fmt: skip
BURGLARY_AFTER = (
    (5_300, -3_700, 480, 0.14), (-5_000, 3_600, 620, 0.14), (3_600, 3_700, 700, 0.12), (900, -4_900, 420, 0.10),
    (-6_600, -300, 560, 0.05),
)  # fmt: skip
# Where patrols are sent: a third of the places each quarter, in turn.
PATROLS = (
    (200, 700, 320), (4_200, 1_800, 380), (-4_800, -3_500, 450), (1_100, -1_000, 320), (-2_300, 1_500, 420),
    (3_200, -2_700, 450),
)  # fmt: skip
PATROLLED, PASSED_BY = 0.25, 0.04

# The port's three neighbourhoods, with the lowest incomes but one and a hotspot of their own: half goes unreported.
UNREPORTED_AREAS, SHARE_REPORTED = ("A48", "A49", "A50"), 0.5
# Every third assault ends in an emergency department, whoever hears of it otherwise.
INJURED, INJURY_JITTER, INJURY_MINUTES = 0.35, 60, 60

# From this day lamps in two districts are renewed before they fail: a quarter fewer reports.
RENEWAL = pd.Timestamp("2024-09-02")
RENEWED_DISTRICTS, RENEWAL_FACTOR = ("D4", "D8"), 0.75
# Area, kind, first and last day, and by how many standard deviations of a day's count the mean is higher.
SPELLS = (
    ("A05", "graffiti", "2025-08-11", "2025-08-13", 3.0), ("A12", "refuse", "2025-08-25", "2025-08-31", 2.0),
    ("A21", "street_lighting", "2025-09-15", "2025-09-17", 3.0), ("A30", "graffiti", "2025-10-06", "2025-10-12", 2.0),
    ("A41", "refuse", "2025-11-03", "2025-11-05", 3.0), ("A08", "street_lighting", "2025-12-01", "2025-12-07", 2.0),
    ("A52", "refuse", "2026-01-12", "2026-01-14", 3.0), ("A17", "graffiti", "2026-02-02", "2026-02-08", 2.0),
    ("A26", "refuse", "2026-03-09", "2026-03-11", 3.0), ("A47", "street_lighting", "2026-04-13", "2026-04-19", 2.0),
    ("A34", "refuse", "2026-05-18", "2026-05-20", 3.0), ("A03", "graffiti", "2026-06-25", "2026-06-30", 3.0),
)  # fmt: skip
# Area, kind (any where ""), first and last day without counts; the last one has not arrived when the data end.
SILENCES = (
    ("A19", "graffiti", "2024-02-10", "2024-02-21"), ("A44", "", "2025-01-06", "2025-01-12"),
    ("A28", "street_lighting", "2025-05-02", "2025-05-06"), ("A57", "", "2026-06-22", "2026-06-30"),
)  # fmt: skip
HANDLED_SINCE = pd.Timestamp("2025-01-01")
HANDLING_SHAPE = 0.9
MEDIAN_DAYS = {"refuse": 3.0, "street_lighting": 9.0, "graffiti": 14.0}
DISTRICT_FACTOR = {"D5": 1.5, "D7": 2.0, "D9": 1.25, "D1": 0.8}

# Road repairs: in a year of 261 working days the crews do what is reported, so that the backlog neither goes nor grows
# for long, and rises after winter.
REPAIRS_SINCE = pd.Timestamp("2024-01-01")
REPAIRS_RHYTHM = Rhythm(0.01, (1.25, 1.15, 1.10, 1.05, 1.05, 0.75, 0.65), ((0.05, 0.06),), 20)
REPAIR_KINDS = (
    RepairKind("pothole", 31.2, waiting=520, crews=11, per_crew=4.0),
    RepairKind("pavement", 19.9, waiting=360, crews=7, per_crew=4.0),
)
REPAIR_PACE = {"D5": 0.7, "D7": 0.5, "D1": 1.4}
OUTPUT_SIZE, PATIENCE, PATIENCE_FLOOR = 40.0, 8.0, 0.35
REPAIR_TARGET, REPAIR_SHARE, CREW_HOURS = 30, 0.9, 160

TRAFFIC_SINCE = pd.Timestamp("2024-07-01")
COUNTRY = "GB"  # whose holidays Meridian keeps; it is imaginary, and must keep some
COUNTERS = 40
COMMUTING = (2, 1, 1, 1, 2, 6, 14, 22, 20, 14, 12, 12, 13, 13, 14, 17, 22, 24, 18, 12, 9, 7, 5, 3)
SHOPPING = (3, 2, 2, 1, 1, 2, 4, 6, 9, 12, 15, 17, 18, 18, 18, 18, 17, 16, 14, 12, 9, 7, 6, 4)
# How busy each day of the week is by kind of street, and the shape of the day on working days and at the weekend.
STREETS = {
    "commuter": ((1.15, 1.18, 1.18, 1.18, 1.12, 0.65, 0.54), COMMUTING, SHOPPING),
    "leisure": ((0.80, 0.82, 0.85, 0.90, 1.05, 1.35, 1.23), SHOPPING, SHOPPING),
}
TRAFFIC_RHYTHM = Rhythm(0.02, (1.0,) * 7, ((0.06, 0.03),), 0)
TRAFFIC_NOISE, TRAFFIC_PERSISTENCE = 0.12, 0.7

# How long vehicles are held up by kind of street: how much each day, and the shape of a working day and of the weekend.
RUSH = (4, 3, 3, 3, 4, 8, 16, 26, 28, 16, 12, 12, 13, 13, 13, 16, 25, 29, 20, 12, 9, 7, 6, 5)
STROLL = (6, 5, 4, 3, 3, 4, 6, 8, 10, 12, 15, 18, 20, 20, 19, 18, 18, 19, 20, 18, 15, 12, 10, 8)
DELAYS = {
    "commuter": ((1.15, 1.15, 1.15, 1.15, 1.15, 0.65, 0.60), RUSH, STROLL),
    "leisure": ((0.85, 0.85, 0.85, 0.90, 1.05, 1.30, 1.20), STROLL, STROLL),
}
DELAY_PER_KM, DELAY_SPREAD = 30, 0.3
DELAY_NOISE, DELAY_PERSISTENCE = 0.18, 0.6
# Area, weekdays, hours, since, factor: a junction that is too small every evening, roadworks that end after the data
# do, and a leisure street at noon of the weekend.
CONGESTION = (
    ("A01", (0, 1, 2, 3, 4), (16, 17, 18), "2024-07-01", 2.2), ("A25", (0, 1, 2, 3, 4), (7, 8, 9), "2026-01-12", 2.5),
    ("A07", (5, 6), (11, 12, 13), "2025-05-03", 2.0),
)  # fmt: skip

NIGHT = (7, 7, 6, 4, 2, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 8)
DAYTIME = (2, 2, 3, 3, 2, 1, 2, 4, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 7, 7, 6, 4, 2, 2)
SHIFTS = (4, 3, 2, 1, 1, 1, 1, 2, 3, 4, 5, 5, 4, 5, 6, 6, 5, 5, 6, 7, 7, 7, 6, 4)


@cache
def truth(*, seed: int = SEED) -> Truth:
    """What is planted in Meridian; the seed is noted, and moves only the chance."""
    traffic, level, sites = _traffic(), _level(), planted_sites()
    return Truth(
        seed=seed,
        since=SINCE,
        until=UNTIL,
        correlation=CORRELATION,
        elasticities=ELASTICITIES,
        requests=REQUESTS,
        incidents=_incidents(),
        level=level,
        drivers=drivers(),
        policy=_policy(),
        spells=tuple(Spell(area, kind, *_days(first, last), shift) for area, kind, first, last, shift in SPELLS),
        silences=tuple(Silence(area, kind, *_days(first, last)) for area, kind, first, last in SILENCES),
        handling=Handling(HANDLED_SINCE, HANDLING_SHAPE, MEDIAN_DAYS, DISTRICT_FACTOR),
        traffic=traffic,
        delay=_delay(traffic),
        repairs=_repairs(),
        under_reporting=(UnderReporting("assault", UNREPORTED_AREAS, SINCE, SHARE_REPORTED),),
        second_sources=(
            SecondSource(
                "assault_injury",
                "Assault injuries treated",
                "assault",
                "services",
                INJURED,
                INJURY_JITTER,
                INJURY_MINUTES,
            ),
        ),
        sites=sites,
        best_openings=openings(sites, level.sum(axis=1), number=2)[:DESCRIBED],
        desk=town_hall(until=UNTIL, country=COUNTRY),
    )


def _repairs() -> Repairs:
    """A queue of reports of damaged roads: areas report by their people, and districts are served at a pace of their own."""
    people: pd.Series[float] = drivers()["population"].T[BASE_YEAR]
    parents = plan_of_meridian().neighbourhoods["parent_id"]
    return Repairs(
        since=REPAIRS_SINCE, until=UNTIL, rhythm=REPAIRS_RHYTHM, kinds=REPAIR_KINDS,
        people={str(area): float(share) for area, share in (people / people.sum()).items()},
        pace={str(area): REPAIR_PACE.get(str(parent), 1.0) for area, parent in parents.items()},
        output_size=OUTPUT_SIZE, patience=PATIENCE, floor=PATIENCE_FLOOR, target_days=REPAIR_TARGET,
        target_share=REPAIR_SHARE, crew_hours=CREW_HOURS,
    )  # fmt: skip


def _level() -> pd.DataFrame:
    """Requests a day by area and kind: areas differ by the same elasticities as years do, and by a chance of their own."""
    base = {name: drivers()[name].loc[BASE_YEAR].to_numpy(dtype=float) for name in ELASTICITIES}
    explained = np.prod([base[name] ** elasticity for name, elasticity in ELASTICITIES.items()], axis=0)
    level = np.exp(LEVEL_SPREAD * normals(PLAN_SEED, "level", (len(explained), len(REQUESTS)))) * explained[:, None]
    level *= np.array([kind.per_day for kind in REQUESTS]) / level.sum(axis=0)
    kinds = pd.Index([kind.name for kind in REQUESTS], name="category")
    return pd.DataFrame(level, index=drivers()["population"].columns, columns=kinds)


def _days(first: str, last: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    return pd.Timestamp(first), pd.Timestamp(last)


def _policy() -> Policy:
    parents = plan_of_meridian().neighbourhoods["parent_id"]
    areas = tuple(str(area) for area in parents.index[parents.isin(RENEWED_DISTRICTS)])
    return Policy("Lamps renewed before they fail", RENEWAL, areas, "street_lighting", RENEWAL_FACTOR)


def _traffic() -> Traffic:
    """Counters in the areas with most jobs, every third one on a leisure street."""
    jobs: pd.Series[float] = drivers()["jobs"].T[BASE_YEAR].sort_values(ascending=False)
    volume = np.exp(0.35 * normals(PLAN_SEED, "traffic/volume", COUNTERS)) * np.sqrt(jobs.to_numpy()[:COUNTERS] / 1000)
    counters = tuple(
        Counter(str(area), "leisure" if index % 3 == 2 else "commuter", float(round(180 * each, 1)))
        for index, (area, each) in enumerate(zip(jobs.index[:COUNTERS], volume, strict=True))
    )
    week = {kind: _week(*shape) for kind, shape in STREETS.items()}
    return Traffic(TRAFFIC_SINCE, UNTIL, COUNTRY, TRAFFIC_RHYTHM, week, TRAFFIC_NOISE, TRAFFIC_PERSISTENCE, counters)


def _delay(traffic: Traffic) -> Delay:
    """Delays at the traffic's counters, each with a level of its own."""
    level = DELAY_PER_KM * np.exp(DELAY_SPREAD * normals(PLAN_SEED, "delay/level", len(traffic.counters)))
    per_km = {each.area_id: float(round(own, 1)) for each, own in zip(traffic.counters, level, strict=True)}
    congestion = (Congestion(area, days, hours, pd.Timestamp(day), by) for area, days, hours, day, by in CONGESTION)
    week = {kind: _week(*shape) for kind, shape in DELAYS.items()}
    return Delay(per_km, week, DELAY_NOISE, DELAY_PERSISTENCE, tuple(congestion))


def _week(days: tuple[float, ...], working: tuple[int, ...], weekend: tuple[int, ...]) -> tuple[float, ...]:
    hours = [24 * np.array(_shares(weekend if day > 4 else working)) * busy for day, busy in enumerate(days)]
    factors = np.concatenate(hours)
    return tuple(float(each) for each in factors / factors.mean())


def _incidents() -> tuple[IncidentKind, ...]:
    assault = IncidentKind(
        name="assault",
        title="Assaults",
        reported_by="public",
        per_day=12,
        rhythm=Rhythm(0.01, (0.85, 0.80, 0.85, 0.95, 1.15, 1.30, 1.10), ((-0.15, -0.03),), 25),
        hours=_shares(NIGHT),
        background="population",
        phases=(Phase(SINCE, _hotspots(ASSAULT)),),
    )
    burglary = IncidentKind(
        name="burglary",
        title="Burglaries",
        reported_by="public",
        per_day=20,
        rhythm=Rhythm(-0.03, (1.0,) * 7, ((0.18, 0.04),), 20),
        hours=_shares(DAYTIME),
        background="population",
        phases=(Phase(SINCE, _hotspots(BURGLARY_BEFORE)), Phase(BURGLARY_MOVES, _hotspots(BURGLARY_AFTER))),
    )
    drug_offence = IncidentKind(
        name="drug_offence",
        title="Drug offences",
        reported_by="police",
        per_day=6,
        rhythm=Rhythm(0.0, (1.10, 1.15, 1.15, 1.10, 1.10, 0.80, 0.60), ((0.0, 0.0),), 8),
        hours=_shares(SHIFTS),
        background="jobs",
        phases=_patrol_phases(),
    )
    return (assault, burglary, drug_offence)


def _patrol_phases() -> tuple[Phase, ...]:
    """Each quarter every third place is patrolled hard and the others are passed by."""
    phases = []
    for quarter, since in enumerate(pd.date_range(SINCE, UNTIL, freq="QS")):
        weights = [PATROLLED if (index + quarter) % 3 == 0 else PASSED_BY for index in range(len(PATROLS))]
        locations = tuple((*location, weight) for location, weight in zip(PATROLS, weights, strict=True))
        phases.append(Phase(since, _hotspots(locations)))
    return tuple(phases)


def _hotspots(locations: tuple[tuple[float, float, float, float], ...]) -> tuple[Hotspot, ...]:
    return tuple(
        Hotspot(CENTRE[0] + east, CENTRE[1] + north, sigma, weight) for east, north, sigma, weight in locations
    )


def _shares(hours: tuple[int, ...]) -> tuple[float, ...]:
    return tuple(hour / sum(hours) for hour in hours)
