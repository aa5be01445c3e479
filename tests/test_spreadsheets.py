"""What a command writes as CSV: whole, read back as it was, and no formula for a spreadsheet."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from analytics.spreadsheets import csv_of, harmless
from data.words import Sentence


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "－1"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(evil: str) -> None:
    assert harmless(evil) == f"'{evil}"


@pytest.mark.parametrize("fine", ["", "a=1", "1-2", "é", "'=1", "#1", "(=1)", "a\n=1"])
def test_other_text_stays_as_it_is(fine: str) -> None:
    assert harmless(fine) == fine


def test_names_are_harmless_wherever_they_stand_and_numbers_stay_numbers() -> None:
    frame = pd.DataFrame(
        {"change": [-5.25, 1e-9], "=name": ["=1+1", None], "mixed": [-5, "-5"], "seen": [True, False]},
        index=pd.Index(["@a", "b"], name="+area"),
    )
    rows = list(csv.reader(io.StringIO(csv_of(frame).decode())))
    assert rows == [
        ["'+area", "change", "'=name", "mixed", "seen"],
        ["'@a", "-5.25", "'=1+1", "-5", "True"],
        ["b", "1e-09", "", "'-5", "False"],
    ]


def test_it_is_read_back_as_pandas_writes_it() -> None:
    days = pd.date_range("2024-01-01", periods=3, name="period")
    for frame in (
        pd.DataFrame({"n": [1.5, float("nan"), -3.0], "kind": pd.Categorical(["a", "b", "a"])}, index=days),
        pd.DataFrame({"n": [1, 2, 3], "when": days.to_numpy()}),
        pd.DataFrame({"n": [1, 2]}, index=["x", "y"]),
        pd.DataFrame({"n": [1, 2]}, index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["area", None])),
        pd.DataFrame({"a": [], "b": []}),
    ):
        index = not isinstance(frame.index, pd.RangeIndex)
        assert csv_of(frame).decode() == frame.to_csv(index=index, lineterminator="\n")


def test_a_sentence_is_written_in_words() -> None:
    assert csv_of(pd.DataFrame({"a": [Sentence("provenance.not_stated")]})).decode() == "a\nnot stated\n"
    assert csv_of(pd.DataFrame()).decode() == pd.DataFrame().to_csv(index=False)
