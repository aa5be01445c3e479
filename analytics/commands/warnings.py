"""``warnings``: what lies outside the forecasts, what is shifting, and what is late."""

from __future__ import annotations

import argparse
from typing import Any

import pandas as pd

from analytics.commands.common import command, finished, show_caveats
from analytics.monitoring.warnings import warnings_in
from data import open_city
from data.words import as_date, say


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
    result = warnings_in(city, until=options.until, seed=options.seed)
    if finished(options, result, result.table):
        return
    print(f"{city.name}: {len(result.current)} alarms in the week to {as_date(result.until)}")
    for alarm in result.current:
        print(f"  {alarm.sentence} {alarm.record}")
    print(f"{len(result.alarms)} alarms since {as_date(result.since)}; {result.withheld} weaker ones were held back.")
    show_caveats(result.caveats)
