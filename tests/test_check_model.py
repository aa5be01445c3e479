"""A model file is checked before it is used: each mistake is refused for its own reason, the template passes."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest

from analytics.__main__ import main
from analytics.errors import ForecastError
from analytics.forecasting.checks.file import check_file
from analytics.forecasting.checks.suite import check_forecaster
from analytics.forecasting.contract import MODELS
from analytics.forecasting.registry import find_model, models
from analytics.plugins.files import new_file, opened_file

TEMPLATE = Path(__file__).parent.parent / "analytics" / "forecasting" / "models" / "_template.py"
HEAD = """
import numpy as np
import pandas as pd
from analytics.forecasting.contract import Prediction, forecaster, future_periods, panel_array, per_series

FACTS = dict(
    name="mine", title="Mine", version="1", limits=("It is a test.",), inputs=("Past values",),
    value_types=("count", "continuous"), min_periods=14, complexity=1,
)

def flat(history, horizon, quantiles, spread=1.0):
    recent = history.fillna(0.0).to_numpy()[-28:]
    mean = np.repeat(recent.mean(axis=0)[None], horizon, axis=0)
    shift = np.quantile(recent - recent.mean(axis=0), list(quantiles), axis=0)[:, None]
    said = np.maximum(mean + spread * shift, 0)
    periods = future_periods(history, horizon)
    return Prediction(
        panel_array(mean, periods, history.columns),
        panel_array(said, periods, history.columns, quantiles=quantiles),
    )
"""
MODEL = """
@forecaster(**FACTS)
def mine(history, *, horizon, quantiles, regressors=None, seed=0):
"""
SERIES = """
@forecaster(**FACTS)
@per_series
def mine(series, *, horizon, quantiles, regressors=None, seed=0):
"""
BROKEN = {
    "wrong shape": ("shape", MODEL, "return flat(history.iloc[:, 1:], horizon, quantiles)"),
    "a number instead of an answer": ("shape", MODEL, "return 3"),
    "breaks down": ("shape", MODEL, "return 1 / 0"),
    "ignores the horizon": ("shape", MODEL, "return flat(history, 28, quantiles)"),
    "ignores the horizon, by series": (
        "shape", SERIES, "return pd.DataFrame({key: np.full(28, 2.0) for key in ('mean', *quantiles)})",
    ),
    "promises no quantiles": (
        "parts", "FACTS['has_quantiles'] = False\n" + MODEL, "return flat(history, horizon, quantiles)",
    ),
    "begins a period late": (
        "periods_follow", MODEL,
        """
        answer = flat(history, horizon + 1, quantiles)
        return Prediction(answer.mean.isel(period=slice(1, None)), answer.quantiles.isel(period=slice(1, None)))
        """,
    ),
    "one level missing": ("quantiles_as_asked", MODEL, "return flat(history, horizon, list(quantiles)[:-1])"),
    "crossing quantiles": ("quantiles_rise", MODEL, "return flat(history, horizon, quantiles, spread=-1.0)"),
    "no number": (
        "finite", MODEL,
        """
        answer = flat(history, horizon, quantiles)
        return Prediction(answer.mean * np.nan, answer.quantiles)
        """,
    ),
    "negative counts": (
        "counts_not_negative", MODEL,
        """
        answer = flat(history, horizon, quantiles)
        return Prediction(answer.mean - 50, answer.quantiles - 50)
        """,
    ),
    "not deterministic": (
        "same_seed_same_answer", MODEL,
        """
        answer = flat(history, horizon, quantiles)
        return Prediction(answer.mean + np.random.default_rng().random() / 1000, answer.quantiles)
        """,
    ),
    "mutates its input": (
        "input_untouched", MODEL,
        """
        history.fillna(0.0, inplace=True)
        return flat(history, horizon, quantiles)
        """,
    ),
    "moves the global random numbers": (
        "global_random_untouched", MODEL, "np.random.seed(seed); return flat(history, horizon, quantiles)",
    ),
    "draws without the seed": (
        "same_seed_same_answer", SERIES,
        """
        mean = 5 + np.random.random()
        return pd.DataFrame({key: [mean] * horizon for key in ('mean', *quantiles)})
        """,
    ),
    "prints": ("prints_nothing", MODEL, "print('hello'); return flat(history, horizon, quantiles)"),
    "no range": ("wider_at_higher_levels", MODEL, "return flat(history, horizon, quantiles, spread=0.0)"),
    "mean outside its range": (
        "mean_inside_its_range", MODEL,
        """
        answer = flat(history, horizon, quantiles)
        return Prediction(answer.mean * 5, answer.quantiles)
        """,
    ),
    "raises on gaps": (
        "gaps", MODEL,
        """
        if history.isna().any().any():
            raise ValueError("gaps")
        return flat(history, horizon, quantiles)
        """,
    ),
    "needs more than it says": (
        "shortest_history", MODEL,
        """
        assert len(history) > 20, "too little"
        return flat(history, horizon, quantiles)
        """,
    ),
    "mixes columns up": (
        "order_does_not_matter", MODEL,
        """
        return flat(history * ([1] + [2] * (history.shape[1] - 1)), horizon, quantiles)
        """,
    ),
    "depends on the unit": (
        "follows_the_unit", SERIES,
        """
        mean = min(series.mean(), 100.0) if series.notna().any() else 0.0
        return pd.DataFrame({"mean": [mean] * horizon} | {each: [mean * 2 * each] * horizon for each in quantiles})
        """,
    ),
    "limits in a word": (
        "attributes", "FACTS['limits'] = ('slow',)\n" + MODEL, "return flat(history, horizon, quantiles)",
    ),
}  # fmt: skip


def written(folder: Path, text: str, name: str = "mine.py") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def source(head: str, body: str) -> str:
    return HEAD + head + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n"


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_broken_model_fails_the_check_that_names_its_mistake(mistake: str, tmp_path: Path) -> None:
    check, head, body = BROKEN[mistake]
    report = check_file(written(tmp_path, source(head, body)))
    assert report.failed[0].name == check, [str(each.sentence) for each in report.failed]
    assert report.standing is None
    assert "mine" not in models()


def test_the_model_that_the_broken_ones_spoil_is_whole(tmp_path: Path) -> None:
    with opened_file(
        written(tmp_path, source(MODEL, "return flat(history, horizon, quantiles)")), kind=MODELS
    ) as model:
        assert [str(check.sentence) for check in check_forecaster(model) if not check.passed] == []
        assert find_model("mine") is model


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def (", r"is not a Python file that can be run .invalid syntax.*, line 1"),
        ("answer = 42", r"must register exactly one model .*registers none"),
        (source(MODEL, "...") + MODEL.replace("**FACTS", "**(FACTS | {'name': 'second'})") + "    ...", "mine and second"),
        ("import a_package_that_nobody_has", "ModuleNotFoundError"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        (source("FACTS['limits'] = ()\n" + MODEL, "..."), "states no limits"),
        (source("FACTS['name'] = 'ets'\n" + MODEL, "..."), "The name “ets” belongs to a model that there is"),
    ],
    ids=["syntax", "none", "two", "import", "exit", "limits", "taken"],
)  # fmt: skip
def test_a_file_that_holds_no_model_is_refused(tmp_path: Path, text: str, why: str) -> None:
    before = dict(MODELS.registry.plugins)
    with pytest.raises(ForecastError, match=why):
        check_file(written(tmp_path, text))
    assert before == MODELS.registry.plugins


def test_a_path_that_is_no_python_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ForecastError, match=r"no file “.*absent.py”"):
        check_file(tmp_path / "absent.py")
    with pytest.raises(ForecastError, match=r"does not end in [.]py"):
        check_file(written(tmp_path, "", name="model.txt"))


def test_the_command_says_the_first_reason_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check, head, body = BROKEN["crossing quantiles"]
    path = written(tmp_path, source(head, body))
    assert main(["check-model", str(path)]) == 2
    said = capsys.readouterr()
    assert f"FAILED  {check}: Its quantiles cross" in said.out
    assert said.err.startswith("civicast: Its quantiles cross")
    assert len(said.err.splitlines()) == 1
    assert main(["check-model", str(path), "--json"]) == 2
    said = capsys.readouterr()
    assert json.loads(said.out)["checks"][6] == {
        "name": check, "passed": False, "sentence": "Its quantiles cross: a higher level must never give a lower value.",
    }  # fmt: skip


@pytest.mark.usefixtures("sample_city")
def test_a_scaffolded_model_passes_and_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-model", "four_weeks", "--folder", str(tmp_path / "new")]) == 0
    steps = capsys.readouterr().out
    path = tmp_path / "new" / "four_weeks.py"
    assert f"check-model {path}" in steps
    assert "civicast.forecasters" in steps
    assert main(["check-model", str(path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["name"] == "four_weeks"
    assert all(check["passed"] for check in report["checks"])
    assert report["milliseconds"] > 0
    for ratio in (report["standing"]["against_baseline"], report["standing"]["against_chosen"]):
        assert ratio["low"] <= ratio["value"] <= ratio["high"]
    # The mean of four weeks knows no weekday: it must not come out as the better one.
    assert report["standing"]["against_chosen"]["high"] > 1
    assert main(["check-model", str(path)]) == 0
    assert "Error" in capsys.readouterr().out


@pytest.mark.usefixtures("sample_city")
def test_a_draft_never_meets_what_was_stored_of_an_older_one(tmp_path: Path) -> None:
    path = written(tmp_path, source(MODEL, "return flat(history, horizon, quantiles)"))
    first = check_file(path)
    path.write_text(path.read_text().replace("-28:", "-14:"))
    second = check_file(path)
    assert first.standing is not None
    assert second.standing is not None
    assert first.standing.against_baseline != second.standing.against_baseline


def test_a_model_of_the_workspace_may_be_checked_under_its_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, TEMPLATE.read_text())
    with opened_file(path, kind=MODELS) as model:
        monkeypatch.setitem(MODELS.registry.plugins, model.name, model)
        monkeypatch.setitem(MODELS.registry.files, model.name, path)
        with opened_file(path, kind=MODELS) as again:
            assert again is not model


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Weekday", "“Weekday” cannot name a model"),
        ("two words", "cannot name a model"),
        ("class", "cannot name a model"),
        ("_hidden", "cannot name a model"),
        ("ets", "“ets” belongs to a model that there is"),
    ],
)
def test_a_bad_name_is_refused(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(ForecastError, match=why):
        new_file(name, kind=MODELS, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_exists_is_left_alone(tmp_path: Path) -> None:
    path = written(tmp_path, "mine already", name="mine.py")
    with pytest.raises(ForecastError, match="exists already"):
        new_file("mine", kind=MODELS, folder=tmp_path)
    assert path.read_text() == "mine already"
