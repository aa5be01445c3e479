"""``compare``: planning options over the same futures."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pandas as pd

from analytics.commands.common import command, finished, positive, show_caveats
from analytics.plain import to_plain
from analytics.requests import CityRequest, ComparisonRequest
from analytics.scenarios import read_scenario
from data import open_city
from data.words import say


def add(commands: Any) -> None:
    """Add the command."""
    made = command(commands, "compare", compare_command)
    made.takes("scenarios", metavar="SCENARIO.toml", nargs="+")
    made.takes("--series")
    made.takes("--periods", type=positive)
    made.takes("--draws", type=positive, default=500)


def compare_command(options: argparse.Namespace) -> None:
    """Compare scenario files; the first is the baseline."""
    city = open_city(options.city)
    request = ComparisonRequest(
        CityRequest(options.city),
        scenarios=tuple(read_scenario(Path(path)) for path in options.scenarios),
        series=options.series,
        periods=options.periods,
        draws=options.draws,
        seed=options.seed,
    )
    result = request.answer(city)
    frame = pd.DataFrame(to_plain(result.differences))
    if finished(options, result, frame):
        return
    print(result.verdict)
    for difference in result.differences:
        print(f"  {difference.sentence}")
    print(say("compare_told.receipt", {"receipt": result.receipt, "seed": result.seed}))
    show_caveats(result.caveats)
