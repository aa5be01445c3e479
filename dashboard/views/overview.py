"""What is happening, beside the range that was expected, and how fresh is what we know?"""

from __future__ import annotations

import streamlit as st

from analytics.overview import Week
from dashboard import markup
from dashboard.controls import Opened, chosen_city
from dashboard.panels import WORDS, await_result, stale
from dashboard.tables import freshness_rows, set_aside_rows
from dashboard.work import weeks_of
from data.wording import as_count, as_date

MOST_FIGURES = 4


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    city = opened.city
    weeks = await_result(weeks_of, opened.path, opened.stamp, saying=WORDS.sentence("overview.working"))
    caveats = stale(
        city.provenances, [caveat for week in weeks for caveat in week.caveats if caveat.code == "synthetic_data"][:1]
    )
    tag = WORDS.sentence("labels.synthetic") if city.synthetic else ""
    st.html(markup.context_line([city.name, WORDS.sentence("page.newest", {"date": city.as_of})], tag=tag))
    left, right = st.columns([8.4, 3.6], gap="large")
    with left:
        _figures(weeks, caveats)
    with right:
        st.html(markup.section(WORDS.sentence("overview.fresh"), WORDS.sentence("overview.fresh_sub")))
        st.html(markup.table(*freshness_rows(city), right=(1,), label=WORDS.sentence("overview.fresh")))
        st.html(markup.margin_notes(caveats))
    st.html(markup.section(WORDS.sentence("overview.aside"), WORDS.sentence("overview.aside_sub")))
    st.html(markup.table(*set_aside_rows(city), right=(1, 2), label=WORDS.sentence("overview.aside")))
    st.html(markup.source_line(_source(opened)))


def _figures(weeks: tuple[Week, ...], caveats: tuple) -> None:  # type: ignore[type-arg]
    ranged = [week for week in weeks if week.low is not None]
    outside = [week for week in ranged if not week.low <= week.value <= week.high]  # type: ignore[operator]
    st.html(markup.headline(WORDS.sentence("overview.headline", {"k": len(outside), "n": len(ranged)}), caveats))
    columns = st.columns(min(MOST_FIGURES, max(len(weeks), 1)), gap="medium")
    for place, week in enumerate(weeks):
        with columns[place % len(columns)]:
            evidence = {
                "title": week.title,
                "low": week.low or 0,
                "high": week.high or 0,
                "end": week.end,
                "why": week.why_not,
            }
            code = "expected" if week.low is not None else "not_expected"
            low, high = (
                (week.low, week.high) if week.low is not None and week.high is not None else (week.value, week.value)
            )
            text = WORDS.sentence(f"overview.{code}", evidence)
            st.html(markup.expected_figure(week.title, week.value, low, high, text=as_count(week.value), expected=text))
            note = [WORDS.sentence("overview.week", evidence)] + (
                [WORDS.sentence("overview.police")] if week.police_initiated else []
            )
            st.html(markup.paragraph(" ".join(note)))


def _source(opened: Opened) -> str:
    city = opened.city
    sources = list(dict.fromkeys(f"{table.origin} ({table.licence})" for table in city.provenances))
    return WORDS.sentence(
        "overview.source", {"sources": sources, "date": as_date(city.as_of), "snapshot": city.fingerprint[:6]}
    )
