"""The house stands: strangers' engines and models join, other layers and cities fit, and nothing is lost on the way out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from analytics.errors import ScenarioError
from analytics.forecasting import Forecaster, per_series, run_model
from analytics.results import Caveat, Severity
from analytics.scenarios import (
    Declaration,
    Engine,
    Evidence,
    Lever,
    Measure,
    PerKey,
    Scenario,
    Streams,
    Study,
    Sum,
    compare,
    failed_engines,
    register,
)
from analytics.scenarios.registry import REGISTRY, engines
from dashboard.figures.charts import difference_chart, dot_plot
from dashboard.figures.exports import file_name, to_csv, to_png, to_svg
from data import City, Classification
from data.words import Sentence
from tests.small_city import WARDS, small_city

TEMPLATE = Path(__file__).parent.parent / "analytics" / "scenarios" / "engines" / "_template.py"

Outcome = Mapping[str, xr.DataArray]


@dataclass
class Toy:
    """An engine of one measure by draw and area: ``rule(noise, levers, upstream)``; it counts its runs."""

    name: str
    wants: tuple[str, ...] = ()
    lever: str = ""
    gives: str = ""
    rule: Callable[[xr.DataArray, Mapping[str, Any], Outcome], xr.DataArray] = lambda noise, levers, upstream: noise
    title: str = "A toy"
    version: str = "1"
    limits: Sequence[str] = ("It is a toy.",)
    inputs: Sequence[str] = ("Nothing real",)
    runs: Counter[str] = field(default_factory=Counter)

    def applies(self, city: City) -> Sentence | None:
        return None

    def declare(self, study: Study) -> Declaration:
        kind, name = PerKey(-1, 9, keys=WARDS, key_kind="area"), self.gives or self.name
        levers = (Lever(self.lever, self.lever, "", "share", kind),) if self.lever else ()
        measure = Measure(name, name.capitalize(), "units", layer="ward", over={"area_id": Sum()})
        return Declaration(levers=levers, reads=self.wants, writes=(measure,))

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        return Evidence(caveats=(Caveat("not_causal", Severity.CAUTION, {"drivers": [self.name]}),) if moved else ())

    def run(
        self, study: Study, levers: Mapping[str, Any], uncertainties: Mapping[str, Any], upstream: Outcome,
        streams: Streams,
    ) -> dict[str, xr.DataArray]:  # fmt: skip
        self.runs[self.name] += 1
        normals = streams.normal(self.name, WARDS)
        noise = xr.DataArray(normals.T, coords={"area_id": list(WARDS)}, dims=["draw", "area_id"])
        return {self.gives or self.name: self.rule(noise, levers, upstream).astype("float32")}


def share_of(levers: Mapping[str, Any], name: str) -> xr.DataArray:
    value = levers[name]
    each = [value.get(ward, 0.0) if isinstance(value, Mapping) else value for ward in WARDS]
    return xr.DataArray(each, coords={"area_id": list(WARDS)}, dims="area_id")


def toys() -> list[Toy]:
    """Population → demand → desks, each with a lever and noise of its own."""
    population = Toy(
        "population", lever="population.growth",
        rule=lambda noise, levers, upstream: (1000 + 20 * noise) * (1 + share_of(levers, "population.growth")),
    )  # fmt: skip
    demand = Toy(
        "demand", ("population",), lever="habit.change",
        rule=lambda noise, levers, upstream: (
            upstream["population"] * (0.1 + 0.01 * noise) * (1 + share_of(levers, "habit.change"))
        ),
    )  # fmt: skip
    desks = Toy("desks", ("demand",), rule=lambda noise, levers, upstream: np.ceil(upstream["demand"] / 20 + noise**2))
    return [desks, demand, population]  # in another order than they need each other


@pytest.fixture(scope="module")
def city() -> City:
    return small_city()


def toy_comparison(city: City, chosen: Sequence[Engine], *options: Scenario, seed: int = 0) -> Any:
    return compare(city, [Scenario("today"), *options], periods=2, draws=200, seed=seed, engines=chosen)


# Engines compose


def test_three_engines_compose(city: City) -> None:
    found = toy_comparison(city, toys(), Scenario("growth", levers={"population.growth": 0.2}))
    by_measure = {difference.measure: difference for difference in found.differences}
    assert set(by_measure) == {"population", "demand", "desks"}
    for name in ("population", "demand"):
        assert by_measure[name].option_mean == pytest.approx(1.2 * by_measure[name].baseline_mean, rel=1e-5)
    # A desk serves 20 and one is never half a desk: at 12 wards, about a desk more in each.
    assert by_measure["desks"].median == pytest.approx(12, abs=2)


def test_an_option_against_itself_is_exactly_nothing(city: City) -> None:
    option = Scenario("growth", levers={"population.growth": {"W02": 0.2}, "habit.change": -0.1})
    found = compare(city, [option, option], periods=2, draws=200, engines=toys())
    assert {difference.verdict for difference in found.differences} == {"no_change"}
    assert all((values == 0).all() for values in found.paired.values())


def test_a_lever_elsewhere_changes_no_other_draw(city: City) -> None:
    found = toy_comparison(city, toys(), Scenario("growth", levers={"population.growth": {"W02": 0.2}}))
    for measure in ("population", "demand", "desks"):
        others = found.by_area["growth", measure].sel(area_id=[ward for ward in WARDS if ward != "W02"])
        assert (others == 0).all()
    later = toy_comparison(city, toys(), Scenario("habit", levers={"habit.change": 0.5}))
    assert (later.paired["habit", "population"] == 0).all()


def test_moving_a_lever_runs_only_what_depends_on_it(city: City) -> None:
    chosen = toys()
    runs: Counter[str] = Counter()
    for each in chosen:
        each.runs = runs
        each.version = "counting"  # results of other tests' toys are of another version
    toy_comparison(city, chosen)
    assert runs == {"population": 1, "demand": 1, "desks": 1}
    toy_comparison(city, chosen, Scenario("habit", levers={"habit.change": 0.1}))
    assert runs == {"population": 1, "demand": 2, "desks": 2}
    toy_comparison(city, chosen, Scenario("habit", levers={"habit.change": 0.1}), Scenario("again"))
    assert runs == {"population": 1, "demand": 2, "desks": 2}
    # What only judges is no reason to run; what is computed with is.
    compare(city, [Scenario("today")], periods=2, draws=200, engines=chosen, matters={"demand": 0.3}, primary="desks")
    assert runs == {"population": 1, "demand": 2, "desks": 2}
    toy_comparison(city, chosen, seed=1)
    assert runs == {"population": 2, "demand": 3, "desks": 3}
    chosen[0].version = "newer"
    toy_comparison(city, chosen, seed=1)
    assert runs == {"population": 2, "demand": 3, "desks": 4}


def test_an_engine_cannot_write_into_what_others_read(city: City) -> None:
    def spoil(noise: xr.DataArray, levers: Mapping[str, Any], upstream: Outcome) -> xr.DataArray:
        upstream["population"].values[:] = 0
        return noise

    population = toys()[2]
    with pytest.raises(ScenarioError, match=r"A toy failed \(ValueError: .*read-only"):
        toy_comparison(city, [population, Toy("vandal", ("population",), rule=spoil)])


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ([Toy("a", gives="x"), Toy("b", gives="x")], "“x” is written by the engines a and b"),
        ([Toy("a", ("nothing",))], "needs the measure “nothing”, which no engine writes: there are a"),
        ([Toy("a", ("b",)), Toy("b", ("c",)), Toy("c", ("a",))], "wait for each other"),
        ([Toy("a", ("a",))], "wait for each other"),
        (
            [Toy("a", rule=lambda noise, levers, upstream: noise.sum("draw"))],
            "it promised draw and area_id, with 200 draws",
        ),
        ([Toy("a", rule=lambda noise, levers, upstream: 1 / 0)], "failed (ZeroDivisionError"),  # type: ignore[arg-type]
    ],
)
def test_engines_that_do_not_fit_are_named(city: City, chosen: list[Toy], sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        toy_comparison(city, chosen)
    assert sentence in str(caught.value)


def test_an_engines_caveats_reach_the_result(city: City) -> None:
    moved = toy_comparison(city, toys(), Scenario("growth", levers={"population.growth": 0.2}))
    still = toy_comparison(city, toys(), Scenario("growth"))
    assert {caveat.code for caveat in moved.caveats} - {caveat.code for caveat in still.caveats} == {
        "costs_absent",
        "not_causal",
    }


# Plug-ins


@pytest.fixture
def plug_ins() -> Iterator[None]:
    """The registry as it was before the test."""
    engines()
    before, failed = dict(REGISTRY.plugins), dict(REGISTRY.failed)
    yield
    REGISTRY.plugins, REGISTRY.failed = before, failed


@pytest.mark.usefixtures("plug_ins")
def test_a_broken_plug_in_is_listed_and_harms_nothing(city: City, tmp_path: Path) -> None:
    broken = {
        "typo": "def (",
        "missing": "import a_library_that_is_not_there",
        "half": "from analytics.scenarios import register\nclass Half:\n    name = 'half'\nregister(Half())",
        "unmade": TEMPLATE.read_text().replace("register(Engine())", "register(Engine)"),
        "taken": TEMPLATE.read_text().replace('"vans"\n', '"demand"\n'),
    }
    for name, text in broken.items():
        (tmp_path / f"{name}.py").write_text(text)
    REGISTRY.load_files([*(tmp_path / f"{name}.py" for name in broken), TEMPLATE])
    failed = failed_engines()
    assert set(failed) == set(broken)
    for name, said in {
        "typo": "SyntaxError", "missing": "a_library_that_is_not_there", "half": "lacks applies, declare, run and evidence",
        "unmade": "as an instance, not as a class", "taken": "the name “demand” is taken",
    }.items():  # fmt: skip
        assert said in str(failed[name])
    assert {"baseline", "demand", "vans"} <= set(engines())
    option = Scenario("slow vans", levers={"van.pace": 10})
    found = compare(city, [Scenario("today"), option], periods=2, draws=200)
    [vans] = [difference for difference in found.differences if difference.measure == "vans"]
    assert vans.verdict == "worse"
    assert "lever_extrapolates" not in {caveat.code for caveat in found.caveats}


@pytest.mark.usefixtures("plug_ins")
def test_asking_twice_for_the_engines_gives_them_twice() -> None:

    assert engines() == engines()
    register(toys()[2])
    assert "population" in engines()


# Models with regressors


def test_a_model_with_regressors_runs() -> None:
    def after_rain(
        series: pd.Series, *, horizon: int, quantiles: Sequence[float], regressors: pd.DataFrame, seed: int
    ) -> pd.DataFrame:
        rain = regressors["rain"]
        slope, level = np.polyfit(rain.loc[series.index], series, 1)
        mean = level + slope * rain.iloc[-horizon:].to_numpy()
        return pd.DataFrame({"mean": mean} | dict.fromkeys(quantiles, mean))

    model = Forecaster(
        name="after_rain", title="After rain", version="1", limits=("Knows only rain.",), inputs=("Rain",),
        value_types=("count",), min_periods=3, complexity=1, function=per_series(after_rain), uses=("others",),
    )  # fmt: skip
    days = pd.date_range("2024-01-01", periods=40, freq="D", name="period")
    rain = pd.DataFrame({"rain": np.arange(40.0) % 7}, index=days)
    columns = pd.MultiIndex.from_product([["A", "B"], ["all"]], names=["area_id", "category"])
    known = pd.DataFrame(np.outer(3 + 2 * rain["rain"].iloc[:30], [1, 2]), index=days[:30], columns=columns)
    said = run_model(model, known, horizon=10, quantiles=(0.1, 0.9), regressors=rain).mean
    wanted = 3 + 2 * rain["rain"].iloc[30:].to_numpy()
    np.testing.assert_allclose(said.sel(area_id="A", category="all"), wanted)
    np.testing.assert_allclose(said.sel(area_id="B", category="all"), 2 * wanted)


# Other cities


def test_a_second_area_layer_runs() -> None:
    layers = {"district": ("D1", "D2", "D3"), "ward": WARDS}
    city = small_city(layers=layers, studied="ward", drivers=())
    option = Scenario("growth", levers={"population.growth": {"W02": 0.1}})
    found = compare(city, [Scenario("today"), option], periods=2, draws=200)
    assert list(found.by_area["growth", "demand"].get_index("area_id")) == list(WARDS)
    other = small_city(layers=layers, studied="district", drivers=())
    option = Scenario("campaign", levers={"demand.change": -0.1})
    found = compare(other, [Scenario("today"), option], periods=2, draws=200)
    assert list(found.by_area["campaign", "demand"].get_index("area_id")) == ["D1", "D2", "D3"]
    assert found.differences[0].verdict == "differs"


def test_a_city_without_areas_runs() -> None:
    city = small_city(layers={})
    option = Scenario("campaign", levers={"demand.change": -0.1})
    found = compare(city, [Scenario("today"), option], periods=2, draws=200)
    assert found.differences[0].option_mean == pytest.approx(0.9 * found.differences[0].baseline_mean, rel=1e-5)
    assert not found.by_area
    assert not found.by_group
    assert "driver_absent" in {caveat.code for caveat in found.caveats}


# What leaves the house


@pytest.mark.parametrize("held", ["series", "driver", "areas"])
def test_a_restriction_reaches_the_exported_bytes(held: str) -> None:
    city = small_city(classification=Classification.RESTRICTED if held == "series" else Classification.PUBLIC)

    def restricted(table: Any) -> Any:
        return replace(table, provenance=replace(table.provenance, classification=Classification.RESTRICTED))

    if held == "driver":
        city = replace(city, drivers={**city.drivers, "jobs": restricted(city.drivers["jobs"])})
    if held == "areas":
        city = replace(city, areas={"ward": restricted(city.areas["ward"])})
    option = Scenario("growth", levers={"population.growth": 0.05})
    found = compare(city, [Scenario("today"), option], periods=2, draws=200)
    assert found.classification == Classification.RESTRICTED
    for chart in (
        difference_chart(found, chosen="growth"),
        dot_plot(found, option="growth", measure="demand"),
    ):
        assert chart.classification == Classification.RESTRICTED
        for format, content in (("csv", to_csv(chart)), ("svg", to_svg(chart)), ("png", to_png(chart))):
            assert b"restricted" in content.lower()
            assert "-restricted-" in file_name(chart, format=format, content=content)  # type: ignore[arg-type]


def test_a_public_result_is_not_called_restricted() -> None:
    option = Scenario("growth", levers={"population.growth": 0.05})
    found = compare(small_city(), [Scenario("today"), option], periods=2, draws=200)
    assert b"restricted" not in to_csv(difference_chart(found, chosen="growth")).lower()
