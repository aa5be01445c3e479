"""``reproduce``: a comparison made again from its receipt, or from a file that somebody sends, beside its first answer."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from analytics.commands.common import command, show_json, write_out
from analytics.errors import ScenarioError
from analytics.plain import to_plain
from analytics.recipes import (
    Change,
    Found,
    Pair,
    Recipe,
    Reproduction,
    Sent,
    beside,
    is_receipt,
    keep_recipe,
    kept_receipts,
    kept_recipe,
    recipe_in,
    reproduce,
    to_file,
)
from data import City, open_city
from data.city import SAMPLE
from data.store.workspace import known_cities
from data.words import Sentence, Words, say

DIFFERENT = 1  # the exit status where the numbers are not the same
MOST_LINES = 12  # so many changes are told; all are in --json


def add(commands: Any) -> None:
    """Add the command."""
    made = command(commands, "reproduce", reproduce_command, city=False)
    made.takes("code", metavar="CODE")
    made.takes("--city", metavar="CITY")
    made.takes("--from", dest="source", type=Path, metavar="PATH")
    made.takes("--against", metavar="CODE")
    made.takes("--out", type=Path, metavar="FILE")


def reproduce_command(options: argparse.Namespace) -> int:
    """Make a comparison again, or hold it against another; 0 where the numbers are the same, 1 where they are not."""
    sent = _sent(options.code, options.source)
    if options.against is not None:
        result = beside(sent.recipe, _sent(options.against, None).recipe)
    else:
        city = _city(sent.recipe, options.city)
        result = reproduce(sent.recipe, city, original=sent.original)
        if result.now is not None:
            keep_recipe(result.now)
    written = options.out is not None and _taken_along(result, options.out)
    if options.json:
        show_json(_plain(result))
    else:
        for line in _lines(result):
            print(line)
        if written:
            print(say("reproduce_told.written", {"path": str(options.out)}))
    return 0 if result.same else DIFFERENT


def _taken_along(result: Reproduction, path: Path) -> bool:
    """Whether there was a comparison to write into the file."""
    if result.now is None or result.found is None:
        return False
    write_out(to_file(result.now, result.found, name=path), path)
    return True


def _sent(code: str, source: Path | None) -> Sent:
    """The recipe of a receipt, of the workspace or of what somebody sent; what the workspace keeps of it is the original."""
    receipt = code.strip().upper()
    if is_receipt(receipt):
        kept = kept_recipe(receipt)
        if source is None and kept is None:
            raise ScenarioError("unknown_receipt", receipt=receipt, n=len(kept_receipts()))
        sent = Sent(kept, kept) if source is None and kept else recipe_in(source or Path(), receipt=receipt)
    elif source is None and os.path.exists(code):
        sent = recipe_in(Path(code))
    else:
        raise ScenarioError("no_such_receipt", value=code)
    return Sent(sent.recipe, kept_recipe(sent.recipe.receipt) or sent.original)


def _city(recipe: Recipe, named: str | None) -> City:
    """The city that is named here, else that of the recipe's key in the workspace: never a path that a recipe names."""
    if named is not None:
        return open_city(named)
    key, known = recipe.asked.city, known_cities()
    if key not in known and key != SAMPLE:
        raise ScenarioError("recipe_city_absent", theirs=key, names=sorted({*known, SAMPLE}))
    return open_city(known.get(key, SAMPLE))


def _plain(result: Reproduction) -> dict[str, Any]:
    return {
        "same": result.same,
        "sentence": str(result.sentence),
        "then": to_plain(result.then),
        "now": to_plain(result.now),
        "edits": to_plain(result.edits),
        "changes": to_plain(result.changes),
        "refusal": str(result.refusal) or None,
        "pairs": [to_plain(each) | {"same": each.same} for each in result.pairs],
    }


def _lines(result: Reproduction) -> Iterator[str]:
    city = result.then.asked.city if result.found is None else result.found.study.city.name
    yield say("reproduce_told.heading", {"city": city, "receipt": result.then.receipt})
    yield str(result.sentence)
    yield from _listed("reproduce_told.edits", result.edits)
    yield from _listed("reproduce_told.changes", result.changes)
    if not (result.same or result.edits or result.changes or result.now is None):
        yield say("reproduce_told.unexplained")
    if result.now is None or not result.same:
        yield say("reproduce_told.then", {"verdict": result.then.answer.verdict})
    if result.now is not None:
        yield say("reproduce_told.now", {"verdict": result.now.answer.verdict})
    differing = [each for each in result.pairs if not each.same]
    if differing:
        yield say("reproduce_told.both")
        yield from (_pair(each, result) for each in differing)


def _listed(heading: str, changes: Sequence[Change]) -> Iterator[str]:
    if changes:
        yield say(heading)
        yield from (say("reproduce_told.line", {"sentence": each.sentence}) for each in changes[:MOST_LINES])
    if len(changes) > MOST_LINES:
        yield say("reproduce_told.more", {"n": len(changes) - MOST_LINES})


def _pair(pair: Pair, result: Reproduction) -> str:
    titles = {} if result.found is None else {each.name: each.title for each in result.found.measures}
    now = result.then if result.now is None else result.now
    evidence = {
        "option": pair.option,
        "measure": titles.get(pair.measure, pair.measure),
        "then": _numbers(pair.then, result.then.answer.draws),
        "now": _numbers(pair.now, now.answer.draws),
    }
    return say("reproduce_told.pair", evidence)


def _numbers(found: Found | None, draws: int) -> Words:
    if found is None:
        return Sentence("reproduce_told.absent")
    evidence = {"median": found.median, "low": found.low95, "high": found.high95, "draws": draws}
    return Sentence("reproduce_told.numbers", evidence | {"better": found.better, "worse": found.worse})
