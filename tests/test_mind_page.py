"""What would change our mind, on the page: every number of it as a mark, in words and in the files."""

from __future__ import annotations

from dataclasses import replace

import example_results as examples
import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics.results import Caveat, Severity
from dashboard.figures import charts
from dashboard.figures.chart import Line, Points, Text
from dashboard.views.scenarios.briefing import comparison_briefing
from dashboard.views.scenarios.mind import mind_caveats
from dashboard.views.scenarios.tables import influence_rows
from dashboard.views.scenarios.work import Offer
from data.words import say


def test_the_choice_changes_where_the_hatching_begins() -> None:
    chart = charts.tipping_chart(examples.mind())
    red = [mark for mark in chart.marks if isinstance(mark, Line) and mark.role == "do_not_use"]
    edges = [mark for mark in red if len(np.atleast_1d(mark.x)) == 2]
    hatched = [mark for mark in red if len(np.atleast_1d(mark.x)) > 2]
    assert len(edges) == len(hatched) == 4  # two sides of the cost, one of growth, one of the lever
    for edge, _slants in zip(edges, hatched, strict=False):
        assert edge.x[0] == edge.x[1]
    below, above = hatched[0], hatched[1]
    assert np.nanmax(below.x) <= min(edges[0].x[0], edges[1].x[0]) + 1e-9
    assert np.nanmin(above.x) >= max(edges[0].x[0], edges[1].x[0]) - 1e-9
    words = [mark.text for mark in chart.marks if isinstance(mark, Text)]
    assert "79,000 EUR" in words
    assert "−20 %".replace(" ", "\u202f") in words or "−20\u202f%" in words
    assert any("12" in each and "beyond" in each for each in words)
    assert "never seen so far" in words
    assert "ours to choose" in words
    assert "Red:" in chart.interval


def test_the_table_holds_every_edge_and_everything_that_was_tried() -> None:
    table = charts.tipping_chart(examples.mind()).table
    assert len(table) == 5  # the cost changes on both sides
    assert list(table.iloc[:, 7].dropna()) == [79_000.0, 111_000.0, -0.2, 0.3]
    assert pd.isna(table.iloc[4, 7])
    nothing = charts.tipping_chart(examples.mind_of_nothing())
    assert nothing.table.iloc[:, 7].isna().all()
    assert not [mark for mark in nothing.marks if isinstance(mark, Line) and mark.role == "do_not_use"]
    assert nothing.headline.startswith("Nothing that may turn out otherwise changes the choice")
    assert "Red" not in nothing.interval, "nothing red is drawn"


def test_a_part_of_a_briefing_is_named_as_a_heading_on_the_page_is() -> None:
    assert not any(say(f"mind_parts.{part}", {"option": "x"}).endswith(":") for part in examples.mind().sentences)


def test_only_what_carries_doubt_is_drawn() -> None:
    chart = charts.learning_chart(examples.mind())
    bars = [mark for mark in chart.marks if isinstance(mark, Line)]
    assert [bar.x[1] for bar in bars] == [0.7, 0.2]
    assert len(chart.table) == 3
    with pytest.raises(ValueError, match="has to do with the choice"):
        charts.learning_chart(examples.mind_of_nothing())


def test_a_map_of_two_marks_the_best_option_at_each_place() -> None:
    found = examples.mind()
    chart = charts.together_chart(found)
    ring, *marks = [mark for mark in chart.marks if isinstance(mark, Points)]
    assert [float(each) for each in (ring.x[0], ring.y[0])] == [85_000.0, 0.0]
    assert sum(len(mark.x) for mark in marks) == 9
    assert {(key.label, key.shape) for key in chart.key} >= {("Today", "circle"), ("Cleaner alleys", "square")}
    assert "5 of 9" in chart.headline
    with pytest.raises(ValueError, match="together"):
        charts.together_chart(examples.mind_of_nothing())


def test_a_note_keeps_the_number_that_it_has_on_the_page() -> None:
    page = (Caveat("data_stale", Severity.CAUTION, {}), *examples.CAVEATS)
    own = Caveat("mind_modelled_only", Severity.NOTE, {"drawn": ["Demand"]})
    found = examples.mind()
    known = mind_caveats(type(found)(**{**vars(found), "caveats": (*found.caveats, own)}), page)
    assert known[:-1] == page
    assert known[-1] == own


def test_influences_are_told_with_their_intervals() -> None:
    heads, rows = influence_rows(examples.mind())
    assert len(heads) == 3
    assert rows[0][0] == "What a site costs"
    assert "60" in rows[0][1]
    assert "±" in rows[0][2]


def asked_before() -> None:
    """The section after levers have moved: what was found stands for another comparison."""
    import example_results as examples

    from analytics.requests import CityRequest, ComparisonRequest, MindRequest
    from analytics.scenarios import Scenario
    from dashboard.shell.session import keep
    from dashboard.views.scenarios.mind import last_mind, reconsider

    city = examples.city()
    then, now = (
        ComparisonRequest(CityRequest("examples"), scenarios=(Scenario("Today"), Scenario(name))) for name in ("a", "b")
    )
    keep(f"scenarios-last-{city.key}", now)
    keep(f"mind-asked-{city.key}", MindRequest(then))
    keep(f"mind-found-{city.key}", examples.mind())
    assert last_mind(city) is None
    reconsider(city, caveats=())
    keep(f"scenarios-last-{city.key}", then)
    assert last_mind(city) is not None


def test_what_was_found_for_other_levers_is_marked_old() -> None:
    app = AppTest.from_function(asked_before, default_timeout=60).run()
    assert not app.exception
    assert "Levers or terms have changed since this was found (receipt 3F2A-90BC)" in app.warning[0].value
    assert [each.label for each in app.button] == ["Find out for these levers"]
    assert "stops being the best choice" in " ".join(each.value for each in app.get("html"))


def test_a_briefing_takes_it_along_with_its_notes() -> None:
    found, mind = replace(examples.comparison(), config={"primary": "requests"}), examples.mind()
    offer = Offer((), (), (), "", {})
    about = {"city": examples.city(), "offer": offer, "chosen": "Cleaner alleys", "caveats": found.caveats}
    usual, more = (
        comparison_briefing(found, (), **about, link="x", made=pd.Timestamp("2026-03-01"), mind=each)
        for each in (None, mind)
    )
    added = [each for each in more.parts if each.title not in {part.title for part in usual.parts}]
    assert [each.title for each in added][:3] == [
        "What would change our mind", "What to find out first", "Two things that decide together",
    ]  # fmt: skip
    assert all(each in more.caveats for each in found.caveats)
    said = [" ".join(row) for each in added if hasattr(each, "rows") for row in each.rows]
    assert any("Ask for offers." in each for each in said)


def page() -> None:
    """The section as the page draws it, of a result made by hand."""
    import example_results as examples

    from dashboard.views.scenarios.mind import show_mind

    show_mind(examples.mind(), caveats=examples.CAVEATS)


def test_the_section_says_words_first_then_what_to_find_out_and_who_loses() -> None:
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    text = " ".join(each.value for each in app.get("html") if hasattr(each, "value"))
    assert text.index("What would change our mind") < text.index("What to find out first") < text.index("Argue against")
    assert "stops being the best choice if what a site costs falls below 79,000" in text
