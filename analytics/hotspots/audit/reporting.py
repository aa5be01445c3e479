"""Reports are not what happened: what a map loses where people report half, and where two sources disagree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy

from analytics.hotspots.audit.exposure import areas_of_group
from analytics.hotspots.backtesting.scoring import ranking
from analytics.hotspots.contract import run_method
from analytics.hotspots.registry import find_method
from analytics.hotspots.results import Hotspots
from analytics.hotspots.significance.chance import discoveries
from analytics.parallel import Progress, quiet
from data import Incidents

__all__ = ["half_reported", "reporting_gaps"]

REPEATS = 20
HALF = 0.5


def half_reported(
    hotspots: Hotspots, *, share: float, reported: float = HALF, progress: Progress = quiet
) -> pd.DataFrame:
    """One row a group: group, flags, if_half, low, high: its share of the flagged cells now, and if its areas reported less.

    Of the incidents in the group's areas each is kept with probability ``reported``, over the whole history; the same
    method with the same weights maps what is left, twenty times. ``low`` and ``high`` hold 95 % of those maps.

    Parameters
    ----------
    hotspots : a finished map.
    share : of the area to look at, between 0 and 1.
    reported : probability that an incident of the group's areas is reported.
    progress : told how far the work is.

    Returns
    -------
    One row a group; no row where the city has no groups.
    """
    areas = hotspots.incidents.areas
    if areas is None:
        return pd.DataFrame(columns=["group", "flags", "if_half", "low", "high"])
    incidents = hotspots.incidents.only(hotspots.cells.located(hotspots.incidents.frame))
    rows = []
    for index, group in enumerate(areas.groups):
        progress(index / len(areas.groups), group)
        inside = areas_of_group(areas, group)
        of_cell = pd.Index(hotspots.cells.area_id).astype(str).isin(inside)
        touched = incidents.frame["area_id"].astype(str).isin(inside).to_numpy()
        rng = np.random.Generator(np.random.Philox([hotspots.seed, index]))
        flags = [_share_in(hotspots, hotspots.rate.to_numpy(), of_cell, share)]
        for _ in range(REPEATS):
            kept = ~touched | (rng.random(len(touched)) < reported)
            thinned = incidents.only(incidents.frame.loc[kept])
            flags.append(_share_in(hotspots, _mapped(hotspots, thinned), of_cell, share))
        low, high = np.quantile(flags[1:], [0.025, 0.975])
        rows.append({"group": group, "flags": flags[0], "if_half": float(np.mean(flags[1:])), "low": low, "high": high})
    return pd.DataFrame(rows)


def _mapped(hotspots: Hotspots, incidents: Incidents) -> np.ndarray:
    return run_method(
        find_method(hotspots.method), incidents, hotspots.cells, as_of=hotspots.as_of,
        horizon_days=hotspots.horizon_days, seed=hotspots.seed, fitted=hotspots.fitted,
    )  # fmt: skip


def _share_in(hotspots: Hotspots, rate: np.ndarray, of_cell: np.ndarray, share: float) -> float:
    flagged = hotspots.cells.looked_at(ranking(rate, seed=hotspots.seed), share)
    return float(flagged[of_cell].sum() / max(flagged.sum(), 1))


def reporting_gaps(incidents: Incidents, second: Incidents) -> pd.DataFrame:
    """One row an area: area_id, reports, second, ratio, low, high, p, gap; the lowest ratio first.

    The second source saw the same harm another way, as emergency departments see assaults that are never reported (the
    Cardiff Model: Florence, Shepherd, Brennan and Simon 2011, BMJ 342:d3313). If all areas reported alike, reports would be
    the same share of both sources' records everywhere. ``ratio`` is an area's reports per record of the second source,
    relative to the rest of the city; ``low`` and ``high`` its exact 95 % interval; ``gap`` flags areas that report less
    than the rest, exact binomial test, with a false discovery rate of 5 %. Only days that both sources cover count.

    Parameters
    ----------
    incidents : what was reported.
    second : the same harm as the second source recorded it.

    Returns
    -------
    One row an area with records of the second source.
    """
    since, until = max(incidents.since, second.since), min(incidents.until, second.until) + pd.Timedelta(days=1)
    counts = pd.DataFrame(
        {
            "reports": _by_area(incidents, since, until),
            "second": _by_area(second, since, until),
        }
    ).fillna(0.0)
    rest = counts.sum() - counts
    share = rest["reports"] / (rest["reports"] + rest["second"])  # of records elsewhere that are reports
    number, reports = (counts["reports"] + counts["second"]).to_numpy(), counts["reports"].to_numpy()
    p = np.asarray(scipy.stats.binom.cdf(reports, number, share.to_numpy()))
    low = scipy.stats.beta.ppf(0.025, np.maximum(reports, 1e-9), number - reports + 1)
    high = scipy.stats.beta.ppf(0.975, reports + 1, np.maximum(number - reports, 1e-9))
    elsewhere = (share / (1 - share)).to_numpy()
    table = counts.assign(
        ratio=counts["reports"] / counts["second"].where(counts["second"] > 0) / elsewhere,
        low=low / (1 - low) / elsewhere, high=high / np.maximum(1 - high, 1e-9) / elsewhere,
        p=p, gap=discoveries(p),
    )  # fmt: skip
    return table.rename_axis("area_id").sort_values(["ratio"], kind="stable").reset_index()


def _by_area(incidents: Incidents, since: pd.Timestamp, until: pd.Timestamp) -> pd.Series:
    frame = incidents.frame
    rows = frame["time"].searchsorted([since, until])
    return frame["area_id"].iloc[rows[0] : rows[1]].value_counts()
