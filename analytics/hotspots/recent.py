"""The incidents of the last days, for methods that look back no further."""

from __future__ import annotations

import pandas as pd

from data import Incidents

__all__ = ["YEAR_DAYS", "last_days"]

YEAR_DAYS = 365


def last_days(incidents: Incidents, *, as_of: pd.Timestamp, days: int = YEAR_DAYS) -> tuple[pd.DataFrame, int]:
    """The incidents of the ``days`` before ``as_of``, and how many of those days were observed.

    Parameters
    ----------
    incidents : what happened, its frame in order of time.
    as_of : the first day that is not known.
    days : how far back.

    Returns
    -------
    Their rows, and a number from 1 to `days`.
    """
    known = min(days, max(1, (as_of - incidents.since).days))
    frame = incidents.frame
    return frame.iloc[int(frame["time"].searchsorted(as_of - pd.Timedelta(days=known))) :], known
