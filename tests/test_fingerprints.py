"""A fingerprint belongs to its content: the same values have the same one anywhere, and other values another."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from forecasting_panels import counts, frame, series
from small_city import small_city
from small_map import HALF_YEAR, city, layer

from analytics.forecasting import backtest, stored_backtests
from data import Classification, Provenance, Series, fingerprint_of
from data.tables.table import Table


def test_minus_zero_is_zero() -> None:
    mixed = pd.DataFrame({"value": [0.0, 1.0], "name": ["a", "b"]})
    signed = mixed.assign(value=[-0.0, 1.0])
    for one, other in (
        (mixed, signed),
        (mixed[["value"]], signed[["value"]]),
        (mixed["value"], signed["value"]),
        (mixed["value"].to_numpy(), signed["value"].to_numpy()),
        (mixed.astype({"value": "float32"}), signed.astype({"value": "float32"})),
        (0.0, -0.0),
    ):
        assert fingerprint_of(one) == fingerprint_of(other)
    assert fingerprint_of(mixed) != fingerprint_of(mixed.assign(value=[0.0, -1.0]))
    assert fingerprint_of(mixed) != fingerprint_of(mixed.rename(columns={"value": "other"}))


def test_other_values_meet_no_stored_result() -> None:
    panel = series(frame(counts(periods=200, columns=2)))
    backtest(panel, "pooled_counts", horizon=14)
    assert "pooled_counts" in stored_backtests(panel, horizon=14)
    other = replace(panel, values=panel.values + 1)
    assert other.provenance.fingerprint != panel.provenance.fingerprint
    assert "pooled_counts" not in stored_backtests(other, horizon=14)
    assert "pooled_counts" in stored_backtests(replace(other, values=panel.values), horizon=14)


def _changed(panel: Series) -> dict[str, Series]:
    rain = pd.DataFrame({"rain": 1.0}, index=panel.values.index)
    return {
        "values": replace(panel, values=panel.values + 1),
        "kind": replace(panel, value_type="continuous"),
        "clock": replace(panel, timezone="Asia/Kolkata"),
        "holidays": replace(panel, country="GB"),
        "regressors": replace(panel, regressors=rain),
        "later rain": replace(panel, regressors=rain + 1),
        "shorter": panel.until(panel.values.index[-2]),
        "fewer": panel.select(areas=panel.area_ids[:1]),
    }


def test_all_that_a_model_sees_of_a_series_counts() -> None:
    panel = series(frame(counts(periods=50, columns=2)))
    prints = {name: each.provenance.fingerprint for name, each in _changed(panel).items()}
    assert len({*prints.values(), panel.provenance.fingerprint}) == len(prints) + 1


def test_what_is_said_of_a_table_does_not_count() -> None:
    panel = series(frame(counts(periods=50, columns=2)))
    said = replace(panel.provenance, fingerprint="made up", classification=Classification.RESTRICTED)
    again = replace(panel, title="Other", provenance=said)
    assert again.provenance.fingerprint == panel.provenance.fingerprint
    assert again.provenance.classification is Classification.RESTRICTED
    assert pickle.loads(pickle.dumps(again)).provenance == again.provenance  # noqa: S301


def _tables() -> list[tuple[Table, Table]]:
    events, wards = city(HALF_YEAR, days=182), layer()
    moved = events.frame.assign(x=events.frame["x"] + 1.0)
    shifted = wards.frame.set_geometry(wards.frame.geometry.translate(1.0))
    return [
        (events, replace(events, frame=moved)),
        (events, replace(events, until=events.until + pd.Timedelta(days=1))),
        (wards, replace(wards, frame=shifted)),
        (wards, replace(wards, frame=wards.frame.assign(population=101.0))),
    ]


@pytest.mark.parametrize(("table", "other"), _tables())
def test_a_table_with_another_frame_is_another(table: Table, other: Table) -> None:
    assert table.provenance.fingerprint != other.provenance.fingerprint


def test_the_last_digits_of_metres_do_not_count() -> None:
    events = city(HALF_YEAR.astype({"x": float}), days=182)
    nearly = replace(events, frame=events.frame.assign(x=events.frame["x"] + 1e-7))
    assert nearly.provenance.fingerprint == events.provenance.fingerprint


def test_a_citys_fingerprint_follows_its_tables() -> None:
    small = small_city()
    panel = small.series["requests"]
    other = replace(small, series={"requests": replace(panel, values=panel.values + 1)})
    assert other.fingerprint != small.fingerprint


def test_a_table_needs_to_say_where_it_comes_from() -> None:
    with pytest.raises(TypeError, match="provenance"):
        Series("x", "X", pd.DataFrame({"a": np.ones(2)}))  # type: ignore[call-arg]
    assert Provenance("x", "", "").fingerprint == ""
