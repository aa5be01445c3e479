"""Both sides of ``ema``, in one process that holds EMA Workbench beside what we are built on."""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from analytics.scenarios import Comparison, Scenario, compare
from analytics.scenarios.composition import Composition, compose
from analytics.scenarios.framing import study_of
from analytics.scenarios.levers import resolved
from analytics.scenarios.questions import question_named
from analytics.scenarios.registry import engines
from data import City, open_city

SERIES, PERIODS, DRAWS, SEED = "service_requests", 24, 500, 1
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
LEVERS = {"homes": "population.growth", "offices": "jobs.growth", "change": "demand.change"}
BOUNDS = {"homes": (-0.5, 1.0), "offices": (-0.5, 1.0), "change": (-0.9, 2.0)}
Plans = dict[str, dict[str, float]]
Arrays = dict[str, np.ndarray]


def plans(step: int) -> Plans:
    """Today and two plans that no step has met before."""
    small = 1e-4 * step
    plan = {"homes": 0.05 + small, "offices": 0.02 + small, "change": 0.0}
    other = {"homes": 0.03 + small, "offices": 0.0, "change": -0.04 - small}
    return {"today": dict.fromkeys(LEVERS, 0.0), "plan": plan, "other": other}


def levers_of(values: Mapping[str, float]) -> dict[str, float]:
    """The values by the names of our levers; those at rest are left out."""
    return {LEVERS[name]: value for name, value in values.items() if value}


def ours(city: City, chosen: Plans) -> Comparison:
    """The whole comparison, as anyone calls it."""
    options = [Scenario(name, levers=levers_of(values)) for name, values in chosen.items()]
    return compare(
        city, options, baseline="today", question="demand", series=SERIES, periods=PERIODS, freq="MS", draws=DRAWS, seed=SEED
    )  # fmt: skip


class Workbench:
    """EMA Workbench over the same engines: the model is a function of the levers that returns arrays over all futures."""

    def __init__(self, city: City) -> None:
        """Declares the model's levers and outcomes; the engines are composed once."""
        from ema_workbench import ArrayOutcome, Model, RealParameter

        named = question_named(city, "demand")
        study = study_of(city, question=named, series=SERIES, periods=PERIODS, freq="MS", draws=DRAWS, seed=SEED)
        known = engines()
        self.composition: Composition = compose([known[each] for each in named.engines], study)
        self.model = Model("civicast", function=self.run)
        self.model.levers = [RealParameter(name, *bounds) for name, bounds in BOUNDS.items()]
        names = [each.name for each in self.composition.outcomes]
        self.model.outcomes = [ArrayOutcome(name) for name in (*names, "by_area", "by_group")]

    def run(self, **values: float) -> Arrays:
        """One option: each measure by draw, and the first one by draw and area and by draw and group."""
        outcomes = self.engines(values)
        layer = self.composition.study.city.areas[self.composition.outcomes[0].layer]
        found = {
            each.name: each.reduced(outcomes[each.name], areas=layer).astype("float64").to_numpy()
            for each in self.composition.outcomes
        }
        first = self.composition.outcomes[0]
        found["by_area"] = first.reduced(outcomes[first.name], keep=("area_id",), areas=layer).to_numpy()
        found["by_group"] = first.by_group(outcomes[first.name], layer).to_numpy()
        return found

    def engines(self, values: Mapping[str, float]) -> Mapping[str, Any]:
        """The runs of the engines alone."""
        assumed = dict.fromkeys(each.name for each in self.composition.uncertainties)
        option = Scenario("option", levers=levers_of(values))
        return self.composition.run(resolved(option, self.composition.levers), assumed)[0]

    def compared(self, chosen: Plans) -> dict[str, Arrays]:
        """Every pair of options on every outcome: bands, means and counts of paired differences, by name."""
        from ema_workbench import Policy, perform_experiments

        policies = [Policy(name, **values) for name, values in chosen.items()]
        experiments, outcomes = perform_experiments(self.model, policies=policies, log_progress=True)
        row = {name: place for place, name in enumerate(experiments["policy"])}
        return {
            f"{second} {name}": _told(values[row[second]] - values[row[first]])
            for first, second in itertools.combinations(chosen, 2)
            for name, values in outcomes.items()
        }


def _told(difference: np.ndarray) -> Arrays:
    return {
        "bands": np.quantile(difference, LEVELS, axis=0),
        "mean": difference.mean(axis=0),
        "more": (difference > 0).sum(axis=0),
        "fewer": (difference < 0).sum(axis=0),
    }


def cpu(work: Callable[[], Any]) -> float:
    """CPU seconds of work."""
    began = time.process_time()
    work()
    return time.process_time() - began


def deviation(city: City, peer: Workbench) -> float:
    """The largest distance between medians of both sides, as a share of today's."""
    chosen = plans(0)
    theirs, found = peer.compared(chosen), ours(city, chosen)
    return max(
        abs(each.median - theirs[f"{each.option} {each.measure}"]["bands"][2]) / each.baseline_mean
        for each in found.differences
        if each.option == "plan"
    )


def main(steps: int) -> None:
    """Prints the quickest step of each side in CPU seconds."""
    city = open_city("meridian")
    peer = Workbench(city)
    apart = deviation(city, peer)  # fits the forecast, and today's draws are kept for both
    seconds: dict[str, list[float]] = {"ours": [], "theirs": [], "engines": []}
    for step in range(1, 3 * steps, 3):
        seconds["ours"].append(cpu(lambda step=step: ours(city, plans(step))))  # type: ignore[misc]
        seconds["theirs"].append(cpu(lambda step=step: peer.compared(plans(step + 1))))  # type: ignore[misc]
        values = plans(step + 2).values()
        seconds["engines"].append(cpu(lambda values=values: [peer.engines(each) for each in values]))  # type: ignore[misc]
    print(json.dumps({"apart": apart} | {name: min(each) for name, each in seconds.items()}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
