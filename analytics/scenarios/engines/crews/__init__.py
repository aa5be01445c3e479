"""Crews: work that waits, carried on as practice was, and how well that told years that came."""

from analytics.scenarios.engines.crews.engine import CREWS
from analytics.scenarios.engines.crews.replay import Replay, replays

__all__ = ["CREWS", "Replay", "replays"]
