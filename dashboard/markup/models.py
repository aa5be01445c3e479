"""The HTML of the register of models: whatever comes from plug-ins is escaped here, as in ``page``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import zip_longest

from analytics.results import Severity

__all__ = ["ModelCard", "model_cards"]

MARKS = {Severity.CAUTION: "◐", Severity.DO_NOT_USE: "■"}
SCALE = 80  # per cent of a bar's width that stand for the error of the simplest rule


@dataclass(frozen=True)
class ModelCard:
    """One model: what it is for, what it needs, how wrong it has been on this city, and its limits.

    ``facts`` are texts by label; the second label's say how wrong it was, and ``ratios`` is its error over the simplest
    rule's for each of these. ``fitness`` and ``fitness_text`` are the verdict on it, as a mark and in words; ``href`` leads
    to its full record, whose link says ``link``.
    """

    title: str
    fitness: Severity | None
    fitness_text: str
    purpose: str
    facts: Mapping[str, Sequence[str]]
    ratios: Sequence[float] = ()
    href: str = ""
    link: str = ""


def model_cards(cards: Sequence[ModelCard]) -> str:
    """The cards in a grid that is read row by row, on every width."""
    return f'<div class="cc-models">{"".join(map(_card, cards))}</div>'


def _card(card: ModelCard) -> str:
    lines = []
    for index, (label, texts) in enumerate(card.facts.items()):
        bars = [_error_bar(ratio) for ratio in card.ratios] if index == 1 else []
        inside = "".join(
            bar + (f"<div>{escape(text)}</div>" if row == 0 else f"<small>{escape(text)}</small>")
            for row, (bar, text) in enumerate(zip_longest(bars, texts, fillvalue=""))
        )
        lines.append(f"<dt>{escape(label)}</dt><dd>{inside}</dd>")
    kind = card.fitness.value if card.fitness is not None else ""
    mark = MARKS.get(card.fitness, "○") if card.fitness is not None else "○"
    record = f'<a href="{escape(card.href)}" target="_self">{escape(card.link)}</a>' if card.href else ""
    return (
        f'<article class="cc-model"><header><h2>{escape(card.title)}</h2>'
        f'<span class="fit {kind}">{mark} {escape(card.fitness_text)}</span></header>'
        f'<p class="cc-sub">{escape(card.purpose)}</p><dl>{"".join(lines)}</dl>{record}</article>'
    )


def _error_bar(ratio: float) -> str:
    worse = " worse" if ratio > 1 else ""
    return (
        f'<div class="cc-bar{worse}"><i style="width:{min(100, round(SCALE * ratio, 1))}%"></i>'
        f'<u style="left:{SCALE}%"></u></div>'
    )
