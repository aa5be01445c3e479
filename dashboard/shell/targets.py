"""The targets of a city and the chance of each, as more than one view shows them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analytics.monitoring.targets import Chance
from dashboard import markup
from data.words import as_number, as_percent, say

__all__ = ["targets"]


def targets(chances: Sequence[Chance]) -> None:
    """The targets and the chance of each; nothing where there are none."""
    if not chances:
        return
    st.html(markup.section(say("targets.section"), say("targets.section_sub")))
    st.html(markup.table(*_rows(chances), right=(1,), label=say("targets.section")))
    scored = [each.brier for chance in chances for each in chance.statements if each.brier is not None]
    if scored:
        evidence = {"n": len(scored), "brier": sum(scored) / len(scored)}
        st.html(markup.source_line(say("targets.earlier", evidence)))


def _rows(chances: Sequence[Chance]) -> markup.Rows:
    """Each target: its chance in per cent and in words, and where 8 in 10 futures end."""
    rows = []
    for chance in chances:
        word = say("targets.over") if chance.over else str(chance.word)
        span = f"{as_number(chance.low)} – {as_number(chance.high)} {chance.unit}"
        rows.append([chance.target.title, as_percent(chance.probability), word, span])
    return [say(f"targets.{key}") for key in ("target", "chance", "word", "range")], rows
