"""Rows of a table whose source grows: those of its file, and those that were read of its source since."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from data.calendar import LocalTimes
from data.errors import CityFileError
from data.provenance import Finding
from data.store.feeds import Feed
from data.tables.section import Section

__all__ = [
    "address_of", "check_live", "columns_of", "feed_of", "grown", "live_findings", "numbers_of", "without_older",
    "without_restated",
]  # fmt: skip

SCHEMES = ("https", "http")
# The keys of a section that name columns: that of its moments first, as what is kept of a source is in this order.
NAMING = (
    "period", "time", "opened", "completed", "id", "value", "volume", "area", "link", "from_node", "to_node", "longitude",
    "latitude", "category",
)  # fmt: skip


def check_live(section: Section[Any]) -> None:
    """Refuse a source that is neither a folder nor an address of http or https, and one of rows that cannot be told apart.

    Raises
    ------
    CityFileError
        Naming what is allowed.
    """
    address = section.keys.live
    if address is not None and hasattr(section.keys, "id") and section.keys.id is None:
        raise CityFileError("live_without_id", section=section.label)
    if address is None or "://" not in address:
        return
    try:
        parts = urlsplit(address)
        fine = parts.scheme in SCHEMES and bool(parts.hostname)
    except ValueError:
        fine = False
    if not fine:
        raise CityFileError("bad_live", section=section.label, value=address)


def address_of(section: Section[Any]) -> str:
    """Where a source that grows is: a folder in full, or a URL."""
    return section.path(section.keys.live)


def feed_of(section: Section[Any]) -> Feed:
    """What is kept of a source that grows."""
    return Feed.of(address_of(section), section.label)


def columns_of(section: Section[Any]) -> list[str]:
    """The columns that a table needs of its source, that of its moments first."""
    keys = section.keys
    named = [*(getattr(keys, key, None) for key in NAMING), *getattr(keys, "drop", ())]
    return list(dict.fromkeys(each for each in named if each is not None))


def numbers_of(section: Section[Any]) -> list[str]:
    """The columns whose values are numbers: that of values or volumes, else those of places."""
    keys = section.keys
    counted = [getattr(keys, key) for key in ("value", "volume") if hasattr(keys, key)]
    return [each for each in counted or [keys.longitude, keys.latitude] if each is not None]


def grown(section: Section[Any], table: pd.DataFrame) -> pd.DataFrame:
    """A table's rows, and behind them those that were read of its source since, all in the columns that it needs.

    Parameters
    ----------
    section : that names a source that grows, or none.
    table : the rows of its file.

    Returns
    -------
    pd.DataFrame
        With ``LIVE`` where rows were read since.
    """
    if section.keys.live is None:
        return table
    columns = columns_of(section)
    since = feed_of(section).frame(columns)
    if since.empty or not set(columns) <= set(table.columns):
        return table
    own = table[columns]
    if any(dtype.kind not in "OUT" for dtype in own.dtypes):
        own = own.astype("string").astype(object)  # numbers and moments of a Parquet file, as a feed writes them
    both = pd.concat([own, since], ignore_index=True)
    return both.assign(**{LIVE: [False] * len(own) + [True] * len(since)})


LIVE = "\0live"  # a column that no source has: whether a row was read of the source that grows


def without_older(
    table: pd.DataFrame, moments: LocalTimes, columns: list[str | None]
) -> tuple[pd.DataFrame, LocalTimes, int]:
    """Without rows that a later one of the same moment, area and category states anew.

    Parameters
    ----------
    table : of ``grown``.
    moments : of its rows.
    columns : those of areas and categories; None for none.

    Returns
    -------
    tuple
        Rows, their moments, and how many had another value than the one that counts.
    """
    if LIVE not in table:
        return table, moments, 0
    cell = [moments.times, *(table[each].astype("string").str.strip() for each in columns if each is not None)]
    keyed = pd.concat(cell, axis=1)
    keyed.columns = pd.RangeIndex(keyed.shape[1])
    # An hour that the clocks repeat is written twice, and both count.
    older = keyed.duplicated(keep="last") & ~moments.touched & moments.times.notna()
    # Only where a row of the growing source states it anew: what a file says twice is judged as in any table.
    renewed = (
        keyed.assign(live=table[LIVE].to_numpy()).groupby(list(keyed.columns), dropna=False)["live"].transform("any")
    )
    older &= renewed.to_numpy()
    kept = ~older
    fields = (moments.times[kept], moments.ambiguous[kept], moments.nonexistent[kept])
    return table[kept], LocalTimes(*fields), int(older.sum())


def without_restated(table: pd.DataFrame, id: str | None) -> tuple[pd.DataFrame, int]:
    """Without rows whose id a later row of the growing source states anew, as when a request was completed.

    Parameters
    ----------
    table : of ``grown``.
    id : the column of ids; None where there is none, and nothing grows.

    Returns
    -------
    tuple
        Rows, and how many a later one took the place of.
    """
    if LIVE not in table or id is None:
        return table, 0
    ids = table[id].astype("string").fillna("").str.strip()
    restated = table[LIVE].groupby(ids.to_numpy()).transform("any").to_numpy()
    older = ids.duplicated(keep="last") & (ids != "") & restated
    return table[~older].drop(columns=LIVE), int(older.sum())


def live_findings(section: Section[Any], *, renewed: int) -> tuple[Finding, ...]:
    """What is to be known of a source that grows: that it is broken, since when and why; that rows were stated anew.

    Parameters
    ----------
    section : of the city.toml.
    renewed : rows whose place a later one took.

    Returns
    -------
    tuple of Finding
        None where all is well.
    """
    if section.keys.live is None:
        return ()
    failure = feed_of(section).state.failure
    found = [Finding("live_renewed", section.label, {"rows": renewed})] if renewed else []
    if failure is not None:
        evidence = {"since": pd.Timestamp(failure.since).tz_localize(None), "why": failure.why}
        found.append(Finding("live_broken", section.label, evidence))
    return tuple(found)
