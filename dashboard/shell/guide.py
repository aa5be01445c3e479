"""A first visit in three steps, in one line above the page, until somebody puts it away."""

from __future__ import annotations

import streamlit as st

from dashboard.markup import words as markup_words
from dashboard.shell.session import keep, linked, recall
from data.words import say

__all__ = ["guide"]

GUIDE = "guide"  # what a link calls the step, and the key under which a session keeps it
OFF = "off"
STEPS = ("1", "2", "3")


def guide() -> None:
    """The step at which this session is; nothing where it was put away, here or by the link (``?guide=off``)."""
    if recall(GUIDE) is None:
        asked = linked(GUIDE)
        keep(GUIDE, asked if asked in (*STEPS, OFF) else STEPS[0])
    step = str(recall(GUIDE))
    if step == OFF:
        return
    with st.container(key="guide-line", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(markup_words.step(say("guide.step", {"n": step, "of": len(STEPS)}), say(f"guide.step_{step}")))
        if step != STEPS[-1]:
            following = STEPS[STEPS.index(step) + 1]
            st.button(say("guide.next"), key=f"{GUIDE}-next", on_click=keep, args=(GUIDE, following), type="tertiary")
        st.button(say("guide.close"), key=f"{GUIDE}-close", on_click=keep, args=(GUIDE, OFF), type="tertiary")
