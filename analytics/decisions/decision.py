"""A decision as a value: what was chosen, why, against what, on which evidence, and what it promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from analytics.recipes import Recipe
from analytics.results import Severity

__all__ = ["NOT_YET", "Advice", "Attachment", "Decision", "Limit", "Promise", "Role"]

NOT_YET = ""  # the choice of those who want more evidence first


class Role(StrEnum):
    """In which role somebody signs; the roles are those of the AQuA Book (HM Treasury, 2025)."""

    COMMISSIONER = "commissioner"
    ANALYST = "analyst"
    ASSURER = "assurer"
    APPROVER = "approver"


@dataclass(frozen=True)
class Advice:
    """An engine or a model that the evidence rests on."""

    kind: Literal["engine", "model"]
    name: str
    title: str
    version: str


@dataclass(frozen=True)
class Limit:
    """A caveat as it was read by who decided, in the words of that day."""

    code: str
    severity: Severity
    message: str
    detail: str


@dataclass(frozen=True)
class Promise:
    """What a measure was to be in the option that was chosen: the median and central 80 and 95 of 100 futures, in its unit.

    ``start`` and ``end`` are the first and the last day of the study.
    """

    measure: str
    title: str
    unit: str
    median: float
    low80: float
    high80: float
    low95: float
    high95: float
    start: date
    end: date


@dataclass(frozen=True)
class Attachment:
    """What experts or a hearing said, as text, and the name of the file that has the whole of it, "" where there is none."""

    kind: Literal["expert_review", "hearing"]
    text: str
    file: str = ""


@dataclass(frozen=True)
class Decision:
    """What people decided, and the evidence that they had before them.

    ``choice`` is one of the ``options`` by its name, ``NOT_YET`` where more evidence is wanted first.
    ``dissent`` is in the words of those who disagree, ``conditions`` say what must hold. ``limits`` are the caveats that were
    read, ``promises`` what the choice was to bring, ``review_on`` the days on which it is looked at again. ``recipe`` makes
    the comparison again. ``follows`` is the digest of the decision that this one takes the place of.
    """

    question: str
    choice: str
    options: tuple[str, ...]
    reasons: str
    recipe: Recipe
    dissent: str = ""
    conditions: str = ""
    attachments: tuple[Attachment, ...] = ()
    advice: tuple[Advice, ...] = ()
    limits: tuple[Limit, ...] = ()
    promises: tuple[Promise, ...] = ()
    review_on: tuple[date, ...] = ()
    synthetic: bool = False
    link: str = ""
    follows: str = ""

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The options that were not chosen."""
        return tuple(each for each in self.options if each != self.choice)
