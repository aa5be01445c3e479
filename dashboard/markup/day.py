"""The HTML of what is told from day to day: figures, alarms, targets, and what has changed since."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from dashboard.figures.palette import Theme, colours

__all__ = ["AlarmRow", "Figure", "Line", "TargetRow", "alarms", "dots", "figures", "lines", "sparkline", "targets"]

WIDTH, HEIGHT, EDGE = 160, 44, 5  # of a small drawing, and the room that its last mark needs


@dataclass(frozen=True)
class Figure:
    """A figure of the week: what it counts, its value, and in words what was expected.

    ``low`` and ``high`` draw the strip; without them there is none. ``waiting`` marks one that is still being made.
    ``exact`` is told to whoever points at a value that is shown in short, or reaches it with the Tab key.
    """

    label: str
    value: float
    text: str
    expected: str
    low: float | None = None
    high: float | None = None
    href: str = ""
    waiting: bool = False
    exact: str = ""


@dataclass(frozen=True)
class AlarmRow:
    """One thing that is unusual: what it is, a sentence on it, a drawing, and how such alarms have fared.

    ``wrong`` of ``of`` dots are filled; 0 of 0 are none.
    """

    title: str
    sentence: str
    record: str
    image: str = ""
    image_text: str = ""
    wrong: int = 0
    of: int = 0
    href: str = ""


@dataclass(frozen=True)
class TargetRow:
    """One target: what is wanted, where it stands, its chance as dots, in per cent and in a word, and what changed."""

    title: str
    goal: str
    now: str
    chance: float
    percent: str
    word: str
    change: str
    href: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the margin: a text with one to its right, and a smaller one below."""

    text: str
    right: str = ""
    below: str = ""
    href: str = ""


def _linked(text: str, href: str) -> str:
    return f'<a href="{escape(href)}" target="_self">{escape(text)}</a>' if href else escape(text)


def figures(shown: Sequence[Figure]) -> str:
    """The figures of a week, each on the strip of what was expected of it."""
    return f'<div class="cc-figures">{"".join(map(_figure, shown))}</div>'


def _figure(figure: Figure) -> str:
    strip, outside = "", ""
    if figure.low is not None and figure.high is not None:
        low, high, value = figure.low, figure.high, figure.value
        outside = "" if low <= value <= high else " out"
        span = max(high - low, 1e-9)
        start, end = min(low, value) - 0.6 * span, max(high, value) + 0.6 * span

        def at(point: float) -> float:
            return round(100 * (point - start) / (end - start), 1)

        strip = (
            f'<div class="cc-strip" role="img" aria-label="{escape(f"{figure.text}; {figure.expected}")}"><i></i>'
            f'<u style="left:{at(low)}%;width:{round(at(high) - at(low), 1)}%"></u><em style="left:{at(value)}%"></em></div>'
        )
    elif figure.waiting:
        strip = '<div class="cc-strip waiting" aria-hidden="true"><i></i></div>'
    return (
        f'<div class="cc-figure{outside}"><div class="l">{_linked(figure.label, figure.href)}</div>'
        f'<div class="v">{_value(figure)}</div>{strip}<div class="e">{escape(figure.expected)}</div></div>'
    )


def _value(figure: Figure) -> str:
    if not figure.exact:
        return escape(figure.text)
    label = escape(f"{figure.text}: {figure.exact}")
    about = f'role="note" aria-label="{label}" data-is="{escape(figure.exact)}"'
    return f'<span class="cc-term" tabindex="0" {about}>{escape(figure.text)}</span>'


def dots(filled: int, of: int, *, kind: str, label: str) -> str:
    """So many dots of so many, to be counted.

    Parameters
    ----------
    filled, of : how many.
    kind : "wrong" or "chance": the colour, and how many stand in a row.
    label : what they say, for who cannot see them.
    """
    marks = "<i></i>" * filled + "<u></u>" * (of - filled)
    return f'<span class="cc-count {escape(kind)}" role="img" aria-label="{escape(label)}">{marks}</span>'


def alarms(rows: Sequence[AlarmRow]) -> str:
    """What is unusual, a row each."""
    return f'<div class="cc-alarms" role="list">{"".join(map(_alarm, rows))}</div>'


def _alarm(row: AlarmRow) -> str:
    image = f'<img src="{escape(row.image)}" alt="{escape(row.image_text)}">' if row.image else "<span></span>"
    counted = dots(row.wrong, row.of, kind="wrong", label=row.record) if row.of else ""
    return (
        f'<div class="cc-alarm" role="listitem">{image}<div><b>{_linked(row.title, row.href)}</b>'
        f'<p>{escape(row.sentence)}</p></div><div class="r">{counted}<small>{escape(row.record)}</small></div></div>'
    )


def targets(heads: Sequence[str], rows: Sequence[TargetRow], *, label: str) -> str:
    """The targets, each with its chance as twenty dots; on a phone a target has two lines.

    Parameters
    ----------
    heads : of the five columns.
    rows : the targets.
    label : of the table.
    """
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    return (
        f'<table class="cc cc-targets" aria-label="{escape(label)}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(map(_target, rows))}</tbody></table>"
    )


def _target(row: TargetRow) -> str:
    filled = dots_of(row.chance)
    chance = dots(filled, 20, kind="chance", label=f"{row.percent}, {row.word}")
    change = f'<td class="r">{escape(row.change)}</td>' if row.change else ""
    return (
        f"<tr><td><b>{_linked(row.title, row.href)}</b></td><td>{escape(row.goal)}</td><td>{escape(row.now)}</td>"
        f'<td><div class="c">{chance}<b>{escape(row.percent)}</b><span>{escape(row.word)}</span></div></td>'
        f"{change}</tr>"
    )


def dots_of(chance: float, *, of: int = 20) -> int:
    """How many dots a chance fills; all or none only where it is certain.

    >>> dots_of(0.999), dots_of(1.0), dots_of(0.001), dots_of(0.0), dots_of(0.5)
    (19, 20, 1, 0, 10)
    """
    if chance <= 0 or chance >= 1:
        return of if chance >= 1 else 0
    return min(max(round(of * chance), 1), of - 1)


def lines(shown: Sequence[Line]) -> str:
    """Lines of the margin."""
    return f'<div class="cc-lines">{"".join(map(_line, shown))}</div>'


def _line(line: Line) -> str:
    below = f"<small>{escape(line.below)}</small>" if line.below else ""
    return f"<div><span>{_linked(line.text, line.href)}</span><em>{escape(line.right)}</em>{below}</div>"


def sparkline(
    values: Sequence[float], *, low: Sequence[float], high: Sequence[float], marked: Sequence[bool], theme: Theme
) -> str:
    """A small drawing of a column's latest values over the band of what was expected, as the address of an image.

    Parameters
    ----------
    values : by period; NaN is a gap.
    low, high : the band's ends by period; empty where nobody can tell.
    marked : which periods are what is unusual.
    theme : of the page.

    Returns
    -------
    str
        A ``data:`` address.
    """
    drawable = [each for each in (*values, *low, *high) if math.isfinite(each)]
    least, most = (min(drawable), max(drawable)) if drawable else (0.0, 1.0)
    span = (most - least) or 1.0
    colour = colours(theme)

    def place(index: int, value: float) -> str:
        across = EDGE + (WIDTH - 2 * EDGE) * index / max(len(values) - 1, 1)
        return f"{across:.1f},{EDGE + (HEIGHT - 2 * EDGE) * (most - value) / span:.1f}"

    def line(begun: int, ended: int, *, role: str, width: float) -> str:
        points = " ".join(place(i, values[i]) for i in range(begun, ended))
        return f'<polyline points="{points}" fill="none" stroke="{colour[role]}" stroke-width="{width}"/>'

    parts = []
    if len(low) == len(values) == len(high):
        outline = [place(i, each) for i, each in enumerate(high)]
        outline += [place(i, low[i]) for i in reversed(range(len(low)))]
        parts.append(f'<polygon points="{" ".join(outline)}" fill="{colour["seq2"]}"/>')
    known = [math.isfinite(each) for each in values]
    parts += [line(begun, ended, role="ink2", width=1.2) for begun, ended in _runs(known)]
    for begun, ended in _runs([each and here for each, here in zip(marked, known, strict=True)]):
        parts.append(line(begun, ended, role="ink", width=2.4))
        across, down = place(ended - 1, values[ended - 1]).split(",")
        parts.append(f'<circle cx="{across}" cy="{down}" r="3" fill="{colour["ink"]}"/>')
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"


def _runs(known: Sequence[bool]) -> list[tuple[int, int]]:
    """Where stretches of known values begin and end."""
    edges = [0, *(index for index in range(1, len(known)) if known[index] != known[index - 1]), len(known)]
    return [(begun, ended) for begun, ended in pairwise(edges) if begun < ended and known[begun]]
