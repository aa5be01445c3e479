"""``warnings``: what lies outside the forecasts, what is shifting, and what is late."""

from __future__ import annotations

import argparse
from typing import Any

import pandas as pd

from analytics.commands.common import command, finished, show_caveats
from analytics.commands.progress import shown
from analytics.monitoring.warnings import warnings_in
from data import open_city
from data.words import say


def add(commands: Any) -> None:
    """Add the command."""
    made = command(commands, "warnings", warnings_command)
    made.takes("--until", type=day, metavar="DATE")


def day(text: str) -> pd.Timestamp:
    """A date."""
    try:
        return pd.Timestamp(text).normalize()
    except ValueError:
        raise argparse.ArgumentTypeError(say("commands.not_a_day", {"value": text})) from None


def warnings_command(options: argparse.Namespace) -> None:
    """Warn about all series of a city."""
    city = open_city(options.city)
    with shown() as progress:
        result = warnings_in(city, until=options.until, seed=options.seed, progress=progress)
    if finished(options, result, result.table):
        return
    print(_say("heading", {"city": city.name, "n": len(result.current), "until": result.until}))
    for alarm in result.current:
        print(f"  {alarm.sentence} {alarm.record}")
    for ended in result.ended:
        print(f"  {ended}")
    print(_say("since", {"n": len(result.alarms), "since": result.since, "withheld": result.withheld}))
    show_caveats(result.caveats)


def _say(code: str, evidence: dict[str, Any]) -> str:
    return say(f"warnings_lines.{code}", evidence)
