"""``service``: how long requests take, by area, kind and month."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analytics.commands.common import command, finished, positive, show_caveats
from analytics.monitoring.service_quality import requests_of, service_quality
from data import open_city
from data.words import say

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
    about = {"title": requests.title, "city": city.name, "since": result.since, "until": result.until}
    print(_say("heading", about))
    print(f"  {described(result.whole, options.days)}")
    names = {} if requests.areas is None else requests.areas.frame["name"].astype(str).to_dict()
    print(_say("worst", {}))
    for area, row in result.worst.head(SHOWN).iterrows():
        print(f"  {names.get(str(area), str(area)):24} {described(row, options.days)}")
    show_caveats(result.caveats)


def described(row: pd.Series, days: int) -> str:
    """One group's figures in words."""
    code = "figures" if np.isfinite(row["median"]) else "figures_without_median"
    return _say(code, {**row, "days": days})


def _say(code: str, evidence: Mapping[Any, Any]) -> str:
    return say(f"service_lines.{code}", evidence)
