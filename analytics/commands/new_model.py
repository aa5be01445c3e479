"""``new-model``: a file to start a forecast model from."""

from __future__ import annotations

import argparse
from typing import Any

from analytics.commands.common import new_file_command, tell_next_steps
from analytics.forecasting.contract import MODELS
from analytics.plugins.files import new_file


def add(commands: Any) -> None:
    """Add the command."""
    new_file_command(commands, "new-model", new_model_command)


def new_model_command(options: argparse.Namespace) -> None:
    """Write the file and say what comes next."""
    path = new_file(options.name, kind=MODELS, folder=options.folder)
    tell_next_steps(options, path, section="new_model", folder="models")
