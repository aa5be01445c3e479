"""The watch of a series is kept for as long as the series stands, whatever becomes of other tables of its city."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.monitoring.warnings.series_watch import SeriesWatch, kept_series_watch, series_watch
from data import Series
from data.provenance import Provenance
from data.words import Words

DAYS = pd.date_range("2022-01-01", periods=1100, freq="D", name="period")
COLUMNS = pd.MultiIndex.from_product([["city"], ["all"]], names=["area_id", "category"])


def calls(*, more: float = 0.0) -> Series:
    values = np.random.default_rng(7).poisson(20.0, (len(DAYS), 1)).astype(float)
    values[-30:-20] += 25.0
    values[-1] += more
    return Series("calls", "Calls", pd.DataFrame(values, DAYS, COLUMNS), Provenance("calls", "a draw", "CC0"))


def kept(series: Series, *, replayed: bool = False) -> tuple[SeriesWatch, bool]:
    """The watch, and whether anything was watched for it."""
    told: list[float] = []

    def progress(share: float, doing: Words) -> None:
        told.append(share)

    return kept_series_watch(series, replayed=replayed, seed=0, progress=progress), bool(told)


def test_a_series_is_watched_once_until_it_changes() -> None:
    whole, again = series_watch(calls(), seed=0, progress=lambda share, doing: None), kept(calls())
    assert whole.alarms
    assert again[1]
    for series in (calls(), replace(calls(), provenance=Provenance("calls", "a draw", "CC0", rows_read=9))):
        found, watched = kept(series)
        assert not watched
        assert repr(found) == repr(whole)  # which tells all numbers, and those that are none as alike
    assert kept(replace(calls(), title="Calls for help"))[0].alarms[0].series_title == "Calls for help"
    assert kept(calls(more=1.0))[1]


def test_a_day_that_is_played_back_takes_the_place_of_none_that_stands() -> None:
    now = calls()
    assert kept(now)[1]
    assert kept(now.until(DAYS[-2]), replayed=True)[1]
    assert not kept(now)[1]


def test_a_workspace_that_cannot_be_written_to_costs_time_and_no_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path / "file"))
    assert [kept(calls())[1] for _ in range(2)] == [True, True]
