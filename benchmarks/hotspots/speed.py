"""CPU time and memory beside esda, scipy, KDEpy, pointpats, pandas and pymannkendall, each in a fresh process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.environment import python_with
from benchmarks.hotspots import sets
from benchmarks.hotspots.measuring import ask
from benchmarks.paired import Array
from benchmarks.rows import Row

__all__ = ["rows"]

PACKAGES = (
    "esda==2.9.0", "libpysal==4.14.1", "pointpats==2.5.5", "KDEpy==1.1.12", "pymannkendall==1.4.3", "numba==0.68.1",
)  # fmt: skip
SIDE, SQUARE, BANDWIDTH = 200, 100.0, 300.0
STEPS = 36
SERIES = 2000  # of the 40,000: pymannkendall takes a minute for each so many
SCANNED = (20, 60, 60)
WARM = "warmed up on a small part, weights ready"


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Every row of cost; nothing but the Knox table needs data."""
    python = python_with(PACKAGES, folder=".peers-hotspots")
    yield from _gi_star(python, 60 if quick else SIDE)
    yield from _density(python, 20_000 if quick else 100_000, 100_000 if quick else 1_000_000)
    yield from _knox(python, 10_000 if quick else 100_000)
    yield from _grid(python, 1_000_000 if quick else 10_000_000)
    yield from _emerging(python, 50 if quick else SIDE, 200 if quick else SERIES)
    yield _scan(9 if quick else 999)


def _points(number: int, seed: int = 1) -> Array:
    """Points (axis, number) in metres around 200 places of a 20 km square, all on the grid."""
    rng = np.random.Generator(np.random.Philox(seed))
    places = rng.uniform(0.1, 0.9, (2, 200)) * SIDE * SQUARE
    spread = rng.uniform(100, 1000, 200)
    of = rng.integers(0, 200, number)
    points = places[:, of] + rng.normal(size=(2, number)) * spread[of]
    return np.ascontiguousarray(np.clip(points, SQUARE, SIDE * SQUARE - SQUARE))


def _counts(side: int, steps: int = 1) -> Array:
    """Counts (step, row, column) whose rates differ from place to place."""
    rng = np.random.Generator(np.random.Philox(2))
    return rng.poisson(rng.gamma(0.5, 4.0, (side, side)), (steps, side, side)).astype(float)


def _gi_star(python: Path, side: int) -> Iterator[Row]:
    counts = _counts(side)[0]
    ours = ask("our_side", "gi_star", counts=counts)
    peer, keeping = (ask("peers_side", "gi_star", python=python, counts=counts, keep=keep) for keep in (False, True))
    apart = float(np.abs(ours.values["z"] - peer.values["z"]).max())
    yield Row(
        "gistar_vs_esda", ours.seconds, "s", 1 / 100, peer=peer.seconds, peer_name="esda",
        note=f"{side**2:,} cells; esda compiled, 1 core, Graph, 999 permutations; {WARM}; z differ by {apart:.1g}",
    )  # fmt: skip
    yield Row(
        "gistar_memory_vs_esda", ours.megabytes, "MB", 1 / 20, peer=keeping.megabytes, peer_name="esda",
        note="above what was in use before; esda as it comes, which keeps what it simulates",
    )  # fmt: skip
    yield Row(
        "gistar_memory_vs_lean_esda", ours.megabytes, "MB", peer=peer.megabytes, peer_name="esda",
        note="esda told not to keep its simulations",
    )  # fmt: skip


def _density(python: Path, number: int, most: int) -> Iterator[Row]:
    points = _points(number)
    given: dict[str, Any] = {
        "points": points, "middles": (np.arange(SIDE) + 0.5) * SQUARE, "size": SQUARE, "bandwidth": BANDWIDTH,
    }  # fmt: skip
    ours = ask("our_side", "density", **given)
    for name, task, goal in (("scipy", "scipy_density", 1 / 1000), ("KDEpy", "kdepy_density", 1.0)):
        peer = ask("peers_side", task, python=python, **given)
        yield Row(
            f"kde_vs_{name.lower()}", ours.seconds, "s", goal, peer=peer.seconds, peer_name=name,
            note=f"{number:,} points on {SIDE} × {SIDE}, bandwidth of 3 squares; warmed up",
        )  # fmt: skip
    many = given | {"points": _points(most)}
    large = ask("our_side", "density", **many)
    yield Row("kde_1m_ms", 1000 * large.seconds, "ms", 50, note=f"{most:,} points; {large.megabytes:.1f} MB; warmed up")
    yield Row("kde_1m_error", _peak_error(many, large.values["density"]), "%", 0.5, note="of the ten highest squares")


def _peak_error(given: dict[str, Any], density: Array) -> float:
    """The largest relative error, in per cent, at the middles of the ten highest squares, against the sum itself."""
    highest = np.argsort(density.ravel())[-10:]
    row, column = np.unravel_index(highest, density.shape)
    middles, (x, y), bandwidth = given["middles"], given["points"], given["bandwidth"]
    exact = [
        np.exp(-((x - middles[c]) ** 2 + (y - middles[r]) ** 2) / (2 * bandwidth**2)).sum()
        for r, c in zip(row, column, strict=True)
    ]
    wanted = np.array(exact) * SQUARE**2 / (2 * np.pi * bandwidth**2)
    return float(100 * np.abs(density.ravel()[highest] / wanted - 1).max())


def _knox(python: Path, number: int) -> Iterator[Row]:
    if not sets.parquet().is_file():
        print("The Knox rows are left out: there are no data of Philadelphia.", file=sys.stderr)
        return
    frame = sets.philadelphia().frame
    start = int(frame["time"].searchsorted(np.datetime64("2019-01-01")))
    points, day = _events(frame.iloc[start : start + number])
    given: dict[str, Any] = {"metres": [100.0, 200.0, 300.0, 400.0], "days": [7, 14], "permutations": 999}
    ours = ask("our_side", "knox", points=points, day=day, **given)
    pairs = int(ours.values["observed"][:-1].sum())
    note = (
        f"{number:,} incidents in a row of 2019; {pairs:,} pairs up to 400 m, 4 + 1 bands by 7 and 14 days, 999 draws"
    )
    yield Row("knox_100k_s", ours.seconds, "s", 15, note=note)
    yield Row("knox_100k_mb", ours.megabytes, "MB", 500)
    few = {"points": points[:, :2000], "day": day[:2000]}
    small = ask("our_side", "knox", **few, metres=[400.0], days=[7], permutations=99)
    peer = ask("peers_side", "knox", python=python, **few, metres=400.0, days=7.0)
    same = int(small.values["observed"][:2, 0].sum()) == int(peer.values["pairs"])
    yield Row(
        "knox_vs_pointpats", small.seconds, "s", peer=peer.seconds, peer_name="pointpats",
        note=f"2,000 incidents, one band, 99 draws; {'the same' if same else 'ANOTHER'} number of pairs",
    )  # fmt: skip


def _events(frame: Any) -> tuple[Array, Array]:
    points = np.ascontiguousarray(frame[["x", "y"]].to_numpy().T)
    return points, (frame["time"].dt.normalize() - frame["time"].iloc[0].normalize()).dt.days.to_numpy(float)


def _grid(python: Path, number: int) -> Iterator[Row]:
    given = {"points": _points(number), "size": SQUARE, "shape": (SIDE, SIDE)}
    ours = ask("our_side", "grid", **given)
    tried = [ask("peers_side", task, python=python, **given) for task in ("pandas_tuple", "pandas_flat")]
    seconds = [each.seconds for each in tried]
    yield Row(
        "grid_vs_pandas", ours.seconds, "s", 1 / 20, peer=min(seconds), peer_name="pandas",
        note=f"{number:,} points; pandas by pairs {seconds[0]:.2f} s, by one whole number a cell {seconds[1]:.2f} s",
    )  # fmt: skip


def _emerging(python: Path, side: int, series: int) -> Iterator[Row]:
    from analytics.hotspots.significance.chance import gi_z
    from benchmarks.hotspots.our_side import queen

    cube = _counts(side, STEPS)
    ours = ask("our_side", "emerging", cube=cube)
    z = gi_z(cube.reshape(STEPS, -1), queen(side, side)).T
    of = np.linspace(0, len(z) - 1, series).astype(int)
    peer = ask("peers_side", "mann_kendall", python=python, series=z[of])
    scale = len(z) / series
    yield Row(
        "emerging_vs_pymannkendall", ours.seconds, "s", 1 / 300, peer=peer.seconds * scale, peer_name="pymannkendall",
        note=f"{len(z):,} cells × {STEPS}: all of ours, its trend test alone on {series:,} series times {scale:g}",
    )  # fmt: skip
    yield Row("emerging_z_difference", float(np.abs(ours.values["z"][of] - peer.values["z"]).max()), "z", 1e-9)


def _scan(drawn: int) -> Row:
    rng = np.random.Generator(np.random.Philox(3))
    expected = np.broadcast_to(rng.gamma(2.0, 0.5, SCANNED[1:]), SCANNED).copy()
    ours = ask("our_side", "scan", cases=rng.poisson(expected), expected=expected, permutations=drawn)
    visited = int(ours.values["windows"])
    return Row(
        "scan_windows_per_s", visited / ours.seconds, "windows/s", 100e6, most=False,
        note=f"{visited:,} windows in {ours.seconds:.1f} s: {SCANNED[1]} × {SCANNED[2]} cells × {SCANNED[0]}, {drawn} draws",
    )  # fmt: skip
