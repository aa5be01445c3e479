"""The tutorial of CONTRIBUTING.md holds: its model and its engine pass every check, and are used like the built-in ones."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from forecasting_panels import counts, frame, series

from analytics.forecasting import backtest, run_model
from analytics.forecasting.checks.suite import check_forecaster
from analytics.forecasting.contract import MODELS, columns_of
from analytics.plugins.files import opened_file
from analytics.scenarios import Scenario, compare
from analytics.scenarios.checks.file import opened_engine
from analytics.scenarios.checks.suite import check_engine
from analytics.scenarios.registry import engines
from tests.small_city import small_city

GUIDE = Path(__file__).parent.parent / "CONTRIBUTING.md"
LINES = 45  # what fits on a screen, and is read


def file_of(chapter: str, path: Path) -> Path:
    """The one code block of a chapter as a file."""
    (text,) = re.findall(rf"^## {chapter}\b.*?\n(.*?)(?=^## |\Z)", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    (block,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert len(block.splitlines()) <= LINES
    path.write_text(block, encoding="utf-8")
    return path


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    return file_of("Add a forecast model", tmp_path / "weekday_median.py")


def test_the_tutorials_engine_passes_every_check_and_is_compared(tmp_path: Path) -> None:
    city = small_city()
    with opened_engine(file_of("Add an engine", tmp_path / "overtime.py")) as engine:
        others = [each for name, each in engines().items() if name != engine.name]
        found = check_engine(engine, city=city, others=others)
        assert [str(check.sentence) for check in found if not check.passed] == []
        options = [Scenario("today"), Scenario("more staff", levers={"staff": {"hours": 30}})]
        compared = compare(city, options, periods=3, freq="MS", draws=100, primary="overtime")
    verdicts = {each.measure: each.verdict for each in compared.differences}
    assert verdicts["overtime"] == "better"
    assert verdicts["demand"] == "no_change"


def test_the_tutorials_model_passes_every_check(model_file: Path) -> None:
    with opened_file(model_file, kind=MODELS) as model:
        assert [str(check.sentence) for check in check_forecaster(model) if not check.passed] == []


def test_the_tutorials_model_finds_the_weekday_and_has_a_backtest(model_file: Path) -> None:
    panel = frame(counts(periods=280, columns=3))
    panel.loc[pd.DatetimeIndex(panel.index).day_of_week == 6] += 20
    with opened_file(model_file, kind=MODELS) as model:
        answer = run_model(model, panel, horizon=7)
        result = backtest(series(panel), model.name, horizon=14)
    by_weekday = columns_of(answer.mean, panel.columns).mean(axis=1)
    assert pd.DatetimeIndex(answer.mean.get_index("period"))[by_weekday.argmax()].day_name() == "Sunday"
    assert result.model == "weekday_median"
    assert 0 < result.scores["sql_ratio"].value < 1
    assert 0.6 < result.scores["coverage_80"].value < 1
