"""Counters on the roads of Meridian: on a part of the links, with the noise of ten mornings; some are those that count all day."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from data.sample.draws import normals, uniforms
from data.sample.equilibrium import morning_of_meridian
from data.sample.plan import CRS, PLAN_SEED, plan_of_meridian
from data.sample.roads import roads_of_meridian
from data.sample.streets import Traffic

__all__ = ["counters_of_meridian", "counts_of"]

Floats = npt.NDArray[np.float64]

SHARE = 0.5  # of the links that are no connectors; every bridge is counted besides
DAYS, DAY_NOISE = 10, 0.08  # mornings counted, and how much one strays from the mean beside chance
NEAR = 3.0  # GEH within which a counter of the city's series is taken to stand on a link
MORNING = tuple(24 * day + 8 for day in range(5))  # from 8 to 9, Monday to Friday, as hours of the week


def counts_of(volume: Floats, what: str, *, seed: int = PLAN_SEED) -> Floats:
    """The means of some mornings' counts.

    Parameters
    ----------
    volume : vehicles an hour, by link.
    what : what the noise is for; other words give other noise.
    seed : of the noise.

    Returns
    -------
    Vehicles an hour: each morning strays by its own factor and by a Poisson count's chance (its normal approximation).
    """
    noise = normals(seed, what, (2 * DAYS, len(volume))).reshape(2, DAYS, len(volume))
    mean = volume * np.exp(DAY_NOISE * noise[0])
    return np.asarray(np.round(np.maximum(0.0, mean + np.sqrt(mean) * noise[1])).mean(axis=0))


def counters_of_meridian(traffic: Traffic) -> pd.DataFrame:
    """The counters from 8 to 9 on working days.

    A counter whose id is that of an area is the one that the city's series of traffic has there: it stands on the link of the
    area whose volume is nearest to its own, where one is near.

    Parameters
    ----------
    traffic : the planted traffic of the series.

    Returns
    -------
    pd.DataFrame
        By counter_id: ``link_id`` and ``volume``; those of the series first.
    """
    links, volume = roads_of_meridian().links, morning_of_meridian().volume
    hourly = {
        each.area_id: each.per_hour * np.array(traffic.week[each.kind])[list(MORNING)].mean()
        for each in traffic.counters
    }
    tied = _tied(hourly, volume)
    drawn = uniforms(PLAN_SEED, "counters/links", len(links)) < SHARE
    free = ~links.index.isin(list(tied.values())) & (links["kind"] != "connector").to_numpy()
    others = links.index[((links["kind"] == "bridge").to_numpy() | drawn) & free]
    counts = counts_of(volume[others].to_numpy(float), "counters/noise")
    rows = [(area, link, hourly[area]) for area, link in tied.items()]
    rows += [
        (f"C{place:03d}", link, count) for place, (link, count) in enumerate(zip(others, counts, strict=True), start=1)
    ]
    return pd.DataFrame(rows, columns=["counter_id", "link_id", "volume"]).set_index("counter_id").round({"volume": 1})


def _tied(hourly: Mapping[str, float], volume: pd.Series) -> dict[str, str]:
    """The link of each area whose volume is nearest to that of the area's counter, where their GEH is small."""
    nodes, links = roads_of_meridian().nodes, roads_of_meridian().links
    links = links.loc[(links["kind"] != "connector").to_numpy()]
    x, y = (
        (nodes.loc[links["from_node"], axis].to_numpy() + nodes.loc[links["to_node"], axis].to_numpy()) / 2
        for axis in "xy"
    )
    middle = gpd.GeoSeries.from_xy(x, y, index=links.index, crs=CRS)
    areas = plan_of_meridian().neighbourhoods.geometry
    found: dict[str, str] = {}
    for area, mean in hourly.items():
        near = volume[links.index[middle.within(areas[area]).to_numpy()]].drop(list(found.values()), errors="ignore")
        geh = np.sqrt(2 * (near - mean) ** 2 / (near + mean))
        if len(geh) and geh.min() <= NEAR:
            found[area] = str(geh.idxmin())
    return found
