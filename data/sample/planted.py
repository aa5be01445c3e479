"""The values that are planted in Meridian. Change one and the sample, and what is expected of the methods, changes."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from data.sample.draws import normals
from data.sample.people import BASE_YEAR, drivers
from data.sample.plan import CENTRE, PLAN_SEED
from data.sample.truth import Hotspot, IncidentKind, Phase, RequestKind, Rhythm, Truth

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

NIGHT = (7, 7, 6, 4, 2, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 8)
DAYTIME = (2, 2, 3, 3, 2, 1, 2, 4, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 7, 7, 6, 4, 2, 2)
SHIFTS = (4, 3, 2, 1, 1, 1, 1, 2, 3, 4, 5, 5, 4, 5, 6, 6, 5, 5, 6, 7, 7, 7, 6, 4)


@cache
def truth(*, seed: int = SEED) -> Truth:
    """What is planted in Meridian; the seed is noted, and moves only the chance."""
    return Truth(
        seed=seed,
        since=SINCE,
        until=UNTIL,
        correlation=CORRELATION,
        elasticities=ELASTICITIES,
        requests=REQUESTS,
        incidents=_incidents(),
        level=_level(),
        drivers=drivers(),
    )


def _level() -> pd.DataFrame:
    """Requests a day by area and kind: areas differ by the same elasticities as years do, and by a chance of their own."""
    base = {name: drivers()[name].loc[BASE_YEAR].to_numpy(dtype=float) for name in ELASTICITIES}
    explained = np.prod([base[name] ** elasticity for name, elasticity in ELASTICITIES.items()], axis=0)
    level = np.exp(LEVEL_SPREAD * normals(PLAN_SEED, "level", (len(explained), len(REQUESTS)))) * explained[:, None]
    level *= np.array([kind.per_day for kind in REQUESTS]) / level.sum(axis=0)
    kinds = pd.Index([kind.name for kind in REQUESTS], name="category")
    return pd.DataFrame(level, index=drivers()["population"].columns, columns=kinds)


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
        weights = [PATROLLED if (place + quarter) % 3 == 0 else PASSED_BY for place in range(len(PATROLS))]
        places = tuple((*place, weight) for place, weight in zip(PATROLS, weights, strict=True))
        phases.append(Phase(since, _hotspots(places)))
    return tuple(phases)


def _hotspots(places: tuple[tuple[float, float, float, float], ...]) -> tuple[Hotspot, ...]:
    return tuple(Hotspot(CENTRE[0] + east, CENTRE[1] + north, sigma, weight) for east, north, sigma, weight in places)


def _shares(hours: tuple[int, ...]) -> tuple[float, ...]:
    return tuple(hour / sum(hours) for hour in hours)
