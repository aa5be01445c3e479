"""What has clustered of late: a prospective scan of squares over the last weeks, and whether events repeat nearby."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import pandas as pd

from analytics.caveats import assess
from analytics.errors import HotspotError
from analytics.hotspots.cells import Squares, cells_over
from analytics.hotspots.clustering.near_repeat import Knox, NearRepeatRisk, knox_table, near_repeat_risk
from analytics.hotspots.clustering.scan import Cluster, Scan, Search
from analytics.hotspots.clustering.squares import scan_squares
from analytics.hotspots.significance.emerging import time_cube
from analytics.parallel import Progress, quiet
from analytics.results import Result
from data import Incidents

__all__ = ["Lately", "clusters_lately"]

WEEK_DAYS = 7
FEWEST_WEEKS = 8  # with fewer, half of the weeks are too short a memory to say what is usual
FEWEST_EVENTS = 10
SURE = 0.05
COLUMNS = ["areas", "x", "y", "side", "since", "until", "cases", "expected", "relative_risk", "p"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Lately(Result):
    """Clusters that are alive in the last week, and near repeats over the same weeks.

    ``clusters`` has one row a cluster, the most likely first: areas (names), x, y (metres, its middle), side (metres), since,
    until (days), cases, expected, relative_risk and p. ``risk`` is that of another event within the first band of distance.
    """

    incidents: Incidents
    since: pd.Timestamp
    until: pd.Timestamp
    weeks: int
    clusters: pd.DataFrame
    scan: Scan
    near_repeats: Knox
    risk: NearRepeatRisk

    @property
    def sure(self) -> pd.DataFrame:
        """The clusters that chance alone would make as strong in at most one map of twenty."""
        return self.clusters[self.clusters["p"] <= SURE]


def clusters_lately(
    incidents: Incidents, *, weeks: int = 26, cell_size: float = 200.0, most_side: int = 10, replications: int = 999,
    seed: int = 0, progress: Progress = quiet,
) -> Lately:  # fmt: skip
    """Where more has happened up to the last complete week than place and week alone explain.

    Parameters
    ----------
    incidents : what happened, its frame in order of time.
    weeks : how many of the last weeks are looked at, fewer where the history is shorter.
    cell_size : side of a square in metres.
    most_side : the longest side of a cluster in squares.
    replications : maps made by chance.
    seed : of everything drawn by lot.
    progress : told how far the work is.

    Returns
    -------
    Clusters that are alive in the last week, with their p.

    Raises
    ------
    HotspotError
        When there are too few weeks or events, or too many squares.
    """
    day = incidents.until.normalize() + pd.Timedelta(days=1)
    cells = cast(Squares, cells_over(incidents, size=cell_size))
    located = replace(incidents, frame=cells.located(incidents.frame))
    cube, steps = time_cube(located, cells, as_of=day, step_days=WEEK_DAYS, most=weeks)
    if len(steps) < FEWEST_WEEKS or cube.sum() < FEWEST_EVENTS:
        raise HotspotError(
            "too_little_to_scan", incidents=incidents.title, weeks=len(steps), events=int(cube.sum()),
            least_weeks=FEWEST_WEEKS, least_events=FEWEST_EVENTS,
        )  # fmt: skip
    search = Search(prospective=True, replications=replications, seed=seed)
    scan = scan_squares(
        cells.on_grid(cube), most_side=most_side, search=search, progress=lambda done, doing: progress(done / 2, doing)
    )
    recent = located.frame.iloc[int(located.frame["time"].searchsorted(steps[0])) :]
    knox = knox_table(
        recent["x"].to_numpy(), recent["y"].to_numpy(), day=(recent["time"].dt.normalize() - steps[0]).dt.days.to_numpy(),
        replications=replications, seed=seed, progress=lambda done, doing: progress(0.5 + done / 2, doing),
    )  # fmt: skip
    rows = [_row(each, incidents, cells, steps) for each in scan.clusters]
    layers = (incidents.areas.provenance,) if incidents.areas else ()
    made_from = (incidents.provenance, *layers)
    return Lately(
        made_from=made_from, seed=seed, incidents=incidents, since=steps[0], until=incidents.until, weeks=len(steps),
        caveats=assess(
            made_from=made_from, police_initiated=incidents.police_initiated, series_title=incidents.title,
            cell_metres=round(cells.size),
        ),
        config={"weeks": weeks, "cell_size": cell_size, "most_side": most_side, "replications": replications},
        clusters=pd.DataFrame(rows, columns=COLUMNS), scan=scan, near_repeats=knox, risk=near_repeat_risk(knox),
    )  # fmt: skip


def _row(cluster: Cluster, incidents: Incidents, cells: Squares, steps: pd.DatetimeIndex) -> dict[str, object]:
    """A cluster where and when one would look for it."""
    row, column = np.divmod(np.asarray(cluster.locations), cells.columns)
    x, y = cells.x0 + (column + 0.5) * cells.size, cells.y0 + (row + 0.5) * cells.size
    cell = cells.locate(x, y)
    ids = sorted(set(cells.area_id[cell[cell >= 0]].astype(str)))
    names = {} if incidents.areas is None else incidents.areas.frame["name"].astype(str).to_dict()
    last = steps[cluster.last_period] + pd.Timedelta(days=WEEK_DAYS - 1)
    return {
        "areas": ", ".join(names.get(each, each) for each in ids), "x": float(x.mean()), "y": float(y.mean()),
        "side": float(cells.size * (np.ptp(row) + 1)), "since": steps[cluster.first_period], "until": last,
        "cases": cluster.cases, "expected": cluster.expected, "relative_risk": cluster.relative_risk, "p": cluster.p,
    }  # fmt: skip
