"""What analytics refuses, as one tree.

CivicastError
└── AnalyticsError
    ├── ForecastError    a forecast that cannot be made
    │   └── ModelError   a model that broke its contract
    ├── EvaluationError  a past policy that cannot be judged
    ├── MeasurementError energy, heat or air that cannot be measured
    ├── HotspotError     a hotspot map that cannot be drawn
    ├── TrafficError     a road or trips that cannot be assigned
    ├── ScenarioError    a lever, an engine or a study that does not fit
    ├── DecisionError    a decision that lacks something, or does not fit its evidence
    └── Cancelled        the user stopped the work
"""

from __future__ import annotations

from data.errors import CivicastError

__all__ = [
    "AnalyticsError",
    "Cancelled",
    "DecisionError",
    "EvaluationError",
    "ForecastError",
    "HotspotError",
    "MeasurementError",
    "ModelError",
    "ScenarioError",
    "TrafficError",
]


class AnalyticsError(CivicastError):
    """Something that analytics refuses."""


class ForecastError(AnalyticsError):
    """A forecast that cannot be made."""


class ModelError(ForecastError):
    """A model that broke its contract."""


class EvaluationError(AnalyticsError):
    """A past policy that cannot be judged."""


class HotspotError(AnalyticsError):
    """A hotspot map that cannot be drawn."""


class TrafficError(AnalyticsError):
    """A road or trips that cannot be assigned."""


class MeasurementError(AnalyticsError):
    """Energy, heat or air that cannot be measured."""


class ScenarioError(AnalyticsError):
    """A lever, an engine or a study that does not fit."""


class DecisionError(AnalyticsError):
    """A decision that lacks something, or does not fit its evidence."""


class Cancelled(AnalyticsError):
    """The user stopped the work."""

    def __init__(self) -> None:
        super().__init__("cancelled")

    def __reduce__(self) -> tuple[type[Cancelled], tuple[()]]:
        return Cancelled, ()
