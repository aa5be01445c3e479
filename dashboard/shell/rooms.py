"""Figures that are drawn in two ways, for wide rooms and narrow ones: the browser tells which fits, and only that is drawn."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from dashboard.shell.session import keep, recall

__all__ = ["NARROW_PIXELS", "fitting", "watch_rooms"]

NARROW_PIXELS = 520  # of a room, at most; style.css states it, too
ROOMS = "rooms"  # the key of what watches them
DRAWN = "rooms-drawn"  # under which is kept what each was drawn for, where it was drawn once
FOLDER = Path(__file__).parent.parent / "browser"
SCRIPT = "rooms.js"
COMPONENT = f"civicast.{ROOMS}"


def fitting(name: str, draw: Callable[[bool], object]) -> None:
    """What is drawn otherwise in a narrow room: the one that fits, or both where the browser has not yet told its room's width.

    Of two the style shows the one that fits.

    Parameters
    ----------
    name : of what is drawn, once a page.
    draw : draws it, for a room of 520 pixels at most where it is given True, and for a wider one where False.
    """
    fits = _narrow(name)
    keep(DRAWN, recall(DRAWN, {}) | {name: fits})
    with st.container(key=f"fits-{name}", gap=None):
        for narrow in (False, True):
            # The place of each is the same whether or not the other is there, and an empty one is not to be seen.
            with st.container(key=f"{'narrow' if narrow else 'wide'}-{name}" if fits is None else None):
                if fits in (None, narrow):
                    draw(narrow)


def watch_rooms() -> None:
    """Let the browser tell the widths of a page's rooms from now on: once a page, after all that it holds."""
    with st.container(key="watch"):
        _watch()


@st.fragment
def _watch() -> None:
    """What is told is remembered for the next step of the page; at once only where what is seen does not fit its room."""
    _component()(key=ROOMS, data={"narrow": NARROW_PIXELS}, on_narrow_change=lambda: None)
    if any(narrow not in (None, _narrow(name)) for name, narrow in recall(DRAWN, {}).items()):
        st.rerun()


def _narrow(name: str) -> bool | None:
    """Whether a room is narrow; None where nothing, or no such thing, was told."""
    reported = (recall(ROOMS) or {}).get("narrow")
    narrow = reported.get(name) if isinstance(reported, dict) else None
    return narrow if isinstance(narrow, bool) else None


def _component() -> Callable[..., Any]:
    """What draws the watcher. Its script comes from an address of the app: one within the page would be refused."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(COMPONENT) is None:
        manifest = ComponentManifest("civicast", "", [ComponentConfig(ROOMS, FOLDER.name)])
        manager.register_from_manifest(manifest, FOLDER.parent)
    return _declared()


@cache
def _declared() -> Callable[..., Any]:
    return st.components.v2.component(COMPONENT, js=SCRIPT)
