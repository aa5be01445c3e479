"""What has clustered of late: a planted outbreak is found where and when it is, and noise is not called a cluster."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.errors import HotspotError
from analytics.hotspots import Lately, clusters_lately
from data import Incidents
from tests.small_map import START, city

DAYS = 26 * 7


def happened(*, outbreak: int = 0, seed: int = 0) -> Incidents:
    """Four events a day anywhere; in the last two weeks so many more around one corner."""
    rng = np.random.default_rng(seed)
    number = 4 * DAYS
    x, y = rng.uniform(0, 1000, (2, number))
    days = rng.integers(0, DAYS, number)
    x, y = (np.append(each, rng.uniform(200, 400, outbreak)) for each in (x, y))
    days = np.append(days, rng.integers(DAYS - 14, DAYS, outbreak))
    times = START + pd.to_timedelta(24 * days + 12, unit="h")
    return city(pd.DataFrame({"time": times, "x": x, "y": y}), days=DAYS)


def scanned(incidents: Incidents, **options: int) -> Lately:
    return clusters_lately(incidents, **{"cell_size": 100.0, "replications": 99} | options)  # type: ignore[arg-type]


def test_an_outbreak_is_found_where_and_when_it_is() -> None:
    found = scanned(happened(outbreak=20))
    first = found.sure.iloc[0]
    assert first["p"] == 0.01
    assert 200 <= first["x"] <= 400
    assert 200 <= first["y"] <= 400
    assert first["since"] == START + pd.Timedelta(days=DAYS - 14)
    assert first["until"] == START + pd.Timedelta(days=DAYS - 1) == found.until
    assert first["cases"] > 3 * first["expected"]
    assert first["areas"] == "West"
    assert first["side"] in {100.0, 200.0, 300.0}


def test_noise_holds_a_cluster_in_one_map_of_twenty() -> None:
    assert sum(not scanned(happened(seed=seed)).sure.empty for seed in range(12)) <= 3


def test_repeats_next_door_are_told_in_one_sentence() -> None:
    plain = happened()
    # Each event again within 50 m three days later.
    frame = plain.frame[plain.frame["time"] < START + pd.Timedelta(days=DAYS - 4)]
    again = frame.assign(time=frame["time"] + pd.Timedelta(days=3), x=frame["x"] + 40)
    repeated = replace(plain, frame=pd.concat([frame, again]).sort_values("time", ignore_index=True))
    found, none = scanned(repeated), scanned(plain)
    assert found.risk.days is not None
    assert found.risk.ratio > 1.2
    assert "likely as by chance for 7 days" in str(found.risk.sentence)
    assert none.risk.days is None


def test_only_clusters_that_go_on_are_told() -> None:
    past = happened(outbreak=20)
    earlier = replace(past, frame=past.frame[past.frame["time"] < START + pd.Timedelta(days=DAYS - 7)])
    found = scanned(earlier)
    assert found.scan.clusters
    assert {each.last_period for each in found.scan.clusters} == {25}
    assert scanned(past).sure.iloc[0]["cases"] > found.clusters.iloc[0]["cases"]


def test_weeks_are_as_many_as_there_are_and_caveats_come_with_them() -> None:
    found = scanned(happened(), weeks=10)
    assert (found.weeks, found.since) == (10, START + pd.Timedelta(days=DAYS - 70))
    events = int((found.incidents.frame["time"] >= found.since).sum())
    assert found.near_repeats.observed.sum() == events * (events - 1) // 2
    assert scanned(happened(), weeks=1000).weeks == 26
    codes = {caveat.code for caveat in scanned(replace(happened(), reported_by={"all": "police"})).caveats}
    assert codes == {"places_only", "police_initiated"}


def test_too_little_to_scan_is_refused() -> None:
    with pytest.raises(HotspotError, match=r"7 weeks with .* are too few to scan"):
        scanned(happened(), weeks=7)
    incidents = happened()
    with pytest.raises(HotspotError, match="9 events are too few"):
        scanned(replace(incidents, frame=incidents.frame.iloc[-9:]))
