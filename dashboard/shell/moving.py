"""Maps with buttons, and keys, that enlarge them and move over them; what is seen of each is in the link."""

from __future__ import annotations

import re
from collections.abc import Callable

import streamlit as st

from dashboard import markup
from dashboard.figures.chart import Chart
from dashboard.figures.maps import WHOLE, Window
from dashboard.shell.panels import figure
from dashboard.shell.session import keep, link, linked, recall
from data.words import say

__all__ = ["moving_map", "seen_window"]

MAP = "map"  # the name of a page's map, where it has no other
SEEN = "seen"  # what a link calls the part of it that is seen; of another map its name stands behind
STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)  # times that a map is enlarged
STRIDE = 0.35  # of what is seen, from one press to the next
FORM = re.compile(r"(\d(?:\.\d)?)x(\d{1,3})x(\d{1,3})")  # zoom, and the middle in per cent
MOVES = (
    ("left", ":material/arrow_back:", "Shift+Left", -1, 0),
    ("up", ":material/arrow_upward:", "Shift+Up", 0, 1),
    ("down", ":material/arrow_downward:", "Shift+Down", 0, -1),
    ("right", ":material/arrow_forward:", "Shift+Right", 1, 0),
)


def seen_window(name: str = MAP, *, of: str = "") -> Window:
    """What is seen of a map: the whole, unless the link or somebody says another part.

    Parameters
    ----------
    name : of the map.
    of : what the whole is (an area's id); of another whole all is seen.

    Returns
    -------
    Window
        As the buttons under ``moving_map`` change it.
    """
    seen = _key(name)
    kept = recall(seen)
    asked = linked(seen)
    if kept is None and asked:
        kept = (of, _read(asked))
        if kept[1] is None:
            named = {"label": say("page.map_part"), "value": asked, "shown": say("page.whole_map")}
            st.warning(markup.label(say("page.link_unknown", named)), icon=":material/link_off:")
    window = kept[1] if kept is not None and kept[0] == of and kept[1] is not None else WHOLE
    keep(seen, (of, window))
    link(seen, "" if window == WHOLE else f"{window.zoom:g}x{round(100 * window.x)}x{round(100 * window.y)}")
    return window


def _key(name: str) -> str:
    return SEEN if name == MAP else f"{SEEN}_{name}"


def _read(asked: str) -> Window | None:
    found = FORM.fullmatch(asked)
    if found is None or float(found[1]) not in STEPS:
        return None
    return _inside(Window(float(found[1]), int(found[2]) / 100, int(found[3]) / 100))


def _inside(window: Window) -> Window:
    """With its middle where all that is seen lies within the whole."""
    if window.zoom == 1.0:
        return WHOLE
    half = 0.5 / window.zoom
    x, y = (round(min(max(each, half), 1 - half), 2) for each in (window.x, window.y))
    return Window(window.zoom, x, y)


def moving_map(
    chart: Chart,
    window: Window,
    *,
    name: str = MAP,
    of: str = "",
    keys: bool = True,
    subtitle: str | None = None,
    title: bool = True,
    tell: Callable[[tuple[str, ...]], None] | None = None,
    chosen: str = "",
) -> None:
    """A map, and under it the buttons that enlarge and move it and the switch to its table in one row.

    Parameters
    ----------
    chart : drawn for the window.
    window : what is seen, as ``seen_window`` tells it of the same ``name`` and ``of``.
    name, of : as there.
    keys : whether keys do the same; of several maps on a page one may have them.
    subtitle, title, tell, chosen : as in ``panels.figure``.
    """
    # A map that begins what it stands in is seen above its buttons and comes after them: whoever looks for the first control of
    # a tab (the browser, at each change in it) finds it at once, and not behind the hundreds of elements of a figure.
    with st.container() if title else st.container(key=f"map-turned-{name}"):
        above = st.container() if title else None
        with st.container(key=f"map-controls-{name}", horizontal=True, vertical_alignment="center", gap="small"):
            _buttons(window, name, of, keys)
            switch = st.container(width="content")
        with above or st.container():
            figure(
                chart,
                subtitle=subtitle,
                title=title,
                source=False,
                tell=tell,
                chosen=chosen,
                switch=switch,
                moved=True,
            )
    st.html(markup.source_line(f"{chart.source} {chart.interval}".strip()))


def _buttons(window: Window, name: str, of: str, keys: bool) -> None:
    """One that enlarges; of a part the others too, each with a key of the keyboard. What could do nothing is not sent."""
    at = STEPS.index(window.zoom)
    closer, wider = (STEPS[min(max(at + step, 0), len(STEPS) - 1)] for step in (1, -1))
    stride = round(STRIDE / window.zoom, 2)  # as whole as what a link says, so that the way back leads to where one was
    moves = [("closer", ":material/add:", "Shift+PageUp", window._replace(zoom=closer))]
    if window != WHOLE:
        moves.append(("wider", ":material/remove:", "Shift+PageDown", window._replace(zoom=wider)))
        for move, icon, shortcut, across, up in MOVES:
            there = window._replace(x=window.x + across * stride, y=window.y + up * stride)
            moves.append((move, icon, shortcut, there))
        moves.append(("whole", ":material/fit_screen:", "Shift+Home", WHOLE))
    with st.container(horizontal=True, gap=None, key=f"map-moves-{name}"):
        for move, icon, shortcut, there in moves:
            there = _inside(there)
            words = say(f"page.map_{move}")
            keyed = say("page.map_key", {"move": words, "key": shortcut}) if keys else words
            st.button(
                markup.label(words), key=f"{name}-{move}", icon=icon, type="tertiary", shortcut=shortcut if keys else None,
                help=markup.label(keyed), disabled=there == window, on_click=keep, args=(_key(name), (of, there)),
            )  # fmt: skip
