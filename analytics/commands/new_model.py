"""``new-model``: a file to start a forecast model from."""

from __future__ import annotations

import argparse
from typing import Any

from analytics.commands.common import new_file_command, tell_next_steps
from analytics.forecasting.scaffold import new_model


def add(commands: Any) -> None:
    """Add the command."""
    new_file_command(
        commands, "new-model", new_model_command, "a file to start a forecast model from", example="weekday_median"
    )


def new_model_command(options: argparse.Namespace) -> None:
    """Write the file and say what comes next."""
    path = new_model(options.name, folder=options.folder)
    tell_next_steps(options, path, section="new_model", folder="models")
