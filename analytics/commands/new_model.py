"""``new-model``: a file to start a forecast model from."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from analytics.commands.common import command, show_json
from analytics.forecasting.scaffold import new_model
from analytics.results import WORDING
from data.workspace import home


def add(commands: Any) -> None:
    """Add the command."""
    options = command(commands, "new-model", new_model_command, "a file to start a forecast model from", city=False)
    options.add_argument("name", metavar="NAME", help="a lower-case Python name, such as weekday_median")
    options.add_argument("--folder", type=Path, default=Path(), metavar="DIR", help="where to (default: here)")


def new_model_command(options: argparse.Namespace) -> None:
    """Write the file and say what comes next."""
    path = new_model(options.name, folder=options.folder)
    if options.json:
        show_json({"path": str(path)})
        return
    evidence = {"path": str(path), "folder": str(home() / "models")}
    for step in ("written", "edit", "check", "place"):
        print(WORDING.sentence(f"new_model.{step}", evidence))
