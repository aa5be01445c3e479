"""What scenarios state, against a truth that is known: by hand, by formula and by another way of computing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from analytics.scenarios import Declaration, Lever, Measure, Number, Question, Scenario, Study
from analytics.scenarios.composition import compose
from analytics.scenarios.contract import Evidence
from analytics.scenarios.engines.baseline import Baseline
from analytics.scenarios.framing import study_of
from analytics.scenarios.levers import resolved
from analytics.scenarios.registry import engines
from benchmarks.fresh_cities import SERIES, FreshCity, fresh_city
from benchmarks.scenarios.calibration import calibration_error
from benchmarks.scenarios.decisions_side import DECISIONS, outcome
from benchmarks.scenarios.elsewhere import changed_draws, reached
from data import City
from tests.small_city import small_city

DRAWS = 100


@pytest.fixture(scope="module")
def fresh() -> FreshCity:
    return fresh_city(7_001, areas=9)


# Fresh cities


def test_a_fresh_city_knows_nothing_of_what_it_is_judged_on(fresh: FreshCity) -> None:
    series = fresh.city.series[SERIES]
    assert len(series.values) == 48
    assert series.values.index[-1] + series.freq.offset == fresh.came.index[0] == fresh.expected.index[0]
    assert len(fresh.came) == 12
    for driver in fresh.city.drivers.values():
        assert driver.values.index[-1] < fresh.came.index[0]
    assert (fresh.came.columns == series.values.columns).all()


def test_what_comes_scatters_around_what_was_planted() -> None:
    cities = [fresh_city(number, areas=9) for number in range(7_100, 7_108)]
    ratios = np.array([each.came.to_numpy().sum() / each.expected.to_numpy().sum() for each in cities])
    assert ratios.mean() == pytest.approx(1.0, abs=0.02)
    assert 0.001 < ratios.std() < 0.05
    assert len({tuple(each.planted.elasticities.values()) for each in cities}) == len(cities)
    again = fresh_city(7_100, areas=9)
    pd.testing.assert_frame_equal(again.came, cities[0].came)


def test_another_number_gives_each_area_the_growth_of_another(fresh: FreshCity) -> None:
    like, other = (fresh_city(number, areas=60).planted.drivers["population"] for number in (7_002, 7_003))
    growth = [np.sort((table.loc[2025] / table.loc[2022]).to_numpy()) for table in (like, other)]
    assert growth[0] == pytest.approx(growth[1], abs=1e-3)  # the same growths, but for whole persons
    assert not np.allclose(like.loc[2025] / like.loc[2022], other.loc[2025] / other.loc[2022], atol=1e-3)


# What an option truly brings


def test_a_lever_that_rests_brings_what_comes_anyway(fresh: FreshCity) -> None:
    found = outcome(fresh, fresh.came, Scenario("today"))
    city = fresh.came.sum(axis=1)
    people = fresh.city.areas["neighbourhood"].frame["population"].sum()
    assert found == pytest.approx(
        {"demand": city.sum(), "busiest": city.max(), "per_resident": 1000 * city.sum() / people}
    )


class Given(Baseline):
    """A baseline that brings the same table in every future."""

    table: pd.DataFrame

    def prepare(self, study: Study, *, progress: Any) -> None:
        pass

    def run(self, study: Study, *_: Any) -> dict[str, xr.DataArray]:
        values = self.table.stack(["area_id", "category"]).to_xarray()
        return {
            "baseline_demand": values.expand_dims(draw=study.draws).transpose("draw", "area_id", "category", "period")
        }


@pytest.mark.parametrize("kind", DECISIONS)
def test_the_engine_brings_the_truth_where_effects_are_assumed(kind: str, fresh: FreshCity) -> None:
    given = Given()
    given.table = fresh.came
    study = study_of(fresh.city, series=SERIES, periods=12, freq="MS", draws=DRAWS)
    composition = compose([given, engines()["demand"]], study)
    assumed = {f"elasticity.{name}": value for name, value in fresh.planted.elasticities.items()}
    decision = DECISIONS[kind](fresh, 7_001)
    for option in (decision.first, decision.second):
        found, _ = composition.run(resolved(option, composition.levers), assumed)
        truly = outcome(fresh, fresh.came, option)
        for measure in composition.outcomes:
            stated = measure.reduced(found[measure.name]).to_numpy()
            assert stated == pytest.approx(np.full(DRAWS, truly[measure.name]), rel=1e-4), measure.name


# Calibration


def test_the_calibration_error_weighs_bins_by_their_size() -> None:
    # Two bins: 0.1 came true in one of four (0.15 off, 4 of 6), 0.9 in one of two (0.4 off, 2 of 6).
    chance, came = [0.1, 0.1, 0.1, 0.1, 0.9, 0.9], [0, 0, 0, 1, 1, 0]
    assert calibration_error(chance, came) == pytest.approx(0.15 * 4 / 6 + 0.4 * 2 / 6)
    assert calibration_error([1.0, 0.0], [1, 0]) == 0.0


# Levers elsewhere


class Leaking:
    """Two engines that share what they should not: the second adds what the first one's lever was set to last."""

    last = 0.0

    def __init__(self, name: str, lever: str = "", leaks: bool = False) -> None:
        self.name, self.lever, self.leaks = name, lever, leaks
        self.title, self.version, self.limits, self.inputs = name.title(), "1", (), ()

    def applies(self, city: City) -> None:
        return None

    def declare(self, study: Study) -> Declaration:
        levers = (Lever(self.lever, "A lever", "Of it.", "units", Number(0, 1, 0.1)),) if self.lever else ()
        return Declaration(levers=levers, writes=(Measure(f"{self.name}_out", "Out", "units"),))

    def evidence(self, study: Study, **_: Any) -> Evidence:
        return Evidence()

    def run(self, study: Study, levers: Mapping[str, Any], *_: Any) -> dict[str, xr.DataArray]:
        if self.lever:
            Leaking.last = float(levers[self.lever])
        added = Leaking.last if self.leaks else 0.0
        return {f"{self.name}_out": xr.DataArray(np.full(study.draws, 1.0 + added), dims="draw")}


@pytest.fixture
def _no_leak_before() -> Iterator[None]:
    Leaking.last = 0.0
    yield
    Leaking.last = 0.0


@pytest.mark.usefixtures("_no_leak_before")
@pytest.mark.parametrize("leaks", [False, True])
def test_a_lever_that_reaches_elsewhere_is_found(leaks: bool) -> None:
    known = {"one": Leaking("one", lever="one.lever"), "two": Leaking("two", leaks=leaks)}
    question = Question("q", "Q?", engines=("one", "two"), primary="one_out")
    changed, tried = changed_draws(small_city(), question, draws=DRAWS, known=known)  # type: ignore[arg-type]
    assert tried == 1
    assert changed == (DRAWS if leaks else 0)


def test_a_lever_reaches_its_own_measures_and_those_that_read_them(fresh: FreshCity) -> None:
    study = study_of(fresh.city, series=SERIES, periods=12, freq="MS", draws=DRAWS)
    composition = compose([engines()[name] for name in ("baseline", "demand")], study)
    assert reached(composition, "demand") == {"demand", "busiest", "per_resident"}
    assert reached(composition, "baseline") == {"baseline_demand", "demand", "busiest", "per_resident"}
