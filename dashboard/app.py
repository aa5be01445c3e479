"""What is drawn for each visitor: one style block, the navigation, and the view that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard.shell.guide import guide
from dashboard.shell.panels import tell
from dashboard.shell.rooms import watch_rooms
from dashboard.shell.session import ALONE, VIEW, keep, linked, reader_language, theme
from dashboard.style import style_block
from dashboard.views.decisions import view as decisions
from dashboard.views.evaluation import view as evaluation
from dashboard.views.hotspots import view as hotspots
from dashboard.views.models import view as models
from dashboard.views.models.asking import ask
from dashboard.views.outlook import view as outlook
from dashboard.views.overview import view as overview
from dashboard.views.scenarios import view as scenarios
from dashboard.views.traffic import view as traffic
from data.words import say, use_language

HERE = Path(__file__).parent

HOME = "overview"  # lives at the root of the server
VIEWS: dict[str, Callable[[], None]] = {
    "overview": overview.show,
    "outlook": outlook.show,
    "hotspots": hotspots.show,
    "scenarios": scenarios.show,
    "traffic": traffic.show,
    "evaluation": evaluation.show,
    "decisions": decisions.show,
    "models": models.show,
}


def main() -> None:
    """Draw one page, in the reader's language."""
    with use_language(reader_language()):
        _draw()


def _draw() -> None:
    st.set_page_config(page_title="Civicast", page_icon=str(HERE / "icon.svg"), layout="wide")
    st.logo(str(HERE / f"logo-{theme()}.svg"), size="large")
    st.html(style_block(theme(), alone=bool(linked(ALONE))))
    pages = [
        st.Page(partial(tell, show), title=say(f"pages.{name}"), url_path=name, default=name == HOME)
        for name, show in VIEWS.items()
    ]
    page = st.navigation(pages, position="top")
    keep(VIEW, page.title)
    if linked(ALONE):
        page.run()
        return
    box = st.container(key="ask-box")
    guide()
    page.run()
    with box:  # last, so that an answer that has to be worked out holds up nothing else
        ask()
    watch_rooms()
