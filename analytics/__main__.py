"""The command line: ``python -m analytics COMMAND``, for what a city's data say and for plug-ins of one's own.

Exit status 0 on success; 2 on a user's mistake, with one line that says what to do; 1 where a comparison that is made again has
other numbers.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from analytics.commands import (
    check_engine,
    check_method,
    check_model,
    clusters,
    compare,
    decisions,
    evaluate,
    forecast,
    hotspots,
    mind,
    models,
    new_engine,
    new_method,
    new_model,
    questions,
    refresh,
    reproduce,
    service,
    signals,
    suggest,
    warnings,
    weather,
)
from data import CivicastError
from data.commandline import MISTAKE, Parser, run_quietly
from data.words import say, use_language, usual_language


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    with use_language(usual_language()):
        return run_quietly(lambda: _run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    options = parser().parse_args(arguments)
    try:
        status = options.run(options)
    except CivicastError as error:
        print(f"civicast: {error}", file=sys.stderr)
        return MISTAKE
    return int(status or 0)


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = Parser(prog="python -m analytics", description=say("commands.about"))
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    ours = (
        models,
        forecast,
        hotspots,
        clusters,
        warnings,
        service,
        questions,
        compare,
        mind,
        reproduce,
        decisions,
        suggest,
        evaluate,
        weather,
        signals,
        refresh,
    )
    for each in (*ours, new_model, check_model, new_method, check_method, new_engine, check_engine):
        each.add(commands)
    return top


if __name__ == "__main__":
    sys.exit(main())
