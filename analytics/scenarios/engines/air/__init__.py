"""What a change of a road's traffic does to the air that is measured beside it."""

from analytics.scenarios.engines.air.engine import Air

__all__ = ["Air"]
