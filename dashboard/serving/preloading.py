"""What a browser is told to load with a page: the app on it would ask for it late, when the server has drawn the first figure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit

__all__ = ["links_of"]

SCRIPTS = "static/js"  # below the address of the app
DRAWS = "PlotlyChart.*.js"  # the part of Streamlit's app that holds plotly, 4.7 MB
WITH_FIGURES = ("outlook", "hotspots", "scenarios", "traffic")  # views that open with one


def links_of(folder: Path | None = None) -> Mapping[str, str]:
    """By view the header ``Link`` of its page; empty where this Streamlit names its scripts otherwise.

    Parameters
    ----------
    folder : of the app's static files (default: where Streamlit has them).
    """
    static = folder or Path(streamlit.__file__).parent / "static"
    found = sorted((static / SCRIPTS).glob(DRAWS))
    link = ", ".join(f"</{SCRIPTS}/{each.name}>; rel=modulepreload" for each in found)
    return dict.fromkeys(WITH_FIGURES, link) if link else {}
