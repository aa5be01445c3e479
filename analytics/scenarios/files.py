"""Scenario files: name, rationale, levers and uncertainties in TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path

import tomli_w

from analytics.errors import ScenarioError
from analytics.scenarios.study import Scenario
from data.words import Sentence

__all__ = ["read_scenario", "write_scenario"]

KEYS = ("name", "rationale", "levers", "uncertainties")


def read_scenario(path: Path) -> Scenario:
    """The scenario of a file; empty levers mean today.

    Raises
    ------
    ScenarioError
        When the file is missing, is not TOML, or has an unknown key.
    """
    if not path.is_file():
        raise ScenarioError("missing_scenario", path=str(path))
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError("bad_scenario", path=path.name, why=str(error)) from error
    for key in content:
        if key not in KEYS:
            raise ScenarioError("unknown_scenario_key", path=path.name, key=key, keys=list(KEYS))
    for key in ("levers", "uncertainties"):
        if not isinstance(content.get(key, {}), dict):
            raise ScenarioError("bad_scenario", path=path.name, why=Sentence("scenario_file.not_a_table", {"key": key}))
    return Scenario(
        name=str(content.get("name") or path.stem),
        levers=content.get("levers", {}),
        uncertainties=content.get("uncertainties", {}),
        rationale=str(content.get("rationale", "")),
    )


def write_scenario(scenario: Scenario) -> str:
    """The scenario as the text of a file that reads back as the same."""
    content = {"name": scenario.name, "rationale": scenario.rationale}
    return tomli_w.dumps({**content, "levers": dict(scenario.levers), "uncertainties": dict(scenario.uncertainties)})
