"""Traffic on a road: trips between zones, the equilibrium of their paths, and what may be read from it."""

from analytics.traffic.assignment import Assignment, assign, cheapest_costs, relative_gap
from analytics.traffic.demand import Demand, Pairs, demand_of
from analytics.traffic.paths import PathSet
from analytics.traffic.road import Road, road_of

__all__ = [
    "Assignment",
    "Demand",
    "Pairs",
    "PathSet",
    "Road",
    "assign",
    "cheapest_costs",
    "demand_of",
    "relative_gap",
    "road_of",
]
