"""What would change our mind: closed forms, published answers and brute force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import brentq
from scipy.special import ndtr
from scipy.stats import norm

from analytics.errors import Cancelled, ScenarioError
from analytics.scenarios import Declaration, Evidence, Lever, Measure, Number, Question, Scenario, Streams, Uncertainty
from analytics.scenarios.contract import Drawn, Draws
from analytics.scenarios.levers import levers_jointly
from analytics.scenarios.mind import Gains, Mind, change_of_mind, joined
from analytics.scenarios.mind.boxes import box_of
from analytics.scenarios.mind.factors import Factor
from analytics.scenarios.mind.information import perfect, what_to_learn
from analytics.scenarios.mind.robustness import fares_of, satisfied_in
from analytics.scenarios.mind.sensitivity import influences_of, swept
from analytics.scenarios.mind.settling import settled_after
from analytics.scenarios.mind.tipping import edge_between
from analytics.scenarios.mind.weights import weighed
from analytics.scenarios.registry import engines as registered
from analytics.scenarios.setting import Setting, setting_of
from data import City
from tests.small_city import small_city

Floats = npt.NDArray[np.float64]


class Shops:
    """A linear toy: a shop earns ``price`` × (its size) less a rent that is drawn, and grows with the city."""

    name = "shops"
    title = "Shops"
    version = "1"
    limits = ("It is a toy.",)
    inputs = ("Nothing",)
    questions = (Question("shops", "How large a shop?", ("shops",), "profit", levers=("shops.size", "shops.steps")),)
    components = ("shops.rent", "shops.luck")

    def applies(self, city: City) -> None:
        """Everywhere."""

    def declare(self, study: object) -> Declaration:
        """A size, whole steps, growth for all, and a price that may be assumed."""
        return Declaration(
            levers=(
                Lever("shops.size", "Size", "", "", Number(0, 10), default=0),
                Lever("shops.steps", "Steps", "", "", Number(0, 100, 5), default=0),
                Lever(
                    "shops.growth",
                    "Growth",
                    "",
                    "share",
                    Number(-0.5, 1.0),
                    default=0,
                    seen=(-0.1, 0.2),
                    circumstance=True,
                ),
            ),
            uncertainties=(Uncertainty("shops.price", "Price", 0.0, 10.0),),
            writes=(Measure("profit", "Profit", "EUR", "higher", print_as="units"),),
        )

    def run(self, study, levers, uncertainties, upstream, streams):  # type: ignore[no-untyped-def]
        """Profit = size × (price × (1 + growth) − rent) − steps × 0.02, all alike in one future."""
        rent, price = self._drawn(uncertainties["shops.price"], streams)
        size, steps, growth = (levers[f"shops.{each}"] for each in ("size", "steps", "growth"))
        profit = size * (price * (1 + growth) - rent) - 0.02 * steps
        return {"profit": xr.DataArray(profit, dims="draw")}

    def _drawn(self, price: float | None, streams: Streams) -> tuple[Floats, Floats]:
        rent = 2.0 + 0.5 * streams.normal("shops.rent", ["all"])[0]
        drawn = 3.0 + 1.0 * streams.normal("shops.luck", ["all"])[0]
        return rent, drawn if price is None else np.full(streams.draws, price)

    def drawn(self, study, outcomes, streams):  # type: ignore[no-untyped-def]
        """The rent hangs on one stream; the price is assumed."""
        rent, price = self._drawn(None, streams)
        return (
            Drawn("rent", "Rent", "EUR", xr.DataArray(rent, dims="draw"), "Ask.", ("shops.rent", "all")),
            Drawn("shops.price", "Price", "EUR", xr.DataArray(price, dims="draw"), "Look."),
        )

    def evidence(self, study, *, moved, assumed):  # type: ignore[no-untyped-def]
        """None."""
        return Evidence()


class Counted(Shops):
    """The toy, counting its runs."""

    name = "counted_shops"
    questions = (Question("shops", "How large a shop?", ("counted_shops",), "profit"),)
    runs = 0

    def run(self, *given):  # type: ignore[no-untyped-def]
        """As the toy."""
        self.runs += 1
        return super().run(*given)


def shops(city: City, *, draws: int = 500, engine: object | None = None, **size: float) -> Setting:
    options = [Scenario("none"), *(Scenario(name, levers={"shops.size": each}) for name, each in size.items())]
    return setting_of(city, options, question="shops", draws=draws, engines=[engine or Shops()], seed=3)  # type: ignore[list-item]


@pytest.fixture(scope="module")
def city() -> City:
    """A small city: the toy asks it for nothing."""
    return small_city()


@pytest.fixture(scope="module")
def small(city: City) -> Mind:
    """One shop of size 1 against none: it pays while price × (1 + growth) exceeds the rent."""
    return change_of_mind(shops(city, one=1.0), points=16)


def of(found: Mind, name: str):  # type: ignore[no-untyped-def]
    return next(each for each in found.tippings if each.factor == name)


# Tipping points


def test_tipping_points_are_those_of_the_closed_form(small: Mind, city: City) -> None:
    streams = Streams(seed=3, draws=500)
    rent = 2.0 + 0.5 * streams.normal("shops.rent", ["all"])[0]
    price = 3.0 + streams.normal("shops.luck", ["all"])[0]
    (growth,), (assumed,), (dear,) = (of(small, name).edges for name in ("shops.growth", "shops.price", "rent"))
    assert growth.value == pytest.approx(rent.mean() / price.mean() - 1, abs=1e-6)
    assert not growth.above
    assert assumed.value == pytest.approx(rent.mean(), abs=1e-6)
    assert not assumed.above
    assert dear.value == pytest.approx(price.mean(), abs=1e-6)
    assert dear.above
    assert {growth.rival, assumed.rival, dear.rival} == {"none"}
    assert small.leader == "one"
    assert small.rival == "none"


def test_how_likely_a_tipping_point_is_follows_our_own_spread(small: Mind) -> None:
    streams = Streams(seed=3, draws=500)
    price = 3.0 + streams.normal("shops.luck", ["all"])[0]
    (assumed,), (dear,), (growth,) = (of(small, name).edges for name in ("shops.price", "rent", "shops.growth"))
    assert assumed.chance == (price < assumed.value).mean()
    assert dear.chance == pytest.approx(ndtr(-(dear.value - 2.0) / 0.5), abs=1e-9)
    assert growth.chance is None
    assert of(small, "shops.growth").likely is None
    assert of(small, "rent").likely == pytest.approx((1.359, 2.641), abs=1e-3)
    # What is ours to choose is told last.
    assert [each.kind for each in small.tippings if each.edges][-1] == "lever"
    chances = [each.nearest.chance for each in small.tippings if each.edges and each.kind in ("drawn", "uncertainty")]
    assert chances == sorted(chances, reverse=True)


def test_a_lever_of_the_choice_moves_that_option_alone(city: City) -> None:
    found = change_of_mind(shops(city, one=1.0, two=2.0), points=16)
    assert found.leader == "two"
    size, steps = of(found, "shops.size"), of(found, "shops.steps")
    (edge,) = size.edges
    assert edge.value == pytest.approx(1.0, abs=1e-6)
    assert not edge.above
    assert edge.rival == "one"
    lead = found.lead
    (step,) = steps.edges
    assert step.value == 5 * np.ceil(lead / 0.02 / 5 - 1e-9)
    assert step.above


def test_what_changes_nothing_has_no_edge(city: City) -> None:
    found = change_of_mind(shops(city, one=1.0, half=0.5), points=16)
    dominated = change_of_mind(setting_of(
        city, [Scenario("none"), Scenario("five", levers={"shops.steps": 5.0})], question="shops", draws=200,
        engines=[Shops()],
    ), points=16)  # fmt: skip
    assert found.leader == "one"
    assert dominated.leader == "none"
    assert not any(each.edges for each in dominated.tippings if each.kind != "lever")
    assert not of(dominated, "shops.price").matters
    assert dominated.worth.value == dominated.worth.high == 0
    assert all(each.value == 0 for each in dominated.learnt)


@pytest.mark.parametrize(("inside", "outside", "step", "wanted"), [
    (0.0, 10.0, 0.0, np.pi), (10.0, 0.0, 0.0, 10 - np.pi), (0.0, 10.0, 1.0, 4.0), (10.0, 0.0, 1.0, 6.0),
])  # fmt: skip
def test_an_edge_is_where_the_lead_ends(inside: float, outside: float, step: float, wanted: float) -> None:
    sign = 1 if outside > inside else -1
    found = edge_between(lambda x: np.pi - sign * (x - inside), inside, outside, step=step)
    assert found == pytest.approx(wanted, abs=1e-8)


def test_an_edge_is_found_where_the_lead_only_levels_off() -> None:
    assert edge_between(lambda x: max(0.0, 2.5 - x), 0.0, 10.0) == pytest.approx(2.5, abs=1e-6)


# Knowing


def closed(mean: float, deviation: float) -> float:
    """EVPI of choosing between 0 and a normal."""
    return float(deviation * norm.pdf(mean / deviation) - abs(mean) * norm.cdf(-abs(mean) / deviation))


@settings(max_examples=30)
@given(arrays(float, (3, 40), elements=st.floats(-50, 50)))
def test_perfect_knowledge_is_worth_something_or_nothing(values: Floats) -> None:
    worth = perfect(Gains(("a", "b", "c"), values))
    assert 0 <= worth.low <= worth.high
    assert worth.value >= 0
    best = values + np.array([[0], [0], [200.0]])
    assert perfect(Gains(("a", "b", "c"), best)).value == 0


def test_knowing_is_worth_what_the_closed_form_says() -> None:
    one, two = Streams(seed=4, draws=4_000).normal("toy", ["1", "2"])
    gains = Gains(("a", "b"), np.stack([np.zeros(4_000), 0.3 + one + 2 * two]))
    drawn = [Drawn(name, "", "", xr.DataArray(x, dims="draw"), "") for name, x in (("1", one), ("2", np.exp(two)))]
    learnt = {each.name: each for each in what_to_learn(gains, drawn)}
    for found, deviation in ((learnt["1"], 1.0), (learnt["2"], 2.0), (perfect(gains), 5**0.5)):
        error = (found.high - found.low) / 3.92
        assert abs(found.value - closed(0.3, deviation)) < 3 * error
        assert error < 0.06
    assert learnt["1"].doubt == pytest.approx(0.2, abs=0.03)
    assert learnt["2"].doubt == pytest.approx(0.8, abs=0.03)
    assert learnt["2"].value <= perfect(gains).value
    assert next(iter(what_to_learn(gains, drawn))).name == "2"


def test_knowing_agrees_with_a_nested_simulation() -> None:
    """Two things that multiply, and three options: the inner mean is taken over 400 futures of the other."""

    def nested(draws: int, inner: int, seed: int) -> tuple[float, float]:
        streams = Streams(seed=seed, draws=draws)
        own = streams.normal("outer", ["x"])[0]
        other = Streams(seed=seed, draws=inner).normal("inner", ["y"])[0]
        expected = np.stack(
            [np.zeros(draws), 0.2 + own + (own * other[:, None]).mean(axis=0), 0.1 + own**2 - 1 + 0 * own]
        )
        best = expected.max(axis=0)
        return float(best.mean() - expected.mean(axis=1).max()), float(best.std() / np.sqrt(draws))

    one, two = Streams(seed=9, draws=2_000).normal("toy", ["x", "y"])
    gains = Gains(("a", "b", "c"), np.stack([np.zeros(2_000), 0.2 + one + one * two, 0.1 + one**2 - 1 + 0.5 * two]))
    (learnt,) = what_to_learn(gains, [Drawn("x", "", "", xr.DataArray(one, dims="draw"), "")])
    value, error = nested(20_000, 400, 5)
    assert abs(learnt.value - value) < 3 * np.hypot(error, (learnt.high - learnt.low) / 3.92)


def test_what_has_nothing_to_do_with_it_is_worth_nothing() -> None:
    streams = Streams(seed=6, draws=500)
    gains = Gains(("a", "b"), np.stack([np.zeros(500), 0.1 + streams.normal("own", ["1"])[0]]))
    foreign = [
        Drawn(f"{each}", "", "", xr.DataArray(x, dims="draw"), "")
        for each, x in enumerate(streams.normal("z", "abcdefgh"))
    ]
    assert np.mean([each.value for each in what_to_learn(gains, foreign)]) < 0.02


@settings(max_examples=20)
@given(arrays(float, (2, 60), elements=st.floats(-5, 5)), st.integers(0, 99))
def test_one_thing_is_never_worth_more_than_all(values: Floats, seed: int) -> None:
    x = Streams(seed, 60).normal("x", ["1"])[0]
    gains = Gains(("a", "b"), values + np.stack([x**3, 0 * x]))
    (learnt,) = what_to_learn(gains, [Drawn("x", "", "", xr.DataArray(x, dims="draw"), "")])
    worth = perfect(gains)
    assert 0 <= learnt.value <= worth.value + 1e-12
    assert learnt.low <= learnt.value <= learnt.high


def test_unpaired_draws_are_refused() -> None:
    values = np.zeros(10)
    one, other = Streams(1, 10), Streams(2, 10)
    assert joined({"a": (one, values), "b": (one, values)}).options == ("a", "b")
    with pytest.raises(ScenarioError, match="a and b were not drawn in the same futures"):
        joined({"a": (one, values), "b": (other, values)})
    with pytest.raises(ScenarioError, match="same futures"):
        joined({"a": (one, values), "b": (one.fixing("rent", "all", 1.0), values)})


# Sensitivity


def ishigami(places: dict[str, float]) -> float:
    x = [places[f"x{each}"] for each in (1, 2, 3)]
    return float(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))


def test_sensitivity_is_that_of_ishigami() -> None:
    factors = [Factor(f"x{each}", "", "", "uncertainty", -np.pi, np.pi, 0.0) for each in (1, 2, 3)]
    found = {each.name: each for each in influences_of(swept(ishigami, factors, points=4_096))}
    published = {"x1": (0.3139, 0.5576), "x2": (0.4424, 0.4424), "x3": (0.0, 0.2437)}
    for name, (first, total) in published.items():
        assert found[name].first == pytest.approx(first, abs=0.005)
        assert found[name].total == pytest.approx(total, abs=0.005)
        assert abs(found[name].total - total) < found[name].total_error < 0.05


def test_a_sweep_tries_what_we_think_likely(city: City) -> None:
    spread = np.sort(Streams(1, 400).normal("x", ["1"])[0])
    factors = [
        Factor("drawn", "", "", "drawn", -4.0, 4.0, 0.0, spread, stream=("x", "1")),
        Factor("spread", "", "", "uncertainty", -9.0, 9.0, 0.0, spread),
        Factor("seen", "", "", "circumstance", -0.5, 1.0, 0.3, seen=(-0.1, 0.2)),
        Factor("steps", "", "", "circumstance", 0.0, 10.0, 0.0, step=2.5),
    ]
    sweep = swept(lambda settings: settings["drawn"], factors, points=32)
    assert sweep.plain.sum() == 64
    assert len(sweep.leads) == 32 * 6
    drawn, own, seen, steps = sweep.places[sweep.plain].T
    assert abs(np.median(drawn)) < 0.1
    assert drawn.std() == pytest.approx(1.0, abs=0.1)
    assert own.min() >= spread.min()
    assert abs(np.median(own) - np.median(spread)) < 0.1
    assert -0.1 <= seen.min() < -0.08
    assert 0.28 < seen.max() <= 0.3
    assert set(steps) <= {0.0, 2.5, 5.0, 7.5, 10.0}


# If we are wrong


def lake(release: float, inflow: float, start: float, b: float = 0.42, q: float = 2.0, years: int = 100) -> bool:
    """Whether the shallow lake of Carpenter, Ludwig and Brock (1999) turns: its phosphorus passes the critical point."""
    critical = brentq(lambda x: x**q / (1 + x**q) - b * x, 0.01, 1.5)
    level = start
    for _ in range(years):
        level = (1 - b) * level + level**q / (1 + level**q) + release + inflow
        if level > critical:
            return True
    return False


def test_a_box_holds_the_failures_of_the_lake() -> None:
    critical = brentq(lambda x: x**2 / (1 + x**2) - 0.42 * x, 0.01, 1.5)
    assert critical == pytest.approx(0.54454, abs=5e-6)
    release, inflow, start = Streams(0, 1_000).uniform("lake", ["release", "inflow", "start"]) * [[0.1], [0.05], [0.5]]
    failures = np.array([lake(*each) for each in zip(release, inflow, start, strict=True)])
    box = box_of({"release": release, "inflow": inflow, "start": start}, failures, dense=0.95)
    assert box is not None
    assert box.density >= 0.95
    assert box.coverage > 0.5
    assert set(box.limits) <= {"release", "inflow", "start"}
    assert box.limits["release"][0] is not None


def test_a_planted_box_is_found_and_chance_is_not() -> None:
    columns = Streams(2, 400).uniform("box", ["a", "b", "c"])
    places = dict(zip("abc", columns, strict=True))
    planted = (places["a"] > 0.7) & (places["b"] < 0.4)
    box = box_of(places, planted)
    assert box is not None
    assert set(box.limits) == {"a", "b"}
    assert box.density > 0.95
    assert box.coverage > 0.95
    assert box.limits["a"][0] == pytest.approx(0.7, abs=0.03)
    assert box.limits["a"][1] is None
    assert box.limits["b"][1] == pytest.approx(0.4, abs=0.03)
    assert box_of(places, places["a"] > 2) is None
    assert box_of(places, places["a"] < 2) is None


def test_regret_is_what_the_best_does_better() -> None:
    gains = Gains(("today", "a", "b"), np.array([[0.0] * 20, [1.0] * 19 + [-4.0], [2.0] * 10 + [0.0] * 10]))
    today, a, b = fares_of(gains)
    assert a.best_in == 9 / 20
    assert b.best_in == 11 / 20
    assert today.best_in == 1 / 20
    assert a.regret == pytest.approx((10 * 1 + 4) / 20)
    assert b.regret == pytest.approx(9 / 20)
    assert a.regret_most == 1.0
    assert a.worst == 1.0
    assert b.worst == 0.0


def test_good_enough_is_met_on_every_threshold_at_once() -> None:
    cost, reach = Measure("cost", "Cost", "EUR"), Measure("reach", "Reach", "share", "higher")
    levels = {
        ("today", "cost"): np.array([5.0, 5, 5, 5]), ("today", "reach"): np.array([0.5, 0.5, 0.5, 0.5]),
        ("a", "cost"): np.array([5.0, 6, 4, 5]), ("a", "reach"): np.array([0.6, 0.6, 0.4, 0.5]),
    }  # fmt: skip
    usual = satisfied_in(levels, [cost, reach], ["today", "a"], thresholds={})
    assert [each.share for each in usual] == [1.0, 0.5]
    assert usual[1].each == {"cost": 0.75, "reach": 0.75}
    stated = satisfied_in(levels, [cost, reach], ["today", "a"], thresholds={"cost": 5.5})
    assert [each.share for each in stated] == [1.0, 0.75]
    kept = {"a": np.array([True, True, False, False])}
    assert satisfied_in(levels, [cost, reach], ["today", "a"], thresholds={"cost": 5.5}, extra=kept)[1].share == 0.25
    with pytest.raises(ScenarioError, match="cost and reach"):
        satisfied_in(levels, [cost, reach], ["today", "a"], thresholds={"noise": 1.0})


def test_the_weight_that_turns_the_order_is_where_two_lines_cross() -> None:
    cost, reach = Measure("cost", "Cost", "EUR"), Measure("reach", "Reach", "share", "higher")
    levels = {
        ("today", "cost"): np.array([0.0, 0.0]), ("today", "reach"): np.array([0.2, 0.2]),
        ("a", "cost"): np.array([10.0, 10.0]), ("a", "reach"): np.array([0.6, 0.6]),
        ("b", "cost"): np.array([4.0, 4.0]), ("b", "reach"): np.array([0.5, 0.5]),
    }  # fmt: skip
    found = weighed(levels, [cost, reach], ["today", "a", "b"])
    assert found is not None
    assert found.at_equal == "b"
    assert sum(found.first.values()) == pytest.approx(1.0)
    # Values on cost are 1, 0, .6, on reach 0, 1, .75: b passes a at w = .25/.85 of cost, and today at w = .75/1.15.
    flips = {(each.measure, each.above): each for each in found.flips}
    assert flips["cost", False].weight == pytest.approx(0.25 / 0.85)
    assert flips["cost", False].rival == "a"
    assert flips["cost", True].weight == pytest.approx(0.75 / 1.15)
    assert flips["cost", True].rival == "today"
    assert found.first["b"] == pytest.approx(0.75 / 1.15 - 0.25 / 0.85, abs=0.04)
    assert weighed(levels, [cost], ["today", "a", "b"]) is None


def test_a_lead_is_settled_by_as_few_futures_as_show_its_sign() -> None:
    noise = Streams(5, 2_000).normal("noise", ["1"])[0]
    assert settled_after(noise + 1.0) == 100
    assert settled_after(noise * 0 + 1.0) == 100
    later = settled_after(noise + 0.25)
    assert later is not None
    assert 200 <= later <= 800
    assert settled_after(noise[:500] * 10 + 0.1) is None


# The whole


def test_the_answer_agrees_with_brute_force(small: Mind) -> None:
    streams = Streams(seed=3, draws=500)
    rent = 2.0 + 0.5 * streams.normal("shops.rent", ["all"])[0]
    price = 3.0 + streams.normal("shops.luck", ["all"])[0]
    gain = price - rent
    assert small.lead == pytest.approx(gain.mean())
    assert small.worth.value == pytest.approx(np.maximum(gain, 0).mean() - gain.mean())
    assert small.worth.changes == (gain < 0).mean()
    assert small.fares[1].best_in == (gain >= 0).mean()
    assert small.fares[1].regret == pytest.approx(np.maximum(-gain, 0).mean())
    learnt = {each.name: each for each in small.learnt}
    assert learnt["shops.price"].doubt == pytest.approx(0.8, abs=0.06)
    assert learnt["rent"].doubt == pytest.approx(0.2, abs=0.06)
    assert small.influences[0].name in {"shops.price", "shops.growth"}
    assert small.pair is not None
    xs, ys = np.array(small.pair.x), np.array(small.pair.y)
    where = dict(zip(small.pair.names, (xs[None, :], ys[:, None]), strict=True))
    usual = {"shops.growth": 0.0, "shops.price": price.mean(), "rent": rent.mean()}
    at = usual | where
    wanted = np.where(at["shops.price"] * (1 + at["shops.growth"]) - at["rent"] > 0, "one", "none")
    np.testing.assert_array_equal(small.pair.winners, np.broadcast_to(wanted, small.pair.winners.shape))


def test_everything_is_told_in_sentences(small: Mind) -> None:
    assert "stops being the best choice if" in str(small.headline)
    assert set(small.sentences) >= {"tipping", "learn", "together", "influence", "regret", "enough", "settled"}
    assert all(str(each).strip() for part in small.sentences.values() for each in part)
    assert str(small.objection.flip) == str(small.headline)
    assert small.tried == 32
    assert 0 < small.fails < small.tried


def test_the_same_again_is_the_same(small: Mind, city: City) -> None:
    again = change_of_mind(shops(city, one=1.0), points=16)
    assert [each.edges for each in again.tippings] == [each.edges for each in small.tippings]
    assert again.worth == small.worth
    assert again.box == small.box
    assert again.influences == small.influences


def test_where_there_is_nothing_to_choose_it_says_so(city: City) -> None:
    class Neutral(Shops):
        def declare(self, study: object) -> Declaration:
            found = super().declare(study)
            return replace(found, writes=(replace(found.writes[0], direction="neutral"),))

    with pytest.raises(ScenarioError, match="Profit has no better side"):
        change_of_mind(shops(city, one=1.0, engine=Neutral()))
    planned = [Scenario("none"), Scenario("grown", levers={"shops.size": 1.0, "shops.growth": 0.5})]
    with pytest.raises(ScenarioError, match="grown name a circumstance as their plan"):
        change_of_mind(setting_of(city, planned, question="shops", engines=[Shops()]))
    with pytest.raises(ScenarioError, match="nothing to choose"):
        change_of_mind(setting_of(city, [Scenario("none")], question="shops", baseline="none", engines=[Shops()]))


def test_it_can_be_stopped(city: City) -> None:
    seen: list[float] = []

    def progress(share: float, doing: object) -> None:
        seen.append(share)
        if share > 0.6:
            raise Cancelled

    with pytest.raises(Cancelled):
        change_of_mind(shops(city, one=1.0), points=16, progress=progress)
    assert seen == sorted(seen)
    assert seen[0] >= 0


# What engines draw


def test_a_fixed_stream_moves_nothing_else() -> None:
    streams = Streams(seed=1, draws=50)
    fixed = streams.fixing("cost", "crew", 1.5)
    np.testing.assert_allclose(fixed.normal("cost", ["crew"])[0], 1.5, atol=1e-12)
    np.testing.assert_array_equal(fixed.normal("cost", ["site"]), streams.normal("cost", ["site"]))
    np.testing.assert_array_equal(fixed.normal("level", ["crew"]), streams.normal("level", ["crew"]))
    assert fixed.fixing("cost", "crew", 2.0) == streams.fixing("cost", "crew", 2.0)
    assert fixed.fixing("a", "b", 1.0) == streams.fixing("a", "b", 1.0).fixing("cost", "crew", 1.5)


# Levers together


def levers_together(**values: float) -> list[dict[str, object]]:
    levers = [
        Lever(name, name, "", "share", Number(-1, 1), seen=seen)
        for name, seen in {"a": (-0.1, 0.1), "b": (0.0, 0.4), "c": (-0.2, 0.2), "still": (0.0, 0.0)}.items()
    ]
    return levers_jointly("Plan", {each.name: values.get(each.name, 0.0) for each in levers}, levers)


def test_levers_that_are_each_inside_may_be_outside_together() -> None:
    # Two standard deviations each: a distance of 8 ** .5, beyond the 5.99 ** .5 that holds 95 of 100.
    (found,) = levers_together(a=0.1, b=0.4)
    assert found["levers"] == ["a", "b"]
    assert found["distance"] == pytest.approx(8**0.5)
    assert found["limit"] == pytest.approx(5.9915**0.5, abs=1e-3)
    assert levers_together(a=0.08, b=0.36) == []  # 1.6 each: 5.12
    assert len(levers_together(a=-0.088, b=0.376)) == 1  # 1.76 each: 6.2
    assert levers_together(a=0.1) == []
    assert levers_together(a=0.1, b=0.41) == []  # one that is outside has its own caveat
    assert levers_together(a=0.1, still=0.3) == []


# What engines say that they draw


@dataclass(frozen=True)
class Noting(Streams):
    """Streams that note which components are asked for."""

    noted: set[str] = field(default_factory=set, compare=False)

    def uniform(self, component: str, entities: Sequence[str]) -> Floats:
        self.noted.add(component)
        return super().uniform(component, entities)


@pytest.mark.usefixtures("measured_by_all")
@pytest.mark.parametrize("question", ["sites", "crews", "desks"])
def test_engines_name_every_component_that_they_draw_from(meridian: City, question: str) -> None:
    """Else what is kept of an engine would be taken for what it gives where one of its streams is fixed."""
    setting = setting_of(meridian, [Scenario("today")], question=question, draws=100, baseline="today")
    composition, option = setting.composition, setting.options[0]
    outcomes, _ = composition.run(option.levers, option.assumed)
    named = {each: set(engine.components) for each, engine in registered().items() if isinstance(engine, Draws)}
    for engine in composition.engines:
        streams = Noting(seed=8, draws=100)
        study = replace(composition.study, seed=8)
        study.__dict__["streams"] = streams  # where a cached property keeps them
        declared = composition.declared[engine.name]
        upstream = {name: outcomes[name] for name in declared.reads}
        engine.run(study, {each.name: option.levers[each.name] for each in declared.levers},
                   {each.name: None for each in declared.uncertainties}, upstream, streams)  # fmt: skip
        assert streams.noted <= named[engine.name]
        for drawn in engine.drawn(study, outcomes, streams) if isinstance(engine, Draws) else ():
            assert drawn.values.sizes == {"draw": 100}
            assert str(drawn.title).strip()
            assert str(drawn.errand).endswith(".")
            assert drawn.stream is None or drawn.stream[0] in named[engine.name]


def test_a_fixed_stream_runs_only_what_draws_from_it(city: City) -> None:
    counted = Counted()
    setting = shops(city, engine=counted, one=1.0)
    option = setting.options[1]
    composition = setting.composition.passing(1_000_000)
    usual, _ = composition.run(option.levers, option.assumed)
    runs = counted.runs
    for stream, more in ((("foreign", "x"), 0), (("shops.rent", "all"), 1)):
        study = replace(composition.study, fixed=composition.study.streams.fixing(*stream, 1.0).fixed)
        found, _ = replace(composition, study=study).run(option.levers, option.assumed)
        assert counted.runs == runs + more
        assert bool((found["profit"] == usual["profit"]).all()) == (more == 0)
        runs = counted.runs
