"""Tables of which a page shows the first rows: all rows are there, with the numbers of the result that they are made from."""

from __future__ import annotations

import example_results as examples
import example_traffic as towns
import numpy as np
import pandas as pd
import pytest
from small_city import small_city
from test_service_quality import requests

from analytics.hotspots import flagged
from analytics.monitoring.service_quality import ServiceQuality, service_quality
from dashboard.figures import tables
from dashboard.figures.chart import Chart
from dashboard.figures.columns import SHARE, column
from dashboard.figures.exports import to_csv, to_xlsx
from dashboard.figures.render.screen_table import kind_of
from dashboard.figures.statement import statement
from dashboard.views.hotspots.tables import flagged_rows
from dashboard.views.outlook.tables import service_rows
from dashboard.views.traffic.tables import lost_rows, pair_rows
from data.words import as_count

LOOKED_AT = 0.05


def services(*, areas: bool = True) -> Chart:
    return tables.service_table(in_areas(), areas=areas)


def in_areas() -> ServiceQuality:
    slow, quick = [30.0 + day for day in range(40)], [1.0 + day % 5 for day in range(35)]
    where = ["ward_1"] * len(slow) + ["ward_2"] * len(quick) + ["ward_3"] * 3
    return service_quality(requests([*slow, *quick, None, None, None], areas=where))


WHOLE = {
    "service_areas": services,
    "service_kinds": lambda: services(areas=False),
    "lost_roads": lambda: tables.lost_table(towns.roads()),
    "users_pairs": lambda: tables.pairs_table(towns.users(), areas=small_city().areas["ward"]),
    "spells": lambda: tables.spells_table(examples.heat()),
    "flagged": lambda: tables.flagged_table(examples.hotspots(), share=LOOKED_AT),
    "map_methods": lambda: tables.methods_table(examples.hotspots()),
    "estimates": lambda: tables.estimates_table(examples.evaluated()),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_table_travels_with_all_that_a_figure_has(name: str) -> None:
    chart = WHOLE[name]()
    assert chart.name == name
    assert len(chart.table)
    assert not chart.table.columns.duplicated().any()
    said = to_csv(chart).decode()
    for _, words in statement(chart):
        assert " ".join(words.split()).replace('"', "”")[:40] in said
    assert to_xlsx(chart)[:2] == b"PK"
    for head in chart.table:
        if head.endswith(f"({SHARE})") and kind_of(head, chart.table[head]) == "share":
            known = chart.table[head].dropna()
            assert (known.abs() <= 1.0).all() or head.startswith(column("of_capacity"))


def test_every_road_that_loses_time_is_there_and_the_worst_stands_first() -> None:
    town = towns.roads()
    table = tables.lost_table(town).table
    lost = (town.links["volume"] * town.delay / 60).loc[town.roads.index]
    assert len(table) == (lost > 0).sum()
    assert table[column("hours_lost")].is_monotonic_decreasing
    assert table[column("hours_lost")].sum() == pytest.approx(lost.sum())
    first = table.iloc[0]
    assert first[column("link_id")] == lost.idxmax()
    assert first[column("seconds_lost")] == pytest.approx(60 * town.delay[lost.idxmax()])
    assert [row[0] for row in lost_rows(town)[1]] == table[column("of_road")].head(8).tolist()


def test_each_pair_over_a_road_has_its_share_of_all_that_use_it() -> None:
    users, areas = towns.users(), small_city().areas["ward"]
    table = tables.pairs_table(users, areas=areas).table
    assert len(table) == len(users.pairs)
    shares = table[column("of_the_road", unit=SHARE)]
    assert shares.to_numpy() * users.volume == pytest.approx(table[column("an_hour")].to_numpy())
    assert shares.sum() == pytest.approx(users.pairs["volume"].sum() / users.volume)
    shown = pair_rows(users, areas)[1]
    assert [row[:2] for row in shown] == table[[column("begins_in"), column("ends_in")]].head(
        len(shown)
    ).values.tolist()


def test_each_spell_of_heat_has_what_came_above_what_is_usual() -> None:
    found = examples.heat()
    table = tables.spells_table(found).table
    unit = found.series.unit
    observed, usual, above = (table[column(name, unit=unit)] for name in ("observed", "usual_then", "above_usual"))
    assert len(table) == len(found.spells) > 2
    assert (observed - usual).tolist() == pytest.approx(above.tolist())
    assert ((table[column("low95")] <= above) & (above <= table[column("high95")])).all()
    assert table[column("first_day")].iloc[0] == pd.Timestamp("2024-07-20")
    assert table[column("hottest_day", unit=found.degree)].is_monotonic_decreasing


def test_flagged_cells_of_all_areas_add_up_to_those_of_the_map() -> None:
    found = examples.hotspots()
    table = tables.flagged_table(found, share=LOOKED_AT).table
    chosen = flagged(found, LOOKED_AT)
    assert table[column("cells_flagged")].sum() == chosen.sum()
    assert (table[column("cells_flagged")] <= table[column("cells_in_all")]).all()
    chances = table[column("chance", unit=SHARE, days=found.horizon_days)]
    weighted = np.average(chances, weights=table[column("cells_flagged")])
    assert weighted == pytest.approx(found.chance.to_numpy()[chosen].mean())
    shown = flagged_rows(found, share=LOOKED_AT)[1][0]
    assert shown[:2] == [table[column("area")].iloc[0], as_count(int(table[column("cells_flagged")].iloc[0]))]


def test_each_method_has_a_row_for_each_share_and_the_one_in_use_stands_first() -> None:
    found = examples.hotspots()
    table = tables.methods_table(found).table
    assert len(table) == len(found.summary)
    assert table[column("method")].iloc[0] == str(found.method_title)
    own = found.summary[found.summary["method"] == found.method].iloc[0]
    heads = {"caught": "hit_rate", "low95": "low", "high95": "high"}
    for head, name in heads.items():
        assert table[column(head, unit=SHARE)].iloc[0] == own[name]
    assert table[column("vs_last_year_low")].iloc[0] == own["vs_last_year_low"]
    assert table[column("times_chance")].iloc[0] == own["pai"]


def test_the_plain_change_stands_last_and_claims_no_range() -> None:
    found = examples.evaluated()
    table = tables.estimates_table(found).table
    assert len(table) == len(found.estimates) + 1
    effects, low, high = (table[column(name, unit=SHARE)] for name in ("effect", "low95", "high95"))
    assert effects.tolist() == [*(each.effect.share for each in found.estimates), found.naive.share]
    assert (low[:-1] <= effects[:-1]).all()
    assert (effects[:-1] <= high[:-1]).all()
    assert table.iloc[-1, 2:].isna().all()


def test_areas_with_too_few_requests_to_compare_are_in_the_whole_table_too() -> None:
    found = in_areas()
    table = services().table
    assert set(table[column("area_id")]) == set(found.by_area.index) > set(found.worst.index)
    assert [row[0] for row in service_rows(found, found.worst, areas=True)[1]] == ["ward 1", "ward 2"]
    own = table.set_index(column("area_id")).loc["ward_1"]
    assert own[column("done_in_time", unit=SHARE)] == found.by_area.loc["ward_1", "share"]
    assert own[column("requests")] == 40
    # None of three is done: their median is not known, and no end of its range is infinite.
    open_yet = table.set_index(column("area_id")).loc["ward_3"]
    assert pd.isna(open_yet[column("days_to_done")])
    assert pd.isna(open_yet[column("days_high95")])
    assert open_yet[column("still_open")] == 3
