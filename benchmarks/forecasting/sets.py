"""The real series: read where ``CIVICAST_TEST_DATA`` says, else beside the project."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.forecasting.scoring import LEVELS
from benchmarks.paired import Array
from data import City, Provenance, Series, fingerprint_of, open_city
from data.frequency import Frequency

__all__ = [
    "LEVELS",
    "calls",
    "chicago",
    "crime_grids",
    "data_folder",
    "divvy",
    "electricity",
    "fremont",
    "i94",
    "m3_monthly",
    "m4_hourly",
    "melbourne",
    "one_series",
    "panel",
    "snow",
    "sql",
]


def data_folder() -> Path:
    """The folder of the real data."""
    return Path(os.environ.get("CIVICAST_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))


def chicago() -> City:
    """The city of Chicago as the tests describe it."""
    os.environ.setdefault("CIVICAST_TEST_DATA", str(data_folder()))
    return open_city(Path(__file__).parents[2] / "tests" / "cities" / "chicago.toml")


def panel(values: Array, *, start: str, freq: str) -> pd.DataFrame:
    """Values (period, column) as a panel whose columns are areas S0000, S0001, ..."""
    columns = pd.MultiIndex.from_tuples(
        [(f"S{n:04}", "all") for n in range(values.shape[1])], names=["area_id", "category"]
    )
    return pd.DataFrame(values, pd.date_range(start, periods=len(values), freq=freq, name="period"), columns)


def sql(history: Array, actual: Array, quantiles: Array, *, season: int) -> Array:
    """The scaled quantile loss of each column: mean of twice the pinball over ``LEVELS``, over the seasonal naive's MAE.

    ``history`` and ``actual`` are (period, column), ``quantiles`` (level, period, column); gaps do not count.
    """
    scale = np.nanmean(np.abs(history[season:] - history[:-season]), axis=0)
    levels = np.asarray(LEVELS)[:, None, None]
    error = actual - quantiles
    loss: Array = np.nanmean(2 * np.maximum(levels * error, (levels - 1) * error), axis=(0, 1))
    return loss / np.where(scale > 0, scale, np.nan)


def crime_grids() -> pd.DataFrame:
    """Daily crimes in the 371 cells × types of Chicago that ever had one, 731 days."""
    stored = np.load(data_folder() / "benchmarks" / "crime_grids" / "st_shn_chicago_grid.npz")
    days = np.concatenate([stored[part] for part in ("train", "val", "test")], axis=2).transpose(2, 0, 1, 3)
    values = days.reshape(len(days), -1).astype(float)
    return panel(values[:, values.sum(axis=0) > 0], start="2014-01-01", freq="D")


def i94() -> pd.Series:
    """Hourly vehicles on the I-94; of each doubled hour the first, missing hours as gaps."""
    path = data_folder() / "benchmarks" / "traffic_series" / "metro_interstate_i94_hourly_2012_2018.csv.gz"
    table = pd.read_csv(path, parse_dates=["date_time"]).drop_duplicates("date_time")
    return table.set_index("date_time")["traffic_volume"].astype(float).sort_index().asfreq("h")


def fremont() -> pd.DataFrame:
    """Hourly bicycles on Seattle's Fremont bridge, both directions."""
    table = pd.read_csv(data_folder() / "benchmarks" / "traffic_series" / "seattle_fremont_bridge_hourly.csv.gz")
    hours = pd.to_datetime(table.pop("Date"), format="%m/%d/%Y %I:%M:%S %p")
    return table.set_axis(["east", "west"], axis=1).groupby(hours).first().sort_index().asfreq("h")


def melbourne() -> dict[str, pd.Series]:
    """Hourly pedestrians by sensor, 2015 and 2016."""
    table = pd.read_csv(
        data_folder() / "benchmarks" / "traffic_series" / "melbourne_pedestrian_hourly_2015_2016.csv.gz"
    )
    hours = pd.to_datetime(table["Date"], unit="D") + pd.to_timedelta(table["Time"], unit="h")
    counted = table["Count"].astype(float).groupby([table["Sensor"], hours]).first()
    return {str(name): values.droplevel(0).asfreq("h") for name, values in counted.groupby(level=0)}


def divvy() -> pd.Series:
    """Hourly bicycle trips in Chicago."""
    table = pd.read_csv(data_folder() / "chicago" / "traffic_divvy_hourly_trips_2014_2018.csv.gz")
    hours = pd.to_datetime(table["date"], format="%m/%d/%Y %H:%M")
    return table["rides"].astype(float).groupby(hours).sum().asfreq("h")


def electricity() -> pd.Series:
    """Hourly electricity demand of Victoria in 2014, from half-hours."""
    table = pd.read_csv(data_folder() / "benchmarks" / "traffic_series" / "elecdemand.csv.gz")
    return (
        table["Demand"]
        .groupby(pd.Timestamp("2014-01-01") + pd.to_timedelta(table.index // 2, unit="h"))
        .sum()
        .asfreq("h")
    )


def calls() -> pd.Series:
    """Hourly calls to a bank in 2003, from five minutes each from 7:00 on; nothing while it is closed."""
    table = pd.read_csv(data_folder() / "benchmarks" / "traffic_series" / "calls.csv.gz")
    parts = table["rownames"].str.extract(r"^X(?P<day>\d+)\.(?P<month>\d+)\.(?P<year>\d{4})(?P<place>\d+)$").astype(int)
    times = pd.to_datetime(parts[["year", "month", "day"]]) + pd.to_timedelta(
        7 * 60 + 5 * (parts["place"] - 1), unit="min"
    )
    return table["x"].astype(float).groupby(times.dt.floor("h")).sum().asfreq("h", fill_value=0.0)


def snow() -> pd.DataFrame:
    """Daily reports of snow on Chicago's pavements, from the first day of the table that they share with others."""
    table = pd.read_csv(
        data_folder() / "chicago" / "service_311_vacant_and_snow_2018-07_2021.csv.gz", parse_dates=["created_date"]
    )
    days = pd.date_range(table["created_date"].min(), table["created_date"].max(), freq="D")
    counted = table.loc[table["sr_short_code"] == "SWSNOREM", "created_date"].value_counts().reindex(days, fill_value=0)
    return panel(counted.to_numpy(dtype=float)[:, None], start=str(days[0]), freq="D")


def one_series(name: str, values: pd.DataFrame) -> Series:
    """Counts as a series that models can be chosen for."""
    source = Provenance(name=name, origin="benchmark", licence="as the set's", fingerprint=fingerprint_of(values))
    return Series(
        name, name, values, source, measure=name, unit="reports", freq=Frequency.of(pd.DatetimeIndex(values.index))
    )


def m4_hourly() -> tuple[list[Array], list[Array]]:
    """The training and test parts of the 414 hourly series of the M4 competition."""
    folder = data_folder() / "benchmarks" / "m4_hourly"
    train = pd.read_csv(folder / "Hourly-train.csv.gz", index_col=0)
    test = pd.read_csv(folder / "Hourly-test.csv", index_col=0).loc[train.index]
    return [row[~np.isnan(row)] for row in train.to_numpy(float)], [row[:48] for row in test.to_numpy(float)]


def m3_monthly() -> tuple[Array, Array]:
    """The 1,428 monthly series of the M3 competition: history (period, column) that ends together, and 18 months more."""
    import warnings

    import rdata

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the file's R classes have no Python counterpart, and need none
        stored = rdata.read_rda(data_folder() / "benchmarks" / "m3_tourism_rda" / "M3.rda")["M3"]
    pairs = [(np.asarray(each["x"], float).ravel(), np.asarray(each["xx"], float).ravel())
             for each in stored.values() if "MONTH" in str(np.ravel(each["period"])[0]).upper()]  # fmt: skip
    longest = max(len(past) for past, _ in pairs)
    history = np.full((longest, len(pairs)), np.nan)
    for column, (past, _) in enumerate(pairs):
        history[longest - len(past) :, column] = past
    return history, np.stack([ahead for _, ahead in pairs], axis=1)
