"""The text of a page as HTML: real headings, lists and tables, every name escaped, every number written here.

This is the only module that makes HTML. It does not lie in ``dashboard/`` itself: Streamlit puts that folder first on the
path of imports while a page runs, and a module named ``html`` there would take the standard library's place in every
worker process started meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from analytics.results import Caveat, by_severity
from dashboard.charts.build import WORDS
from data import Provenance
from data.wording import as_count, as_number

__all__ = [
    "block", "context_line", "expected_figure", "freshness", "headline", "margin_notes", "section", "seen_bar",
    "seen_strip", "source_line", "strip", "table",
]  # fmt: skip

NUMBERS_FROM = 100  # from here on figures of the day are whole


def block(inner: str, *, classes: str = "", tag: str = "div") -> str:
    """HTML inside an element that carries the page's type and colours."""
    return f'<{tag} class="cv {classes}">{inner}</{tag}>'


def _mark(number: int, caveat: Caveat) -> str:
    label = escape(WORDS.sentence("page.note_label", {"number": number, "word": caveat.severity_word.rstrip(".")}))
    return f'<span class="cv-n {caveat.severity.value}" role="img" aria-label="{label}">{number}</span>'


def context_line(parts: Sequence[str], tag: str = "", *, marked: str = "") -> str:
    """City, subject, dates and age of the data in one line; ``tag`` says synthetic, ``marked`` a class that is not public."""
    first = f"<b>{escape(parts[0])}</b>" if parts else ""
    rest = "".join(f"<span>{escape(part)}</span>" for part in parts[1:])
    tags = f'<em class="cv-tag" style="font-style:normal">{escape(tag)}</em>' if tag else ""
    tags += f'<em class="cv-tag cv-marked" style="font-style:normal">{escape(marked)}</em>' if marked else ""
    return block(f'<p class="cv-context">{first}{rest}{tags}</p>')


def headline(text: str, notes: Sequence[tuple[int, Caveat]] = (), *, lead: str = "") -> str:
    """The finding as the page's h1, followed by the numbers of the caveats that qualify it; ``lead`` explains below."""
    marks = "".join(_mark(number, caveat) for number, caveat in notes)
    below = f'<p class="cv-lead" style="margin-top:6px">{escape(lead)}</p>' if lead else ""
    return block(f"<h1>{escape(text)}{marks}</h1>{below}")


def section(title: str, subtitle: str = "") -> str:
    """An h2 with a line under it."""
    below = f'<p class="cv-sub">{escape(subtitle)}</p>' if subtitle else ""
    return block(f"<h2>{escape(title)}</h2>{below}")


def margin_notes(caveats: Sequence[Caveat], most: int = 5) -> str:
    """The caveats with their numbers, the gravest first; beyond ``most`` they wait behind "and 3 more"."""
    if not caveats:
        return ""
    items = [_note(number, caveat) for number, caveat in enumerate(by_severity(tuple(caveats)), start=1)]
    # Nothing grave is folded away, whatever its place.
    shown = max(most, sum(caveat.severity.value == "do_not_use" for caveat in caveats))
    rest = ""
    if len(items) > shown:
        words = escape(WORDS.sentence("labels.more_notes", {"n": len(items) - shown}))
        rest = f"<details><summary>{words}</summary><ol>{''.join(items[shown:])}</ol></details>"
    title = escape(WORDS.sentence("labels.notes"))
    inner = f"<h2>{title}</h2><ol>{''.join(items[:shown])}</ol>{rest}"
    return block(inner, classes="cv-notes", tag="aside")


def _note(number: int, caveat: Caveat) -> str:
    sentence = f"<strong>{escape(caveat.severity_word)}</strong> {escape(caveat.message)}"
    detail = f"<small>{escape(caveat.detail)}</small>"
    return f'<li class="{caveat.severity.value}">{_mark(number, caveat)}<div>{sentence}{detail}</div></li>'


def source_line(text: str) -> str:
    """The line under a figure: source, snapshot, bands, method, receipt."""
    return block(f'<p class="cv-source">{escape(WORDS.sentence("page.source", {"text": text}))}</p>')


def _figure(value: float) -> str:
    return as_count(value) if abs(value) >= NUMBERS_FROM else as_number(value)


def expected_figure(label: str, value: float | None, low: float, high: float, *, unit: str = "") -> str:
    """A figure of the day over a strip: the range expected is shaded, the value a dot, or a hollow diamond outside it."""
    known = value is not None and pd.notna(value)
    figure = _figure(float(value)) if known and value is not None else WORDS.sentence("page.unknown")
    words = WORDS.sentence("page.expected", {"low": _figure(low), "high": _figure(high), "unit": unit})
    bar = strip(float(value), low, high) if known and value is not None else ""
    unit_words = f' <small style="font-size:15px;font-weight:400">{escape(unit)}</small>' if unit else ""
    inner = f'<dt>{escape(label)}</dt><dd class="v">{figure}{unit_words}</dd><dd>{bar}</dd><dd class="r">{escape(words)}</dd>'
    return block(inner, classes="cv-figure", tag="dl")


def strip(value: float, low: float, high: float) -> str:
    """A line with a shaded range and a mark for the value; the words beside it say the same, so it is decoration."""
    least, most = min(value, low), max(value, high)
    room = 0.45 * ((high - low) or (most - least) or 1.0)
    start, width = least - room, most - least + 2 * room

    def place(at: float) -> float:
        return 100 * (at - start) / width

    shape = "" if low <= value <= high else ' class="out"'
    shaded = f'<i style="left:{place(low):.1f}%;width:{place(high) - place(low):.1f}%"></i>'
    return f'<div class="cv-strip" aria-hidden="true">{shaded}<b{shape} style="left:{place(value):.1f}%"></b></div>'


def table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, numeric: Sequence[int] = (), caption: str = ""
) -> str:
    """A table of words; the columns in ``numeric`` are set flush right. It scrolls within itself where it is too wide."""
    align = ['class="num"' if place in numeric else "" for place in range(len(columns))]
    head = "".join(f'<th scope="col" {align[place]}>{escape(name)}</th>' for place, name in enumerate(columns))
    body = "".join(
        "<tr>" + "".join(f"<td {align[place]}>{escape(str(cell))}</td>" for place, cell in enumerate(row)) + "</tr>"
        for row in rows
    )
    title = f'<caption class="cv-sub" style="text-align:left">{escape(caption)}</caption>' if caption else ""
    inner = f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return block(inner, classes="cv-scroll")


def freshness(provenances: Sequence[Provenance], *, today: pd.Timestamp, late: Sequence[str] = ()) -> str:
    """How old each source is, and what was set aside when it was read; ``late`` names those that are overdue."""
    rows = []
    for each in provenances:
        if each.as_of is None:
            continue
        age = WORDS.sentence("page.age", {"days": max(0, (today.normalize() - each.as_of.normalize()).days)})
        below = WORDS.sentence("page.ends", {"date": each.as_of})
        if each.rows_set_aside:
            evidence = {"aside": each.rows_set_aside, "rows": each.rows_read}
            below = f"{below}; {WORDS.sentence('page.set_aside', evidence)}"
        mark = ' class="late"' if each.name in late else ""
        rows.append(f"<dt>{escape(each.name)}<small>{escape(below)}</small></dt><dd{mark}>{escape(age)}</dd>")
    return block(f"<dl>{''.join(rows)}</dl>", classes="cv-fresh")


def seen_strip(low: float | None, high: float | None, bounds: tuple[float, float], today: float) -> str:
    """Under a slider: what the data have shown is filled, what was never tried hatched, today a tick."""
    bar = seen_bar(low, high, bounds, today)
    words = WORDS.sentence("page.never_seen")
    if low is not None and high is not None:
        words = WORDS.sentence("page.seen", {"low": as_number(low), "high": as_number(high)})
    never = f'<span class="never">{escape(WORDS.sentence("page.never_tried"))}</span>'
    inside = low is not None and high is not None and low <= bounds[0] and high >= bounds[1]
    return block(f"{bar}<p><span>{escape(words)}</span>{'' if inside else never}</p>", classes="cv-under")


def seen_bar(low: float | None, high: float | None, bounds: tuple[float, float], value: float) -> str:
    """A bar between bounds: the range seen is filled, the rest hatched, the value a tick."""
    start, width = bounds[0], (bounds[1] - bounds[0]) or 1.0

    def place(at: float) -> float:
        return min(100.0, max(0.0, 100 * (at - start) / width))

    shaded = ""
    if low is not None and high is not None:
        shaded = f'<i style="left:{place(low):.1f}%;width:{max(place(high) - place(low), 0.8):.1f}%"></i>'
    return f'<div class="cv-seen" aria-hidden="true">{shaded}<b style="left:{place(value):.1f}%"></b></div>'
