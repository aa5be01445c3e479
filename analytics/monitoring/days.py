"""What is stated of a city from day to day, kept so that the next day can say what is new, what ended and what was wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from analytics.monitoring.targets import Chance
from analytics.monitoring.warnings import Alarm, Warnings
from analytics.monitoring.week import Figures, Week
from data import fingerprint_of
from data.store.results import keys, load, save
from data.store.writing import warned_where_not_kept

__all__ = ["Change", "DayStatement", "Notice", "change", "day_before", "keep_day", "stated_of", "unusual_in"]

KIND = "day"


@dataclass(frozen=True)
class Notice:
    """An alarm by what tells it from all others, with the names that people know."""

    series: str
    area_id: str
    category: str
    kind: str
    since: str
    series_title: str
    area_name: str


@dataclass(frozen=True)
class DayStatement:
    """What was stated of a city when ``end`` was its newest whole day.

    ``unusual`` are the alarms of the week, ``chances`` the probabilities of open targets by name, and ``outside`` the
    tables ("series.name" or "incidents.name") whose week lay outside the range that was forecast.
    """

    end: pd.Timestamp
    unusual: tuple[Notice, ...] = ()
    chances: Mapping[str, float] = field(default_factory=dict)
    outside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """What differs from what was stated when ``since`` was the newest day.

    ``new`` and ``ended`` are alarms, ``chances`` those of targets then and now, by name, where both are known and differ by
    half a point or more; ``wrong`` are the tables whose week has left its range since.
    """

    since: pd.Timestamp
    new: tuple[Notice, ...]
    ended: tuple[Notice, ...]
    chances: Mapping[str, tuple[float, float]]
    wrong: tuple[str, ...]


def unusual_in(found: Warnings, figures: Figures) -> tuple[Alarm, ...]:
    """The alarms of a city's week: the rarest first, missing data last; none of series that had ended before it.

    Parameters
    ----------
    found : all that is watched.
    figures : of the week.

    Returns
    -------
    tuple of Alarm
        What is unusual now.
    """
    current = [each for each in found.current if each.series not in figures.ended]
    return tuple(sorted(current, key=lambda each: (each.kind == "late", each.rarity)))


def stated_of(
    figures: Figures, *, weeks: Sequence[Week], unusual: Sequence[Alarm], chances: Sequence[Chance]
) -> DayStatement | None:
    """What a city's pages state today; None where no table is counted by the day.

    Parameters
    ----------
    figures : of the week.
    weeks : the same with their ranges.
    unusual : the alarms of the week.
    chances : of the targets.

    Returns
    -------
    DayStatement
        Ready to be kept.
    """
    if figures.end is None:
        return None
    return DayStatement(
        figures.end,
        tuple(_notice(each) for each in unusual),
        {each.target.name: each.probability for each in chances if not each.over},
        tuple(f"{each.kind}.{each.name}" for each in weeks if each.outside),
    )


def _notice(alarm: Alarm) -> Notice:
    return Notice(
        alarm.series, alarm.area_id, alarm.category, alarm.kind, alarm.since.isoformat(), str(alarm.series_title),
        alarm.area_name,
    )  # fmt: skip


def keep_day(city: str, stated: DayStatement) -> None:
    """Keep what is stated of a city on a day; a workspace that cannot be written to keeps nothing.

    Parameters
    ----------
    city : what stands for it in the workspace.
    stated : the statement; it takes the place of another of the same day.
    """
    key = _key(city, stated.end)
    if _read(key) == stated:
        return  # whoever looks at a page writes nothing
    record: dict[str, Any] = {
        "unusual": [asdict(each) for each in stated.unusual], "chances": dict(stated.chances),
        "outside": list(stated.outside),
    }  # fmt: skip
    with warned_where_not_kept():
        save(KIND, key, tables={}, record=record)


def day_before(city: str, end: pd.Timestamp) -> DayStatement | None:
    """The latest statement of a city before a day.

    Parameters
    ----------
    city : as it was given to ``keep_day``.
    end : the day.

    Returns
    -------
    DayStatement or None
        None where none is kept.
    """
    today = _key(city, end)
    own = today.rpartition("-")[0] + "-"
    # Of one city the keys stand in the order of their days.
    earlier = [each for each in keys(KIND) if each.startswith(own) and each < today]
    return _read(max(earlier)) if earlier else None


def _key(city: str, end: pd.Timestamp) -> str:
    return f"{fingerprint_of(city)}-{end:%Y%m%d}"


def _read(key: str) -> DayStatement | None:
    stored = load(KIND, key)
    if stored is None:
        return None
    record = stored.record
    return DayStatement(
        pd.Timestamp(key.rpartition("-")[2]),
        tuple(Notice(**each) for each in record["unusual"]),
        record["chances"],
        tuple(record["outside"]),
    )


def change(before: DayStatement, now: DayStatement) -> Change:
    """What differs between two statements.

    Parameters
    ----------
    before : of an earlier day.
    now : of today.

    Returns
    -------
    Change
        In the order in which today's page tells it.
    """
    then = {_identity(each) for each in before.unusual}
    today = {_identity(each) for each in now.unusual}
    both = {name: (before.chances[name], share) for name, share in now.chances.items() if name in before.chances}
    return Change(
        before.end,
        tuple(each for each in now.unusual if _identity(each) not in then),
        tuple(each for each in before.unusual if _identity(each) not in today),
        {name: pair for name, pair in both.items() if abs(pair[1] - pair[0]) >= 0.005},
        tuple(each for each in now.outside if each not in before.outside),
    )


def _identity(notice: Notice) -> tuple[str, ...]:
    return notice.series, notice.area_id, notice.category, notice.kind, notice.since
