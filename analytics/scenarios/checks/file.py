"""An engine's file before it is used: does it keep the contract, and how fast is it on the sample city."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from analytics.errors import ScenarioError
from analytics.plugins.checks import Report
from analytics.plugins.files import new_file, opened_file
from analytics.plugins.kind import Kind
from analytics.scenarios.checks.suite import check_engine
from analytics.scenarios.checks.trial import DRAWS, Trial
from analytics.scenarios.contract import Engine
from analytics.scenarios.registry import REGISTRY, engines
from data import City, open_city

__all__ = ["ENGINE", "SAMPLE_CITY", "EngineReport", "check_file", "new_engine", "opened_engine"]

ENGINE: Kind[Engine] = Kind("engine", REGISTRY, ScenarioError)
SAMPLE_CITY = "meridian"


@dataclass(frozen=True)
class EngineReport(Report):
    """What is known of an engine's file: its checks, and the seconds that ``draws`` futures take where it keeps them."""

    draws: int = DRAWS
    seconds: float | None = None


def check_file(path: Path, *, city: City | None = None, seed: int = 0) -> EngineReport:
    """Everything that an engine's author wants to know; the registry is as before afterwards.

    Parameters
    ----------
    path : a file that registers one engine.
    city : that it is tried in (default: the sample city).
    seed : of everything random.

    Returns
    -------
    The checks, and how long a run takes.

    Raises
    ------
    ScenarioError
        When the file is missing, is no Python, fails, holds no engine or several, or takes a name that is in use.
    """
    city = city or open_city(SAMPLE_CITY)
    with opened_engine(path) as engine:
        others = [each for each in engines().values() if each.name != engine.name]
        report = EngineReport(
            engine.name, engine.title, False, check_engine(engine, city=city, others=others, seed=seed)
        )
        if report.failed:
            return report
        return replace(report, seconds=Trial(engine, city, others, seed).ordinary.seconds)


def new_engine(name: str, *, folder: Path) -> Path:
    """The file of a new engine of this name; see ``new_file``.

    Parameters
    ----------
    name : a lower-case Python name.
    folder : that it is written into.

    Returns
    -------
    The path of the new file.
    """
    return new_file(name, kind=ENGINE, folder=folder)


def opened_engine(path: Path) -> AbstractContextManager[Engine]:
    """The one engine of a file, registered for as long as the context lasts; see ``opened_file``."""
    return opened_file(path, kind=ENGINE)
