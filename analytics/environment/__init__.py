"""Energy, heat, fuel and air: what a city uses and breathes, measured from its series, and what a change of traffic does to it."""

from analytics.environment.emissions import bus_emission, clipped_speeds, co2, fuel

__all__ = ["bus_emission", "clipped_speeds", "co2", "fuel"]
