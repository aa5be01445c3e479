"""How hotspot methods stand beside each other: counted by hand, kept with each map, and read back without being computed."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.hotspots import find_hotspots
from analytics.hotspots.backtesting.scoring import Evaluation
from analytics.hotspots.backtesting.standing import level_with_best, standings
from analytics.hotspots.backtesting.store import stored_maps
from analytics.hotspots.contract import METHODS
from data.store.results import keys, load, save
from tests.small_map import HALF_YEAR, city

WINDOWS = pd.date_range("2020-01-01", periods=4, freq="28D")
# Hits of 100 at 5 % of the area, by window: b is behind a by 10, 12, 8 and 10 (clearly), c by 20, -20, 20 and -4 (not).
HITS = {
    "count_last_year": (50, 60, 50, 60), "kernel_mixture": (60, 72, 58, 70), "promap": (40, 92, 38, 74),
    "random": (5, 5, 5, 5),
}  # fmt: skip


def evaluation(hits: dict[str, tuple[int, ...]] = HITS) -> Evaluation:
    rows = [
        (name, day, share, share * 20 * count, 100.0, count / 100 * share * 20, 2.0, 0.5)
        for name, counts in hits.items()
        for day, count in zip(WINDOWS, counts, strict=True)
        for share in (0.05, 0.02)
    ]
    columns = ["method", "as_of", "share", "hits", "events", "hit_rate", "pai", "pei"]
    windows = pd.DataFrame(
        [(name, day, 90.0, 100.0, 1.0, 0.1, 18, 20) for name in hits if name != "random" for day in WINDOWS],
        columns=["method", "as_of", "predicted", "events", "bits", "spread", "coverage_90", "coverage_n"],
    )
    return Evaluation(pd.DataFrame(rows, columns=columns), windows, pd.DataFrame())


def test_methods_stand_in_order_and_those_level_with_the_best_share_its_place() -> None:
    found = standings(evaluation(), seed=0)
    assert [(each.method, each.place, each.tied) for each in found] == [
        ("kernel_mixture", 1, True),
        ("promap", 1, True),
        ("count_last_year", 3, False),
    ]
    mixture, _, last_year = found
    assert mixture.hit_rate == pytest.approx(260 / 400)
    assert mixture.low < mixture.hit_rate < mixture.high
    assert mixture.ratio == pytest.approx(260 / 220)
    assert 1 < mixture.ratio_low < mixture.ratio < mixture.ratio_high
    assert (last_year.ratio, last_year.ratio_low, last_year.ratio_high) == (1, 1, 1)
    assert last_year.coverage_90 == pytest.approx(0.9)


def test_the_best_alone_is_no_tie() -> None:
    hits = {name: counts for name, counts in HITS.items() if name != "promap"}
    assert [(each.place, each.tied) for each in standings(evaluation(hits), seed=0)] == [(1, False), (2, False)]


@pytest.mark.parametrize(("scatter", "level"), [(1.01, True), (0.99, False)])
def test_two_standard_errors_behind_are_a_tie_and_more_are_not(scatter: float, level: bool) -> None:
    best = np.array([0.5, 0.5, 0.5, 0.5])
    apart = np.array([-1.0, 1.0, -1.0, 1.0])
    apart /= apart.std(ddof=1) / 2  # so that the standard error of four is 1
    behind = 0.01 * (2 + scatter * apart)
    rates = pd.DataFrame({"best": best, "other": best - behind})
    assert ("other" in level_with_best(rates)) is level


def test_where_nothing_was_judged_nothing_is_level() -> None:
    assert level_with_best(pd.DataFrame()) == ()


def versions() -> dict[str, str]:
    return {name: each.version for name, each in METHODS.all().items()}


def test_what_a_map_kept_is_read_back_with_what_it_is_of() -> None:
    incidents = city(HALF_YEAR, days=182)
    found = find_hotspots(incidents, windows=3)
    tables = {incidents.name: incidents.provenance.fingerprint}
    [stored] = stored_maps(tables, versions=versions())
    assert (stored.record.incidents, stored.record.category, stored.record.kind) == (incidents.name, None, "squares")
    assert (stored.record.windows, stored.record.horizon_days, stored.record.size) == (3, 28, 200.0)
    assert stored.record.whole_week
    at = found.summary[np.isclose(found.summary["share"], 0.05)].set_index("method")["hit_rate"]
    assert {each.method: each.hit_rate for each in stored.standings} == pytest.approx(at.drop("random").to_dict())
    # Of another table, or by methods of other versions, it is no measurement.
    assert list(stored_maps({incidents.name: "another"}, versions=versions())) == []
    assert list(stored_maps({"other": incidents.provenance.fingerprint}, versions=versions())) == []
    assert list(stored_maps(tables, versions=versions() | {"promap": "0"})) == []


def test_an_evaluation_of_an_earlier_version_says_from_then_on_what_it_is_of() -> None:
    incidents = city(HALF_YEAR, days=182)
    find_hotspots(incidents, windows=3)
    [key] = keys("hotspots")
    kept = load("hotspots", key)
    assert kept is not None
    save("hotspots", key, tables=kept.tables, record={"incidents": incidents.name})
    tables = {incidents.name: incidents.provenance.fingerprint}
    assert list(stored_maps(tables, versions=versions())) == []
    find_hotspots(replace(incidents), windows=3)
    again = load("hotspots", key)
    assert again is not None
    assert json.dumps(dict(again.record)) == json.dumps(dict(kept.record))
    assert len(list(stored_maps(tables, versions=versions()))) == 1
