"""Figures of a comparison: right is better, neutral is neither, small differences are seen, and maps colour no noise."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import example_results as examples
import numpy as np
import pytest
import xarray as xr
from test_charts import BOTH, MEASURE, OPTION, marks

from analytics.results import Caveat, Severity
from analytics.scenarios.comparison import Comparison, Difference
from analytics.scenarios.contract import Lever
from analytics.scenarios.measure import Measure
from analytics.scenarios.values import Choice
from dashboard.figures import charts, maps
from dashboard.figures.chart import Chart, Choropleth, Line, Points, Text
from dashboard.figures.differences import (
    Scale,
    compared_with,
    ends_words,
    find_difference,
    interval,
    scale_of,
    turned_axis,
)
from dashboard.figures.maps.moved import moved_sites
from dashboard.figures.palette import option_looks
from dashboard.figures.render.screen import can_choose, chosen_ids, screen_figure
from dashboard.figures.render.screen_text import as_letters
from dashboard.figures.render.typeset import SANS_STRONG, width_of
from data import Region
from data.words import MINUS

PER_RESIDENT = "requests_per_resident"
OTHER = "More jobs"


def with_differences(found: Comparison, **of: object) -> Comparison:
    """The comparison, its differences on the first measure changed."""
    return replace(
        found, differences=tuple(replace(each, **of) if each.measure == MEASURE else each for each in found.differences)
    )


def neutral(found: Comparison) -> Comparison:
    """The comparison as the core judges a measure that is neither better nor worse when there is more of it."""

    def judged(each: Difference) -> Difference:
        side = each.better if each.median < 0 else each.worse
        verdict = "differs" if each.verdict in ("better", "worse") else each.verdict
        return replace(
            each,
            sentence="Told.",
            direction="neutral",
            better=0,
            worse=0,
            probability=side / each.draws,
            verdict=verdict,
        )

    return replace(
        found,
        verdict="Told.",
        differences=tuple(judged(each) if each.measure == MEASURE else each for each in found.differences),
    )


def words_of(chart: Chart) -> list[str]:
    return [mark.text for mark in marks(chart, Text)]


def where(found: Comparison) -> Chart:
    return maps.difference_map(found, city=examples.city(), option=OPTION, measure=MEASURE)


def standing(found: Comparison, flags: Sequence[bool]) -> Comparison:
    stands = xr.DataArray(np.array(flags), coords={"area_id": list(examples.AREA_IDS)}, dims="area_id")
    return replace(found, stands_out={(OPTION, MEASURE): stands})


# Which way is better


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize(("direction", "sign"), [("lower", -1), ("higher", 1), ("neutral", 1)])
def test_right_is_better_and_of_a_neutral_measure_more(direction: str, sign: int, narrow: bool) -> None:
    found = with_differences(examples.comparison(), direction=direction)
    chart = charts.difference_chart(found, chosen=OPTION, measures=[MEASURE], narrow=narrow)
    expected = [sign * each.percent["median"] for each in found.differences if each.measure == MEASURE]
    assert [float(np.asarray(mark.x)[0]) for mark in marks(chart, Points)] == pytest.approx(expected)
    assert ("better →" in words_of(chart)) == (direction != "neutral")
    assert ("more →" in words_of(chart)) == (direction == "neutral")


def test_a_neutral_measure_is_never_better_or_worse() -> None:
    found = neutral(examples.comparison())
    difference = find_difference(found, option=OPTION, measure=MEASURE)
    assert difference.verdict == "differs"
    made = [
        charts.difference_chart(found, chosen=OPTION, measures=[MEASURE]),
        charts.dot_plot(found, option=OPTION, measure=MEASURE),
        charts.group_chart(found, option=OPTION, measure=MEASURE),
        where(found),
    ]
    for chart in made:
        legend = [each.label for mark in marks(chart, Choropleth) for each in mark.legend]
        told = [
            *words_of(chart),
            *legend,
            chart.headline,
            chart.alt,
            chart.subtitle.replace("neither side is better", ""),
        ]
        told.append(
            chart.interval.replace("Better or worse only", "" if chart is not made[0] else "Better or worse only")
        )
        assert not [words for words in told if "better" in words.lower() or "worse" in words.lower()], chart.name
    assert any("500 of 500" in words for words in words_of(made[0]))
    assert words_of(made[1]) == ["500 fewer", "0 more"]
    assert all(float(value) < 0 for mark in marks(made[1], Points) for value in mark.x), "less stands on the left"
    assert {mark.role for mark in marks(made[2], Points)} <= {"primary", "today"}
    assert any(each.label.startswith("up to") and each.hatched for each in marks(made[3], Choropleth)[0].legend)


def test_neutral_and_directed_measures_share_no_axis() -> None:
    found = neutral(examples.comparison())
    with pytest.raises(ValueError, match="one axis has one scale"):
        charts.difference_chart(found, chosen=OPTION)
    first, second = charts.difference_charts(found, chosen=OPTION)
    assert "neither" in first.subtitle
    assert "always better" in second.subtitle


def test_the_measures_own_words_are_used() -> None:
    found = examples.comparison()
    named = tuple(replace(each, fewer_word="shorter", more_word="longer") for each in found.measures)
    found = replace(found, measures=named)
    assert any(words.endswith("shorter") for words in words_of(charts.difference_chart(found, chosen=OPTION)))
    assert any(
        words.endswith("shorter") for words in words_of(charts.group_chart(found, option=OPTION, measure=MEASURE))
    )
    (mark,) = marks(where(found), Choropleth)
    assert all(" shorter, " in words or " longer, " in words for words in mark.hover)


# Axes


def reach(chart: Chart) -> float:
    return float(chart.x.range[1] - chart.x.range[0])


@pytest.mark.parametrize("narrow", [False, True])
def test_measures_of_very_different_size_do_not_collapse_on_one_axis(narrow: bool) -> None:
    found = with_differences(
        examples.comparison(in_units=BOTH),
        **dict.fromkeys(("median", "low95", "high95", "low80", "high80"), -30000.0),
    )
    drawn = charts.difference_charts(found, chosen=OPTION, narrow=narrow)
    assert len(drawn) == 2
    assert len({chart.name for chart in drawn}) == 2
    for chart in drawn:
        widest = max(abs(float(end)) for mark in marks(chart, Line) for end in mark.x)
        assert widest > 0.2 * reach(chart), "some line reaches far enough to be seen"


def test_what_does_not_change_takes_no_axis_of_its_own() -> None:
    none = dict.fromkeys(("median", "low95", "high95", "low80", "high80"), 0.0)
    found = with_differences(examples.comparison(in_units=BOTH), **none, verdict="no_change", better=0, worse=0)
    (chart,) = charts.difference_charts(found, chosen=OPTION)
    assert "No change" in words_of(chart)
    assert "the same in all 500" in words_of(chart)


def test_large_amounts_are_written_in_millions() -> None:
    found = examples.comparison(base=22_000_000.0, in_units=BOTH)
    chart = charts.difference_chart(found, chosen=OPTION, measures=[MEASURE])
    assert chart.x.title == "million requests"
    assert any(words.endswith("million requests fewer") for words in words_of(chart))
    median = -find_difference(found, option=OPTION, measure=MEASURE).median / 1e6
    (evidence,) = (words for words in words_of(chart) if "of 500" in words)
    low, high = (float(end) for end in evidence.split("]")[0].strip("[").split(", "))
    assert low < median < high
    assert max(float(label) for _, label in chart.x.ticks if label != "Today") < 10


def test_a_middle_never_lies_outside_its_own_range() -> None:
    scale = Scale("metres", 1)
    assert ends_words(9.71, 10.46, 10.1, scale) == "[9.71, 10.5]"
    assert ends_words(0.0971, 0.1046, 0.101, Scale("", 1)) == "[9.7, 10]"
    assert Scale("", 1).size(0.101) == "10\u202f%"


def test_a_range_without_a_word_says_its_side_by_its_sign() -> None:
    ends = {"median": -0.7, "low95": -1.1, "high95": -0.22, "low80": -1.0, "high80": -0.3, "percent": None}
    close = with_differences(examples.comparison(), **ends, verdict="too_close", direction="neutral")
    difference = find_difference(close, option=OPTION, measure=MEASURE)
    assert interval(difference, scale_of(close, difference)) == f"[{MINUS}1.1, {MINUS}0.22]"
    less_is_better = replace(difference, direction="lower")
    assert interval(less_is_better, Scale("m", -1)) == "[0.22, 1.1]"
    assert interval(replace(less_is_better, verdict="better"), Scale("m", -1)) == "[0.22, 1.1]"


def test_shares_differ_by_points() -> None:
    found = with_differences(
        examples.comparison(in_units=BOTH),
        unit="share",
        median=-0.052,
        low95=-0.08,
        high95=-0.03,
        low80=-0.06,
        high80=-0.04,
    )
    chart = charts.difference_chart(found, chosen=OPTION, measures=[MEASURE])
    assert chart.x.title == "percentage points"
    assert "5.2 points fewer" in words_of(chart)
    assert any(words.startswith("[3, 8]") for words in words_of(chart))


@pytest.mark.parametrize(
    "name", ["today", "Do nothing and keep the six clinics", "A", "Ein sehr langer Name ohne Ende"]
)
@pytest.mark.parametrize("pixels", [140, 280, 330])
def test_the_tick_of_the_baseline_says_its_name_and_touches_none(name: str, pixels: int) -> None:
    from dashboard.figures.render.layout import SIZE
    from dashboard.figures.render.typeset import SANS, width_of

    scale = replace(charts.difference.scale_of(examples.comparison(), examples.comparison().differences[0]))
    axis = turned_axis([-0.004, 0.21], scale, middle=name, pixels=pixels)
    (middle,) = (label for at, label in axis.ticks if at == 0)
    assert middle.replace("\n", " ") == name
    a_pixel = (axis.range[1] - axis.range[0]) / pixels
    spans = [
        (at - a_pixel * wide / 2, at + a_pixel * wide / 2)
        for at, label in axis.ticks
        for wide in [max(width_of(line, face=SANS, size=SIZE) for line in label.split("\n"))]
    ]
    assert all(before[1] < after[0] for before, after in itertools.pairwise(spans))


def test_the_baselines_own_name_stands_at_its_line() -> None:
    found = examples.comparison()
    renamed = tuple(replace(each, name="Keep six" if each.name == "Today" else each.name) for each in found.scenarios)
    chart = charts.difference_chart(replace(found, baseline="Keep six", scenarios=renamed), chosen=OPTION)
    assert [label for at, label in chart.x.ticks if at == 0] == ["Keep six"]


# One option against another


def against_another() -> Comparison:
    found = examples.comparison()
    between = []
    for measure in BOTH:
        first, second = (find_difference(found, option=name, measure=measure) for name in (OTHER, OPTION))
        drawn = found.paired[OPTION, measure] - found.paired[OTHER, measure]
        low95, low80, median, high80, high95 = np.quantile(drawn, (0.025, 0.1, 0.5, 0.9, 0.975), method="inverted_cdf")
        sizes = {"median": median, "low95": low95, "high95": high95, "low80": low80, "high80": high80}
        between.append(
            replace(
                second, **sizes, against=OTHER, baseline_mean=first.option_mean, verdict="better", better=499, worse=1,
                probability=0.998, percent={name: value / first.option_mean for name, value in sizes.items()},
            )
        )  # fmt: skip
    return replace(found, between=tuple(between))


def test_two_options_against_each_other_are_each_others_mirror() -> None:
    found = against_another()
    there, back = (
        find_difference(found, option=a, measure=MEASURE, against=b) for a, b in ((OPTION, OTHER), (OTHER, OPTION))
    )
    assert (back.median, back.low95, back.high95) == (-there.median, -there.high95, -there.low95)
    assert (back.verdict, back.better, back.worse) == ("worse", 1, 499)
    assert back.percent["median"] == pytest.approx(-there.median / there.option_mean)
    assert {each.option for each in compared_with(found, OTHER)} == {OPTION}
    assert compared_with(found, "Today") == found.differences


def test_a_chart_against_another_option_says_so_everywhere() -> None:
    found = against_another()
    chart = charts.difference_chart(found, chosen=OPTION, against=OTHER)
    assert [label for at, label in chart.x.ticks if at == 0] == [OTHER]
    assert [key.label for key in chart.key] == [OPTION]
    assert OTHER in chart.title
    assert OTHER in chart.interval
    assert f"mean of {OTHER}" in chart.table
    dots = charts.dot_plot(found, option=OPTION, measure=MEASURE, against=OTHER)
    assert dots.table.iloc[:, 0].tolist() == pytest.approx(
        (found.paired[OPTION, MEASURE] - found.paired[OTHER, MEASURE]).to_numpy().tolist()
    )


# Groups


def test_groups_say_their_people_and_small_ones_are_named_not_judged() -> None:
    few = Caveat("group_too_small", Severity.CAUTION, {"groups": ["Over 65"], "sizes": ["Over 65: 900"], "least": 1000})
    found = examples.comparison(caveats=(few,))
    for area in found.study.city.areas.values():
        area.frame["share_over_65"], area.frame["share_low_income"] = 0.075, 0.5
    chart = charts.group_chart(found, option=OPTION, measure=MEASURE)
    assert chart.y.beside == ("12,000", "900", "6,000")
    assert "Over 65 (n = 900)" in chart.interval
    assert "Low income (n" not in chart.interval
    assert words_of(chart)[1] == "few people"
    assert chart.table["people"].tolist() == [12_000, 900, 6_000], "kept in the file"
    region = Region("south", "The south side", "ward", examples.AREA_IDS[:3])
    found = replace(found, study=replace(found.study, terms=replace(found.study.terms, region=region)))
    assert charts.group_chart(found, option=OPTION, measure=MEASURE).y.beside == ("3,000", "225", "1,500")


def test_the_change_of_the_gap_stands_beside_the_change() -> None:
    found = examples.comparison()
    stats = {
        "before": [3.0, 2.0],
        "after": [1.0, 2.5],
        "mean": [-2.0, 0.5],
        "low95": [-3.0, -0.2],
        "high95": [-1.0, 1.2],
    }
    gaps = xr.DataArray(
        np.array(list(stats.values())),
        coords={"stat": list(stats), "group": list(examples.GROUPS[1:])},
        dims=["stat", "group"],
    )
    chart = charts.group_chart(replace(found, gaps={(OPTION, MEASURE): gaps}), option=OPTION, measure=MEASURE)
    said = words_of(chart)
    assert "gap 2 requests narrower [1, 3]" in said
    assert "gap: too close to call" in said
    assert "Gap:" in chart.interval
    assert chart.table.iloc[0, -1] == "", "everyone has no distance from everyone"


# Maps


def test_an_area_is_coloured_only_where_it_differs_from_the_city() -> None:
    flags = [index == 11 for index in range(12)]
    (mark,) = marks(where(standing(examples.comparison(), flags)), Choropleth)
    assert [index for index, each in enumerate(mark.classes) if each != maps.difference.CLOSE] == [11]
    assert mark.hover[0].endswith("as the whole city")
    assert not mark.hover[11].endswith("as the whole city")
    everywhere, somewhere = (where(standing(examples.comparison(), each)) for each in ([True] * 12, flags))
    assert ", " not in everywhere.headline.partition(": better in 12 areas")[2], "what is nowhere is not counted"
    assert ": better in 1 area and as the whole city or too close to call in 11 areas." in somewhere.headline
    assert "differs from the whole city" in somewhere.interval
    assert "differs from the whole city" not in everywhere.interval


def test_where_all_areas_change_alike_the_map_has_one_colour_and_says_so() -> None:
    chart = where(standing(examples.comparison(), [False] * 12))
    (mark,) = marks(chart, Choropleth)
    assert set(mark.classes) == {maps.difference.BETTER_SOME}
    assert chart.headline == "All areas change alike: Requests, 5.9\u202f% fewer."
    assert not marks(chart, Text), "no area is named above the others"
    assert not chart.table["differs from the whole city"].any()


def test_areas_outside_a_region_are_set_apart() -> None:
    found = examples.comparison()
    region = Region("south", "The south side", "ward", examples.AREA_IDS[:6])
    found = replace(
        found,
        study=replace(found.study, terms=replace(found.study.terms, region=region)),
        by_area={key: each.isel(area_id=slice(6)) for key, each in found.by_area.items()},
    )
    chart = where(found)
    (mark,) = marks(chart, Choropleth)
    assert (mark.classes[6:] == maps.difference.OUTSIDE).all()
    assert (mark.classes[:6] != maps.difference.OUTSIDE).all()
    assert mark.legend[maps.difference.OUTSIDE].label == "not in The south side"
    assert tuple(mark.outlined) == examples.AREA_IDS[:6]
    assert "The south side: 6 areas, 6,000 people" in chart.filters


def test_labels_of_a_map_stand_inside_it() -> None:
    chart = where(examples.comparison())
    texts = marks(chart, Text)
    assert 1 <= len(texts) <= 3
    (west, east), (south, north) = chart.x.range, chart.y.range
    for mark in texts:
        assert west < mark.x < east
        assert south < mark.y < north
    drawn = screen_figure(chart, theme="light")
    longitude = drawn.layout.geo.lonaxis.range
    assert all(
        longitude[0] < trace.lon[0] < longitude[1] for trace in drawn.data if getattr(trace, "mode", "") == "text"
    )


def placed(chart: Chart) -> dict[tuple[str, bool], tuple[int, tuple[str, ...]]]:
    """By shape and filling: how many points there are, and which of them can be chosen."""
    found: dict[tuple[str, bool], tuple[int, tuple[str, ...]]] = {}
    for mark in marks(chart, Points):
        count, ids = found.get((mark.shape, mark.filled), (0, ()))
        found[mark.shape, mark.filled] = (count + len(mark.x), (*ids, *mark.ids))
    return found


def test_sites_say_what_is_open_new_closed_and_possible() -> None:
    chart = maps.sites_map(examples.city(), examples.sites(), chosen=["S0", "S3"])
    assert placed(chart) == {
        ("square", True): (1, ()),  # S0 stays open whatever is decided
        ("cross", True): (1, ("S1",)),
        ("square", False): (1, ("S3",)),
        ("circle", False): (3, ("S2", "S4", "S5")),
    }
    assert chart.headline == "Service points: 2 sites open, 1 of them new (Library 3), 1 closed."
    assert chart.table["open"].tolist() == [True, False, False, True, False, False]
    assert {words for mark in marks(chart, Points) for words in mark.hover} >= {
        "Library 0: open today",
        "Library 3: new",
    }


def test_a_site_that_cannot_be_closed_is_shown_open() -> None:
    chart = maps.sites_map(examples.city(), examples.sites(), chosen=["S3"])
    assert placed(chart)["square", True] == (1, ())


def test_demand_is_shaded_in_fifths() -> None:
    city = examples.city()
    values = city.series["requests"].values
    values.loc[:, :] = np.arange(12.0)[None, :]
    (mark,) = marks(maps.sites_map(city, examples.sites(), chosen=["S0"]), Choropleth)
    assert mark.classes.tolist() == sorted(mark.classes)
    assert set(mark.classes) == {0, 1, 2, 3, 4}
    assert mark.legend[4].label == "up to 4,020 requests", "eleven a day for a year"
    edges = {float(np.format_float_positional(365 * each)) for each in range(12)}
    labels = [float(each.label.split()[2].replace(",", "")) for each in mark.legend[:5]]
    assert all(min(abs(edge - label) for edge in edges) <= 5 for label in labels), "an edge is what some area has"


def test_areas_can_be_chosen_where_an_option_gains_and_loses_and_not_under_sites() -> None:
    chart = where(examples.comparison())
    assert can_choose(chart)
    (areas,) = (trace for trace in screen_figure(chart, theme="light").data if trace.customdata)
    assert (list(areas.customdata), list(areas.locations)) == (list(examples.AREA_IDS), list(examples.AREA_IDS))
    sites = screen_figure(maps.sites_map(examples.city(), examples.sites(), chosen=["S0"]), theme="light")
    assert not [trace for trace in sites.data if trace.type == "choropleth" and trace.customdata]


def test_points_can_be_chosen_on_no_chart_without_places() -> None:
    chart = maps.sites_map(examples.city(), examples.sites(), chosen=["S0"])
    drawn = screen_figure(chart, theme="light")
    assert can_choose(chart)
    assert drawn.layout.clickmode == "event+select"
    assert {each for trace in drawn.data if trace.customdata for each in trace.customdata} == {
        f"S{at}" for at in range(1, 6)
    }
    other = charts.group_chart(examples.comparison(), option=OPTION, measure=MEASURE)
    assert not can_choose(other)
    assert screen_figure(other, theme="light").layout.clickmode is None
    picked = {"selection": {"points": [{"customdata": "S2"}, {"customdata": ["S3"]}, {"customdata": "S2"}, {}]}}
    assert chosen_ids(picked) == ("S2", "S3")
    assert chosen_ids({}) == ()


def test_no_more_points_are_drawn_than_a_browser_can_hold() -> None:
    chart = maps.sites_map(examples.city(), examples.sites(count=10_020), chosen=["S10019"])
    drawn = placed(chart)
    assert sum(count for count, _ in drawn.values()) == 10_000
    assert drawn["square", False] == (1, ("S10019",)), "what is chosen is never left out"
    assert "20 more are in the table" in chart.interval
    assert len(chart.table) == 10_020


def test_what_an_option_opens_and_closes_stands_on_its_map() -> None:
    found, sites = examples.comparison(), examples.sites()
    lever = Lever("sites.open", "Open sites", "", "", Choice(tuple(sites.frame.index)), default=("S0", "S1"))
    city = replace(found.study.city, others={"sites": {"points": sites}})
    study = replace(found.study, city=city, about={**found.study.about, "sites": "points"})
    scenarios = tuple(
        replace(each, levers={"sites": {"open": ["S0", "S4"]}}) if each.name == OPTION else each
        for each in found.scenarios
    )
    marked, key = moved_sites(replace(found, study=study, scenarios=scenarios, levers=(lever,)), OPTION)
    assert [(mark.shape, mark.filled, list(mark.hover)) for mark in marked] == [
        ("square", False, ["Library 4: opened"]),
        ("cross", True, ["Library 1: closed"]),
    ]
    assert [each.label for each in key] == ["opened, 1", "closed, 1"]
    assert moved_sites(found, OPTION) == ([], ())


def test_no_measures_name_is_wider_than_a_small_phone() -> None:
    found = examples.comparison()
    long = "Mean travel to the nearest of all the service points that are open"
    named = replace(found, differences=tuple(replace(each, title=long) for each in found.differences))
    chart = charts.difference_chart(named, chosen=OPTION, narrow=True)
    lines = [mark.text for mark in marks(chart, Text) if mark.column == "start" and mark.strong and mark.text in long]
    assert " ".join(lines[:2]) == long
    assert max(width_of(line, face=SANS_STRONG, size=13) for line in lines) <= 256


# Names and looks


@pytest.mark.parametrize("typed", ["<b>bold</b>", '"A" & B', "&quot;", "&lt;i&gt;", "$x$ or $2", "50 %"])
def test_what_people_type_is_shown_letter_by_letter(typed: str) -> None:
    found = examples.comparison()
    scenarios = tuple(replace(each, name=typed if each.name == OPTION else each.name) for each in found.scenarios)
    differences = tuple(
        replace(each, option=typed if each.option == OPTION else each.option) for each in found.differences
    )
    chart = charts.difference_chart(replace(found, scenarios=scenarios, differences=differences), chosen=typed)
    key = screen_figure(chart, theme="light").layout.annotations[-1].text
    assert as_letters(typed) in key
    assert shown_by_plotly(as_letters(typed)) == typed


def shown_by_plotly(markup: str) -> str:
    """Plotly's own table of entities (``svg_text_utils``): numbers, and these names."""
    import re

    known = {"mu": "μ", "amp": "&", "lt": "<", "gt": ">", "nbsp": "\xa0", "times": "×", "plusmn": "±", "deg": "°"}
    assert not re.search(r"<[a-z/]", markup)
    return re.sub(
        r"&(#\d+|[a-z]+);",
        lambda each: chr(int(each[1][1:])) if each[1][0] == "#" else known.get(each[1], each[0]),
        markup,
    )


def test_options_are_never_told_by_colour_alone() -> None:
    looks = option_looks(["Today", *map(str, range(9))], baseline="Today")
    assert len(set(looks.values())) == 10
    first, fourth = looks["0"], looks["3"]
    assert first.role == fourth.role
    assert first.shape != fourth.shape
    with pytest.raises(ValueError, match="cannot be told apart"):
        option_looks(["Today", *map(str, range(10))], baseline="Today")


def test_a_measure_that_the_comparison_does_not_describe_has_plain_words() -> None:
    found = replace(examples.comparison(), measures=(Measure("else", "Else", "units"),))
    assert any("fewer" in words for words in words_of(charts.difference_chart(found, chosen=OPTION)))
    assert MINUS not in "".join(words_of(charts.difference_chart(found, chosen=OPTION)))


# Prices, replays and shifts


def test_prices_stand_against_the_baseline_with_range_and_budget() -> None:
    chart = charts.price_chart(examples.priced())
    assert [label for _, label in chart.y.ticks] == ["Growth in the south", "More jobs", "Cleaner alleys"]
    assert [float(mark.x[0]) for mark in marks(chart, Points)] == [120_000.0, 40_000.0, -30_000.0], "right costs more"
    assert words_of(chart)[:2] == ["120 thousand USD a year more", "[110, 140] · within budget in 412 of 500"]
    assert words_of(chart)[4] == "30 thousand USD a year less"
    assert chart.headline.startswith("Cleaner alleys costs least")
    assert len(chart.table) == 4, "the baseline is in the file"
    assert chart.table["more than the baseline, a year (USD)"].tolist() == [0.0, 120_000.0, 40_000.0, -30_000.0]
    for said in ("budget 60,000 USD a year more", "at 3\u202f% a year", "12.5 USD each"):
        assert said in chart.filters
    with pytest.raises(ValueError, match="no prices"):
        charts.price_chart(examples.comparison())


def test_a_replay_sets_what_happened_beside_what_was_expected() -> None:
    years = examples.years()
    chart = charts.replay_chart(years, title="Sanitation", target_days=30, made_from=(examples.provenance("requests"),))
    assert chart.headline == "Sanitation: in 1 of 2 past years what happened lay within what was expected."
    assert [(mark.filled, float(mark.x[0])) for mark in marks(chart, Points)] == [(True, 0.63), (False, 0.75)]
    assert words_of(chart)[:2] == ["61\u202f% expected, 63\u202f% came", "median 12 days, 13 came"]
    edge = replace(years[0], actual_share=0.58)
    drawn = charts.replay_chart([edge], title="S", target_days=30, made_from=(examples.provenance("requests"),))
    assert marks(drawn, Points)[0].filled, "the end of the range is inside"


def test_dots_that_nearly_agree_stand_in_narrower_columns() -> None:
    found = examples.comparison()
    paired = found.paired[OPTION, MEASURE]
    for spread, most in ((1.0, 10), (0.15, 25)):
        near = paired.mean() + spread * (paired - paired.mean())
        chart = charts.dot_plot(replace(found, paired={(OPTION, MEASURE): near}), option=OPTION, measure=MEASURE)
        (dots,) = (each for each in marks(chart, Points) if len(each.x))
        heights = [int(np.sum(np.array(dots.x) == each)) for each in set(dots.x)]
        assert len(heights) >= 3
        assert max(heights) <= most
        assert 3 <= dots.size <= 10


def test_shifts_count_the_hours_that_are_short() -> None:
    staff = (3.0,) * 168
    needed = tuple(4.0 if hour in (9, 10, 33) else 3.0 for hour in range(168))
    made_from = (examples.provenance("requests"),)
    chart = charts.shifts_chart(charts.StaffHours(staff, needed), title="Counter", option="Today", made_from=made_from)
    assert "too few people in 3 of 168 hours" in chart.headline
    (line,) = marks(chart, Line)
    assert [float(at) for at, high in zip(line.x, line.y, strict=True) if high == 4.0] == [9, 10, 10, 11, 33, 34]
    assert chart.table.loc[33, ["weekday", "hour"]].tolist() == ["Tuesday", 9]
    enough = charts.StaffHours(staff, staff)
    assert "enough" in charts.shifts_chart(enough, title="Counter", option="Today", made_from=made_from).headline
    with pytest.raises(ValueError, match="staff has 167 hours"):
        charts.StaffHours(staff[:-1], needed)
