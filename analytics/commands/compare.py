"""``compare``: planning options over the same futures."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analytics.commands.common import Command, command, finished, positive, show_caveats, write_out
from analytics.commands.terms import take_terms, terms_of
from analytics.equity import group_within
from analytics.errors import ScenarioError
from analytics.plain import to_plain
from analytics.recipes import keep_recipe, recipe_of, to_file
from analytics.requests import CityRequest, ComparisonRequest
from analytics.scenarios import Comparison, Scenario, agreed, read_scenario_file
from analytics.scenarios.amounts import SHARE, amount
from analytics.scenarios.comparison import Price, Spread
from data import City, open_city
from data.words import Sentence, Words, say

__all__ = ["add", "compare_command", "comparison_asked", "take_comparison"]

MOST_AREAS = 5  # so many areas are named; the whole table is in --json


def add(commands: Any) -> None:
    """Add the command."""
    made = command(commands, "compare", compare_command)
    take_comparison(made)
    made.takes("--out", type=Path, metavar="FILE")


def take_comparison(made: Command) -> None:
    """Let a command take options and the terms on which they are compared.

    Parameters
    ----------
    made : the command.
    """
    made.takes("scenarios", metavar="SCENARIO.toml", nargs="+")
    made.takes("--question", metavar="NAME")
    made.takes("--subject", metavar="NAME")
    made.takes("--against", metavar="OPTION")
    take_terms(made)
    made.takes("--series")
    made.takes("--periods", type=positive)
    made.takes("--draws", type=positive, default=500)


def compare_command(options: argparse.Namespace) -> None:
    """Compare scenario files; the first is the baseline unless another is named."""
    city = open_city(options.city)
    request = comparison_asked(options, city)
    result = request.answer(city)
    recipe = recipe_of(request, result)
    keep_recipe(recipe)
    if options.out:
        write_out(to_file(recipe, result, name=options.out), options.out)
    frame = pd.DataFrame(to_plain([*result.differences, *result.between]))
    if finished(options, result, frame):
        return
    print(result.verdict)
    for line in _lines(result):
        print(line)
    print(say("compare_told.receipt", {"receipt": result.receipt, "seed": result.seed}))
    show_caveats(result.caveats)


def comparison_asked(options: argparse.Namespace, city: City) -> ComparisonRequest:
    """The comparison that was typed.

    Parameters
    ----------
    options : of a command that takes a comparison.
    city : that is named.

    Returns
    -------
    ComparisonRequest
        The first file is the baseline unless another option is named.

    Raises
    ------
    ScenarioError
        When a file, the question or an option's name is not as it must be.
    """
    files = [read_scenario_file(Path(path)) for path in options.scenarios]
    question, subject = agreed(files, city, question=options.question, subject=options.subject)
    return ComparisonRequest(
        CityRequest(options.city),
        scenarios=_baseline_first([each.scenario for each in files], options.against),
        question=question,
        subject=subject,
        terms=terms_of(options, city),
        series=options.series,
        periods=options.periods,
        draws=options.draws,
        seed=options.seed,
    )


def _baseline_first(scenarios: Sequence[Scenario], named: str | None) -> tuple[Scenario, ...]:
    """The options with the one that is named in front: the first is what the others are measured against."""
    if named is None:
        return tuple(scenarios)
    names = [each.name for each in scenarios]
    if named not in names:
        raise ScenarioError("no_such_scenario", name=named, names=names)
    first = names.index(named)
    return (scenarios[first], *scenarios[:first], *scenarios[first + 1 :])


def _lines(result: Comparison) -> Iterator[str]:
    """What a comparison says below its verdict, line by line."""
    yield from (f"  {difference.sentence}" for difference in result.differences)
    yield from _priced(result)
    if result.between:
        yield say("compare_told.between")
        yield from (f"  {difference.sentence}" for difference in result.between if difference.measure == result.primary)
    yield from _ranked(result)
    for difference in result.differences:
        if difference.measure == result.primary and difference.verdict != "no_change":
            yield from _who(result, difference.option)
            yield from _where(result, difference.option)


def _priced(result: Comparison) -> Iterator[str]:
    if not result.prices:
        return
    terms = result.study.terms
    yield say("compare_told.prices", {"rate": terms.discount_rate, "years": terms.appraisal_years})
    for price in result.prices:
        yield say("compare_told.price", {"parts": ", ".join(str(part) for part in _price(result, price))})


def _price(result: Comparison, price: Price) -> Iterator[Words]:
    yield Sentence("compare_told.a_year", {"option": price.option, "amount": _spread(price.a_year, price.currency)})
    yield Sentence(
        "compare_told.of_which",
        {name: amount(getattr(price, name).median, price.currency) for name in ("once", "yearly")},
    )
    if price.option != result.baseline:
        extra = {"amount": _spread(price.extra, price.currency), "baseline": result.baseline}
        yield Sentence("compare_told.extra", extra)
    for name, counted in (("within_budget", price.within_budget), ("worth_it", price.worth_it)):
        if counted is not None:
            yield Sentence(f"compare_told.{name}", {"n": counted, "draws": price.draws})
    spread = price.cost_per.get(result.primary)
    if spread is not None:
        measure = result.measure(result.primary)
        in_points = measure.unit == SHARE  # nobody gains a whole share: money is told for a hundredth of it
        each = Spread(*(value / 100 for value in (spread.median, spread.low95, spread.high95))) if in_points else spread
        about = {"amount": _spread(each, price.currency), "unit": measure.unit, "measure": measure.title}
        yield Sentence("compare_told.cost_per_point" if in_points else "compare_told.cost_per", about)
    if price.cheapest:
        yield Sentence("compare_told.cheapest")


def _spread(spread: Spread, unit: Words) -> Words:
    median, low, high = spread.median, spread.low95, spread.high95
    bare = unit if unit == SHARE else ""
    evidence = {"median": _change(median, unit), "low": _change(low, bare), "high": _change(high, bare)}
    return Sentence("compare_told.spread", evidence)


def _change(value: float, unit: Words) -> Sentence:
    """A difference in its unit; one of shares in points."""
    return Sentence("amounts.points", {"value": value}) if unit == SHARE else amount(value, unit)


def _ranked(result: Comparison) -> Iterator[str]:
    own = sorted((each for each in result.ranks if each.measure == result.primary), key=lambda each: each.place)
    if own:
        code = {True: "tied", False: "alone"}
        places = [Sentence(f"compare_told.{code[each.tied]}", {"n": each.place, "option": each.option}) for each in own]
        yield say("compare_told.ranks", {"measure": result.measure(result.primary).title, "places": places})


def _who(result: Comparison, option: str) -> Iterator[str]:
    groups = result.by_group.get((option, result.by_place))
    if groups is None:
        return
    measure = result.measure(result.by_place)
    gaps = result.gaps.get((option, measure.name))
    yield say("compare_told.who", {"option": option, "measure": measure.title})
    for group in groups.get_index("group"):
        each = groups.sel(group=group)
        mean, low, high = (float(each.sel(stat=stat)) for stat in ("mean", "low95", "high95"))
        evidence = {"group": group_within(str(group)), "change": _spread(Spread(mean, low, high), measure.unit)}
        if gaps is None or group not in gaps.get_index("group"):
            yield say("compare_told.group", evidence)
            continue
        gap = Spread(*(float(gaps.sel(group=group, stat=stat)) for stat in ("mean", "low95", "high95")))
        yield say("compare_told.group_gap", evidence | {"gap": _spread(gap, measure.unit)})


def _where(result: Comparison, option: str) -> Iterator[str]:
    key = (option, result.by_place)
    outstanding, by_area = result.stands_out.get(key), result.by_area.get(key)
    if outstanding is None or by_area is None:
        return
    measure = result.measure(result.by_place)
    change = by_area.sel(stat="mean").to_series()[outstanding.to_series().astype(bool)]
    if change.empty:
        yield say("compare_told.alike", {"option": option})
        return
    layer = result.study.city.areas.get(measure.layer)
    names = {} if layer is None else layer.frame["name"].to_dict()
    furthest = change.reindex(change.abs().sort_values(ascending=False).index)
    evidence = [
        Sentence("amounts.of_key", {"value": _change(value, measure.unit), "key": names.get(area, area)})
        for area, value in furthest.iloc[:MOST_AREAS].items()
    ]
    yield say("compare_told.where", {"option": option, "n": len(change), "areas": evidence})
