"""What would change our mind beside published answers, closed forms and nested simulations, and how long it takes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy.optimize import brentq
from scipy.stats import norm

from analytics.scenarios import Scenario, Streams, read_scenario_file, setting_of
from analytics.scenarios.compare import compared
from analytics.scenarios.contract import Drawn
from analytics.scenarios.mind import Gains, change_of_mind
from analytics.scenarios.mind.boxes import box_of
from analytics.scenarios.mind.factors import Factor
from analytics.scenarios.mind.information import perfect, what_to_learn
from analytics.scenarios.mind.sensitivity import influences_of, swept
from analytics.scenarios.mind.tipping import edge_between
from benchmarks.rows import Row
from data import open_city

__all__ = ["rows"]

Floats = npt.NDArray[np.float64]

ROOT = Path(__file__).parents[2]
# Sobol's first-order and total indices of Ishigami's function at a = 7, b = 0.1 (Ishigami and Homma 1990; closed form).
ISHIGAMI = {"x1": (0.3139, 0.5576), "x2": (0.4424, 0.4424), "x3": (0.0, 0.2437)}
CRITICAL = 0.54454  # phosphorus at which the lake of Carpenter, Ludwig and Brock (1999) turns, at b = 0.42 and q = 2
SITES = ("chicago_sites_south", "chicago_sites_west")


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Errors against what is known, in the units of each, and seconds for a study of sites in Chicago."""
    note = "largest error of six indices, 4,096 points of Sobol's sequence"
    yield Row("ishigami_error", _ishigami(), "index", 0.005, note=note)
    note = "largest error of 200 crossings of straight lines, of the bounds' distance"
    yield Row("tipping_error", _tipping(), "share", 1e-6, note=note)
    note = "largest value over 500 tables in which one option is best everywhere"
    yield Row("evpi_dominated", _dominated(), "unit", 0.0, note=note)
    for name, off in _nested(quick=quick).items():
        yield Row(f"evppi_{name}", off, "errors", 3.0, note="standard errors between regression and what is known")
    critical, density, coverage = _lake()
    yield Row("lake_critical_error", abs(critical - CRITICAL), "phosphorus", 5e-6)
    note = f"of the box; it holds {coverage:.0%} of the failures of 1,000 lakes"
    yield Row("lake_density", density, "share", 0.95, most=False, note=note)
    yield from _chicago()


def _ishigami() -> float:
    def function(settings: dict[str, float]) -> float:
        one, two, three = (settings[name] for name in ISHIGAMI)
        return float(np.sin(one) + 7 * np.sin(two) ** 2 + 0.1 * three**4 * np.sin(one))

    factors = [Factor(name, "", "", "uncertainty", -np.pi, np.pi, 0.0) for name in ISHIGAMI]
    found = influences_of(swept(function, factors, points=4_096))
    return max(
        max(abs(each.first - ISHIGAMI[each.name][0]), abs(each.total - ISHIGAMI[each.name][1])) for each in found
    )


def _tipping() -> float:
    lead, slope = Streams(0, 200).uniform("benchmark.lines", ["lead", "slope"])
    errors = []
    for above, fall in zip(lead, slope, strict=True):
        edge = above / (above + fall)  # the line from `above` at 0 to -`fall` at 1 crosses 0 here
        errors.append(abs(edge_between(lambda x, a=above, f=fall: a - (a + f) * x, 0.0, 1.0) - edge))
    return max(errors)


def _dominated() -> float:
    most = 0.0
    for seed in range(500):
        values = Streams(seed, 60).normal("benchmark.gains", ["a", "b"])
        values = np.vstack([values, values.max(axis=0) + 1e-9])
        most = max(most, perfect(Gains(("a", "b", "c"), values)).value)
    return most


def _nested(*, quick: bool) -> dict[str, float]:
    """How many standard errors lie between the regression and what is known: a closed form, and a nested simulation."""
    one, two = Streams(4, 2_000).normal("benchmark.toy", ["1", "2"])
    line = Gains(("a", "b"), np.stack([np.zeros(2_000), 0.3 + one + 2 * two]))
    (linear,) = what_to_learn(line, [Drawn("1", "", "", xr.DataArray(one, dims="draw"), "")])
    wanted = float(norm.pdf(0.3) - 0.3 * norm.cdf(-0.3))
    curved = Gains(("a", "b", "c"), np.stack([np.zeros(2_000), 0.2 + one + one * two, one**2 - 0.9 + 0.5 * two]))
    (bent,) = what_to_learn(curved, [Drawn("1", "", "", xr.DataArray(one, dims="draw"), "")])
    outer, inner = (4_000, 200) if quick else (40_000, 400)
    own = Streams(5, outer).normal("benchmark.outer", ["x"])[0]
    other = Streams(5, inner).normal("benchmark.inner", ["y"])[0]
    expected = np.stack([np.zeros(outer), 0.2 + own * (1 + other.mean()), own**2 - 0.9 + 0.5 * other.mean()])
    best = expected.max(axis=0)
    simulated, error = float(best.mean() - expected.mean(axis=1).max()), float(best.std() / np.sqrt(outer))
    return {
        "linear": abs(linear.value - wanted) / ((linear.high - linear.low) / 3.92),
        "curved": abs(bent.value - simulated) / float(np.hypot(error, (bent.high - bent.low) / 3.92)),
    }


def _lake(b: float = 0.42, q: float = 2.0, years: int = 100) -> tuple[float, float, float]:
    """The critical point, and the box in which the lake turns, by release, inflow and phosphorus at the start."""
    critical = float(brentq(lambda x: x**q / (1 + x**q) - b * x, 0.01, 1.5))
    release, inflow, level = Streams(0, 1_000).uniform("benchmark.lake", ["release", "inflow", "start"]) * [
        [0.1],
        [0.05],
        [0.5],
    ]
    places, turned = {"release": release, "inflow": inflow, "start": level}, np.zeros(1_000, dtype=bool)
    for _ in range(years):
        level = (1 - b) * level + level**q / (1 + level**q) + release + inflow
        turned |= level > critical
    box = box_of(places, turned, dense=0.95)
    return (critical, 0.0, 0.0) if box is None else (critical, box.density, box.coverage)


def _chicago() -> Iterator[Row]:
    """Everything for two plans of sites, after they were compared, and what plain reruns of the comparison say of it."""
    data = Path(os.environ.get("CIVICAST_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not data.is_dir():
        return
    os.environ["CIVICAST_TEST_DATA"] = str(data)
    city = open_city(ROOT / "tests" / "cities" / "chicago.toml")
    plans = [read_scenario_file(ROOT / "tests" / "cities" / "scenarios" / f"{name}.toml").scenario for name in SITES]
    setting = setting_of(city, [Scenario("Today"), *plans], question="sites", baseline="Today", seed=1)
    compared(setting)
    began, cpu = time.perf_counter(), time.process_time()
    found = change_of_mind(setting)
    seconds, own = time.perf_counter() - began, time.process_time() - cpu
    note = f"{own:.1f} s of the processor; {len(found.tippings)} things moved, {found.tried} settings of all together"
    yield Row("mind_s", seconds, "s", 20.0, note=note)
    means = {each.name: 0.0 for each in plans}
    for name in means:
        run = setting.composition.run
        option, today = (next(each for each in setting.options if each.name == which) for which in (name, "Today"))
        travel = [run(each.levers, each.assumed)[0]["travel"] for each in (today, option)]
        weighed = [(each * each["demand"]).sum("area_id") / each["demand"].sum("area_id") for each in travel]
        means[name] = float((weighed[0] - weighed[1]).mean())
    lead = max(means.values()) - sorted([*means.values(), 0.0])[-2]
    note = "the lead, worked out from the engines' own arrays"
    yield Row("mind_brute_force", abs(found.lead - lead) / lead, "share", 1e-6, note=note)
