"""Words as plotly reads them: it takes tags, a few entities and two dollars for more than letters."""

from __future__ import annotations

from html import escape

from dashboard.figures.render.layout import SIZE
from dashboard.figures.render.typeset import SANS, wrap

__all__ = ["as_hover", "as_html", "as_letters"]

WIDEST = 250  # pixels of a line of words over a mark: on a phone it must stand beside the finger


def as_letters(words: str) -> str:
    """Words that plotly shows letter by letter, whatever people typed.

    It knows ``&amp;``, ``&lt;``, ``&gt;`` and numbers, but not ``&quot;``, which it would show as it stands.

    Parameters
    ----------
    words : as people wrote them.

    Returns
    -------
    The same with tags, entities and formulas made plain.

    Examples
    --------
    >>> as_letters('<b>"A" & B</b>')
    '&lt;b&gt;"A" &amp; B&lt;/b&gt;'
    """
    return escape(words, quote=False).replace("$", "&#36;")


def as_html(label: str, *, strong: bool = False, slanted: bool = False, minor: bool = False) -> str:
    """A label of one line or more, every name in it plain.

    Parameters
    ----------
    label : lines end with a line feed.
    strong : whether in bold.
    slanted : whether in italics.
    minor : whether the style leaves it out on a phone, by how it ends.

    Returns
    -------
    What plotly takes for a text.
    """
    text = as_letters(label).replace("\n", "<br>")
    text = f"<i>{text}</i>" if slanted else text
    text = f"<span>{text}</span>" if minor else text
    return f"<b>{text}</b>" if strong else text


def as_hover(sentence: str) -> str:
    """A sentence told over a mark, in lines that a phone has room for.

    Parameters
    ----------
    sentence : as the chart says it; empty where it says nothing.

    Returns
    -------
    What plotly takes for a text.
    """
    return as_html("\n".join(wrap(sentence, width=WIDEST, face=SANS, size=SIZE)))
