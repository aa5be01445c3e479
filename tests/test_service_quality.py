"""How long requests take: Kaplan and Meier's answers, and what plain counting says where nothing is open."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.errors import AnalyticsError
from analytics.monitoring.service_quality import FEWEST, requests_of, service_quality
from data import City, Provenance, Requests

START = pd.Timestamp("2024-01-01")


def requests(days: list[float | None], *, areas: list[str] | None = None, watched: int = 1000) -> Requests:
    """Requests all opened on one day, each done after so many days, None while it is open."""
    closed = [pd.NaT if each is None else START + pd.Timedelta(days=each) for each in days]
    frame = pd.DataFrame(
        {
            "opened": START,
            "closed": pd.Series(closed, dtype="datetime64[ns]"),
            "category": "all",
            "area_id": areas or "A",
        }
    )
    until = START + pd.Timedelta(days=watched - 1)
    source = Provenance(name="requests", origin="tests", licence="CC0", fingerprint="0", as_of=until)
    return Requests("requests", "Requests", frame, source, START, until)


def test_without_open_requests_the_figures_are_those_of_counting() -> None:
    days = [float(day) for day in np.random.default_rng(1).integers(1, 90, 301)]
    found = service_quality(requests(list(days)), target_days=30)
    assert found.whole["median"] == np.median(days)
    assert found.whole["share"] == pytest.approx(np.mean(np.array(days) <= 30))
    assert found.whole["share_low"] < found.whole["share"] < found.whole["share_high"]
    assert found.whole["median_low"] <= found.whole["median"] <= found.whole["median_high"]


def test_open_requests_are_censored_as_kaplan_and_meier_say() -> None:
    # The data end after 5 days. Done after 1 and 2 of four; then two are watched on, so S(2) = 1/2 and S(1) = 3/4.
    found = service_quality(requests([1, 2, None, None], watched=5), target_days=1)
    assert found.whole["share"] == pytest.approx(0.25)
    assert found.whole["median"] == 2
    assert found.whole["open"] == 2
    # Greenwood's standard error of 3/4 among four is sqrt(3/4 * 1/4 / 4); on the log-log scale its band is this wide.
    width = 1.959964 * np.sqrt(0.75 * 0.25 / 4) / 0.75 / abs(np.log(0.75))
    assert 1 - found.whole["share_low"] == pytest.approx(0.75 ** np.exp(-width))
    assert 1 - found.whole["share_high"] == pytest.approx(0.75 ** np.exp(width))


def test_while_fewer_than_half_are_done_the_median_is_not_known() -> None:
    found = service_quality(requests([1, None, None, None], watched=10))
    assert np.isnan(found.whole["median"])
    assert "open_requests" in [caveat.code for caveat in found.caveats]


def test_small_areas_are_not_ranked() -> None:
    slow, quick = [60.0] * FEWEST, [5.0] * FEWEST
    areas = ["slow"] * FEWEST + ["quick"] * FEWEST + ["tiny"]
    found = service_quality(requests([*slow, *quick, 300.0], areas=areas))
    assert list(found.worst.index) == ["slow", "quick"]
    assert len(found.by_area) == 3
    assert "small_areas" in [caveat.code for caveat in found.caveats]


def test_mistakes_get_one_sentence() -> None:
    with pytest.raises(AnalyticsError, match="whole number of days above 0"):
        service_quality(requests([1.0]), target_days=0)
    with pytest.raises(AnalyticsError, match="none was opened"):
        service_quality(requests([1.0]), since=START + pd.Timedelta(days=5))


def test_chicagos_requests_as_plain_counting_finds_them(chicago: City) -> None:
    sanitation = requests_of(chicago, "sanitation_requests")
    found = service_quality(sanitation)
    assert found.whole["n"] == len(sanitation.frame) > 69_000
    # Long done: in 2012 nothing is censored before the target, so shares are those of counting.
    old = sanitation.frame[sanitation.frame["opened"].dt.year == 2012]
    taken = (old["closed"] - old["opened"]).dt.days
    own = service_quality(sanitation, since=pd.Timestamp("2012-01-01")).by_month.loc["2012-01":"2012-12"]
    assert (own["share"] * own["n"]).sum() / own["n"].sum() == pytest.approx((taken <= 30).mean(), abs=0.002)
    assert len(found.by_area) == 77
    with pytest.raises(AnalyticsError, match="no completion dates"):
        requests_of(chicago, "district_crime")
