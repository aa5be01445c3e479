"""An engine of your own: copy this file, rename what is in it, and say in plain words what it cannot do.

A file that begins with "_" is not loaded. This one turns demand into the vans that are needed to serve it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from analytics.scenarios.contract import Declaration, Evidence, Lever
from analytics.scenarios.measure import Max, Measure
from analytics.scenarios.registry import register
from analytics.scenarios.study import Question, Study
from analytics.scenarios.values import Number
from analytics.streams import Streams
from data import City
from data.words import Sentence


class Engine:
    """Vans needed when each serves so many requests a period."""

    name: str = "vans"
    title: str = "Vans needed"
    version: str = "1"
    limits: Sequence[str] = ("Every van is taken to work at the same pace.",)
    inputs: Sequence[str] = ("Demand",)
    # What officials decide with it: all the engines that it takes, what may be moved, and the measure that it turns on.
    questions: Sequence[Question] = (
        Question(
            "vans", "Vans needed: how many requests should each serve?", engines=("baseline", "demand", "vans"),
            primary="vans", levers=("van.pace",), periods=12,
        ),
    )  # fmt: skip

    def applies(self, city: City) -> Sentence | None:
        """Nothing, or a sentence on what the city lacks and how to add it."""
        return None

    def declare(self, study: Study) -> Declaration:
        """What may be chosen, which measures of other engines are read, and what this one computes."""
        pace = Lever("van.pace", "Requests a van serves", "In a period.", "requests", Number(1, 10_000, 1), default=100)
        vans = Measure("vans", "Vans needed", "vans", over={"period": Max()})
        return Declaration(levers=(pace,), reads=("demand",), writes=(vans,))

    def run(
        self,
        study: Study,
        levers: Mapping[str, Any],
        uncertainties: Mapping[str, Any],
        upstream: Mapping[str, xr.DataArray],
        streams: Streams,
    ) -> dict[str, xr.DataArray]:
        """Whole vans by draw and period."""
        needed = np.ceil(upstream["demand"].sum(["area_id", "category"]) / levers["van.pace"])
        return {"vans": needed.astype("float32")}

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        """Facts for the caveats, and the tables that it used."""
        return Evidence()


# A template is not an engine that people should be offered; your copy registers itself.
if not __name__.endswith("._template"):
    register(Engine())
