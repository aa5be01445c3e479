"""An engine that can be worked out by hand: posts that shorten travel, and what they cost. It forecasts nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from analytics.scenarios import (
    Comparison,
    Declaration,
    Evidence,
    Lever,
    Mean,
    Measure,
    Number,
    PerKey,
    Question,
    Scenario,
    Streams,
    Study,
    Sum,
    compare,
)
from analytics.scenarios.money import unit_cost
from data import City, Cost
from data.tables.costs import Every
from tests.small_city import WARDS, provenance, small_city

COSTS = {"post_opening": 100.0, "post_running": 20.0}


class Posts:
    """Each post in a ward takes a minute off its 20 minutes of travel, and lets 10 more people a month be served there."""

    name = "posts"
    title = "Posts"
    version = "1"
    limits: Sequence[str] = ("It is made up.",)
    inputs: Sequence[str] = ("Nothing",)
    questions: Sequence[Question] = (
        Question("posts", "Where should posts be?", engines=("posts",), primary="travel", levers=("posts.open",)),
    )

    def __init__(self) -> None:
        self.runs = 0

    def applies(self, city: City) -> None:
        """Everywhere."""

    def declare(self, study: Study) -> Declaration:
        wards = PerKey(0, 15, keys=WARDS, key_kind="area")
        growth = PerKey(-0.5, 1.0, keys=WARDS, key_kind="area")
        area = {"area_id": Mean("population")}
        measures = [
            Measure("travel", "Travel", "minutes", "lower", area, "ward"),
            Measure("served", "Served", "people", "higher", {"period": Sum(), "area_id": Sum()}, "ward"),
            Measure("calls", "Calls", "calls", "neutral", {"area_id": Sum()}, "ward"),
            Measure("peak", "Peak", "calls", "lower"),
        ]
        if study.find("costs", "post_opening") is not None:
            once = Measure("posts_once", "Building", study.city.currency, money="once")
            measures += [once, replace(once, name="posts_yearly", money="yearly")]
        return Declaration(
            levers=(
                Lever("posts.open", "Posts", "In a ward.", "posts", wards),
                Lever("posts.idle", "Idle posts", "They do nothing.", "posts", Number(0, 5, 1)),
                Lever("people.growth", "Growth", "Of people.", "share", growth, circumstance=True),
            ),
            writes=tuple(measures),
        )

    def run(
        self,
        study: Study,
        levers: Mapping[str, Any],
        uncertainties: Mapping[str, Any],
        upstream: Mapping[str, xr.DataArray],
        streams: Streams,
    ) -> dict[str, xr.DataArray]:
        self.runs += 1
        posts, growth = (_by_ward(levers[name]) for name in ("posts.open", "people.growth"))
        noise = xr.DataArray(streams.normal("posts", WARDS), dims=["area_id", "draw"], coords={"area_id": list(WARDS)})
        travel = (20 + noise) * (1 + growth) - posts
        months = xr.DataArray(np.ones(study.periods), coords={"period": study.index}, dims="period")
        served = (100 + 10 * posts + 0 * noise) * months
        calls = (1000 + 10 * noise) * (1 + growth)
        found = {"travel": travel, "served": served, "calls": calls, "peak": calls.max("area_id")}
        opening, running = (unit_cost(study, name, streams) for name in COSTS)
        if opening is not None and running is not None:
            found |= {"posts_once": opening * posts.sum(), "posts_yearly": running * posts.sum()}
        return {name: array.astype("float32") for name, array in found.items()}

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        return Evidence()


def _by_ward(value: Any) -> xr.DataArray:
    each = [float(value.get(ward, 0.0)) if isinstance(value, Mapping) else float(value) for ward in WARDS]
    return xr.DataArray(each, coords={"area_id": list(WARDS)}, dims="area_id")


def cost(name: str, amount: float, *, spread: float = 0.0, year: int = 2024) -> Cost:
    """A cost that lies within so much of its amount."""
    return Cost(
        name=name, title=name.replace("_", " ").capitalize(), amount=amount, low=amount - spread, high=amount + spread,
        unit="post", every=Every.ONCE, year=year, currency="CZK", source="tests",
        provenance=provenance(name, amount, as_of=pd.Timestamp(year, 12, 31)),
    )  # fmt: skip


def city_of_posts(
    *, spread: float = 0.0, costs: Mapping[str, float] = COSTS, years: Sequence[int] = (2024, 2024)
) -> City:
    """The small city with what posts cost; ``spread`` is that of each cost, as a share of it."""
    stated = zip(costs.items(), years, strict=False)
    tables = {name: cost(name, each, spread=spread * each, year=year) for (name, each), year in stated}
    return replace(small_city(drivers=()), others={"costs": tables})


def posts(count: Any, name: str = "plan", **more: Any) -> Scenario:
    """An option with posts: in every ward, or by ward."""
    return Scenario(name, levers={"posts.open": count} | more)


def run_posts(city: City, *options: Scenario, engine: Posts | None = None, **how: Any) -> Comparison:
    """Options against nothing done."""
    asked = {"question": "posts", "draws": 200, "periods": 12} | how
    return compare(city, options, engines=[engine or Posts()], **asked)
