"""Our side of the comparisons, in a fresh process as the peers' are; the first, compiling call is on a small part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from benchmarks.hotspots.measuring import Arrays, serve

Work = Callable[[], Any]


def queen(rows: int, columns: int) -> sparse.csr_array:
    """The eight squares around each and itself."""
    along = [sparse.diags_array([np.ones(n - abs(k)) for k in (-1, 0, 1)], offsets=(-1, 0, 1)) for n in (rows, columns)]
    near = sparse.csr_array(sparse.kron(along[0], along[1]))
    near.eliminate_zeros()
    return near


def gi_star(given: Arrays) -> tuple[Work, Work]:
    """Gi*, exact p and false discoveries of a map of counts."""
    from analytics.hotspots.significance.chance import discoveries
    from analytics.hotspots.significance.chance import gi_star as tested

    counts, small = given["counts"], given["counts"][:10, :10]
    near, few = queen(*counts.shape), queen(*small.shape)

    def test(counts: Any, near: Any) -> dict[str, Any]:
        found = tested(counts.ravel(), near)
        return {"z": found.z, "p": found.p_hot, "found": discoveries(found.p_hot)}

    return lambda: test(small, few), lambda: test(counts, near)


def density(given: Arrays) -> tuple[Work, Work]:
    """The kernel density of points on a grid."""
    from analytics.hotspots.smoothing.density import kernel_density_grid

    size, number = float(given["size"]), len(given["middles"])

    def work(points: Any) -> dict[str, Any]:
        grid = kernel_density_grid(
            points[0], points[1], x0=0.0, y0=0.0, size=size, columns=number, rows=number,
            bandwidth=float(given["bandwidth"]),
        )  # fmt: skip
        return {"density": grid}

    return lambda: work(given["points"][:, :10].copy()), lambda: work(given["points"])


def knox(given: Arrays) -> tuple[Work, Work]:
    """The Knox table."""
    from analytics.hotspots.clustering.near_repeat import Bands, knox_table

    bands = Bands(metres=tuple(given["metres"].tolist()), days=tuple(given["days"].tolist()))
    drawn = int(given["permutations"])

    def test(points: Any, day: Any) -> dict[str, Any]:
        found = knox_table(points[0], points[1], day=day, bands=bands, replications=drawn, seed=1)
        return {"observed": found.observed, "p": found.p}

    return lambda: test(given["points"][:, :200], given["day"][:200]), lambda: test(given["points"], given["day"])


def grid(given: Arrays) -> tuple[Work, Work]:
    """Points to cells."""
    from analytics.hotspots.cells._square_loops import count_squares

    points, size, (rows, columns) = given["points"], float(given["size"]), given["shape"].tolist()

    def count(points: Any) -> dict[str, Any]:
        counts = count_squares(points[0], points[1], 0.0, 0.0, size, columns, rows)
        return {"cells": np.count_nonzero(counts), "points": counts.sum()}

    return lambda: count(points[:, :1000].copy()), lambda: count(points)


def emerging(given: Arrays) -> tuple[Work, Work]:
    """Emerging hot spots of a cube (step, row, column) of counts: Gi*, exact p, false discoveries, Mann-Kendall, words."""
    from analytics.hotspots.significance.emerging import emerging_hotspots

    cube = given["cube"]
    near, few = queen(*cube.shape[1:]), queen(10, 10)

    def work(cube: Any, near: Any) -> dict[str, Any]:
        steps = pd.date_range("2020-01-01", periods=len(cube), freq="28D")
        found = emerging_hotspots(cube.reshape(len(cube), -1), near, steps=steps)
        return {"z": found.trend.z, "named": np.count_nonzero(found.category != "")}

    return lambda: work(cube[:, :10, :10], few), lambda: work(cube, near)


def scan(given: Arrays) -> tuple[Work, Work]:
    """The scan over squares and stretches of time, with p."""
    from analytics.hotspots.clustering.scan import Search
    from analytics.hotspots.clustering.squares import scan_squares

    def work(cases: Any, expected: Any, drawn: int) -> dict[str, Any]:
        found = scan_squares(cases, expected=expected, search=Search(replications=drawn, seed=1))
        return {"windows": found.windows_visited, "p": found.clusters[0].p}

    cases, expected, drawn = given["cases"], given["expected"], int(given["permutations"])
    return lambda: work(cases[:, :12, :12], expected[:, :12, :12], 2), lambda: work(cases, expected, drawn)


if __name__ == "__main__":
    serve({"gi_star": gi_star, "density": density, "knox": knox, "grid": grid, "emerging": emerging, "scan": scan})
