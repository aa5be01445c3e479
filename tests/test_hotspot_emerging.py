"""Emerging hot spots: each word from flags that one can read, planted places over three years, and noise."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from analytics.hotspots.significance import CATEGORIES, Trend, emerging_hotspots, time_cube
from analytics.hotspots.significance.emerging import categories_of
from tests.small_map import START, city, events_on, grid

STEPS = 12
WORDS = {
    # One letter a step: h hot, c cold, . neither; then the sign of a sure trend.
    "persistent": ("hhhhhhhhhhhh", 0),
    "intensifying": ("hhhhhhhhhhhh", 1),
    "diminishing": (".hhhhhhhhhhh", -1),
    "new": ("........hh.h", 0),
    "oscillating": ("hh..cc..h..h", 0),
    "sporadic": ("h...h...h..h", 0),
    "historical": ("hhhh.h......", 0),
    "": ("h.....hhh...", 0),
}
CASES = [(word, *case) for word, case in WORDS.items()] + [
    ("persistent", "hhhhh.hhhhhh", 0),  # eleven of twelve
    ("sporadic", "hhhh..hhhhhh", 1),  # ten are less than nine in ten, whatever the trend
    ("historical", "hhhhhhhhh...", -1),  # hot at nine of nine, then at none of the last quarter
    ("", "hhhhhhhhhh..", 0),  # cooled too lately to be over
    ("new", "...........h", 0),
    ("sporadic", ".......h...h", 0),  # first hot before the last third
    ("new", "cccccccc...h", 0),  # new comes before oscillating
    ("", "cccccccccccc", -1),
]


@pytest.mark.parametrize(("word", "flags", "trend"), CASES)
def test_a_word_for_each_history(word: str, flags: str, trend: int) -> None:
    assert len(flags) == STEPS
    letters = np.array(list(flags))[:, None]
    sure = Trend(np.array([trend * 20.0]), np.array([trend * 3.0]), np.array([0.003 if trend else 0.8]))
    assert categories_of(letters == "h", letters == "c", sure).tolist() == [word]


def test_all_seven_words_are_tried() -> None:
    assert {word for word, *_ in CASES} == {*CATEGORIES, ""}


def test_one_step_is_enough_to_be_new_and_none_says_nothing() -> None:
    flat = Trend(*(np.array([value]) for value in (0.0, 0.0, 1.0)))
    hot, cold = np.array([[True]]), np.array([[False]])
    assert categories_of(hot, cold, flat).tolist() == ["persistent"]
    assert categories_of(hot[:0], cold[:0], flat).tolist() == [""]


def cube(seed: int = 0, *, planted: bool = True) -> np.ndarray:
    """24 steps of noise on 20 x 20 cells; a place is hot throughout, one late, one early."""
    rate = np.full((24, 20, 20), 1.0)
    if planted:
        rate[:, 2:5, 2:5] += 5
        rate[18:, 2:5, 14:17] += 5
        rate[:15, 14:17, 2:5] += 5
    return np.random.default_rng(seed).poisson(rate).reshape(24, -1).astype(float)


MONTHS = pd.date_range(START, periods=24, freq="28D")


def test_planted_places_are_called_by_their_names() -> None:
    found = emerging_hotspots(cube(), grid(20, 20), steps=MONTHS)
    words = found.category.reshape(20, 20)
    assert words[3, 3] in {"persistent", "intensifying", "diminishing"}
    assert (words[3, 15], words[15, 3], words[15, 15]) == ("new", "historical", "")
    assert found.numbers.to_dict()["new"] >= 5
    assert found.numbers.sum() == (found.category != "").sum()
    assert found.hot[:, 3 * 20 + 3].all()
    assert found.steps.equals(MONTHS)


def test_in_noise_nothing_emerges() -> None:
    words = Counter(
        word
        for seed in range(10)
        for word in emerging_hotspots(cube(seed, planted=False), grid(20, 20), steps=MONTHS).category
    )
    assert words[""] >= 0.998 * words.total()
    assert words["persistent"] + words["historical"] == 0


def test_a_cube_counts_whole_steps_back_from_a_day() -> None:
    cells = grid(5, 5, size=200)
    counts = np.zeros((60, 25))
    counts[:, 6] = np.arange(60)
    incidents = city(events_on(cells, counts), days=60)
    found, steps = time_cube(incidents, cells, as_of=START + pd.Timedelta(days=59), step_days=28)
    assert steps.tolist() == [START + pd.Timedelta(days=3), START + pd.Timedelta(days=31)]
    assert found.shape == (2, 25)
    # Days 3 to 30 and 31 to 58; the first three fill no step, the last is not yet known.
    assert found[:, 6].tolist() == [sum(range(3, 31)), sum(range(31, 59))]
    assert found.sum() == sum(range(3, 59))
    assert len(time_cube(incidents, cells, as_of=START + pd.Timedelta(days=59), step_days=7, most=3)[1]) == 3
    assert time_cube(incidents, cells, as_of=START + pd.Timedelta(days=20))[0].shape == (0, 25)
