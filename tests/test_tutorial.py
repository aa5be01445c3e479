"""The tutorial of CONTRIBUTING.md holds: its model passes every check, and is measured like the built-in ones."""

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

GUIDE = Path(__file__).parent.parent / "CONTRIBUTING.md"
LINES = 45  # what fits on a screen, and is read


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    """The tutorial's code block as a file."""
    [block] = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(block.splitlines()) <= LINES
    path = tmp_path / "weekday_median.py"
    path.write_text(block, encoding="utf-8")
    return path


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
