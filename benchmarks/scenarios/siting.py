"""Sites: published optima of location problems, spopt with CBC on the same problems, and Chicago from files to a verdict."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import shortest_path

from analytics.scenarios import Ask, Scenario, compare, suggest
from analytics.scenarios.engines.sites.location import Located, Rules, centre, cover_all, coverage, median
from benchmarks.environment import python_with
from benchmarks.forecasting.sets import chicago, data_folder
from benchmarks.paired import Array
from benchmarks.rows import Row, cost_of

__all__ = ["problem", "rows"]

PEERS = ("spopt==0.7.0", "pulp==3.3.2")
# OR-Library (Beasley 1990, Journal of the Operational Research Society 41:1069-1072), file pmedopt.
OPTIMA = (
    5819, 4093, 4250, 3034, 1355, 7824, 5631, 4445, 2734, 1255, 7696, 6634, 4374, 2968, 1729, 8162, 6999, 4809, 2845, 1789,
    9138, 8579, 4619, 2961, 1828, 9917, 8307, 4498, 3033, 1989, 10086, 9297, 4700, 3013, 10400, 9934, 5057, 11060, 9423, 5128,
)  # fmt: skip
FEW = (1, 6, 10, 16)
SF_MEAN, SF_UNCOVERED, SF_SITES, SF_FARTHEST = 2982.12686, 21, 8, 7403.0638
SJC324 = (5_461, 8_790, 11_604, 12_106, 12_152)
EARTH = 6_371_008.8  # metres


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Every row of sites; those without their data are left out, saying so."""
    folder = data_folder()
    if folder.is_dir():
        yield from _pmed(folder / "benchmarks" / "pmedian", FEW if quick else tuple(range(1, len(OPTIMA) + 1)))
        yield from _san_francisco(folder / "engines" / "siting")
        yield from _sjc(folder / "engines" / "siting" / "sjc")
        yield from _chicago()
    else:
        print(f"no real data at {folder}: published optima and Chicago are left out")
    yield from _against_spopt(folder, quick=quick)


def _pmed(folder: Path, numbers: tuple[int, ...]) -> Iterator[Row]:
    found: dict[int, tuple[Located, float]] = {}
    _solved(*problem(folder / "pmed1.txt"))  # compiles
    for number in numbers:
        found[number] = _solved(*problem(folder / f"pmed{number}.txt"))
    over = {each: 100 * (answer.value / OPTIMA[each - 1] - 1) for each, (answer, _) in found.items()}
    gaps = {each: 100 * answer.gap for each, (answer, _) in found.items()}
    seconds = {each: cost for each, (_, cost) in found.items()}
    exact = sum(answer.value == OPTIMA[each - 1] for each, (answer, _) in found.items())
    proven = sum(gap == 0 for gap in gaps.values())
    note = f"{len(found)} problems; worst proven gap {max(gaps.values()):.3g} %, {proven} proven to be the best"
    yield Row("pmed_max_gap", max(over.values()), "%", 0.5, note=note)
    yield Row("pmed_exact", exact, "problems", 25 * len(found) / len(OPTIMA), most=False, note=f"of {len(found)}")
    slowest = max(seconds, key=seconds.__getitem__)
    yield Row("pmed_max_cpu", seconds[slowest], "s", 60.0, note=f"pmed{slowest}; {sum(seconds.values()):.0f} s for all")


def _solved(distance: Array, size: int) -> tuple[Located, float]:
    answer, seconds = cost_of(lambda: median(distance, np.ones(len(distance)), Rules(size=size)))
    assert answer is not None
    return answer, seconds


def problem(path: Path) -> tuple[Array, int]:
    """All shortest ways, and how many places; of an edge that stands twice the later counts."""
    numbers = [int(each) for each in path.read_text(encoding="ascii").split()]
    nodes, edges, size = numbers[:3]
    known: dict[tuple[int, int], int] = {}
    for one, other, length in np.reshape(numbers[3 : 3 + 3 * edges], (-1, 3)):
        known[min(one, other) - 1, max(one, other) - 1] = length
    tail, head = np.array(list(known)).T
    graph = csr_matrix((np.array(list(known.values()), dtype=float), (tail, head)), shape=(nodes, nodes))
    ways: Array = shortest_path(graph, directed=False)
    return ways, size


def _san_francisco(folder: Path) -> Iterator[Row]:
    table = pd.read_csv(folder / "sf_network_distance_m_205x16.csv").sort_values("DestinationName")
    weight = pd.read_csv(folder / "sf_demand_205.csv").sort_values("tract")["population"].to_numpy(dtype=float)
    distance = table.drop(columns="DestinationName").to_numpy(dtype=float)
    near = _sure(median(distance, weight, Rules(size=4)))
    most = _sure(coverage(distance, weight, Rules(size=4), reach=5000.0))
    uncovered = int((distance[:, list(most.chosen)].min(axis=1) > 5000).sum())
    yield _published("sf_mean_m", near.value / weight.sum(), SF_MEAN, "m", apart=5e-6)
    yield _published("sf_uncovered", uncovered, SF_UNCOVERED, "tracts")
    yield _published("sf_cover_all", _sure(cover_all(distance, Rules(), reach=5000.0)).value, SF_SITES, "sites")
    farthest = _sure(centre(distance, Rules(size=4), weight=weight)).value
    yield _published("sf_farthest_m", farthest, SF_FARTHEST, "m", apart=1e-4)


def _sjc(folder: Path) -> Iterator[Row]:
    table = pd.read_csv(folder / "SJC324.csv")
    points = table[["x_m", "y_m"]].to_numpy(dtype=float)
    distance = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
    weight = table["demand"].to_numpy(dtype=float)
    found = [_sure(coverage(distance, weight, Rules(size=size), reach=800.0)).value for size in range(1, 6)]
    wrong = sum(ours != known for ours, known in zip(found, SJC324, strict=True))
    told = ", ".join(f"{each:,.0f}" for each in found)
    yield Row("sjc324_wrong", wrong, "of 5", 0.0, note=f"covered by 1 to 5 sites: {told}")


def _published(name: str, ours: float, known: float, unit: str, *, apart: float = 0.0) -> Row:
    """Ours, whose goal is to lie no further from the published answer than its digits tell."""
    return Row(name, abs(ours - known), f"{unit} apart", apart, note=f"ours {ours:.10g}, published {known:.10g}")


def _sure(found: Located | None) -> Located:
    assert found is not None
    assert found.gap == 0.0
    return found


def _chicago() -> Iterator[Row]:
    """Two new service points among libraries: from files to a proposed plan and a verdict with who gains, then again."""
    began = time.perf_counter()
    (city, verdict), cost = cost_of(_from_files)
    first = time.perf_counter() - began
    began = time.perf_counter()
    _, again = cost_of(lambda: _asked(city))
    warm = time.perf_counter() - began
    yield Row("chicago_sites_first_s", first, "s", 15.0, note=f"{cost:.1f} s of CPU; {verdict}")
    yield Row("chicago_sites_warm_s", warm, "s", 1.0, note=f"proposed and compared again, {again:.2f} s of CPU")


def _from_files() -> tuple[Any, str]:
    city = chicago()
    return city, _asked(city)


def _asked(city: Any) -> str:
    plan = suggest(city, "sites", Ask(size=2)).suggestions[0]
    found = compare(city, [Scenario("today"), plan.scenario], question="sites")
    groups = found.by_group[plan.scenario.name, "travel"].sizes["group"]
    return f"{found.verdict} {groups} groups"


def _against_spopt(folder: Path, *, quick: bool) -> Iterator[Row]:
    """The same problems: random places in a square, and the listed buildings of York."""
    python = python_with(PEERS, folder=".peers-siting")
    cases = [("siting_vs_spopt", 2000, 150, 1 / 3), ("siting_vs_spopt_1000", 1000, 200, 1 / 10)]
    for name, demands, places, goal in cases:
        if quick:
            demands, places = demands // 10, places // 5
        for problem in ("coverage", "median"):
            distance, weight = _square(demands, places)
            note = f"{problem}, {demands} × {places}, 10 sites"
            yield _beside(python, name if problem == "coverage" else f"{name}_median", distance, weight, problem,
                          size=10, reach=15.0, goal=goal, note=note)  # fmt: skip
    york = folder / "benchmarks" / "location_york"
    if york.is_dir():
        distance = _york(york)[:: 10 if quick else 1, :: 10 if quick else 4]
        yield _beside(python, "york", distance, np.ones(len(distance)), "coverage", size=20, reach=100.0, goal=None,
                      note="crimes within 100 m of 20 of a quarter of the listed buildings")  # fmt: skip


def _square(demands: int, places: int) -> tuple[Array, Array]:
    rng = np.random.Generator(np.random.Philox(1))
    points, sites = rng.uniform(0, 100, (demands, 2)), rng.uniform(0, 100, (places, 2))
    return np.hypot(*(points[:, None] - sites).transpose(2, 0, 1)), rng.integers(1, 100, demands).astype(float)


def _york(folder: Path) -> Array:
    """Metres from crimes to buildings, on a plane that touches the middle."""
    sites, crimes = pd.read_csv(folder / "york.csv"), pd.read_csv(folder / "york_crime.csv")
    middle = np.radians(sites["lat"].mean())
    ends = [np.radians(table[["long", "lat"]].to_numpy()) * [np.cos(middle), 1.0] * EARTH for table in (crimes, sites)]
    metres: Array = np.hypot(*(ends[0][:, None] - ends[1]).transpose(2, 0, 1))
    return metres


def _beside(
    python: Path, name: str, distance: Array, weight: Array, problem: str, *, size: int, reach: float, goal: float | None,
    note: str,
) -> Row:  # fmt: skip
    def ours() -> Located | None:
        rules = Rules(size=size)
        return (
            median(distance, weight, rules) if problem == "median" else coverage(distance, weight, rules, reach=reach)
        )

    found, seconds = cost_of(ours)
    theirs = _spopt(python, distance=distance, weight=weight, problem=problem, size=size, reach=reach)
    same = found is not None and abs(found.value - theirs["value"]) <= 1e-6 * theirs["value"]
    told = f"the same optimum, {theirs['value']:,.0f}" if same else f"another optimum: {found} and {theirs['value']}"
    return Row(
        name, seconds, "s", goal if same else 0.0, peer=theirs["seconds"], peer_name="spopt", note=f"{note}; {told}"
    )


def _spopt(python: Path, **given: Any) -> dict[str, float]:
    """What spopt finds with CBC in an environment of its own, and its CPU seconds."""
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "asked.npz"
        np.savez(asked, **given)
        command = [str(python), "-W", "ignore", "-m", "benchmarks.scenarios.siting_side", str(asked)]
        answer = subprocess.run(command, check=True, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found
