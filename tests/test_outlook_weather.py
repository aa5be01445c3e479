"""Outlook's section with the weather: where it stands, what it says, and that it travels with the page."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import example_results as examples
import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics.requests import temperatures_of
from dashboard.figures.charts import energy_chart, heat_chart
from dashboard.views.outlook.briefing import Beside, outlook_briefing
from dashboard.views.outlook.tables import spell_rows
from data import open_city
from data.words import as_count, as_number

PAGE = """
from analytics.requests import city_request
from dashboard.shell.controls import Opened
from dashboard.views.outlook.weather import with_the_weather
from analytics.caveats import assess
from analytics.results import Caveat, Severity
from data import open_city
if __name__ == "__main__":
    city = open_city("meridian")
    series = city.series["{series}"]
    longer = Caveat("horizon_long", Severity.NOTE, {{"horizon": 28, "unit": "days", "tested": 14}})
    above = [*assess(made_from=[series.provenance]), longer] if {told} else []
    with_the_weather(Opened(city, city_request("meridian")), series, above=above)
"""


def page(series: str, *, told: bool = False, **link: str) -> tuple[AppTest, str]:
    app = AppTest.from_string(PAGE.format(series=series, told=told), default_timeout=240)
    for key, value in link.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app, " ".join(getattr(each.proto, "body", "") for each in app.get("html"))


@pytest.fixture
def meridian(dashboard_home: Path, dashboard_workers: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICAST_HOME", str(dashboard_home))


@pytest.mark.usefixtures("meridian")
def test_an_amount_is_held_against_each_degree() -> None:
    _, html = page("electricity")
    assert "With the weather" in html
    assert "Electricity: least is used at 16" in html
    assert 'aria-label="note 1">1</span>' in html
    assert "describe no real place" in html


@pytest.mark.usefixtures("meridian")
def test_what_the_page_tells_already_is_not_told_again_and_the_rest_keeps_its_numbers() -> None:
    _, html = page("electricity", told=True)
    assert "describe no real place" not in html
    # The page has two notes, and goes on with the third for what its forecast does not tell.
    assert re.findall(r'aria-label="note (\d)"', html) == ["3"]


@pytest.mark.usefixtures("meridian")
def test_counts_are_told_by_spell_of_heat_and_a_link_names_one() -> None:
    app, html = page("ambulance_calls")
    spells = app.selectbox(key="spell")
    assert len(spells.options) >= 2
    assert "8 August 2025" in html or "17 July 2024" in html
    first = open_first(spells.options)
    _, other = page("ambulance_calls", spell=first)
    assert f"{pd.Timestamp(first):%-d %B %Y} to" in headline_of(other)
    assert headline_of(other) != headline_of(html)


def open_first(options: list[str]) -> str:
    """The key of a link for the second spell that is offered: its first day, which is in the year of the last."""
    first, last = options[1].split(" to ")
    return f"{pd.Timestamp(f'{first} {last[-4:]}'):%Y-%m-%d}"


def headline_of(html: str) -> str:
    return html.split('class="cc-sub">')[1].split("</p>")[0]


@pytest.mark.usefixtures("meridian")
def test_a_series_without_a_temperature_has_no_such_section() -> None:
    assert page("service_requests")[1] == ""


def test_only_what_is_in_degrees_is_a_temperature(sample_city: Path) -> None:
    toml = sample_city.read_text()
    assert [each.name for each in temperatures_of(open_city(str(sample_city)), "electricity")] == ["temperature"]
    sample_city.unlink()
    sample_city.write_text(toml.replace('unit = "°C"\n', ""))
    assert temperatures_of(open_city(str(sample_city)), "electricity") == ()


def test_the_curve_says_its_own_numbers_and_holds_every_day() -> None:
    found, chart = examples.energy(), energy_chart(examples.energy())
    for number in found.terms.loc[["balance", "above", "below"]].to_numpy().ravel():
        assert as_number(number) in chart.headline
    assert len(chart.table) == len(found.days)
    curve = next(mark for mark in chart.marks if getattr(mark, "dash", "") == "solid" and hasattr(mark, "strong"))
    assert np.asarray(curve.y).argmin() == 1, "lowest where it breaks"


def test_a_spell_says_what_came_and_what_is_usual() -> None:
    found, chart = examples.heat(), heat_chart(examples.heat())
    worst = found.spells.iloc[0]
    assert as_count(worst["observed"]) in chart.headline
    assert as_number(worst["expected"]) in chart.headline
    assert "more [" in chart.headline
    assert "excess_any_cause" in {each.code for each in chart.caveats}
    assert chart.table.iloc[:, 2].sum() == 1
    assert len(spell_rows(found)[1]) == len(found.spells)


def test_the_weather_travels_with_the_page() -> None:
    found, chart = examples.energy(), energy_chart(examples.energy())
    outlook = replace(examples.forecast(), selection=replace(examples.forecast().selection, ratios={}))
    page = {"city": examples.city(), "caveats": outlook.caveats, "link": "http://localhost/", "made": examples.CUTOFF}
    plain = outlook_briefing(outlook, [chart], **page)
    whole = outlook_briefing(outlook, [chart], beside=[Beside(found, (chart,))], **page)
    assert whole.parts[-1] is chart
    assert {each.name for each in whole.made_from} - {each.name for each in plain.made_from} == {"load", "temperature"}
    assert whole.receipt != plain.receipt
