"""The parts of the register: the tables first, then cards, the record of one entry, and every caveat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from analytics.hotspots.backtesting.standing import JUDGED_AT
from dashboard import markup
from dashboard.figures.exports import MIME
from dashboard.figures.exports.files import named
from dashboard.help.glossary import terms
from dashboard.markup.models import ModelCard, model_cards
from dashboard.markup.words import glossary
from dashboard.shell.cached import table_file_of
from dashboard.shell.controls import chosen_name, link_to
from dashboard.shell.panels import take_along
from dashboard.shell.rooms import fitting
from dashboard.views.models.briefing import models_briefing
from dashboard.views.models.measurements import Measurements
from dashboard.views.models.record import record_of
from dashboard.views.models.register import (
    FITNESS,
    Entry,
    broken,
    caveat_rows,
    confined,
    finding,
    fitness_counts,
    fitness_words,
    unmeasured,
)
from dashboard.views.models.tables import EXPLAINED, forecast_frame, hotspot_frame, titled
from data import City, fingerprint_of, strictest
from data.words import language, say, text

__all__ = ["Shown", "cards", "caveats", "fitness_titles", "kept", "records", "tables", "words"]

NUMBERS = {  # their units stand in the headings
    "error": "%.0f", "low": "%.0f", "high": "%.0f", "coverage": "%.0f", "seconds": "%.1f", "hit_rate": "%.0f",
    "ratio": "%.2f", "ratio_low": "%.2f", "ratio_high": "%.2f", "coverage_90": "%.0f", "origins": "%d", "windows": "%d",
}  # fmt: skip
ROW, TALLEST = 35, 420  # pixels of a row, and of a table before it scrolls
WIDTHS = {"map": 268}  # pixels
# In a narrow room: with what a table begins, the first of them standing still, and their widths, which leave a phone room
# for the beginning of the next column.
FIRST = {"forecasts": ("model", "error", "coverage", "series"), "hotspots": ("method", "hit_rate", "rank")}
NARROWED = {"model": 132, "error": 72, "coverage": 84, "series": 120, "method": 124, "hit_rate": 72, "rank": 60}


@dataclass(frozen=True, eq=False)
class Shown:
    """What the page shows: the city, what is stored of it, all entries, and those that the filters leave."""

    city: City
    measured: Measurements
    whole: Sequence[Entry]
    left: Sequence[Entry]

    def named(self, kind: str) -> frozenset[str]:
        """The names of those of a kind that are left."""
        return frozenset(each.name for each in self.left if each.kind == kind)


def fitness_titles(found: Sequence[Entry]) -> dict[str, str]:
    """What the pills say: each verdict with how many have it; those that nobody has are not offered."""
    counts = fitness_counts(found)
    offered = {name: say(f"models.pill_{name}", {"n": counts[name]}) for name in FITNESS if counts[name]}
    return {"all": say("models.pill_all", {"n": len(found)}), **offered}


def kept(found: Sequence[Entry], *, kind: str, fitness: str) -> list[Entry]:
    """The entries that the filters leave.

    Parameters
    ----------
    found : all of them.
    kind : of the entry; "all" leaves all.
    fitness : a name of ``FITNESS``; "all" leaves all.

    Returns
    -------
    list
        In their order.
    """

    def verdict(each: Entry) -> object:
        return None if each.fitness is None else each.fitness.severity

    return [
        each for each in found if kind in ("all", each.kind) and (fitness == "all" or verdict(each) == FITNESS[fitness])
    ]


def tables(shown: Shown) -> None:
    """What has been measured, as tables that can be sorted, and their files."""
    forecasts = forecast_frame(shown.measured, only=shown.named("forecasting"))
    maps = hotspot_frame(shown.measured, only=shown.named("hotspots"))
    for name, frame in (("forecasts", forecasts), ("hotspots", maps)):
        if len(frame):
            st.html(markup.section(say(f"models.table_{name}"), say(f"models.results_{name}", {"share": JUDGED_AT})))
            _sortable(name, frame)
    if forecasts.empty and maps.empty:
        st.html(markup.paragraph(say("models.nothing_measured")))
    without = unmeasured(shown.left, shown.measured)
    if without:
        st.html(markup.source_line(say("models.without", {"names": without, "n": len(without)})))
    st.html(markup.source_line(say("models.verdict_rule")))
    with st.container(horizontal=True, gap="small"):
        for name, frame in (("forecasts", forecasts), ("hotspots", maps)):
            if len(frame):
                _files(shown, frame, name=name)
        if shown.left:
            take_along(models_briefing, shown.measured, shown.left, city=shown.city)


def _sortable(name: str, frame: pd.DataFrame) -> None:
    """The table as it is sorted by its heads; in a narrow room what matters most stands first, and the rest is swiped to."""
    key, height = f"table-{name}", min(TALLEST, ROW * (len(frame) + 1) + 3)

    def draw(narrow: bool) -> None:
        first = FIRST[name] if narrow else ()
        columns = {each: _column(each, first) for each in frame.columns}
        order = [*first, *(each for each in frame.columns if each not in first)]
        st.dataframe(
            frame, hide_index=True, column_config=columns, column_order=order, height=height,
            key=f"{key}-narrow" if narrow else key,
        )  # fmt: skip

    fitting(key, draw)


def _column(name: str, first: Sequence[str]) -> ColumnConfig:
    """How a column is headed and written; those that come ``first`` are narrow, and the very first stays where it is."""
    head = say(f"models.short_{name}" if name in first and name in NUMBERS else f"models.head_{name}")
    pinned = name in first[:1]
    width = NARROWED[name] if name in first else WIDTHS.get(name)
    if name in NUMBERS:
        return st.column_config.NumberColumn(head, format=NUMBERS[name], help=_help(name), width=width, pinned=pinned)
    return st.column_config.TextColumn(head, help=_help(name), width=width, pinned=pinned)


def _help(name: str) -> str | None:
    return say(f"models.help_{name}") if name in EXPLAINED else None


def _files(shown: Shown, frame: pd.DataFrame, *, name: str) -> None:
    """The table as CSV and as a workbook, with where it comes from."""
    title = say(f"models.table_{name}")
    table = titled(frame)
    sources = [text(each.origin) for each in shown.measured.made_from]
    stated = (
        (say("statement.headline"), finding(shown.left)),
        (say("statement.title"), f"{title}, {shown.city.name}"),
        (say("statement.subtitle"), say(f"models.results_{name}", {"share": JUDGED_AT})),
        (say("statement.source"), "; ".join(dict.fromkeys(sources))),
    )
    key = fingerprint_of(language(), stated, table)
    kind = strictest(each.classification for each in shown.measured.made_from)
    for format in ("csv", "xlsx"):
        st.download_button(
            say(f"models.file_{name}_{format}"),
            data=partial(table_file_of, key, format, language(), table, stated),
            file_name=named(f"{shown.city.name} {title}", usual="register", kind=kind, digest=key[:12], format=format),
            mime=MIME[format],
            key=f"register-{name}-{format}",
            on_click="ignore",
            icon=":material/download:",
        )


def cards(shown: Shown) -> None:
    """Each entry as a card, in an order that is read row by row."""
    st.html(markup.paragraph(say("models.bar")))
    st.html(model_cards([_card(each) for each in shown.left]))


def _card(each: Entry) -> ModelCard:
    facts: Mapping[str, Sequence[str]] = {
        say("models.needs"): each.inputs, say("models.wrong"): each.wrong, say("models.limits"): each.limits,
    }  # fmt: skip
    return ModelCard(
        title=each.title,
        fitness=each.fitness.severity if each.fitness else None,
        fitness_text=fitness_words(each.fitness),
        purpose=each.purpose,
        facts=facts,
        ratios=each.ratios,
        href=link_to("models", tab="record", record=each.key),
        link=say("models.full_record"),
    )


def records(shown: Shown) -> None:
    """The full record of one entry, and its file."""
    titles = {each.key: say("models.of_kind", {"title": each.title, "kind": say(f"models.kind_{each.kind}")})
              for each in shown.whole}  # fmt: skip
    chosen = chosen_name(say("models.record"), titles, key="record")
    entry = next(each for each in shown.whole if each.key == chosen)
    for table in record_of(entry, shown.measured):
        st.html(markup.section(table.title, table.subtitle))
        st.html(markup.table(table.heads, table.rows, right=table.right, label=table.title))
    take_along(models_briefing, shown.measured, [entry], city=shown.city)


def words(shown: Shown) -> None:
    """The words that pages use, each with where it is met."""
    rows = [(each.title, each.meaning, link_to(each.view, **each.link), say(f"pages.{each.view}")) for each in terms()]
    title = say("glossary_page.title")
    heads = [say(f"glossary_page.{each}") for each in ("word", "is", "met")]
    st.html(markup.section(title, say("glossary_page.about")) + glossary(rows, heads=heads, label=title))


def caveats(shown: Shown) -> None:
    """Every caveat, and what does not work."""
    failed = broken()
    if failed:
        st.html(markup.section(say("models.broken"), say("models.broken_sub")))
        heads = [say("page.plugin"), say("page.why")]
        st.html(markup.table(heads, [[name, text(why)] for name, why in failed.items()]))
    kept_in = confined()
    if kept_in is not None:
        st.html(markup.paragraph(text(kept_in)))
    st.html(markup.section(say("models.caveats"), say("models.caveats_sub")))
    st.html(markup.table([say("page.caveat"), say("page.appears")], caveat_rows()))
