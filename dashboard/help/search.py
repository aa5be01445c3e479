"""Where a question is answered: plain matching of words by their stems, so that anybody can see why a page is named.

A word counts for more the fewer documents hold it (Spärck Jones 1972, "A statistical interpretation of term specificity"),
and three times as much in a title.
"""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

__all__ = ["Document", "search", "stems_of"]

WORD = re.compile(r"[^\W_]+")
# Words of questions that say nothing of what is asked about.
QUESTION = """
a about am an and are as at be been by can could did do does for from had has have how i if in is it its me mean means my of on or
our say shall should so tell than that the their them there these they this to was we were what when where which who whom whose why
will with would you your
"""
SILENT = frozenset(QUESTION.split())
ENDINGS = ("ations", "ation", "ingly", "ings", "ing", "edly", "ed", "ies", "es", "s", "ly", "ity", "e", "y")
LEAST_STEM = 3  # letters that are left of a word
TITLE = 3.0  # what a word in a title counts for
NEAR = 0.8  # how alike a word must be to one that is known, to be taken for it misspelt
LEAST = 0.45  # of the weight of the question's words that a document must hold


@dataclass(frozen=True)
class Document:
    """Something that can be found: its ``kind`` and ``key``, its title, and the words that it answers to."""

    kind: str
    key: str
    title: str
    text: str

    @cached_property
    def title_stems(self) -> frozenset[str]:
        """The stems of its title."""
        return frozenset(stems_of(self.title))

    @cached_property
    def stems(self) -> frozenset[str]:
        """All of its stems."""
        return self.title_stems | frozenset(stems_of(self.text))


def stem(word: str) -> str:
    """A word without its ending; short words stay as they are.

    >>> stem("forecasts") == stem("forecasting") == stem("forecasted"), stem("bus")
    (True, 'bus')
    """
    for _ in range(2):  # a plural, then what it is the plural of
        for ending in ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= LEAST_STEM:
                word = word.removesuffix(ending)
                break
    return word


def stems_of(text: str) -> list[str]:
    """The stems of a text's words, without those that say nothing.

    >>> stems_of("Why is Tuesday unusual?")
    ['tuesda', 'unusual']
    """
    return [stem(word) for word in WORD.findall(text.casefold()) if word not in SILENT]


def search(question: str, documents: Sequence[Document], *, most: int = 8) -> list[Document]:
    """The documents that answer a question, the best first.

    Parameters
    ----------
    question : as somebody types it.
    documents : in which it is looked for.
    most : how many are given at most.

    Returns
    -------
    list of Document
        Those that hold enough of the question's words; a word that none holds is taken for the known one most like it.
    """
    holders = Counter(each for document in documents for each in document.stems)
    asked = {_known(each, holders) for each in stems_of(question)}
    weights = {each: math.log(1 + len(documents) / holders[each]) if each in holders else math.log(1 + len(documents))
               for each in asked}  # fmt: skip
    whole = sum(weights.values())
    found: list[tuple[float, int]] = []
    for place, document in enumerate(documents):
        matched = sum(weight for each, weight in weights.items() if each in document.stems)
        if not matched or matched < LEAST * whole:
            continue
        titled = sum(weight for each, weight in weights.items() if each in document.title_stems)
        # Of equals the shorter title is more about it.
        found.append((matched + (TITLE - 1) * titled - 0.01 * len(document.title_stems), -place))
    return [documents[-place] for _, place in sorted(found, reverse=True)[:most]]


def _known(asked: str, known: Counter[str]) -> str:
    if asked in known:
        return asked
    near = difflib.get_close_matches(asked, known, n=1, cutoff=NEAR)
    return near[0] if near else asked
