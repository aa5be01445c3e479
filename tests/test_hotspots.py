"""Hotspot maps end to end: a small city one can count by hand, the planted truth of Meridian, and Chicago."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.errors import HotspotError
from analytics.hotspots import PartOfWeek, find_hotspots, flagged, hit_rate_at
from analytics.hotspots.find import DEFAULT
from analytics.hotspots.registry import methods
from analytics.hotspots.results import Hotspots
from data import City, Incidents, Network
from tests.conftest import share
from tests.small_map import HALF_YEAR, START, city, daily

QUICK = [name for name, method in methods().items() if not method.slow]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Hotspots:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIVICAST_HOME", str(tmp_path_factory.mktemp("map")))
        return find_hotspots(city(HALF_YEAR, days=182), windows=4)


def test_a_map_knows_each_of_its_cells(found: Hotspots) -> None:
    assert len(found.cells) == 25
    for column in (found.count, found.rate, found.score, found.rank, found.p, found.significant, found.chance):
        assert column.index.tolist() == list(range(25))
    assert sorted(found.rank) == list(range(25))
    assert found.rank[6] == 0
    assert found.count[[6, 18]].tolist() == [3 * 182, 182]
    assert found.rate.sum() == pytest.approx(4 * 28, rel=0.05)
    assert list(found.membership.columns) == [0.01, 0.02, 0.05, 0.10]
    assert found.chance.between(0, 1).all()


def test_a_map_that_is_not_judged_yet_is_the_same_map_and_says_nothing_of_how_well_it_does(found: Hotspots) -> None:
    alone = find_hotspots(city(HALF_YEAR, days=182), windows=4, judged=False)
    assert (alone.judged, found.judged) == (False, True)
    assert alone.method == found.method == DEFAULT
    assert alone.rate.tolist() == pytest.approx(found.rate.tolist(), rel=1e-3)  # later weeks are learned from alike
    for name in ("rank", "count", "p", "significant"):
        assert getattr(alone, name).tolist() == getattr(found, name).tolist()
    assert alone.chance.isna().all()
    assert alone.membership.isna().all(axis=None)
    assert list(alone.membership.columns) == list(found.membership.columns)
    assert alone.emerging is alone.stability is None
    assert all(table.empty for table in (alone.summary, alone.capture, alone.scores, alone.reliability))
    codes = {each.code for each in alone.caveats}
    assert codes < {each.code for each in found.caveats}
    assert not codes & {"mostly_missed", "feedback_loop", "no_better_than_counting"}
    named = find_hotspots(city(HALF_YEAR, days=182), windows=4, method="count_last_year", judged=False)
    assert named.method == "count_last_year"


def test_the_slider_only_compares_ranks(found: Hotspots) -> None:
    few, many = flagged(found, 0.04), flagged(found, 0.08)
    assert (few.sum(), many.sum()) == (1, 2)
    assert (many | ~few).all()
    assert hit_rate_at(found, 0.0)[0] == 0
    rates = [hit_rate_at(found, share)[0] for share in np.linspace(0, 0.2, 9)]
    assert rates == sorted(rates)


def test_a_result_is_the_same_from_the_store() -> None:
    incidents = city(HALF_YEAR, days=182)
    judged: list[str] = []
    first = find_hotspots(incidents, windows=4, progress=lambda _, doing: judged.append(doing))
    assert judged
    judged.clear()
    last = find_hotspots(incidents, windows=4, progress=lambda _, doing: judged.append(doing))
    assert not judged
    for name, table in first.evaluation.tables.items():
        pd.testing.assert_frame_equal(table, last.evaluation.tables[name])
    pd.testing.assert_series_equal(first.rank, last.rank)


def test_quick_methods_are_judged_and_slow_ones_on_request(found: Hotspots) -> None:
    assert set(found.methods) == {*methods(), "random"}
    assert set(found.summary["method"]) == {*QUICK, "random"}


def test_the_mixture_stays_unless_another_has_clearly_done_better(found: Hotspots) -> None:
    assert found.method == DEFAULT
    assert found.fitted.weights.sum() == pytest.approx(1)
    pinned = find_hotspots(city(HALF_YEAR, days=182), windows=4, method="count_all_history")
    assert pinned.method == "count_all_history"


def test_police_started_kinds_must_not_be_used() -> None:
    codes = {
        who: {caveat.code for caveat in find_hotspots(city(HALF_YEAR, days=182, reported_by=who), windows=4).caveats}
        for who in ("police", "public")
    }
    assert "police_initiated" in codes["police"] - codes["public"]


def test_a_category_is_a_map_of_its_own() -> None:
    both = pd.concat(
        [daily(182, (350, 350), 3).assign(category="home"), daily(182, (650, 650)).assign(category="shop")]
    )
    found = find_hotspots(city(both, days=182), windows=4, category="shop")
    assert found.rank[18] == 0
    assert found.count.sum() == 182


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"method": "magic"}, "no hotspot method named “magic”: there are count_last_year"),
        ({"category": "arson"}, "no category “arson”: there are all"),
        ({"horizon_days": 100}, "too few|are needed: shorten the horizon"),
        ({"as_of": START}, "are needed: shorten the horizon"),
        ({"cell_kind": "circles"}, "no cells of the kind “circles”: choose squares, hexagons"),
        ({"cell_kind": "segments"}, "Street segments need a network"),
        ({"cell_size": 1}, r"250,000: choose cells of \d+ m or more"),
    ],
)
def test_mistakes_get_one_sentence(options: dict, match: str) -> None:
    with pytest.raises(HotspotError, match=match) as caught:
        find_hotspots(city(HALF_YEAR, days=182), **options)
    assert "\n" not in str(caught.value)


# Part of the week


def week(*hours: int) -> Incidents:
    """One event at each of these hours of a week that begins on Monday 1 January 2024."""
    times = START + pd.to_timedelta(list(hours), unit="h")
    return city(pd.DataFrame({"time": times, "x": 1.0, "y": 1.0}), days=7)


@pytest.mark.parametrize(
    ("part", "kept"),
    [
        (PartOfWeek(), [0, 7, 22, 31, 46, 121, 143]),
        (PartOfWeek(first=7, last=22), [7, 31]),
        (PartOfWeek(first=22, last=7), [0, 22, 46, 121, 143]),  # past midnight
        (PartOfWeek(days=(1,)), [31, 46]),
        (PartOfWeek(first=22, last=24, days=(0, 5)), [22, 143]),
    ],
)
def test_a_part_of_the_week_holds_its_hours_and_days(part: PartOfWeek, kept: list[int]) -> None:
    frame = part.of(week(0, 7, 22, 31, 46, 121, 143)).frame
    assert ((frame["time"] - START) // pd.Timedelta(hours=1)).tolist() == kept


def test_a_night_belongs_to_the_day_on_which_it_began() -> None:
    # Friday's night ends on Saturday at six; Friday's own early hours belong to Thursday's.
    friday_early, friday_late, saturday_early, saturday_late = 98, 118, 122, 142
    part = PartOfWeek(first=20, last=6, days=(4,))
    frame = part.of(week(friday_early, friday_late, saturday_early, saturday_late)).frame
    assert ((frame["time"] - START) // pd.Timedelta(hours=1)).tolist() == [friday_late, saturday_early]


def test_a_map_of_the_night_shows_the_night() -> None:
    night = daily(182, (650, 650)).assign(time=lambda frame: frame["time"] + pd.Timedelta(hours=23))
    day = daily(182, (350, 350), 3).assign(time=lambda frame: frame["time"] + pd.Timedelta(hours=12))
    found = find_hotspots(city(pd.concat([night, day]), days=182), windows=4, part=PartOfWeek(first=22, last=6))
    assert found.rank[18] == 0
    assert found.count.sum() == 182


# Other cells


@pytest.mark.parametrize("kind", ["hexagons", "areas", "segments"])
def test_other_cells_are_mapped_as_squares_are(kind: str) -> None:
    import geopandas as gpd
    import shapely

    streets = gpd.GeoDataFrame(
        geometry=[shapely.LineString([(0, 350), (1000, 350)]), shapely.LineString([(0, 650), (1000, 650)])], crs="EPSG:32633"
    )  # fmt: skip
    incidents = city(HALF_YEAR, days=182)
    network = Network("streets", "Streets", streets, replace(incidents.provenance, name="streets"))
    found = find_hotspots(incidents, windows=4, cell_kind=kind, network=network)
    busiest = int(found.cells.locate(np.array([350.0]), np.array([350.0]))[0])
    assert found.cells.kind == kind
    assert found.rank[busiest] == 0
    assert found.count.sum() == 4 * 182


# Truths


@pytest.fixture(scope="module")
def mapped(meridian: City, measured: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Hotspots]:
    share(measured, home := tmp_path_factory.mktemp("map"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIVICAST_HOME", str(home))
        return {name: find_hotspots(meridian.incidents[name]) for name in ("assault", "burglary")}


def test_meridians_planted_hotspots_are_found(mapped: dict[str, Hotspots]) -> None:
    assert hit_rate_at(mapped["assault"], 0.05)[1] > 0.35  # the density of what is reported would catch .46
    at = mapped["assault"].summary.query("share == 0.05").set_index("method")
    assert at.loc["random", "low"] <= 0.05 <= at.loc["random", "high"]


def test_the_moved_hotspot_is_not_in_its_old_place(mapped: dict[str, Hotspots]) -> None:
    burglary = mapped["burglary"]
    at = burglary.summary.query("share == 0.05").set_index("method")["hit_rate"]
    assert burglary.method != "count_all_history"
    assert at["count_last_year"] > 3 * at["count_all_history"]


@pytest.mark.usefixtures("measured_by_all")
def test_chicagos_assaults(chicago: City) -> None:
    found = find_hotspots(chicago.incidents["assault"])
    assert found.summary["windows"].unique().tolist() == [12]
    at = found.summary.query("share == 0.05").set_index("method")
    assert at.loc[found.method, "low"] > 5 * 0.05
    assert at.loc["random", "low"] <= 0.05 <= at.loc["random", "high"]
