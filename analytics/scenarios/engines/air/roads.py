"""Monitors beside links whose traffic a study moves, and by how much each link's traffic differs from today's."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analytics.scenarios.engines.traffic.futures import today
from analytics.scenarios.engines.traffic.known import Case, case_of
from analytics.scenarios.study import Study
from data import Network
from data.tables import Counters, Monitor

__all__ = ["QUESTION", "beside_roads", "changes_at", "road_case"]

Array = npt.NDArray[np.float64]

QUESTION = "traffic_air"


def road_case(study: Study) -> Case | None:
    """The road and trips of a study that asks what they do to the air; None in any other."""
    return case_of(study) if study.question == QUESTION and "trips" in study.about else None


def beside_roads(study: Study, network: Network) -> tuple[tuple[Monitor, str], ...]:
    """Each monitor whose counter stands on a link, with the link; only those of the first one's pollutant.

    Parameters
    ----------
    study : whose city may have monitors and counters.
    network : the road.

    Returns
    -------
    tuple
        Monitors and ids of links, in the order of the city's file.
    """
    counters: list[Counters] = [study.table("counters", name) for name in study.names("counters")]
    found: list[tuple[Monitor, str]] = []
    for name in study.names("monitors"):
        monitor: Monitor = study.table("monitors", name)
        for each in counters:
            tied = each.network == network.name and each.series == monitor.traffic.name
            if tied and monitor.counter_id in each.frame.index:
                found.append((monitor, str(each.frame.loc[monitor.counter_id, "link_id"])))
                break
    return tuple(each for each in found if each[0].air.name == found[0][0].air.name)


def changes_at(case: Case, link: str, volume: xr.DataArray) -> Array:
    """By how much the traffic of a link differs from today's at the matrix as it stands, as a share, by draw.

    Parameters
    ----------
    case : the road and trips of today.
    link : its id.
    volume : of an option, (draw, link).

    Returns
    -------
    numpy array
        0 where it is as today; 0 on a link without traffic today, of which nothing was measured.
    """
    assignment, _ = today(case, 1.0)
    now = float(assignment.volume[list(case.road.link_ids).index(link)])
    own = volume.sel(link=link).to_numpy().astype(np.float64)
    return own / now - 1 if now > 0 else np.zeros_like(own)
