"""How long a service takes: from the requests' own dates, with those that are still open counted as such.

Durations are in days; a request that is open when the data end is censored there (Kaplan and Meier 1958), so that months
whose requests are not all done yet are neither dropped nor made to look quick.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.caveats import assess
from analytics.errors import AnalyticsError
from analytics.results import Result
from data import City, Requests

__all__ = ["FEWEST", "ServiceQuality", "requests_of", "service_quality"]

Array = npt.NDArray[np.float64]

FEWEST = 30  # requests below which an area's figure is too unsure to rank it by
NORMAL_95 = 1.959964
COLUMNS = ("n", "open", "median", "median_low", "median_high", "share", "share_low", "share_high")


@dataclass(frozen=True, eq=False, kw_only=True)
class ServiceQuality(Result):
    """How long requests took, with 95 % intervals.

    ``whole`` is one row; ``by_area``, ``by_kind`` and ``by_month`` (of opening) one row each, indexed by it. Columns: n
    (requests), open (of them), median (days; NaN while fewer than half are done), median_low, median_high (infinite
    where the data do not reach), share (done within ``target_days``), share_low, share_high. ``worst`` are the areas
    with at least 30 requests, by the highest share that their interval allows, the lowest first: a small area does not
    come first by chance.
    """

    requests: Requests
    target_days: int
    since: pd.Timestamp
    until: pd.Timestamp
    whole: pd.Series
    by_area: pd.DataFrame
    by_kind: pd.DataFrame
    by_month: pd.DataFrame

    @property
    def worst(self) -> pd.DataFrame:
        """Areas with enough requests, the worst first."""
        return self.by_area[self.by_area["n"] >= FEWEST].sort_values(["share_high", "share"])


def requests_of(city: City, name: str) -> Requests:
    """The requests of a series.

    Parameters
    ----------
    city : a city that may record when requests were completed.
    name : of the series that the requests belong to.

    Returns
    -------
    One row a request, with its dates.

    Raises
    ------
    AnalyticsError
        When the city gives no dates for it, naming those that it gives.
    """
    if name not in city.requests:
        known = list(city.requests)
        raise AnalyticsError("no_requests" if known else "no_requests_at_all", city=city.name, name=name, names=known)
    return city.requests[name]


def service_quality(
    requests: Requests, *, target_days: int = 30, since: pd.Timestamp | None = None, seed: int = 0
) -> ServiceQuality:
    """Median days and the share done within ``target_days``, by area, kind and month of opening.

    Parameters
    ----------
    requests : with the dates of opening and completion.
    target_days : days within which a request should be done, 1 or more.
    since : the first day of opening that counts; None for all.
    seed : kept in the result; nothing is drawn.

    Returns
    -------
    Medians in days and shares between 0 and 1, each with its 95 % band (Kaplan and Meier 1958).

    Raises
    ------
    AnalyticsError
        When the target is below one day, or nothing was opened since the day asked for.
    """
    if target_days < 1:
        raise AnalyticsError("bad_days", days=target_days)
    first = requests.since if since is None else since
    frame = requests.frame[requests.frame["opened"] >= first]
    if frame.empty:
        raise AnalyticsError("nothing_opened", requests=requests.title, since=first, until=requests.until)
    table = _durations(frame, requests.until)
    by_area = _by(table, "area_id", target_days)
    return ServiceQuality(
        made_from=(requests.provenance,),
        caveats=assess(**_facts(requests, frame, by_area)),
        config={"target_days": target_days, "since": first.date().isoformat()},
        seed=seed,
        requests=requests,
        target_days=target_days,
        since=first,
        until=requests.until,
        whole=_figures(table, target_days),
        by_area=by_area,
        by_kind=_by(table, "category", target_days),
        by_month=_by(table, "month", target_days),
    )


def _durations(frame: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """Days from opening to completion, or to the end of the data for what is open then."""
    end = frame["closed"].fillna(until + pd.Timedelta(days=1))
    days = (end - frame["opened"]).dt.total_seconds() / 86_400
    return pd.DataFrame(
        {
            "days": days.clip(lower=0.0).to_numpy(),
            "done": frame["closed"].notna().to_numpy(),
            "area_id": frame["area_id"].to_numpy(),
            "category": frame["category"].to_numpy(),
            "month": frame["opened"].dt.to_period("M").dt.to_timestamp().to_numpy(),
        }
    )


def _by(table: pd.DataFrame, key: str, target_days: int) -> pd.DataFrame:
    rows: dict[Hashable, pd.Series] = {name: _figures(group, target_days) for name, group in table.groupby(key)}
    return pd.DataFrame(rows).T.rename_axis(key)


def _figures(table: pd.DataFrame, target_days: int) -> pd.Series:
    """The figures of one group, as in ``ServiceQuality``."""
    from statsmodels.duration.survfunc import SurvfuncRight

    days, done = table["days"].to_numpy(dtype=float), table["done"].to_numpy(dtype=float)
    values = dict.fromkeys(COLUMNS, np.nan) | {"n": float(len(days)), "open": float(len(days) - done.sum())}
    if not done.any():
        return pd.Series(values | {"share": 0.0, "share_low": 0.0, "share_high": 1.0, "median_high": np.inf})
    curve = SurvfuncRight(days, done)
    left, spread = np.asarray(curve.surv_prob, dtype=float), np.asarray(curve.surv_prob_se, dtype=float)
    times = np.asarray(curve.surv_times, dtype=float)
    low, high = _band(left, spread)
    values["median"] = _first_at(times, left <= 0.5 + 1e-12)
    values["median_low"] = _first_at(times, low <= 0.5 + 1e-12)
    upper = _first_at(times, high <= 0.5 + 1e-12)
    values["median_high"] = np.inf if np.isnan(upper) else upper
    index = int(np.searchsorted(times, target_days, side="right")) - 1
    values["share"], values["share_low"], values["share_high"] = (
        (0.0, 0.0, 0.0) if index < 0 else (1 - left[index], 1 - high[index], 1 - low[index])
    )
    return pd.Series(values)


def _band(left: Array, spread: Array) -> tuple[Array, Array]:
    """The 95 % band of a survival curve on the log-log scale, which stays between 0 and 1 (Kalbfleisch and Prentice)."""
    inner = (left > 0) & (left < 1)
    logs = np.log(np.where(inner, left, 0.5))
    width = NORMAL_95 * np.where(inner, spread / np.where(inner, left, 1.0), 0.0) / np.abs(logs)
    low, high = (np.where(inner, np.exp(logs * np.exp(sign * width)), left) for sign in (1, -1))
    return low, high


def _first_at(times: Array, reached: npt.NDArray[np.bool_]) -> float:
    return float(times[reached.argmax()]) if reached.any() else np.nan


def _facts(requests: Requests, frame: pd.DataFrame, by_area: pd.DataFrame) -> dict[str, object]:
    closed = frame["closed"].dropna().dt.normalize()
    busiest = closed.value_counts()
    return {
        "made_from": (requests.provenance,),
        "open_share": float(frame["closed"].isna().mean()),
        "open_requests": int(frame["closed"].isna().sum()),
        "service_title": requests.title,
        "areas_small": int((by_area["n"] < FEWEST).sum()),
        "areas_all": len(by_area),
        "area_least": FEWEST,
        "closed_on": busiest.index[0] if len(busiest) else pd.NaT,
        "closed_that_day": int(busiest.iloc[0]) if len(busiest) else 0,
        "closed_on_usual_day": float(busiest.median()) if len(busiest) else 0.0,
        "closed_all": len(closed),
    }
