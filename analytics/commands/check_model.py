"""``check-model``: what is wrong with a model file, how fast it is and how it compares."""

from __future__ import annotations

import argparse
from typing import Any

from analytics.commands.common import check_command, checks_told, show_report
from analytics.errors import ForecastError
from analytics.forecasting.checks.file import ModelReport, Standing, check_file
from analytics.forecasting.contract import MODELS
from analytics.plugins.checking import checked_apart
from data.words import say

SLOW_MS = 20  # a series; from there a model must say that it is slow


def add(commands: Any) -> None:
    """Add the command."""
    check_command(commands, "check-model", check_model_command)


def check_model_command(options: argparse.Namespace) -> None:
    """Check a file and print what was found; refused when a check fails."""
    report = checked_apart(check_file, options.file, kind=MODELS, report=ModelReport, seed=options.seed)
    show_report(report, lines_of(report), json=options.json, refusal=ForecastError, code="model_fails_checks")


def lines_of(report: ModelReport) -> list[str]:
    """The report in lines: each check, the time, the standing."""
    lines = checks_told(report)
    if report.milliseconds is not None:
        lines.append(_say("speed", {"milliseconds": report.milliseconds}))
        if report.milliseconds > SLOW_MS and not report.slow:
            lines.append(_say("state_slow", {"most": SLOW_MS}))
    if report.failed:
        lines.append(_say("unchecked", {}))
    elif report.standing is None:
        lines.append(_say("unmeasured", {"why": report.unmeasured}))
    else:
        lines += _compared(report.standing)
    return lines


def _compared(standing: Standing) -> list[str]:
    """The sample, the ratio to the simplest rule and the ratio to the model in use."""
    ours = standing.against_chosen
    verdict = "better" if (ours.high or 0) < 1 else "worse" if (ours.low or 0) > 1 else "level"
    return [
        _say("sample", {"series": standing.series, "origins": standing.origins}),
        _say("against_baseline", _ratio(standing.against_baseline) | {"baseline": say("baseline.D")}),
        _say("against_chosen", _ratio(ours) | {"chosen": standing.chosen, "verdict": _say(verdict, {})}),
    ]


def _ratio(score: Any) -> dict[str, float]:
    return {"ratio": score.value, "low": score.low, "high": score.high}


def _say(code: str, evidence: dict[str, Any]) -> str:
    return say(f"check_model.{code}", evidence)
