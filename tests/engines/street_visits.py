"""A toy engine that fills the whole contract: it prepares, reads another engine, answers a question and proposes plans."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import xarray as xr

from analytics.errors import ScenarioError
from analytics.parallel import Progress
from analytics.scenarios.contract import Ask, Declaration, Evidence, Lever, Objective, Suggestion, Uncertainty
from analytics.scenarios.measure import AREA, Mean, Measure, Sum
from analytics.scenarios.registry import register
from analytics.scenarios.study import Question, Scenario, Study
from analytics.scenarios.values import Number, PerKey
from analytics.streams import Streams
from data import City
from data.words import Sentence


class Visits:
    """Visits that are made in spite of the delay."""

    name: str = "street_visits"
    title: Sentence = Sentence("amounts.inside", {"text": "Visits in spite of delay"})
    version: str = "1"
    limits: Sequence[str] = ("Nobody changes the way they go.",)
    inputs: Sequence[str] = ("Delay by street",)
    questions: Sequence[Question] = (
        Question("visits", "Visits", engines=("closed_streets", "street_visits"), primary="visits", periods=2),
    )
    objectives: Sequence[Objective] = (Objective("most", "Most visits"),)

    def __init__(self) -> None:
        self.habits: WeakKeyDictionary[Study, Any] = WeakKeyDictionary()

    def applies(self, city: City) -> str | None:
        """People are needed."""
        return None if city.areas else "Visits need residents: add a section [areas.NAME] to the city.toml."

    def declare(self, study: Study) -> Declaration:
        """Each area may be given more buses; prices may be raised."""
        buses = PerKey(0, 0.5, keys=self._areas(study), key_kind="area")
        levers = (
            Lever("buses.more", "More buses", "By area.", "share", buses, seen=(0.0, 0.1)),
            Lever("fare.price", "Fare", "Of a ride.", "euro", Number(0, 10, 1), default=2),
        )
        visits = Measure("visits", "Visits", "visits", "higher", {AREA: Sum()}, layer="ward")
        wait = Measure("wait", "Wait", "minutes", over={AREA: Mean("riders")}, layer="ward", print_as="units")
        habit = Uncertainty("visits.habit", "Habit", 0.5, 2.0)
        return Declaration(levers, (habit,), reads=("delay",), writes=(visits, wait))

    def prepare(self, study: Study, *, progress: Progress) -> None:
        """How often people go out, as of old."""
        if study in self.habits:
            raise RuntimeError("prepared twice")  # the contract says once a study
        progress(0.5, "Asking")
        people = study.table("areas", "ward").frame["population"].to_numpy(dtype=float)
        series = study.table("series").values.sum(axis=1).mean()
        self.habits[study] = people * float(series) / 1e4

    def run(
        self,
        study: Study,
        levers: Mapping[str, Any],
        uncertainties: Mapping[str, Any],
        upstream: Mapping[str, xr.DataArray],
        streams: Streams,
    ) -> dict[str, xr.DataArray]:
        """Visits fall with the delay; arrays lie in memory as it comes, the areas before the draws."""
        areas = self._areas(study)
        delay = upstream["delay"].sum("hour").mean("link").to_numpy()
        more = levers["buses.more"]
        buses = np.array([more.get(each, 0.0) if isinstance(more, Mapping) else more for each in areas])
        habit = uncertainties["visits.habit"] or np.exp(0.1 * streams.normal("habit", ["all"]))[0]
        rides = self.habits[study][:, None] * (1 + buses[:, None]) * habit / (1 + delay / 1e6)
        rides = rides * np.exp(0.2 * streams.normal("visits", areas)) / (1 + 0.01 * levers["fare.price"])
        wait = xr.DataArray(10 / (1 + rides), {AREA: list(areas), "riders": ([AREA, "draw"], rides)}, [AREA, "draw"])
        return {"visits": xr.DataArray(rides, {AREA: list(areas)}, [AREA, "draw"]).T, "wait": wait.T}

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        """That it looks further than it was tried."""
        facts = {"horizon_periods": 120, "history_periods": 400, "backtest_horizon": 28, "period_word": "days"}
        return Evidence(facts=facts if "fare.price" in moved else {}, made_from=(study.table("series").provenance,))

    def suggest(self, study: Study, ask: Ask, *, progress: Progress) -> tuple[Suggestion, ...]:
        """More buses where most people go out."""
        if ask.budget == 0:
            raise ScenarioError("no_suggestions", question="visits")
        order = np.argsort(-self.habits[study])[: ask.most]
        plans = [Scenario(f"Buses {place}", {"buses.more": {self._areas(study)[place]: 0.5}}) for place in order]
        found_by = Sentence("amounts.inside", {"text": "Looked at each"})
        return tuple(Suggestion(each, found_by, gap=0.0, near_ties=(plans[0],)) for each in plans)

    def _areas(self, study: Study) -> tuple[str, ...]:
        return tuple(study.table("areas", "ward").frame.index)


register(Visits())
