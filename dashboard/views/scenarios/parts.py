"""On whom and where an option falls, for measures that have areas."""

from __future__ import annotations

import streamlit as st

from analytics.scenarios import Comparison
from dashboard.figures.charts import group_chart
from dashboard.figures.maps import difference_map
from dashboard.shell.panels import show
from data import City

__all__ = ["who_and_where"]


def who_and_where(found: Comparison, city: City, *, chosen: str) -> None:
    """The first measure by group and on the map; nothing for a measure without areas."""
    who, where = st.columns([5.6, 6.4], gap="large")
    primary = found.measures[0].name
    if (chosen, primary) in found.by_group:
        with who:
            show(group_chart(found, option=chosen, measure=primary))
    if (chosen, primary) in found.by_area:
        with where:
            show(difference_map(found, city=city, option=chosen, measure=primary))
