"""What is found of a past policy."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analytics.evaluation.displacement import Displacement
from analytics.evaluation.effects import Effect, Estimate, Naive
from analytics.evaluation.trends import EventStudy
from analytics.results import Result
from data import Series
from data.frequency import Frequency
from data.words import Sentence, Words

__all__ = ["STRUCTURAL", "Evaluation"]

STRUCTURAL = "structural"  # the one method that needs no areas to compare with


@dataclass(frozen=True, eq=False, kw_only=True)
class Evaluation(Result):
    """Whether a policy worked: the leading method's effect, and all that it must be held against.

    ``areas`` had the policy (none: the whole city), ``compared_with`` did not. ``line`` is period × (observed, expected, low,
    high) in units, the band holding 95 of 100 periods without a policy; ``broken`` is the period left out, in which the
    policy began. ``estimates`` are all methods' answers, the leading one first.

    ``dates`` are policies that never were, by the leading method: start, share, low, high; ``shifted`` what it finds in groups
    of areas without the policy (shares), ``rank`` the share of these, the treated areas counted too, with an effect as
    large. ``study`` shows the trends before.
    """

    series: Series
    category: str | None
    since: pd.Timestamp
    until: pd.Timestamp
    freq: Frequency
    broken: pd.Timestamp | None
    before: int
    after: int
    areas: tuple[str, ...]
    compared_with: tuple[str, ...]
    line: pd.DataFrame
    estimates: tuple[Estimate, ...]
    naive: Naive
    dates: pd.DataFrame
    shifted: tuple[float, ...]
    rank: float | None
    study: EventStudy | None
    next_door: Displacement | None
    reason: Words

    @property
    def lead(self) -> Estimate:
        """The leading method's answer."""
        return self.estimates[0]

    @property
    def effect(self) -> Effect:
        """The leading method's effect."""
        return self.lead.effect

    @property
    def dates_clear(self) -> float | None:
        """The share of placebo dates whose interval holds no effect; None where there are none."""
        if self.dates.empty:
            return None
        return float(((self.dates["low"] <= 0) & (self.dates["high"] >= 0)).mean())

    @property
    def subject(self) -> Words:
        """What is judged: the series, or one category of it."""
        if self.category is None:
            return self.series.title
        return Sentence(
            "evaluation.subject", {"series": self.series.title, "category": self.category.replace("_", " ")}
        )

    @property
    def verdict(self) -> Sentence:
        """The effect in one sentence; or that it is too close to call, and what could have been seen."""
        effect = self.effect
        about: dict[str, object] = {
            "series": self.subject,
            "seen": effect.seen,
            "unit": self.series.unit,
            "each": self.freq.each,
        }
        about |= {"low": effect.low, "high": effect.high, "share": abs(effect.share), "units": abs(effect.units)}
        about |= {"units_low": effect.units_low, "units_high": effect.units_high}
        if not effect.clear:
            return Sentence("evaluation.unclear", about)
        return Sentence("evaluation.fewer" if effect.share < 0 else "evaluation.more", about)
