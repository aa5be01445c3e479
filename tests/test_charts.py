"""Charts and maps as values: what they say agrees with the result, and nothing that must travel is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import example_results as examples
import example_traffic as towns
import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import pytest
import shapely
import xarray as xr

from analytics.forecasting import forecast
from analytics.forecasting.calendar.effects import calendar_effects
from analytics.results import Caveat, Severity, by_severity
from analytics.scenarios import Measure
from analytics.scenarios.verdict import judge
from dashboard.figures import charts, maps
from dashboard.figures.axes import date_axis, number_axis, share_axis
from dashboard.figures.chart import Axis, Band, Bars, Chart, Choropleth, Grid, Line, Note, Outline, Points, Text
from dashboard.figures.charts.dots import DOTS
from dashboard.figures.charts.futures import LEVELS, Span, futures_of, reach_of
from dashboard.figures.geometry import bounds, layer_geojson, layer_svg
from dashboard.figures.palette import colours
from dashboard.figures.render.layout import left_margin, right_margin
from dashboard.views.hotspots.words import chance_words
from dashboard.views.outlook.briefing import record_charts
from data import Classification
from data.frequency import Frequency
from data.words import as_date, as_number, language

OPTION, MEASURE = "Cleaner alleys", "requests"


def fan() -> Chart:
    return charts.fan_chart(examples.forecast())


def hotspot_map() -> Chart:
    return maps.hotspot_map(examples.hotspots(), city_key="examples", areas=examples.areas(), share=0.08)


def difference_map() -> Chart:
    return maps.difference_map(examples.comparison(), city=examples.city(), option=OPTION, measure=MEASURE)


def once(makers: dict[str, Callable[[], Chart]]) -> dict[str, Callable[[], Chart]]:
    """The same charts, each made once in a language: no test changes one, and many look at each."""

    def kept(make: Callable[[], Chart]) -> Callable[[], Chart]:
        made = cache(lambda language: make())
        return lambda: made(language())

    return {name: kept(make) for name, make in makers.items()}


EVERY = once(
    {
        "fan": fan,
        "track": lambda: charts.track_record_chart(examples.backtest()),
        "series": lambda: charts.series_chart(examples.series()),
        "effects": lambda: charts.effects_chart(calendar_effects(examples.series())),
        "effects-narrow": lambda: charts.effects_chart(calendar_effects(examples.series()), narrow=True),
        "energy": lambda: charts.energy_chart(examples.energy()),
        "heat": lambda: charts.heat_chart(examples.heat()),
        "difference": lambda: charts.difference_chart(examples.comparison(), chosen=OPTION),
        "dots": lambda: charts.dot_plot(examples.comparison(), option=OPTION, measure=MEASURE),
        "groups": lambda: charts.group_chart(examples.comparison(), option=OPTION, measure=MEASURE),
        "difference, narrow": lambda: charts.difference_chart(examples.comparison(), chosen=OPTION, narrow=True),
        "groups, narrow": lambda: charts.group_chart(
            examples.comparison(), option=OPTION, measure=MEASURE, narrow=True
        ),
        "capture": lambda: charts.capture_chart(examples.hotspots(), share=0.05),
        "hotspots": hotspot_map,
        "emerging": lambda: maps.emerging_map(examples.hotspots(), city_key="examples", areas=examples.areas()),
        "exposure": lambda: charts.exposure_chart(examples.audit()),
        "exposure-narrow": lambda: charts.exposure_chart(examples.audit(), narrow=True),
        "where": difference_map,
        "replay": lambda: charts.replay_chart(
            examples.years(), title="Sanitation", target_days=30, made_from=(examples.provenance("requests"),)
        ),
        "replay, narrow": lambda: charts.replay_chart(
            examples.years(),
            title="Sanitation",
            target_days=30,
            made_from=(examples.provenance("requests"),),
            narrow=True,
        ),
        "shifts": lambda: charts.shifts_chart(
            charts.StaffHours((3.0,) * 168, (2.0, 4.0) * 84),
            title="Counter",
            option="Today",
            made_from=(examples.provenance("desk"),),
        ),
        "promises": lambda: charts.promise_chart(examples.promised(), examples.tracked()),
        "promises, narrow": lambda: charts.promise_chart(examples.promised(), examples.tracked(), narrow=True),
        "counterfactual": lambda: charts.counterfactual_chart(examples.evaluated()),
        "placebo_dates": lambda: charts.dates_chart(examples.evaluated()),
        "placebo_areas": lambda: charts.elsewhere_chart(examples.evaluated()),
        "trends": lambda: charts.trends_chart(examples.evaluated()),
        "prices": lambda: charts.price_chart(examples.priced()),
        "tipping": lambda: charts.tipping_chart(examples.mind()),
        "tipping, narrow": lambda: charts.tipping_chart(examples.mind(), narrow=True),
        "tipping, none": lambda: charts.tipping_chart(examples.mind_of_nothing()),
        "learning": lambda: charts.learning_chart(examples.mind()),
        "learning, narrow": lambda: charts.learning_chart(examples.mind(), narrow=True),
        "together": lambda: charts.together_chart(examples.mind()),
        "sites": lambda: maps.sites_map(examples.city(), examples.sites(), chosen=["S0", "S3"]),
        "roads": lambda: maps.roads_map(towns.roads(), look="flow", city=examples.city(), chosen="L2"),
        "roads, delay": lambda: maps.roads_map(towns.roads(), look="delay", city=examples.city()),
        "roads, change": lambda: maps.roads_map(towns.roads(option=OPTION), look="change", city=examples.city()),
        "users": lambda: maps.users_map(towns.users(), city=examples.city(), end="origins"),
        "users, ends": lambda: maps.users_map(towns.users(), city=examples.city(), end="destinations"),
        "volumes": lambda: charts.volumes_chart(towns.roads()),
        "timing": lambda: charts.timing_chart(
            towns.result(), today=towns.timing(), proposal=towns.timing((25.0, 30.0))
        ),
        "timing, today": lambda: charts.timing_chart(towns.result(), today=towns.timing()),
        "time and space": lambda: charts.time_space_chart(towns.result(), towns.corridor(), plan="today"),
    }
)


def marks(chart: Chart, kind: type) -> list:
    return [mark for mark in chart.marks if isinstance(mark, kind)]


@pytest.mark.parametrize("name", EVERY)
def test_a_chart_stands_on_its_own(name: str) -> None:
    chart = EVERY[name]()
    assert len(chart.alt) > 10, "the alt text says what is to be seen"
    assert chart.headline not in chart.alt, "and adds to the headline, which stands beside it"
    assert "City of Examples" in chart.source
    assert chart.date.endswith(("2014", "2015"))
    assert len(chart.table)
    assert chart.marks
    assert "{" not in "".join([chart.title, chart.subtitle, chart.source, chart.filters, chart.interval])
    assert "unknown" not in chart.headline


@pytest.mark.parametrize("name", EVERY)
def test_colours_are_roles_of_both_themes(name: str) -> None:
    chart = EVERY[name]()
    roles = {mark.role for mark in chart.marks if hasattr(mark, "role")} | {key.role for key in chart.key}
    roles |= {each.role for mark in marks(chart, Grid) + marks(chart, Choropleth) for each in mark.legend}
    assert roles <= set(colours("light")) & set(colours("dark"))


def test_a_chart_without_a_source_cannot_be_made() -> None:
    empty = {"marks": (), "table": pd.DataFrame(), "x": Axis(), "y": Axis(), "caveats": ()}
    with pytest.raises(ValueError, match="source"):
        Chart(name="a", headline="b", title="c", source=" ", date="e", alt="f", **empty)


def test_caveats_are_numbered_gravest_first() -> None:
    chart = charts.fan_chart(examples.forecast(caveats=examples.nine_long_caveats()[:3]))
    assert [caveat.severity for caveat in chart.caveats] == [Severity.DO_NOT_USE, Severity.CAUTION, Severity.NOTE]
    assert chart.number_of("not_causal") == 1
    assert chart.number_of("horizon_long") is None


def test_caveats_given_later_replace_the_results_own() -> None:
    late = examples.CAVEATS[2:]
    assert charts.fan_chart(examples.forecast(), caveats=late).caveats == late


def test_classification_and_synthetic_reach_the_chart() -> None:
    chart = charts.fan_chart(examples.forecast(**examples.restricted()))
    assert chart.classification == Classification.RESTRICTED
    assert chart.synthetic


def test_the_fan_is_nested_and_starts_where_the_data_end() -> None:
    bands = marks(fan(), Band)
    outer, middle, inner = bands
    assert (np.asarray(outer.low) <= np.asarray(middle.low)).all()
    assert (np.asarray(middle.low) <= np.asarray(inner.low)).all()
    assert (np.asarray(inner.high) <= np.asarray(middle.high)).all()
    assert (np.asarray(middle.high) <= np.asarray(outer.high)).all()
    assert outer.x[0] == examples.CUTOFF
    assert np.asarray(outer.low)[0] == np.asarray(outer.high)[0]
    assert [band.label for band in bands] == ["19 in 20", "8 in 10", "1 in 2"]


def test_another_model_is_drawn_dashed_and_named() -> None:
    chart = charts.fan_chart(examples.forecast(), beside=examples.forecast())
    dashed = [line for line in marks(chart, Line) if line.dash == "dash"]
    assert len(dashed) == 3
    assert str(examples.forecast().model_title) in chart.interval
    assert "Dashed" not in fan().interval


def test_what_came_after_a_replay_is_drawn_and_counted() -> None:
    now = examples.series()
    index = pd.date_range(now.values.index[0], periods=len(now.values) + 28, freq="D", name="period")
    later = replace(now, values=now.values.reindex(index, fill_value=4.0))
    chart = charts.fan_chart(examples.forecast(), since=later)
    dots = [points for points in marks(chart, Points) if not points.filled]
    assert [len(points.x) for points in dots] == [4]
    assert set(dots[0].y) == {4.0 * 7 * now.values.shape[1]}
    assert "of 4 inside 8 in 10" in chart.interval


def test_amounts_are_told_in_their_unit_and_counts_by_the_week() -> None:
    made = examples.forecast()
    amounts = charts.fan_chart(replace(made, series=replace(made.series, value_type="continuous", unit="MW")))
    assert " MW by " in amounts.headline or " MW until " in amounts.headline
    assert amounts.title == f"{made.series.title}, MW, the whole city"
    counts = fan()
    assert " a week by " in counts.headline or " a week until " in counts.headline
    assert " a week, " in counts.title


def test_weeks_end_with_the_data_and_sum_days() -> None:
    futures = futures_of(examples.forecast())
    assert (futures.freq, futures.summed) == (Frequency.WEEK, True)
    assert futures.past.index[-1] == examples.CUTOFF
    assert futures.past.iloc[-1] == examples.series().total().tail(7).sum()
    assert list(futures.future.index - examples.CUTOFF) == [pd.Timedelta(days=7 * week) for week in (1, 2, 3, 4)]
    assert futures.last_year.iloc[0] == examples.series().total().iloc[-364 : -364 + 7].sum()


def test_the_middle_of_the_fan_is_that_of_the_joint_draws() -> None:
    # 12 areas of mean 4.5 over 7 days: 378; the median of a right-skewed sum lies just below its mean.
    assert futures_of(examples.forecast()).future[0.5].iloc[-1] == pytest.approx(378, rel=0.03)


def test_a_sum_of_areas_is_not_a_sum_of_quantiles() -> None:
    whole = futures_of(examples.forecast()).future
    parts = sum(futures_of(examples.forecast(), area_id=area).future for area in examples.AREA_IDS)
    assert whole[0.975].iloc[0] < parts[0.975].iloc[0]
    assert whole[0.025].iloc[0] > parts[0.025].iloc[0]


@pytest.mark.parametrize("horizon", [7, 30])
def test_what_a_forecast_holds_of_its_futures_is_shown_as_it_would_be_drawn_again(
    horizon: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = forecast(examples.series(), horizon=horizon, quantiles=LEVELS, candidates=["seasonal_naive"])
    drawn = futures_of(replace(made, total=made.total.sel(quantile=[0.5]), weeks=None)).future
    monkeypatch.setattr("dashboard.figures.charts.futures.sample_totals", None)
    pd.testing.assert_frame_equal(futures_of(made).future, drawn, check_freq=False)


def test_a_short_horizon_stays_daily() -> None:
    futures = futures_of(examples.forecast(horizon=7))
    assert (futures.freq, futures.summed) == (Frequency.DAY, False)
    assert len(futures.future) == 7


def test_a_range_shows_as_much_of_the_history_as_is_asked_for() -> None:
    usual, reach = fan(), reach_of(examples.forecast())
    whole = charts.fan_chart(examples.forecast(), span=Span(reach.first, reach.last))
    assert (usual.x.range[0], usual.x.range[1]) == (reach.usual, reach.last)
    assert (whole.x.range[0], whole.x.range[1]) == (reach.first, reach.last)
    assert len(whole.table) == len(examples.series().total()) // 7 + 4
    assert whole.headline == usual.headline, "the finding is of the forecast, whatever is seen"
    assert usual.table.set_index(usual.table.columns[0]).equals(
        whole.table.tail(len(usual.table)).set_index(usual.table.columns[0])
    )
    assert "Shown" in whole.subtitle
    assert "Shown" in whole.filters
    assert "Shown" not in usual.subtitle


def test_a_range_of_the_past_alone_says_that_the_forecast_lies_beyond() -> None:
    first, last = examples.CUTOFF - pd.Timedelta(days=400), examples.CUTOFF - pd.Timedelta(days=100)
    chart = charts.fan_chart(examples.forecast(caveats=examples.nine_long_caveats()), span=Span(first, last))
    assert not marks(chart, Band)
    assert chart.x.range[0] >= first
    assert chart.x.range[1] <= last
    assert "begins later" in chart.subtitle
    assert chart.table.iloc[:, 0].between(first, last).all()
    forecast = charts.fan_chart(
        examples.forecast(), span=Span(examples.CUTOFF + pd.Timedelta(days=8), reach_of(examples.forecast()).last)
    )
    assert len(marks(forecast, Band)) == 3
    assert len(forecast.table) == 3


def test_what_is_counted_is_so_many_a_period_and_a_level_has_its_unit() -> None:
    assert "a week" in fan().title
    assert "a week" in fan().headline
    count = examples.forecast()
    level = replace(count, series=replace(count.series, value_type="continuous", unit="MW"))
    chart = charts.fan_chart(level)
    assert ", MW, " in chart.title
    assert " MW " in chart.headline
    assert not any(f" a {each}" in chart.headline + chart.title for each in ("day", "week"))


def test_a_unit_that_is_a_word_stands_apart_from_its_number() -> None:
    assert number_axis([0, 900], unit="calls").ticks[-1][1].endswith("\u00a0calls")
    assert number_axis([0, 30], unit="°C").ticks[-1][1].endswith("\u202f°C")


def test_where_the_data_end_is_seen_the_fan_opens_at_the_last_value() -> None:
    line = next(line for line in marks(fan(), Line) if line.role == "median")
    assert line.y.iloc[0] == examples.series().total().tail(7).sum()
    beyond = charts.fan_chart(
        examples.forecast(), span=Span(examples.CUTOFF + pd.Timedelta(days=8), examples.CUTOFF + pd.Timedelta(days=90))
    )
    line = next(line for line in marks(beyond, Line) if line.role == "median")
    assert line.x[0] == examples.CUTOFF + pd.Timedelta(days=14)


def test_a_category_is_selected_from_several() -> None:
    result = examples.forecast(categories=("litter", "graffiti"))
    one, both = futures_of(result, category="litter"), futures_of(result)
    assert one.past.iloc[-1] < both.past.iloc[-1]
    assert one.future[0.5].iloc[0] == pytest.approx(both.future[0.5].iloc[0] / 2, rel=0.05)


def test_how_weeks_are_made_is_said_once() -> None:
    assert "Weeks of seven days" in fan().subtitle
    assert "Weeks of seven days" not in fan().source


def test_caveats_of_the_forecast_stand_on_the_fan() -> None:
    assert [note.code for note in marks(fan(), Note)] == ["horizon_long", "interval_undercovers"]


def test_the_track_record_counts_every_tested_day() -> None:
    backtest = examples.backtest()
    chart = charts.track_record_chart(backtest)
    inside = backtest.track["observed"].between(backtest.track["q0.1"], backtest.track["q0.9"])
    assert chart.headline.startswith(f"{inside.sum()} of {len(inside)} past days")
    assert chart.title.endswith(", the whole city")
    assert len(chart.table) == len(inside)
    drawn = len(np.asarray(marks(chart, Bars)[0].x))
    assert drawn < 35
    assert sum(len(np.asarray(points.x)) for points in marks(chart, Points)) == drawn


def test_what_was_observed_is_told_with_its_unit_and_what_was_forecast_with_its_period() -> None:
    assert " requests in the latest day, " in charts.series_chart(examples.series()).headline
    (record,) = record_charts(examples.forecast())
    assert record.title == "What we said, what came: Sanitation requests a day, the whole city"
    heads = ["known to", "period", "observed (requests)", "forecast, quantile 0.1 (requests)"]
    assert list(record.table)[:4] == heads


def test_the_record_of_some_past_forecasts_counts_these_alone_and_says_so() -> None:
    backtest = examples.backtest()
    made = sorted(backtest.track["cutoff"].unique())
    chart = charts.track_record_chart(backtest, span=Span(made[1], made[2]))
    chosen = backtest.track[backtest.track["cutoff"].isin(made[1:3])]
    inside = chosen["observed"].between(chosen["q0.1"], chosen["q0.9"])
    assert f"{inside.sum()} of {len(inside)} days" in chart.headline
    assert as_date(chosen["period"].min()) in chart.headline
    assert len(chart.table) == len(inside)
    assert "2 past forecasts" in chart.subtitle


def test_a_part_of_what_was_observed_keeps_the_finding_and_says_what_is_seen() -> None:
    found = examples.evaluated()
    whole = charts.counterfactual_chart(found)
    periods = found.line.index
    part = charts.counterfactual_chart(found, span=Span(periods[2], periods[-2]))
    assert part.headline == whole.headline
    assert len(part.table) == len(whole.table) - 3
    assert "Shown" in part.filters
    assert "Shown" not in whole.filters
    before = charts.counterfactual_chart(found, span=Span(periods[0], periods[2]))
    assert not marks(before, Band)


@pytest.mark.parametrize(
    ("scored", "words"),
    [(4, "No past forecast of the whole city was checked: 4 of 12"), (12, "12 areas do not add up")],
)
def test_a_backtest_without_a_record_of_the_total_says_why(scored: int, words: str) -> None:
    backtest = replace(examples.backtest(), track=pd.DataFrame(), series_scored=scored)
    chart = charts.track_record_chart(backtest)
    assert not chart.marks
    assert words in chart.headline


def test_right_is_always_better() -> None:
    comparison = examples.comparison()
    chart = charts.difference_chart(comparison, chosen=OPTION)
    middles = {mark.hover[0]: float(np.asarray(mark.x)[0]) for mark in marks(chart, Points)}
    for difference in comparison.differences:
        expected = -difference.percent["median"]  # fewer requests are better
        assert middles[difference.sentence] == pytest.approx(expected)


BOTH = ("requests", "requests_per_resident")


@pytest.mark.parametrize("base", [-22_000.0, 0.0, 0.4])
def test_without_a_baseline_to_divide_by_every_figure_is_in_units(base: float) -> None:
    found = examples.comparison(base=base, in_units=BOTH)
    medians = {(each.option, each.measure): each.median for each in found.differences}
    chart = charts.difference_chart(found, chosen=OPTION)
    middles = [float(np.asarray(mark.x)[0]) for mark in marks(chart, Points)]
    assert middles == pytest.approx([-median for median in medians.values()]), "fewer is better, in the unit itself"
    assert chart.x.title == "requests"
    assert [label for _, label in chart.x.ticks] == [as_number(abs(at)) if at else "Today" for at, _ in chart.x.ticks]
    assert "per cent" not in chart.subtitle
    words = [mark.text for mark in marks(chart, Text)]
    assert f"{as_number(-medians[OPTION, MEASURE])} requests fewer" in words
    assert not any("%" in word for word in words)
    assert not [column for column in chart.table if "share" in column]

    dots = charts.dot_plot(found, option=OPTION, measure=MEASURE)
    assert dots.x.title == "requests"
    assert "Difference in requests" in dots.subtitle
    assert max(abs(value) for value in marks(dots, Points)[0].x) > 0.5 * abs(medians[OPTION, MEASURE])
    assert list(dots.table) == ["Requests: difference (requests)"]

    groups = charts.group_chart(found, option=OPTION, measure=MEASURE)
    assert groups.x.title == "requests"
    assert [float(points.x[0]) for points in marks(groups, Points)] == pytest.approx([6.0, 7.2, 0.6])
    assert [mark.text for mark in marks(groups, Text)] == [
        "6 requests fewer",
        "7.2 requests fewer",
        "Too close to call",
    ]
    assert list(groups.table) == ["group", "people", "change (requests)", "95 % from (requests)", "95 % to (requests)"]
    assert groups.table["change (requests)"].tolist() == pytest.approx([-6.0, -7.2, -0.6]), "the file is not turned"

    where = maps.difference_map(found, city=examples.city(), option=OPTION, measure=MEASURE)
    (areas,) = marks(where, Choropleth)
    assert {"9 requests more" in words for words in areas.hover} == {True, False}
    assert not any("%" in words for words in areas.hover)
    assert "up to 5 requests better" in [each.label for each in areas.legend]
    assert [column for column in where.table if "share" in column] == []


def test_per_cent_and_units_never_share_an_axis() -> None:
    found = examples.comparison(in_units=("requests",))
    with pytest.raises(ValueError, match="one axis has one scale"):
        charts.difference_chart(found, chosen=OPTION)
    units, percent = charts.difference_charts(found, chosen=OPTION)
    assert [chart.x.title for chart in (units, percent)] == ["requests", ""]
    assert [label for _, label in units.y.ticks] == ["Requests"]
    assert [label for _, label in percent.y.ticks] == ["Requests per resident"]
    assert percent.x.ticks[-1][1].endswith("%")
    assert units.name != percent.name, "a page shows both"
    assert len(units.table) + len(percent.table) == len(found.differences)
    assert [chart.name for chart in charts.difference_charts(examples.comparison(), chosen=OPTION)] == ["difference"]


@pytest.mark.parametrize(
    ("mean", "spread", "in_per_cent"), [(-40.0, 2.0, False), (0.0, 2.0, False), (1.0, 5.0, False), (40.0, 2.0, True)]
)
def test_a_judged_difference_stands_in_the_unit_of_its_sentence(mean: float, spread: float, in_per_cent: bool) -> None:
    before = xr.DataArray(np.random.default_rng(6).normal(0, spread, 500), dims="draw")
    before = before - before.mean() + mean
    people = Measure("people", "People on site", "people", direction="higher")
    difference, paired = judge(OPTION, people, before, before - 7.0, matters=0.01, baseline_name="Today")
    found = replace(examples.comparison(), differences=(difference,), paired={(OPTION, "people"): paired})
    value, label = (-7.0 / mean, "18") if in_per_cent else (-7.0, "7")
    chart = charts.difference_chart(found, chosen=OPTION)
    assert np.asarray(marks(chart, Points)[0].x) == pytest.approx([value]), "seven people less are worse: on the left"
    assert chart.x.title == ("" if in_per_cent else "people")
    words = [mark.text for mark in marks(chart, Text)]
    unit = "%" if in_per_cent else "people"
    assert any(word.startswith(label) and word.endswith(f"{unit} fewer") for word in words)
    (hover,) = marks(chart, Points)[0].hover
    assert ("%" in hover) == in_per_cent
    dots = charts.dot_plot(found, option=OPTION, measure="people")
    (worse,) = [points for points in marks(dots, Points) if len(points.x)]
    assert set(np.sign(worse.x)) == {-1.0}
    assert dots.x.title == chart.x.title
    for table in (chart.table, dots.table):
        assert any("(share)" in column for column in table) == in_per_cent
    assert dots.table.iloc[:, 0].tolist() == pytest.approx([-7.0] * 500)


def test_a_range_that_ends_at_no_difference_is_too_close_to_call() -> None:
    found = examples.comparison()
    found.by_group[OPTION, MEASURE].loc[{"group": "everyone"}] = [-4.0, -8.0, 0.0, -0.04]
    found.by_area[OPTION, MEASURE][:, 0] = [-4.0, -8.0, 0.0, -0.04]
    groups = charts.group_chart(found, option=OPTION, measure=MEASURE)
    assert next(mark.text for mark in marks(groups, Text)) == "Too close to call"
    (areas,) = marks(maps.difference_map(found, city=examples.city(), option=OPTION, measure=MEASURE), Choropleth)
    assert areas.classes[0] == maps.difference.CLOSE
    assert "4\u202f% fewer" in areas.hover[0]
    assert areas.hover[0].endswith("futures in [0, 8], too close to call")


def test_shares_in_a_file_are_not_turned() -> None:
    found = examples.comparison()
    dots = charts.dot_plot(found, option=OPTION, measure=MEASURE)
    assert list(dots.table) == ["Requests: difference (requests)", "Requests: difference (share)"]
    assert (dots.table.iloc[:, 0] / 22_000).tolist() == pytest.approx(dots.table.iloc[:, 1].tolist())
    table = charts.difference_chart(found, chosen=OPTION).table
    assert table["difference, middle (share)"].tolist() == [each.percent["median"] for each in found.differences]


def test_one_part_without_a_per_cent_puts_the_figure_in_units() -> None:
    found = examples.comparison()
    found.by_group[OPTION, MEASURE].loc[{"stat": "percent", "group": "share_low_income"}] = np.nan
    groups = charts.group_chart(found, option=OPTION, measure=MEASURE)
    assert groups.x.title == "requests"
    assert [float(points.x[0]) for points in marks(groups, Points)] == pytest.approx([6.0, 7.2, 0.6])
    # An area without a baseline that is too close to call leaves the map in per cent, and says its own change in units.
    band = found.by_area[OPTION, MEASURE]
    close = int(np.flatnonzero(((band.sel(stat="low95") <= 0) & (band.sel(stat="high95") >= 0)).to_numpy())[0])
    band[3, close] = np.nan
    (areas,) = marks(maps.difference_map(found, city=examples.city(), option=OPTION, measure=MEASURE), Choropleth)
    assert "requests" in areas.hover[close]
    assert all("%" in words for place, words in enumerate(areas.hover) if place != close)


def test_a_group_whose_mean_does_not_move_is_drawn_with_its_range() -> None:
    found = examples.comparison()
    found.by_group[OPTION, MEASURE].loc[{"group": "share_low_income"}] = [0.0, -3.0, 3.0, 0.0]
    groups = charts.group_chart(found, option=OPTION, measure=MEASURE)
    lines = [sorted(np.asarray(line.x).tolist()) for line in marks(groups, Line)]
    assert lines[-1] == [-3.0, 3.0]
    assert groups.x.title == "requests"


def test_shares_of_groups_are_those_of_their_own_baseline() -> None:
    table = charts.group_chart(examples.comparison(), option=OPTION, measure=MEASURE).table
    assert table["change (share)"].tolist() == pytest.approx([-0.06, -0.072, -0.006])
    assert table["95 % from (share)"].tolist() == pytest.approx([-0.068, -0.08, -0.014])
    assert table["95 % to (requests)"].tolist() == pytest.approx([-5.2, -6.4, 0.2])


def test_a_lever_never_seen_is_noted_at_the_option_that_it_belongs_to() -> None:
    caveats = tuple(
        Caveat("lever_extrapolates", Severity.CAUTION, {"option": name, "lever": "x", "value": 1, "low": 0, "high": 0})
        for name in ("More jobs", OPTION)
    )
    chart = charts.difference_chart(examples.comparison(caveats=caveats), chosen=OPTION)
    numbers = {chart.number_of(note.code, about=note.about) for note in marks(chart, Note)}
    assert [chart.caveats[number - 1].evidence["option"] for number in numbers] == [OPTION]
    other = charts.difference_chart(examples.comparison(caveats=caveats), chosen="Growth in the south")
    assert all(other.number_of(note.code, about=note.about) is None for note in marks(other, Note))


def test_words_beside_the_rows_are_the_verdicts() -> None:
    comparison = examples.comparison()
    words = [mark.text for mark in marks(charts.difference_chart(comparison, chosen="More jobs"), Text)]
    assert "Too close to call" in words
    assert any(word.endswith("of 500") for word in words)


def test_fifty_dots_agree_with_the_counts() -> None:
    comparison = examples.comparison()
    chart = charts.dot_plot(comparison, option="More jobs", measure=MEASURE)
    better, worse = marks(chart, Points)
    assert len(better.x) + len(worse.x) == DOTS
    difference = next(each for each in comparison.differences if (each.option, each.measure) == ("More jobs", MEASURE))
    assert len(better.x) == pytest.approx(DOTS * difference.probability, abs=1)
    assert (np.asarray(better.x) > 0).all()
    assert (np.asarray(worse.x) < 0).all()
    places = list(zip([*better.x, *worse.x], [*better.y, *worse.y], strict=True))
    assert len(set(places)) == DOTS, "no dot hides another"


def test_identical_options_have_all_dots_on_the_line() -> None:
    comparison = examples.comparison()
    paired = comparison.paired["More jobs", MEASURE]
    comparison.paired["More jobs", MEASURE] = paired * 0.0  # type: ignore[index]
    better, worse = marks(charts.dot_plot(comparison, option="More jobs", measure=MEASURE), Points)
    assert len(better.x) == 0
    assert set(worse.x) == {0.0}


def test_groups_are_named_and_told_from_zero() -> None:
    chart = charts.group_chart(examples.comparison(), option=OPTION, measure=MEASURE)
    assert [label for _, label in chart.y.ticks] == ["Everyone", "Over 65", "Low income"]
    assert [mark.text for mark in marks(chart, Text)][-1] == "Too close to call"


def test_the_capture_curve_reads_the_chosen_share() -> None:
    chart = charts.capture_chart(examples.hotspots(), share=0.05)
    assert np.asarray(marks(chart, Points)[0].y)[0] == pytest.approx(0.05**0.45, abs=0.002)
    assert {line.label for line in marks(chart, Line)} >= {"Kernel density", "Last year’s count", "chance"}


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_the_share_cuts_a_rank_that_is_there_already(share: float) -> None:
    hotspots = examples.hotspots()
    chart = maps.hotspot_map(hotspots, city_key="examples", areas=examples.areas(), share=share)
    classes = marks(chart, Grid)[0].classes
    assert (classes >= 4).sum() == round(share * len(hotspots.cells))
    assert chart.table["rank"].is_monotonic_increasing


def test_the_table_behind_a_map_holds_what_may_be_published() -> None:
    table = hotspot_map().table
    assert ((table["incidents last year"] >= 5) | (table["residents"] >= 100)).all()
    assert table["cells merged"].max() > 1


def test_what_the_police_start_gets_no_headline_of_harm() -> None:
    map_of = {
        police: maps.hotspot_map(
            examples.hotspots(police=police), city_key="examples", areas=examples.areas(), share=0.05
        )
        for police in (True, False)
    }
    assert "where they looked" in map_of[True].headline
    assert "chance would be" in map_of[False].headline


def test_the_seven_words_are_told_in_four_colours() -> None:
    chart = maps.emerging_map(examples.hotspots(), city_key="examples", areas=examples.areas())
    found = examples.hotspots().emerging
    grid = marks(chart, Grid)[0]
    assert found is not None
    assert (grid.classes > 1).sum() == (found.category != "").sum() == len(chart.table) > 0
    assert len(grid.legend) == 5


def test_a_group_of_too_few_areas_is_named_and_not_judged() -> None:
    chart = charts.exposure_chart(examples.audit())
    assert [label for _, label in chart.y.ticks] == ["Over 65 (5 areas)", "Low income (2 areas)"]
    assert [mark.text for mark in marks(chart, Text)][-1] == "too few areas to tell"
    assert "Over 65" in chart.headline


def test_a_map_of_cells_has_all_of_its_column_and_is_as_high_as_the_city() -> None:
    chart = hotspot_map()
    assert left_margin(chart) == right_margin(chart) == 0
    across, up = (axis.range[1] - axis.range[0] for axis in (chart.x, chart.y))
    assert chart.height == round(min(520, max(320, 590 * up / across))), "beside another chart"
    assert maps.as_high_as_needed(chart).height == round(min(720, max(320, 780 * up / across)))


def test_a_phone_shows_each_group_with_its_words_above_its_marks() -> None:
    wide, narrow = (charts.exposure_chart(examples.audit(), narrow=each) for each in (False, True))
    assert narrow.y.ticks == ()
    names, words = ([mark.text for mark in marks(narrow, Text)][at::2] for at in (0, 1))
    assert names == [label for _, label in wide.y.ticks]
    assert words == [mark.text for mark in marks(wide, Text)]
    for one, other in zip(marks(narrow, Points), marks(wide, Points), strict=True):
        assert one.x == other.x
        assert other.y[0] - 0.5 < one.y[0] < other.y[0] + 0.1, "below the words, in its own row"
    told = [mark.y for mark in marks(narrow, Text)]
    assert max(mark.y[0] for mark in marks(narrow, Points)) < max(told)


def test_a_phone_shows_the_same_effects_of_the_calendar_in_rows() -> None:
    effects = calendar_effects(examples.series())
    wide, narrow = (charts.effects_chart(effects, narrow=each) for each in (False, True))
    assert [name for _, name in narrow.y.ticks] == [name for _, name in wide.x.ticks]
    heights = [at for at, _ in narrow.y.ticks]
    assert heights == sorted(heights, reverse=True), "the first stands on top"
    (points,), (beside,) = marks(narrow, Points), marks(wide, Points)
    assert list(points.x) == list(beside.y)
    assert [-y for y in points.y] == list(beside.x)
    (bars,) = marks(wide, Bars)
    assert [line.x for line in marks(narrow, Line)] == [list(each) for each in zip(bars.low, bars.high, strict=True)]
    assert [line.y[0] for line in marks(narrow, Line)] == list(points.y)
    assert narrow.y.range == (-wide.x.range[1], -wide.x.range[0])
    assert all(narrow.y.range[0] < y < narrow.y.range[1] for y in points.y)


def test_the_cells_of_a_file_say_where_they_are() -> None:
    areas = examples.areas()
    table = maps.hotspot_map(examples.hotspots(), city_key="x", areas=areas, share=0.08).table
    metres = table.filter(regex=r"\(m, EPSG:").to_numpy()
    degrees = gpd.GeoSeries.from_xy(*metres.T, crs=areas.frame.crs).to_crs("EPSG:4326")
    assert np.allclose(table["longitude"], degrees.x, atol=6e-6)
    assert np.allclose(table["latitude"], degrees.y, atol=6e-6)
    assert table["area"].tolist() == areas.frame.loc[table["area_id"], "name"].tolist()
    alone = maps.hotspot_map(examples.hotspots(), city_key="x", areas=None, share=0.08).table
    assert {"x (m)", "y (m)"} < set(alone.columns)


@pytest.mark.parametrize("share", [0.02, 0.08, 0.2])
def test_a_sentence_counts_the_squares_that_the_map_counts(share: float) -> None:
    found = examples.hotspots()
    sure = int(found.significant.sum())
    (grid,) = marks(maps.hotspot_map(found, city_key="x", areas=None, share=share), Grid)
    drawn = int(grid.legend[-1].label.split(", ")[1].split()[0])
    assert drawn == (grid.classes == len(grid.legend)).sum()
    words = chance_words(found, share=share)
    assert f"{sure} still stand out" in words
    assert f"the map flags {drawn} of those at {100 * share:.0f}" in words
    assert 0 < drawn <= sure
    assert share < 0.2 or drawn == sure


def test_significance_splits_the_flagged_squares() -> None:
    chart = maps.hotspot_map(
        examples.hotspots(significant=True), city_key="examples", areas=examples.areas(), share=0.2
    )
    grid = marks(chart, Grid)[0]
    assert (grid.classes >= 4).sum() == round(0.2 * 432)
    assert (grid.classes == 4).any()
    assert (grid.classes == 5).sum() == (examples.hotspots().p < 0.05).sum()


def test_a_city_without_areas_has_a_map_too() -> None:
    chart = maps.hotspot_map(examples.hotspots(), city_key="examples", areas=None, share=0.05)
    assert marks(chart, Grid)
    assert not marks(chart, Outline)


def test_maps_send_addresses_not_shapes() -> None:
    assert marks(hotspot_map(), Outline)[0].url == "/geometry/examples/ward.svg?theme={theme}"
    assert marks(difference_map(), Choropleth)[0].url == "/geometry/examples/ward.geojson"


def test_areas_are_coloured_only_where_the_range_lies_on_one_side() -> None:
    comparison = examples.comparison()
    band = comparison.by_area[OPTION, MEASURE]
    unclear = ((band.sel(stat="low95") <= 0) & (band.sel(stat="high95") >= 0)).to_numpy()
    mark = marks(difference_map(), Choropleth)[0]
    assert ((mark.classes == maps.difference.CLOSE) == unclear).all()
    assert all(each.hatched == each.label.endswith("worse") for each in mark.legend)


def test_geojson_is_in_degrees_with_ids_and_clockwise_rings() -> None:
    layer = orjson.loads(layer_geojson(examples.areas()))
    assert [feature["id"] for feature in layer["features"]] == list(examples.AREA_IDS)
    for feature in layer["features"]:
        ring = shapely.geometry.shape(feature["geometry"]).exterior
        assert not ring.is_ccw
        assert -180 < ring.coords[0][0] < 0 < ring.coords[0][1] < 90


def test_the_svg_of_borders_is_exactly_the_layers_box() -> None:
    west, south, east, north = bounds(examples.areas())
    svg = layer_svg(examples.areas(), "dark").decode()
    width, height = (float(svg.split(f'{name}="')[1].split('"')[0]) for name in ("width", "height"))
    assert width / height == pytest.approx((east - west) / (north - south), rel=0.002)
    assert colours("dark")["border"] in svg
    assert "Ward" not in svg


def test_neighbours_still_meet_after_simplifying() -> None:
    layer = orjson.loads(layer_geojson(examples.areas()))
    union = shapely.union_all([shapely.geometry.shape(feature["geometry"]) for feature in layer["features"]])
    assert union.geom_type == "Polygon"
    assert len(union.interiors) == 0


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3, 17), (0.001, 0.0042), (5, 5), (12_000, 23_456)])
def test_number_ticks_are_few_and_inside(low: float, high: float) -> None:
    axis = number_axis([low, high])
    assert 1 <= len(axis.ticks) <= 5
    assert all(axis.range[0] <= place <= axis.range[1] for place, _ in axis.ticks)
    assert len({label for _, label in axis.ticks}) == len(axis.ticks)


def test_the_unit_stands_on_the_last_tick_only() -> None:
    assert [label for _, label in share_axis(0.2).ticks] == ["0", "5", "10", "15", "20\u202f%"]


@pytest.mark.parametrize("days", [1, 5, 40, 100, 400, 4000, 20_000])
def test_date_ticks_are_few_and_say_the_year_once(days: int) -> None:
    start = pd.Timestamp("2013-12-17")
    axis = date_axis(start, start + pd.Timedelta(days=days))
    assert 1 <= len(axis.ticks) <= 8
    years = [place.year for place, label in axis.ticks if str(place.year) in label]
    assert years == sorted(set(years))
    assert sum(label.count(str(place.year)) for place, label in axis.ticks) == len(years)


def test_nine_caveats_keep_their_order() -> None:
    nine = examples.nine_long_caveats()
    assert charts.fan_chart(examples.forecast(caveats=nine)).caveats == by_severity(nine)


@pytest.mark.parametrize("name", ["groups", "exposure", "replay", "prices", "promises", "shifts"])
def test_who_cannot_see_a_chart_hears_the_numbers_of_its_rows(name: str) -> None:
    chart = EVERY[name]()
    over = [words for mark in marks(chart, Points) for words in mark.hover] or marks(chart, Bars)[0].hover
    if name == "exposure":  # three sentences a row over its marks are one here
        shares = [re.findall(r"[\d.]+\u202f%", words)[0] for words in over]
        assert all(share in chart.alt for share in shares)
    elif name == "shifts":
        assert sum(words in chart.alt for words in over) >= 1, "the hour with least to spare"
    else:
        assert over
        assert all(words in chart.alt for words in over)
