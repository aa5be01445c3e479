"""One card an option: its price, its levers on their history, and in how many futures it does better."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analytics.scenarios import Choice, Comparison, Lever, Number, PerKey, Scenario, Schedule
from analytics.scenarios.amounts import amount
from analytics.scenarios.comparison import Price
from dashboard import markup
from dashboard.figures.palette import option_looks
from dashboard.views.scenarios.work import Offer
from data.words import as_list, as_number, say, text

__all__ = ["cards", "lever_words"]

MOST_ROWS = 3  # levers a card; the others stand among the levers


def cards(found: Comparison, offer: Offer, *, chosen: str) -> str:
    """The cards of all options, today's first.

    Parameters
    ----------
    found : the comparison.
    offer : the levers of its question.
    chosen : the name of the option that is looked at.
    """
    looks = option_looks([each.name for each in found.scenarios], baseline=found.baseline)
    prices = {each.option: each for each in found.prices}
    moved = [each for each in offer.levers if any(each.name in scenario.levers for scenario in found.scenarios)]
    shown = (moved or list(offer.levers))[:MOST_ROWS]
    return markup.option_cards(
        [
            markup.Card(
                name=scenario.name,
                role=looks[scenario.name].role,
                shape=looks[scenario.name].shape,
                rows=tuple(_row(lever, scenario, offer.names.get(lever.name, {})) for lever in shown),
                beats=_beats(found, scenario.name),
                corner=_corner(found, prices.get(scenario.name), scenario.name),
                chosen=scenario.name == chosen,
            )
            for scenario in found.scenarios
        ]
    )


def _row(lever: Lever, scenario: Scenario, names: Mapping[str, str]) -> markup.CardRow:
    value = lever.read(scenario.levers.get(lever.name), scenario=scenario.name)
    number = None
    if isinstance(lever.kind, Number | PerKey) and not isinstance(value, Mapping):
        number = float(lever.kind.numbers(value)[0])
    return markup.CardRow(
        text(lever.title), lever_words(lever, value, names), lever if number is not None else None, number
    )


def lever_words(lever: Lever, value: Any, names: Mapping[str, str]) -> str:
    """A lever's value in words; of a choice how many there are, and what is added and taken away."""
    if isinstance(value, Mapping):
        return text(lever.shown({names.get(key, key): each for key, each in value.items()}))
    if not isinstance(lever.kind, Choice):
        if isinstance(lever.kind, Schedule):
            return text(lever.shown(value)) if lever.moves(value) else say("scenarios.as_today")
        # The title stands beside it: where that names the unit, the number is enough.
        named = bool(lever.unit) and text(lever.unit) in text(lever.title)
        return text(amount(lever.kind.numbers(value)[0], "" if named else lever.unit))
    rest = list(lever.kind.plain(lever.rest))
    added = [names.get(each, each) for each in value if each not in rest]
    removed = [names.get(each, each) for each in rest if each not in value]
    evidence = {"n": len(value), "added": as_list(added), "removed": as_list(removed)}
    if added and removed:
        return say("scenarios.choice_both", evidence)
    return say(
        f"scenarios.choice_{'added' if added else 'removed' if removed else 'rest' if value else 'none'}", evidence
    )


def _corner(found: Comparison, price: Price | None, name: str) -> str:
    if name == found.baseline:
        return say("scenarios.baseline")
    if price is None:
        return ""
    if price.extra.low95 == price.extra.high95 == 0:
        return say("scenarios.costs_the_same")
    evidence = {"amount": as_number(abs(price.extra.median)), "currency": price.currency}
    words = say("scenarios.costs_more" if price.extra.median >= 0 else "scenarios.costs_less", evidence)
    alone = sum(each.cheapest for each in found.prices) == 1  # options of the same price are no cheapest
    return say("scenarios.cheapest", {"price": words}) if price.cheapest and alone else words


def _beats(found: Comparison, name: str) -> str:
    """In how many futures an option does better than today on the first measure, or worse where that is in more of them, and
    within what is to be spent."""
    if name == found.baseline:
        return say("scenarios.baseline_card")
    first = next(each for each in found.differences if (each.option, each.measure) == (name, found.primary))
    evidence = {
        "measure": first.title, "better": first.better, "worse": first.worse, "draws": first.draws, "baseline": found.baseline,
    }  # fmt: skip
    if str(first.verdict) == "no_change":
        words = say("scenarios.same", evidence)
    elif first.direction == "neutral":
        evidence["better"] = int((found.paired[name, found.primary] > 0).sum())
        words = say("scenarios.more_in", evidence)
    else:
        words = say("scenarios.beats" if first.better >= first.worse else "scenarios.loses", evidence)
    price = next((each for each in found.prices if each.option == name), None)
    if price is None or price.within_budget is None:
        return words
    return f"{words} {say('scenarios.within_budget', {'n': price.within_budget, 'draws': price.draws})}"
