"""The models that can be used: those in ``models/``, those of external packages and of the workspace."""

from __future__ import annotations

from analytics.forecasting.contract import MODELS, Forecaster, find_model
from data.words import Words

__all__ = ["failed_models", "find_model", "models", "register"]


def register(model: Forecaster) -> Forecaster:
    """Add a model to those that can be used."""
    return MODELS.register(model)


def models() -> dict[str, Forecaster]:
    """Every model that works, by name, the simplest first."""
    return MODELS.all()


def failed_models() -> dict[str, Words]:
    """Every model that could not be loaded, and why."""
    return MODELS.registry.failures()
