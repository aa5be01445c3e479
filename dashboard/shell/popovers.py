"""A popover whose content is made when somebody opens it: most who look at a page never do."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from data.words import say

__all__ = ["on_opening"]


def on_opening(label: str, draw: Callable[[], object], *, icon: str, key: str) -> None:
    """A button, and what it opens.

    Parameters
    ----------
    label : the code of its words.
    draw : makes what it opens.
    icon : before its words.
    key : of the popover, once a page.
    """
    with st.popover(say(label), icon=icon, key=key, on_change="rerun") as popover:
        if popover.open:
            draw()
