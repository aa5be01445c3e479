"""``mind``: what would change our mind about a comparison of planning options."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

import pandas as pd

from analytics.commands.common import command, finished, show_caveats
from analytics.commands.compare import comparison_asked, take_comparison
from analytics.commands.progress import shown
from analytics.commands.terms import pair
from analytics.errors import ScenarioError
from analytics.plain import to_plain
from analytics.requests import MindRequest
from analytics.scenarios.mind import Mind
from data import open_city
from data.words import say

__all__ = ["add", "mind_command"]


def add(commands: Any) -> None:
    """Add the command."""
    made = command(commands, "mind", mind_command)
    take_comparison(made)
    made.takes("--require", type=pair, action="append", default=[], metavar="MEASURE=VALUE")


def mind_command(options: argparse.Namespace) -> None:
    """Say what would change the choice among scenario files."""
    city = open_city(options.city)
    request = MindRequest(comparison_asked(options, city), thresholds=_thresholds(options.require))
    with shown() as progress:
        result = request.answer(city, progress=progress)
    if finished(options, result, tipping_table(result)):
        return
    print(result.headline)
    for line in _lines(result):
        print(line)
    print(say("compare_told.receipt", {"receipt": result.receipt, "seed": result.seed}))
    show_caveats(result.caveats)


def tipping_table(result: Mind) -> pd.DataFrame:
    """One row a thing that may turn out otherwise: where it changes the choice, and how likely that is."""
    return pd.DataFrame(to_plain(result.tippings))


def _thresholds(pairs: list[tuple[str, Any]]) -> tuple[tuple[str, float], ...]:
    for name, value in pairs:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ScenarioError("bad_threshold", name=name, value=str(value))
    return tuple((name, float(value)) for name, value in pairs)


def _lines(result: Mind) -> Iterator[str]:
    """Everything by part, and the case against the choice."""
    for part, sentences in result.sentences.items():
        yield say(f"mind_parts.{part}", {"option": result.leader}) + ":"
        yield from (f"  {each}" for each in sentences)
    yield say("mind_parts.against", {"option": result.leader}) + ":"
    objection = result.objection
    yield from (f"  {each}" for each in (objection.flip, objection.caveat, *objection.losers))
