"""Answers that are known: SaTScan's for New York's leukemia, and nothing at all on maps that were shuffled."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.hotspots.cells import cells_over
from analytics.hotspots.clustering.circles import circles, scan_circles
from analytics.hotspots.clustering.scan import Search
from analytics.hotspots.significance.chance import discoveries, gi_star
from benchmarks.forecasting.sets import data_folder
from benchmarks.hotspots import sets
from benchmarks.rows import Row

__all__ = ["rows", "shuffled"]

SATSCAN = {50: 14.083511, 10: 11.577255}  # the log likelihood ratio by the largest share of the population, in per cent
MAPS = 50
AS_OF = pd.Timestamp("2023-01-01")


def rows(*, quick: bool = False) -> Iterator[Row]:
    """How far our log likelihood ratios are from SaTScan's."""
    home = data_folder() / "benchmarks" / "hotspots" / "ny_leukemia"
    if not home.is_dir():
        print("The known answers are left out: there are no leukemia data.", file=sys.stderr)
        return
    cases, places, people = (np.loadtxt(home / f"satscan_ny_{name}.txt") for name in ("cases", "coords", "pop"))
    for most, wanted in SATSCAN.items():
        around = circles(places[:, 2], places[:, 1], population=people[:, 2], most_population=most / 100)
        found = scan_circles(cases[:, 1], around=around, search=Search(replications=0)).clusters[0].llr
        note = f"{found:.6f} here, {wanted:.6f} in SaTScan's report, which has six decimals"
        yield Row(f"ny_llr_{most}", abs(found - wanted), "apart", 1e-6, note=note)


def shuffled(*, quick: bool = False) -> Iterator[Row]:
    """A year of violent crime dealt to the cells anew: nothing is there, and nothing should be found."""
    if not sets.parquet().is_file():
        print("The shuffled maps are left out: there are no data of Philadelphia.", file=sys.stderr)
        return
    whole = sets.philadelphia()
    cells = cells_over(whole, size=200.0)
    frame = sets.chosen(whole, sets.VIOLENT).frame
    counts = cells.counts(frame[frame["time"] >= AS_OF - pd.DateOffset(years=1)])
    rng = np.random.Generator(np.random.Philox(1))
    p = [gi_star(rng.permutation(counts), cells).p_hot for _ in range(5 if quick else MAPS)]
    below = float(np.mean([(each < 0.05).mean() for each in p]))
    found = [int(discoveries(each).sum()) for each in p]
    note = f"{len(cells):,} cells, {int(counts.sum()):,} events, {len(p)} maps"
    yield Row("shuffled_uncorrected", below, "of cells", note=f"p < .05 without correction, .04 to .06 wanted; {note}")
    share = float(np.mean([number > 0 for number in found]))
    real = int(discoveries(gi_star(counts, cells).p_hot).sum())
    yield Row(
        "shuffled_ours", share, "of maps", 0.1,
        note=f"with any discovery, .05 by right; {sum(found)} cells in all, on the real map {real:,}",
    )  # fmt: skip
