"""The engine of traffic: it keeps the contract, does nothing where nothing is moved, and answers roads, trips and growth."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.errors import ScenarioError, TrafficError
from analytics.parallel import quiet
from analytics.scenarios import Ask, Scenario, compare, questions_of, suggest
from analytics.scenarios.checks.suite import check_engine
from analytics.scenarios.composition import compose
from analytics.scenarios.contract import Declaration, Lever
from analytics.scenarios.engines.traffic import futures
from analytics.scenarios.engines.traffic.known import case_of
from analytics.scenarios.engines.traffic.levers import plan_of
from analytics.scenarios.engines.traffic.plans import levers_with
from analytics.scenarios.framing import study_of
from analytics.scenarios.measure import Measure
from analytics.scenarios.money import annuity
from analytics.scenarios.questions import offer_of
from analytics.scenarios.registry import engines
from analytics.scenarios.study import APPRAISAL_YEARS, DISCOUNT_RATE
from analytics.scenarios.values import PerKey
from analytics.streams import Streams
from analytics.traffic import Elastic, assign, demand_of, link_titles, road_of, trips_using
from analytics.traffic.reading import traffic_of
from data import City
from data.errors import TableError
from tests.road_city import BRIDGE, NEXT, RING, WARDS, network, road_city
from tests.test_roads import SECTIONS
from tests.test_roads import city as tntp_city

PERIODS, DRAWS = 12, 100


@pytest.fixture(scope="module")
def city() -> City:
    return road_city()


def study(city: City, **more: Any) -> Any:
    return study_of(city, question=engines()["traffic"].questions[0], draws=DRAWS, **more)


def ran(city: City, assumed: dict[str, float] | None = None, **levers: Any) -> dict[str, Any]:
    """The engine's arrays with some levers moved."""
    about, engine = study(city), engines()["traffic"]
    declared = engine.declare(about)
    values = {
        each.name: each.read(levers.get(each.name.replace(".", "_")), scenario="trial") for each in declared.levers
    }
    given = {each.name: (assumed or {}).get(each.name) for each in declared.uncertainties}
    return engine.run(about, values, given, {}, about.streams)


def lever(city: City, name: str) -> Lever:
    return next(each for each in offer_of(city, "traffic").levers if each.name == name)


CERTAIN = {"trips.level": 0.0, "elasticity.trips_by_car": 0.0, "elasticity.trips_in_the_hour": 0.0}


@pytest.mark.parametrize("jobs", [True, False])
def test_it_keeps_the_contract(jobs: bool) -> None:
    others = [each for name, each in engines().items() if name in ("baseline", "demand")]
    found = check_engine(engines()["traffic"], city=road_city(jobs=jobs), others=others)
    assert [f"{each.name}: {each.sentence}" for each in found if not each.passed] == []


def test_the_question_needs_trips(city: City) -> None:
    asked = {each.question.name: each for each in questions_of(city)}
    assert asked["traffic"].answerable
    assert asked["traffic"].subjects == ("morning",)
    without = {each.question.name: each for each in questions_of(replace(city, others={}))}["traffic"]
    assert "add sections [networks.NAME] and [trips.NAME]" in str(without.missing[0])


def test_today_is_the_equilibrium_of_the_matrix(city: City) -> None:
    """With nothing uncertain every draw is the assignment of the matrix itself."""
    case = case_of(study(city))
    assert case is not None
    wanted = assign(case.road, case.demand, gap=1e-8)
    found = ran(city, CERTAIN)
    np.testing.assert_allclose(found["traffic_hours"], wanted.hours, rtol=1e-4)
    np.testing.assert_allclose(found["traffic_delay"], wanted.delay, rtol=1e-3)
    np.testing.assert_allclose(found["traffic_kilometres"], wanted.kilometres, rtol=1e-4)
    np.testing.assert_allclose(found["road_volume"].isel(draw=0), wanted.volume, rtol=0.01, atol=1)
    closed = [place for place, link in enumerate(case.road.link_ids) if link.startswith("new-")]
    assert len(closed) == 2
    assert (found["road_volume"].isel(link=closed) == 0).all()


def test_the_null_option_is_today_to_the_last_bit(city: City) -> None:
    options = [
        Scenario("today"),
        Scenario("again"),
        Scenario("nothing", levers={"road.closed": [], "road.toll": {BRIDGE: 0.0}}),
    ]
    found = compare(city, options, question="traffic", draws=DRAWS)
    assert all(bool((values == 0).all()) for values in found.paired.values())


def test_a_closed_bridge_costs_time_and_a_second_one_saves_it(city: City) -> None:
    options = [
        Scenario("today"),
        Scenario("closed", levers={"road.closed": [BRIDGE]}),
        Scenario("built", levers={"road.built": ["New Bridge"]}),
    ]
    found = compare(city, options, question="traffic", draws=DRAWS)
    verdicts = {(each.option, each.measure): each for each in found.differences}
    assert verdicts["closed", "traffic_hours"].verdict == "worse"
    assert verdicts["closed", "access_jobs_15"].median <= 0
    assert verdicts["built", "traffic_delay"].verdict == "better"
    assert verdicts["built", "traffic_trips"].median > 0, "a quicker way draws trips"
    assert found.by_place == "access_jobs_15", "hours on the road have no areas, what can be reached has"
    assert ("closed", found.by_place) in found.by_group
    _, closed, built = found.prices
    assert closed.extra.median == 0
    assert built.once.median == pytest.approx(2.2 * 2e6, rel=0.1)


def test_each_lever_does_what_it_says(city: City) -> None:
    base = ran(city, CERTAIN)
    hours = float(base["traffic_hours"][0])
    widened = ran(city, CERTAIN, road_widened=[BRIDGE])
    assert float(widened["traffic_hours"][0]) < hours
    assert float(widened["road_once"].median()) == pytest.approx(2e6, rel=0.1)
    slow = ran(city, CERTAIN, road_speed={"main": -0.5})
    assert float(slow["traffic_hours"][0]) > 1.3 * hours
    tolled = ran(city, CERTAIN, road_toll={BRIDGE: 18.0})
    link = base["road_volume"].get_index("link").get_loc(BRIDGE)
    assert float(tolled["road_volume"][0, link]) < float(base["road_volume"][0, link])
    assert float(tolled["road_tolls"][0]) == pytest.approx(18 * float(tolled["road_volume"][0, link]), rel=1e-3)
    assert float(base["road_tolls"][0]) == 0


def test_trips_moved_off_the_car_are_gone_and_those_to_other_hours_burn_fuel_there(city: City) -> None:
    base = ran(city, CERTAIN)
    car, peak = (ran(city, CERTAIN, **{name: 0.2}) for name in ("trips_off_car", "trips_off_peak"))
    for found in (car, peak):
        np.testing.assert_allclose(found["traffic_trips"], 0.8 * base["traffic_trips"], rtol=1e-6)
    np.testing.assert_allclose(peak["traffic_hours"], car["traffic_hours"])
    np.testing.assert_allclose(peak["road_fuel"], car["road_fuel"] / 0.8, rtol=1e-6)
    np.testing.assert_allclose(peak["road_co2"], 2.3477 * peak["road_fuel"], rtol=1e-4)


def test_people_make_trips_and_jobs_share_them_out(city: City) -> None:
    base = ran(city, CERTAIN)
    people = ran(city, CERTAIN, population_growth={WARDS[0]: 0.5})
    case = case_of(study(city))
    assert case is not None
    extra = 0.5 * (case.demand.matrix[0].sum() - case.demand.matrix[0, 0])
    gained = float((people["traffic_trips"] - base["traffic_trips"])[0])
    assert gained == pytest.approx(extra, rel=0.15), "a little of what leaves a ward stays in it"
    everywhere = ran(city, CERTAIN, population_growth=0.1)
    np.testing.assert_allclose(everywhere["traffic_trips"], 1.1 * base["traffic_trips"], rtol=1e-6)
    jobs = ran(city, CERTAIN, jobs_growth=0.1)
    np.testing.assert_allclose(jobs["traffic_trips"], base["traffic_trips"], rtol=1e-6)
    np.testing.assert_allclose(jobs["access_jobs_30"], 1.1 * base["access_jobs_30"], rtol=1e-5)


def test_growth_is_one_lever_with_the_demand_engine(city: City) -> None:
    options = [Scenario("today"), Scenario("growth", levers={"population.growth": {WARDS[1]: 0.4}})]
    found = compare(city, options, draws=DRAWS, engines=list(engines().values()))
    moved = {each.measure: each.median for each in found.differences}
    assert moved["demand"] != 0
    assert moved["traffic_hours"] > 0


def test_draws_are_read_between_nodes_near_what_each_would_give_by_itself(city: City) -> None:
    """The error of the interpolation is a small part of what an option changes."""
    about = study(city)
    case = case_of(about)
    assert case is not None
    plan = plan_of(case, {"road.closed": (BRIDGE,)})
    drawn = futures.drawn_futures({}, about.streams, counted=False)
    nodes = futures.nodes_of(case, plan, drawn, counted=False)
    rest = futures.nodes_of(case, plan_of(case, {}), drawn, counted=False)
    read, base = nodes.read(nodes.volume), rest.read(rest.volume)
    effects, errors = [], []
    for draw in range(0, DRAWS, 9):
        level, elasticity = float(drawn.level[draw]), float(drawn.elasticity[draw])
        start, usual = futures.today(case, level)
        each = assign(plan.road, case.demand.times(level), gap=1e-7, start=start, elastic=Elastic(usual, elasticity))
        hours = [float(volume @ plan.road.time(volume)) / 60 for volume in (read[draw], base[draw])]
        effects.append(each.hours - start.hours)
        errors.append(hours[0] - hours[1] - effects[-1])
    assert np.abs(errors).mean() < 0.06 * np.abs(effects).mean()
    np.testing.assert_allclose(nodes.weight.sum(axis=1), 1)


def test_more_trips_in_a_future_are_more_in_it_for_every_option(city: City) -> None:
    about = study(city)
    drawn = futures.drawn_futures({}, about.streams, counted=False)
    assert drawn.level.std() == pytest.approx(0.1, rel=0.3)
    assert futures.drawn_futures({}, about.streams, counted=True).level.std() < drawn.level.std()
    assert (drawn.elasticity <= 0).all()
    for found in (ran(city), ran(city, road_closed=[BRIDGE])):
        assert np.corrcoef(drawn.level, found["traffic_trips"])[0, 1] > 0.95
    assumed = futures.drawn_futures(CERTAIN | {"trips.level": 0.2}, Streams(seed=0, draws=5), counted=False)
    np.testing.assert_array_equal(assumed.level, np.full(5, 1.2))


def test_history_shades_growth_and_tolls_that_nobody_has_seen(city: City) -> None:
    options = [Scenario("today"), Scenario("growth", levers={"population.growth": {WARDS[0]: 0.9}}),
               Scenario("toll", levers={"road.toll": {BRIDGE: 5.0}})]  # fmt: skip
    found = compare(city, options, question="traffic", draws=DRAWS)
    shaded = [each.message for each in found.caveats if each.code == "lever_extrapolates"]
    assert len(shaded) == 2
    seen = compare(
        city, [options[0], Scenario("closed", levers={"road.closed": [NEXT]})], question="traffic", draws=DRAWS
    )
    assert "lever_extrapolates" not in [each.code for each in seen.caveats]


def test_candidates_are_those_named_or_the_busiest(city: City) -> None:
    assert lever(city, "road.closed").kind.candidates == (BRIDGE, NEXT)  # type: ignore[union-attr]
    busy = road_city(roads=network(candidates=()))
    offered = lever(busy, "road.closed").kind.candidates  # type: ignore[union-attr]
    assert offered[0] in ("M3-M4", "M4-M5")
    assert not any("Z" in each for each in offered), "what only joins a zone is no road"


def test_what_cannot_be_is_refused_in_a_sentence(city: City) -> None:
    cut = road_city(roads=network(candidates=("M3-M4", RING)))
    with pytest.raises(TrafficError, match="No open road leads from zone “1” to zone “4”"):
        compare(cut, [Scenario("cut", levers={"road.closed": ["M3-M4", RING]})], question="traffic", draws=DRAWS)
    empty = Scenario("none", levers={"population.growth": -0.6})
    with pytest.raises(ScenarioError):
        compare(city, [empty], question="traffic", draws=DRAWS)


def test_work_before_the_options_tells_how_far_it_is(city: City) -> None:
    shares: list[float] = []
    engines()["traffic"].prepare(study(city), progress=lambda share, doing: shares.append(share))  # type: ignore[attr-defined]
    assert shares == sorted(shares)
    assert len(shares) == 3
    engines()["traffic"].prepare(replace(study(city), city=replace(city, others={})), progress=quiet)  # type: ignore[attr-defined]


def test_whose_trips_use_the_bridge(city: City) -> None:
    case = case_of(study(city))
    assert case is not None
    found = assign(case.road, case.demand, gap=1e-6)
    using = trips_using(found, [BRIDGE])
    assert using.sum() == pytest.approx(found.volume[case.road.place_of_link[BRIDGE]])
    assert (using[3:, 3:] == 0).all(), "nobody beyond the bridge comes back over it"
    assert (using[:3, :3] == 0).all()
    assert (using <= case.demand.matrix + 1e-9).all()
    with pytest.raises(TrafficError, match="There is no link “nowhere”"):
        trips_using(found, ["nowhere"])


def test_a_lever_of_two_engines_has_one_meaning(city: City) -> None:
    """Keys are joined; what has other bounds elsewhere is no lever of both."""
    joined = {each.name: each for each in compose(list(engines().values()), study(city)).levers}
    assert joined["population.growth"].kind.keys == WARDS  # type: ignore[union-attr]

    class Other(type(engines()["traffic"])):  # type: ignore[misc]
        name = "other"

        def declare(self, study: Any) -> Declaration:
            kind = PerKey(-0.1, 0.1, keys=WARDS, key_kind="area")
            return Declaration(
                levers=(replace(joined["population.growth"], kind=kind),), writes=(Measure("else", "Else", ""),)
            )

    with pytest.raises(ScenarioError, match=r"Two engines declare the lever .*population\.growth"):
        _ = compose([*engines().values(), Other()], study(city)).levers


def test_links_are_offered_as_the_city_file_names_them(tmp_path: Path) -> None:
    stated = SECTIONS.replace(
        'node_crs = "EPSG:4326"\n', 'node_crs = "EPSG:4326"\ncandidates = ["3-4"]\nplanned = ["4-3"]\n'
    )
    for name in ("named", "unknown"):
        (tmp_path / name).mkdir()
    roads = tntp_city(tmp_path / "named", sections=stated).networks["roads"]
    assert (roads.candidates, roads.planned) == (("3-4",), ("4-3",))
    assert [link for link, is_open in zip(roads.links.index, road_of(roads).is_open, strict=True) if not is_open] == [
        "4-3"
    ]
    with pytest.raises(
        TableError, match=r"candidates.* names the link “9-9”, which is neither the id nor the name of one"
    ):
        tntp_city(tmp_path / "unknown", sections=stated.replace("3-4", "9-9")).opened()


def test_links_without_a_name_are_called_by_what_they_join(city: City) -> None:
    wards, roads = city.areas["ward"], city.networks["roads"]
    titles = {link: str(title) for link, title in link_titles(roads, wards).items()}
    assert titles["M2-M3"] == "Ward W02 to New Bridge (M2-M3)"
    assert titles["M3-M2"] == "New Bridge to Ward W02 (M3-M2)"
    assert titles[BRIDGE] == "Ward W03 to Ward W04 (M3-M4)", "it runs beside the new bridge, and is not that"
    assert titles["Z2-M2"] == "Ward W02 (Z2-M2)"
    assert "M1-M6" not in titles, "the ring has a name"
    nowhere = replace(roads, nodes=roads.nodes.assign(x=np.nan))
    assert "Z2-M2" not in link_titles(nowhere, wards), "nothing is known of either end"
    assert str(link_titles(nowhere, wards)["M2-M3"]) == "M2 to New Bridge (M2-M3)"


def test_other_trips_under_the_same_name_are_other_traffic(city: City) -> None:
    """Counters may correct a matrix whose file stays the same: nothing of the old one is kept."""
    first = ran(city, CERTAIN)
    stated = city.others["trips"]["morning"]
    more = replace(city, others={**city.others, "trips": {"morning": replace(stated, matrix=1.2 * stated.matrix)}})
    np.testing.assert_allclose(ran(more, CERTAIN)["traffic_trips"], 1.2 * first["traffic_trips"], rtol=1e-6)


def test_proposals_are_the_best_of_all_plans(city: City) -> None:
    """Three links may be widened or built: every pair solved by itself does no better than the plan that is proposed."""
    case = case_of(study(city))
    assert case is not None
    start, usual = futures.today(case, 1.0)
    mean = sum(each for each, _ in futures.ELASTICITIES.values())

    def hours(*links: tuple[str, str]) -> float:
        plan = plan_of(case, levers_with(links))
        return assign(plan.road, plan.demand, gap=1e-6, start=start, elastic=Elastic(usual, mean)).hours

    offered = (("road.widened", BRIDGE), ("road.widened", NEXT), ("road.built", "New Bridge"))
    values = {pair: hours(*pair) for pair in combinations(offered, 2)}
    best, *_ = suggest(city, "traffic", Ask(size=2), draws=DRAWS).suggestions
    chosen = {(lever, name) for lever, names in best.scenario.levers.items() for name in names}
    found = next(value for pair, value in values.items() if set(pair) == chosen)
    assert found <= min(values.values()) + 1e-4 * start.hours
    assert best.gap == 0.0
    assert "All 3 plans" in str(best.found_by)


def test_the_closing_that_is_proposed_harms_least(city: City) -> None:
    [best] = suggest(city, "traffic", Ask("closing", size=1), draws=DRAWS).suggestions
    alone = {}
    for name in (BRIDGE, NEXT):
        found = ran(city, CERTAIN, road_closed=[name])
        alone[name] = float(found["traffic_hours"][0])
    least = min(alone, key=lambda name: alone[name])
    assert best.scenario.levers == {"road.closed": [least]}
    assert best.scenario.name == str(link_titles(city.networks["roads"], city.areas["ward"])[least])


@pytest.mark.parametrize(
    ("ask", "priced", "message"),
    [
        (Ask(size=9), True, "choose from 1 to 3"),
        (Ask(budget=1.0), True, "No link can be widened or built for"),
        (Ask(budget=1e6), False, "does not state what a lane costs"),
        (Ask(group="share_over_65"), True, "cannot be made for one group"),
    ],
)
def test_a_proposal_that_cannot_be_made_is_refused_in_a_sentence(ask: Ask, priced: bool, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        suggest(road_city(priced=priced), "traffic", ask, draws=DRAWS)


def test_a_proposal_keeps_to_its_budget(city: City) -> None:
    """A lane on the bridge is a kilometre for 2 million; both would cost twice as much."""
    for plan in suggest(
        city, "traffic", Ask(budget=2.1e6 / annuity(APPRAISAL_YEARS, DISCOUNT_RATE)), draws=DRAWS
    ).suggestions:
        assert sum(len(names) for names in plan.scenario.levers.values()) == 1


def test_tolls_are_income_of_the_hours_that_the_trips_stand_for() -> None:
    """What a toll brings in an hour, times the hours of a year, lowers what the option costs; in every future."""
    made = road_city(hours_a_year=250.0)
    options = [Scenario("today"), Scenario("tolled", levers={"road.toll": {BRIDGE: 2.0}})]
    found = compare(made, options, question="traffic", draws=DRAWS)
    yearly = -250 * found.paired["tolled", "road_tolls"].to_numpy()
    price = next(each for each in found.prices if each.option == "tolled")
    assert price.extra.median == pytest.approx(float(np.median(yearly)), rel=1e-3)
    assert price.extra.high95 < 0
    assert "tolls_of_these_hours" in [each.code for each in found.caveats]


def test_what_the_source_of_the_trips_says_against_them_stands_beside_each_answer(tmp_path: Path) -> None:
    sections = SECTIONS.replace('hours = "7 to 8"', 'hours = "7 to 8"\nwarning = "Emptier than the city is."')
    warned = tntp_city(tmp_path, sections=sections)
    [trips] = warned.of("trips").values()
    network = warned.networks["roads"]
    road = road_of(network)
    today = assign(road, demand_of(trips, road))
    [told] = [each for each in traffic_of(warned, trips, today).caveats if each.code == "trips_warned_of"]
    assert told.evidence["warning"] == "Emptier than the city is."
    plain = tntp_city(tmp_path).of("trips")["morning"]
    assert plain.provenance.fingerprint != trips.provenance.fingerprint, "what is kept of them is told anew"
    made = road_city()
    made = replace(
        made, others=made.others | {"trips": {"morning": replace(made.of("trips")["morning"], warning="Thin.")}}
    )
    found = compare(made, [Scenario("today"), Scenario("same")], question="traffic", draws=DRAWS)
    assert "trips_warned_of" in [each.code for each in found.caveats]


def test_tolls_that_no_year_is_stated_for_enter_no_cost(city: City) -> None:
    options = [Scenario("today"), Scenario("tolled", levers={"road.toll": {BRIDGE: 2.0}})]
    found = compare(city, options, question="traffic", draws=DRAWS)
    assert "tolls_not_income" in [each.code for each in found.caveats]
    assert all(each.extra.median == 0 for each in found.prices)
