"""The HTML of words that are explained where they stand, and of answers; all text is escaped here, as in ``page``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dashboard.help.glossary import Term, marked

__all__ = ["Found", "answers", "explained", "glossary", "questions", "step"]


def explained(text: str) -> str:
    """A text whose words of the field say what they mean when they are pointed at or reached with the Tab key."""
    return "".join(escape(piece) if term is None else _term(piece, term) for piece, term in marked(text))


def _term(piece: str, term: Term) -> str:
    meaning = escape(term.meaning)
    label = escape(f"{piece}: {term.meaning}")
    return f'<span class="cc-term" tabindex="0" role="note" aria-label="{label}" data-is="{meaning}">{escape(piece)}</span>'


def glossary(rows: Sequence[tuple[str, str, str, str]], *, heads: Sequence[str], label: str) -> str:
    """The words as a table; the last two of a row are the address and the title of the page on which it is met.

    Parameters
    ----------
    rows : word, meaning, address, page.
    heads : of the three columns.
    label : of the table.
    """
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(word)}</th><td>{escape(meaning)}</td>'
        f'<td><a href="{escape(href)}" target="_self">{escape(page)}</a></td></tr>'
        for word, meaning, href, page in rows
    )
    return (
        f'<div class="cc-scroll"><table class="cc cc-words" aria-label="{escape(label)}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


@dataclass(frozen=True)
class Found:
    """One answer: what it is, its title, what it says, the number that this city has for it, and where it leads."""

    kind: str
    title: str
    text: str
    number: str
    href: str
    link: str


def answers(found: Sequence[Found]) -> str:
    """The answers to a question, the best first."""
    lines = "".join(
        f"<li><small>{escape(each.kind)}</small><b>{escape(each.title)}</b><p>{escape(each.text)}</p>"
        + (f'<p class="n">{escape(each.number)}</p>' if each.number else "")
        + f'<a href="{escape(each.href)}" target="_self">{escape(each.link)}</a></li>'
        for each in found
    )
    return f'<ol class="cc-answers">{lines}</ol>'


def questions(rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Questions and their answers, under each other."""
    lines = "".join(
        f"<dt>{escape(title)}</dt>{''.join(f'<dd>{escape(line)}</dd>' for line in texts)}" for title, texts in rows
    )
    return f'<dl class="cc-asked">{lines}</dl>'


def step(title: str, text: str) -> str:
    """One step of a first visit."""
    return f'<p class="cc-sub" role="note"><b>{escape(title)}</b> {escape(text)}</p>'
