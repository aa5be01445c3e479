"""A small city with a queue whose capacity and order are known: three wards, crews that mend holes, three years."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd
from small_city import CRS, layer, provenance

from data import City, Cost, Crews, Requests, Series
from data.sample.crews import RepairKind, Repairs, repair_counts, sample_repairs
from data.sample.rhythm import Rhythm
from data.tables import Every

WARDS = ("W01", "W02", "W03")
UNTIL = pd.Timestamp("2023-12-31")
PLANTED = Repairs(
    since=pd.Timestamp("2021-01-01"), until=UNTIL, rhythm=Rhythm(0.0, (1.0,) * 7, ((0.0, 0.0),), 50),
    kinds=(
        RepairKind("hole", 17.1, waiting=250, crews=6, per_crew=4.0),
        RepairKind("lamp", 8.6, waiting=60, crews=3, per_crew=4.0),
    ),
    people={"W01": 0.5, "W02": 0.3, "W03": 0.2}, pace={"W03": 0.5}, output_size=40.0, patience=8.0, floor=0.35,
    target_days=20, target_share=0.8, crew_hours=160,
)  # fmt: skip


@cache
def reports(seed: int = 1, planted: Repairs = PLANTED) -> pd.DataFrame:
    """The reports of one seed, with their dates."""
    return sample_repairs(planted, seed=seed)


def requests(frame: pd.DataFrame, *, until: pd.Timestamp = UNTIL) -> Requests:
    """Reports as the table that a city would read."""
    frame = frame.rename(columns={"kind": "category"})
    since = PLANTED.since
    return Requests("holes", "Holes", frame, provenance("holes_dates", frame), since, until, layer("ward", WARDS))


def crews(**changed: Any) -> Crews:
    """The crews of the small city."""
    stated: dict[str, Any] = {
        "name": "road", "title": "Road crews", "series": "holes", "target_days": 20, "target_share": 0.8,
        "provenance": provenance("road", "road"), "crews": {"hole": 6.0, "lamp": 3.0}, "crew_hours": 160.0,
        "working_days": (0, 1, 2, 3, 4),
    }  # fmt: skip
    return Crews(**stated | changed)


def cost(name: str, amount: float, every: Every) -> Cost:
    """What something costs, certain to a tenth."""
    about = provenance(name, amount)
    return Cost(name, name, amount, 0.9 * amount, 1.1 * amount, "crew", every, 2023, "CZK", "tests", about)


def crews_city(*, seed: int = 1, priced: bool = True, stated: Mapping[str, Any] | None = None) -> City:
    """The city: a series, its requests with dates, crews and what they cost."""
    frame = reports(seed)
    counts = repair_counts(frame, PLANTED)
    values = counts.pivot_table(index="date", columns=["area_id", "kind"], values="reports").astype(float)
    values.index = pd.DatetimeIndex(values.index, freq="D", name="period")
    values.columns.names = ["area_id", "category"]
    about = provenance("holes", values, as_of=UNTIL)
    series = Series("holes", "Holes", values, about, "ward", "holes", "reports", "D", "count")
    costs = {"crew": cost("crew", 100_000.0, Every.YEAR), "overtime": cost("overtime", 80.0, Every.HOUR)}
    return City(
        name="Holeville", key="holeville", timezone="UTC", crs=CRS, currency="CZK", areas={"ward": layer("ward", WARDS)},
        incidents={}, series={"holes": series}, drivers={}, requests={"holes": requests(frame)},
        others={"crews": {"road": crews(**stated or {})}, "costs": costs if priced else {}},
    )  # fmt: skip
