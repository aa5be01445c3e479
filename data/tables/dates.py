"""What dates cannot be: decades from all others, or midnight for most."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from data.calendar import mostly_midnight
from data.provenance import Finding
from data.tables.sifting import Sifted

__all__ = ["far_dates", "time_findings", "without_far_dates"]

FEWEST = 3  # of fewer dates none is the odd one
DECADES = pd.Timedelta(days=7305)  # a long history has its middle half within ten years, and may reach twice as far
SPREADS = 10  # … or however long it is: so many times what its middle half spans


def far_dates(times: pd.Series) -> pd.Series:
    """Whether each date lies so far from the middle half of all that it must be a slip or a placeholder (1900, 2099).

    Parameters
    ----------
    times : naive; NaT where nobody knows.

    Returns
    -------
    pd.Series
        One truth value a date: further than twenty years from the middle half, and than ten times what that spans.
    """
    times = times.astype("datetime64[s]")  # nanoseconds hold no difference of three centuries
    known = times.dropna().sort_values()
    if len(known) < FEWEST:
        return pd.Series(False, index=times.index)
    edge = math.ceil((len(known) - 1) / 4)  # the middle half lies within the dates as many places from either end
    first, last = pd.Timestamp(known.iloc[edge]), pd.Timestamp(known.iloc[-1 - edge])
    reach = max(DECADES, SPREADS * (last - first))
    far: pd.Series = (times < first - reach) | (times > last + reach)
    return far


def without_far_dates(sifted: Sifted, *, bounds: Sequence[pd.Timestamp | None]) -> Sifted:
    """The rows without those whose ``time`` lies far from all others: one of them would stretch the calendar to centuries.

    Parameters
    ----------
    sifted : the rows so far.
    bounds : the first and last day asked for; where both are, people have said how long the calendar is.

    Returns
    -------
    Sifted
        The rows that are left.

    Raises
    ------
    TableError
        When more than half of the rows lie far from each other.
    """
    if all(bound is not None for bound in bounds):
        return sifted
    return sifted.without(far_dates(sifted.rows["time"]), "far_date")


def time_findings(times: pd.Series, *, label: str) -> tuple[Finding, ...]:
    """A finding where most dates have no time of day.

    Parameters
    ----------
    times : naive.
    label : how sentences name the table.

    Returns
    -------
    tuple of Finding
        One, or none.
    """
    return (Finding("dates_without_time", label, {}),) if mostly_midnight(times) else ()
