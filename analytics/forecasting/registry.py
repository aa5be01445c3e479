"""The models that can be used: those in ``models/``, those of external packages and of the workspace."""

from __future__ import annotations

import difflib

from analytics.errors import ForecastError
from analytics.forecasting.contract import Forecaster
from analytics.plugins.registry import Registry

__all__ = ["REGISTRY", "failed_models", "find_model", "models", "register"]


def _problem(model: object) -> str | None:
    if not isinstance(model, Forecaster):
        return "a forecast model is made with @forecaster(...)"
    empty = [
        name for name in ("name", "title", "version", "limits", "inputs", "value_types") if not getattr(model, name)
    ]
    return f"the model states no {', '.join(empty)}" if empty else None


REGISTRY: Registry[Forecaster] = Registry("analytics.forecasting.models", "civicast.forecasters", _problem, "models")


def register(model: Forecaster) -> Forecaster:
    """Add a model to those that can be used."""
    return REGISTRY.register(model)


def models() -> dict[str, Forecaster]:
    """Every model that works, by name, the simplest first."""
    return dict(sorted(REGISTRY.all().items(), key=lambda pair: pair[1].complexity))


def failed_models() -> dict[str, str]:
    """Every model that could not be loaded, and why."""
    return REGISTRY.failures()


def find_model(name: str) -> Forecaster:
    """The model of this name.

    Raises
    ------
    ForecastError
        When there is none, naming those that there are.
    """
    known = models()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        if near:
            raise ForecastError("no_such_model_near", name=name, near=near[0])
        raise ForecastError("no_such_model", name=name, names=list(known))
    return known[name]
