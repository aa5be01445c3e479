"""What forecasts say is made where it is shown: the same result speaks the reader's language, whichever it was made in."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from forecasting_panels import counts, frame, series

from analytics.errors import ForecastError, ModelError
from analytics.forecasting import Forecast, Prediction, forecast, run_model
from analytics.forecasting.contract import Forecaster
from analytics.forecasting.registry import find_model
from data.words import Words, text, use_language

OURS = (
    "combination",
    "drift",
    "ets",
    "hour_of_week",
    "pooled_counts",
    "seasonal_naive",
    "theta",
    "unobserved_components",
)


def bare(words: Words) -> str:
    """What stands outside the brackets of the pseudo-language."""
    with use_language("qps"):
        left, found = "", text(words)
    while left != found:
        left, found = found, re.sub(r"⟦[^⟦⟧]*⟧", "", found)
    return found.strip()


@pytest.mark.parametrize("name", OURS)
def test_a_model_of_ours_is_told_in_the_readers_language(name: str) -> None:
    model = find_model(name)
    for words in (model.title, *model.limits, *model.inputs):
        assert bare(words) == ""
        assert "⟦" not in text(words)


@pytest.fixture(scope="module")
def outlook(tmp_path_factory: pytest.TempPathFactory) -> Forecast:
    """A forecast that was made while another language was read."""
    with pytest.MonkeyPatch.context() as patch, use_language("qps"):
        patch.setenv("CIVICAST_HOME", str(tmp_path_factory.mktemp("home")))
        return forecast(series(frame(counts(periods=120, columns=3))), horizon=14, slow=False)


def test_a_forecasts_words_are_not_frozen_in_the_language_it_was_made_in(outlook: Forecast) -> None:
    told = [outlook.model_title, outlook.selection.reason]
    assert all("⟦" not in text(words) for words in told)
    assert [bare(words) for words in told] == ["", ""]


def test_its_caveats_are_told_in_the_readers_language_with_all_that_they_name(outlook: Forecast) -> None:
    assert outlook.caveats
    with use_language("qps"):
        shown = [line for caveat in outlook.caveats for line in (caveat.message, caveat.detail)]
    assert not any("⟦" in caveat.message + caveat.detail for caveat in outlook.caveats)
    # A model's name is a sentence of its own inside the caveat's, so brackets stand in brackets; nothing stands outside.
    assert all(re.fullmatch(r"⟦.*⟧", line) for line in shown)


def toy(**facts: Any) -> Forecaster:
    """A stranger's model, which returns nothing."""
    words = {"title": "My own model", "limits": ("Says nothing.",), "inputs": ("Past values",)}
    more = {"version": "1", "value_types": ("count",), "min_periods": 5, "complexity": 9}
    return Forecaster(name="toy", function=lambda *_, **__: None, **(words | more | facts))


def test_a_strangers_words_stay_as_they_are_inside_ours() -> None:
    with pytest.raises(ModelError) as broken:
        run_model(toy(), frame(counts(periods=60, columns=2)), horizon=3)
    assert str(broken.value).startswith(
        "My own model broke the contract of forecast models: it returned something else"
    )
    assert bare(broken.value.sentence) == ""
    with use_language("qps"):
        assert "My own model" in text(broken.value.sentence)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"has_quantiles": False, "quantiles": True}, "it must return quantiles exactly when has_quantiles says so"),
        ({"parametric": True}, "it must return a size exactly when parametric says so"),
    ],
)
def test_a_breach_of_the_contract_is_named(answer: dict[str, Any], words: str) -> None:
    naive, panel = find_model("seasonal_naive"), frame(counts(periods=60, columns=2))
    kept = run_model(naive, panel, horizon=3, quantiles=(0.1, 0.9))
    given = Prediction(kept.mean, kept.quantiles if answer.pop("quantiles", True) else None)
    with pytest.raises(ModelError, match=words) as broken:
        run_model(replace(toy(**answer), function=lambda *_, **__: given), panel, horizon=3, quantiles=(0.1, 0.9))
    assert bare(broken.value.sentence) == ""


def test_a_refusal_names_models_in_the_readers_language() -> None:
    with pytest.raises(ForecastError) as refused:
        run_model(find_model("hour_of_week"), frame(counts(periods=600, columns=1)), horizon=3)
    assert "Hour of the week works at" in str(refused.value)
    assert bare(refused.value.sentence) == ""
