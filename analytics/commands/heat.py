"""``heat``: what was more than usual in heat."""

from __future__ import annotations

import argparse
from typing import Any

from analytics.commands.common import command, finished, show_caveats, table
from analytics.commands.warnings import day
from analytics.requests import CityRequest, HeatRequest
from data import open_city
from data.words import say

SHOWN = 10


def add(commands: Any) -> None:
    """Add the command."""
    made = command(commands, "heat", heat_command)
    made.takes("series", metavar="SERIES")
    made.takes("--temperature", metavar="NAME", default="")
    made.takes("--since", type=day, metavar="DATE")
    made.takes("--until", type=day, metavar="DATE")


def heat_command(options: argparse.Namespace) -> None:
    """Hold spells of heat against the same days of other years."""
    city = open_city(options.city)
    table(city, "series", options.series)
    request = HeatRequest(
        CityRequest(options.city), series=options.series, temperature=options.temperature, since=options.since,
        until=options.until, seed=options.seed,
    )  # fmt: skip
    result = request.answer(city)
    if finished(options, result, result.spells):
        return
    print(_say("heading", {"title": result.series.title, "city": city.name, "spells": len(result.spells)}))
    for _, row in result.spells.head(SHOWN).iterrows():
        print(_say("spell", dict(row)))
    if result.left_out:
        print(_say("left_out", {"n": result.left_out}))
    show_caveats(result.caveats)


def _say(code: str, evidence: dict[Any, Any]) -> str:
    return say(f"heat_lines.{code}", evidence)
