"""``suggest``: plans for a question, for people to compare; none is applied by itself."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from analytics.commands.common import command, finished, positive, show_caveats, write_out
from analytics.commands.progress import shown
from analytics.commands.terms import region_of
from analytics.errors import AnalyticsError, ScenarioError
from analytics.requests import CityRequest, SuggestRequest
from analytics.scenarios import Ask, Suggestion, Suggestions, file_name, write_scenario
from data import City, open_city
from data.commandline import number
from data.words import say

USUAL = Ask()


def add(commands: Any) -> None:
    """Add the command."""
    made = command(commands, "suggest", suggest_command)
    made.takes("--question", required=True, metavar="NAME")
    made.takes("--subject", metavar="NAME")
    made.takes("--objective", default=USUAL.objective, metavar="NAME")
    made.takes("--budget", type=number, metavar="N")
    made.takes("--size", type=positive, metavar="N")
    made.takes("--group", default=USUAL.group, metavar="NAME")
    made.takes("--region", metavar="NAME")
    made.takes("--least", type=number, metavar="CHANCE")
    made.takes("--most", type=positive, default=USUAL.most, metavar="N")
    made.takes("--draws", type=positive, default=500)
    made.takes("--write", type=Path, metavar="DIR")


def suggest_command(options: argparse.Namespace) -> None:
    """Propose plans, and write them as scenario files where asked."""
    city = open_city(options.city)
    _check(options, city)
    ask = Ask(
        objective=options.objective, most=options.most, budget=options.budget, least=options.least, group=options.group,
        size=options.size,
    )  # fmt: skip
    request = SuggestRequest(
        CityRequest(options.city), question=options.question, ask=ask, subject=options.subject,
        region=region_of(options, city), draws=options.draws, seed=options.seed,
    )  # fmt: skip
    with shown() as progress:
        result = request.answer(city, progress=progress)
    written = _written(result, options.write, subject=options.subject) if options.write else []
    if finished(options, result, pd.DataFrame([_row(each) for each in result.suggestions])):
        return
    for line in _lines(result):
        print(line)
    for path in written:
        print(say("suggest_told.written", {"path": str(path)}))
    show_caveats(result.caveats)


def _check(options: argparse.Namespace, city: City) -> None:
    """Refuse what no engine can make a plan of."""
    if options.budget is not None and options.budget < 0:
        raise ScenarioError("budget_below_zero", value=options.budget)
    if options.least is not None and not 0 < options.least < 1:
        raise ScenarioError("bad_chance", value=options.least)
    groups = list(dict.fromkeys(group for layer in city.areas.values() for group in layer.groups))
    if options.group and options.group not in groups:
        raise ScenarioError("no_such_group", city=city.name, name=options.group, names=groups)


def _lines(result: Suggestions) -> Iterator[str]:
    for place, each in enumerate(result.suggestions, start=1):
        yield say("suggest_told.plan", {"n": place, "name": each.scenario.name, "found": each.found_by})
        if each.gap is None:
            yield say("suggest_told.gap_unknown")
        elif each.gap > 0:
            yield say("suggest_told.gap", {"gap": each.gap})
        if each.cheapest:
            yield say("suggest_told.cheapest")
        for name, value in each.scenario.levers.items():
            yield say("suggest_told.lever", {"name": name, "value": _plain(value)})
        if each.near_ties:
            ties = [scenario.name for scenario in each.near_ties]
            yield say("suggest_told.near_ties", {"n": len(ties), "names": ties})
    yield say("suggest_told.nothing_is_done")


def _plain(value: Any) -> str:
    """A lever's value in one line, as a file has it."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if hasattr(value, "items"):
        return ", ".join(f"{key} = {each}" for key, each in value.items())
    return str(value)


def _row(each: Suggestion) -> dict[str, Any]:
    levers = "; ".join(f"{name}: {_plain(value)}" for name, value in each.scenario.levers.items())
    facts = {"plan": each.scenario.name, "levers": levers, "gap": each.gap, "cheapest": each.cheapest}
    return facts | {"near_ties": len(each.near_ties), "found_by": str(each.found_by)}


def _written(result: Suggestions, folder: Path, *, subject: str | None) -> list[Path]:
    """Each plan as a scenario file; a name that is taken gets a number, and no file is written over."""
    found: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AnalyticsError("cannot_write", path=str(folder), why=error.strerror or str(error)) from error
    for each in result.suggestions:
        scenario = replace(each.scenario, rationale=each.scenario.rationale or str(each.found_by))
        text = write_scenario(scenario, city=result.study.city, question=result.question, subject=subject)
        path = _free(folder / file_name(scenario), taken=found)
        write_out(text.encode(), path)
        found.append(path)
    return found


def _free(path: Path, *, taken: list[Path]) -> Path:
    count, free = 1, path
    while free.exists() or free in taken:
        count += 1
        free = path.with_stem(f"{path.stem}_{count}")
    return free
