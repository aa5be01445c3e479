"""Traffic on a road: trips between zones, the equilibrium of their paths, and what may be read from it."""

from analytics.traffic.access import reached_within, trips_using
from analytics.traffic.assignment import Assignment, Elastic, assign, cheapest_costs, relative_gap
from analytics.traffic.demand import Demand, Pairs, demand_of
from analytics.traffic.growth import grown
from analytics.traffic.paths import PathSet
from analytics.traffic.road import Road, links_named, road_of

__all__ = [
    "Assignment",
    "Demand",
    "Elastic",
    "Pairs",
    "PathSet",
    "Road",
    "assign",
    "cheapest_costs",
    "demand_of",
    "grown",
    "links_named",
    "reached_within",
    "relative_gap",
    "road_of",
    "trips_using",
]
