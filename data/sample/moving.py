"""The roads, trips and counters of Meridian as files, and the sections of the city.toml that describe them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from data.sample.counted import counters_of_meridian
from data.sample.equilibrium import MINUTES, morning_of_meridian
from data.sample.people import YEARS, drivers
from data.sample.plan import CRS
from data.sample.roads import POWER, B, roads_of_meridian
from data.sample.streets import Traffic

__all__ = ["moving_toml", "planted_roads", "write_moving"]

DIGITS = 7  # of degrees: a centimetre


def write_moving(folder: Path, traffic: Traffic) -> None:
    """Nodes, links, zones, trips and counters as files.

    Parameters
    ----------
    folder : of the city.
    traffic : the planted traffic of the series.
    """
    plan, morning = roads_of_meridian(), morning_of_meridian()
    nodes, links = plan.nodes, plan.links
    places = gpd.GeoSeries.from_xy(nodes["x"], nodes["y"], crs=CRS).to_crs("EPSG:4326")
    pd.DataFrame(
        {
            "node_id": nodes.index,
            "x_coord": places.x.round(DIGITS).to_numpy(),
            "y_coord": places.y.round(DIGITS).to_numpy(),
            "zone_id": nodes["zone"].to_numpy(),
            "node_type": ["centroid" if zone else "" for zone in nodes["zone"]],
        }
    ).to_csv(folder / "road_nodes.csv", index=False)
    about = links.assign(
        capacity=links["capacity"] / links["lanes"], free_time=morning.free_time, directed="true", b=B, power=POWER
    )
    about.rename(
        columns={
            "from_node": "from_node_id", "to_node": "to_node_id", "kind": "facility_type", "free_time": "vdf_fftt",
            "b": "vdf_alpha", "power": "vdf_beta",
        }
    ).drop(columns="speed").to_csv(folder / "road_links.csv")  # fmt: skip
    people = {name: values.loc[YEARS[-1]].astype(int) for name, values in drivers().items()}
    pd.DataFrame(people).rename_axis("zone_id").to_csv(folder / "zones.csv")
    origin, destination = np.nonzero(morning.matrix.to_numpy())
    trips = {
        "from_zone": morning.matrix.index[origin],
        "to_zone": morning.matrix.columns[destination],
        "vehicles": morning.matrix.to_numpy()[origin, destination],
    }
    pd.DataFrame(trips).to_csv(folder / "trips.csv", index=False)
    counters_of_meridian(traffic).to_csv(folder / "road_counters.csv")


def planted_roads() -> dict[str, Any]:
    """The truth of the roads as plain values: volumes and minutes at the planted equilibrium by link, and the junctions."""
    plan, morning = roads_of_meridian(), morning_of_meridian()
    return {
        "volume": morning.volume.round(3).to_dict(),
        "minutes": morning.time.round(3).to_dict(),
        "junctions": list(plan.junctions),
        "corridor": list(plan.corridor),
        "trip_minutes": MINUTES,
    }


def moving_toml() -> dict[str, Any]:
    """The sections ``networks``, ``trips`` and ``counters`` of the city file."""
    return {
        "networks": {"roads": {"source": "road_links.csv", "nodes": "road_nodes.csv", "title": "Roads"}},
        "trips": {
            "morning": {
                "source": "trips.csv",
                "title": "Morning peak",
                "network": "roads",
                "hours": "8 to 9 on working days",
                "from_zone": "from_zone",
                "to_zone": "to_zone",
                "value": "vehicles",
                "areas": "neighbourhood",
                "zones": {
                    "source": "zones.csv",
                    "id": "zone_id",
                    "area": "zone_id",
                    "population": "population",
                    "jobs": "jobs",
                },
            }
        },
        "counters": {
            "roads": {
                "source": "road_counters.csv",
                "title": "Road counters",
                "network": "roads",
                "id": "counter_id",
                "link": "link_id",
                "volume": "volume",
                "series": "traffic_counts",
            }
        },
    }
