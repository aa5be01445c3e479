"""Each group's share of the flagged cells beside its share of the residents and of the reports.

A group here is the areas in which it is above its share of the city: nothing is known, or wanted, of single people.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots.backtesting.scoring import ranking
from analytics.hotspots.results import Hotspots
from data import Areas

__all__ = ["FEWEST_AREAS", "areas_of_group", "exposure"]

DRAWS = 200
FEWEST_AREAS = 3  # of a group: with fewer nothing is said, but the group is named
YEAR_DAYS = 365


def areas_of_group(areas: Areas, group: str) -> pd.Index[str]:
    """The areas in which a group's share is above that of the whole city, each area weighted by its residents.

    Parameters
    ----------
    areas : with the column of the group's share.
    group : name of that column.

    Returns
    -------
    Their ids.
    """
    share = areas.frame[group].astype(float)
    people = areas.frame["population"].astype(float).fillna(0.0)
    if not people.sum():
        people = pd.Series(1.0, index=share.index)
    known = share.notna()
    middle = float((share * people)[known].sum() / max(people[known].sum(), 1e-9))
    inside: pd.Index[str] = share.index[(known & (share > middle)).to_numpy()]
    return inside


def exposure(hotspots: Hotspots, *, share: float) -> pd.DataFrame:
    """One row a group: group, areas (n), residents, reports, reports_n, flags, low, high, verdict.

    ``residents``, ``reports`` (of the last year) and ``flags`` (of the flagged cells) are shares of the city's that lie in
    the group's areas. ``low`` and ``high`` lie as far from the share of flags as
    95 % of its values do from their mean when each cell's rate is drawn anew as if it rested on a year of that cell's own
    events alone: wider than the truth, since neighbours count too. ``verdict`` is
    "more" or "less" when the reports lie outside that range, "as" when inside, "few" below three areas.

    Parameters
    ----------
    hotspots : a finished map.
    share : of the area to look at, between 0 and 1.

    Returns
    -------
    One row a group; no row where the city has no groups.
    """
    areas = hotspots.incidents.areas
    if areas is None:
        return pd.DataFrame(columns=["group", "areas", "residents", "reports", "reports_n", "flags", "low", "high"])
    flags = _drawn_flags(hotspots, share)
    rows = []
    for group in areas.groups:
        inside = areas_of_group(areas, group)
        of_cell = pd.Index(hotspots.cells.area_id).astype(str).isin(inside)
        people = areas.frame["population"].astype(float).fillna(0.0)
        count = hotspots.count.to_numpy()
        drawn = flags[1:, of_cell].sum(axis=1) / np.maximum(flags[1:].sum(axis=1), 1)
        mapped = float(flags[0, of_cell].sum() / max(flags[0].sum(), 1))
        low, high = np.clip(mapped + np.quantile(drawn - drawn.mean(), [0.025, 0.975]), 0, 1)
        reports = float(count[of_cell].sum() / max(count.sum(), 1))
        rows.append(
            {
                "group": group,
                "areas": len(inside),
                "residents": float(people[inside].sum() / people.sum()) if people.sum() else np.nan,
                "reports": reports,
                "reports_n": int(count.sum()),
                "flags": mapped,
                "low": float(low),
                "high": float(high),
                "verdict": _verdict(reports, float(low), float(high), len(inside)),
            }
        )
    return pd.DataFrame(rows)


def _verdict(reports: float, low: float, high: float, areas: int) -> str:
    if areas < FEWEST_AREAS:
        return "few"
    return "more" if low > reports else "less" if high < reports else "as"


def _drawn_flags(hotspots: Hotspots, share: float) -> npt.NDArray[np.bool_]:
    """The flagged cells (draw, cell): first those of the map, then those of rates drawn anew."""
    rate = hotspots.rate.to_numpy()
    evidence = np.maximum(rate * YEAR_DAYS / hotspots.horizon_days, 0.5)
    rng = np.random.Generator(np.random.Philox(hotspots.seed))
    flags = np.empty((DRAWS + 1, len(rate)), dtype=bool)
    flags[0] = hotspots.cells.looked_at(hotspots.rank.to_numpy(), share)
    for draw in range(1, DRAWS + 1):
        drawn = rate * rng.gamma(evidence) / evidence
        flags[draw] = hotspots.cells.looked_at(ranking(drawn, seed=hotspots.seed + draw), share)
    return flags
