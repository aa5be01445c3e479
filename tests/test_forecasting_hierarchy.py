"""Areas add up to their parents and the city, means and draws alike, and no tier pays for it."""

from __future__ import annotations

import numpy as np
import pytest
from forecasting_panels import counts, frame, series, study

from analytics.forecasting import forecast
from analytics.forecasting.reconcile import hierarchy_of, reconcile
from data import City


def panel() -> np.ndarray:
    """Twelve areas that share a level which wanders: what an area alone cannot see."""
    rng = np.random.default_rng(3)
    level = np.exp(np.cumsum(rng.normal(0, 0.03, 500)))
    return rng.poisson(level[:, None] * np.linspace(0.5, 2, 12)).astype(float)


PARENTS = {f"A{number:02d}": f"P{number // 4}" for number in range(12)}


def test_tiers_are_areas_kinds_parents_and_the_city_without_repeats() -> None:
    two_kinds = series(frame(counts(periods=60, columns=12), categories=("x", "y")))
    hierarchy = hierarchy_of(two_kinds, {area: "P0" if area < "A03" else "P1" for area in two_kinds.area_ids})
    assert hierarchy.tiers == ("column", "area", "parent_kind", "parent", "kind", "city")
    assert [len(hierarchy.of(tier)) for tier in hierarchy.tiers] == [12, 6, 4, 2, 2, 1]
    assert hierarchy.sums[hierarchy.of("city")].tolist() == [[1.0] * 12]
    one_kind = hierarchy_of(series(frame(counts(periods=60))))
    assert len(one_kind.tiers) == 2


def test_sums_are_coherent_and_no_tier_is_worse_than_its_own_forecast() -> None:
    result = reconcile(series(frame(panel())), "pooled_counts", horizon=14, parents=PARENTS)
    assert result.mean.shape == (14, 12)
    assert (result.mean > 0).all()
    nodes = result.mean @ result.hierarchy.sums.T
    for tier in result.hierarchy.tiers:
        assert nodes[:, result.hierarchy.of(tier)].sum(axis=1) == pytest.approx(result.mean.sum(axis=1), abs=1e-9)
    assert result.worst <= 1.005


def test_a_forecast_with_parents_draws_coherent_futures() -> None:
    whole = series(frame(panel()))
    plain = forecast(whole, horizon=14, candidates=("seasonal_naive", "pooled_counts"))
    coherent = forecast(whole, horizon=14, candidates=("seasonal_naive", "pooled_counts"), parents=PARENTS)
    assert plain.reconciliation is None
    assert coherent.reconciliation is not None
    drawn = coherent.draws(study(whole, periods=14))
    assert (drawn == np.floor(drawn)).all()
    mean = drawn.mean("draw").sum(["area_id", "category"]).to_numpy()
    assert mean == pytest.approx(coherent.reconciliation.mean.sum(axis=1), rel=0.03)


@pytest.mark.usefixtures("measured_by_all")
def test_on_meridian_and_on_real_requests_every_tier_is_as_good_as_its_own_forecast(
    chicago: City, meridian: City
) -> None:
    requests = meridian.series["service_requests"]
    parents = meridian.areas[requests.layer].frame["parent_id"].astype(str).to_dict()
    for one, above in ((requests, parents), (chicago.series["sanitation_requests"], {})):
        assert reconcile(one, "pooled_counts", horizon=28, parents=above).worst <= 1.005
