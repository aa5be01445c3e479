"""Maps that others made and scored: what a count of past events was worth beside them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

Table = npt.NDArray[np.float64]

# Oakland, drug crimes of 2011 in the 661 bins that PredPol made forecasts for (Lum and Isaac, 2016).

LOOKED_AT = 20  # bins a day


@pytest.fixture(scope="module")
def days() -> pd.DatetimeIndex:
    return pd.date_range("2011-01-01", "2011-12-30")  # the sheet also has the last four days of 2010


def oakland(folder: Path, name: str, days: pd.DatetimeIndex) -> pd.DataFrame:
    path = folder / "benchmarks" / "hotspots" / "oakland" / name
    if not path.is_file():
        pytest.skip("no Oakland data")
    return pd.read_csv(path, index_col="bin")[days.strftime("%Y-%m-%d")]


def events_before(folder: Path, bins: pd.Index, days: pd.DatetimeIndex) -> tuple[Table, npt.NDArray[np.int64]]:
    """Drug crimes since 2009 (bin, day), and where in it each of ``days`` is."""
    events = pd.read_csv(folder / "benchmarks" / "hotspots" / "oakland" / "drug_crimes_with_bins.csv")
    events = events[events["bin"].isin(bins)]
    since = (pd.to_datetime(events["OCCURRED"], format="%m/%d/%y") - pd.Timestamp("2009-01-01")).dt.days
    counts = np.zeros((len(bins), int(since.max()) + 1))
    np.add.at(counts, (bins.get_indexer(events["bin"]), since), 1)
    return counts, (days - pd.Timestamp("2009-01-01")).days.to_numpy()


def looked_at(score: Table) -> npt.NDArray[np.int64]:
    """The 20 bins of each day with the highest scores (rank, day); of equal ones the first in the table."""
    return np.argsort(-score, axis=0, kind="stable")[:LOOKED_AT]


def held(score: Table, events: Table) -> float:
    return float(np.take_along_axis(events, looked_at(score), axis=0).sum() / events.sum())


def test_predpol_in_oakland(real_data: Path, days: pd.DatetimeIndex) -> None:
    observed = oakland(real_data, "predpol_drug_observed.csv", days).to_numpy(dtype=float)
    forecast = oakland(real_data, "predpol_drug_predictions.csv.gz", days).to_numpy(dtype=float)
    assert observed.shape == (661, 364)
    assert held(forecast, observed) == pytest.approx(0.312, abs=0.0005)
    assert held(forecast, observed) / (LOOKED_AT / 661) == pytest.approx(10.3, abs=0.05)
    flags = np.sort(np.bincount(looked_at(forecast).ravel(), minlength=661))[::-1]
    assert flags[:LOOKED_AT].sum() / flags.sum() == pytest.approx(0.74, abs=0.005)


def test_counting_in_oakland(real_data: Path, days: pd.DatetimeIndex) -> None:
    frame = oakland(real_data, "predpol_drug_observed.csv", days)
    observed = frame.to_numpy(dtype=float)
    counts, today = events_before(real_data, frame.index, days)
    np.testing.assert_array_equal(counts[:, today], observed)
    running = np.cumsum(counts, axis=1)[:, today - 1]  # up to the day before
    assert held(running, observed) == pytest.approx(0.305, abs=0.0005)
    faded = np.zeros_like(counts)
    for day in range(1, counts.shape[1]):
        faded[:, day] = (faded[:, day - 1] + counts[:, day - 1]) * 0.5 ** (1 / 90)  # half as much after 90 days
    assert held(faded[:, today], observed) == pytest.approx(0.314, abs=0.0005)


# Portland, the Real-Time Crime Forecasting Challenge of the National Institute of Justice (2017). The data hold crimes and
# the outline, not the forecasts that were submitted: their 6.36, 7.28 and 0 cannot be scored again from them.

CELL = 250.0  # feet: 62,500 square feet, the smallest that the rules allow
SQUARE_MILE = 5280.0**2
CITY = 147.71  # square miles, as in the rules; the outline's own area is 161.2
LEAST_AREA = 0.25  # square miles: the least forecast area gives a count its highest PAI


def portland(folder: Path, name: str) -> tuple[pd.Series, pd.Series]:
    """The cell of each crime, counted from the outline's lower left corner, and its day."""
    home = folder / "benchmarks" / "hotspots" / "portland"
    if not home.is_dir():
        pytest.skip("no Portland data")
    outline, crimes = pd.read_csv(home / "portland_coords.csv"), pd.read_csv(home / f"crimes_{name}.csv")
    column = np.floor((crimes["x_coordina"] - outline["x"].min()) / CELL).astype(int)
    row = np.floor((crimes["y_coordina"] - outline["y"].min()) / CELL).astype(int)
    return pd.Series(zip(column, row, strict=True), dtype=object), pd.to_datetime(crimes["occ_date"])


@pytest.mark.parametrize(
    ("name", "until", "caught", "crimes", "pai"),
    [
        ("veh", "2017-03-31", 22, 273, 47.4),
        ("veh", "2017-04-30", 41, 543, 44.4),
        ("bur", "2017-04-30", 2, 175, 6.7),
    ],
)
def test_counting_in_portland(real_data: Path, name: str, until: str, caught: int, crimes: int, pai: float) -> None:
    cell, day = portland(real_data, name)
    cells = int(np.ceil(LEAST_AREA * SQUARE_MILE / CELL**2))
    assert cells == 112
    # Five years of crimes; of equal counts the cell whose first crime is first in the file.
    chosen = {each for each, _ in Counter(cell[day < "2017-03-01"]).most_common(cells)}
    later = cell[day.between("2017-03-01", until)]
    assert (int(later.isin(chosen).sum()), len(later)) == (caught, crimes)
    area = cells * CELL**2 / SQUARE_MILE
    assert (caught / crimes) / (area / CITY) == pytest.approx(pai, abs=0.05)


def test_the_burglary_figure_of_portland_is_luck(real_data: Path) -> None:
    """Most of its cells are drawn from equal ones: other draws catch none or twice as many."""
    cell, day = portland(real_data, "bur")
    past, later = Counter(cell[day < "2017-03-01"]), Counter(cell[day.between("2017-03-01", "2017-04-30")])
    count = np.array(list(past.values()))
    at_cut = np.sort(count)[::-1][111]
    assert ((count > at_cut).sum(), (count == at_cut).sum()) == (34, 120)
    surely = sum(later[each] for each, many in past.items() if many > at_cut)
    tied = sum(later[each] for each, many in past.items() if many == at_cut)
    assert (surely, tied) == (0, 4)
