"""``refresh``: all that the dashboard's pages open with, made and kept before anybody asks."""

from __future__ import annotations

import argparse
from typing import Any

import pandas as pd

from analytics.commands.common import command, finished
from analytics.commands.progress import shown
from analytics.refresh import refresh
from analytics.requests import city_request
from data import open_city
from data.words import say, text


def add(commands: Any) -> None:
    """Add the command."""
    command(commands, "refresh", refresh_command)


def refresh_command(options: argparse.Namespace) -> None:
    """Make and keep what a city's pages open with."""
    city = open_city(options.city).opened()
    with shown() as progress:
        made = refresh(city, city_request(options.city), progress=progress)
    frame = pd.DataFrame(
        [{"part": text(each.what), "seconds": each.seconds, "why_not": text(each.why_not or "")} for each in made]
    )
    if finished(options, made, frame):
        return
    print(say("refresh.heading", {"city": city.name, "n": len(made), "seconds": sum(each.seconds for each in made)}))
    for each in made:
        code = "made" if each.why_not is None else "not_made"
        print(say(f"refresh.{code}", {"what": each.what, "seconds": each.seconds, "why": each.why_not or ""}))
