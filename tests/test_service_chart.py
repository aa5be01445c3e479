"""Done in time by month of opening: the numbers of the result, and no month that is too new to be judged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from test_service_quality import START, requests

from analytics.monitoring.service_quality import ServiceQuality, service_quality
from dashboard.figures.chart import Band, Chart, Line
from dashboard.figures.charts import known_months, service_chart
from dashboard.figures.charts.futures import Span
from dashboard.figures.columns import SHARE, column
from data.words import as_percent

MONTHS, EACH, TARGET = 15, 40, 30


def opened_by_month(late: list[int]) -> ServiceQuality:
    """So many of ``EACH`` requests of each month take two months, the others ten days; the data end with the last month."""
    days = [60.0 if number < slow else 10.0 for slow in late for number in range(EACH)]
    months = pd.date_range(START, periods=len(late), freq="MS")
    made = requests(list(days))
    frame = made.frame.assign(opened=np.repeat(months.to_numpy(), EACH))
    until = months[-1] + pd.Timedelta(days=27)
    closed = frame["opened"] + pd.to_timedelta(days, unit="D")
    frame["closed"] = closed.where(closed <= until)
    return service_quality(replace(made, frame=frame, since=START, until=until), target_days=TARGET)


def chart(late: list[int], span: Span | None = None) -> Chart:
    return service_chart(opened_by_month(late), span=span)


def test_each_month_has_the_share_that_counting_gives() -> None:
    late = [number % 9 for number in range(MONTHS)]
    table = chart(late).table
    found = table.set_index(column("month"))[column("done_in_time", unit=SHARE)]
    for month, slow in zip(found.index, late, strict=False):
        assert found[month] == pytest.approx(1 - slow / EACH)


def test_a_month_that_nobody_has_watched_for_as_long_as_is_asked_is_left_out() -> None:
    late = [4] * MONTHS
    found = opened_by_month(late)
    assert len(known_months(found)) == MONTHS - 1  # the data end 28 days after the last month began
    longer = replace(found, until=found.until + pd.Timedelta(days=3))
    assert len(known_months(longer)) == MONTHS


def test_the_finding_compares_the_newest_month_with_the_same_a_year_before() -> None:
    level = chart([4] * MONTHS)
    assert "about as many as a year before" in level.headline
    worse = chart([2] * 8 + [30] * 7)
    assert "a year before it was" in worse.headline
    assert as_percent(1 - 30 / EACH) in worse.headline
    assert as_percent(1 - 2 / EACH) in worse.headline
    assert "before" not in chart([4] * 8).headline


def test_a_span_is_what_is_seen_and_the_table_keeps_every_month() -> None:
    whole = chart([4] * MONTHS)
    span = Span(START + pd.DateOffset(months=3), START + pd.DateOffset(months=7))
    part = chart([4] * MONTHS, span=span)
    assert part.headline == whole.headline
    assert len(part.table) == len(whole.table) == MONTHS - 1
    (line,) = (each for each in part.marks if isinstance(each, Line))
    (band,) = (each for each in part.marks if isinstance(each, Band))
    assert len(np.asarray(line.x)) == len(line.hover) == len(np.asarray(band.low)) == 5
    assert part.filters == "April 2024 to August 2024"
    assert (np.asarray(band.low) <= np.asarray(line.y)).all()
    assert (np.asarray(line.y) <= np.asarray(band.high)).all()
