"""The script that Streamlit runs: one style block, the navigation, and the view that was asked for."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.shell.panels import tell
from dashboard.shell.session import theme
from dashboard.style import style_block
from dashboard.views.hotspots import view as hotspots
from dashboard.views.models import view as models
from dashboard.views.outlook import view as outlook
from dashboard.views.overview import view as overview
from dashboard.views.scenarios import view as scenarios
from data.words import say

HERE = Path(__file__).parent


def main() -> None:
    """Draw one page."""
    st.set_page_config(page_title="Civicast", page_icon=str(HERE / "icon.svg"), layout="wide")
    st.logo(str(HERE / f"logo-{theme()}.svg"), size="large")
    st.html(style_block(theme()))
    views = {"overview": overview, "outlook": outlook, "hotspots": hotspots, "scenarios": scenarios, "models": models}
    pages = [
        st.Page(
            lambda view=view: tell(view.show),
            title=say(f"pages.{name}"),
            url_path=name,
            default=name == "overview",
        )
        for name, view in views.items()
    ]
    st.navigation(pages, position="top").run()


# Streamlit runs this file as the main module; a worker process that it starts imports it, and must not draw a page.
if __name__ == "__main__":
    main()
