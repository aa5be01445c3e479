"""Buttons, and keys, that enlarge a map and move over it; what is seen is in the link."""

from __future__ import annotations

import re

import streamlit as st

from dashboard import markup
from dashboard.figures.maps import WHOLE, Window
from dashboard.shell.session import keep, link, linked, recall
from data.words import say

__all__ = ["move_buttons", "seen_window"]

SEEN = "seen"  # what a link calls the part of a map that is seen
STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)  # times that a map is enlarged
STRIDE = 0.35  # of what is seen, from one press to the next
FORM = re.compile(r"(\d(?:\.\d)?)x(\d{1,3})x(\d{1,3})")  # zoom, and the middle in per cent
MOVES = (
    ("left", ":material/arrow_back:", "Shift+Left", -1, 0),
    ("up", ":material/arrow_upward:", "Shift+Up", 0, 1),
    ("down", ":material/arrow_downward:", "Shift+Down", 0, -1),
    ("right", ":material/arrow_forward:", "Shift+Right", 1, 0),
)


def seen_window(*, of: str) -> Window:
    """What is seen of a map: the whole, unless the link or somebody says another part.

    Parameters
    ----------
    of : what the whole is (an area's id); of another whole all is seen.

    Returns
    -------
    Window
        As ``move_buttons`` change it.
    """
    kept = recall(SEEN)
    asked = linked(SEEN)
    if kept is None and asked:
        kept = (of, _read(asked))
        if kept[1] is None:
            named = {"label": say("page.map_part"), "value": asked, "shown": say("page.whole_map")}
            st.warning(markup.label(say("page.link_unknown", named)), icon=":material/link_off:")
    window = kept[1] if kept is not None and kept[0] == of and kept[1] is not None else WHOLE
    keep(SEEN, (of, window))
    link(SEEN, "" if window == WHOLE else f"{window.zoom:g}x{round(100 * window.x)}x{round(100 * window.y)}")
    return window


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


def move_buttons(window: Window, *, of: str) -> None:
    """Buttons that enlarge, make smaller and move what is seen, each with a key of the keyboard.

    Parameters
    ----------
    window : what is seen.
    of : what the whole is.
    """
    at = STEPS.index(window.zoom)
    closer, wider = (STEPS[min(max(at + step, 0), len(STEPS) - 1)] for step in (1, -1))
    stride = round(STRIDE / window.zoom, 2)  # as whole as what a link says, so that the way back leads to where one was
    with st.container(horizontal=True, gap=None, key="map-moves"):
        _button("closer", ":material/add:", "Shift+PageUp", window._replace(zoom=closer), window, of)
        _button("wider", ":material/remove:", "Shift+PageDown", window._replace(zoom=wider), window, of)
        for name, icon, shortcut, across, up in MOVES:
            there = window._replace(x=window.x + across * stride, y=window.y + up * stride)
            _button(name, icon, shortcut, there, window, of)
        _button("whole", ":material/fit_screen:", "Shift+Home", WHOLE, window, of)


def _button(name: str, icon: str, shortcut: str, there: Window, here: Window, of: str) -> None:
    there = _inside(there)
    keyed = {"move": say(f"page.map_{name}"), "key": shortcut}
    st.button(
        say(f"page.map_{name}"), key=f"map-{name}", icon=icon, type="tertiary", shortcut=shortcut,
        help=markup.label(say("page.map_key", keyed)), disabled=there == here, on_click=keep, args=(SEEN, (of, there)),
    )  # fmt: skip
