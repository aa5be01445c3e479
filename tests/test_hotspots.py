"""Hotspots: cells one can count by hand, scores strictly on later data, and the planted truth of Meridian."""

from __future__ import annotations

import pickle
from dataclasses import replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from analytics.errors import HotspotError
from analytics.hotspots import Method, cells_over, find_hotspots, flagged, hit_rate_at, run_method
from analytics.hotspots.registry import methods
from analytics.hotspots.scoring import evaluate, ranking, summarise, window_starts
from data import Areas, Incidents, Provenance, open_city

SOURCE = Provenance(name="burglary", origin="test", licence="none", fingerprint="1")
START = pd.Timestamp("2024-01-01")


def city(events: pd.DataFrame, *, days: int, areas: bool = True, reported_by: str = "public") -> Incidents:
    """Incidents on a square of 1 km x 1 km, two areas side by side."""
    frame = gpd.GeoDataFrame(
        {"name": ["West", "East"], "population": [100.0, 100.0]},
        geometry=[box(0, 0, 500, 1000), box(500, 0, 1000, 1000)],
        index=pd.Index(["W", "E"], name="area_id"),
        crs="EPSG:32633",
    )
    layer = Areas("side", frame, replace(SOURCE, name="side")) if areas else None
    whole = events.assign(longitude=0.0, latitude=0.0, category="all", area_id="W")
    last = START + pd.Timedelta(days=days - 1)
    return Incidents("burglary", "Burglaries", whole, SOURCE, {"all": reported_by}, START, last, layer)


def daily(days: int, place: tuple[float, float], a_day: int = 1) -> pd.DataFrame:
    times = np.repeat(pd.date_range(START, periods=days), a_day)
    return pd.DataFrame({"time": times, "x": place[0], "y": place[1]})


HALF_YEAR = pd.concat([daily(182, (350, 350), 3), daily(182, (650, 650), 1)], ignore_index=True)


def test_cells_tile_the_city_and_know_their_area() -> None:
    cells = cells_over(city(HALF_YEAR, days=182), size=200)
    assert (len(cells), cells.columns, cells.rows) == (25, 5, 5)
    assert list(cells.locate(np.array([10.0, 999.0, -5.0]), np.array([10.0, 999.0, 10.0]))) == [0, 24, -1]
    # The middle column's centres lie on the border: the smallest area_id takes them.
    assert pd.Series(cells.area_id).value_counts().to_dict() == {"E": 15, "W": 10}
    assert cells.counts(HALF_YEAR).sum() == len(HALF_YEAR)
    assert cells.on_grid(cells.counts(HALF_YEAR))[1, 1] == 3 * 182


def test_a_city_without_areas_is_outlined_by_its_points() -> None:
    cells = cells_over(city(HALF_YEAR, days=182, areas=False), size=200)
    assert 2 <= len(cells) < 50
    assert (cells.locate(HALF_YEAR["x"].to_numpy(), HALF_YEAR["y"].to_numpy()) >= 0).all()


def test_too_fine_a_grid_is_refused_with_one_that_fits() -> None:
    with pytest.raises(HotspotError, match=r"250,000: choose cells of \d+ m or more"):
        cells_over(city(HALF_YEAR, days=182), size=1)


def test_hit_rate_and_pai_are_what_one_counts_by_hand() -> None:
    incidents = city(HALF_YEAR, days=182)
    cells = cells_over(incidents, size=200)
    start = START + pd.Timedelta(days=154)
    table = evaluate([methods()["count_last_year"]], incidents, cells, starts=[start], horizon_days=28, seed=0)
    at = table[(table["method"] == "count_last_year") & np.isclose(table["share"], 0.04)].iloc[0]
    # One of 25 cells (4 % of the area) holds 3 of the 4 events of each day: hit rate .75, PAI .75 / .04.
    assert (at["hits"], at["events"], at["cells"]) == (84, 112, 1)
    assert at["hit_rate"] == pytest.approx(0.75)
    assert at["pai"] == pytest.approx(0.75 / 0.04)


def test_windows_end_with_the_data_and_do_not_overlap() -> None:
    incidents = city(HALF_YEAR, days=182)
    end = incidents.until + pd.Timedelta(days=1)
    starts = window_starts(incidents, as_of=end, horizon_days=28, windows=12)
    assert starts[-1] + pd.Timedelta(days=28) == end
    assert {later - earlier for earlier, later in pairwise(starts)} == {pd.Timedelta(days=28)}
    assert starts[0] - pd.Timedelta(days=28) >= incidents.since


def test_a_method_cannot_see_what_it_is_judged_on() -> None:
    seen = []

    def peek(incidents: Incidents, cells: object, *, as_of: pd.Timestamp, horizon_days: int, seed: int) -> np.ndarray:
        seen.append((incidents.frame["time"].max(), incidents.until, as_of))
        return np.zeros(25)

    spy = Method("spy", "Spy", "1", ("None.",), ("All",), 0, peek)
    incidents = city(HALF_YEAR, days=182)
    run_method(spy, incidents, cells_over(incidents, size=200), as_of=START + pd.Timedelta(days=100), horizon_days=28)
    newest, until, as_of = seen[0]
    assert newest < as_of
    assert until < as_of


@pytest.mark.parametrize("answer", [np.zeros(3), np.full(25, np.nan)])
def test_a_method_that_breaks_its_contract_is_named(answer: np.ndarray) -> None:
    broken = Method("broken", "Broken", "1", ("None.",), ("All",), 0, lambda *_, **__: answer)
    incidents = city(HALF_YEAR, days=182)
    with pytest.raises(HotspotError, match="Broken broke the contract"):
        run_method(
            broken, incidents, cells_over(incidents, size=200), as_of=START + pd.Timedelta(days=50), horizon_days=7
        )


@pytest.mark.parametrize("name", methods())
def test_every_method_keeps_the_contract(name: str) -> None:
    method, incidents = methods()[name], city(HALF_YEAR, days=182)
    cells = cells_over(incidents, size=200)
    before = incidents.frame.copy()
    as_of = START + pd.Timedelta(days=150)
    scores = [run_method(method, incidents, cells, as_of=as_of, horizon_days=28, seed=3) for _ in range(2)]
    assert np.array_equal(*scores)
    assert (scores[0] >= 0).all()
    assert int(scores[0].argmax()) == 6
    # A rate: the events expected over the horizon, as many a day as there have been.
    assert scores[0].sum() == pytest.approx(4 * 28, rel=0.12)
    pd.testing.assert_frame_equal(incidents.frame, before)
    assert pickle.loads(pickle.dumps(method)) is method  # noqa: S301 - our own bytes
    assert method.limits
    assert method.inputs


def test_ranks_break_ties_by_the_seed_alone() -> None:
    score = np.array([0.0, 5.0, 0.0, 0.0])
    assert ranking(score, seed=1)[1] == 0
    assert sorted(ranking(score, seed=1)) == [0, 1, 2, 3]
    assert np.array_equal(ranking(score, seed=1), ranking(score, seed=1))
    assert any(not np.array_equal(ranking(score, seed=1), ranking(score, seed=other)) for other in range(2, 9))


def test_random_is_as_good_as_the_area_it_looks_at() -> None:
    rng = np.random.default_rng(5)
    times = START + pd.to_timedelta(rng.integers(0, 364, 4000), unit="D")
    spread = pd.DataFrame({"time": times, "x": rng.uniform(0, 1000, 4000), "y": rng.uniform(0, 1000, 4000)})
    incidents = city(spread.sort_values("time"), days=364)
    table = evaluate(
        [],
        incidents,
        cells_over(incidents, size=50),
        starts=window_starts(incidents, as_of=incidents.until, horizon_days=28, windows=10),
        horizon_days=28,
        seed=0,
    )
    at = summarise(table, seed=0).query("share == 0.1").iloc[0]
    assert at["low"] <= 0.1 <= at["high"]


def test_the_slider_only_compares_ranks() -> None:
    found = find_hotspots(city(HALF_YEAR, days=182), windows=4)
    few, many = flagged(found, 0.04), flagged(found, 0.08)
    assert (few.sum(), many.sum()) == (1, 2)
    assert (many | ~few).all()
    assert hit_rate_at(found, 0.0)[0] == 0
    rates = [hit_rate_at(found, share)[0] for share in np.linspace(0, 0.2, 9)]
    assert rates == sorted(rates)


def test_a_result_is_the_same_from_the_store_and_carries_its_class() -> None:
    incidents = city(HALF_YEAR, days=182)
    first, second = (find_hotspots(incidents, windows=4) for _ in range(2))
    pd.testing.assert_frame_equal(first.evaluation, second.evaluation)
    pd.testing.assert_series_equal(first.rank, second.rank)
    assert set(first.methods) == {*methods(), "random"}
    assert set(first.summary["method"]) == {*methods(), "random"}


def test_police_started_kinds_must_not_be_used() -> None:
    found = find_hotspots(city(HALF_YEAR, days=182, reported_by="police"), windows=4)
    assert "police_initiated" in [caveat.code for caveat in found.caveats]


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"method": "magic"}, "no hotspot method named “magic”: there are count_last_year"),
        ({"category": "arson"}, "no category “arson”: there are all"),
        ({"horizon_days": 100}, "too few|are needed: shorten the horizon"),
        ({"as_of": START}, "are needed: shorten the horizon"),
    ],
)
def test_mistakes_get_one_sentence(options: dict, match: str) -> None:
    with pytest.raises(HotspotError, match=match):
        find_hotspots(city(HALF_YEAR, days=182), **options)


def test_meridians_planted_hotspots_are_found_and_the_moved_one_is_not_in_the_old_place() -> None:
    sample = open_city("meridian")
    assault = find_hotspots(sample.incidents["assault"])
    assert hit_rate_at(assault, 0.05)[1] > 0.35  # the density of what is reported would catch .46; chance .05
    burglary = find_hotspots(sample.incidents["burglary"])
    at = burglary.summary.query("share == 0.05").set_index("method")["hit_rate"]
    assert burglary.method != "count_all_history"
    assert at["count_last_year"] > 3 * at["count_all_history"]


def test_chicagos_assaults(real_data: object) -> None:
    from tests.conftest import CITIES

    found = find_hotspots(open_city(CITIES / "chicago.toml").incidents["assault"])
    assert found.summary["windows"].unique().tolist() == [12]
    at = found.summary.query("share == 0.05").set_index("method")
    assert at.loc[found.method, "low"] > 5 * 0.05
    assert at.loc["random", "low"] <= 0.05 <= at.loc["random", "high"]
