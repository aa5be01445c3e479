"""``energy`` and ``heat``: a series beside the weather, by what a degree adds or by what came in heat."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial
from typing import Any

from analytics.commands.common import command, finished, show_caveats, table
from analytics.commands.warnings import day
from analytics.environment import Energy, Heat
from analytics.requests import CityRequest, EnergyRequest, HeatRequest
from data import City, open_city
from data.words import say

SHOWN = 10  # spells of heat
ASKED: dict[str, type[EnergyRequest] | type[HeatRequest]] = {"energy": EnergyRequest, "heat": HeatRequest}


def add(commands: Any) -> None:
    """Add both commands."""
    for name in ASKED:
        made = command(commands, name, partial(weather_command, name=name))
        made.takes("series", metavar="SERIES")
        made.takes("--temperature", metavar="NAME", default="")
        made.takes("--since", type=day, metavar="DATE")
        made.takes("--until", type=day, metavar="DATE")


def weather_command(options: argparse.Namespace, *, name: str) -> None:
    """Hold a series against the weather.

    Parameters
    ----------
    options : as they were typed.
    name : of the command.
    """
    city = open_city(options.city)
    table(city, "series", options.series)
    result = ASKED[name](
        CityRequest(options.city), series=options.series, temperature=options.temperature, since=options.since,
        until=options.until, seed=options.seed,
    ).answer(city)  # fmt: skip
    frame = result.days.rename_axis("day").reset_index() if isinstance(result, Energy) else result.spells
    if finished(options, result, frame):
        return
    for line in _energy(result, city) if isinstance(result, Energy) else _heat(result, city):
        print(line)
    show_caveats(result.caveats)


def _energy(result: Energy, city: City) -> Iterator[str]:
    days = {"days": len(result.days), "since": result.days.index[0], "until": result.days.index[-1]}
    subject = {"title": result.series.title, "city": city.name, "temperature": result.temperature}
    yield say("energy_lines.heading", subject | days)
    for name, row in result.terms.iterrows():
        yield say(f"energy_lines.{name}", {**{str(key): row[key] for key in row.index}, "unit": result.series.unit})
    yield say("energy_lines.fit", {"r2": result.r2, "left_out": result.left_out})


def _heat(result: Heat, city: City) -> Iterator[str]:
    yield say("heat_lines.heading", {"title": result.series.title, "city": city.name, "spells": len(result.spells)})
    for row in result.spells.head(SHOWN).to_dict("records"):
        yield say("heat_lines.spell", {str(key): value for key, value in row.items()})
    if result.left_out:
        yield say("heat_lines.left_out", {"n": result.left_out})
