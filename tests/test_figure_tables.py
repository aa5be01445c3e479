"""A figure as a table on the screen: the same numbers as the chart, names before ids, the choice in the link."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from test_charts import EVERY

from dashboard.figures.render.screen_table import kind_of, screen_table
from data.words import as_number

PAGE = """
from test_charts import EVERY
from dashboard.shell.panels import figure
for name in ("replay", "series"):
    figure(EVERY[name]())
"""


@pytest.mark.parametrize("name", EVERY)
def test_a_table_says_the_numbers_of_the_chart(name: str) -> None:
    chart = EVERY[name]()
    table = screen_table(chart)
    assert list(table) == list(chart.table)
    assert len(table) == len(chart.table)
    for head in table:
        kind = kind_of(head, chart.table[head])
        if kind in ("number", "share") and not head.startswith(("x (", "y (", "longitude", "latitude")):
            for shown, value in zip(table[head], chart.table[head], strict=True):
                whole = value == round(value) if pd.notna(value) else False
                assert whole or as_number(shown) == as_number(value)
                assert not whole or shown == value


def test_numbers_keep_three_digits_and_whole_ones_all_of_theirs() -> None:
    values = [0.012345, 123.456, 12345.6, 12345.0, float("nan"), -0.5]
    frame = pd.DataFrame({"a (requests)": values, "x (m)": 448_123.4, "year": 2012, "part (share)": 0.12345})
    table = screen_table(replace(EVERY["series"](), table=frame))
    assert table["a (requests)"].dropna().tolist() == [0.0123, 123.0, 12300.0, 12345.0, -0.5]
    assert table["x (m)"].tolist() == [448_123.4] * 6
    assert [kind_of(name, frame[name]) for name in frame] == ["number", "number", "name", "share"]


def test_a_column_of_days_is_told_from_one_of_hours() -> None:
    hours = pd.Series(pd.to_datetime(["2026-01-01 00:00", "2026-01-01 01:00"]))
    assert (kind_of("period", hours), kind_of("period", hours.dt.normalize())) == ("moment", "day")


@pytest.mark.parametrize("name", ["where", "hotspots", "emerging", "sites"])
def test_a_name_stands_before_its_id(name: str) -> None:
    heads = list(EVERY[name]().table)
    first, second = ("area", "area_id") if name != "sites" else ("site", "site_id")
    assert heads.index(first) == heads.index(second) - 1


def test_a_figure_becomes_its_table_and_the_link_says_so() -> None:
    app = AppTest.from_string(PAGE, default_timeout=60).run()
    assert not app.exception
    assert len(app.dataframe) == 0
    app.toggle(key="table-series").set_value(True).run()
    assert len(app.dataframe) == 1
    assert app.dataframe[0].value.shape == EVERY["series"]().table.shape
    assert app.query_params["table"] == "series"
    app.toggle(key="table-replay").set_value(True).run()
    assert app.query_params["table"] == "series,replay"
    app.toggle(key="table-series").set_value(False).run()
    assert app.query_params["table"] == "replay"
    assert len(app.dataframe) == 1


def test_a_link_opens_the_figure_that_it_names_as_a_table() -> None:
    app = AppTest.from_string(PAGE, default_timeout=60)
    app.query_params["table"] = "replay"
    app.run()
    assert not app.exception
    assert [app.toggle(key=f"table-{name}").value for name in ("replay", "series")] == [True, False]
    assert app.dataframe[0].value["year"].tolist() == [2012, 2013]


PANELS = """
from dataclasses import replace
from test_charts import EVERY
from dashboard.shell.panels import figures
first = EVERY["difference"]()
figures((first, replace(first, name="difference-1")))
"""


def test_panels_of_one_figure_share_a_switch_a_key_and_a_source() -> None:
    app = AppTest.from_string(PANELS, default_timeout=60).run()
    assert not app.exception
    keyed = [any(glyph in each.proto.spec for glyph in "■□◆◇") for each in app.get("plotly_chart")]
    assert keyed == [False, True]
    assert [each.key for each in app.toggle] == ["table-difference"]
    assert sum("cc-source" in each.proto.body for each in app.get("html")) == 1
    app.toggle(key="table-difference").set_value(True).run()
    assert not app.exception
    assert len(app.dataframe) == 2
    assert app.query_params["table"] == "difference"
