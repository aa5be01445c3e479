"""The planted truth of Meridian's air, electricity and heat, the files that show it, and the sections that describe them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.holidays import public_holidays
from data.sample.draws import negative_binomial, normals, uniforms
from data.sample.rhythm import Rhythm
from data.sample.streets import Traffic

__all__ = [
    "AirTruth", "air_toml", "air_truth", "planted_air", "sample_air", "sample_calls", "sample_load", "sample_temperature",
    "write_air",
]  # fmt: skip

Floats = npt.NDArray[np.float64]

HOURS = 24
WARMEST = 200  # day of the year
# MW beside the day's mean, and the air's share of it, by hour of the day.
LOAD_DAY = (
    -90, -120, -135, -140, -130, -90, -20, 60, 90, 85, 80, 75, 70, 60, 55, 60, 85, 130, 150, 130, 95, 50, -20, -110,
)  # fmt: skip
AIR_DAY = (
    0.95, 0.9, 0.85, 0.85, 0.9, 1.0, 1.1, 1.2, 1.2, 1.1, 1.0, 0.9, 0.85, 0.8, 0.8, 0.85, 0.95, 1.1, 1.2, 1.25, 1.2, 1.1, 1.05,
    1.1,
)  # fmt: skip
SPELLS = (("2024-07-17", "2024-07-21"), ("2025-08-08", "2025-08-11"))
CALLS_SINCE = pd.Timestamp("2022-07-01")


@dataclass(frozen=True)
class AirTruth:
    """What is planted.

    A day's mean temperature (°C) is 12.5 and an annual wave, an autoregression and ``hotter`` in the ``spells`` of heat. A
    day's mean load (MW) is ``base``, ``below`` and ``above`` a degree beyond ``balance``, and ``working_day`` more from Monday
    to Friday. Calls of a day are negative binomial, and ``excess`` more, as a share, from the second day of a spell to the
    third after it. Nitrogen dioxide (µg/m³) at a roadside is the background's, and ``per_vehicle`` for each vehicle of the hour
    times how little the wind carries away, lognormal of mean 1.
    """

    since: pd.Timestamp
    until: pd.Timestamp
    country: str
    spells: tuple[tuple[str, str], ...] = SPELLS
    hotter: float = 9.0
    balance: float = 16.0
    base: float = 620.0
    below: float = 9.0
    above: float = 21.0
    working_day: float = 70.0
    calls_a_day: float = 96.0
    calls_size: float = 60.0
    excess: float = 0.4
    background_id: str = "A55"
    per_vehicle: tuple[tuple[str, float], ...] = (("A01", 0.03), ("A07", 0.02))

    @property
    def days(self) -> pd.DatetimeIndex:
        """Every day since calls are counted."""
        return pd.date_range(CALLS_SINCE, self.until, freq="D", name="period")

    @property
    def hours(self) -> pd.DatetimeIndex:
        """Every hour of load and air."""
        return pd.date_range(self.since, self.until + pd.Timedelta(hours=23), freq="h", name="period")

    def called_more(self) -> npt.NDArray[np.bool_]:
        """The days on which heat makes people call."""
        days = self.days
        found = np.zeros(len(days), dtype=bool)
        for first, last in self.spells:
            begins, ends = pd.Timestamp(first) + pd.Timedelta(days=1), pd.Timestamp(last) + pd.Timedelta(days=3)
            found |= np.asarray((days >= begins) & (days <= ends))
        return found


def air_truth(traffic: Traffic) -> AirTruth:
    """What is planted beside a city's traffic: the same days and holidays, the two roads that are counted."""
    return AirTruth(traffic.since, traffic.until, traffic.country)


def _wandering(noise: Floats, persistence: float) -> Floats:
    """A first-order autoregression of standard deviation 1."""
    found = noise.copy()
    for step in range(1, len(found)):
        found[step] = persistence * found[step - 1] + np.sqrt(1 - persistence**2) * noise[step]
    return found


def sample_temperature(planted: AirTruth, *, seed: int) -> pd.Series:
    """Temperature by hour (°C, to a tenth) from the first day of calls on; its mean of a day is the planted one.

    Parameters
    ----------
    planted : the truth to draw from.
    seed : of the whole city.

    Returns
    -------
    pd.Series
        By hour.
    """
    days = planted.days
    mean = 12.5 + 10.0 * np.cos(2 * np.pi * (days.day_of_year.to_numpy() - WARMEST) / 365.25)
    mean = mean + 2.6 * _wandering(normals(seed, "air/temperature", len(days)), 0.75)
    for first, last in planted.spells:
        mean[np.asarray((days >= pd.Timestamp(first)) & (days <= pd.Timestamp(last)))] += planted.hotter
    of_day = -4.0 * np.cos(2 * np.pi * (np.arange(HOURS) - 3) / HOURS)
    hours = pd.date_range(days[0], days[-1] + pd.Timedelta(hours=23), freq="h", name="period")
    return pd.Series((mean[:, None] + of_day).ravel().round(1), hours, name="temperature")


def sample_load(planted: AirTruth, temperature: pd.Series, *, seed: int) -> pd.Series:
    """Electricity by hour (MW, to a tenth).

    Parameters
    ----------
    planted : the truth to draw from.
    temperature : by hour.
    seed : of the whole city.

    Returns
    -------
    pd.Series
        By hour.
    """
    daily = temperature.resample("D").mean().loc[planted.since :]
    degrees, days = daily.to_numpy(), pd.DatetimeIndex(daily.index)
    free = np.asarray(days.isin(public_holidays(planted.country, first=days[0], last=days[-1])))
    working = (days.day_of_week.to_numpy() < 5) & ~free
    colder, hotter = np.maximum(planted.balance - degrees, 0), np.maximum(degrees - planted.balance, 0)
    mean = planted.base + planted.working_day * working + planted.below * colder + planted.above * hotter
    mean = mean + 14.0 * _wandering(normals(seed, "air/load", len(days)), 0.5)
    shape = np.array(LOAD_DAY, dtype=float)
    values = (mean[:, None] + shape - shape.mean()).ravel() + 8.0 * normals(seed, "air/load/hour", len(days) * HOURS)
    return pd.Series(values.round(1), planted.hours, name="load")


def sample_calls(planted: AirTruth, *, seed: int) -> pd.Series:
    """Ambulance calls by day, whole numbers.

    Parameters
    ----------
    planted : the truth to draw from.
    seed : of the whole city.

    Returns
    -------
    pd.Series
        By day.
    """
    days = planted.days
    rhythm = Rhythm(0.0, (1.02, 0.98, 0.98, 0.99, 1.03, 1.02, 0.98), ((0.04, 0.01),), planted.calls_size)
    mean = planted.calls_a_day * rhythm.factor(days, since=days[0])
    mean = mean * np.where(planted.called_more(), 1 + planted.excess, 1.0)
    level = uniforms(seed, "air/calls", len(days))
    counts = negative_binomial(level, mean, np.full(len(days), planted.calls_size))
    return pd.Series(counts.astype(np.int64), days, name="calls")


def sample_air(planted: AirTruth, traffic: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Nitrogen dioxide by hour (µg/m³, to a tenth) at the background and at the roadsides, by area.

    Parameters
    ----------
    planted : the truth to draw from.
    traffic : vehicles by hour and area.
    seed : of the whole city.

    Returns
    -------
    pd.DataFrame
        Hour × area_id.
    """
    hours = planted.hours
    season = 1 + 0.25 * np.cos(2 * np.pi * (hours.day_of_year.to_numpy() - 15) / 365.25)
    weather = np.exp(0.35 * _wandering(normals(seed, "air/background", len(hours)), 0.97) - 0.35**2 / 2)
    background = 13.0 * season * np.array(AIR_DAY)[hours.hour.to_numpy()] * weather
    still = np.exp(0.3 * _wandering(normals(seed, "air/wind", len(hours)), 0.9) - 0.3**2 / 2)
    found = {planted.background_id: background}
    for area, each in planted.per_vehicle:
        found[area] = background + each * traffic[area].reindex(hours).to_numpy(dtype=float) * still
    noise = normals(seed, "air/noise", (len(found), len(hours)))
    measured = {
        area: np.maximum(values + error, 0.1).round(1)
        for (area, values), error in zip(found.items(), noise, strict=True)
    }
    return pd.DataFrame(measured, index=hours)


def write_air(folder: Path, traffic: Traffic, counts: pd.DataFrame, *, seed: int) -> None:
    """Write temperature, load, calls and air into a folder.

    Parameters
    ----------
    folder : that is there.
    traffic : the planted traffic.
    counts : vehicles by hour and area.
    seed : of the whole city.
    """
    planted = air_truth(traffic)
    temperature = sample_temperature(planted, seed=seed)
    air = (
        sample_air(planted, counts, seed=seed)
        .melt(ignore_index=False, var_name="area_id", value_name="no2")
        .reset_index()
    )
    tables = {
        "temperature": temperature.reset_index(),
        "electricity": sample_load(planted, temperature, seed=seed).reset_index(),
        "ambulance_calls": sample_calls(planted, seed=seed).reset_index(),
        "nitrogen_dioxide": air,
    }
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)


def planted_air(traffic: Traffic) -> dict[str, Any]:
    """The truth as plain values."""
    planted = air_truth(traffic)
    dates = {"since": planted.since.date().isoformat(), "until": planted.until.date().isoformat()}
    return asdict(planted) | dates | {"per_vehicle": dict(planted.per_vehicle)}


def air_toml(traffic: Traffic) -> dict[str, dict[str, Any]]:
    """The sections of series, regressors and monitors, by kind."""
    planted = air_truth(traffic)
    hourly = {"period": "period", "freq": "h", "value_type": "continuous"}
    temperature = {"source": "temperature.parquet", "title": "Temperature", "period": "period", "value": "temperature",
                   "unit": "°C"}  # fmt: skip
    beside = {
        "air": "nitrogen_dioxide", "background": planted.background_id, "traffic": "traffic_counts", "guideline": 25, "hours": 24,
        "source": "World Health Organization 2021, global air quality guidelines: mean of 24 hours",
    }  # fmt: skip
    return {
        "series": {
            "electricity": {
                "source": "electricity.parquet", "title": "Electricity", "value": "load", "measure": "electricity", "unit": "MW",
                **hourly,
            },
            "nitrogen_dioxide": {
                "source": "nitrogen_dioxide.parquet", "title": "Nitrogen dioxide", "value": "no2", "area": "area_id",
                "areas": "neighbourhood", "measure": "nitrogen dioxide", "unit": "µg/m³", **hourly,
            },
            "ambulance_calls": {
                "source": "ambulance_calls.parquet", "title": "Ambulance calls", "period": "period", "value": "calls", "freq": "D",
                "measure": "ambulance calls", "unit": "calls", "value_type": "count",
            },
        },
        "regressors": {
            "temperature": {**temperature, "series": "electricity"},
            "temperature_of_calls": {**temperature, "series": "ambulance_calls"},
        },
        "monitors": {
            f"roadside_{area.lower()}": {"title": f"Roadside in {area}", "area": area, **beside} for area, _ in planted.per_vehicle
        },
    }  # fmt: skip
