"""``compare``: planning options over the same futures."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pandas as pd

from analytics import scenarios
from analytics.commands.common import command, finished, positive, show_caveats
from analytics.plain import to_plain
from data import open_city


def add(commands: Any) -> None:
    """Add the command."""
    options = command(commands, "compare", compare_command, "planning options over the same futures")
    options.add_argument("scenarios", metavar="SCENARIO.toml", nargs="+", help="the first is the baseline")
    options.add_argument("--series", help="the series to study (default: the city's first)")
    options.add_argument("--periods", type=positive, help="length of the study in periods")
    options.add_argument("--draws", type=positive, default=500, help="paired futures (default 500)")


def compare_command(options: argparse.Namespace) -> None:
    """Compare scenario files; the first is the baseline."""
    city = open_city(options.city)
    chosen = [scenarios.read_scenario(Path(path)) for path in options.scenarios]
    result = scenarios.compare(
        city, chosen, series=options.series, periods=options.periods, draws=options.draws, seed=options.seed
    )
    frame = pd.DataFrame(to_plain(result.differences))
    if finished(options, result, frame):
        return
    print(result.verdict)
    for difference in result.differences:
        print(f"  {difference.sentence}")
    print(f"Receipt {result.receipt}, seed {result.seed}")
    show_caveats(result.caveats)
