"""Traffic on a road: trips between zones, the equilibrium of their paths, and what may be read from it."""

from analytics.traffic.access import reached_within, trips_using
from analytics.traffic.assignment import Assignment, Elastic, assign, cheapest_costs, relative_gap
from analytics.traffic.counts import CountFit, fit_of_counts
from analytics.traffic.demand import Demand, Pairs, demand_of
from analytics.traffic.estimation import Estimation, Spreads, estimate_matrix
from analytics.traffic.gravity import Deterrence, Gravity, fit_gravity, gravity_on
from analytics.traffic.growth import grown
from analytics.traffic.making import Made, made_facts, made_trips
from analytics.traffic.naming import areas_at, link_titles
from analytics.traffic.paths import PathSet
from analytics.traffic.road import Road, links_named, road_of

__all__ = [
    "Assignment",
    "CountFit",
    "Demand",
    "Deterrence",
    "Elastic",
    "Estimation",
    "Gravity",
    "Made",
    "Pairs",
    "PathSet",
    "Road",
    "Spreads",
    "areas_at",
    "assign",
    "cheapest_costs",
    "demand_of",
    "estimate_matrix",
    "fit_gravity",
    "fit_of_counts",
    "gravity_on",
    "grown",
    "link_titles",
    "links_named",
    "made_facts",
    "made_trips",
    "reached_within",
    "relative_gap",
    "road_of",
    "trips_using",
]
