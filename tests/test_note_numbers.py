"""A caveat has one number: on the page, on the mark that it limits and in every file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import example_results as examples
import numpy as np
import pytest
from test_charts import EVERY, marks

from analytics.results import Caveat, Severity, by_severity
from dashboard import markup
from dashboard.figures import charts, maps
from dashboard.figures.chart import Chart, Note
from dashboard.figures.exports import to_csv, to_svg
from dashboard.figures.render.screen import screen_figure
from dashboard.views.outlook.briefing import record_charts

# What the sentences of any of these name.
EVIDENCE = {
    "model": "The model", "series": "Assaults", "missed": 0.53, "looked": 0.05, "tables": ["assaults"], "days": 90,
    "as_of": examples.CUTOFF, "where": "one place", "before": 1.0, "after": 0.4, "metres": 500, "kinds": ["assault"],
    "origins": 3, "baseline": "last week", "ratio": 0.9, "high": 1.1, "share": 0.5, "n": 12, "below": 1.0, "mean": 0.4,
    "periods": 10, "unit": "days", "coverage": 0.6, "overall": 0.8, "reason": "known",
}  # fmt: skip


def caveat(code: str, severity: Severity) -> Caveat:
    return Caveat(code, severity, EVIDENCE)


# In no order, as results give them.
OF_FORECASTS = (
    caveat("few_origins", Severity.NOTE),
    caveat("data_stale", Severity.CAUTION),
    caveat("worse_than_naive", Severity.DO_NOT_USE),
    caveat("small_counts", Severity.NOTE),
    caveat("synthetic_data", Severity.DO_NOT_USE),
)
OF_MAPS = (
    caveat("places_only", Severity.NOTE),
    caveat("reporting_bias", Severity.CAUTION),
    caveat("mostly_missed", Severity.CAUTION),
    caveat("police_initiated", Severity.DO_NOT_USE),
    caveat("data_stale", Severity.CAUTION),
)
MADE: dict[str, tuple[tuple[Caveat, ...], Callable[[], Chart]]] = {
    "fan": (OF_FORECASTS, lambda: charts.fan_chart(examples.forecast(), caveats=OF_FORECASTS)),
    "hotspots": (
        OF_MAPS,
        lambda: maps.hotspot_map(
            examples.hotspots(), city_key="x", areas=examples.areas(), share=0.08, caveats=OF_MAPS
        ),
    ),
    "capture": (OF_MAPS, lambda: charts.capture_chart(examples.hotspots(), share=0.05, caveats=OF_MAPS)),
}
ON_MARKS = {
    "fan": {"few_origins", "worse_than_naive", "data_stale", "synthetic_data"},
    "hotspots": {"reporting_bias", "mostly_missed", "police_initiated", "data_stale"},
    "capture": {"mostly_missed"},
}


def numbers_on(chart: Chart) -> list[int]:
    written = [each.text for each in screen_figure(chart, theme="light").layout.annotations]
    return sorted(int(found.group(1)) for each in written if (found := re.fullmatch(r"<b>(\d+)</b>", each)))


@pytest.mark.parametrize("name", MADE)
def test_marks_carry_the_numbers_of_the_page(name: str) -> None:
    caveats, make = MADE[name]
    chart, page = make(), by_severity(caveats)
    assert chart.caveats == page
    assert {mark.code for mark in marks(chart, Note)} == ON_MARKS[name]
    expected = [number for number, each in enumerate(page, start=1) if each.code in ON_MARKS[name]]
    assert numbers_on(chart) == expected


@pytest.mark.parametrize("name", MADE)
def test_page_and_files_tell_the_same_order(name: str) -> None:
    chart = MADE[name][1]()
    said = [each.message for each in chart.caveats]
    numbered = [f"{number}" for number in range(1, len(said) + 1)]
    assert re.findall(r">(\d+)</", markup.margin_notes(chart.caveats)) == numbered
    for content in (to_csv(chart).decode("utf-8-sig"), to_svg(chart).decode("utf-8")):
        assert all(words.split(".")[0][:20] in content for words in said)


@pytest.mark.parametrize("name", [*MADE, *EVERY])
def test_no_number_covers_another(name: str) -> None:
    chart = MADE[name][1]() if name in MADE else EVERY[name]()
    placed = [(str(mark.x), str(mark.y), mark.dx, mark.dy) for mark in marks(chart, Note)]
    for index, one in enumerate(placed):
        for other in placed[:index]:
            if one[:2] == other[:2]:
                assert np.hypot(one[2] - other[2], one[3] - other[3]) >= 18, "a ring is 18 pixels wide"


def test_of_many_limits_of_a_forecast_the_gravest_stand_over_it() -> None:
    codes = ("few_origins", "pinned_model", "untested", "coverage_failing", "worse_than_naive")
    severities = (Severity.NOTE, Severity.NOTE, Severity.CAUTION, Severity.CAUTION, Severity.DO_NOT_USE)
    caveats = tuple(caveat(code, severity) for code, severity in zip(codes, severities, strict=True))
    chart = charts.fan_chart(examples.forecast(), caveats=caveats)
    assert numbers_on(chart) == [1, 2, 3]


def test_the_record_of_a_forecast_stands_under_the_caveats_of_its_page() -> None:
    found = replace(examples.forecast(), backtests={"naive": examples.backtest()})
    if found.backtest is None:
        found = replace(found, backtests={found.selection.chosen: examples.backtest()})
    (record,) = record_charts(found, caveats=OF_FORECASTS)
    assert record.caveats == by_severity(OF_FORECASTS)
