"""Model files: a new one made from the template, and one opened to be checked."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from analytics.errors import ForecastError
from analytics.forecasting.contract import Forecaster
from analytics.forecasting.registry import REGISTRY
from analytics.plugins.files import Kind, new_file, opened_file

__all__ = ["new_model", "opened_model"]

MODEL: Kind[Forecaster] = Kind("model", REGISTRY, ForecastError, "recent_mean", "Mean of the last four weeks")


def new_model(name: str, *, folder: Path) -> Path:
    """The file of a new model of this name; see ``new_file``."""
    return new_file(name, kind=MODEL, folder=folder)


def opened_model(path: Path) -> AbstractContextManager[Forecaster]:
    """The one model of a file, registered for as long as the context lasts; see ``opened_file``."""
    return opened_file(path, kind=MODEL)
