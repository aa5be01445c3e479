"""Trips from counts: the matrix that is planted in Meridian, sought from population, jobs and the counters on half of its roads."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analytics.traffic import Demand, demand_of, estimate_matrix, gravity_on, road_of
from analytics.traffic.picture import geh
from benchmarks.rows import Row, cost_of
from data import open_city
from data.sample import morning_of_meridian

__all__ = ["rows"]

NEAR = 5.0


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Errors of row sums, and volumes on links that nobody counted, before and after the counts.

    What is known: how many trips there are and how long they last on average, each zone's population and jobs, and the counts.
    The matrix and the volumes are only held against the answer.
    """
    city = open_city("meridian")
    network, trips, counters = city.networks["roads"], city.of("trips")["morning"], city.of("counters")["roads"]
    road, planted = road_of(network), morning_of_meridian()
    true, volume = demand_of(trips, road), planted.volume.to_numpy(float)
    total, mean = true.matrix.sum(), float(volume @ planted.time.to_numpy(float)) / true.matrix.sum()
    people, jobs = (trips.zones[name].to_numpy(float) for name in ("population", "jobs"))
    prior, before = gravity_on(road, true, total * people / people.sum(), jobs, mean=mean)
    found, cost = cost_of(lambda: estimate_matrix(road, Demand(true.zone_ids, true.nodes, prior.matrix), counters))
    uncounted = ~network.links.index.isin(counters.frame["link_id"]) & (network.links["kind"] != "connector").to_numpy()

    def near(volumes: np.ndarray) -> float:
        return 100 * float((geh(volumes, volume)[uncounted] <= NEAR).mean())

    off, off_before = (
        np.abs(each.sum(axis=1) / true.matrix.sum(axis=1) - 1) for each in (found.demand.matrix, prior.matrix)
    )
    weights = true.matrix.sum(axis=1) / total
    spreads = f"spreads chosen: zones {found.spreads.zone}, pairs {found.spreads.pair}, counts {found.spreads.count}"
    yield Row(
        "trips_row_sums_off", 100 * float(weights @ off), "%", 10.0,
        note=f"mean by trips; {100 * weights @ off_before:.1f} before counts; {100 * (off <= 0.1).mean():.0f} % of zones "
        f"within 10 %, the worst {100 * off.max():.0f} % ({100 * off_before.max():.0f} % before); {spreads}",
    )  # fmt: skip
    yield Row(
        "trips_uncounted_near", near(found.assignment.volume), "%", 85.0, most=False,
        note=f"of {uncounted.sum()} links without a counter, within GEH 5; {near(before.volume):.1f} before counts",
    )  # fmt: skip
    yield Row(
        "trips_counted_near", 100 * found.after.near, "%",
        note=f"of {len(found.after.frame)} counters, R² {found.after.r2:.4f}; {100 * found.before.near:.1f} and "
        f"{found.before.r2:.4f} before; {100 * found.change:.1f} % of trips moved, {100 * found.moved[-1]:.2f} % in the last round",
    )  # fmt: skip
    yield Row("trips_from_counts_cpu", cost, "s", note=f"{len(found.moved)} rounds, 60 zones, 718 links")
