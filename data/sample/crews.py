"""Road repairs in Meridian: a queue whose capacity and order are known, worked off by crews on working days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.sample.draws import negative_binomial, uniforms
from data.sample.rhythm import Rhythm

__all__ = ["RepairKind", "Repairs", "crews_toml", "repair_counts", "sample_repairs"]

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class RepairKind:
    """A kind of repair: ``per_day`` are reported in the whole city on an average day at the beginning.

    By then ``waiting`` older ones wait, which are in no table. Its ``crews`` do ``per_crew`` on a working day, if as many
    wait.
    """

    name: str
    per_day: float
    waiting: int
    crews: int
    per_crew: float

    @property
    def capacity(self) -> float:
        """Repairs on a working day."""
        return self.crews * self.per_crew


@dataclass(frozen=True)
class Repairs:
    """Reports of damaged roads, and how they are worked off.

    Reports are negative binomial by area and day, as the ``rhythm`` moves them, in proportion to ``people`` (share by area).
    On a working day (Monday to Friday) each kind's crews do a negative binomial count of mean ``capacity`` and size
    ``output_size``, or all that wait. Whose turn it is: of the waiting, those with the least exponential draw over their
    weight, which is (``floor`` + exp(-working days waited / ``patience``)) times the ``pace`` of their area.
    """

    since: pd.Timestamp
    until: pd.Timestamp
    rhythm: Rhythm
    kinds: tuple[RepairKind, ...]
    people: Mapping[str, float]
    pace: Mapping[str, float]
    output_size: float
    patience: float
    floor: float
    target_days: int
    target_share: float
    crew_hours: int

    @property
    def days(self) -> pd.DatetimeIndex:
        """Every day with reports."""
        return pd.date_range(self.since, self.until, freq="D", name="period")


def sample_repairs(planted: Repairs, *, seed: int) -> pd.DataFrame:
    """One row a report, in order of time: opened, closed (NaT where it waits when the data end), area_id, kind.

    Parameters
    ----------
    planted : the queue.
    seed : of all chance.

    Returns
    -------
    One row a report.
    """
    frames = [_worked_off(kind, planted, seed=seed) for kind in planted.kinds]
    return pd.concat(frames).sort_values(["opened", "kind"], kind="stable", ignore_index=True)


def _worked_off(kind: RepairKind, planted: Repairs, *, seed: int) -> pd.DataFrame:
    days, areas = planted.days, np.array(list(planted.people))
    opened, area, older = _reported(kind, planted, seed=seed)
    worked = np.cumsum(days.day_of_week < 5)
    output = uniforms(seed, f"repairs/{kind.name}/output", len(days))
    capacity, size = np.full(len(days), kind.capacity), np.full(len(days), planted.output_size)
    able = negative_binomial(output, capacity, size).astype(int)
    pace = np.array([planted.pace.get(each, 1.0) for each in areas])[area]
    closed = np.full(len(opened), -1)
    waiting = np.empty(0, dtype=int)
    first = np.searchsorted(opened, np.arange(len(days) + 1))
    for day in range(len(days)):
        waiting = np.concatenate([waiting, np.arange(first[day], first[day + 1])])
        if days[day].weekday() > 4:
            continue
        aged = worked[day] - worked[opened[waiting]]
        weight = (planted.floor + np.exp(-aged / planted.patience)) * pace[waiting]
        # The least exponential draws over their weights are a sample without replacement (Efraimidis and Spirakis 2006).
        turn = -np.log(uniforms(seed, f"repairs/{kind.name}/turn/{day}", len(waiting))) / weight
        order = np.argsort(turn, kind="stable")
        closed[waiting[order[: able[day]]]] = day
        waiting = waiting[np.sort(order[able[day] :])]
    frame = pd.DataFrame(
        {
            "opened": days[opened],
            "closed": pd.Series(days[np.maximum(closed, 0)]).where(closed >= 0),
            "area_id": areas[area],
            "kind": kind.name,
        }
    )
    return frame.iloc[older:]


def _reported(kind: RepairKind, planted: Repairs, *, seed: int) -> tuple[Whole, Whole, int]:
    """The day and area of each report, by day, and how many of the first of them are older than the tables."""
    people = np.array(list(planted.people.values()))
    means = kind.per_day * planted.rhythm.factor(planted.days, since=planted.since)[:, None] * people
    chance = uniforms(seed, f"repairs/{kind.name}/reports", means.shape)
    counts = negative_binomial(chance, means, np.full(means.shape, planted.rhythm.size)).astype(int)
    day, area = np.divmod(np.repeat(np.arange(counts.size), counts.ravel()), counts.shape[1])
    older = np.repeat(np.arange(len(people)), np.rint(kind.waiting * people).astype(int))
    return np.concatenate([np.zeros_like(older), day]), np.concatenate([older, area]), len(older)


def repair_counts(reports: pd.DataFrame, planted: Repairs) -> pd.DataFrame:
    """Reports by day, area and kind, zeros included: columns date, area_id, kind, reports.

    Parameters
    ----------
    reports : as ``sample_repairs`` gives them.
    planted : the queue.

    Returns
    -------
    One row a day, area and kind.
    """
    index = pd.MultiIndex.from_product(
        [planted.days, list(planted.people), [each.name for each in planted.kinds]], names=["date", "area_id", "kind"]
    )
    counts = reports.groupby(["opened", "area_id", "kind"]).size()
    counts.index.names = index.names
    return counts.reindex(index, fill_value=0).astype(np.int32).rename("reports").reset_index()


def crews_toml(planted: Repairs) -> dict[str, dict[str, Any]]:
    """What Meridian's city.toml says of repairs: the series, the reports with their dates and the crews, by section."""
    kinds = {"category": "kind", "area": "area_id", "areas": "neighbourhood"}
    return {
        "series": {
            "source": "repairs.parquet", "title": "Road repairs", "period": "date", "value": "reports", **kinds,
            "freq": "D", "measure": "repairs", "unit": "reports", "value_type": "count",
        },
        "requests": {
            "source": "repair_dates.parquet", "title": "Road repairs", "opened": "opened", "completed": "closed", **kinds,
            "from": planted.since.date(), "until": planted.until.date(),
        },
        "crews": {
            "title": "Road crews", "requests": "repairs", "target_days": planted.target_days,
            "target_share": planted.target_share, "crews": {each.name: each.crews for each in planted.kinds},
            "crew_hours": planted.crew_hours, "working_days": ["mon", "tue", "wed", "thu", "fri"],
        },
    }  # fmt: skip
