"""Signals: what other plans at junctions do to those who wait there, and which plans are proposed."""

from analytics.scenarios.engines.signals.engine import SignalTimings

__all__ = ["SignalTimings"]
