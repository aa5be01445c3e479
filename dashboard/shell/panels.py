"""What is always shown together: a chart with its headline, source, notes and downloads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.results import Caveat
from dashboard import briefings, markup
from dashboard.briefings import Briefing
from dashboard.figures.chart import Chart, Choropleth
from dashboard.figures.exports import MIME, Format, file_name
from dashboard.figures.render.screen import KEY_LINE, can_choose, chosen_ids, least_height, screen_config
from dashboard.figures.statement import drawing, statement
from dashboard.shell.cached import briefing_file_of, file_of, once, sent_once
from dashboard.shell.explain import explain
from dashboard.shell.popovers import on_opening
from dashboard.shell.session import ALONE, DATA, linked, page_link, recall, theme
from dashboard.shell.tables import chart_or_table, charts_or_tables, sortable
from dashboard.style import cut_to_width
from data import City, CivicastError, fingerprint_of
from data.words import language, say

__all__ = [
    "all_rows",
    "data_stamp",
    "downloads",
    "figure",
    "figures",
    "files",
    "notes",
    "numbered_on",
    "show",
    "tag_of",
    "take",
    "take_along",
    "tell",
]

FORMATS: tuple[Format, ...] = ("png", "svg", "pdf", "csv", "xlsx")
OF_TABLES: tuple[Format, ...] = ("csv", "xlsx")
WRITTEN_BY = {"docx": "document", "pptx": "slides", "pdf": "paper", "html": "web"}
STAMP = 8  # digits
DOWNLOAD = ":material/download:"
NARROW = "-narrow"  # the end of a chart's name in its drawing for a phone


def show(
    chart: Chart, *, compact: bool = False, tell: Callable[[tuple[str, ...]], None] | None = None, chosen: str = ""
) -> None:
    """A chart with all that belongs to it: its finding, the figure, its source, its caveats and its files.

    Parameters
    ----------
    chart : what is drawn.
    compact : whether it stands beside the sentence that it draws: title, finding and source then wait with its caveats.
    tell, chosen : as in ``figure``.
    """
    figure(chart, subtitle=chart.headline, title=not compact, source=not compact, tell=tell, chosen=chosen)
    take(chart, compact=compact)


def take(chart: Chart, *, compact: bool = False) -> None:
    """What explains a chart, and what opens its notes and files; as in ``show``."""

    def draw() -> None:
        if compact:
            st.html(
                markup.section(chart.title, chart.headline) + markup.source_line(f"{chart.source} {chart.interval}")
            )
        notes(chart.caveats, on=chart.title)
        files(chart)

    with st.container(horizontal=True, gap="small"):
        explain(chart)
        on_opening("page.export", draw, icon=DOWNLOAD, key=f"take-{chart.name}")


def numbered_on(caveats: Sequence[Caveat], *, above: Sequence[Caveat]) -> tuple[Caveat, ...]:
    """The page's caveats, and behind them those that it does not tell yet: a number means one thing on a page.

    Parameters
    ----------
    caveats : of a part of the page.
    above : the page's, which stand on it with their numbers.
    """
    known = {caveat.message for caveat in above}
    return (*above, *(each for each in caveats if each.message not in known))


def notes(caveats: Sequence[Caveat], *, on: str = "", above: Sequence[Caveat] = ()) -> None:
    """What this cannot tell, numbered; nothing where there is nothing to say.

    Parameters
    ----------
    caveats : the gravest first.
    on : what they are about, where a page has other notes too.
    above : the page's, which stand on it already: those are not said again, and the numbers of the others go on from theirs.
    """
    if shown := markup.margin_notes(numbered_on(caveats, above=above), on=on, since=len(above)):
        st.html(shown)


def figure(
    chart: Chart,
    *,
    subtitle: str | None = None,
    title: bool = True,
    source: bool = True,
    tell: Callable[[tuple[str, ...]], None] | None = None,
    chosen: str = "",
    switch: DeltaGenerator | None = None,
    moved: bool = False,
) -> None:
    """The figure alone, for the chart that a page is about: its finding is the page's headline, its notes the margin.

    Where the link asks for this figure and nothing else, it brings finding, source and notes along.

    Parameters
    ----------
    chart : what is drawn.
    subtitle : stands under the title in place of the chart's own.
    title, source : whether they stand above and below.
    tell : is told the ids of the points or areas that somebody chose, where the chart has such.
    chosen : what is chosen already; with another choice the figure forgets what was pointed at, so that it may be again.
    switch : where the switch between the chart and its table stands, beside other controls; under the figure where None.
    moved : whether the page enlarges and moves a map, so that the figure needs no buttons of its own.
    """
    if linked(ALONE).removesuffix(NARROW) == chart.name.removesuffix(NARROW):
        # What is drawn in two ways is alone in both: the style shows the one that fits.
        with st.container(key=f"alone-{chart.name}"):
            st.html(markup.headline(chart.headline, chart.caveats))
            _drawn(chart, subtitle=None, title=True, source=True, tell=None, chosen="", switch=None, moved=False)
            st.html(markup.margin_notes(chart.caveats, on=chart.title))
    else:
        _drawn(
            chart, subtitle=subtitle, title=title, source=source, tell=tell, chosen=chosen, switch=switch, moved=moved
        )


def _drawn(
    chart: Chart,
    *,
    subtitle: str | None,
    title: bool,
    source: bool,
    tell: Callable[[tuple[str, ...]], None] | None,
    chosen: str,
    switch: DeltaGenerator | None,
    moved: bool,
) -> None:
    if title:
        st.html(markup.section(chart.title, chart.subtitle if subtitle is None else subtitle))
    # What stands above it as text is not said again.
    key = "-".join(filter(None, ("figure", chart.name, chosen)))
    _plot(
        chart,
        key=key,
        alt=chart.alt if title else f"{chart.headline} {chart.alt}",
        tell=tell,
        switch=switch,
        moved=moved,
    )
    if source:
        st.html(markup.source_line(f"{chart.source} {chart.interval}".strip()))


def _plot(
    chart: Chart,
    *,
    key: str,
    alt: str,
    tell: Callable[[tuple[str, ...]], None] | None,
    switch: DeltaGenerator | None = None,
    moved: bool = False,
) -> None:
    """The chart or its table; of a chart whose points can be chosen ``tell`` is told which were."""
    chosen = {}
    if tell is not None and can_choose(chart):
        chosen = {"on_select": lambda: tell(chosen_ids(recall(key, {}))), "selection_mode": "points"}
    drawn = partial(_sent, chart, key=key, alt=alt, moved=moved, **chosen)
    metres = _in_metres(chart)
    if not (metres or chosen):
        chart_or_table(chart, drawn, switch=switch)
        return
    if metres:
        st.html(cut_to_width(key, height=least_height(chart)))
    with st.container(key=f"room-{key}"):
        chart_or_table(chart, drawn, switch=switch)


def figures(charts: Sequence[Chart]) -> None:
    """Charts of one kind as the panels of one figure: one switch to their tables, one key and one source under the last.

    Where the link asks for one of them and nothing else, they are figures of their own.
    """
    *above, last = charts
    if linked(ALONE):
        for chart in charts:
            figure(chart, title=False, source=chart is last)
        return
    drawn = {chart: partial(_panel, once(_without_key, chart)) for chart in above} | {last: partial(_panel, last)}
    with st.container(gap=None, key=f"panels-{charts[0].name}"):
        charts_or_tables(drawn)
    st.html(markup.source_line(f"{last.source} {last.interval}".strip()))


def _panel(chart: Chart) -> None:
    _sent(chart, key=f"figure-{chart.name}", alt=f"{chart.headline} {chart.alt}")


def _sent(chart: Chart, *, key: str, alt: str, moved: bool = False, **chosen: Any) -> None:
    config = screen_config(chart, moved=moved)
    st.plotly_chart(sent_once(chart, theme=theme()), theme=None, config=config, key=key, alt=alt, **chosen)


def _without_key(chart: Chart) -> Chart:
    return replace(chart, key=(), height=chart.height - KEY_LINE)


def _in_metres(chart: Chart) -> bool:
    return chart.x.kind == "map" and not any(isinstance(mark, Choropleth) for mark in chart.marks)


def downloads(chart: Chart) -> None:
    """What explains the chart, and what opens its files."""
    with st.container(horizontal=True, gap="small"):
        explain(chart)
        on_opening("page.export", partial(files, chart), icon=DOWNLOAD, key=f"take-{chart.name}")


def files(chart: Chart) -> None:
    """Buttons that give a chart away with its caveats inside; a file is drawn when it is asked for."""
    with st.container(horizontal=True, gap="small"):
        content = _key(chart)
        for format in FORMATS if chart.marks else OF_TABLES:
            st.download_button(
                say(f"page.download_{format}"),
                data=partial(file_of, content, format, language(), chart),
                # The name holds a hash of what is in the file: the server tells downloads apart by their names.
                file_name=file_name(chart, format=format, content=content.encode()),
                mime=MIME[format],
                key=f"download-{chart.name}-{format}",
                on_click="ignore",
                icon=DOWNLOAD,
            )
        if chart.marks:
            on_opening(
                "page.alone", partial(_link_to, chart), icon=":material/frame_source:", key=f"frame-{chart.name}"
            )


def all_rows(made: Callable[[], Chart], *, name: str, of: str = "") -> None:
    """What opens the whole of a table whose first rows stand above it: to be sorted, explained and taken along.

    Parameters
    ----------
    made : gives a chart without marks, when somebody opens it.
    name : of the table, once a page.
    of : what it is of, where more than one such stands there.
    """
    label = say("page.all_rows_of", {"of": of}) if of else say("page.all_rows")

    with st.expander(markup.label(label), key=f"rows-{name}", on_change="rerun") as opened:
        if opened.open:
            chart = made()
            st.html(markup.section(chart.title, chart.subtitle) + markup.paragraph(chart.headline))
            sortable(chart)
            st.html(markup.source_line(f"{chart.source} {chart.interval}"))
            notes(chart.caveats, on=chart.title)
            files(chart)


def _link_to(chart: Chart) -> None:
    """The address that shows the figure and nothing else."""
    st.html(markup.paragraph(say("page.alone_about")))
    st.code(page_link(**{ALONE: chart.name}), language=None, wrap_lines=True)


def take_along(brief: Callable[..., Briefing], *results: object, city: City, stamp: str = "", **shown: object) -> None:
    """Buttons that give a whole page away in one file, and its link; a file is written when it is asked for.

    Parameters
    ----------
    brief : makes the briefing of a view; it is given the city, the page's link and the day besides.
    results : that it is made of.
    city : whose page it is.
    stamp : what stands for the content of its tables, where that is known without opening them.
    shown : how the results are shown.
    """
    popover = st.popover(say("briefing.take"), icon=":material/description:", key="take-along", on_change="rerun")
    with popover:
        st.html(markup.paragraph(say("briefing.take_about")))
        if popover.open:  # what it is made of takes as long as a figure, and most who look at the page take nothing
            address = page_link(**{DATA: stamp[:STAMP] or data_stamp(city)})
            _briefing_files(brief(*results, **shown, city=city, link=address, made=pd.Timestamp.now()))
            st.html(markup.paragraph(say("page.link_about")))
            st.code(address, language=None, wrap_lines=True)


def _briefing_files(briefing: Briefing) -> None:
    key = briefings.key_of(briefing)
    with st.container(horizontal=True, gap="small"):
        for format in briefings.FORMATS:
            st.download_button(
                say(f"briefing.{WRITTEN_BY[format]}"),
                data=partial(briefing_file_of, key, format, language(), briefing),
                file_name=briefings.file_name(briefing, key=key, format=format),
                mime=briefings.MIME[format],
                key=f"briefing-{format}",
                on_click="ignore",
                icon=DOWNLOAD,
            )


def data_stamp(city: City) -> str:
    """What stands for the content of a city's tables in a link."""
    return city.fingerprint[:STAMP]


def _key(chart: Chart) -> str:
    return fingerprint_of(language(), chart.name, statement(chart), chart.table, drawing(chart))


def tag_of(synthetic: bool) -> str:
    """The tag beside the context line."""
    return say("labels.synthetic") if synthetic else ""


def tell(view: Callable[[], None]) -> None:
    """Run a view; what it refuses is told in one sentence, with the page still standing."""
    try:
        view()
    except CivicastError as error:
        st.error(markup.label(str(error)), icon=":material/info:")
