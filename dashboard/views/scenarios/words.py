"""The verdict in whole sentences, and which measures tell options apart."""

from __future__ import annotations

from dataclasses import replace

from analytics.scenarios import Comparison, Difference
from data.words import Sentence, Words, say, text

__all__ = ["clauses", "telling"]


def clauses(verdict: Words) -> list[str]:
    """The verdict in whole sentences: the first measure's, and what speaks against it or cannot be told."""
    if not isinstance(verdict, Sentence) or verdict.code != "verdicts.whole":
        return [text(verdict)]
    last, rest = verdict.evidence["clause"], []
    while isinstance(last, Sentence) and last.code == "verdicts.joined":
        rest.append(last.evidence["second"])
        last = last.evidence["first"]
    shown = [say("scenarios.clause", {"clause": each}) for each in (last, *reversed(rest))]
    return [f"{each[:1].upper()}{each[1:]}" for each in shown]


def telling(found: Comparison) -> tuple[Comparison, list[str]]:
    """The measures that tell options apart, the first of the question first and what is neither good nor bad last.

    Returns
    -------
    found : with the differences in that order, without those of measures that no option changes.
    unchanged : the titles of these.
    """
    moved = {each.measure for each in (*found.differences, *found.between) if each.verdict != "no_change"}
    kept = [each for each in found.differences if each.measure in moved or each.measure == found.primary]
    titles = (Sentence("amounts.inside", {"text": each.title}) for each in found.differences if each not in kept)
    unchanged = dict.fromkeys(map(text, titles))
    shown = {each.measure for each in kept}

    def place(each: Difference) -> tuple[bool, bool]:
        return each.measure != found.primary, each.direction == "neutral"

    between = [each for each in found.between if each.measure in shown]
    ordered = replace(found, differences=tuple(sorted(kept, key=place)), between=tuple(sorted(between, key=place)))
    return ordered, list(unchanged)
