"""Numbers, dates and lists are written one way everywhere."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import CivicastError
from data.words import as_count, as_date, as_list, as_number, as_percent, as_points, as_short, knows
from data.words.catalogue import template, templates

NARROW = "\u202f"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.09, "9"),
        (0.0123, "1.2"),
        (0.5, "50"),
        (1.0, "100"),
        (0.9996, "99.9"),
        (-0.04, "−4"),
        (0.0, "0"),
        (0.125, "12"),
    ],
)
def test_percent(share: float, text: str) -> None:
    assert as_percent(share) == text + NARROW + "%"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.012345, "0.0123"), (12.345, "12.3"), (1234.5, "1,230"), (-5.0, "−5"), (0, "0"), (999.6, "1,000")],
)
def test_number(value: float, text: str) -> None:
    assert as_number(value) == text


def test_points_have_as_many_digits_as_the_range_beside_them() -> None:
    assert [as_points(each) for each in (0.17, 0.0846, 0.00098, 0)] == [
        "17 points",
        "8.5 points",
        "0.098 points",
        "0 points",
    ]


def test_what_is_taken_in_at_a_glance_keeps_three_digits_of_millions() -> None:
    values = (627_029, 999_400, 999_600, 3_367_336, -2_000_000, 41_000_000, 1_234_000_000)
    found = [as_short(each).replace("\u202f", " ") for each in values]
    assert found == ["627,029", "999,400", "1 million", "3.37 million", "\u22122 million", "41 million", "1.23 billion"]


@given(st.floats(min_value=-1e15, max_value=1e15) | st.sampled_from([float("nan"), float("inf"), -float("inf")]))
def test_no_number_breaks_a_sentence(value: float) -> None:
    for write in (as_count, as_number, as_percent, as_points, as_short):
        assert write(value)
        assert "-" not in write(value)


@given(st.floats(min_value=0.0, max_value=1.0, exclude_max=True))
def test_less_than_all_is_never_written_as_all(share: float) -> None:
    assert as_percent(share) != as_percent(1.0)


def test_dates_and_lists() -> None:
    assert as_date("2026-03-20") == "20 March 2026"
    assert as_date(pd.Timestamp("2026-03-20 23:00")) == "20 March 2026, 23:00"
    assert as_date(pd.NaT) == "unknown"
    assert as_list([]) == "none"
    assert as_list(["a"]) == "a"
    assert as_list("abc") == "a, b and c"
    assert as_list(range(12)) == "0, 1, 2, 3, 4, 5, 6, 7 and 4 more"


def test_a_sentence_that_is_missing_is_our_mistake() -> None:
    assert not knows("errors.no_such_sentence")
    with pytest.raises(KeyError):
        template("caveats")
    with pytest.raises(KeyError):
        str(CivicastError("no_such_sentence"))


@pytest.mark.parametrize("layer", ["data", "analytics"])
def test_every_error_names_the_next_step(layer: str) -> None:
    errors = {code: text for code, text in templates(layer, "en").items() if code.startswith("errors.")}
    assert len(errors) > 20
    for code, text in errors.items():
        assert text.endswith((".", "?")), code
        assert "\n" not in text, code
