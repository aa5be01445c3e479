"""Traffic on the road: the engine, what it knows, its levers, futures and measures."""

from analytics.scenarios.engines.traffic.engine import Traffic

__all__ = ["Traffic"]
