"""Every registered model keeps every promise of the contract, and no quick one stumbles over any series."""

from __future__ import annotations

import ast
import inspect
import textwrap

import numpy as np
import pytest
from forecasting_panels import frame
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from analytics.errors import ForecastError, ModelError
from analytics.forecasting.checks.suite import CHECKS, check_forecaster
from analytics.forecasting.contract import columns_of
from analytics.forecasting.registry import find_model, models
from analytics.forecasting.running import run_model
from data.words import knows
from data.words.catalogue import template

KNOWN_FAILURES: dict[str, set[str]] = {}
"""Checks that a model is known to fail, by model; empty, and meant to stay so."""

QUICK = [name for name, model in models().items() if not model.slow]


@pytest.mark.parametrize("name", models())
def test_a_model_passes_every_check(name: str) -> None:
    failed = {check.name: str(check.sentence) for check in check_forecaster(find_model(name)) if not check.passed}
    assert set(failed) == KNOWN_FAILURES.get(name, set()), failed


def test_the_checks_are_many_and_each_has_its_sentences() -> None:
    assert len(CHECKS) >= 25
    for name, function in CHECKS.items():
        assert template(f"checks.{name}.promise").endswith(".")
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        returned = [ast.unparse(node.value) for node in ast.walk(tree) if isinstance(node, ast.Return) and node.value]
        assert knows(f"checks.{name}.failed") == (set(returned) != {"None"}), name


@pytest.mark.parametrize("name", QUICK)
def test_the_seed_of_the_checks_does_not_decide(name: str) -> None:
    for seed in (1, 2):
        failed = [str(check.sentence) for check in check_forecaster(find_model(name), seed=seed) if not check.passed]
        assert failed == []


VALUES = st.one_of(
    st.integers(0, 40).map(float),
    st.sampled_from([0.0, 0.0, 1.0, 1e12, np.nan]),
)
SHAPES = st.tuples(st.integers(1, 45), st.integers(1, 3))


@pytest.mark.parametrize("name", QUICK)
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(values=SHAPES.flatmap(lambda shape: hnp.arrays(float, shape, elements=VALUES)), horizon=st.integers(1, 30))
def test_no_series_makes_a_quick_model_stumble(name: str, values: np.ndarray, horizon: int) -> None:
    panel = frame(values)
    try:
        answer = run_model(find_model(name), panel, horizon=horizon, quantiles=(0.025, 0.5, 0.975))
    except ForecastError as refusal:
        if isinstance(refusal, ModelError):
            raise
        assert len(panel) < find_model(name).min_periods
        return
    assert np.isfinite(columns_of(answer.mean, panel.columns)).all()
    assert (columns_of(answer.mean, panel.columns) >= 0).all()
