"""Large networks: aequilibrae answers as our own search does, where it is installed; else one sentence says how to get it."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from analytics.errors import TrafficError
from analytics.parallel import quiet
from analytics.traffic import Demand, Road, assign, relative_gap
from analytics.traffic.bignet import LARGE, assigned_large
from tests.test_assignment import case, needs_tntp

installed = pytest.mark.skipif(find_spec("aequilibrae") is None, reason="the extra bignet is not installed")


def long_road(links: int) -> tuple[Road, Demand]:
    """A street of so many links, one after the other."""
    each = np.ones(links)
    road = Road(
        link_ids=tuple(f"L{index}" for index in range(links)), node_ids=tuple(f"N{index}" for index in range(links + 1)),
        tail=np.arange(links), head=np.arange(links) + 1, length=each, free_time=each, capacity=10 * each, b=0.15 * each,
        power=4 * each, fixed=0 * each, is_open=each > 0, through=np.ones(links + 1, np.bool_),
    )  # fmt: skip
    return road, Demand(("a", "b"), np.array([0, links]), np.array([[0.0, 5.0], [0.0, 0.0]]))


def test_up_to_ten_thousand_links_are_our_own() -> None:
    road, demand = long_road(LARGE)
    assert (assign(road, demand).volume == 5).all()


@pytest.mark.skipif(find_spec("aequilibrae") is not None, reason="the extra bignet is installed")
def test_beyond_it_is_said_what_to_install() -> None:
    road, demand = long_road(LARGE + 1)
    with pytest.raises(TrafficError, match=r'10,001 links, more than 10,000: .*pip install -e "\.\[bignet\]"'):
        assign(road, demand)


@installed
def test_a_large_network_is_assigned() -> None:
    road, demand = long_road(LARGE + 1)
    found = assign(road, demand)
    np.testing.assert_allclose(found.volume, 5)
    assert found.reached
    assert found.trips == 5


@installed
@needs_tntp
@pytest.mark.parametrize(
    ("folder", "name"), [("SiouxFalls", "SiouxFalls"), ("Anaheim", "Anaheim"), ("Chicago-Sketch", "ChicagoSketch")]
)
def test_it_answers_as_our_own_search(folder: str, name: str) -> None:
    weights = (0.02, 0.04) if name == "ChicagoSketch" else (0.0, 0.0)
    road, demand, published = case(folder, name, *weights)
    volume, _ = assigned_large(road, demand, gap=1e-4, progress=quiet)
    assert relative_gap(road, demand, volume) <= 2e-4
    assert road.objective(volume) == pytest.approx(road.objective(published), rel=2e-4)
