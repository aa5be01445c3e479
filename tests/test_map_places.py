"""The areas of a hotspot map: their own numbers with a range, over each cell what may be published, one area by itself."""

from __future__ import annotations

from dataclasses import replace

import example_results as examples
import numpy as np
import pandas as pd
import pytest
from test_charts import EVERY, hotspot_map, marks

from analytics.hotspots import numbers_by_area, publishable
from analytics.hotspots.backtesting.calibration import distribution_of_sums
from analytics.hotspots.backtesting.scoring import Evaluation
from dashboard.figures import maps
from dashboard.figures.chart import Chart, Grid, Points
from dashboard.figures.columns import column
from dashboard.figures.render.screen import can_choose, least_height, screen_config, screen_figure
from dashboard.views.hotspots.tables import flagged_rows
from data.words import as_count, as_number, as_percent

SHARE = 0.08
AREA = "A11"


def one_area(area_id: str = AREA) -> Chart:
    return maps.hotspot_map(
        examples.hotspots(), city_key="examples", areas=examples.areas(), share=SHARE, area_id=area_id
    )


def test_areas_add_up_to_the_city() -> None:
    found = examples.hotspots()
    numbers = numbers_by_area(found, share=SHARE)
    assert numbers["cells"].sum() == len(found.cells)
    assert numbers["flagged"].sum() == found.cells.looked_at(found.rank.to_numpy(), SHARE).sum()
    assert numbers["count"].sum() == found.count.sum()
    assert numbers["expected"].sum() == pytest.approx(found.rate.sum())
    own = found.cells.area_id.astype(str) == AREA
    assert numbers.loc[AREA, "expected"] == pytest.approx(found.rate[own].sum())
    assert numbers.loc[AREA, "count"] == found.count[own].sum()


def test_another_share_flags_other_cells_and_places_and_changes_nothing_else() -> None:
    found = examples.hotspots()
    one, other = (numbers_by_area(found, share=share) for share in (SHARE, 2 * SHARE))
    assert (
        other["flagged"].sum() == found.cells.looked_at(found.rank.to_numpy(), 2 * SHARE).sum() > one["flagged"].sum()
    )
    pd.testing.assert_frame_equal(one.drop(columns="flagged"), other.drop(columns="flagged"))
    one["count"] = 0  # what a caller does with its table is its own
    assert numbers_by_area(found, share=SHARE)["count"].sum() == found.count.sum()
    places = [publishable(found, share=share) for share in (SHARE, 2 * SHARE)]
    assert places[1].label is places[0].label  # joined once for all steps of a slider
    assert places[1].locations["flagged"].sum() > places[0].locations["flagged"].sum()
    areas = examples.areas()
    maps_of = [maps.hotspot_map(found, city_key="x", areas=areas, share=share) for share in (0.02, 0.06)]
    assert marks(maps_of[0], Grid)[0].hover is marks(maps_of[1], Grid)[0].hover
    few, more = (each.table for each in maps_of)
    flag = column("flagged")
    pd.testing.assert_frame_equal(few.drop(columns=flag), more.drop(columns=flag))
    for share, table in ((0.02, few), (0.06, more)):
        assert table[flag].tolist() == publishable(found, share=share).locations["flagged"].tolist()
    assert more[flag].sum() > few[flag].sum()
    one, other = (screen_figure(each, theme="light").data[0] for each in maps_of)
    assert one.text == other.text
    assert one.z != other.z


def test_the_areas_with_most_flagged_cells_come_first_and_the_rest_in_one_row() -> None:
    found = examples.hotspots()
    _, rows = flagged_rows(found, share=SHARE, most=2)
    flags = found.cells.looked_at(found.rank.to_numpy(), SHARE)
    table = pd.DataFrame({"area": found.cells.area_id[flags].astype(str), "chance": found.chance[flags].to_numpy()})
    by_area = table.groupby("area")["chance"].agg(["size", "mean"]).sort_values("size", ascending=False, kind="stable")
    names = examples.areas().frame["name"]
    expected = [
        [names[area], as_count(row["size"]), as_percent(row["mean"])] for area, row in by_area.head(2).iterrows()
    ]
    rest = table[~table["area"].isin(by_area.index[:2])]["chance"]
    assert len(rest) > 1
    assert rows == [*expected, [rows[2][0], as_count(len(rest)), as_percent(rest.mean())]]


def test_before_a_map_is_judged_no_range_is_told_and_its_headline_says_so() -> None:
    found = examples.hotspots()
    none = Evaluation(
        *(each.iloc[:0] for each in (found.evaluation.shares, found.evaluation.windows, found.evaluation.stated))
    )
    unjudged = replace(found, evaluation=none, capture=found.capture.iloc[:0], summary=found.summary.iloc[:0])
    for area_id in ("", AREA):
        chart = maps.hotspot_map(unjudged, city_key="x", areas=examples.areas(), share=SHARE, area_id=area_id)
        assert chart.headline.endswith("how much of what came such maps have held is being measured.")
        assert chart.interval == ""
        assert not [words for mark in marks(chart, Points) for words in mark.hover]
    police = replace(
        unjudged, incidents=replace(found.incidents, reported_by=dict.fromkeys(found.incidents.reported_by, "police"))
    )
    assert "started by the police" in maps.hotspot_map(police, city_key="x", areas=None, share=SHARE).headline


@pytest.mark.parametrize("spread", [0.0, 0.5, 3.0])
def test_the_range_of_a_sum_is_that_of_its_cells_drawn_one_by_one(spread: float) -> None:
    mean = np.array([0.2, 1.5, 4.0, 9.0])
    rng = np.random.default_rng(7)
    cells = (
        rng.negative_binomial(1 / spread, 1 / (1 + spread * mean), (40_000, 4))
        if spread
        else rng.poisson(mean, (40_000, 4))
    )
    found = distribution_of_sums(mean.sum(keepdims=True), (mean**2).sum(keepdims=True), spread=spread)
    assert found.mean()[0] == pytest.approx(mean.sum())
    assert found.var()[0] == pytest.approx(mean.sum() + spread * (mean**2).sum())
    low, high = (np.quantile(cells.sum(axis=1), level, method="inverted_cdf") for level in (0.1, 0.9))
    assert abs(found.ppf(0.1)[0] - low) <= 1 + 0.1 * spread
    assert abs(found.ppf(0.9)[0] - high) <= 1 + 0.5 * spread


def test_an_area_says_its_own_numbers_with_range_and_count() -> None:
    numbers = numbers_by_area(examples.hotspots(), share=SHARE).loc[AREA]
    told = {words.split(":")[0]: words for mark in marks(hotspot_map(), Points) for words in mark.hover}
    assert len(told) == 12
    assert told["Ward A11"] == (
        f"Ward A11: {as_count(numbers['flagged'])} of {as_count(numbers['cells'])} cells are among the first 8\u202f% of the city; "
        f"{as_number(numbers['expected'])} assaults expected in 28 days, 8 in 10 between {as_count(numbers['low'])} and "
        f"{as_count(numbers['high'])}; {as_count(numbers['count'])} in the last year."
    )


def test_small_counts_of_an_area_are_not_told() -> None:
    found = examples.hotspots()
    own = found.cells.area_id.astype(str) == AREA
    few = replace(found, count=found.count.where(~own, 0.0))
    chart = maps.hotspot_map(few, city_key="x", areas=examples.areas(), share=SHARE, area_id=AREA)
    assert chart.headline.endswith("; fewer than 5 in the last year.")


def test_over_a_cell_stands_what_is_published_of_it() -> None:
    found = examples.hotspots()
    published = publishable(found, share=SHARE)
    (grid,) = marks(hotspot_map(), Grid)
    assert grid.hover is not None
    cell = grid.classes.size // 2
    row, column = divmod(cell, grid.classes.shape[1])
    label = published.label[found.cells.raster.cell[row, column]]
    place = published.label == label
    assert grid.hover.areas[row, column] == f"Ward {found.cells.area_id[found.cells.raster.cell[row, column]]}"
    expected = found.rate[place].sum()
    expected = float(f"{expected:.1e}" if expected >= 0.1 else f"{expected:.0e}")
    assert grid.hover.values[row, column].startswith(as_number(expected))
    unpeopled = replace(found, count=found.count * 0, incidents=replace(found.incidents, areas=None))
    held_back = maps.hotspot_map(unpeopled, city_key="x", areas=None, share=SHARE)
    assert set(marks(held_back, Grid)[0].hover.values.ravel().tolist()) == {"(held back: too few)"}


def test_where_hardly_anything_is_expected_no_digits_are_told() -> None:
    (grid,) = marks(hotspot_map(), Grid)
    told = {words.split(" (")[0] for words in grid.hover.values.ravel().tolist() if "held back" not in words}
    assert "hardly any" in told
    assert min(float(words) for words in told - {"hardly any"}) >= 0.005
    assert max(len(words) for words in told - {"hardly any"}) <= 6


@pytest.mark.parametrize("name", ["hotspots", "emerging"])
def test_squares_without_a_cell_say_nothing(name: str) -> None:
    chart = EVERY[name]()
    (grid,) = marks(chart, Grid)
    classes = grid.classes.copy()
    classes[0, 0] = 0
    figure = screen_figure(replace(chart, marks=[replace(grid, classes=classes)]), theme="light")
    (heat,) = (trace for trace in figure.data if trace.type == "heatmap")
    assert heat.z[0][0] is None
    assert heat.z[0][1] == classes[0, 1]
    assert heat.hoverongaps is False
    assert "%{text}" in heat.hovertemplate
    assert "%{customdata}" in heat.hovertemplate


def test_a_name_that_people_typed_is_letters_over_a_cell() -> None:
    chart = EVERY["hotspots"]()
    (grid,) = marks(chart, Grid)
    named = replace(grid.hover, areas=np.full(grid.classes.shape, "<b>A</b>"))
    figure = screen_figure(replace(chart, marks=[replace(grid, hover=named)]), theme="light")
    assert figure.data[0].text[0][0] == "&lt;b&gt;A&lt;/b&gt;"


def test_one_area_is_in_headline_title_choices_map_and_table() -> None:
    chart, whole = one_area(), hotspot_map()
    assert chart.headline.startswith("Ward A11: ")
    assert "Ward A11" in chart.title
    assert chart.filters.startswith("Ward A11; ")
    assert set(chart.table["area_id"]) == {AREA}
    assert len(chart.table) == (whole.table["area_id"] == AREA).sum()
    west, south, east, north = examples.areas().frame.geometry.loc[AREA].bounds
    assert chart.x.range[0] < west < east < chart.x.range[1]
    assert chart.y.range[0] < south < north < chart.y.range[1]
    assert chart.x.range[1] - chart.x.range[0] < 2 * (east - west)
    assert [mark.ids for mark in marks(chart, Points) if not mark.filled] == [[AREA]]
    assert "the whole city" in whole.title
    assert whole.filters.startswith("the whole city; ")


def test_what_the_police_start_keeps_its_headline_in_an_area() -> None:
    found = examples.hotspots(police=True)
    chart = maps.hotspot_map(found, city_key="x", areas=examples.areas(), share=SHARE, area_id=AREA)
    assert "where they looked" in chart.headline


def test_kind_hours_and_day_stand_in_headline_title_and_choices() -> None:
    found = examples.hotspots()
    part = {"first": 22, "last": 6, "days": (5, 6)}
    found = replace(found, category="simple", config={**found.config, "part": part})
    chart = maps.hotspot_map(found, city_key="x", areas=examples.areas(), share=SHARE)
    for words in (chart.headline, chart.title, chart.filters):
        assert "simple" in words
        assert "22 to 6 o’clock, Saturday and Sunday" in words
    assert "as known on 31 December 2014" in chart.filters


def test_a_map_can_be_enlarged_by_buttons_and_its_areas_chosen() -> None:
    chart = hotspot_map()
    assert can_choose(chart)
    assert screen_config(chart)["modeBarButtons"] == [["zoomIn2d", "zoomOut2d", "pan2d", "resetScale2d"]]
    assert screen_config(EVERY["where"]())["modeBarButtons"][0][0] == "zoomInGeo"
    assert screen_config(chart)["scrollZoom"] is False, "whoever scrolls the page stays on the page"
    assert screen_config(EVERY["fan"]())["displayModeBar"] is False
    axes = screen_figure(chart, theme="light").layout
    assert not axes.xaxis.fixedrange
    assert screen_figure(EVERY["fan"](), theme="light").layout.xaxis.fixedrange


def test_on_a_phone_a_map_leaves_no_empty_room() -> None:
    chart = hotspot_map()
    across, up = (axis.range[1] - axis.range[0] for axis in (chart.x, chart.y))
    assert f"* {up / across:.3f} +" in least_height(chart)
    assert least_height(chart).startswith("calc((100cqw - ")


def test_the_ring_of_a_chosen_area_lies_over_streets_and_borders() -> None:
    (ring,) = [mark for mark in marks(one_area(), Points) if mark.above]
    assert list(ring.ids) == [AREA]
    shapes = screen_figure(one_area(), theme="light").layout.shapes
    (shape,) = [each for each in shapes if each.fillcolor is None]
    assert (shape.type, shape.layer) == ("circle", "above")
    assert (shape.xanchor, shape.yanchor) == (ring.x[0], ring.y[0])
    assert shape.x1 - shape.x0 == ring.size
    assert not [mark for mark in marks(hotspot_map(), Points) if mark.above]
