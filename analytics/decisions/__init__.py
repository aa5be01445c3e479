"""What was decided, by whom, on which evidence, and what became of it."""

from analytics.decisions.decision import NOT_YET, Advice, Attachment, Decision, Limit, Promise, Role
from analytics.decisions.evidence import advice_of, limits_of, promises_of
from analytics.decisions.outcomes import Outcome, Reliability, Tracked, outcomes_of, reliability_of, track
from analytics.decisions.recorded import (
    Recorded,
    Review,
    SavedStudy,
    Signature,
    decisions_of,
    found_in,
    studies_of,
)
from analytics.decisions.recording import decide, review, save_study, sign

__all__ = [
    "NOT_YET",
    "Advice",
    "Attachment",
    "Decision",
    "Limit",
    "Outcome",
    "Promise",
    "Recorded",
    "Reliability",
    "Review",
    "Role",
    "SavedStudy",
    "Signature",
    "Tracked",
    "advice_of",
    "decide",
    "decisions_of",
    "found_in",
    "limits_of",
    "outcomes_of",
    "promises_of",
    "reliability_of",
    "review",
    "save_study",
    "sign",
    "studies_of",
    "track",
]
