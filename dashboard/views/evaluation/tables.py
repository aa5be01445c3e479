"""Rows of the tables on this page: texts, ready to be shown."""

from __future__ import annotations

from analytics.evaluation import Evaluation
from dashboard.markup import Rows
from data.words import as_percent, say

__all__ = ["method_rows"]


def method_rows(found: Evaluation) -> Rows:
    """Each method's effect with its interval, what it could have seen, and what it finds where nothing was done."""
    rows = []
    for place, each in enumerate(found.estimates):
        effect = each.effect
        name = say(f"evaluation.methods.{each.method}")
        band = f"{as_percent(effect.share)} [{as_percent(effect.low)}, {as_percent(effect.high)}]"
        name = f"{name} ({say('page.in_use')})" if place == 0 else name
        rows.append([name, band, as_percent(effect.seen), as_percent(each.placebo_error)])
    naive = [say("evaluation.methods.naive"), as_percent(found.naive.share), "–", say("evaluated.naive_error")]
    return [say(f"evaluated.head_{key}") for key in ("method", "effect", "seen", "error")], [*rows, naive]
