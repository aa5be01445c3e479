"""A small city in memory whose truth is known: squares in a row, counts around a level, drivers that grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data import Areas, City, Classification, Provenance, Series, fingerprint_of

CRS = "EPSG:32633"
SINCE, UNTIL = pd.Timestamp("2020-01-01"), pd.Timestamp("2023-12-31")
WARDS = tuple(f"W{number:02d}" for number in range(1, 13))
YEARS = range(2019, 2025)


def provenance(name: str, content: object, **more: object) -> Provenance:
    """Where a table of the small city comes from: here."""
    return Provenance(  # type: ignore[arg-type]
        **{"name": name, "origin": "tests", "licence": "CC0", "fingerprint": fingerprint_of(content)} | more
    )


def layer(name: str, ids: Sequence[str], *, groups: bool = True, **more: object) -> Areas:
    """Squares of a kilometre in a row, the n-th with n thousand people."""
    count = np.arange(1, len(ids) + 1)
    columns = {"name": [f"{name} {each}".title() for each in ids], "population": 1000.0 * count}
    if groups:
        columns |= {"share_over_65": 0.1 + 0.01 * count, "share_low_income": 0.5 - 0.02 * count}
    frame = gpd.GeoDataFrame(
        columns,
        geometry=[shapely.box(1000 * place, 0, 1000 * (place + 1), 1000) for place in range(len(ids))],
        index=pd.Index(ids, name="area_id"),
        crs=CRS,
    )
    return Areas(name, frame, provenance(name, list(ids), as_of=UNTIL, **more))


def driver(name: str, *, areas: str, ids: Sequence[str], seed: int) -> Series:
    """A yearly panel in which every area grows at its own pace, between -4 and +8 % a year."""
    rng = np.random.Generator(np.random.Philox(seed))
    growth = rng.uniform(-0.04, 0.08, len(ids))
    start = 1000.0 * np.arange(1, len(ids) + 1)
    years = np.arange(len(YEARS))[:, None]
    index = pd.DatetimeIndex([pd.Timestamp(year, 1, 1) for year in YEARS], name="period")
    columns = pd.MultiIndex.from_product([ids, ["all"]], names=["area_id", "category"])
    values = pd.DataFrame(start * (1 + growth) ** years, index=index, columns=columns)
    about = provenance(name, values, as_of=index[-1])
    return Series(name, name.capitalize(), values, about, areas, name, name, "YS", "continuous")


def requests(
    *, areas: str, ids: Sequence[str], categories: Sequence[str] = ("all",), a_day: float = 4.0, seed: int = 0,
    until: pd.Timestamp = UNTIL, classification: Classification = Classification.PUBLIC,
) -> Series:  # fmt: skip
    """Daily Poisson counts; the n-th area has n times the level of the first."""
    rng = np.random.Generator(np.random.Philox(seed))
    days = pd.date_range(SINCE, until, freq="D", name="period")
    columns = pd.MultiIndex.from_product([ids, list(categories)], names=["area_id", "category"])
    level = np.repeat(np.arange(1, len(ids) + 1), len(categories)) * a_day / len(ids)
    season = 1 + 0.2 * np.sin(2 * np.pi * days.day_of_year.to_numpy() / 365.25)
    counts = rng.poisson(season[:, None] * level)
    values = pd.DataFrame(counts.astype(float), index=days, columns=columns)
    about = provenance("requests", values, as_of=days[-1], classification=classification)
    return Series("requests", "Requests", values, about, areas, "requests", "requests", "D", "count")


def small_city(
    *,
    drivers: Sequence[str] = ("population", "jobs"),
    categories: Sequence[str] = ("all",),
    layers: Mapping[str, Sequence[str]] | None = None,
    studied: str = "ward",
    groups: bool = True,
    classification: Classification = Classification.PUBLIC,
    until: pd.Timestamp = UNTIL,
) -> City:
    """A city of twelve wards with daily requests; ``layers`` without any give a city that is one total."""
    layers = {"ward": WARDS} if layers is None else layers
    areas = {name: layer(name, ids, groups=groups) for name, ids in layers.items()}
    name = studied if areas else "city"
    ids = list(layers[studied]) if areas else ["city"]
    series = requests(areas=name, ids=ids, categories=categories, until=until, classification=classification)
    return City(
        name="Smallville",
        key="smallville",
        timezone="Europe/Prague",
        crs=CRS,
        currency="CZK",
        areas=areas,
        incidents={},
        series={"requests": series},
        drivers={each: driver(each, areas=name, ids=ids, seed=place) for place, each in enumerate(drivers) if areas},
    )
