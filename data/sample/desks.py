"""The planted truth of Meridian's town hall desk: who comes, how long it takes, and how long people wait before they leave."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.holidays import public_holidays
from data.sample.draws import negative_binomial, normals, uniforms

__all__ = ["Counters", "desk_toml", "sample_contacts", "sample_visits", "town_hall", "visits_toml", "write_desk"]

Floats = npt.NDArray[np.float64]

SINCE = pd.Timestamp("2024-06-03")
CONTACTS_SINCE = pd.Timestamp("2026-05-04")  # eight weeks of contacts are known one by one
DAY = (0, 0, 0, 0, 0, 0, 0, 0, 30, 36, 38, 34, 26, 22, 24, 22, 18, 0, 0, 0, 0, 0, 0, 0)
BUSY = (1.25, 1.0, 0.9, 1.0, 0.85, 0.0, 0.0)  # how busy each day of the week is
LATE = (16, 14)  # visits from 17 to 19 on Thursdays
SATURDAY = {9: 20, 10: 24, 11: 18}
STAFF, SATURDAY_STAFF = 3, 2
HOUR_SECONDS = 3600.0
# Gzip notes a time in its header; a fixed one keeps the bytes the same.
GZIP = {"method": "gzip", "compresslevel": 6, "mtime": 1}


@dataclass(frozen=True)
class Counters:
    """A desk as it is: the truth behind its visits and contacts.

    Visits of an hour are negative binomial (``size``) around ``week`` (168 means, Monday midnight first; a public holiday
    is a Sunday) times the day's own factor, lognormal of mean 1 with ``day_spread``. Serving somebody takes a lognormal
    time of mean ``handling_mean`` with ``handling_spread`` (standard deviation of the logarithm), patience is exponential
    of mean ``patience_mean``, in seconds. ``staff`` sit there by hour of the week; who still waits when the desk closes
    goes.
    """

    since: pd.Timestamp
    until: pd.Timestamp
    contacts_since: pd.Timestamp
    country: str
    week: tuple[float, ...]
    size: float
    day_spread: float
    handling_mean: float
    handling_spread: float
    patience_mean: float
    staff: tuple[int, ...]
    target_seconds: float
    target_share: float

    @property
    def hours(self) -> pd.DatetimeIndex:
        """Every hour with data."""
        return pd.date_range(self.since, self.until + pd.Timedelta(hours=23), freq="h", name="period")

    def hour_of_week(self) -> npt.NDArray[np.int64]:
        """Of each hour its place in the week, 0 on Monday at midnight; a public holiday is a Sunday."""
        hours = self.hours
        free = hours.normalize().isin(public_holidays(self.country, first=hours[0], last=hours[-1]))
        return np.asarray(24 * np.where(free, 6, hours.day_of_week.to_numpy()) + hours.hour.to_numpy())


def town_hall(*, until: pd.Timestamp, country: str) -> Counters:
    """The desk of Meridian's town hall, with too few people on Monday mornings and enough in the afternoons.

    Parameters
    ----------
    until : the last day.
    country : whose public holidays it keeps.

    Returns
    -------
    The truth.
    """
    week = np.outer(BUSY, DAY)
    staff = np.where(week > 0, STAFF, 0)
    week[3, 17:19], staff[3, 17:19] = LATE, STAFF
    for hour, visits in SATURDAY.items():
        week[5, hour], staff[5, hour] = visits, SATURDAY_STAFF
    return Counters(
        since=SINCE, until=until, contacts_since=CONTACTS_SINCE, country=country,
        week=tuple(float(round(each, 1)) for each in week.ravel()), size=40.0, day_spread=0.08, handling_mean=330.0,
        handling_spread=0.7, patience_mean=900.0, staff=tuple(int(each) for each in staff.ravel()), target_seconds=300.0,
        target_share=0.8,
    )  # fmt: skip


def sample_visits(desk: Counters, *, seed: int) -> pd.Series:
    """Visits by hour (UTC, which is Meridian's own time).

    Parameters
    ----------
    desk : the truth to draw from.
    seed : of the whole city.

    Returns
    -------
    Whole numbers by hour.
    """
    hours, slot = desk.hours, desk.hour_of_week()
    days, day = np.unique(hours.normalize(), return_inverse=True)
    factor = np.exp(desk.day_spread * normals(seed, "desk/day", len(days)) - desk.day_spread**2 / 2)
    means = np.array(desk.week)[slot] * factor[day]
    level = uniforms(seed, "desk/visits", len(hours))
    counts = np.zeros(len(hours))
    there = means > 0
    counts[there] = negative_binomial(level[there], means[there], np.full(there.sum(), desk.size))
    return pd.Series(counts.astype(np.int64), index=hours, name="visits")


def sample_contacts(visits: pd.Series, desk: Counters, *, seed: int) -> pd.DataFrame:
    """One row a contact since contacts are recorded, in order of time.

    Columns arrived (to the second), waited and handled (whole seconds; 0 for those not served) and outcome ("served",
    "left"). They queue first come, first served at the desk's staff.

    Parameters
    ----------
    visits : by hour.
    desk : the truth to draw from.
    seed : of the whole city.

    Returns
    -------
    One row a contact.
    """
    recent = visits.loc[desk.contacts_since :]
    slot = desk.hour_of_week()[-len(recent) :]
    n = int(recent.sum())
    hour = np.repeat(np.arange(len(recent)), recent.to_numpy())
    arrived = np.sort(HOUR_SECONDS * (hour + uniforms(seed, "desk/second", n)))
    spread = desk.handling_spread
    handled = desk.handling_mean * np.exp(spread * normals(seed, "desk/handling", n) - spread**2 / 2)
    patience = -desk.patience_mean * np.log(uniforms(seed, "desk/patience", n))
    staff = np.array(desk.staff)[slot]
    waited, served = _queue(arrived, handled, patience, staff)
    return pd.DataFrame(
        {
            "arrived": (recent.index[0] + pd.to_timedelta(np.floor(arrived), unit="s")),
            "waited": np.rint(waited).astype(np.int64),
            "handled": np.where(served, np.rint(handled), 0).astype(np.int64),
            "outcome": np.where(served, "served", "left"),
        }
    )


def _queue(arrived: Floats, handled: Floats, patience: Floats, staff: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Seconds waited and whether served, step by step: plain, so that it can be read against what is estimated from it."""
    waited, served = np.zeros(len(arrived)), np.zeros(len(arrived), dtype=bool)
    busy: list[float] = []
    now = 0.0
    for who, arrival in enumerate(arrived):
        now = max(now, arrival)
        while True:
            while busy and busy[0] <= now:
                heappop(busy)
            hour = int(now // HOUR_SECONDS)
            if now - arrival > patience[who]:
                waited[who] = patience[who]
                break
            if hour >= len(staff) or staff[hour] == 0:
                waited[who] = now - arrival
                break
            if len(busy) < staff[hour]:
                heappush(busy, now + handled[who])
                waited[who], served[who] = now - arrival, True
                break
            following = min(busy[0], HOUR_SECONDS * (hour + 1))
            if following - arrival > patience[who]:
                waited[who] = patience[who]
                break
            now = following
    return waited, served


def write_desk(folder: Path, desk: Counters, *, seed: int) -> None:
    """Write the visits and the contacts of a desk into a folder.

    Parameters
    ----------
    folder : that is there.
    desk : the truth to draw from.
    seed : of the whole city.
    """
    visits = sample_visits(desk, seed=seed)
    visits.astype(np.int32).rename_axis("hour").reset_index().to_parquet(folder / "desk_visits.parquet", index=False)
    contacts = sample_contacts(visits, desk, seed=seed)
    contacts.to_csv(folder / "desk_contacts.csv.gz", index=False, compression=GZIP, date_format="%Y-%m-%d %H:%M:%S")


def visits_toml() -> dict[str, Any]:
    """The section of the series of visits."""
    return {
        "source": "desk_visits.parquet", "title": "Visits to the town hall", "period": "hour", "value": "visits",
        "freq": "h", "measure": "visits", "unit": "visits", "value_type": "count",
    }  # fmt: skip


def desk_toml(desk: Counters) -> dict[str, Any]:
    """The section of a desk whose past contacts show how long it takes and how long people wait."""
    columns = {name: name for name in ("arrived", "waited", "handled", "outcome")}
    return {
        "title": "Town hall desk", "series": "desk_visits", "target_seconds": desk.target_seconds,
        "target_share": desk.target_share, "staff": list(desk.staff), "shift_hours": [4, 8],
        "contacts": {"source": "desk_contacts.csv.gz", **columns, "answered": "served", "left": "left"},
    }  # fmt: skip
