"""Studies and decisions as they stand in the records, each with what was added to it since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from analytics.decisions.decision import Decision, Role
from analytics.recipes.recipe import RECIPES, Recipe
from data.errors import RecordsError
from data.store.records import Entry, Records

__all__ = [
    "DECISION",
    "DECISIONS",
    "REVIEW",
    "SIGNATURE",
    "STUDY",
    "Recorded",
    "Review",
    "SavedStudy",
    "Signature",
    "decisions_of",
    "found_in",
    "studies_of",
]

DECISION, SIGNATURE, REVIEW, STUDY = "decision", "signature", "review", "study"  # the kinds of entries
DECISIONS = TypeAdapter(Decision)


@dataclass(frozen=True)
class Signature:
    """Who signed in which role, and when; names are as they were typed, nobody was asked to prove theirs."""

    name: str
    role: Role
    at: pd.Timestamp


@dataclass(frozen=True)
class Review:
    """What somebody found when a decision was looked at again, and when."""

    name: str
    note: str
    at: pd.Timestamp


@dataclass(frozen=True)
class Recorded:
    """A decision in the records: its entry, who signed and reviewed it.

    ``replaced_by`` is the digest of the decision that took its place, "" if none did.
    """

    entry: Entry
    decision: Decision
    signatures: tuple[Signature, ...]
    reviews: tuple[Review, ...] = ()
    replaced_by: str = ""

    def due(self, day: date) -> date | None:
        """The latest review date up to a day that nobody has kept, None where there is none or another decision stands."""
        last = max((each.at.date() for each in self.reviews), default=date.min)
        passed = [each for each in self.decision.review_on if last < each <= day]
        return max(passed) if passed and not self.replaced_by else None


@dataclass(frozen=True)
class SavedStudy:
    """A comparison that somebody kept under a name, as it can be made again; a later one of the name stands first."""

    entry: Entry
    name: str
    note: str
    recipe: Recipe
    link: str


def decisions_of(records: Records, *, city: str | None = None) -> tuple[Recorded, ...]:
    """The decisions, the latest first, each with its signatures.

    Parameters
    ----------
    records : where.
    city : the key of the only one (default: all).

    Returns
    -------
    Decisions.

    Raises
    ------
    RecordsError
        When the records, or an entry of theirs, cannot be read.
    """
    about: dict[str, list[Entry]] = {}
    for entry in (*records.entries(city=city, kind=SIGNATURE), *records.entries(city=city, kind=REVIEW)):
        about.setdefault(str(entry.body.get("decision")), []).append(entry)
    found = [(entry, _decision(entry)) for entry in records.entries(city=city, kind=DECISION)]
    replaced = {decision.follows: entry.digest for entry, decision in found if decision.follows}
    return tuple(
        Recorded(
            entry,
            decision,
            (
                _signature(entry, entry.body["signature"]),
                *(_signature(each, each.body) for each in about.get(entry.digest, ()) if each.kind == SIGNATURE),
            ),
            tuple(_review(each) for each in about.get(entry.digest, ()) if each.kind == REVIEW),
            replaced.get(entry.digest, ""),
        )
        for entry, decision in reversed(found)
    )


def studies_of(records: Records, *, city: str | None = None) -> tuple[SavedStudy, ...]:
    """The saved studies, the latest first.

    Parameters
    ----------
    records : where.
    city : the key of the only one (default: all).

    Returns
    -------
    Studies.

    Raises
    ------
    RecordsError
        When the records cannot be read.
    """
    return tuple(map(_study, reversed(records.entries(city=city, kind=STUDY))))


def found_in(recorded: Iterable[Recorded], words: str) -> tuple[Recorded, ...]:
    """Those in which every one of some words stands: in the question, choice, reasons, dissent, conditions or a name.

    Parameters
    ----------
    recorded : decisions.
    words : as somebody types them; "" is in all.

    Returns
    -------
    In their order.
    """
    wanted = words.casefold().split()
    return tuple(each for each in recorded if all(word in _text_of(each) for word in wanted))


def _text_of(recorded: Recorded) -> str:
    decision = recorded.decision
    texts = [decision.question, *decision.options, decision.reasons, decision.dissent]
    texts += [decision.conditions, decision.recipe.receipt, *(each.name for each in recorded.signatures)]
    texts += [text for each in decision.attachments for text in (each.text, each.file)]
    return "\n".join(texts).casefold()


def _decision(entry: Entry) -> Decision:
    try:
        return DECISIONS.validate_python(entry.body["decision"])
    except (ValidationError, KeyError) as error:
        raise RecordsError("damaged_entry", number=entry.number) from error


def _study(entry: Entry) -> SavedStudy:
    body = entry.body
    try:
        recipe = RECIPES.validate_python(body["recipe"])
        return SavedStudy(entry, str(body["name"]), str(body["note"]), recipe, str(body["link"]))
    except (ValidationError, KeyError) as error:
        raise RecordsError("damaged_entry", number=entry.number) from error


def _signature(entry: Entry, body: Any) -> Signature:
    try:
        return Signature(str(body["name"]), Role(body["role"]), entry.at)
    except (KeyError, ValueError, TypeError) as error:
        raise RecordsError("damaged_entry", number=entry.number) from error


def _review(entry: Entry) -> Review:
    try:
        return Review(str(entry.body["name"]), str(entry.body["note"]), entry.at)
    except KeyError as error:
        raise RecordsError("damaged_entry", number=entry.number) from error
