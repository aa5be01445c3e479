"""Desks: how people fare at counters and telephones under a roster, and which roster meets the target."""

from analytics.scenarios.engines.desks.engine import Desks, needed_people

__all__ = ["Desks", "needed_people"]
