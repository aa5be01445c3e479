"""Growth of trips, people and jobs at junctions that stand on a network: nothing where nothing grows, and as those who pass."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analytics.scenarios import Scenario, compare
from analytics.scenarios.checks.suite import check_engine
from analytics.scenarios.composition import compose
from analytics.scenarios.engines.signals.engine import junctions_in
from analytics.scenarios.engines.signals.trips import FOLLOWS, growth_at, tied
from analytics.scenarios.framing import study_of
from analytics.scenarios.registry import engines
from data import City
from tests.junction_city import opened
from tests.road_city import WARDS, road_city

ZONED = WARDS[:6]

LEVERS = {"trips.growth", "population.growth", "jobs.growth"}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Roadville with two junctions, of which one stands on the main road and the other nowhere."""
    table = opened(tmp_path_factory.mktemp("junctions"))
    frame = table.frame.assign(node_id=["M3", ""])
    roads = road_city()
    tables = {**roads.others, "junctions": {"centre": replace(table, frame=frame, network="roads")}}
    return replace(roads, others=tables)


def study(city: City) -> Any:
    return study_of(city, question=engines()["signals"].questions[0], draws=100)


def grown(city: City, **levers: Any) -> dict[str, float]:
    about = study(city)
    table = junctions_in(about)
    assert table is not None
    case = tied(about, table)
    assert case is not None
    return growth_at(table, case, {name.replace("_", "."): value for name, value in levers.items()})


def test_it_keeps_the_contract_where_its_junctions_stand_on_a_network(city: City) -> None:
    found = {each.name: str(each.sentence) for each in check_engine(engines()["signals"], city=city) if not each.passed}
    assert found == {}


def test_levers_are_those_of_traffic_and_only_where_junctions_name_nodes(city: City) -> None:
    def names(of: City) -> set[str]:
        return {each.name for each in engines()["signals"].declare(study(of)).levers}

    assert names(city) > LEVERS
    table = city.of("junctions")["centre"]
    for other in (replace(table, network=""), replace(table, network="other")):
        assert not names(replace(city, others={**city.others, "junctions": {"centre": other}})) & LEVERS
    both = compose([engines()["traffic"], engines()["signals"]], study(city))
    assert [each.name for each in both.levers if each.name in LEVERS] == [
        "trips.growth",
        "population.growth",
        "jobs.growth",
    ]


def test_a_junction_grows_as_those_who_pass_it(city: City) -> None:
    assert grown(city) == {"J1": 0.0, "J2": 0.0}
    everywhere = grown(city, trips_growth=dict.fromkeys(ZONED, 0.2))
    assert everywhere["J1"] == pytest.approx(0.2), "each trip is the geometric mean of its ends"
    assert everywhere["J2"] == 0, "it stands nowhere"
    near, far = (grown(city, trips_growth={ward: 0.2})["J1"] for ward in ("W03", "W06"))
    assert 0 < far < near < 0.2


def test_delay_grows_with_trips_by_an_uncertain_share_and_says_so(city: City) -> None:
    options = [Scenario("today"), Scenario("more", levers={"trips.growth": dict.fromkeys(ZONED, 0.1)})]
    found = compare(city, options, question="signals", draws=100)
    delay = next(each for each in found.differences if each.measure == "signal_delay")
    assert 0 < delay.low95 < delay.median < delay.high95
    assert "signals_grow_with_trips" in {each.code for each in found.caveats}
    assert {"roads", "morning"} <= {each.name for each in found.made_from}
    still = [Scenario("today"), Scenario("same", levers={"trips.growth": dict.fromkeys(ZONED, 0.0)})]
    again = compare(city, still, question="signals", draws=100)
    assert {each.verdict for each in again.differences} == {"no_change"}
    assert "signals_grow_with_trips" not in {each.code for each in again.caveats}


def test_turns_follow_the_trips_about_as_far_as_is_assumed(city: City) -> None:
    about, engine = study(city), engines()["signals"]
    declared = {each.name: each for each in engine.declare(about).levers}

    def vehicles(**levers: Any) -> np.ndarray[Any, Any]:
        values = {
            name: each.read(levers.get(name.replace(".", "_")), scenario="trial") for name, each in declared.items()
        }
        return np.asarray(engine.run(about, values, {}, {}, about.streams)["signal_wait"].coords["vehicles"])

    ratio = vehicles(trips_growth=dict.fromkeys(ZONED, 0.2)) / vehicles()
    assert (ratio[:, 1] == 1).all()
    assert ratio[:, 0].mean() == pytest.approx(1.2, abs=0.02)
    assert ratio[:, 0].std() == pytest.approx(0.2 * FOLLOWS, rel=0.3)
