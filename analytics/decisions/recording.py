"""Studies and decisions in the records: put there once, signed, followed by others, found again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from analytics.decisions.decision import NOT_YET, Decision, Role
from analytics.errors import DecisionError
from analytics.recipes import Recipe, keep_recipe
from data import fingerprint_of
from data.errors import RecordsError
from data.store.records import Entry, Records

__all__ = [
    "LONGEST_TEXT",
    "Recorded",
    "Review",
    "SavedStudy",
    "Signature",
    "decide",
    "decisions_of",
    "found_in",
    "review",
    "save_study",
    "sign",
    "studies_of",
]

DECISION, SIGNATURE, REVIEW, STUDY = "decision", "signature", "review", "study"
LONGEST_TEXT = 20_000  # letters of one field: some ten pages
LONGEST_NAME = 200
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


def decide(records: Records, decision: Decision, *, name: str, role: str, limits_read: bool) -> Recorded:
    """Record a decision with the signature of who records it.

    Parameters
    ----------
    records : where.
    decision : what was decided.
    name, role : of who signs first.
    limits_read : whether that person says to have read the limits.

    Returns
    -------
    Recorded
        As it stands.

    Raises
    ------
    DecisionError
        When something is missing, too long, or no option; nothing is recorded.
    RecordsError
        When somebody has just decided on the same comparison (``slot_taken``), or nothing can be recorded.
    """
    if decision.choice not in (NOT_YET, *decision.options):
        raise DecisionError("no_such_choice", choice=decision.choice, options=decision.options)
    if not decision.reasons.strip():
        raise DecisionError("no_reasons")
    if not limits_read:
        raise DecisionError("limits_unread", n=len(decision.limits))
    for field in ("reasons", "dissent", "conditions"):
        _check_length(field, getattr(decision, field))
    for attachment in decision.attachments:
        _check_length(attachment.kind, attachment.text)
    signed = {"name": _checked_name(name), "role": _checked_role(role)}
    city = decision.recipe.asked.city
    slot = f"{DECISION}-{fingerprint_of(city, decision.recipe.receipt, decision.follows)[:24]}"
    body = {"decision": DECISIONS.dump_python(decision, mode="json"), "signature": signed}
    try:
        entry = records.append(DECISION, body, city=city, author=signed["name"], slot=slot)
    except RecordsError as error:
        if error.code != "slot_taken":
            raise
        raise RecordsError("decided_already", receipt=decision.recipe.receipt) from error
    keep_recipe(decision.recipe)
    return Recorded(entry, decision, (Signature(signed["name"], Role(signed["role"]), entry.at),))


def sign(records: Records, recorded: Recorded, *, name: str, role: str) -> Entry:
    """Sign a decision that is recorded.

    Parameters
    ----------
    records : where.
    recorded : the decision.
    name, role : of who signs.

    Returns
    -------
    Entry
        The signature's own.

    Raises
    ------
    DecisionError
        When name or role is missing, or that person has signed in that role.
    RecordsError
        When nothing can be recorded.
    """
    signed = {"name": _checked_name(name), "role": _checked_role(role), "decision": recorded.entry.digest}
    slot = f"{SIGNATURE}-{fingerprint_of(signed['decision'], signed['role'], signed['name'].casefold())[:24]}"
    try:
        return records.append(SIGNATURE, signed, city=recorded.entry.city, author=signed["name"], slot=slot)
    except RecordsError as error:
        if error.code != "slot_taken":
            raise
        raise DecisionError("signed_already", name=signed["name"], role=signed["role"]) from error


def review(records: Records, recorded: Recorded, *, name: str, note: str) -> Entry:
    """Record that a decision was looked at again, and what was found.

    Parameters
    ----------
    records : where.
    recorded : the decision.
    name : of who looked.
    note : what was found.

    Returns
    -------
    Entry
        The review's own.

    Raises
    ------
    DecisionError
        When name or note is missing.
    RecordsError
        When nothing can be recorded.
    """
    if not note.strip():
        raise DecisionError("no_review_note")
    _check_length("note", note)
    body = {"decision": recorded.entry.digest, "name": _checked_name(name), "note": note}
    return records.append(REVIEW, body, city=recorded.entry.city, author=body["name"])


def save_study(
    records: Records, recipe: Recipe, *, name: str, author: str, note: str = "", link: str = ""
) -> SavedStudy:
    """Keep a comparison under a name.

    Parameters
    ----------
    records : where.
    recipe : of the comparison.
    name : what it is called; another study of the name stands beside it.
    author : who keeps it.
    note : anything that should be known beside it.
    link : that opens it.

    Returns
    -------
    SavedStudy
        As it stands.

    Raises
    ------
    DecisionError
        When a name is missing or too long.
    RecordsError
        When nothing can be recorded.
    """
    if not name.strip():
        raise DecisionError("no_study_name")
    _check_length("name", name, most=LONGEST_NAME)
    _check_length("note", note)
    body = {
        "name": name.strip(),
        "note": note,
        "link": link,
        "recipe": TypeAdapter(Recipe).dump_python(recipe, mode="json"),
    }
    entry = records.append(STUDY, body, city=recipe.asked.city, author=_checked_name(author))
    keep_recipe(recipe)
    return SavedStudy(entry, name.strip(), note, recipe, link)


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
        recipe = TypeAdapter(Recipe).validate_python(body["recipe"])
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


def _checked_name(name: str) -> str:
    if not name.strip():
        raise DecisionError("no_signer")
    _check_length("name", name, most=LONGEST_NAME)
    return " ".join(name.split())


def _checked_role(role: str) -> str:
    allowed: Sequence[str] = [each.value for each in Role]
    if role not in allowed:
        raise DecisionError("no_such_role", role=role, roles=allowed)
    return role


def _check_length(field: str, text: str, *, most: int = LONGEST_TEXT) -> None:
    if len(text) > most:
        raise DecisionError("too_long", field=field, n=len(text), most=most)
