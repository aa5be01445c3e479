"""Near repeats: pairs counted by brute force, permutations against their closed form, and the calculator's own reports."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.errors import HotspotError
from analytics.hotspots.clustering.near_repeat import Bands, Knox, knox_table, near_repeat_risk

# The reports of the Near Repeat Calculator 1.3: observed over mean expected pairs, and p.
ARSON = Bands(metres=(200, 400, 600), days=(1, 2, 3), calculator=True, manhattan=True)
ARSON_RATIO = [
    [0.00, 28.29, 0.00, 0.81],
    [74.25, 3.67, 3.96, 0.81],
    [11.65, 0.00, 0.00, 0.99],
    [7.71, 0.00, 0.00, 0.99],
    [0.96, 1.00, 1.00, 1.00],
]
ARSON_P = [
    [1.00, 0.01, 1.00, 1.00],
    [0.01, 0.27, 0.23, 1.00],
    [0.01, 1.00, 1.00, 0.96],
    [0.01, 1.00, 1.00, 0.96],
    [1.00, 0.84, 0.30, 0.01],
]
BURGLARY = Bands(metres=(100, 200, 300), days=(7, 14, 21), calculator=True, manhattan=True)
BURGLARY_RATIO = [
    [1.65, 0.43, 0.63, 0.58],
    [1.69, 0.60, 0.57, 0.56],
    [1.32, 0.94, 0.51, 0.88],
    [0.94, 1.03, 1.07, 1.01],
    [1.00, 1.00, 1.00, 1.00],
]
BURGLARY_P = [
    [0.05, 1.00, 0.90, 0.90],
    [0.05, 1.00, 1.00, 0.95],
    [0.05, 0.75, 1.00, 0.80],
    [0.75, 0.45, 0.50, 0.50],
    [1.00, 0.20, 0.05, 0.35],
]


def chicago(folder: Path, name: str, bands: Bands) -> Knox:
    path = folder / "benchmarks" / "hotspots" / "near_repeat" / f"{name}.csv"
    if not path.is_file():
        pytest.skip("no Chicago data")
    events = pd.read_csv(path, header=None, names=["x", "y", "date"], parse_dates=["date"])
    day = (events["date"] - pd.Timestamp("2015-01-01")).dt.days
    return knox_table(events["x"], events["y"], day=day, bands=bands, replications=1999, seed=1)


@pytest.mark.parametrize(
    ("name", "bands", "ratios", "ps", "iterations"),
    [
        ("chicago_arson", ARSON, ARSON_RATIO, ARSON_P, 99),
        ("chicago_be_month1", BURGLARY, BURGLARY_RATIO, BURGLARY_P, 19),
    ],
)
def test_the_calculators_tables(
    real_data: Path, name: str, bands: Bands, ratios: list[list[float]], ps: list[list[float]], iterations: int
) -> None:
    found = chicago(real_data, name, bands)
    # Their mean is that of few iterations: it lies within four standard errors of the closed form.
    error = 4 * found.simulated.std(axis=0) / np.sqrt(iterations)
    low = found.observed / (found.expected + error) - 0.005
    with np.errstate(divide="ignore", invalid="ignore"):
        high = np.where(found.expected > error, found.observed / (found.expected - error), np.inf) + 0.005
    assert ((low <= ratios) & ((ratios <= high) | (found.observed == 0))).all()
    # Their mean is a whole number of pairs over their iterations: that gives the observed counts away.
    few = (found.observed > 0) & (found.expected < 1)
    pairs = found.observed[few] / np.array(ratios)[few] * iterations
    assert np.abs(pairs - np.round(pairs)).max(initial=0) < 0.15
    scatter = np.sqrt(found.p * (1 - found.p) * (1 / iterations + 1 / 1999))
    assert (np.abs(found.p - ps) <= 4 * scatter + 1 / (1 + iterations)).all()


def test_the_calculators_counts_of_chicago_arson(real_data: Path) -> None:
    found = chicago(real_data, "chicago_arson", ARSON)
    assert found.observed[:-1].tolist() == [[0, 2, 0, 8], [9, 1, 1, 45], [4, 0, 0, 141], [6, 0, 0, 233]]
    risk = near_repeat_risk(found)
    # Their chance is 7,325 % greater from 99 iterations; the closed form says 53 times, and to the same day only.
    assert (risk.metres, risk.days) == (200, 0)
    assert 40 < risk.ratio < 75
    assert str(risk.sentence).endswith("as likely as by chance on the same day, not later.")
    assert near_repeat_risk(found, same_place=True).days is None
    burglary = near_repeat_risk(chicago(real_data, "chicago_be_month1", BURGLARY))
    assert (burglary.metres, burglary.days) == (100, 6)
    assert burglary.ratio == pytest.approx(1.64, abs=0.05)


def events(n: int, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Events on a coarse lattice: many places are shared, and many distances are exactly those of a band."""
    random = np.random.default_rng(seed)
    return 50.0 * random.integers(0, 30, n), 50.0 * random.integers(0, 40, n), random.integers(0, 60, n)


def by_brute_force(x: np.ndarray, y: np.ndarray, day: np.ndarray, bands: Bands) -> np.ndarray:
    table = np.zeros((len(bands.metres) + 2, len(bands.days) + 1), dtype=int)
    for one in range(len(x)):
        for other in range(one):
            across, up = abs(x[one] - x[other]), abs(y[one] - y[other])
            apart = across + up if bands.manhattan else float(np.hypot(across, up))
            gap = abs(day[one] - day[other])
            if bands.calculator:
                row, column = sum(apart >= top for top in bands.metres), sum(gap >= top for top in bands.days)
            else:
                row, column = sum(apart > top for top in bands.metres), sum(gap > top for top in bands.days)
            table[0 if apart < 0.1 else row + 1, column] += 1
    return table


@pytest.mark.parametrize("calculator", [True, False])
@pytest.mark.parametrize("manhattan", [True, False])
def test_pairs_equal_brute_force(calculator: bool, manhattan: bool) -> None:
    x, y, day = events(300)
    bands = Bands(metres=(100, 250, 400), days=(1, 7, 14), calculator=calculator, manhattan=manhattan)
    found = knox_table(x, y, day=day, bands=bands, replications=70)
    np.testing.assert_array_equal(found.observed, by_brute_force(x, y, day, bands))
    assert found.simulated.shape == (70, 5, 4)


def test_permutations_keep_the_margins_and_their_mean_is_the_closed_form() -> None:
    x, y, day = events(400, seed=1)
    found = knox_table(x, y, day=day, replications=999)
    assert found.observed.sum() == 400 * 399 // 2
    np.testing.assert_array_equal(found.simulated.sum(axis=1), np.tile(found.observed.sum(axis=0), (999, 1)))
    np.testing.assert_array_equal(found.simulated.sum(axis=2), np.tile(found.observed.sum(axis=1), (999, 1)))
    error = found.simulated.std(axis=0) / np.sqrt(999)
    assert (np.abs(found.simulated.mean(axis=0) - found.expected) <= 4.5 * error).all()
    np.testing.assert_allclose(found.ratio, found.observed / found.simulated.mean(axis=0))
    np.testing.assert_allclose(found.p, (1 + (found.simulated >= found.observed).sum(axis=0)) / 1000)


def test_the_calculators_label_is_a_day_too_long() -> None:
    x, y, day = np.zeros(3), np.zeros(3), np.array([0, 0, 1])
    right = knox_table(x, y, day=day, bands=Bands(days=(1, 2)), replications=1).observed[0]
    theirs = knox_table(x, y, day=day, bands=Bands(days=(1, 2), calculator=True), replications=1).observed[0]
    assert right.tolist() == [3, 0, 0]
    assert theirs.tolist() == [1, 2, 0]


def test_more_pairs_than_sixteen_bits_count() -> None:
    found = knox_table(np.zeros(600), np.zeros(600), day=np.zeros(600), replications=1)
    assert found.observed[0].tolist() == [600 * 599 // 2, 0, 0]
    assert found.observed.sum() == 600 * 599 // 2


def test_planted_near_repeats_are_found_and_last_as_long_as_they_do() -> None:
    random = np.random.default_rng(7)
    x, y, day = random.uniform(0, 20_000, 3000), random.uniform(0, 20_000, 3000), random.integers(0, 365, 3000)
    again = random.choice(3000, 150, replace=False)
    x = np.append(x, x[again] + random.uniform(-50, 50, 150))
    y = np.append(y, y[again] + random.uniform(-50, 50, 150))
    day = np.append(day, day[again] + random.integers(0, 8, 150))
    bands = Bands(metres=(100, 200), days=(7, 14, 21))
    risk = near_repeat_risk(knox_table(x, y, day=day, bands=bands, replications=199))
    assert (risk.days, risk.p) == (7, 0.005)
    assert risk.ratio > 5
    assert str(risk.sentence).startswith("Within 100 m of an event another is ")
    assert str(risk.sentence).endswith(" times as likely as by chance for 7 days.")
    nothing = near_repeat_risk(knox_table(x[:3000], y[:3000], day=day[:3000], bands=bands, replications=199))
    assert nothing.days is None
    assert str(nothing.sentence) == "Within 100 m of an event another is not clearly likelier than by chance."


def test_p_is_uniform_when_time_and_place_are_unrelated() -> None:
    values = []
    for seed in range(100):
        x, y, day = events(250, seed=seed)
        found = knox_table(x, y, day=day, bands=Bands(metres=(400,), days=(7,)), replications=99, seed=seed)
        values.append(found.p[1, 0])
    for share in (0.1, 0.5, 0.9):
        assert np.mean(np.array(values) <= share) == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 100))


def test_neither_the_order_nor_the_origin_matters() -> None:
    x, y, day = events(200, seed=3)
    found = knox_table(x, y, day=day, replications=1)
    order = np.random.default_rng(0).permutation(200)
    moved = knox_table(x[order] - 7000, y[order] + 50, day=day[order] + 1000, replications=1)
    np.testing.assert_array_equal(found.observed, moved.observed)
    again = knox_table(x, y, day=day, replications=1)
    np.testing.assert_array_equal(found.simulated, again.simulated)


@pytest.mark.parametrize(
    ("x", "day", "bands", "sentence"),
    [
        ([0.0, np.nan], [0, 1], Bands(), "each with coordinates and a day"),
        ([0.0], [0], Bands(), "at least 2 events"),
        ([0.0, 1.0], [0, 1, 2], Bands(), "each with coordinates and a day"),
        ([0.0, 1.0], [0, 0.5], Bands(), "counted in whole days"),
        ([0.0, 1.0], [0, 20_001], Bands(), "at most 20,000 days"),
        ([0.0, 1.0], [0, 1], Bands(metres=(200, 100)), "bands of distance must rise from above 0: 200 and 100 do not"),
        ([0.0, 1.0], [0, 1], Bands(days=()), "bands of time must rise"),
        ([0.0, 1.0], [0, 1], Bands(days=(0,), calculator=True), "bands of time must rise"),
    ],
)
def test_what_cannot_be_counted_is_refused(x: list[float], day: list[float], bands: Bands, sentence: str) -> None:
    with pytest.raises(HotspotError, match=sentence):
        knox_table(x, x, day=day, bands=bands)
