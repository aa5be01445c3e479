"""``check-method``: what is wrong with a hotspot method's file, how fast it is and what it catches."""

from __future__ import annotations

import argparse
from typing import Any

from analytics.commands.common import check_command, checks_told, show_report
from analytics.errors import HotspotError
from analytics.hotspots.checks.file import MethodReport, Standing, check_file
from analytics.hotspots.contract import METHODS
from analytics.plugins.checking import checked_apart
from data.words import say


def add(commands: Any) -> None:
    """Add the command."""
    check_command(commands, "check-method", check_method_command)


def check_method_command(options: argparse.Namespace) -> None:
    """Check a file and print what was found; refused when a check fails."""
    report = checked_apart(check_file, options.file, kind=METHODS, report=MethodReport, seed=options.seed)
    show_report(report, report_lines(report), json=options.json, refusal=HotspotError, code="method_fails_checks")


def report_lines(report: MethodReport) -> list[str]:
    """The report in lines: each check, the time, the standing."""
    lines = checks_told(report)
    if report.standing is None:
        return [*lines, _say("unchecked", {})]
    lines.append(_say("speed", {"seconds": report.seconds, "cells": report.cells}))
    return lines + _compared(report.standing)


def _compared(standing: Standing) -> list[str]:
    """The sample, what was caught of it, and what others caught."""
    about = {"title": standing.incidents, "windows": standing.windows, "days": standing.days, "share": standing.share}
    caught = {"rate": standing.hit_rate, "low": standing.low, "high": standing.high, "share": standing.share}
    lines = [_say("sample", about), _say("caught", caught)]
    for other in standing.against:
        verdict = "better" if other.low > 1 else "worse" if other.high < 1 else "level"
        lines.append(_say("against", vars(other) | {"verdict": _say(verdict, {})}))
    return lines


def _say(code: str, evidence: dict[str, Any]) -> str:
    return say(f"check_method.{code}", evidence)
