"""``hotspots``: where the next incidents are expected."""

from __future__ import annotations

import argparse
from typing import Any

from analytics import hotspots
from analytics.commands.common import command, finished, positive, show_caveats, table
from data import open_city
from data.wording import as_count, as_number, as_percent


def add(commands: Any) -> None:
    """Add the command."""
    places = command(commands, "hotspots", hotspots_command, "where the next incidents are expected")
    places.add_argument("incidents", metavar="INCIDENTS")
    places.add_argument("--horizon", type=positive, default=28, help="days ahead (default 28)")
    places.add_argument("--windows", type=positive, default=12, help="past windows to judge on (default 12)")
    places.add_argument("--cell", type=positive, default=200, help="side of a cell in metres (default 200)")
    places.add_argument("--method", help="this method instead of the one chosen by past windows")


def hotspots_command(options: argparse.Namespace) -> None:
    """Map one kind of incident and score the map on later data."""
    city = open_city(options.city)
    incidents = table(city, "incidents", options.incidents)
    result = hotspots.find_hotspots(
        incidents,
        horizon_days=options.horizon,
        cell_size=options.cell,
        windows=options.windows,
        method=options.method,
        seed=options.seed,
    )
    if finished(options, result, result.summary):
        return
    print(f"{incidents.title}, {city.name}: {result.method_title}, {as_count(len(result.cells))} cells")
    for row in result.summary.to_dict("records"):
        band = f"[{as_percent(row['low'])}, {as_percent(row['high'])}]"
        caught = f"{as_percent(row['hit_rate'])} {band}, PAI {as_number(row['pai'])}"
        print(f"  {row['method']:24} {as_percent(row['share']):>5} of the area held {caught}")
    show_caveats(result.caveats)
