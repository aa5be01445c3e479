"""``decisions``: what was decided in a city, by whom and why, and what came of it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from analytics.commands.common import command, finished
from analytics.plain import to_plain
from analytics.scenarios.amounts import SHARE, amount
from data import open_city
from data.words import say

if TYPE_CHECKING:
    from analytics.decisions import Outcome, Tracked


def add(commands: Any) -> None:
    """Add the command."""
    made = command(commands, "decisions", decisions_command)
    made.takes("--search", default="", metavar="WORDS")


def decisions_command(options: argparse.Namespace) -> None:
    """List the decisions, the latest first, each with its promises beside what came."""
    # A database's libraries take longer to load than most commands to run.
    from analytics.decisions import decisions_of, found_in, track
    from data.store.records import open_records

    city = open_city(options.city)
    found = found_in(decisions_of(open_records(), city=city.key), options.search)
    tracked = track(found, city)
    rows: list[dict[str, Any]] = [
        {
            "entry": each.entry.number,
            "at": each.entry.at.isoformat(),
            "question": each.decision.question,
            "choice": each.decision.choice,
            "reasons": each.decision.reasons,
            "signed": "; ".join(f"{one.name} ({one.role.value})" for one in each.signatures),
            "receipt": each.decision.recipe.receipt,
            "digest": each.entry.digest,
            "replaced_by": each.replaced_by,
        }
        for each in found
    ]
    whole = [row | {"outcomes": to_plain(tracked.outcomes.get(row["digest"], ()))} for row in rows]
    about = {"decisions": whole, "reliability": to_plain(tracked.reliability), "lost": dict(tracked.lost)}
    if finished(options, about, pd.DataFrame(rows)):
        return
    print("\n".join(_lines(rows, tracked)))


def _lines(rows: list[dict[str, Any]], tracked: Tracked) -> Iterator[str]:
    if not rows:
        yield say("decisions_told.none")
    for row in rows:
        yield say("decisions_told.one", row | {"date": pd.Timestamp(row["at"]).date()})
        yield say("decisions_told.why", row)
        for outcome in tracked.outcomes.get(row["digest"], ()):
            yield say(f"decisions_told.{outcome.state}", _evidence(outcome))
        if row["digest"] in tracked.lost:
            yield say("decisions_told.lost", {"why": tracked.lost[row["digest"]]})
    found = tracked.reliability
    if found.n:
        share = found.inside80 / found.n
        yield say("decisions_told.judged", {"n": found.n, "inside": found.inside80, "share": share})


def _evidence(outcome: Outcome) -> dict[str, Any]:
    promise = outcome.promise
    bare = promise.unit if promise.unit == SHARE else ""
    ends = {"low": amount(promise.low80, bare), "high": amount(promise.high80, promise.unit)}
    seen = {} if outcome.observed is None else {"was": amount(outcome.observed, promise.unit)}
    return {"title": promise.title, "end": promise.end} | ends | seen
