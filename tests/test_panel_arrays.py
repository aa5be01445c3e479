"""Arrays of panels: the same labels and values however often they are asked for, and none that another caller changed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.forecasting.panel import columns_of, future_periods, panel_array

COLUMNS = pd.MultiIndex.from_tuples([("b", "x"), ("a", "y"), ("a", "x")], names=["area_id", "category"])
DAYS = pd.date_range("2026-03-01", periods=4, freq="D", name="period")


def values(periods: int = 4) -> np.ndarray:
    return np.arange(periods * 3, dtype=float).reshape(periods, 3)


def test_labels_are_those_of_the_columns_in_their_order_and_absent_pairs_are_gaps() -> None:
    array = panel_array(values(), DAYS, COLUMNS)
    assert (list(array["area_id"].to_numpy()), list(array["category"].to_numpy())) == (["b", "a"], ["x", "y"])
    assert float(array.sel(area_id="a", category="y", period="2026-03-02")) == 4
    assert np.isnan(array.sel(area_id="b", category="y")).all()
    assert np.array_equal(columns_of(array, COLUMNS), values())


@pytest.mark.parametrize("across", [False, True])
def test_all_pairs_keep_their_values_in_the_order_of_the_array_and_in_another(across: bool) -> None:
    pairs = [(area, category) for area in "ab" for category in "xyz"]
    columns = pd.MultiIndex.from_tuples(sorted(pairs, key=lambda pair: pair[::-1]) if across else pairs)
    columns.names = ["area_id", "category"]
    stacked = np.arange(2 * 4 * 6, dtype=float).reshape(2, 4, 6)
    array = panel_array(stacked, DAYS, columns, quantiles=(0.1, 0.9))
    for place, (area, category) in enumerate(columns):
        assert (
            array.sel(area_id=area, category=category, quantile=0.9).to_numpy().tolist()
            == stacked[1, :, place].tolist()
        )
    assert np.array_equal(columns_of(array, columns), stacked)
    assert np.array_equal(columns_of(array, columns[::-1]), stacked[..., ::-1])
    assert np.array_equal(columns_of(array[0], columns), stacked[0])


def test_an_array_that_is_written_to_changes_no_other() -> None:
    first, second = panel_array(values(), DAYS, COLUMNS), panel_array(values(), DAYS, COLUMNS)
    first[0, 0, 0] = 99
    first.attrs["mine"] = True
    third = panel_array(values(), DAYS, COLUMNS)
    for other in (second, third):
        assert np.array_equal(columns_of(other, COLUMNS), values())
        assert not other.attrs


@pytest.mark.parametrize(
    "other",
    [
        pd.date_range("2026-03-02", periods=4, freq="D", name="period"),
        pd.date_range("2026-03-01", periods=4, freq="h", name="period"),
        pd.DatetimeIndex(["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-09"], name="period"),
        pd.DatetimeIndex(["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-10"], name="period"),
        pd.date_range("2026-03-01", periods=5, freq="D", name="period"),
    ],
)
def test_other_periods_are_other_labels(other: pd.DatetimeIndex) -> None:
    panel_array(values(), DAYS, COLUMNS)
    assert panel_array(values(len(other)), other, COLUMNS).get_index("period").equals(other)


def test_quantiles_and_draws_come_first_and_are_told_apart() -> None:
    stacked = np.stack([values(), values() + 1])
    low = panel_array(stacked, DAYS, COLUMNS, quantiles=(0.1, 0.9))
    high = panel_array(stacked, DAYS, COLUMNS, quantiles=(0.2, 0.9))
    drawn = panel_array(stacked, DAYS, COLUMNS, draws=2)
    assert [list(each.get_index("quantile")) for each in (low, high)] == [[0.1, 0.9], [0.2, 0.9]]
    assert (drawn.dims[0], list(drawn.get_index("draw"))) == ("draw", [0, 1])
    assert np.array_equal(columns_of(low, COLUMNS[[2, 0]]), stacked[..., [2, 0]])


def test_an_array_without_a_column_is_refused() -> None:
    array = panel_array(values(), DAYS, COLUMNS)
    with pytest.raises(KeyError):
        columns_of(array, pd.MultiIndex.from_tuples([("c", "x")], names=["area_id", "category"]))
    with pytest.raises(KeyError):
        columns_of(array, pd.MultiIndex.from_tuples([("a", None)], names=["area_id", "category"]))


def test_future_periods_follow_the_last() -> None:
    history = pd.DataFrame(values(), DAYS, COLUMNS)
    assert list(future_periods(history, 2)) == list(pd.to_datetime(["2026-03-05", "2026-03-06"]))
    assert future_periods(history, 3).name == "period"
