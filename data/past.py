"""A city as it was known on a past day: every table cut there, so that a study can be made again with only what was known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from data.city import City
from data.errors import TableError
from data.tables import Incidents, Requests, Series

__all__ = ["as_known_on"]


def as_known_on(city: City, day: pd.Timestamp) -> City:
    """The city as it was known when a day began.

    Series and drivers end with their last period that was over, events and requests with those of the day before, and
    requests that were completed later are open. What has no dates (areas, sites, desks, costs) is as it is today, and so
    are values that were corrected since: they were not kept as they stood.

    Parameters
    ----------
    city : as it is known today.
    day : a local date.

    Returns
    -------
    City
        Its tables are cut when they are asked for. One that had nothing before the day is not among them, and raises
        ``TableError`` where it is asked for by name.
    """
    day = day.normalize()
    return replace(
        city,
        series=_Cut(city.series, lambda table: _series(table, day)),
        drivers=_Cut(city.drivers, lambda table: _series(table, day)),
        incidents=_Cut(city.incidents, lambda table: _incidents(table, day)),
        requests=_Cut(city.requests, lambda table: _requests(table, day)),
    )


class _Cut(Mapping[str, Any]):
    """Tables by name, each cut when it is first asked for; those that began later are not among them."""

    def __init__(self, tables: Mapping[str, Any], cut: Callable[[Any], Any]) -> None:
        self._tables, self._cut, self._known = tables, cut, dict[str, Any]()

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = self._cut(self._tables[name])
        return self._known[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The table of a name; the default where it began later, or there is none."""
        return self[name] if name in self else default  # noqa: SIM401 - that would ask itself

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._tables and self._has(name)

    def __iter__(self) -> Iterator[str]:
        return iter([name for name in self._tables if self._has(name)])

    def __len__(self) -> int:
        return sum(self._has(name) for name in self._tables)

    def _has(self, name: str) -> bool:
        try:
            return self[name] is not None
        except TableError:
            return False


def _series(table: Series, day: pd.Timestamp) -> Series:
    over = pd.DatetimeIndex(table.values.index) + table.freq.offset <= day
    if not over.any():
        raise TableError("not_yet_known", table=table.title, day=day)
    return table.until(table.values.index[over][-1])


def _incidents(table: Incidents, day: pd.Timestamp) -> Incidents:
    if table.since >= day:
        raise TableError("not_yet_known", table=table.title, day=day)
    last = min(table.until, day - pd.Timedelta(days=1))
    return replace(table, frame=table.frame[table.frame["time"] < day], until=last)


def _requests(table: Requests, day: pd.Timestamp) -> Requests:
    if table.since >= day:
        raise TableError("not_yet_known", table=table.title, day=day)
    frame = table.frame[table.frame["opened"] < day]
    frame = frame.assign(closed=frame["closed"].where(frame["closed"] < day))
    return replace(table, frame=frame, until=min(table.until, day - pd.Timedelta(days=1)))
