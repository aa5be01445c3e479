"""Volumes that were counted beside those of a model: GEH, the explained share of variance, and where the two part."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.caveats import assess
from analytics.errors import TrafficError
from analytics.results import Caveat
from analytics.traffic.assignment import Assignment
from analytics.traffic.picture import geh
from analytics.traffic.road import Floats, Road
from data import Counters

__all__ = ["NEAR", "CountFit", "counted_links", "fit_of_counts", "r_squared"]

NEAR = 5.0  # GEH up to which the two are taken to agree (Design Manual for Roads and Bridges 12.2.1, 1996)


@dataclass(frozen=True, eq=False)
class CountFit:
    """Counters beside the model: ``frame`` by counter_id has ``link_id``, ``counted`` and ``modelled`` (vehicles an hour), ``geh``.

    ``title`` is that of the counters.
    """

    title: str
    frame: pd.DataFrame

    @property
    def near(self) -> float:
        """The share of counters at which the two agree: a GEH of at most 5."""
        return float((self.frame["geh"] <= NEAR).mean())

    @property
    def r2(self) -> float:
        """The share of the counts' variance that the model explains; below 0 where their mean would do better."""
        return r_squared(self.frame["modelled"].to_numpy(float), self.frame["counted"].to_numpy(float))

    @property
    def ratio(self) -> float:
        """All that is modelled at the counters over all that is counted."""
        return (
            float(self.frame["modelled"].sum() / self.frame["counted"].sum()) if self.frame["counted"].sum() else np.nan
        )

    @cached_property
    def caveats(self) -> tuple[Caveat, ...]:
        """Whether the two part."""
        near = int((self.frame["geh"] <= NEAR).sum())
        return assess(counters=len(self.frame), counters_near=near, counters_r2=self.r2, counters_ratio=self.ratio)


def r_squared(modelled: Floats, counted: Floats) -> float:
    """The share of the counts' variance that the model explains.

    Parameters
    ----------
    modelled, counted : vehicles an hour.

    Returns
    -------
    float
        1 - Σ(counted - modelled)² / Σ(counted - mean)²: at most 1, below 0 where the mean would do better, NaN for equal counts.

    Examples
    --------
    >>> import numpy as np
    >>> r_squared(np.array([100.0, 200.0, 330.0]), np.array([100.0, 200.0, 300.0]))
    0.955
    """
    about = float(((counted - counted.mean()) ** 2).sum()) if len(counted) else 0.0
    return 1 - float(((counted - modelled) ** 2).sum()) / about if about > 0 else float("nan")


def counted_links(counters: Counters, road: Road) -> npt.NDArray[np.int64]:
    """The place of each counter's link on a road.

    Parameters
    ----------
    counters : on the road's network.
    road : whose links they count.

    Returns
    -------
    numpy array
        In the order of the counters.

    Raises
    ------
    TrafficError
        When a counter's link is not on the road.
    """
    links = counters.frame["link_id"]
    unknown = [str(each) for each in links if each not in road.place_of_link]
    if unknown:
        raise TrafficError("counters_off_the_road", counters=counters.title, links=unknown[:3], n=len(unknown))
    return np.array([road.place_of_link[each] for each in links], dtype=np.int64)


def fit_of_counts(counters: Counters, assignment: Assignment) -> CountFit:
    """The counters beside the volumes of an assignment.

    Parameters
    ----------
    counters : on the road's network.
    assignment : in the same hours.

    Returns
    -------
    CountFit
        In the order of the counters.
    """
    modelled = assignment.volume[counted_links(counters, assignment.road)]
    counted = counters.frame["volume"].to_numpy(float)
    frame = pd.DataFrame(
        {"link_id": counters.frame["link_id"], "counted": counted, "modelled": modelled, "geh": geh(modelled, counted)}
    )
    return CountFit(counters.title, frame)
