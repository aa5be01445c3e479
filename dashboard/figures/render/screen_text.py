"""Words as plotly reads them: it takes tags, a few entities and two dollars for more than letters."""

from __future__ import annotations

from html import escape

__all__ = ["as_html", "as_letters"]


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


def as_html(label: str, *, strong: bool = False) -> str:
    """A label of one line or more, every name in it plain.

    Parameters
    ----------
    label : lines end with a line feed.
    strong : whether in bold.

    Returns
    -------
    What plotly takes for a text.
    """
    text = as_letters(label).replace("\n", "<br>")
    return f"<b>{text}</b>" if strong else text
