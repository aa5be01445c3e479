"""``new-method``: a file to start a hotspot method from."""

from __future__ import annotations

import argparse
from typing import Any

from analytics.commands.common import new_file_command, tell_next_steps
from analytics.hotspots.checks.file import new_method


def add(commands: Any) -> None:
    """Add the command."""
    new_file_command(commands, "new-method", new_method_command)


def new_method_command(options: argparse.Namespace) -> None:
    """Write the file and say what comes next."""
    path = new_method(options.name, folder=options.folder)
    tell_next_steps(options, path, section="new_method", folder="methods")
