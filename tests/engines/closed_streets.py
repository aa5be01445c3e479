"""A toy engine by draw, link and hour: streets are closed, green times change with the hour of the week."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from analytics.scenarios.contract import Declaration, Evidence, Lever
from analytics.scenarios.measure import Max, Mean, Measure, Quantile, Sum
from analytics.scenarios.registry import register
from analytics.scenarios.study import Study
from analytics.scenarios.values import Choice, Schedule
from analytics.streams import Streams
from data import City

LINKS = ("bridge", "harbour", "market", "mill", "station")
METRES = (200.0, 400.0, 100.0, 300.0, 250.0)
HOURS = np.arange(24)


class Streets:
    """Delay on five streets."""

    name: str = "closed_streets"
    title: str = "Delay on five streets"
    version: str = "1"
    limits: Sequence[str] = ("Drivers spread evenly over the streets that are open.",)
    inputs: Sequence[str] = ("Residents by area",)

    def applies(self, city: City) -> str | None:
        """It needs people who drive."""
        return None if city.areas else "Streets need residents: add a section [areas.NAME] to the city.toml."

    def declare(self, study: Study) -> Declaration:
        """Two streets may be closed, and green times lengthened by the hour."""
        study.names("areas")
        closed = Lever("streets.closed", "Closed streets", "At most two.", "", Choice(LINKS, at_most=2))
        green = Lever("signals.green", "Green time", "Of the usual.", "times", Schedule(0.5, 1.5), default=1.0)
        delay = Measure(
            "delay", "Delay", "vehicle hours", over={"hour": Sum(), "link": Mean("length")}, fewer_word="less"
        )
        queue = Measure(
            "queue", "Longest queue", "vehicles", over={"link": Max(), "hour": Quantile(0.9)}, print_as="units"
        )
        return Declaration(levers=(closed, green), writes=(delay, queue))

    def run(
        self,
        study: Study,
        levers: Mapping[str, Any],
        uncertainties: Mapping[str, Any],
        upstream: Mapping[str, xr.DataArray],
        streams: Streams,
    ) -> dict[str, xr.DataArray]:
        """Vehicles that a street cannot serve wait."""
        residents = float(study.table("areas", study.names("areas")[0]).frame["population"].sum())
        rush = 1 + np.exp(-((HOURS - 8) ** 2) / 4) + np.exp(-((HOURS - 17) ** 2) / 6)
        flow = residents / 500 * np.exp(0.1 * streams.normal("streets", LINKS)).T[:, :, None] * rush
        closed = np.isin(LINKS, levers["streets.closed"])
        if closed.any():
            flow = np.where(closed[:, None], 0.0, flow + flow[:, closed].sum(axis=1, keepdims=True) / (~closed).sum())
        capacity = residents / 300 * np.reshape(levers["signals.green"], (7, 24)).mean(axis=0)
        coords = {"link": list(LINKS), "hour": HOURS, "length": ("link", list(METRES))}
        waiting = xr.DataArray(flow * 0.15 * (flow / capacity) ** 4, coords=coords, dims=["draw", "link", "hour"])
        return {"delay": waiting, "queue": np.ceil(60 * waiting).drop_vars("length")}

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        """Nothing beside the tables that were asked for."""
        return Evidence()


register(Streets())
