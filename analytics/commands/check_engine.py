"""``check-engine``: what is wrong with an engine's file, and how fast it is."""

from __future__ import annotations

import argparse
from typing import Any

from analytics.commands.common import check_command, checks_told, show_report
from analytics.errors import ScenarioError
from analytics.plugins.checking import checked_apart
from analytics.scenarios.checks.file import ENGINE, SAMPLE_CITY, EngineReport, check_file
from data import open_city
from data.words import say


def add(commands: Any) -> None:
    """Add the command."""
    check_command(commands, "check-engine", check_engine_command)


def check_engine_command(options: argparse.Namespace) -> None:
    """Check a file and print what was found; refused when a check fails."""
    city = open_city(SAMPLE_CITY)
    report = checked_apart(check_file, options.file, kind=ENGINE, report=EngineReport, seed=options.seed)
    lines = report_lines(report, city.name)
    show_report(report, lines, json=options.json, refusal=ScenarioError, code="engine_fails_checks")


def report_lines(report: EngineReport, city: str) -> list[str]:
    """The report in lines.

    Parameters
    ----------
    report : of the file.
    city : the name of the city that it was tried in.
    """
    if report.seconds is None:
        return [*checks_told(report), say("check_engine.unchecked")]
    evidence = {"seconds": report.seconds, "draws": report.draws, "city": city}
    return [*checks_told(report), say("check_engine.speed", evidence)]
