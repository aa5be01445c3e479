"""The terms of a question as they are typed: what is assumed, for which areas, for how much money, and what counts."""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from analytics.commands.common import Command, positive
from analytics.errors import ScenarioError
from analytics.scenarios import Terms
from data import City, Region
from data.commandline import number
from data.words import say

__all__ = ["pair", "region_of", "take_terms", "terms_of"]

USUAL = Terms()


def pair(text: str) -> tuple[str, Any]:
    """A name and its value, as ``population.growth=0.05``; the value is written as in a scenario file."""
    name, sign, value = text.partition("=")
    try:
        found = tomllib.loads("value=" + value)["value"]
    except tomllib.TOMLDecodeError:
        found = None
    if not (name.strip() and sign) or found is None:
        raise argparse.ArgumentTypeError(say("commands.not_a_pair", {"value": text}))
    return name.strip(), found


def _worth(text: str) -> tuple[str, float]:
    name, value = pair(text)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(say("commands.not_worth", {"value": text}))
    return name, float(value)


def take_terms(made: Command) -> None:
    """Let a command take the terms on which options are compared.

    Parameters
    ----------
    made : the command.
    """
    made.takes("--assume", type=pair, action="append", default=[], metavar="NAME=VALUE")
    made.takes("--region", metavar="NAME")
    made.takes("--budget", type=number, metavar="N")
    made.takes("--worth", type=_worth, action="append", default=[], metavar="MEASURE=N")
    made.takes("--discount-rate", type=number, default=USUAL.discount_rate, metavar="RATE")
    made.takes("--years", type=positive, default=USUAL.appraisal_years, metavar="N")


def terms_of(options: argparse.Namespace, city: City) -> Terms:
    """The terms that were typed.

    Parameters
    ----------
    options : of a command that takes terms.
    city : whose regions they may name.

    Returns
    -------
    Terms
        As the comparison takes them.

    Raises
    ------
    ScenarioError
        When the city has no such region.
    """
    return Terms(
        circumstances=_nested(options.assume),
        region=region_of(options, city),
        budget=options.budget,
        worth=dict(options.worth),
        discount_rate=options.discount_rate,
        appraisal_years=options.years,
    )


def region_of(options: argparse.Namespace, city: City) -> Region | None:
    """The region that was typed, if one was.

    Parameters
    ----------
    options : of a command that takes ``--region``.
    city : whose it is.

    Returns
    -------
    Region or None
        None is all areas.

    Raises
    ------
    ScenarioError
        When the city has none of the name.
    """
    known: Mapping[str, Region] = city.of("regions")
    if options.region is None:
        return None
    if options.region not in known:
        raise ScenarioError("unknown_region", city=city.name, name=options.region, names=list(known))
    return known[options.region]


def _nested(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Dotted names as tables within tables, as a scenario file has them: an area may be named after its lever."""
    whole: dict[str, Any] = {}
    for name, value in pairs:
        *tables, last = name.split(".")
        table = whole
        for each in tables:
            inner = table.get(each)
            if not isinstance(inner, dict):
                inner = table[each] = {}
            table = inner
        table[last] = value
    return whole
