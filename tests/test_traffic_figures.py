"""Figures of roads and signals: few traces for many roads, sentences with the table's numbers, bands where they are published."""

from __future__ import annotations

import re
from dataclasses import replace

import example_results as examples
import example_traffic as towns
import numpy as np
import pytest
from test_charts import OPTION, marks

from analytics.traffic.picture import Lines, crossings, geh
from dashboard.figures import charts, maps
from dashboard.figures.chart import Band, Chart, Line, Points, Strokes, Voices
from dashboard.figures.charts.time_space import reds_of
from dashboard.figures.charts.volumes import band_edges
from dashboard.figures.exports import to_svg
from dashboard.figures.geometry import bounds
from dashboard.figures.maps.roads import delay_edges
from dashboard.figures.maps.roads_beside import Beside
from dashboard.figures.render.screen import can_choose, screen_figure
from dashboard.figures.roads_words import road_listed


def flow(**more: object) -> Chart:
    return maps.roads_map(towns.roads(), look="flow", city=examples.city(), **more)  # type: ignore[arg-type]


def voices(chart: Chart) -> list[str]:
    """Every sentence that is told over roads."""
    return [
        re.sub(r"\{(\d)\}", lambda match: row[int(match[1])], mark.template)  # noqa: B023 - used at once
        for mark in marks(chart, Voices)
        for row in mark.parts.tolist()
    ]


# Roads


def test_ten_thousand_links_are_few_traces_and_few_elements() -> None:
    chart = maps.roads_map(towns.many(10_000), look="flow", city=examples.city())
    figure = screen_figure(chart, theme="light")
    assert len(figure.data) < 5, "a trace keeps an element for each stroke, a shape one for all"
    paths = [shape.path for shape in figure.layout.shapes if shape.type == "path"]
    assert sum(path.count("M") for path in paths) == 10_000
    assert sum(path.count("L") for path in paths) == 20_000, "two more points each"
    assert paths[0].split("L")[0] == f"M{marks(chart, Strokes)[0].x[0]:.7g},{marks(chart, Strokes)[0].y[0]:.7g}"
    kept = [len(trace.x) for trace in figure.data if trace.mode == "markers"]
    assert sum(kept) <= 1_500, "each of these is an element of the page"
    assert sum(len(mark.x) for mark in marks(chart, Voices)) == 10_000, "and yet every road is told"
    assert sum(np.isnan(mark.x).sum() for mark in marks(chart, Strokes)) == 10_000, "and drawn once"
    assert len(figure.to_json()) < 2_500_000
    assert {trace.type for trace in figure.data} == {"scatter"}, "none needs WebGL"


def test_every_road_is_drawn_once_and_the_fullest_darkest() -> None:
    town, chart = towns.roads(), flow()
    strokes = marks(chart, Strokes)
    assert sum(np.isnan(mark.x).sum() for mark in strokes) == len(town.links)
    full = sum(np.isnan(mark.x).sum() for mark in strokes if mark.role == "seq10")
    assert full == (town.saturation > 1).sum() > 0


def test_each_direction_lies_on_the_right_of_its_road() -> None:
    town = towns.roads()
    (first, second) = (towns.roads().links.index.get_loc(each) for each in ("L0", "L1"))
    assert list(town.links.iloc[second][["from_node", "to_node"]]) == list(
        town.links.iloc[first][["to_node", "from_node"]]
    )
    east = town.lines.x[town.lines.starts[first] + 1] > town.lines.x[town.lines.starts[first]]
    assert east, "the first link leads east"
    levels = {round(y, 1) for mark in marks(flow(), Strokes) for y in mark.y if abs(y - towns.SOUTH) < 100}
    assert len(levels) > 1
    assert min(levels) < towns.SOUTH < max(levels), "one south of the middle, one north of it"


def test_a_way_without_its_other_direction_stays_in_the_middle() -> None:
    town = towns.roads()
    kept = town.links.iloc[[0]]
    line = Lines(town.lines.x[:2], town.lines.y[:2], town.lines.starts[:2])
    chart = maps.roads_map(replace(town, links=kept, lines=line), look="flow", city=examples.city())
    assert {y for mark in marks(chart, Strokes) for y in mark.y if np.isfinite(y)} == {towns.SOUTH}


def test_the_headline_names_the_busiest_road_and_the_kilometres_over_capacity() -> None:
    town, chart = towns.roads(), flow()
    busiest = town.links.loc[town.links["volume"].idxmax()]
    assert busiest["name"] in chart.headline
    assert f"{busiest['volume']:,.0f} vehicles an hour" in chart.headline
    over = town.links.loc[town.saturation > 1, "length"].sum()
    assert f"{over:g} of {town.links['length'].sum():g} kilometres" in chart.headline


@pytest.mark.parametrize(
    ("names", "said", "listed"),
    [
        (("Near South Side", "Loop"), "the road from Near South Side to Loop", "Near South Side to Loop (link {})"),
        (("n00", "Loop"), "link {} in Loop", "link {} in Loop"),
        (("n00", "n01"), "link {}", "link {}"),
    ],
)
@pytest.mark.parametrize(("link", "called"), [("L0", "L0"), ("n00-n01", "n00 to n01")])
def test_a_road_without_a_name_is_called_by_what_it_joins(
    names: tuple[str, str], said: str, listed: str, link: str, called: str
) -> None:
    town = towns.roads()
    links = town.links.rename(index={"L0": link})
    links.loc[link, ["from_name", "to_name", "volume"]] = [*names, 9_000.0]
    town = replace(town, links=links)
    chart = maps.roads_map(town, look="flow", city=examples.city())
    assert chart.headline.startswith(f"Busiest today is {said.format(called)}, with 9,000")
    assert road_listed(town, link) == listed.format(called)
    assert any(each.startswith(f"link {called}\nfrom {names[0]}") for each in voices(chart))


def test_roads_without_a_last_day_state_none() -> None:
    town = towns.roads()
    undated = replace(town, made_from=tuple(replace(table, as_of=None) for table in town.made_from))
    chart = maps.roads_map(undated, look="flow", city=examples.city())
    assert chart.source.startswith("Source: ")
    assert "unknown" not in chart.source
    assert "data to" not in chart.source


def test_a_road_says_the_numbers_of_the_table() -> None:
    town = towns.roads()
    row = town.links.loc["L4"]
    place = f"from {row['from_name']} to {row['to_name']}: {row['volume']:,.0f} "
    (words,) = {each for each in voices(flow()) if each.startswith(row["name"]) and place in each}
    assert "of 1,600 that it can carry" in words
    assert f"loses {town.delay['L4']:.1f} minutes" in words


def test_the_sentence_on_the_screen_has_every_part() -> None:
    traces = [trace for trace in screen_figure(flow(), theme="light").data if trace.hovertemplate]
    assert traces
    for trace in traces:
        wanted = {int(each) for each in re.findall(r"customdata\[(\d+)\]", trace.hovertemplate)}
        assert wanted == set(range(1, len(trace.customdata[0]))), "the first is the id by which it is chosen"
        assert "{" not in trace.hovertemplate.replace("%{customdata[", "")


def test_roads_junctions_and_counters_can_be_chosen() -> None:
    beside = [Beside("junction", ["J1"], ["Station"], [towns.WEST], [towns.SOUTH])]
    chart = flow(beside=beside)
    assert can_choose(chart)
    ids = {each for mark in marks(chart, Voices) + marks(chart, Points) for each in mark.ids}
    assert {"road:L0", "junction:J1"} <= ids
    assert "Signals at Station" in marks(chart, Points)[0].hover[0]


@pytest.mark.parametrize(("stretched", "whole"), [(1.4, True), (1.0, False)])
def test_borders_that_reach_little_farther_than_the_roads_are_not_cut(stretched: float, whole: bool) -> None:
    town = towns.roads()
    assert town.lines is not None
    x, y = (at + stretched * (line - at) for at, line in ((towns.WEST, town.lines.x), (towns.SOUTH, town.lines.y)))
    chart = maps.roads_map(replace(town, lines=Lines(x, y, town.lines.starts)), look="flow", city=examples.city())
    west, south, east, north = bounds(examples.areas())
    assert chart.x.range is not None
    assert chart.y.range is not None
    across, up = chart.x.range, chart.y.range
    assert (across[0] < west and east < across[1] and up[0] < south and north < up[1]) == whole


def test_counters_that_would_cover_the_roads_wait_for_an_enlarged_map() -> None:
    counters = Beside("counter", [f"C{n}" for n in range(61)], ["Counter"] * 61,
                      [towns.WEST + 80 * n for n in range(61)], [towns.SOUTH + 120 * n for n in range(61)])  # fmt: skip
    whole, part, few = (
        flow(beside=[counters], window=window) if window else flow(beside=[first_of(counters, 60)])
        for window in (maps.WHOLE, maps.Window(4.0, 0.5, 0.5), None)
    )
    hidden = "counters (61), shown where the map is enlarged"
    drawn = [[mark.ids for mark in marks(chart, Points)] for chart in (whole, part, few)]
    assert drawn[0] == []
    assert hidden in [each.label for each in whole.key]
    assert 0 < len(drawn[1][0]) < 61
    assert f"counters ({len(drawn[1][0])})" in [each.label for each in part.key]
    assert len(drawn[2][0]) == 60, "so many leave the roads in sight"


def first_of(points: Beside, count: int) -> Beside:
    return Beside(points.kind, *(each[:count] for each in (points.ids, points.names, points.x, points.y)))


def test_a_change_is_blue_where_fewer_and_ochre_and_dashed_where_more() -> None:
    chart = maps.roads_map(towns.roads(option=OPTION), look="change", city=examples.city())
    dashes = {mark.role: mark.dash for mark in marks(chart, Strokes)}
    assert dashes["div2"] == "dash"
    assert dashes["div9"] == "solid"
    assert "+700 vehicles an hour" in chart.headline
    assert OPTION in chart.headline
    assert "lose" in chart.headline, "700 more on a full road cost more than 500 fewer elsewhere save"


def test_an_option_that_changes_nothing_says_so() -> None:
    town = towns.roads(option=OPTION)
    same = town.links.assign(volume_option=town.links["volume"], time_option=town.links["time"])
    chart = maps.roads_map(replace(town, links=same), look="change", city=examples.city())
    assert "no road carries clearly more or fewer" in chart.headline
    assert {mark.role for mark in marks(chart, Strokes)} == {"border"}


@pytest.mark.parametrize(
    ("most", "edges"), [(6.0, (0.5, 1.0, 2.0, 5.0)), (0.0, (0.005, 0.01, 0.02, 0.05)), (1.0, (0.1, 0.2, 0.5, 1.0))]
)
def test_delays_are_told_in_round_minutes(most: float, edges: tuple[float, ...]) -> None:
    assert delay_edges(np.full(50, most)) == pytest.approx(edges)


def test_without_places_there_is_the_finding_and_the_table_and_no_map() -> None:
    chart = maps.roads_map(replace(towns.roads(), lines=None), look="flow", city=examples.city())
    assert not chart.marks
    assert chart.headline == flow().headline
    assert len(chart.table) == len(towns.roads().links)


def test_a_change_needs_an_option() -> None:
    with pytest.raises(ValueError, match="no option"):
        maps.roads_map(towns.roads(), look="change", city=examples.city())


def test_roads_stay_roads_in_a_file() -> None:
    svg = to_svg(flow()).decode()
    assert "Busiest today" in svg
    assert svg.count("<path") < 120, "a stroke is one path, however many roads it holds"


def test_a_node_is_called_by_the_road_that_is_crossed_there() -> None:
    ends = crossings(towns.roads().links)
    assert ends.iloc[len(towns.roads().links)] in {"Avenue 0", "Avenue 1"}


# Whose trips


def test_users_add_up_and_those_outside_are_counted() -> None:
    users = towns.users()
    chart = maps.users_map(users, city=examples.city(), end="origins")
    assert "most begin in Ward A00: 60" in chart.headline
    volumes = chart.table.filter(like="vehicles an hour").sum().iloc[0]
    assert volumes == users.volume - users.origins[""]
    assert "4 % begin outside" in chart.filters.replace("\u202f", " ")


# Counts


def test_geh_is_the_published_one() -> None:
    assert geh(1_100.0, 1_000.0) == pytest.approx((2 * 100**2 / 2_100) ** 0.5)
    assert geh([0.0], [0.0]).tolist() == [0.0]


@pytest.mark.parametrize("statistic", [5.0, 10.0])
def test_the_bands_end_where_the_statistic_does(statistic: float) -> None:
    counted = np.array([150.0, 400.0, 2_000.0])
    low, high = band_edges(counted, statistic)
    assert geh(high, counted) == pytest.approx(statistic)
    assert geh(low, counted) == pytest.approx(statistic)
    assert (low < counted).all()
    assert (high > counted).all()
    assert band_edges(0.0, statistic)[0] == 0.0


def test_counters_are_sorted_by_how_far_the_model_lies_off() -> None:
    town = towns.roads()
    counted = town.counted.assign(observed=[1_000.0, 1_000.0, 1_000.0], modelled=[1_000.0, 1_250.0, 1_800.0])
    chart = charts.volumes_chart(replace(town, counted=counted))
    assert {mark.shape: len(mark.x) for mark in marks(chart, Points)} == {"circle": 1, "square": 1, "diamond": 1}
    assert "only 1 of 3 counters" in chart.headline
    exact = charts.volumes_chart(replace(town, counted=town.counted.assign(observed=town.counted["modelled"])))
    assert "agrees with 3 of 3 counters" in exact.headline
    assert "R² 1" in exact.interval


# Signals


def test_reds_and_greens_fill_the_cycle() -> None:
    greens = ((15.0, 20.0), (50.0, 70.0))
    reds = reds_of(greens, 60.0, 2)
    red, green = (sum(end - start for start, end in each) for each in (reds, greens))
    assert red + 2 * green == pytest.approx(120.0)
    assert reds_of((), 60.0, 2) == [(0.0, 120.0)]
    assert reds_of(((0.0, 60.0),), 60.0, 2) == []


def test_a_wave_is_drawn_where_vehicles_meet_green() -> None:
    diagram = towns.corridor()
    chart = charts.time_space_chart(towns.result(), diagram, plan="today")
    (band,) = [each for each in diagram.bands if each.direction == "along"]
    for stop in diagram.stops:
        met = 0
        for area in marks(chart, Band):
            x = np.linspace(area.x[0], area.x[-1], 400)
            low, high = (np.interp(x, area.x, edge) for edge in (area.low, area.high))
            within = x[(low < stop.distance - 0.1) & (high > stop.distance + 0.1)] % diagram.cycle
            met += len(within)
            green = [
                (within >= start + turn) & (within <= end + turn)
                for start, end in stop.along
                for turn in (0, -diagram.cycle)
            ]
            assert np.any(green, axis=0).all(), f"who is in the band meets red at {stop.title}"
        assert met or stop in (diagram.stops[0], diagram.stops[-1])
    edges = [mark for mark in marks(chart, Line) if mark.role == "option_a"]
    for edge in edges:
        slope = (edge.y[1] - edge.y[0]) / (edge.x[1] - edge.x[0])
        assert slope == pytest.approx(band.speed, rel=0.01) or edge.x[0] == 0.0 or edge.x[1] == 2 * diagram.cycle


def test_a_timing_says_what_the_proposal_changes() -> None:
    today, proposal = towns.timing(), towns.timing((25.0, 30.0))
    chart = charts.timing_chart(towns.result(), today=today, proposal=proposal)
    assert "a cycle of 65 seconds is proposed (today 60)" in chart.headline
    assert "north, straight on would have green for 46" in chart.headline
    thick = [mark for mark in marks(chart, Line) if mark.width > 4]
    grey, blue = (sum(mark.x[1] - mark.x[0] for mark in thick if mark.role == role) for role in ("today", "option_a"))
    assert grey == 3 * 30.0 + 20.0
    assert blue == 3 * 25.0 + 30.0
