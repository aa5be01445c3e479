"""The engines that can be used: those in ``engines/``, and those of external packages."""

from __future__ import annotations

from analytics.plugins import Registry
from analytics.scenarios.contract import Engine

__all__ = ["REGISTRY", "engines", "failed_engines", "register"]


def _problem(engine: object) -> str | None:
    if not isinstance(engine, Engine):
        wanted = [
            name
            for name in ("levers", "uncertainties", "reads", "writes", "evidence", "run")
            if not hasattr(engine, name)
        ]
        return f"the engine lacks {', '.join(wanted) or 'a name, title, version, limits or inputs'}"
    return None


REGISTRY: Registry[Engine] = Registry("analytics.scenarios.engines", "civicast.engines", _problem)


def register(engine: Engine) -> Engine:
    """Add an engine to those that can be used."""
    return REGISTRY.register(engine)


def engines() -> dict[str, Engine]:
    """Every engine that works, by name."""
    return REGISTRY.all()


def failed_engines() -> dict[str, str]:
    """Every engine that could not be loaded, and why."""
    return REGISTRY.failures()
