"""``service``: how long requests take, by area, kind and month."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import pandas as pd

from analytics.commands.common import command, finished, positive, show_caveats
from analytics.monitoring.service_quality import requests_of, service_quality
from data import open_city
from data.words import as_count, as_date, as_number, as_percent

SHOWN = 10


def add(commands: Any) -> None:
    """Add the command."""
    made = command(commands, "service", service_command)
    made.takes("series", metavar="SERIES")
    made.takes("--days", type=positive, default=30)


def service_command(options: argparse.Namespace) -> None:
    """Measure how long the requests of a series take."""
    city = open_city(options.city)
    requests = requests_of(city, options.series)
    result = service_quality(requests, target_days=options.days, seed=options.seed)
    if finished(options, result, result.by_area.reset_index()):
        return
    print(f"{requests.title}, {city.name}, opened {as_date(result.since)} to {as_date(result.until)}")
    print(f"  {described(result.whole, options.days)}")
    names = {} if requests.areas is None else requests.areas.frame["name"].astype(str).to_dict()
    print("Areas where fewest are done in time:")
    for area, row in result.worst.head(SHOWN).iterrows():
        print(f"  {names.get(str(area), str(area)):24} {described(row, options.days)}")
    show_caveats(result.caveats)


def described(row: pd.Series, days: int) -> str:
    """One group's figures in words."""
    median = f"median {as_number(row['median'])} days" if np.isfinite(row["median"]) else "fewer than half are done"
    band = f"[{as_percent(row['share_low'])}, {as_percent(row['share_high'])}]"
    return f"{as_percent(row['share'])} {band} done within {days} days, {median}; {as_count(row['n'])} requests"
