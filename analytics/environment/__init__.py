"""Energy, heat, fuel and air: what a city uses and breathes, measured from its series, and what a change of traffic does to it."""

from analytics.environment.emissions import bus_emission, clipped_speeds, co2, fuel
from analytics.environment.energy import Energy, energy_demand
from analytics.environment.guidelines import GUIDELINES, Guideline
from analytics.environment.heat import Heat, excess_in_heat, hot_spells
from analytics.environment.roadside import Roadside, roadside_relation

__all__ = [
    "GUIDELINES",
    "Energy",
    "Guideline",
    "Heat",
    "Roadside",
    "bus_emission",
    "clipped_speeds",
    "co2",
    "energy_demand",
    "excess_in_heat",
    "fuel",
    "hot_spells",
    "roadside_relation",
]
