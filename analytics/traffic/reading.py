"""What may be read from an equilibrium: what each road carries, an option beside today, and whose trips use a road."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from analytics.caveats import assess
from analytics.traffic.access import trips_using
from analytics.traffic.assignment import Assignment
from analytics.traffic.making import made_facts, made_trips
from analytics.traffic.naming import areas_at
from analytics.traffic.picture import RoadUsers, Traffic, crossings, geh, lines_of
from data import City, Counters, Network, Trips

__all__ = ["counters_of", "traffic_of", "users_of"]

NEAR = 5.0  # GEH up to which a modelled volume is taken to agree with a counted one
MOST_PAIRS = 12  # pairs of areas that are named
USUAL = ("days", "spread", "since", "until")  # of a volume that is a mean of days
KEPT = ["name", "kind", "from_node", "to_node", "length", "lanes", "capacity", "free_time"]


def traffic_of(
    city: City, trips: Trips, today: Assignment, *, option: str = "", then: Assignment | None = None
) -> Traffic:
    """What each road of the trips' network carries today, and with an option.

    Parameters
    ----------
    city : that has the network.
    trips : whose equilibrium it is.
    today : the equilibrium of now.
    option, then : what the option is called, and its equilibrium, on the links of today and new ones after them.

    Returns
    -------
    Traffic
        One row a link; with the counters of this network, held against today.
    """
    network: Network = city.networks[trips.network]
    links = network.links[KEPT].copy()
    ends = crossings(links, areas_at(network, city.areas.get(trips.layer)))
    links["from_name"], links["to_name"] = ends.iloc[: len(links)].to_numpy(), ends.iloc[len(links) :].to_numpy()
    alike = (links["name"] == "") & (links["from_name"] == links["to_name"])  # both ends in one area tell no way
    links.loc[alike, ["from_name", "to_name"]] = links.loc[alike, ["from_node", "to_node"]].astype(str).to_numpy()
    links["volume"], links["time"] = today.volume, today.time
    links["road"] = _roads(network)
    if then is not None:
        place = pd.Index(then.road.link_ids)
        links["volume_option"] = pd.Series(then.volume, place).reindex(links.index)
        links["time_option"] = pd.Series(then.time, place).reindex(links.index)
        links.loc[~pd.Series(then.road.is_open, place).reindex(links.index), "time_option"] = np.nan
    drawn = not shapely.is_empty(network.frame.geometry.to_numpy()).any()
    counted = _counted(city, network, links)
    made_from = [network.provenance, trips.provenance]
    made_from += [each.provenance for each in counters_of(city, network.name).values()]
    facts = _facts(trips, today, counted)
    if trips.matrix is None or trips.counters:
        facts |= made_facts(made_trips(trips, network, city.of("counters").get(trips.counters)))
    return Traffic(
        made_from=tuple(made_from), caveats=assess(made_from=made_from, **facts), name=trips.name, title=network.title,
        hours=trips.hours, links=links, lines=lines_of(network.frame.geometry) if drawn else None, counted=counted,
        layer=trips.layer, option=option, gap=today.gap,
    )  # fmt: skip


def _facts(trips: Trips, today: Assignment, counted: pd.DataFrame) -> dict[str, Any]:
    """What caveats of the roads are computed from."""
    driven = today.volume * today.road.length
    over = driven[today.volume > today.road.capacity].sum() / max(driven.sum(), 1e-300)
    return {
        "traffic_hours_word": trips.hours, "traffic_over_capacity": float(over), "traffic_gap": today.gap,
        "traffic_gap_wanted": today.wanted, "traffic_counted": not counted.empty, "traffic_trips_title": trips.title,
        "traffic_trips_warning": trips.warning,
        "counters": len(counted), "counters_near": _near(counted) if len(counted) else 0,
    }  # fmt: skip


def _roads(network: Network) -> pd.Series:
    """Whether a link is a road: one that only joins a zone to the roads takes no time, or leads to where nobody passes."""
    links, through = network.links, network.nodes["through"]
    passed = through.reindex(links["from_node"]).to_numpy(bool) & through.reindex(links["to_node"]).to_numpy(bool)
    roads = (links["free_time"] > 0) & passed
    return roads if roads.any() else pd.Series(True, links.index)


def counters_of(city: City, network: str) -> dict[str, Counters]:
    """The tables of counters on a network.

    Parameters
    ----------
    city : that may have some.
    network : its name.

    Returns
    -------
    dict
        By name.
    """
    return {name: each for name, each in city.of("counters").items() if each.network == network}


def _counted(city: City, network: Network, links: pd.DataFrame) -> pd.DataFrame:
    """Every counter of a network beside what the model has there."""
    frames = [each.frame for each in counters_of(city, network.name).values() if len(each.frame)]
    if not frames:
        return pd.DataFrame({name: [] for name in ("link_id", "observed", "modelled", "x", "y")})
    found = pd.concat(frames).rename(columns={"volume": "observed"})
    found = found[~found.index.duplicated() & found["link_id"].isin(links.index)]
    metres = Transformer.from_crs("EPSG:4326", city.crs, always_xy=True)
    x, y = metres.transform(found["longitude"].to_numpy(float), found["latitude"].to_numpy(float))
    modelled = links.loc[found["link_id"], "volume"].to_numpy(float)
    usual = [each for each in USUAL if each in found]
    return found[["link_id", "observed", *usual]].assign(modelled=modelled, x=x, y=y)


def _near(counted: pd.DataFrame) -> int:
    return int((geh(counted["modelled"], counted["observed"]) <= NEAR).sum())


def users_of(city: City, trips: Trips, today: Assignment, *, link: str) -> RoadUsers:
    """Whose trips use a link: where they begin and where they end, by area.

    Volumes of links are those of the equilibrium and unique; which paths make them is not, so that another run may share
    trips between pairs of zones otherwise. The paths are those of the assignment.

    Parameters
    ----------
    city : that has the network.
    trips : with zones in areas.
    today : the equilibrium, with its paths.
    link : the link's id.

    Returns
    -------
    RoadUsers
        Vehicles an hour; zones in no area under "".

    Raises
    ------
    TrafficError
        When there is no such link.
    """
    network: Network = city.networks[trips.network]
    using = trips_using(today, [link])
    begin, end = np.nonzero(using)
    areas = trips.zones["area_id"].to_numpy(object)
    flows = pd.DataFrame({"origin": areas[begin], "destination": areas[end], "volume": using[begin, end]})
    pairs = flows.groupby(["origin", "destination"])["volume"].sum().reset_index()
    made_from = (network.provenance, trips.provenance)
    return RoadUsers(
        made_from=made_from, caveats=assess(made_from=made_from, paths_of_one_run=True), network=trips.network, link_id=link,
        road=str(network.links.at[link, "name"]), hours=trips.hours, volume=float(using.sum()),
        origins=flows.groupby("origin")["volume"].sum(), destinations=flows.groupby("destination")["volume"].sum(),
        pairs=pairs.sort_values("volume", ascending=False, kind="stable").head(MOST_PAIRS).reset_index(drop=True),
        layer=trips.layer, paths_known=len(today.paths.flow) > 0 or not today.volume.any(),
    )  # fmt: skip
