"""What we infer: forecasts, hotspots and comparisons, each with its caveats."""

from analytics.forecasting import forecast
from analytics.hotspots import find_hotspots
from analytics.scenarios import Scenario, compare, read_scenario
from data.words import add_layer as _add_layer

__all__ = ["Scenario", "compare", "find_hotspots", "forecast", "read_scenario"]

_add_layer("analytics")
