"""The engines that can be used: those in ``engines/``, those of external packages and of the workspace."""

from __future__ import annotations

import inspect

from analytics.errors import ForecastError, HotspotError, ScenarioError
from analytics.plugins.registry import Proxies, Registry
from analytics.scenarios.apart.answering import called, facts
from analytics.scenarios.apart.asking import proxy
from analytics.scenarios.contract import Engine
from data.words import Sentence, Words

__all__ = ["REGISTRY", "engines", "failed_engines", "register"]


def _problem(engine: object) -> Words | None:
    if inspect.isclass(engine):
        return Sentence("plugins.engine_class")
    if not isinstance(engine, Engine):
        wanted = [name for name in ("applies", "declare", "run", "evidence") if not hasattr(engine, name)]
        attributes = ("name", "title", "version", "limits", "inputs")
        return Sentence(
            "plugins.engine_lacks", {"names": wanted or [each for each in attributes if not hasattr(engine, each)]}
        )
    return None


# The folder is imported here, before the function below is exported under the same name: imported later, when plug-ins
# are loaded, it would take the function's place in the package.
REGISTRY: Registry[Engine] = Registry(
    "analytics.scenarios.engines",
    "civicast.engines",
    _problem,
    "engines",
    proxies=Proxies(
        "analytics.scenarios.registry:REGISTRY",
        facts,
        proxy,
        (ScenarioError, ForecastError, HotspotError),
        called=called,
    ),
)


def register(engine: Engine) -> Engine:
    """Add an engine to those that can be used."""
    return REGISTRY.register(engine)


def engines() -> dict[str, Engine]:
    """Every engine that works, by name."""
    return REGISTRY.all()


def failed_engines() -> dict[str, Words]:
    """Every engine that could not be loaded, and why."""
    return REGISTRY.failures()
