"""A draft as part of a link, and what a link, a file or another city says checked again before it counts."""

from __future__ import annotations

import base64
import binascii
import math
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from analytics.scenarios import Lever, Scenario
from analytics.scenarios.levers import flattened
from dashboard.errors import DashboardError
from dashboard.views.scenarios.draft import MOST_OPTIONS, Draft
from dashboard.views.scenarios.work import Offer
from data import City, CivicastError

__all__ = ["MOST_YEARS", "NAME_LENGTH", "as_link", "checked", "from_link", "moved"]

NAME_LENGTH = 60  # of an option
MOST_CHARACTERS = 200_000  # of a draft once unpacked: three schedules of 168 hours take some 4,000
MOST_RATE, MOST_YEARS = 0.2, 60  # a discount rate a year, and years of appraisal
DRAFTS = TypeAdapter(Draft)

Problems = list[CivicastError]


def as_link(draft: Draft) -> str:
    """The draft as text that may stand in a link: what is not as usual, packed."""
    content = DRAFTS.dump_json(draft, exclude_defaults=True)
    return base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")


def from_link(text: str) -> Draft:
    """The draft that a link holds; what its levers are set to is not checked yet (see ``checked``).

    Parameters
    ----------
    text : as ``as_link`` gives it.

    Returns
    -------
    Draft
        As it was.

    Raises
    ------
    DashboardError
        When the text was cut or written by hand.
    """
    try:
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), MOST_CHARACTERS)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise DashboardError("bad_link")
        return DRAFTS.validate_json(content)
    except (binascii.Error, zlib.error, ValidationError, ValueError) as error:
        raise DashboardError("bad_link") from error


def checked(draft: Draft, city: City, offer: Offer) -> tuple[Draft, Problems]:
    """The draft with only what its question offers and its levers can hold.

    Parameters
    ----------
    draft : from a link, a file, or built for another subject.
    city : whose regions and areas it may name.
    offer : of its question.

    Returns
    -------
    draft : without what does not fit.
    problems : one error for each thing that was left out.
    """
    problems: Problems = []
    options = [
        replace(each, name=each.name[:NAME_LENGTH], levers=_read_levers(each, offer.levers, problems))
        for each in draft.options[:MOST_OPTIONS]
    ]
    if len(draft.options) > MOST_OPTIONS:
        problems.append(DashboardError("too_many_options", n=len(draft.options), most=MOST_OPTIONS))
    assumed = Scenario("", levers=draft.circumstances)
    fitting = replace(
        draft,
        options=tuple(options),
        chosen=min(max(draft.chosen, 0), max(len(options) - 1, 0)),
        against=draft.against if draft.against in range(len(options)) else None,
        circumstances=_read_levers(assumed, offer.circumstances, problems),
    )
    return _on_terms(fitting, city, offer, problems), problems


def _read_levers(option: Scenario, levers: Sequence[Lever], problems: Problems) -> dict[str, Any]:
    """The levers that an option moves, each as a scenario file writes it."""
    known = {each.name: each for each in levers}
    settings: dict[str, Any] = {}
    for name, value in flattened(option.levers, declared=list(known)).items():
        if name not in known:
            problems.append(DashboardError("not_offered_here", option=option.name, lever=name, names=list(known)))
            continue
        try:
            plain = moved(known[name], value, scenario=option.name)
        except CivicastError as error:
            problems.append(error)
        else:
            settings |= {} if plain is None else {name: plain}
    return settings


def moved(lever: Lever, value: Any, *, scenario: str) -> Any:
    """What a lever is set to as a scenario file writes it; None where it rests.

    Parameters
    ----------
    lever : that is set.
    value : from a widget, a link or a file.
    scenario : whose it is, for the sentence that refuses it.

    Raises
    ------
    ScenarioError
        When the lever cannot hold it.
    """
    read = lever.read(value, scenario=scenario)
    return lever.kind.plain(read) if lever.moves(read) else None


def _on_terms(draft: Draft, city: City, offer: Offer, problems: Problems) -> Draft:
    areas = [] if not offer.layer else [str(each) for each in city.areas[offer.layer].frame.index]
    regions = city.of("regions")

    def within(name: str, value: Any, fits: Callable[[Any], bool], usual: Any, **allowed: Any) -> Any:
        if fits(value):
            return value
        problems.append(DashboardError(name, value=value, **allowed))
        return usual

    usual = Draft("")
    return replace(
        draft,
        region=within(
            "no_such_region", draft.region, lambda each: not each or each in regions, "", names=list(regions)
        ),
        areas=within("no_such_areas", draft.areas, lambda each: set(each) <= set(areas), (), examples=areas[:5]),
        budget=within("link_budget", draft.budget, lambda each: each is None or 0 <= each < math.inf, None),
        discount_rate=within(
            "link_rate", draft.discount_rate, lambda each: 0 <= each <= MOST_RATE, usual.discount_rate, most=MOST_RATE
        ),
        appraisal_years=within(
            "link_years",
            draft.appraisal_years,
            lambda each: 1 <= each <= MOST_YEARS,
            usual.appraisal_years,
            most=MOST_YEARS,
        ),
        worth=within("link_worth", draft.worth, _worths, {}),
    )


def _worths(worth: Mapping[str, float]) -> bool:
    return all(0 <= each < math.inf for each in worth.values())
