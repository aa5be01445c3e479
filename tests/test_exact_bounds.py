"""Each threshold of hotspots and monitoring at exactly its bound, and a hair to either side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from forecasting_panels import counts, frame, series

from analytics.caveats import assess
from analytics.hotspots.backtesting.calibration import busiest
from analytics.hotspots.cells import Polygons
from analytics.hotspots.clustering.near_repeat import Bands, Knox, near_repeat_risk
from analytics.hotspots.significance.emerging import categories_of
from analytics.hotspots.significance.trends import Trend
from analytics.monitoring.targets import WORDS, chance_of, chance_word
from analytics.monitoring.warnings import Alarm, warnings_of
from analytics.monitoring.warnings.ceiling import under_ceiling
from analytics.results import Severity
from data import Target
from tests.small_map import grid


@pytest.fixture(autouse=True)
def own_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path))


NOTE, CAUTION = Severity.NOTE, Severity.CAUTION
KEPT = {"half_where": "", "half_before": 1.0}
ALL_YEARS = {"all_years_high": 1.2, "judged_at": 0.05, "method_title": ""}
COUNT = {"count_high": 1.2, "judged_at": 0.05, "method_title": ""}
CLOSED = {"closed_on": pd.Timestamp("2026-01-05"), "closed_all": 1000}
# The facts of a rule, and the severity of its caveat: None where there is none.
AT_THE_BOUND: list[tuple[str, dict[str, Any], Severity | None]] = [
    ("mostly_missed", {"missed_share": 0.5, "looked_share": 0.05}, None),
    ("mostly_missed", {"missed_share": 0.501, "looked_share": 0.05}, CAUTION),
    ("reporting_bias", {**KEPT, "half_after": 0.9}, None),
    ("reporting_bias", {**KEPT, "half_after": 0.899}, NOTE),
    ("reporting_bias", {**KEPT, "half_after": 0.5}, NOTE),
    ("reporting_bias", {**KEPT, "half_after": 0.499}, CAUTION),
    ("mostly_noise", {"flagged_cells": 10, "flagged_sure": 5}, None),
    ("mostly_noise", {"flagged_cells": 11, "flagged_sure": 5}, CAUTION),
    ("many_tests", {"cells_tested": 100, "cells_alone": 5, "cells_kept": 5}, None),
    ("many_tests", {"cells_tested": 100, "cells_alone": 6, "cells_kept": 5}, NOTE),
    ("edge_effect", {"edge_share": 0.2}, None),
    ("edge_effect", {"edge_share": 0.201}, CAUTION),
    ("areal_unit", {"coarser_kept": 0.9, "coarser_metres": 400.0}, None),
    ("areal_unit", {"coarser_kept": 0.5, "coarser_metres": 400.0}, NOTE),
    ("areal_unit", {"coarser_kept": 0.499, "coarser_metres": 400.0}, CAUTION),
    ("no_better_than_count", {**COUNT, "count_low": 1.0, "count_ratio": 1.0}, NOTE),
    ("no_better_than_count", {**COUNT, "count_low": 1.001, "count_ratio": 1.1}, None),
    ("no_better_than_count", {**COUNT, "count_low": 0.9, "count_ratio": 0.999}, CAUTION),
    ("no_better_than_all_years", {**ALL_YEARS, "all_years_low": 1.0, "all_years_ratio": 1.0}, NOTE),
    ("no_better_than_all_years", {**ALL_YEARS, "all_years_low": 1.001, "all_years_ratio": 1.1}, None),
    ("no_better_than_all_years", {**ALL_YEARS, "all_years_low": 0.9, "all_years_ratio": 0.999}, CAUTION),
    ("never_seen", {"cells_tested": 100, "cells_never": 5, "looked_share": 0.05}, None),
    ("never_seen", {"cells_tested": 100, "cells_never": 6, "looked_share": 0.05}, NOTE),
    ("open_requests", {"open_share": 0.1, "open_requests": 1, "service_title": ""}, NOTE),
    ("open_requests", {"open_share": 0.101, "open_requests": 1, "service_title": ""}, CAUTION),
    ("small_areas", {"areas_small": 2, "areas_all": 6, "area_least": 30}, NOTE),
    ("small_areas", {"areas_small": 3, "areas_all": 6, "area_least": 30}, CAUTION),
    ("bulk_closing", {**CLOSED, "closed_that_day": 100, "closed_on_usual_day": 10.0}, CAUTION),
    ("bulk_closing", {**CLOSED, "closed_that_day": 99, "closed_on_usual_day": 10.0}, None),
    ("bulk_closing", {**CLOSED, "closed_all": 2000, "closed_that_day": 10, "closed_on_usual_day": 1.0}, CAUTION),
    ("bulk_closing", {**CLOSED, "closed_all": 2001, "closed_that_day": 10, "closed_on_usual_day": 1.0}, None),
    ("alarm_rate_unknown", {"watched_years": 0.5, "watch_wanted": 0.5, "watched_titles": ()}, None),
    ("alarm_rate_unknown", {"watched_years": 0.499, "watch_wanted": 0.5, "watched_titles": ()}, CAUTION),
]


@pytest.mark.parametrize(("code", "facts", "severity"), AT_THE_BOUND)
def test_a_caveat_begins_where_its_rule_says(code: str, facts: dict[str, Any], severity: Severity | None) -> None:
    assert [caveat.severity for caveat in assess(**facts) if caveat.code == code] == ([severity] if severity else [])


def test_a_group_is_exposed_beyond_five_points_above_its_residents() -> None:
    row = {"label": "", "flags": 0.4, "residents": 0.25, "reports": 0.3, "high": 0.5, "verdict": "more"}
    assert assess(exposed=[row | {"low": 0.3}]) == ()  # a quarter and five points: the two doubles are equal
    assert [each.code for each in assess(exposed=[row | {"low": 0.301}])] == ["group_exposure"]


@pytest.mark.parametrize(("least", "word"), WORDS)
def test_a_word_for_a_chance_begins_at_its_least(least: float, word: str) -> None:
    assert chance_word(least) == word
    if least:
        assert chance_word(np.nextafter(least, 0)) != word


def knox(ratio: float, p: float) -> Knox:
    """Two bands of days: the first clear beyond doubt, the second as given."""
    observed = np.full((3, 3), 24)
    simulated = np.full((1, 3, 3), 20)
    ratios, chances = np.full((3, 3), 2.0), np.full((3, 3), 0.01)
    ratios[1, 1], chances[1, 1] = ratio, p
    return Knox(Bands(metres=(100, 200), days=(7, 14)), observed, observed * 1.0, ratios, chances, simulated, 0)


@pytest.mark.parametrize(
    ("ratio", "p", "days"), [(1.2, 0.05, 14), (np.nextafter(1.2, 0), 0.05, 7), (1.2, np.nextafter(0.05, 1), 7)]
)
def test_a_repeat_counts_at_a_ratio_of_six_fifths_and_a_p_of_one_in_twenty(ratio: float, p: float, days: int) -> None:
    assert near_repeat_risk(knox(ratio, p)).days == days


@pytest.mark.parametrize(
    ("flags", "word"),
    [
        (".hhhhhhhhh", "persistent"),  # nine of ten
        ("..hhhhhhhh", "sporadic"),  # eight of ten, since before the last third
        ("hhhh......", "historical"),  # half of the eight before the last two, and none of these
        ("hhh.......", ""),
    ],
)
def test_a_word_for_a_place_begins_at_its_share_of_the_steps(flags: str, word: str) -> None:
    hot = np.array(list(flags))[:, None] == "h"
    flat = Trend(*(np.array([value]) for value in (0.0, 0.0, 1.0)))
    assert categories_of(hot, np.zeros_like(hot), flat).tolist() == [word]


def test_a_trend_of_exactly_one_in_twenty_is_not_sure() -> None:
    hot = np.ones((10, 1), dtype=bool)
    for p, word in ((0.05, "persistent"), (np.nextafter(0.05, 0), "intensifying")):
        trend = Trend(np.array([20.0]), np.array([1.96]), np.array([p]))
        assert categories_of(hot, ~hot, trend).tolist() == [word]


def test_a_share_that_is_a_whole_number_of_cells_takes_them_all() -> None:
    cells = grid(10, 10)
    rank = np.arange(100)
    for number in range(101):
        assert cells.looked_at(rank, number / 100).sum() == number


def test_areas_of_unlike_size_fill_a_share_that_they_make_up() -> None:
    shapes = np.array([shapely.box(0, 0, 1, side) for side in (1, 2, 7)], dtype=object)
    middles = np.arange(3.0)
    cells = Polygons(
        kind="areas", size=0.0, x=middles, y=middles, extent=shapely.area(shapes), area_id=np.array(["A", "B", "C"]),
        shapes=shapes,
    )  # fmt: skip
    # A tenth and two tenths are a hair more than three tenths as doubles, and are taken all the same.
    assert [int(cells.looked_at(np.arange(3), share).sum()) for share in (0.099, 0.1, 0.299, 0.3)] == [0, 1, 1, 2]


def test_ties_share_the_last_of_the_busiest() -> None:
    assert busiest(np.array([3.0, 2.0, 2.0, 0.0]), 2).tolist() == [1.0, 0.5, 0.5, 0.0]
    assert busiest(np.array([3.0, 2.0, 2.0, 0.0]), 3).tolist() == [1.0, 1.0, 1.0, 0.0]


def alarm(until: str, strength: float) -> Alarm:
    day = pd.Timestamp(until)
    return Alarm("level", "r", "R", "A", "all", day, day, "up", 1.0, 4.0, 9.0, strength, 0.2, 0.1, 0.5, 8, 0.3, 2.0)


def test_a_week_takes_as_many_alarms_as_its_ceiling_and_ends_after_seven_days() -> None:
    until = pd.Timestamp("2026-03-20")
    found = [alarm("2026-03-20", 0.3), alarm("2026-03-14", 0.2), alarm("2026-03-13", 0.4)]
    one, held_back = under_ceiling(found, until=until, alarms_per_week=1)
    # The 14th is of the week that ends on the 20th, the 13th of the one before.
    assert [each.strength for each in one] == [0.2, 0.4]
    assert held_back == 1
    assert under_ceiling(found, until=until, alarms_per_week=2) == (tuple(found), 0)


def test_a_target_ends_with_its_last_period_and_is_met_at_its_goal() -> None:
    requests = series(frame(counts(periods=428, columns=1, mean=3.0)))
    index = requests.values.index
    total = float(requests.values.iloc[400:428].to_numpy().sum())
    last = float(requests.values.iloc[427].to_numpy().sum())
    assert last > 0
    target = Target("month", "Month", requests.name, index[400], index[427])
    for bound, met in (({"at_most": total}, 1.0), ({"at_most": total - 1}, 0.0), ({"at_least": total}, 1.0)):
        over = chance_of(requests, replace(target, **bound), keep=False)
        assert (over.over, over.so_far, over.probability) == (True, total, met)
    before = chance_of(requests.until(index[426]), replace(target, at_most=total), keep=False)
    assert (before.over, before.so_far) == (False, total - last)


def test_a_watch_ends_with_the_period_that_it_is_asked_for() -> None:
    values = frame(counts(periods=500, columns=3, mean=20.0, size=30.0, seed=2))
    values.iloc[449, 0] = 200.0
    found = warnings_of(series(values), until=values.index[449])
    assert found.until == values.index[449]
    assert [(each.since, each.until) for each in found.alarms if each.observed == 200.0] == [(values.index[449],) * 2]
    assert not [each for each in warnings_of(series(values), until=values.index[448]).alarms if each.observed == 200.0]


def test_alarms_that_come_more_often_than_chance_explains_give_way_to_rarer_ones() -> None:
    usual, common = alarm("2026-03-20", 0.2), replace(alarm("2026-03-20", 0.1), raised_per_year=0.4, null_per_year=0.1)
    assert (replace(usual, raised_per_year=0.05).rarity, common.rarity) == (0.2, pytest.approx(0.4))
    calm = replace(usual, raised_per_year=0.05)
    assert under_ceiling([common, calm], until=pd.Timestamp("2026-03-20"), alarms_per_week=1) == ((calm,), 1)
