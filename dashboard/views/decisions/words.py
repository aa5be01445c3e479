"""The sentences of the page that depend on what is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from analytics.decisions import Decision, Outcome, Recorded, Tracked
from analytics.scenarios.amounts import SHARE, amount
from data.words import say, text

__all__ = ["chosen_words", "finding", "outcome_words", "range_words", "signed_words", "statement"]


def finding(recorded: Sequence[Recorded], *, today: date) -> str:
    """The headline: how many decisions, and how many of them are to be looked at again."""
    if not recorded:
        return say("decisions.none")
    due = sum(each.due(today) is not None for each in recorded)
    return say("decisions.finding_due" if due else "decisions.finding", {"n": len(recorded), "due": due})


def statement(tracked: Tracked) -> str:
    """What share of the promises that can be judged came inside their ranges."""
    found = tracked.reliability
    if not found.n:
        return say("decisions.nothing_judged", {"awaited": found.awaited}) if found.awaited else ""
    low, high = found.range80
    return say(
        "decisions.judged",
        {"n": found.n, "inside": found.inside80, "share": found.inside80 / found.n, "low": low, "high": high},
    )


def chosen_words(decision: Decision) -> str:
    """The choice by name, or that more evidence is wanted first."""
    return decision.choice or say("decide.not_yet")


def signed_words(recorded: Recorded) -> str:
    """Who signed, each with the role."""
    return "; ".join(
        say("decisions.signed", {"name": each.name, "role": say(f"roles.{each.role.value}")})
        for each in recorded.signatures
    )


def range_words(outcome: Outcome) -> str:
    """The stated range of a promise in its unit."""
    promise = outcome.promise
    bare = SHARE if promise.unit == SHARE else ""
    low, high = (text(amount(each, promise.unit)) for each in (promise.low80, promise.high80))
    if low == high:
        return low
    return say("decisions.range", {"low": text(amount(promise.low80, bare)), "high": high})


def outcome_words(outcome: Outcome) -> str:
    """What came, and whether it was inside; or why nobody can say."""
    promise = outcome.promise
    if outcome.observed is None:
        return say(f"decisions.{outcome.state}", {"end": promise.end})
    return say(f"decisions.{outcome.state}", {"was": text(amount(outcome.observed, promise.unit))})
