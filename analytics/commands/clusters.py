"""``clusters``: what has clustered of late, and whether incidents repeat nearby."""

from __future__ import annotations

import argparse
from typing import Any

from analytics.commands.common import command, finished, positive, show_caveats
from analytics.hotspots import clusters_lately, subject_of
from analytics.hotspots.find import of_category
from data import open_city
from data.words import say


def add(commands: Any) -> None:
    """Add the command."""
    made = command(commands, "clusters", clusters_command)
    made.takes("incidents", metavar="INCIDENTS")
    made.takes("--category")
    made.takes("--weeks", type=positive, default=26)
    made.takes("--cell", type=positive, default=200)
    made.takes("--side", type=positive, default=10)
    made.takes("--replications", type=positive, default=999)


def clusters_command(options: argparse.Namespace) -> None:
    """Scan the last weeks and count near repeats."""
    city = open_city(options.city)
    incidents = of_category(subject_of(city, options.incidents), options.category)
    result = clusters_lately(
        incidents, weeks=options.weeks, cell_size=options.cell, most_side=options.side,
        replications=options.replications, seed=options.seed,
    )  # fmt: skip
    if finished(options, result, result.clusters):
        return
    about = {"title": incidents.title, "city": city.name, "since": result.since, "until": result.until}
    print(_say("heading", about | {"weeks": result.weeks}))
    for row in result.sure.to_dict("records"):
        print(_say("cluster", row))
    rest = len(result.clusters) - len(result.sure)
    print(_say("rest" if len(result.sure) else "none", {"rest": rest, "replications": options.replications}))
    print(result.risk.sentence)
    show_caveats(result.caveats)


def _say(code: str, evidence: dict[Any, Any]) -> str:
    return say(f"clusters_lines.{code}", evidence)
