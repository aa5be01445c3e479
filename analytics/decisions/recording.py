"""Putting studies and decisions into the records: once, signed, reviewed, and never changed."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.decisions.decision import NOT_YET, Decision, Role
from analytics.decisions.recorded import DECISION, DECISIONS, REVIEW, SIGNATURE, STUDY, Recorded, SavedStudy, Signature
from analytics.errors import DecisionError
from analytics.recipes import Recipe, keep_recipe, plain_recipe
from data import fingerprint_of
from data.errors import RecordsError
from data.store.records import Entry, Records

__all__ = ["LONGEST_TEXT", "decide", "review", "save_study", "sign"]

LONGEST_TEXT = 20_000  # letters of one field: some ten pages
LONGEST_NAME = 200


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
        "recipe": plain_recipe(recipe),
    }
    entry = records.append(STUDY, body, city=recipe.asked.city, author=_checked_name(author))
    keep_recipe(recipe)
    return SavedStudy(entry, name.strip(), note, recipe, link)


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
