"""Whether verdicts mean what they say: decisions in fresh cities, against what was planted there.

Each city is estimated anew: its forecast fitted and backtested, its elasticities found. Ten pairs of options are run by
the engines and judged as ``compare`` does, and the chance that one exceeds the other, stated as a share of futures, is held
against a future of the true process in which both options meet the same counts (came). Whether a verdict is on the right
side is told by what the planted means give (expected).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import xarray as xr

from analytics.forecasting import forecast
from analytics.parallel import Progress
from analytics.resampling import BOUNDS, resamples
from analytics.results import code_version
from analytics.scenarios import Measure, Scenario, Study
from analytics.scenarios.composition import Composition, compose
from analytics.scenarios.engines.baseline import Baseline
from analytics.scenarios.framing import study_of
from analytics.scenarios.levers import resolved
from analytics.scenarios.registry import engines
from analytics.scenarios.verdict import MATTERS, judge
from benchmarks.fresh_cities import SERIES, Array, FreshCity, fresh_city
from benchmarks.hotspots.measuring import ONE_THREAD
from benchmarks.rows import Row
from benchmarks.scenarios.decisions_side import DECISIONS, Decision, outcome
from data import fingerprint_of

__all__ = ["rows"]

CITIES, QUICK_CITIES = 400, 40
FIRST = 0  # what was mended was found on cities from 5,000 and from 10,000 on
DRAWS = 200
MONTHS = 12
MODEL = "pooled_counts"
BINS = 5
GOAL_ERROR, GOAL_RIGHT = 5.0, 90.0
RESAMPLED = 1000
KEPT = Path(__file__).parent.parent / ".calibration"


def rows(*, quick: bool = False) -> Iterator[Row]:
    """The calibration error of stated chances, how often near ties are left open or decided rightly, and the others."""
    found = answers(range(FIRST, FIRST + (QUICK_CITIES if quick else CITIES)))
    yield Row(
        "verdict_calibration",
        100 * calibration_error(found["chance"], found["came"]),
        "points",
        GOAL_ERROR,
        note=_note(found),
    )
    near = found["apart"] < MATTERS
    yield _share(
        "verdict_near_ties", found[near]["open"] | found[near]["right"],
        "closer than what matters: left open or on the right side; "
        f"left open {100 * found[near]['open'].mean():.1f} %",
    )  # fmt: skip
    decided = ~found["open"]
    yield _share("verdict_decided", found[decided]["right"], "called better, worse or different: on the right side")


def _share(name: str, held: pd.Series, what: str) -> Row:
    return Row(name, 100 * float(held.mean()), "%", GOAL_RIGHT, most=False, note=f"{len(held)} decisions {what}")


def calibration_error(chance: Sequence[float] | pd.Series, truth: Sequence[float] | pd.Series) -> float:
    """The mean distance, by bin of stated chance and weighed by its size, from the share of times that it came true.

    Source: Naeini, Cooper and Hauskrecht (2015), "Obtaining well calibrated probabilities using Bayesian binning".
    """
    stated, true = np.asarray(chance, dtype=float), np.asarray(truth, dtype=float)
    place = np.minimum((stated * BINS).astype(int), BINS - 1)
    apart = [abs(float((stated - true)[place == each].sum())) for each in range(BINS)]
    return sum(apart) / len(stated)


def _note(found: pd.DataFrame) -> str:
    place = np.minimum((found["chance"] * BINS).astype(int), BINS - 1)
    bins = [
        f"{100 * part['chance'].mean():.0f} % came {100 * part['came'].mean():.0f} % (n {len(part)})"
        for _, part in found.groupby(place)
    ]
    own = [part for _, part in found.groupby("city")]
    again = [
        calibration_error(*(np.concatenate([own[city][name] for city in drawn]) for name in ("chance", "came")))
        for drawn in resamples(len(own), seed=0, times=RESAMPLED)
    ]
    low, high = np.quantile(again, BOUNDS)
    kinds = found.groupby("kind")[["chance", "came"]].mean().diff(axis=1)["came"]
    expected = calibration_error(found["chance"], found["expected"])
    return (
        f"{len(own)} cities, {len(found)} decisions: {', '.join(bins)}; cities drawn again give {100 * low:.1f} to "
        f"{100 * high:.1f}; against the planted means {100 * expected:.1f}; most off: {kinds.abs().idxmax()}, where the "
        f"second exceeds the first {100 * kinds[kinds.abs().idxmax()]:+.1f} points oftener than stated"
    )


def answers(numbers: Sequence[int]) -> pd.DataFrame:
    """One row a city and decision; cities that the same code has judged are read from a file, the others added to it."""
    code = fingerprint_of(code_version(), *(each.read_text() for each in _own_code()))
    kept = KEPT / f"{code[:12]}.jsonl"
    KEPT.mkdir(exist_ok=True)
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.is_file() else []
    known = {row[0]["city"]: row for row in map(json.loads, lines)}
    missing = [number for number in numbers if number not in known]
    with kept.open("a", encoding="utf-8") as file, _workers() as pool:
        for found in pool.map(judged, missing):
            known[found[0]["city"]] = found
            print(json.dumps(found), file=file, flush=True)
    return pd.DataFrame([row for number in numbers for row in known[number]])


def _own_code() -> list[Path]:
    here = Path(__file__)
    return [here, here.with_name("decisions_side.py"), here.parent.parent / "fresh_cities.py"]


class Pinned(Baseline):
    """The baseline by the model that is chosen for such panels anyway: the others would only take time."""

    def prepare(self, study: Study, *, progress: Progress) -> None:
        """Nothing is chosen."""

    def run(self, study: Study, *_: object) -> dict[str, xr.DataArray]:
        """The draws of that model's forecast, with its backtest for how areas hang together."""
        panel = study.table("series")
        return {"baseline_demand": forecast(panel, horizon=study.periods, model=MODEL, candidates=[MODEL]).draws(study)}


def judged(number: int) -> list[dict[str, object]]:
    """What is stated of each decision in a city, and what is true of it."""
    fresh = fresh_city(number)
    with _own_workspace():
        study = study_of(fresh.city, series=SERIES, periods=MONTHS, freq="MS", draws=DRAWS, seed=number)
        composition = compose([Pinned(), engines()["demand"]], study)
        made = {kind: make(fresh, number) for kind, make in DECISIONS.items()}
        return [{"city": number, "kind": kind} | _judged(fresh, composition, each) for kind, each in made.items()]


def _judged(fresh: FreshCity, composition: Composition, decision: Decision) -> dict[str, object]:
    options = (decision.first, decision.second)
    measure = next(each for each in composition.outcomes if each.name == decision.measure)
    before, after = (_outcome(composition, measure, each) for each in options)
    difference, draws = judge(decision.second.name, measure, before, after, matters=MATTERS, baseline_name="")
    expected, came = (
        [outcome(fresh, table, each)[measure.name] for each in options] for table in (fresh.expected, fresh.came)
    )
    return {
        "areas": len(fresh.planted.level),
        "chance": _above(draws.to_numpy()),
        "expected": _above(np.array(expected[1] - expected[0])),
        "came": _above(np.array(came[1] - came[0])),
        "apart": abs(expected[1] - expected[0]) / expected[0],
        "open": difference.verdict in ("too_close", "no_change"),
        "right": bool(np.sign(difference.median) == np.sign(expected[1] - expected[0])),
    }


def _outcome(composition: Composition, measure: Measure, option: Scenario) -> xr.DataArray:
    """The measure by draw, as ``compare`` has it."""
    assumed = dict.fromkeys(each.name for each in composition.uncertainties)
    found, _ = composition.run(resolved(option, composition.levers), assumed)
    return measure.reduced(found[measure.name]).astype("float64")


def _above(difference: Array) -> float:
    """The share above 0, a tie for half."""
    return float((difference > 0).mean() + 0.5 * (difference == 0).mean())


@contextmanager
def _workers() -> Iterator[ProcessPoolExecutor]:
    """Processes of one thread each, since the matrices are small and threads only wait for each other."""
    with _environment(ONE_THREAD), ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield pool


@contextmanager
def _own_workspace() -> Iterator[None]:
    """Backtests of cities that nobody will meet again do not belong into anyone's workspace."""
    with TemporaryDirectory() as folder, _environment({"CIVICAST_HOME": folder}):
        yield


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
