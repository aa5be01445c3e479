"""What a figure says where somebody points: a sentence with its number, unit, date and area, from the figure's own table."""

from __future__ import annotations

import re

import example_results as examples
import numpy as np
import pandas as pd
import pytest
from test_charts import EVERY, OPTION, fan, marks

from dashboard.figures import charts
from dashboard.figures.chart import Bars, Chart, Line, Points
from dashboard.figures.moments import moment_words
from dashboard.figures.render.screen import screen_figure
from dashboard.figures.render.screen_marks import thinned
from data.frequency import Frequency
from data.words import as_count, as_number, as_percent

SENTENCE = re.compile(r"^\w.*\w.* .*\w", re.DOTALL)


def positions(mark: Line | Points | Bars) -> list[object]:
    """Where a mark has something to tell: x where y is known."""
    y = np.asarray(mark.high if isinstance(mark, Bars) else mark.y, dtype=float)
    return [x for x, known in zip(pd.Series(np.asarray(mark.x)).tolist(), np.isfinite(y), strict=True) if known]


def is_guide(mark: object, chart: Chart) -> bool:
    """Lines that lead to a word or to an axis, and tell nothing: on a map, and where a curve is read."""
    thin = isinstance(mark, Line) and len(np.asarray(mark.y)) == 2 and mark.width <= 1.6
    return thin and (chart.x.kind == "map" or mark.width == 1.0)


@pytest.mark.parametrize("name", EVERY)
def test_every_mark_is_told_in_a_sentence(name: str) -> None:
    chart = EVERY[name]()
    drawn = [mark for mark in chart.marks if isinstance(mark, Line | Points | Bars) and not is_guide(mark, chart)]
    told: set[object] = set()
    for mark in drawn:
        if mark.hover:
            places = pd.Series(np.asarray(mark.x)).tolist()
            assert len(mark.hover) == len(places)
            assert all(SENTENCE.match(words) for words in mark.hover if words)
            told |= {x for x, words in zip(places, mark.hover, strict=True) if words}
            if isinstance(mark, Bars) and chart.x.kind == "number":
                told |= {x + side * mark.width / 2 for x in places for side in (-1, 1)}
    for mark in drawn:
        if not (isinstance(mark, Line) and len(np.asarray(mark.y)) == 2):
            numbers = [x for x in told if isinstance(x, float)]
            silent = [x for x in positions(mark) if x not in told and not (numbers and np.isclose(numbers, x).any())]
            assert not silent, f"nothing is said at {silent[:3]}"


@pytest.mark.parametrize("name", EVERY)
def test_plotly_says_nothing_of_its_own(name: str) -> None:
    for trace in screen_figure(EVERY[name](), theme="light").data:
        if trace.hovertemplate:
            assert not re.search(r"%\{[xyz]", trace.hovertemplate), "bare numbers"
            assert trace.hovertemplate.endswith("<extra></extra>"), "or the name of the trace stands beside"
        else:
            assert trace.hoverinfo in ("skip", "text")
        if trace.hoverinfo == "text":
            words = trace.text if trace.type == "choropleth" else trace.hovertext
            assert len(words) == len(
                trace.locations if trace.type == "choropleth" else trace.x if trace.type != "scattergeo" else trace.lon
            )


@pytest.mark.parametrize("name", ["fan", "series", "track", "capture", "shifts"])
def test_along_x_one_trace_alone_answers(name: str) -> None:
    chart = EVERY[name]()
    (voice,) = [trace for trace in screen_figure(chart, theme="light").data if trace.hoverinfo == "text"]
    shown = [thinned(mark) if isinstance(mark, Line) else mark for mark in chart.marks]
    words = [each for mark in shown for each in getattr(mark, "hover", ()) if each]
    assert [re.sub("<br>| ", "", each) for each in voice.hovertext] == [each.replace(" ", "") for each in words]
    assert len(set(np.asarray(voice.x).tolist())) == len(words), "one sentence at each x"


def test_the_fan_says_each_period_once_with_the_numbers_of_its_table() -> None:
    chart = fan()
    past, middle = (mark for mark in marks(chart, Line) if mark.hover)
    assert middle.hover[0] == "", "where the data end the past tells itself"
    assert len(past.hover) + len(middle.hover) - 1 == len(chart.table)
    last = chart.table.iloc[-1]
    low, high, least, most = (
        as_number(last.filter(like=f"quantile {level} ").iloc[0]) for level in ("0.1", "0.9", "0.025", "0.975")
    )
    middle_words = as_number(last.filter(like="quantile 0.5 ").iloc[0])
    assert middle.hover[-1] == (
        f"Week to 28 January 2015, the whole city: {middle_words} requests expected, "
        f"8 in 10 between {low} and {high}, 19 in 20 between {least} and {most}. "
        f"A year before: {as_number(last.filter(like='a year before').iloc[0])}."
    )
    first = chart.table.iloc[0]
    assert past.hover[0].endswith(f"the whole city: {as_count(first.iloc[1])} requests.")


def test_another_model_and_what_came_are_told_with_the_fan() -> None:
    beside = examples.forecast()
    now = examples.series()
    index = pd.date_range(now.values.index[0], periods=len(now.values) + 28, freq="D", name="period")
    object.__setattr__(now, "values", now.values.reindex(index, fill_value=4.0))
    chart = charts.fan_chart(examples.forecast(), beside=beside, since=now, location="Austin")
    words = [mark for mark in marks(chart, Line) if mark.hover][1].hover[-1]
    assert "Austin" in words
    assert f"{beside.model_title}: " in words
    assert words.endswith(f"It became {as_number(4.0 * 7 * now.values.shape[1])}.")


@pytest.mark.parametrize(
    ("freq", "summed", "words"),
    [
        (Frequency.DAY, False, "Tuesday 21 April 2026"),
        (Frequency.DAY, True, "Week to 21 April 2026"),
        (Frequency.WEEK, False, "Week from 21 April 2026"),
        (Frequency.MONTH, False, "April 2026"),
        (Frequency.YEAR, False, "2026"),
    ],
)
def test_a_moment_is_as_exact_as_its_period(freq: Frequency, summed: bool, words: str) -> None:
    assert moment_words(pd.Timestamp("2026-04-21"), freq=freq, summed=summed) == words


def test_an_hour_is_told_with_its_day() -> None:
    assert moment_words(pd.Timestamp("2026-04-21 00:00"), freq=Frequency.HOUR) == "Tuesday 21 April 2026, 00:00"


def test_a_tested_period_says_on_which_side_it_came() -> None:
    chart = EVERY["track"]()
    (bars,) = marks(chart, Bars)
    outside = [x for mark in marks(chart, Points) if not mark.filled for x in pd.DatetimeIndex(mark.x)]
    for when, words in zip(pd.DatetimeIndex(bars.x), bars.hover, strict=True):
        assert (", outside" in words) == (when in outside)
        assert (", inside" in words) == (when not in outside)


def test_every_option_says_its_difference_over_its_marks() -> None:
    comparison = examples.comparison()
    chart = charts.difference_chart(comparison, chosen=OPTION)
    sentences = {str(each.sentence) for each in comparison.differences}
    assert {words for mark in chart.marks for words in getattr(mark, "hover", ())} == sentences


def test_dots_tell_how_far_their_futures_lie_apart() -> None:
    chart = EVERY["dots"]()
    told = [words for mark in marks(chart, Points) for words in mark.hover]
    assert len(told) == 50
    assert all("10 of 500 futures" in words for words in told)
    turned = -chart.table["Requests: difference (share)"]  # fewer are better, and stand right
    for words, level in ((told[0], 0.01), (told[-1], 0.99)):
        assert f"{as_percent(np.quantile(turned, level, method='inverted_cdf'))} fewer" in words
