"""Engines are checked before they are used: each mistake is refused for its own reason, ours and the template pass."""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from analytics.__main__ import main
from analytics.errors import ScenarioError
from analytics.results import Caveat, Severity
from analytics.scenarios import (
    Ask,
    Choice,
    Declaration,
    Evidence,
    Lever,
    Max,
    Mean,
    Measure,
    Number,
    PerKey,
    Question,
    Scenario,
    Streams,
    Study,
    Suggestion,
    Sum,
    Uncertainty,
)
from analytics.scenarios.checks.file import new_engine, opened_engine
from analytics.scenarios.checks.suite import CHECKS, check_engine
from analytics.scenarios.contract import Objective, Suggests
from analytics.scenarios.registry import engines
from data import City
from data.words import knows
from tests.small_city import WARDS, small_city

SHARE = Lever("visits.growth", "Growth", "Of visits.", "share", PerKey(-0.5, 1.0, keys=WARDS, key_kind="area"))
PRICE = Lever("visits.price", "Price", "Of a visit.", "euro", Number(0, 10, 1), default=2)
VISITS = Measure("visits", "Visits", "visits", layer="ward", over={"area_id": Sum()})
TREND = Uncertainty("visits.trend", "Trend", 0.5, 2.0)
DECLARED = Declaration(levers=(SHARE, PRICE), uncertainties=(TREND,), writes=(VISITS,))
NOTHING = Evidence()
COUNTER = {"runs": 0}


@dataclass
class Visits:
    """An engine that keeps the contract; a test changes one thing of it."""

    name: str = "visits"
    title: str = "Visits"
    version: str = "1"
    limits: tuple[str, ...] = ("It is a test of checks.",)
    inputs: tuple[str, ...] = ("Residents",)
    declared: Any = DECLARED
    grounds: Any = NOTHING
    rule: Callable[..., Any] | None = None
    missing: Callable[[City], Any] | None = None
    questions: tuple[Question, ...] = ()

    def applies(self, city: City) -> Any:
        return None if self.missing is None else self.missing(city)

    def declare(self, study: Study) -> Declaration:
        return self.declared() if callable(self.declared) else self.declared

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        return self.grounds

    def run(
        self, study: Study, levers: dict[str, Any], uncertainties: Mapping[str, Any], upstream: Mapping[str, xr.DataArray],
        streams: Streams,
    ) -> dict[str, xr.DataArray]:  # fmt: skip
        found = visits(levers, uncertainties, streams)
        return found if self.rule is None else self.rule(found, study, levers, upstream, streams)


def visits(levers: Mapping[str, Any], uncertainties: Mapping[str, Any], streams: Streams) -> dict[str, xr.DataArray]:
    growth = levers["visits.growth"]
    each = [growth.get(ward, 0.0) if isinstance(growth, Mapping) else growth for ward in WARDS]
    noise = streams.normal("visits", WARDS).T
    trend = uncertainties["visits.trend"] or 1.0
    values = (100 + 5 * noise) * (1 + np.array(each)) * trend * (1 - 0.05 * (levers["visits.price"] - 2))
    return {"visits": by_ward(values)}


def by_ward(values: np.ndarray, *, dims: tuple[str, ...] = ("draw", "area_id")) -> xr.DataArray:
    return xr.DataArray(values.astype("float32"), coords={"area_id": list(WARDS)}, dims=dims)


def changed(**fields: Any) -> Declaration:
    return replace(DECLARED, **fields)


def alternating() -> Declaration:
    COUNTER["runs"] += 1
    return changed(levers=(replace(SHARE, title=f"Growth {COUNTER['runs']}"), PRICE))


def own_measure(**fields: Any) -> Visits:
    return Visits(declared=changed(writes=(replace(VISITS, **fields),)))


def by(rule: Callable[..., Any], **fields: Any) -> Visits:
    """An engine whose answer a rule changes: ``rule(found, study, levers, upstream, streams)``."""
    return Visits(rule=rule, **fields)


def scaled(found: dict[str, xr.DataArray], factor: Any) -> dict[str, xr.DataArray]:
    return {"visits": (found["visits"] * factor).astype("float32")}


def gap(found: dict[str, xr.DataArray], *_: Any) -> dict[str, xr.DataArray]:
    found["visits"][5, 2] = np.nan
    return found


def spoil_upstream(found: Any, study: Study, levers: Any, upstream: Any, streams: Any) -> Any:
    upstream["baseline_demand"].values[:] = 0
    return found


def global_noise(found: Any, *_: Any) -> Any:
    np.random.random()  # noqa: NPY002
    return found


def chatter(found: Any, *_: Any) -> Any:
    sys.stdout.write("working on it")
    return found


def slow(found: Any, *_: Any) -> Any:
    time.sleep(0.02)
    return found


def own_noise(found: Any, *_: Any) -> Any:
    return scaled(found, 1 + np.random.default_rng().random())


def same_for_every_seed(found: Any, study: Study, levers: Any, upstream: Any, streams: Streams) -> Any:
    return visits(levers, {"visits.trend": None}, Streams(seed=0, draws=streams.draws))


def standardised(found: Any, *_: Any) -> Any:
    return {"visits": found["visits"] - found["visits"].mean("draw")}


def past_the_study(found: Any, study: Study, *_: Any) -> Any:
    return scaled(found, float(study.city.series["requests"].values.to_numpy()[0, 0] + 1))


def foreign(found: Any, study: Any, levers: Any, *_: Any) -> Any:
    return scaled(found, 1 + levers.get("foreign.lever", 0.0))


def meddling(found: Any, study: Any, levers: dict[str, Any], *_: Any) -> Any:
    levers["visits.price"] = 3.0
    return found


def breaks_at_the_edge(found: Any, study: Any, levers: Any, *_: Any) -> Any:
    return scaled(found, np.nan if levers["visits.price"] == 10 else 1.0)


def jittery(found: Any, study: Any, levers: Any, upstream: Any, streams: Streams) -> Any:
    """Draws anew wherever a lever is moved in any area."""
    moved = isinstance(levers["visits.growth"], Mapping)
    return (
        {"visits": by_ward(visits(levers, {"visits.trend": None}, replace(streams, seed=9))["visits"].to_numpy())}
        if moved
        else found
    )


def spelled_out(found: Any, study: Any, levers: Any, *_: Any) -> Any:
    return scaled(found, 1.001 if isinstance(levers["visits.growth"], Mapping) else 1.0)


def remembering(found: Any, study: Any, levers: Any, *_: Any) -> Any:
    COUNTER["moved"] = COUNTER.get("moved", 0) + (levers["visits.price"] != 2)
    return scaled(found, 1 + COUNTER["moved"])


def counting(found: Any, *_: Any) -> Any:
    COUNTER["runs"] += 1
    return scaled(found, 1 + COUNTER["runs"])


class Unpicklable(Visits):
    def __reduce__(self) -> Any:
        raise TypeError("it holds a lock")


def fails_without_series(city: City) -> None:
    next(iter(city.series.values()))


def curt(city: City) -> str | None:
    return None if city.areas else "no areas"


@dataclass
class Proposing(Visits):
    """An engine that proposes the plans that stand under a name."""

    plans: str = "good"
    objectives: tuple[Objective, ...] = (Objective("visits", "Many visits"),)

    def suggest(self, study: Study, ask: Ask, *, progress: Any) -> tuple[Suggestion, ...]:
        return PLANS[self.plans](ask)


def plan(price: float, *, found_by: str = "every price was tried", gap: float | None = 0.0) -> Suggestion:
    return Suggestion(Scenario(f"price {price:g}", levers={"visits.price": price}), found_by, gap)


PRICES = itertools.cycle(range(10))
PLANS: dict[str, Callable[[Ask], tuple[Suggestion, ...]]] = {
    "good": lambda ask: tuple(plan(price) for price in (0.0, 1.0))[: ask.most],
    "too many": lambda ask: (plan(0), plan(1), plan(3)),
    "out of bounds": lambda ask: (plan(11),),
    "a near tie out of bounds": lambda ask: (replace(plan(1), near_ties=(plan(-1).scenario,)),),
    "found by nobody knows what": lambda ask: (plan(1, found_by=" "),),
    "better than the best": lambda ask: (plan(1, gap=-0.1),),
    "others the second time": lambda ask: (plan(float(next(PRICES))),),
}

THREE = {"area_id": Sum(), "period": Sum()}
BROKEN: dict[str, Visits] = {
    "attributes": Visits(limits=("too short",)),
    "applies_here": Visits(missing=lambda city: "Nothing like this is here."),
    "absence_is_a_reason": Visits(missing=fails_without_series),
    "absence_is_a_reason, in a word": Visits(missing=curt),
    "a_declaration": Visits(declared={"levers": ()}),
    "declares_alike": Visits(declared=alternating),
    "writes_something": Visits(declared=changed(writes=()), rule=lambda *_: {}),
    "lever_names": Visits(declared=changed(levers=(replace(SHARE, name="Growth!"), PRICE))),
    "measure_names": own_measure(name="demand"),
    "titles_and_units": own_measure(unit=""),
    "lever_kinds": Visits(declared=changed(levers=(SHARE, replace(PRICE, kind=Number(5, 1))))),
    "lever_kinds, none to choose": Visits(
        declared=changed(levers=(SHARE, replace(PRICE, kind=Choice(()), default=None)))
    ),
    "rests_within_bounds": Visits(declared=changed(levers=(SHARE, replace(PRICE, default=20)))),
    "seen_is_a_range": Visits(declared=changed(levers=(replace(SHARE, seen=(0.1, -0.1)), PRICE))),
    "costs_are_measured": Visits(declared=changed(levers=(SHARE, replace(PRICE, costs="money")))),
    "reads_are_written": Visits(declared=changed(reads=("nothing",))),
    "reducers_cover": own_measure(over={"area_id": "sum"}),
    "questions_are_its_own": Visits(questions=(Question("q", "Q?", ("visits",), "money"),)),
    "questions_are_its_own, a lever that is nowhere": Visits(
        questions=(Question("q", "Q?", ("visits",), "visits", levers=("visits.colour",)),)
    ),
    "measures_as_promised": by(lambda found, *_: {**found, "more": found["visits"]}),
    "arrays": by(lambda found, *_: {"visits": found["visits"].astype(int)}),
    "dimensions": own_measure(over=THREE),
    "every_draw": by(lambda found, *_: {"visits": found["visits"][:50]}),
    "finite": by(gap),
    "areas_are_known": by(lambda found, *_: {"visits": found["visits"].assign_coords(area_id=[*WARDS[:-1], "W99"])}),
    "periods_are_the_studys": Visits(
        declared=changed(writes=(replace(VISITS, over=THREE),)),
        rule=lambda found, *_: {"visits": found["visits"].expand_dims(period=[1, 2])},
    ),
    "reduces_to_one_number": own_measure(over={"area_id": Mean("beauty")}),
    "upstream_untouched": by(spoil_upstream, declared=changed(reads=("baseline_demand",))),
    "global_random_untouched": by(global_noise),
    "prints_nothing": by(chatter),
    "same_seed_same_answer": by(own_noise),
    "other_seed_other_futures": by(same_for_every_seed),
    "more_draws_keep_the_earlier": by(standardised),
    "pickles": Unpicklable(),
    "tables_through_the_study": by(past_the_study),
    "what_is_foreign_changes_nothing": by(foreign),
    "evidence_is_known": Visits(grounds=Evidence(caveats=(Caveat("unheard_of", Severity.NOTE),))),
    "every_lever_at_its_edges": by(breaks_at_the_edge),
    "every_uncertainty_at_its_edges": Visits(declared=changed(uncertainties=(replace(TREND, low=0.5, high=1e308),))),
    "every_lever_moves_something": Visits(
        declared=changed(levers=(SHARE, PRICE, replace(PRICE, name="visits.colour")))
    ),
    "levers_untouched": by(meddling),
    "a_default_is_no_move": by(spelled_out),
    "one_key_moves_no_other_area": by(jittery),
    "remembers_nothing": by(remembering),
    "an_option_against_itself": Visits(grounds=Evidence(made_from=("a table",))),  # type: ignore[arg-type]
    "same_seed_same_answer, by counting": by(counting),
}
# The same breakdown is seen by an earlier check of the form; or it takes a clock.
COVERED = {"quick", "verdicts_in_words", "suggestions_fit"}


@pytest.fixture(scope="module")
def city() -> City:
    return small_city()


@pytest.fixture(scope="module")
def ours() -> list[Any]:
    return [each for name, each in engines().items() if name in ("baseline", "demand")]


def failed(engine: Any, city: City, ours: list[Any]) -> dict[str, str]:
    return {each.name: str(each.sentence) for each in check_engine(engine, city=city, others=ours) if not each.passed}


def test_there_are_checks_enough_and_each_has_its_two_sentences() -> None:
    assert len(CHECKS) >= 25
    for name in CHECKS:
        assert knows(f"engine_checks.{name}.promise")
        assert knows(f"engine_checks.{name}.failed")
    assert {name.partition(",")[0] for name in BROKEN} | COVERED == set(CHECKS)


def test_an_engine_that_keeps_the_contract_passes(city: City, ours: list[Any]) -> None:
    assert failed(Visits(), city, ours) == {}


@pytest.mark.parametrize("broken", BROKEN)
def test_each_mistake_is_found_by_its_check(broken: str, city: City, ours: list[Any]) -> None:
    COUNTER.clear()
    COUNTER["runs"] = 0
    found = failed(BROKEN[broken], city, ours)
    assert broken.partition(",")[0] in found
    assert all(said.endswith(".") or ":" in said for said in found.values())


def test_plans_that_fit_pass(city: City) -> None:
    assert isinstance(Proposing(), Suggests)
    assert not isinstance(Visits(), Suggests)
    assert failed(Proposing(), city, []) == {}


@pytest.mark.parametrize("mistake", [each for each in PLANS if each != "good"])
def test_plans_that_do_not_fit_are_refused(mistake: str, city: City) -> None:
    assert set(failed(Proposing(plans=mistake), city, [])) == {"suggestions_fit"}


def test_a_slow_engine_is_told(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analytics.scenarios.checks.results.MOST_SECONDS", 0.01)
    assert "quick" in failed(by(slow), city, [])


@pytest.mark.parametrize("name", ["baseline", "demand"])
def test_ours_keep_the_contract(name: str, city: City, ours: list[Any]) -> None:
    engine = engines()[name]
    assert failed(engine, city, ours) == {}


def test_the_template_keeps_the_contract(tmp_path: Path, city: City, ours: list[Any]) -> None:
    path = new_engine("water_use", folder=tmp_path)
    with opened_engine(path) as engine:
        assert (engine.name, engine.title) == ("water_use", "Water use")
        assert failed(engine, city, ours) == {}
    assert "water_use" not in engines()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("def (", "is not a Python file that can be run"),
        ("import a_library_that_is_not_there", "failed as it was loaded"),
        ("x = 1", "must register exactly one engine"),
    ],
)
def test_a_file_that_is_no_engine_gets_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    (path := tmp_path / "mine.py").write_text(text)
    with pytest.raises(ScenarioError, match=sentence), opened_engine(path):
        pass


@pytest.mark.parametrize(
    ("name", "sentence"), [("Desks!", "cannot name an engine"), ("demand", "belongs to an engine")]
)
def test_a_name_that_cannot_be_gets_one_sentence(tmp_path: Path, name: str, sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        new_engine(name, folder=tmp_path)


def test_the_commands_make_and_refuse_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-engine", "water_use", "--folder", str(tmp_path)]) == 0
    assert "check-engine" in capsys.readouterr().out
    assert main(["check-engine", str(tmp_path / "absent.py")]) == 2
    assert "new-engine NAME" in capsys.readouterr().err


@pytest.fixture(autouse=True)
def _counter() -> Iterator[None]:
    yield
    COUNTER.clear()
    COUNTER["runs"] = 0


def test_a_measure_without_reducers_is_by_draw_alone() -> None:
    assert Measure("x", "X", "x").reduced(xr.DataArray([1.0, 2.0], dims="draw")).dims == ("draw",)
    assert (
        Measure("x", "X", "x", over={"hour": Max()}).reduced(xr.DataArray([[1.0, 2.0]], dims=["draw", "hour"])).item()
        == 2
    )
