"""Runs in the peers' environment: one of their functions, each at its best settings, on arrays that we wrote."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.hotspots.measuring import Arrays, serve

Work = Callable[[], Any]


def gi_star(given: Arrays) -> tuple[Work, Work]:
    """esda's Gi* with 999 permutations, compiled and on one core; whether it keeps what it simulates is asked."""
    from esda import G_Local, fdr
    from libpysal.graph import Graph
    from libpysal.weights import lat2W

    warnings.simplefilter("ignore")

    def ready(rows: int, columns: int) -> Graph:
        weights = Graph.from_W(lat2W(rows, columns, rook=False)).assign_self_weight(1)
        weights.sparse  # noqa: B018 - kept from now on: building weights is not counted
        return weights

    def test(counts: Any, weights: Graph, permutations: int) -> dict[str, Any]:
        found = G_Local(
            counts.ravel(), weights, transform="B", star=True, permutations=permutations,
            keep_simulations=bool(given["keep"]), n_jobs=1, seed=1,
        )  # fmt: skip
        return {"z": found.Zs, "p": found.p_sim, "threshold": fdr(found.p_sim)}

    counts, small = given["counts"], given["counts"][:10, :10]
    weights, few = ready(*counts.shape), ready(*small.shape)
    return lambda: test(small, few, 9), lambda: test(counts, weights, 999)


def scipy_density(given: Arrays) -> tuple[Work, Work]:
    """scipy's gaussian_kde, with a factor that gives the asked bandwidth along the wider axis."""
    from scipy.stats import gaussian_kde

    points, middles = given["points"], given["middles"]
    factor = float(given["bandwidth"]) / points.std(axis=1, ddof=1).max()
    across, up = np.meshgrid(middles, middles)
    grid = np.stack([across.ravel(), up.ravel()])

    def density(points: Any) -> dict[str, Any]:
        return {"density": gaussian_kde(points, bw_method=factor)(grid)}

    return lambda: density(points[:, :10]), lambda: density(points)


def kdepy_density(given: Arrays) -> tuple[Work, Work]:
    """KDEpy's FFTKDE on the grid's middles: linear binning, compiled, and one Fourier transform."""
    from KDEpy import FFTKDE

    points, middles = np.ascontiguousarray(given["points"].T), given["middles"]
    across, up = np.meshgrid(middles, middles, indexing="ij")
    grid = np.stack([across.ravel(), up.ravel()], axis=1)

    def density(points: Any) -> dict[str, Any]:
        return {"density": FFTKDE(kernel="gaussian", bw=float(given["bandwidth"])).fit(points).evaluate(grid)}

    return lambda: density(points[:10]), lambda: density(points)


def knox(given: Arrays) -> tuple[Work, Work]:
    """pointpats' Knox test with 99 permutations, one band."""
    from pointpats import Knox

    def test(points: Any, days: Any) -> dict[str, Any]:
        np.random.seed(1)  # noqa: NPY002 - the generator that pointpats uses
        found = Knox(points, days, delta=float(given["metres"]), tau=float(given["days"]), permutations=99)
        return {"pairs": found.nst, "p": found.p_sim}

    points, days = given["points"].T, given["day"][:, None].astype(float)
    return lambda: test(points[:200], days[:200]), lambda: test(points, days)


def pandas_tuple(given: Arrays) -> tuple[Work, Work]:
    """Points to cells as pandas' users write it: both coordinates floor-divided, grouped by the pair."""
    import pandas as pd

    frame, size = pd.DataFrame({"x": given["points"][0], "y": given["points"][1]}), float(given["size"])

    def count(frame: Any) -> dict[str, Any]:
        cells = frame // size
        return {"cells": len(cells.groupby(["y", "x"], sort=False).size())}

    return lambda: count(frame[:1000]), lambda: count(frame)


def pandas_flat(given: Arrays) -> tuple[Work, Work]:
    """The same with one whole number a cell, since the columns are known: pandas groups that faster."""
    import pandas as pd

    frame, size = pd.DataFrame({"x": given["points"][0], "y": given["points"][1]}), float(given["size"])
    columns = int(given["shape"][1])

    def count(frame: Any) -> dict[str, Any]:
        index = (frame["y"] // size).astype("int32") * columns + (frame["x"] // size).astype("int32")
        return {"cells": len(index.groupby(index, sort=False).size())}

    return lambda: count(frame[:1000]), lambda: count(frame)


def mann_kendall(given: Arrays) -> tuple[Work, Work]:
    """pymannkendall's original test, series by series, as it takes one at a time."""
    from pymannkendall import original_test

    series = given["series"]

    def test(series: Any) -> dict[str, Any]:
        return {"z": [original_test(each).z for each in series]}

    return lambda: test(series[:5]), lambda: test(series)


if __name__ == "__main__":
    serve(
        {
            "gi_star": gi_star,
            "scipy_density": scipy_density,
            "kdepy_density": kdepy_density,
            "knox": knox,
            "pandas_tuple": pandas_tuple,
            "pandas_flat": pandas_flat,
            "mann_kendall": mann_kendall,
        }
    )
