"""A small city with one desk in memory: ten weeks of hourly visits with a known week, and what is known of its contacts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from data import City, Cost, Desk, Series
from data.tables import Every
from data.tables.desks import HOURS
from tests.small_city import provenance, small_city

WEEKS = 10
SINCE = pd.Timestamp("2023-10-23")  # a Monday
BUSY = np.array([20, 26, 22, 14, 10, 12, 12, 8])  # from 9 to 17 on working days


def usual_week() -> np.ndarray:
    """Visits expected in each hour of the week."""
    week = np.zeros((7, 24))
    week[:5, 9:17] = BUSY
    return week.ravel()


def visits(*, seed: int = 0, day_spread: float = 0.0) -> Series:
    """Poisson visits around the usual week; whole days busier by a lognormal factor."""
    rng = np.random.Generator(np.random.Philox(seed))
    hours = pd.date_range(SINCE, periods=168 * WEEKS, freq="h", name="period")
    factor = np.exp(day_spread * rng.standard_normal(7 * WEEKS) - day_spread**2 / 2)
    counts = rng.poisson(np.tile(usual_week(), WEEKS) * np.repeat(factor, 24)).astype(float)
    columns = pd.MultiIndex.from_tuples([("city", "all")], names=["area_id", "category"])
    values = pd.DataFrame(counts[:, None], index=hours, columns=columns)
    return Series("visits", "Visits", values, provenance("visits", values), "city", "visits", "visits", "h", "count")


def contacts(*, n: int = 4_000, handling: float = 400.0, patience: float = 600.0, seed: int = 1) -> pd.DataFrame:
    """Past contacts whose wait was offered at random: they leave where it is longer than their patience."""
    rng = np.random.Generator(np.random.Philox(seed))
    offered, patient = rng.exponential(200.0, n), rng.exponential(patience, n)
    answered = offered <= patient
    handled = np.where(answered, handling * rng.lognormal(-0.32, 0.8, n), 0.0)
    arrived = SINCE + pd.to_timedelta(np.sort(rng.uniform(0, 86_400 * 7, n)), unit="s")
    return pd.DataFrame(
        {"arrived": arrived, "waited": np.minimum(offered, patient), "handled": handled, "answered": answered}
    )


def desk(**more: Any) -> Desk:
    """Two people from 9 to 17."""
    staff = pd.DataFrame({"staff": np.where(usual_week() > 0, 2.0, 0.0)}, index=pd.Index(HOURS, name="hour"))
    about: dict[str, Any] = {
        "name": "hall", "title": "Town hall", "series": "visits", "frame": staff, "target_seconds": 300.0,
        "target_share": 0.8, "provenance": provenance("hall", "hall"), "contacts": contacts(),
    }  # fmt: skip
    return Desk(**about | more)


def hourly_cost(amount: float = 30.0) -> Cost:
    """What an hour at the desk costs, from 10 % less to 20 % more."""
    return Cost(
        "staff_hour", "An hour", amount, 0.9 * amount, 1.2 * amount, "person", Every.HOUR, 2024, "CZK", "tests",
        provenance("staff_hour", amount),
    )  # fmt: skip


def desk_city(*, series: Series | None = None, priced: bool = True, **more: Any) -> City:
    """A city without drivers that has the desk."""
    city = small_city(drivers=(), layers={})
    others = {"desks": {"hall": desk(**more)}, "costs": {"staff_hour": hourly_cost()} if priced else {}}
    return replace(city, series={**city.series, "visits": series or visits()}, others=others)
