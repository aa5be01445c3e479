"""Public holidays, as the ``holidays`` package knows them: by country, or by a part of one ("US-IL")."""

from __future__ import annotations

from functools import lru_cache

import holidays
import pandas as pd

__all__ = ["known_country", "public_holidays"]


def known_country(code: str) -> bool:
    """Whether holidays are known for a country ("GB") or a part of one ("US-IL")."""
    country, _, part = code.partition("-")
    known = holidays.list_supported_countries()
    return country in known and (not part or part in known[country])


@lru_cache(maxsize=32)
def _holidays(code: str, first: int, last: int) -> pd.DatetimeIndex:
    country, _, part = code.partition("-")
    found = holidays.country_holidays(country, subdiv=part or None, years=range(first, last + 1))
    return pd.DatetimeIndex(sorted(found))


def public_holidays(code: str, *, first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    """The public holidays from one day to another.

    Parameters
    ----------
    code : a country ("GB"), or a part of one ("US-IL").
    first, last : days, both included.

    Returns
    -------
    pd.DatetimeIndex
        In order.

    Examples
    --------
    >>> [str(day.date()) for day in public_holidays("GB", first=pd.Timestamp("2025-12-20"), last=pd.Timestamp("2026-01-02"))]
    ['2025-12-25', '2025-12-26', '2026-01-01']
    """
    found = _holidays(code, first.year, last.year)
    return found[(found >= first.normalize()) & (found <= last)]
