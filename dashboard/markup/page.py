"""The HTML that any page may have: headlines, notes, tables, cards; whatever comes from data is escaped here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from analytics.forecasting import Forecast
from analytics.forecasting.registry import models
from analytics.results import Caveat, Severity
from analytics.scenarios import Lever
from analytics.scenarios.amounts import SHARE, amount
from dashboard.markup.words import explained
from data.words import as_percent, say
from data.words import text as text_of

__all__ = [
    "SHAPES", "Card", "CardRow", "Rows", "context_line", "details", "facts", "folded", "headline", "label",
    "leaderboard", "margin_notes", "option_cards", "paragraph", "section", "seen_strip", "source_line",
    "statement", "table",
]  # fmt: skip

Rows = tuple[list[str], list[list[str]]]
"""The heads of a table and its rows: texts, ready to be shown."""

MOST_NOTES = 5
TWO_LINES = 112  # letters of a headline that two lines of a page of 1,440 hold
MARKDOWN = frozenset("\\`*_~[]<>$|:#&")  # what begins markup inside a line
LEADING = re.compile(r"^(\s*\d*)([-+.)])")  # a list, at the beginning of one
BREAKS = re.compile(r"[ \t\r\n\f\v]+")  # after a line feed another block would begin
# Where a browser, once markdown has been read, makes links (http://, www., a@b), icons (:material/…:) and arrows (->) of
# what is left: a joiner in the middle, which nobody sees, keeps the letters as they are.
MADE = re.compile(r"(?<=:)(?=[/A-Za-z])|(?<=@)(?=\S)|(?<=[wW]{3})(?=\.)|(?<=[<>~=-])(?=[<>=-])")
JOINER = "\u2060"
SHAPES = {"circle": "●", "square": "■", "diamond": "◆", "triangle": "▲"}


def ring(number: int, severity: Severity) -> str:
    """A caveat's number: ringed, tinted or a square, by its severity."""
    label = escape(say("page.note", {"n": number}))
    return f'<span class="cc-ring {severity.value}" role="note" aria-label="{label}">{number}</span>'


def context_line(parts: Sequence[str], *, tag: str = "") -> str:
    """City, subject, dates and age of the data; a tag where data are synthetic or not public."""
    first, *rest = parts
    spans = [f"<span><b>{escape(first)}</b></span>", *(f"<span>{escape(part)}</span>" for part in rest)]
    marked = f'<span class="cc-tag">{escape(tag)}</span>' if tag else ""
    return f'<div class="cc-context">{"".join(spans)}{marked}</div>'


def headline(text: str, caveats: Sequence[Caveat] = ()) -> str:
    """The finding, with the number of the gravest caveat behind it; a long one in smaller letters, so that it has two lines."""
    long = " long" if len(text) > TWO_LINES else ""
    if not caveats:
        return f'<h1 class="cc-headline{long}">{escape(text)}</h1>'
    # The number keeps to the last sign, and so to its word: in a line of its own it would be a number of nothing.
    marked = f'<span class="cc-last">{escape(text[-1:])}{ring(1, caveats[0].severity)}</span>'
    return f'<h1 class="cc-headline{long}">{escape(text[:-1])}{marked}</h1>'


def section(title: str, subtitle: str = "") -> str:
    """A section's title and one line below it, whose words of the field explain themselves."""
    below = f'<p class="cc-sub">{explained(subtitle)}</p>' if subtitle else ""
    return f'<h2 class="cc-section">{escape(title)}</h2>{below}'


def details(summary: str, rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    """A line that opens: what stands below it, each with its reasons."""
    lines = "".join(
        f"<dt>{escape(title)}</dt>{''.join(f'<dd>{escape(each)}</dd>' for each in reasons)}" for title, reasons in rows
    )
    return f'<details class="cc-details"><summary>{escape(summary)}</summary><dl>{lines}</dl></details>'


def facts(rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    """What is known of one thing: headings with their texts, whose own line breaks stay."""
    lines = "".join(
        f"<dt>{escape(title)}</dt>{''.join(f'<dd>{escape(each)}</dd>' for each in texts)}" for title, texts in rows
    )
    return f'<dl class="cc-facts">{lines}</dl>'


def folded(summary: str, inside: str) -> str:
    """A line that opens: below it what another function of this module made."""
    return f'<details class="cc-details"><summary>{escape(summary)}</summary>{inside}</details>'


def label(text: str) -> str:
    """A text that people gave, as the label of a widget, which reads markdown: it says the text, whatever is in it."""
    whole = MADE.sub(JOINER, BREAKS.sub(" ", text).strip(" "))
    escaped = "".join(f"\\{each}" if each in MARKDOWN else each for each in whole)
    return LEADING.sub(r"\1\\\2", escaped)


def statement(text: str) -> str:
    """A sentence that goes with the headline."""
    return f'<p class="cc-statement">{escape(text)}</p>'


def paragraph(text: str) -> str:
    """Plain words."""
    return f'<p class="cc-sub">{escape(text)}</p>'


def margin_notes(
    caveats: Sequence[Caveat], *, on: str = "", most: int = MOST_NOTES, title: str = "", since: int = 0
) -> str:
    """What this cannot tell: numbered, the gravest first; what does not fit is counted and can be opened.

    Parameters
    ----------
    caveats : the gravest first.
    on : what they are about, for who cannot see beside what they stand.
    most : how many stand there at once.
    title : above them (default: what this cannot tell).
    since : so many stand with their numbers elsewhere on the page, and are not said again.
    """
    if not caveats[since:]:
        return ""
    notes = [_note(number, caveat) for number, caveat in enumerate(caveats, start=1)][since:]
    rest = ""
    if len(notes) > most:
        more = escape(say("page.more_notes", {"n": len(notes) - most}))
        rest = f"<details><summary class='cc-sub'>{more}</summary>{''.join(notes[most:])}</details>"
    title = escape(title or say("page.cannot_tell"))
    label = f"{title}: {escape(on)}" if on else title
    return f'<aside class="cc-notes" aria-label="{label}"><h2>{title}</h2>{"".join(notes[:most])}{rest}</aside>'


def _note(number: int, caveat: Caveat) -> str:
    word = f'<b class="{caveat.severity.value}">{escape(caveat.severity_word)}</b>'
    text = f"{word} {escape(caveat.message)}<small>{escape(caveat.detail)}</small>"
    return f'<div class="n">{ring(number, caveat.severity)}<div>{text}</div></div>'


def source_line(text: str) -> str:
    """The line under a figure, whose words of the field explain themselves."""
    return f'<div class="cc-source">{explained(text)}</div>'


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = (), label: str = "") -> str:
    """A table of texts, whose heads explain words of the field; the columns named by index in ``right`` hold numbers."""

    def cells(values: Sequence[str], tag: str) -> str:
        written = map(explained, values) if tag == "th" else map(escape, values)
        return "".join(
            f'<{tag}{" scope=col" if tag == "th" else ""} class="{"r" if index in right else ""}">{value}</{tag}>'
            for index, value in enumerate(written)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    named = f' aria-label="{escape(label)}"' if label else ""
    return scrolling(
        f'<table class="cc"{named}><thead><tr>{cells(columns, "th")}</tr></thead><tbody>{body}</tbody></table>',
        label=label,
    )


def scrolling(inside: str, *, label: str, kind: str = "") -> str:
    """What may be wider than its column: it scrolls within itself, and a keyboard can reach it to do so.

    Parameters
    ----------
    inside : what another function of this module made.
    label : what it is, for who cannot see it.
    kind : a class of its own.
    """
    named = f' role="group" aria-label="{escape(label)}"' if label else ""
    return f'<div class="{escape(f"{kind} cc-scroll".strip())}" tabindex="0"{named}>{inside}</div>'


def leaderboard(forecast: Forecast) -> str:
    """Measured models by error against the seasonal naive, ties shaded, the yardstick dashed."""
    scores = forecast.selection.ratios
    order = sorted(scores, key=lambda name: scores[name])
    level = [name for name in order if forecast.selection.level_with_best(name)]
    bounds = {name: forecast.backtests[name].scores["sql_ratio"] for name in order}
    highest = max(1.0, *(each.high or each.value for each in bounds.values())) * 1.05

    def at(value: float) -> float:
        return round(100 * min(max(value / highest, 0), 1), 1)

    rows = []
    for name in order:
        tied = forecast.selection.level_with_best(name)
        rank = f"1 = {say('page.tie')}" if tied and len(level) > 1 else str(order.index(name) + 1)
        score = bounds[name]
        low, high = score.low or score.value, score.high or score.value
        used = f" <small>{escape(say('page.in_use'))}</small>" if name == forecast.selection.chosen else ""
        said = escape(as_percent(score.value))
        dots = (
            f'<div class="cc-dots" role="img" aria-label="{said}"><u style="left:{at(1.0)}%"></u>'
            f'<i style="left:{at(low)}%;width:{round(at(high) - at(low), 1)}%"></i>'
            f'<em style="left:{at(score.value)}%"></em></div>'
        )
        held = as_percent(forecast.backtests[name].scores["coverage_80"].value)
        title = f"<b>{escape(text_of(models()[name].title))}</b>{used}"
        rows.append(
            f'<tr class="{"tie" if tied else ""}"><td>{rank}</td><td>{title}</td><td>{dots}</td>'
            f'<td class="r">{said}</td><td class="r">{escape(held)}</td></tr>'
        )
    heads = [explained(say(f"page.{key}")) for key in ("rank", "model", "error_interval", "error", "band_kept")]
    head = "".join(
        f'<th scope="col" class="{"r" if index > 2 else ""}">{text}</th>' for index, text in enumerate(heads)
    )
    board = f'<table class="cc"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    return scrolling(board, label=say("outlook.leaderboard"))


@dataclass(frozen=True)
class CardRow:
    """A lever on a card: what it is set to in words and, where it holds one number, that on what history has shown."""

    label: str
    value: str
    lever: Lever | None = None
    number: float | None = None


@dataclass(frozen=True)
class Card:
    """One option: its mark, its price in the corner, its levers, and in how many futures it does better."""

    name: str
    role: str
    shape: str
    rows: tuple[CardRow, ...]
    beats: str
    corner: str = ""
    chosen: bool = False


def option_cards(cards: Sequence[Card]) -> str:
    """The cards of all options in a row, which swipes on a phone, the chosen one first there."""
    return scrolling("".join(map(_card, cards)), label=say("page.options"), kind="cc-cards")


def _card(card: Card) -> str:
    lines = "".join(map(_card_row, card.rows))
    title = f"<span><b>{SHAPES.get(card.shape, '●')}</b>{escape(card.name)}</span><small>{escape(card.corner)}</small>"
    return (
        f'<div class="cc-card{" chosen" if card.chosen else ""}" style="--cc-edge:var(--cc-{card.role})"><h2>{title}</h2>'
        f'{lines}<div class="beats">{escape(card.beats)}</div></div>'
    )


def _card_row(row: CardRow) -> str:
    strip = ""
    if row.lever is not None and row.number is not None:
        (rest, *_) = row.lever.kind.numbers(row.lever.rest)
        least, most = row.lever.seen or (rest, rest)
        # The strip ends a little beyond what was seen and where the lever stands, whatever else it could hold.
        low, high = min(least, rest, row.number), max(most, rest, row.number)
        room = 0.15 * (high - low) or 1.0
        low, high = low - room, high + room

        def at(point: float) -> float:
            return round(100 * (point - low) / (high - low), 1)

        strip = (
            f'<span class="cc-lever" aria-hidden="true"><i style="left:{at(least)}%;width:{round(at(most) - at(least), 1)}%">'
            f'</i><u style="left:{at(row.number)}%"></u></span>'
        )
    return f'<div class="row"><span>{escape(row.label)}</span>{strip}<b>{escape(row.value)}</b></div>'


def seen_strip(lever: Lever, *, value: float, low: float, high: float) -> str:
    """Under a widget: what the city's history has shown of this lever (blue), and what was never tried (hatched).

    Parameters
    ----------
    lever : of numbers, with the range that was seen.
    value : where it stands.
    low, high : the ends of the strip, in the lever's unit.
    """

    def at(point: float) -> float:
        return round(100 * (min(max(point, low), high) - low) / (high - low), 1)

    (rest, *_) = lever.kind.numbers(lever.rest)
    least, most = lever.seen or (rest, rest)
    outside = value != rest and not least <= value <= most
    one_unit = lever.unit if lever.unit == SHARE else ""  # of a share each end has its sign
    evidence = {"low": text_of(amount(least, one_unit)), "high": text_of(amount(most, lever.unit))}
    seen = say("page.seen", evidence) if least < most else say("page.never_seen")
    never = f"<b>{escape(say('page.never_tried'))}</b>" if outside else ""
    return (
        f'<div class="cc-seen" aria-hidden="true"><i style="left:{at(least)}%;width:{round(at(most) - at(least), 1)}%"></i>'
        f'<u style="left:{at(rest)}%"></u></div><div class="cc-seentext"><span>{escape(seen)}</span>{never}</div>'
    )
