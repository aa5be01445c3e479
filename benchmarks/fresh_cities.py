"""Cities like Meridian whose truth is drawn anew: what methods estimate on them can be held against what was planted.

A single truth cannot tell whether stated chances hold: a decision that is nearly a tie there goes the same way in every
history. So each number is another city: other areas, other elasticities and trends, and each area's growth is that which
Meridian planted in another one. Daily requests then come from Meridian's own process, ``data.sample.draw_panel``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from data import Areas, City, Classification, Provenance, Series, fingerprint_of
from data.sample import Truth, draw_panel, truth
from data.sample.draws import uniforms
from data.sample.people import BASE_YEAR
from data.sample.plan import CRS, plan_of_meridian

__all__ = ["SERIES", "FreshCity", "fresh_city"]

Array = npt.NDArray[np.float64]

LAYER, SERIES = "neighbourhood", "service_requests"
SIZES = (9, 12, 20)  # areas of every first, second and third city
# Wide beside what four years can tell (.1 to .2), so that what is planted is not known beforehand.
ELASTICITIES = {"population": (0.1, 1.5), "jobs": (-0.2, 0.9)}
TREND = 0.03  # a year, either way
MONTHS_AHEAD = 12


@dataclass(frozen=True, eq=False)
class FreshCity:
    """A city, what it was made from, and the twelve months that follow what it knows.

    ``expected`` and ``came`` are month × (area_id, category): the planted means, and counts that were drawn from them.
    """

    city: City
    planted: Truth
    expected: pd.DataFrame
    came: pd.DataFrame


def fresh_city(number: int, *, areas: int | None = None) -> FreshCity:
    """The city of a number: the same number gives the same city.

    Parameters
    ----------
    number : from 0; keys all that is drawn.
    areas : how many (default: 9, 12 or 20 in turn).

    Returns
    -------
    A city in memory with four years of monthly requests, population and jobs; and its truth.
    """
    planted = _planted(number, areas or SIZES[number % len(SIZES)])
    ahead = pd.date_range(planted.until + pd.Timedelta(days=1), periods=MONTHS_AHEAD + 1, freq="MS")
    longer = replace(planted, until=ahead[-1] - pd.Timedelta(days=1))
    counts, means = draw_panel(longer).resample("MS").sum(), longer.request_means().resample("MS").sum()
    city = _city(number, counts.loc[: planted.until], planted)
    return FreshCity(city, planted, means.loc[ahead[0] :], counts.loc[ahead[0] :])


def _planted(number: int, size: int) -> Truth:
    """A truth of so many areas, a year shorter than Meridian's data so that the drivers are known beyond its end."""
    like = truth(seed=number)
    names = like.level.index
    order = np.argsort(uniforms(number, "fresh/areas", len(names)), kind="stable")[:size]
    chosen = names[np.sort(order)]
    chance = uniforms(number, "fresh/elasticities", len(ELASTICITIES))
    spread = zip(ELASTICITIES.items(), chance, strict=True)
    elasticities = {name: float(low + (high - low) * share) for (name, (low, high)), share in spread}
    bent = 2 * uniforms(number, "fresh/trends", len(like.requests)) - 1
    kinds = [
        replace(kind, rhythm=replace(kind.rhythm, trend=float(TREND * share)))
        for kind, share in zip(like.requests, bent, strict=True)
    ]
    until = like.until - pd.DateOffset(years=1)
    return replace(
        like,
        since=like.since - pd.DateOffset(years=1),
        until=until,
        elasticities=elasticities,
        requests=tuple(kinds),
        level=like.level.loc[chosen],
        drivers={name: _grown(name, frame[chosen], number) for name, frame in like.drivers.items()},
        policy=replace(like.policy, areas=tuple(area for area in like.policy.areas if area in chosen)),
    )


def _grown(name: str, frame: pd.DataFrame, number: int) -> pd.DataFrame:
    """Each area's own level in the base year, with the growth of another area."""
    order = np.argsort(uniforms(number, f"fresh/growth/{name}", frame.shape[1]), kind="stable")
    base = frame.loc[BASE_YEAR].to_numpy()
    growth = frame.to_numpy() / base
    return pd.DataFrame(np.round(base * growth[:, order]), index=frame.index, columns=frame.columns)


def _city(number: int, known: pd.DataFrame, planted: Truth) -> City:
    ids = list(planted.level.index)
    until = planted.until.year
    plan = plan_of_meridian().neighbourhoods
    people = planted.drivers["population"].loc[until]
    frame = plan.loc[ids, ["name", "geometry"]].assign(population=people)
    layer = Areas(LAYER, frame, _provenance(f"{LAYER} {number}", (number, ids)))
    drivers = {
        name: _series(name, _yearly(table.loc[:until]), number, freq="YS", unit=name)
        for name, table in planted.drivers.items()
    }
    series = _series(SERIES, known.asfreq("MS"), number, freq="MS", unit="requests")
    return City(
        name=f"Meridian {number}", key=f"meridian-{number}", timezone="UTC", crs=CRS, currency="EUR",
        areas={LAYER: layer}, incidents={}, series={SERIES: series}, drivers=drivers,
    )  # fmt: skip


def _yearly(table: pd.DataFrame) -> pd.DataFrame:
    index = pd.DatetimeIndex([pd.Timestamp(int(year), 1, 1) for year in table.index], name="period", freq="YS")
    columns = pd.MultiIndex.from_product([table.columns, ["all"]], names=["area_id", "category"])
    return pd.DataFrame(table.to_numpy(float), index=index, columns=columns)


def _series(name: str, values: pd.DataFrame, number: int, *, freq: str, unit: str) -> Series:
    count = freq == "MS"
    about = _provenance(f"{name} {number}", values, as_of=values.index[-1])
    return Series(
        name, name.replace("_", " ").capitalize(), values, about, LAYER, name, unit, freq,
        "count" if count else "continuous",
    )  # fmt: skip


def _provenance(name: str, content: object, as_of: pd.Timestamp | None = None) -> Provenance:
    return Provenance(
        name, "Drawn by the benchmarks", "Apache-2.0", fingerprint_of(content), as_of=as_of,
        classification=Classification.PUBLIC, synthetic=True,
    )  # fmt: skip
