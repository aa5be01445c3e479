"""A briefing as one file of HTML: pictures, letters and style inside it, and nothing fetched from anywhere."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape, unescape
from importlib import resources

import uharfbuzz as hb

from dashboard.briefings.briefing import Briefing, Table, numbers_of, reading, reopening, repeats_headline
from dashboard.briefings.words import LINES_TO_FILL, code_of, plain
from dashboard.figures.chart import Chart
from dashboard.figures.palette import SEVERITY_ROLES, colours
from dashboard.figures.render.file import to_plot
from dashboard.figures.render.typeset import SANS, SANS_STRONG, SERIF, path_of
from data.words import language, say

__all__ = ["to_html"]

FEATURES = (b"kern", b"lnum", b"tnum")  # of the letters, that the page's style asks for


def to_html(briefing: Briefing) -> bytes:
    """A page: finding, figures as shapes with words, tables, numbered notes, sources, receipt and the lines to fill in."""
    body = "".join(_body(briefing))
    style = resources.files("dashboard.briefings").joinpath("webpage.css").read_text(encoding="utf-8")
    roles = "".join(f"--{role}:{colour};" for role, colour in colours("light").items())
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="generator" content="Civicast"><title>{_safe(briefing.subject)} · {_safe(briefing.context[0])}</title>'
        f"<style>{''.join(_faces(body))}:root{{--edge:#{briefing.colour};{roles}}}{style}</style>"
    )
    return (
        f'<!doctype html><html lang="{language()}"><head>{head}</head><body><main>{body}</main></body></html>'.encode()
    )


def _faces(body: str) -> Iterator[str]:
    """The letters that the page needs, and no others."""
    for name in (SANS[0], SANS_STRONG[0], SERIF[0]):
        wanted = hb.SubsetInput()
        wanted.unicode_set.update(map(ord, unescape(body)))
        wanted.layout_feature_tag_set.clear()
        wanted.layout_feature_tag_set.update(int.from_bytes(each, "big") for each in FEATURES)
        wanted.flags = hb.SubsetFlags.NOTDEF_OUTLINE
        found = hb.subset(hb.Face(hb.Blob.from_file_path(str(path_of(name)))), wanted)
        yield f'@font-face{{font-family:"{name}";src:url({_data("font/ttf", found.blob.data)})}}'


def _body(briefing: Briefing) -> Iterator[str]:
    if briefing.brand.logo:
        yield f'<img class="logo" alt="{_safe(briefing.context[0])}" src="{_data("image/png", briefing.brand.logo)}">'
    yield from (f'<p class="tag">{_safe(mark)}</p>' for mark in briefing.marks)
    yield f'<p class="context">{_safe(" · ".join((*briefing.context, briefing.subject)))}</p>'
    yield f"<h1>{_safe(briefing.finding)}{_raised(range(1, len(briefing.caveats[:1]) + 1))}</h1>"
    yield from (f"<p>{_safe(each)}</p>" for each in briefing.statements)
    for part in briefing.parts:
        yield _table(part) if isinstance(part, Table) else _figure(briefing, part)
    yield from _notes(briefing)
    if briefing.sources.rows:
        yield _table(briefing.sources)
    code = f'<img class="code" alt="{_safe(say("briefing.code"))}" src="{_data("image/png", code_of(briefing))}">'
    before, address, behind = map(_safe, reopening(briefing))
    link = f'<a href="{address}" rel="noreferrer">{address}</a>' if address else ""
    yield f'<p class="small">{before}{link}{behind}</p>{code}'
    if briefing.decided:
        return
    lines = "".join(
        f"<tr><th scope=row>{_safe(say(f'briefing.decide_{each}'))}</th><td></td></tr>" for each in LINES_TO_FILL
    )
    yield f"<section><h2>{_safe(say('briefing.decide'))}</h2><p>{_safe(say('briefing.decide_about'))}</p>"
    yield f'<table class="fill">{lines}</table></section>'


def _figure(briefing: Briefing, part: Chart) -> str:
    numbers = numbers_of(briefing, part)
    above = "" if repeats_headline(briefing, part) else f"<p>{_safe(part.headline)}</p>"
    svg = to_plot(briefing.drawn(part), format="svg").decode()
    drawing = svg[svg.index("<svg") :].replace("<svg ", f'<svg role="img" aria-label="{_safe(part.alt)}" ', 1)
    lines = "".join(f"<p>{_safe(words)}</p>" for words in reading(part))
    title = f"<h2>{_safe(part.title)}{_raised(numbers)}</h2>"
    return f"<section>{title}{above}<figure>{drawing}<figcaption>{lines}</figcaption></figure></section>"


def _table(table: Table) -> str:
    def row(cells: tuple[str, ...], tag: str) -> str:
        return "".join(
            f"<{tag}{' class=r' if place in table.right else ''}{' scope=col' if tag == 'th' else ''}>{_safe(each)}</{tag}>"
            for place, each in enumerate(cells)
        )

    above = f"<p>{_safe(table.subtitle)}</p>" if table.subtitle else ""
    rows = "".join(f"<tr>{row(each, 'td')}</tr>" for each in table.rows)
    heads = row(table.heads, "th")
    title = _safe(table.title)
    return (
        f'<section><h2>{title}</h2>{above}<div class="scroll" tabindex="0" role="region" aria-label="{title}"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )


def _notes(briefing: Briefing) -> Iterator[str]:
    if not briefing.caveats:
        return
    yield f"<section><h2>{_safe(say('briefing.notes'))}</h2><ol>"
    for number, caveat in enumerate(briefing.caveats, start=1):
        word = f'<b style="color:var(--{SEVERITY_ROLES[caveat.severity]})">{_safe(caveat.severity_word)}</b>'
        yield f'<li id="note-{number}">{word} {_safe(caveat.message)} <small>{_safe(caveat.detail)}</small></li>'
    yield "</ol></section>"


def _raised(numbers: range | tuple[int, ...]) -> str:
    """The numbers of notes behind a title, each a way to its note."""
    links = ", ".join(f'<a href="#note-{each}">{each}</a>' for each in numbers)
    return f"<sup>{links}</sup>" if links else ""


def _safe(words: str) -> str:
    return escape(plain(words))


def _data(mime: str, content: bytes) -> str:
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"
