"""``models``: what can be computed, and what is broken."""

from __future__ import annotations

import argparse
from typing import Any

from analytics.commands.common import command, show_json
from analytics.forecasting.contract import MODELS
from analytics.forecasting.registry import failed_models, models
from analytics.hotspots.contract import METHODS
from analytics.hotspots.registry import failed_methods, methods
from analytics.plain import to_plain
from analytics.plugins.apart import confinement
from analytics.scenarios.registry import REGISTRY, engines, failed_engines
from data.words import Words, say


def add(commands: Any) -> None:
    """Add the command."""
    command(commands, "models", models_command, city=False)


def models_command(options: argparse.Namespace) -> None:
    """List forecasting models, hotspot methods and engines with their limits, and what failed to load."""
    kinds: dict[str, tuple[dict[str, Any], dict[str, Words]]] = {
        "forecasting": (models(), failed_models()),
        "hotspots": (methods(), failed_methods()),
        "scenarios": (engines(), failed_engines()),
    }
    if options.json:
        listed = {kind: {"ready": describe(ready), "failed": failed} for kind, (ready, failed) in kinds.items()}
        show_json(to_plain(listed))
        return
    for kind, (ready, failed) in kinds.items():
        print(kind)
        for each in describe(ready):
            print(say("models_told.ready", each | {"name": f"{each['name']:24}"}))
        for name, error in failed.items():
            print(say("models_told.failed", {"name": f"{name:24}", "error": error}))
    if MODELS.registry.files or METHODS.registry.files or REGISTRY.files:
        print(confinement())


def describe(plugins: Any) -> list[dict[str, Any]]:
    """Name, title, version and limits of each plug-in."""
    attributes = ("name", "title", "version", "limits")
    return [{key: to_plain(getattr(each, key)) for key in attributes} for each in plugins.values()]
