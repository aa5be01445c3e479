"""A decision as rows, as a page to take along, and as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import orjson
import pandas as pd

from analytics.decisions import Attachment, Limit, Outcome, Recorded
from dashboard import markup
from dashboard.briefings import Briefing, Table
from dashboard.views.decisions.words import chosen_words, outcome_words, range_words, signed_words
from data import City
from data.words import as_date, say

__all__ = ["decision_briefing", "decision_json", "decision_rows", "outcome_rows"]


def decision_rows(recorded: Recorded) -> list[tuple[str, list[str]]]:
    """What a decision says, each with its heading; what nobody wrote is left out."""
    decision = recorded.decision
    moments = [say("decisions.on_review", {"date": each}) for each in decision.review_on]
    reviews = [
        say("decisions.reviewed", {"date": each.at.date(), "name": each.name, "note": each.note})
        for each in recorded.reviews
    ]
    attached = [_attached(each) for each in decision.attachments]
    limits = [_limit(each) for each in decision.limits]
    advice = [say("decisions.advised", {"title": each.title, "version": each.version}) for each in decision.advice]
    rows = {
        "alternatives": list(decision.alternatives),
        "reasons": [decision.reasons],
        "dissent": [decision.dissent],
        "conditions": [decision.conditions],
        "attachments": attached,
        "limits": limits,
        "advice": advice,
        "signatures": [signed_words(recorded)],
        "reviews": [*moments, *reviews],
        "evidence": [
            say("decisions.rests_on", {"receipt": decision.recipe.receipt, "verdict": decision.recipe.answer.verdict}),
            say(
                "decisions.entry",
                {"n": recorded.entry.number, "date": recorded.entry.at.date(), "digest": recorded.entry.digest},
            ),
        ],
    }
    return [(say(f"decisions.of_{name}"), texts) for name, texts in rows.items() if any(texts)]


def _attached(attachment: Attachment) -> str:
    file = attachment.file or say("decisions.no_file")
    evidence = {"kind": say(f"decide.{attachment.kind}"), "file": file, "text": attachment.text}
    return say("decisions.attached", evidence)


def _limit(limit: Limit) -> str:
    evidence = {"severity": say(f"severity.{limit.severity.value}"), "message": limit.message, "detail": limit.detail}
    return say("decisions.limit", evidence)


def outcome_rows(outcomes: Sequence[Outcome]) -> markup.Rows:
    """Each promise beside what came, in its own unit."""
    heads = [say(f"decisions.head_{each}") for each in ("measure", "promise", "until", "outcome")]
    rows = [
        [each.promise.title, range_words(each), as_date(pd.Timestamp(each.promise.end)), outcome_words(each)]
        for each in outcomes
    ]
    return heads, rows


def decision_briefing(
    recorded: Recorded, *, city: City, outcomes: tuple[Outcome, ...], link: str, made: pd.Timestamp
) -> Briefing:
    """A decision as a page: what was chosen, everything that was written beside it, promises beside what came.

    Parameters
    ----------
    recorded : the decision.
    city : whose it is.
    outcomes : of its promises.
    link : that reopens the page.
    made : the day on which it is written.

    Returns
    -------
    Briefing
        Its receipt is that of the evidence.
    """
    decision = recorded.decision
    heads, rows = outcome_rows(outcomes)
    record = tuple(
        (title if place == 0 else "", each)
        for title, texts in decision_rows(recorded)
        for place, each in enumerate(texts)
    )
    parts = [Table(say("decisions.record"), (say("decisions.head_part"), say("decisions.head_text")), record)]
    if rows:
        parts.append(Table(say("decisions.promised"), tuple(heads), tuple(map(tuple, rows))))
    return Briefing(
        subject=decision.question,
        context=(city.name, as_date(recorded.entry.at.date())),
        finding=say("decisions.decided", {"choice": chosen_words(decision)}),
        parts=tuple(parts),
        caveats=(),
        made_from=tuple(table for table in city.provenances if table.name in decision.recipe.made.tables),
        receipt=decision.recipe.receipt,
        link=link,
        made=made,
        brand=city.brand,
        decided=True,
    )


def decision_json(recorded: Recorded) -> bytes:
    """A decision as it stands in the records, with what was added to it since."""
    entry = recorded.entry
    content = {
        "entry": {
            "number": entry.number,
            "city": entry.city,
            "at": entry.at.isoformat(),
            "author": entry.author,
            "previous": entry.previous,
            "digest": entry.digest,
        },
        "decision": entry.body["decision"],
        "signatures": [asdict(each) | {"at": each.at.isoformat()} for each in recorded.signatures],
        "reviews": [asdict(each) | {"at": each.at.isoformat()} for each in recorded.reviews],
        "replaced_by": recorded.replaced_by,
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2)
