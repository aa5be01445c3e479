"""``check-method``: what is wrong with a hotspot method's file, how fast it is and what it catches."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from analytics.commands.common import command, show_json
from analytics.errors import HotspotError
from analytics.hotspots.checking import MethodReport, Standing, check_file
from analytics.plain import to_plain
from analytics.results import WORDING


def add(commands: Any) -> None:
    """Add the command."""
    options = command(
        commands, "check-method", check_method_command, "whether a hotspot method's file keeps the contract", city=False
    )
    options.add_argument("file", type=Path, metavar="FILE.py", help="a file that registers one hotspot method")
    options.add_argument("--seed", type=int, default=0, help="seed of everything random (default 0)")


def check_method_command(options: argparse.Namespace) -> None:
    """Check a file and print what was found; refused when a check fails."""
    report = check_file(options.file, seed=options.seed)
    if options.json:
        show_json(to_plain(report))
    else:
        print("\n".join(told(report)))
    if report.failed:
        raise HotspotError(
            "method_fails_checks", title=report.title, failed=len(report.failed), reason=report.failed[0].said
        )


def told(report: MethodReport) -> list[str]:
    """The report in lines: each check, the time, the standing."""
    passed = len(report.checks) - len(report.failed)
    heading = {"title": report.title, "name": report.name, "passed": passed, "total": len(report.checks)}
    lines = [_say("heading", heading)]
    for check in report.checks:
        lines.append(_say("passed" if check.passed else "failed", {"name": check.name, "said": check.said}))
    if report.standing is None:
        return [*lines, _say("unchecked", {})]
    lines.append(_say("speed", {"seconds": report.seconds, "cells": report.cells}))
    return lines + _compared(report.standing)


def _compared(standing: Standing) -> list[str]:
    """The sample, what was caught of it, and what others caught."""
    about = {"title": standing.incidents, "windows": standing.windows, "days": standing.days, "share": standing.share}
    held = {"rate": standing.hit_rate, "low": standing.low, "high": standing.high, "share": standing.share}
    lines = [_say("sample", about), _say("held", held)]
    for other in standing.against:
        verdict = "better" if other.low > 1 else "worse" if other.high < 1 else "level"
        lines.append(_say("against", vars(other) | {"verdict": _say(verdict, {})}))
    return lines


def _say(code: str, evidence: dict[str, Any]) -> str:
    return WORDING.sentence(f"check_method.{code}", evidence)
