"""``energy``: how much more a series uses by each degree of cold or heat."""

from __future__ import annotations

import argparse
from typing import Any

from analytics.commands.common import command, finished, show_caveats, table
from analytics.commands.warnings import day
from analytics.requests import CityRequest, EnergyRequest
from data import open_city
from data.words import say


def add(commands: Any) -> None:
    """Add the command."""
    made = command(commands, "energy", energy_command)
    made.takes("series", metavar="SERIES")
    made.takes("--temperature", metavar="NAME", default="")
    made.takes("--since", type=day, metavar="DATE")
    made.takes("--until", type=day, metavar="DATE")


def energy_command(options: argparse.Namespace) -> None:
    """Hold a series against a temperature."""
    city = open_city(options.city)
    table(city, "series", options.series)
    request = EnergyRequest(
        CityRequest(options.city), series=options.series, temperature=options.temperature, since=options.since,
        until=options.until, seed=options.seed,
    )  # fmt: skip
    result = request.answer(city)
    if finished(options, result, result.days.rename_axis("day").reset_index()):
        return
    days = {"days": len(result.days), "since": result.days.index[0], "until": result.days.index[-1]}
    print(_say("heading", {"title": result.series.title, "city": city.name, "temperature": result.temperature} | days))
    for name, row in result.terms.iterrows():
        print(_say(str(name), {**row, "unit": result.series.unit}))
    print(_say("fit", {"r2": result.r2, "left_out": result.left_out}))
    show_caveats(result.caveats)


def _say(code: str, evidence: dict[Any, Any]) -> str:
    return say(f"energy_lines.{code}", evidence)
