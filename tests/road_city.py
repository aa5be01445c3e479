"""A small city of six wards along a main road, with a longer road beside it: trips that one can follow."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data import City, Cost, Network, Trips
from data.tables.costs import Every
from tests.small_city import CRS, UNTIL, driver, layer, provenance, requests

WARDS = tuple(f"W{number:02d}" for number in range(1, 9))  # of which the last two have no zone
BRIDGE, NEXT, RING = "M3-M4", "M4-M5", "Ring"  # in the middle of the main road, and the road beside it


def network(**more: Any) -> Network:
    """Each ward's zone joins the main road; a ring joins its ends; a second bridge from M3 to M4 is planned."""
    rows = []
    for place in range(1, 7):
        ends = (f"Z{place}", f"M{place}")
        rows += [(*pair, 0.2, 5000.0, 0.5, "connector", "") for pair in (ends, ends[::-1])]
    for place in range(1, 6):
        for one, other in ((place, place + 1), (place + 1, place)):
            rows.append((f"M{one}", f"M{other}", 1.0, 900.0, 2.0, "main", ""))
    rows += [("M1", "M6", 8.0, 2000.0, 11.0, "ring", RING), ("M6", "M1", 8.0, 2000.0, 11.0, "ring", RING)]
    rows += [("M3", "M4", 1.1, 900.0, 2.0, "main", "New Bridge"), ("M4", "M3", 1.1, 900.0, 2.0, "main", "New Bridge")]
    links = pd.DataFrame(rows, columns=["from_node", "to_node", "length", "capacity", "free_time", "kind", "name"])
    ids = links["from_node"] + "-" + links["to_node"]
    links.index = pd.Index(np.where(links["name"] == "New Bridge", "new-" + ids, ids), name="link_id", dtype=object)
    links = links.assign(lanes=1.0, free_speed=60 * links["length"] / links["free_time"], b=0.15, power=4.0, toll=0.0)
    links.loc[links["kind"] == "connector", "b"] = 0.0
    places = [(500.0 + 1000 * place, 200.0 if zone else 500.0) for zone in (True, False) for place in range(6)]
    names = [*(f"Z{place}" for place in range(1, 7)), *(f"M{place}" for place in range(1, 7))]
    nodes = pd.DataFrame(places, columns=["x", "y"], index=pd.Index(names, name="node_id", dtype=object))
    is_zone = nodes.index.str.startswith("Z")
    nodes = nodes.assign(longitude=np.nan, latitude=np.nan, through=~is_zone, zone=np.where(is_zone, nodes.index, ""))
    ends = [nodes.loc[links[end], ["x", "y"]].to_numpy() for end in ("from_node", "to_node")]
    frame = gpd.GeoDataFrame(geometry=shapely.linestrings(np.stack(ends, axis=1)), crs=CRS)
    stated = {"toll_weight": 0.5, "candidates": (BRIDGE, NEXT), "planned": ("New Bridge",)} | more
    about = provenance("roads", (links, nodes, sorted(stated.items())))
    return Network("roads", "Roads", frame, about, nodes=nodes, links=links, **stated)


def trips(*, scale: float = 1.0, jobs: bool = True, layer_name: str = "ward", hours_a_year: float = 0.0) -> Trips:
    """More trips between near wards than between far ones, and most to the last, where jobs are."""
    place = np.arange(6)
    matrix = 260.0 * scale * np.exp(-0.4 * np.abs(place[:, None] - place[None, :])) * (1 + place[None, :] / 5)
    zones = pd.DataFrame(
        {
            "node_id": [f"Z{each}" for each in range(1, 7)],
            "area_id": list(WARDS[:6]),
            "population": 1000.0 * np.arange(1, 7),
            "jobs": 500.0 * np.arange(1, 7) if jobs else np.nan,
        },
        index=pd.Index([str(each) for each in range(1, 7)], name="zone_id", dtype=object),
    )
    about = provenance("morning", (zones, matrix), as_of=UNTIL)
    return Trips(
        "morning", "Morning trips", "roads", zones, matrix, "7 to 8", layer_name, about, hours_a_year=hours_a_year
    )


def road_city(*, priced: bool = True, roads: Network | None = None, **made: Any) -> City:
    """The city: wards, requests, people and jobs that grow, the road and the trips on it."""
    about = provenance("road_lane_km", 2e6)
    cost = Cost(
        "road_lane_km", "A kilometre of a lane", 2e6, 1.5e6, 3e6, "km", Every.ONCE, 2023, "CZK", "stated", about
    )
    others: dict[str, Any] = {"trips": {"morning": trips(**made)}, "costs": {"road_lane_km": cost} if priced else {}}
    return City(
        name="Roadville", key="roadville", timezone="Europe/Prague", crs=CRS, currency="CZK",
        areas={"ward": layer("ward", WARDS)}, incidents={}, series={"requests": requests(areas="ward", ids=WARDS)},
        drivers={each: driver(each, areas="ward", ids=WARDS, seed=at) for at, each in enumerate(("population", "jobs"))},
        networks={"roads": network() if roads is None else roads}, others=others,
    )  # fmt: skip
