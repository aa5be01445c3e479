"""``new-engine``: a file to start an engine from."""

from __future__ import annotations

import argparse
from typing import Any

from analytics.commands.common import new_file_command, tell_next_steps
from analytics.scenarios.checks.file import new_engine


def add(commands: Any) -> None:
    """Add the command."""
    new_file_command(commands, "new-engine", new_engine_command)


def new_engine_command(options: argparse.Namespace) -> None:
    """Write the file and say what comes next."""
    path = new_engine(options.name, folder=options.folder)
    tell_next_steps(options, path, section="new_engine", folder="engines")
