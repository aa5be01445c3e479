"""Audits: exposure adds up, halved reports cut the share, planted silence is found, and the loop is of feedback alone."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analytics.hotspots import audit_hotspots, find_hotspots
from analytics.hotspots.audit.exposure import areas_of_group, exposure
from analytics.hotspots.audit.feedback import MODES, feedback_loop
from analytics.hotspots.audit.reporting import half_reported, reporting_gaps
from analytics.hotspots.results import Hotspots
from data import Areas, Incidents
from tests.small_map import CRS, SOURCE, START, city, grid

WARDS = [f"A{number}" for number in range(10)]
DAYS = 420


def wards() -> Areas:
    """Ten strips of 100 m x 1 km; a group lives in the first five only, another in the rest, a third in two."""
    frame = gpd.GeoDataFrame(
        {
            "name": [f"Ward {number}" for number in range(10)],
            "population": 100.0,
            "share_young": [0.6] * 5 + [0.2] * 5,
            "share_old": [0.2] * 5 + [0.6] * 5,
            "share_rare": [0.5] * 2 + [0.1] * 8,
        },
        geometry=[shapely.box(100 * number, 0, 100 * (number + 1), 1000) for number in range(10)],
        index=pd.Index(WARDS, name="area_id"),
        crs=CRS,
    )
    return Areas("ward", frame, replace(SOURCE, name="ward"))


def happened(levels: np.ndarray, *, seed: int, name: str = "burglary") -> Incidents:
    """Events of so many a day in each ward."""
    rng = np.random.default_rng(seed)
    ward = np.repeat(np.arange(10), rng.poisson(DAYS * levels))
    # Most of a ward's events lie in its southern half.
    x, y = 100 * ward + rng.uniform(0, 100, len(ward)), 1000 * rng.beta(1, 3, len(ward))
    times = START + pd.to_timedelta(rng.integers(0, DAYS, len(ward)), unit="D")
    frame = pd.DataFrame({"time": times, "x": x, "y": y, "area_id": np.array(WARDS)[ward]})
    return replace(city(frame, days=DAYS, areas=wards()), name=name, title=name.capitalize())


EVEN = np.full(10, 0.5)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Hotspots:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIVICAST_HOME", str(tmp_path_factory.mktemp("audit")))
        levels = np.where(np.arange(10) < 5, 1.0, 0.5)
        return find_hotspots(happened(levels, seed=1), windows=3, cell_size=50, method="kernel_density")


# Groups


def test_the_areas_of_a_group_are_those_above_its_share_of_the_city() -> None:
    areas = wards()
    assert list(areas_of_group(areas, "share_young")) == WARDS[:5]
    assert list(areas_of_group(areas, "share_rare")) == WARDS[:2]
    # Weighted by residents: where nearly all live in the first ward, its share is that of the city.
    crowded = replace(
        areas, frame=areas.frame.assign(population=[1e9] + [1.0] * 9, share_young=[0.5] + [0.6] * 4 + [0.45] * 5)
    )
    assert list(areas_of_group(crowded, "share_young")) == WARDS[1:5]
    alike = replace(areas, frame=areas.frame.assign(share_young=0.5))
    assert list(areas_of_group(alike, "share_young")) == []  # at the city's share is not above it
    unknown = areas.frame.assign(share_young=[np.nan] + [0.6] * 4 + [0.2] * 5)
    assert list(areas_of_group(replace(areas, frame=unknown), "share_young")) == WARDS[1:5]


def test_exposure_of_two_halves_adds_up(found: Hotspots) -> None:
    table = exposure(found, share=0.1).set_index("group")
    for column in ("residents", "reports", "flags"):
        assert table.loc["share_young", column] + table.loc["share_old", column] == pytest.approx(1)
    young = table.loc["share_young"]
    assert young["residents"] == pytest.approx(0.5)
    assert young["reports"] == pytest.approx(2 / 3, abs=0.03)
    assert young["reports_n"] == found.count.sum()
    assert young["flags"] > young["reports"]
    assert young["low"] <= young["high"] <= 1
    assert young["verdict"] == "more"
    inside = np.isin(found.cells.area_id.astype(str), WARDS[:5])
    flags = found.cells.looked_at(found.rank.to_numpy(), 0.1)
    assert young["flags"] == pytest.approx(flags[inside].sum() / flags.sum())


def test_of_a_group_in_two_areas_nothing_is_said(found: Hotspots) -> None:
    table = exposure(found, share=0.1).set_index("group")
    assert table["areas"].to_dict() == {"share_young": 5, "share_old": 5, "share_rare": 2}
    assert table.loc["share_rare", "verdict"] == "few"
    assert {table.loc["share_young", "verdict"], table.loc["share_old", "verdict"]} <= {"more", "less", "as"}


def test_half_the_reports_cost_a_group_its_flags(found: Hotspots) -> None:
    table = half_reported(found, share=0.1).set_index("group")
    for group in ("share_young", "share_old"):
        row = table.loc[group]
        assert row["low"] <= row["if_half"] <= row["high"]
        assert row["if_half"] < row["flags"] or row["flags"] == 0
    # The young's wards would have as many reports as the others: a half of the flags, where it was nearly all.
    assert table.loc["share_young", "flags"] > 0.8
    assert table.loc["share_young", "if_half"] == pytest.approx(0.5, abs=0.15)
    whole = half_reported(found, share=0.1, reported=1.0).set_index("group")
    assert whole["if_half"].to_numpy() == pytest.approx(whole["flags"].to_numpy())


# Two sources


def test_a_ward_that_reports_half_is_found_and_no_other() -> None:
    silent = np.where(np.arange(10) == 3, 0.5, 1.0)
    named = []
    for seed in range(20):
        gaps = reporting_gaps(happened(2 * EVEN * silent, seed=seed), happened(EVEN, seed=100 + seed))
        named.append(set(gaps.loc[gaps["gap"], "area_id"]))
    assert sum("A3" in each for each in named) >= 19
    assert sum(each == {"A3"} for each in named) >= 16


def test_in_a_fair_city_no_ward_is_called_silent() -> None:
    found = [reporting_gaps(happened(2 * EVEN, seed=seed), happened(EVEN, seed=100 + seed)) for seed in range(20)]
    assert sum(bool(each["gap"].any()) for each in found) <= 3
    inside = np.mean([((each["low"] <= 1) & (each["high"] >= 1)).mean() for each in found])
    assert inside == pytest.approx(0.95, abs=0.04)


def test_a_gap_is_told_by_what_one_counts() -> None:
    def counted(numbers: list[int]) -> Incidents:
        ward = np.repeat(WARDS[: len(numbers)], numbers)
        return city(pd.DataFrame({"time": START, "x": 1.0, "y": 1.0, "area_id": ward}), days=1, areas=wards())

    gaps = reporting_gaps(counted([10, 40, 50]), counted([20, 20, 20])).set_index("area_id")
    assert list(gaps.index) == ["A0", "A1", "A2"]  # the lowest ratio first
    assert gaps.loc["A0", ["reports", "second"]].tolist() == [10, 20]
    assert gaps.loc["A0", "ratio"] == pytest.approx((10 / 20) / (90 / 40))
    assert gaps.loc["A1", "ratio"] == pytest.approx((40 / 20) / (60 / 40))


def test_only_days_that_both_sources_cover_count() -> None:
    reports, second = happened(EVEN, seed=1), happened(EVEN, seed=2)
    late = replace(
        second,
        since=START + pd.Timedelta(days=400),
        frame=second.frame[second.frame["time"] >= START + pd.Timedelta(days=400)],
    )
    gaps = reporting_gaps(reports, late)
    since = reports.frame["time"] >= START + pd.Timedelta(days=400)
    assert gaps["reports"].sum() == since.sum()


# The loop


def test_the_loop_is_due_to_what_patrols_find() -> None:
    rate = np.random.default_rng(3).gamma(0.5, 1.0, 400)
    found = feedback_loop(rate, horizon_days=28, share=0.05)
    assert found.loop_low > 1
    assert found.loop_low <= found.loop <= found.loop_high
    assert found.all_found > found.weighted >= found.reports_only * 0.98
    assert abs(found.reports_only - 1) < abs(found.all_found - 1)
    assert found.hit_rate_change > 0  # the measure that praises the loop
    assert feedback_loop(rate, horizon_days=28, share=0.05) == found
    assert feedback_loop(rate, horizon_days=28, share=0.05, seed=1) != found


def plainly(weekly: np.ndarray, number: int, rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    """One run of the loop as it is described: three maps of the last year, each fed in its own way."""
    start = rng.poisson(weekly / 2, (52, len(weekly))).astype(float)
    past = {mode: list(start) for mode in MODES}
    hits: dict[str, list[float]] = {mode: [] for mode in MODES}
    flagged = {}
    for week in range(104):
        reports = rng.poisson(weekly / 2).astype(float)
        lot = 0.5 * rng.random(len(weekly))
        for mode in MODES:
            known = np.sum(past[mode][-52:], axis=0)
            flagged[mode] = np.argpartition(-(known + lot), number - 1)[:number]
            found = np.zeros(len(weekly))
            found[flagged[mode]] = rng.poisson(weekly[flagged[mode]] / 4)
            if week >= 52:
                caught = (reports + found)[flagged[mode]].sum()
                hits[mode].append(caught / max(reports.sum() + found.sum(), 1))
            fed = {"reports_only": 0.0, "all_found": 1.0, "weighted": 1 - known / max(known[flagged[mode]].max(), 1)}[
                mode
            ]
            past[mode].append(reports + fed * found)
    known = {mode: np.sum(past[mode][-52:], axis=0) for mode in MODES}
    lean = {
        mode: known[mode][at].sum() / known[mode].sum() / (weekly[at].sum() / weekly.sum())
        for mode, at in flagged.items()
    }
    return {mode: (lean[mode], float(np.mean(hits[mode]))) for mode in MODES}


def test_the_loop_is_as_if_each_map_were_added_up_anew() -> None:
    rate = np.random.default_rng(5).gamma(0.4, 2.0, 60)
    found = feedback_loop(rate, horizon_days=28, share=0.1, seed=9)
    runs = [plainly(rate / 2, 6, np.random.Generator(np.random.Philox([9, run]))) for run in range(8)]
    for mode in MODES:
        assert getattr(found, mode) == pytest.approx(np.mean([run[mode][0] for run in runs]), rel=1e-6)
    rose = [float(np.mean([run[mode][1] for run in runs])) for mode in ("reports_only", "all_found")]
    assert found.hit_rate_change == pytest.approx(rose[1] / rose[0] - 1, rel=1e-6)


def test_where_all_is_flagged_the_map_is_right_whatever_is_found() -> None:
    found = feedback_loop(np.ones(20), horizon_days=28, share=1.0)
    assert (found.reports_only, found.all_found, found.loop) == (1, 1, 1)


# The whole


def test_an_audit_carries_its_caveats_and_its_sources(found: Hotspots) -> None:
    injuries = happened(np.where(np.arange(10) == 3, 3.0, 1.0), seed=9, name="injury")
    audit = audit_hotspots(found, share=0.1, second=replace(injuries, title="Injuries treated"))
    assert audit.silent_areas[0] == "A3"
    codes = {caveat.code: caveat for caveat in audit.caveats}
    assert {"under_reporting", "group_exposure", "reporting_bias", "feedback_risk"} <= set(codes)
    assert "Ward 3" in codes["under_reporting"].message
    assert str(codes["group_exposure"].evidence["label"]).startswith("Young")
    assert len(audit.made_from) == len(found.made_from) + 1
    alone = audit_hotspots(found, share=0.1)
    assert alone.gaps is None
    assert alone.silent_areas == ()
    assert "under_reporting" not in {caveat.code for caveat in alone.caveats}


def test_a_city_without_areas_is_audited_for_feedback_only() -> None:
    cells = grid(10, 10)
    rng = np.random.default_rng(2)
    place = rng.integers(0, 100, 900)
    times = START + pd.to_timedelta(rng.integers(0, 182, 900), unit="D")
    frame = pd.DataFrame({"time": times, "x": cells.x[place], "y": cells.y[place]})
    audit = audit_hotspots(find_hotspots(city(frame, days=182, areas=None), windows=3), second=city(frame, days=182))
    assert audit.exposure.empty
    assert audit.if_half.empty
    assert audit.gaps is None
    assert audit.feedback.loop > 1
