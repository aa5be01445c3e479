"""The words that pages use and that a reader may not know, each with the page on which it is met."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from data.words import language, say

__all__ = ["WORDS", "Term", "marked", "term_of", "terms"]

# Where each word is met: a view, and what a link to it says.
WORDS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "coverage": ("models", {}),
    "eight_in_ten": ("outlook", {}),
    "interval": ("models", {}),
    "median": ("outlook", {}),
    "backtest": ("outlook", {}),
    "yardstick": ("models", {"tab": "record", "record": "forecasting.seasonal_naive"}),
    "error": ("models", {}),
    "tie": ("models", {}),
    "horizon": ("outlook", {}),
    "as_known": ("outlook", {}),
    "fit_for_use": ("models", {}),
    "alarm": ("overview", {}),
    "false_alarm": ("overview", {}),
    "expected": ("overview", {}),
    "target_chance": ("overview", {}),
    "weekday_effect": ("outlook", {}),
    "balance_point": ("outlook", {}),
    "excess": ("outlook", {}),
    "hotspot": ("hotspots", {}),
    "cell": ("hotspots", {}),
    "hit_rate": ("hotspots", {"tab": "method"}),
    "pure_chance": ("hotspots", {}),
    "stands_out": ("hotspots", {"tab": "signal"}),
    "reporting": ("hotspots", {"tab": "fairness"}),
    "feedback": ("hotspots", {"tab": "fairness"}),
    "paired_futures": ("scenarios", {}),
    "too_close": ("scenarios", {}),
    "option": ("scenarios", {}),
    "lever": ("scenarios", {}),
    "measure": ("scenarios", {}),
    "elasticity": ("scenarios", {}),
    "caveat": ("models", {"tab": "caveats"}),
    "synthetic": ("overview", {}),
    "set_aside": ("overview", {}),
    "receipt": ("scenarios", {}),
    "equilibrium": ("traffic", {}),
    "over_capacity": ("traffic", {}),
    "delay": ("traffic", {"look": "delay"}),
    "geh": ("traffic", {"tab": "counts"}),
    "cycle": ("traffic", {"tab": "signals"}),
    "green_wave": ("traffic", {"tab": "signals"}),
}
# Those that are explained where they stand: words of the field that plain language does not have.
STANDING = ("coverage", "eight_in_ten", "backtest", "yardstick", "false_alarm", "hit_rate", "stands_out", "paired_futures",
            "too_close", "elasticity", "geh", "equilibrium", "balance_point")  # fmt: skip


@dataclass(frozen=True)
class Term:
    """A word: how it is written, other ways to write it, what it means, and the view on which it is met."""

    name: str
    title: str
    also: tuple[str, ...]
    meaning: str
    view: str
    link: Mapping[str, str]


def term_of(name: str) -> Term:
    """The word of a name in ``WORDS``, in the reader's language."""
    view, link = WORDS[name]
    also = tuple(say(f"glossary.{name}.also").split("|"))
    return Term(name, say(f"glossary.{name}.term"), also, say(f"glossary.{name}.is"), view, link)


def terms() -> tuple[Term, ...]:
    """All words, in the order of the alphabet."""
    return tuple(sorted(map(term_of, WORDS), key=lambda term: term.title.casefold()))


def marked(text: str, *, names: tuple[str, ...] = STANDING) -> Iterator[tuple[str, Term | None]]:
    """A text in pieces, each with the word that it is, if it is one; a word is marked where it first stands.

    Parameters
    ----------
    text : plain.
    names : the words that are looked for.

    Yields
    ------
    tuple of str and Term or None
        The pieces, which add up to the text.
    """
    pattern, by_form = _forms(names, language())
    seen: set[str] = set()
    at = 0
    for match in pattern.finditer(text):
        term = by_form[match.group().casefold()]
        if term.name in seen:
            continue
        seen.add(term.name)
        if match.start() > at:
            yield text[at : match.start()], None
        yield match.group(), term
        at = match.end()
    if at < len(text):
        yield text[at:], None


@lru_cache(maxsize=8)
def _forms(names: tuple[str, ...], language: str) -> tuple[re.Pattern[str], Mapping[str, Term]]:
    """What finds words in a text of a language, the longest first, and each word by how it is written."""
    by_form = {form.casefold(): term for term in map(term_of, names) for form in term.also}
    forms = sorted(by_form, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)", flags=re.IGNORECASE), by_form
