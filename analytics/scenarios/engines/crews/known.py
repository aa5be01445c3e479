"""What a study knows of its crews: the statement, the requests, the practice learnt from them, and the demand to come."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr
from cachetools import LRUCache, cached

from analytics.scenarios.engines.crews.practice import Practice, learn
from analytics.scenarios.study import Study
from data import Crews, Requests, Series
from data.frequency import Frequency
from data.tables.crews import SharedBy

__all__ = ["Known", "arrivals_of", "known_of", "practice_of"]

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Known:
    """The crews that a study is about, and the requests that they work off."""

    crews: Crews
    requests: Requests

    @property
    def together(self) -> bool:
        """Whether all categories share the crews."""
        return self.crews.by is SharedBy.CITY


def known_of(study: Study) -> Known | None:
    """The crews of a study: those that it names, else the first that work off its series.

    Parameters
    ----------
    study : the city, its time and the tables.

    Returns
    -------
    Known or None
        None where nobody's crews work off the series, or it is not counted by days or longer.
    """
    series = study.about.get("series", "")
    if not series or study.freq in (Frequency.HOUR, Frequency.YEAR):
        return None
    named = study.about.get("crews", "")
    for name in (named,) if named else study.names("crews"):
        crews: Crews | None = study.find("crews", name)
        if crews is not None and crews.series == series:
            panel: Series = study.table("series")
            return Known(crews, study.table("requests", series)) if panel.value_type == "count" else None
    return None


def practice_of(study: Study, known: Known) -> Practice:
    """The practice of the year before the study, or before the last day of which the requests are known.

    Parameters
    ----------
    study : whose start counts.
    known : its crews and requests.

    Returns
    -------
    Practice
        Kept while the requests stay as they are.
    """
    before = min(study.start, known.requests.until + pd.Timedelta(days=1))
    return _learnt(known.requests, known.crews, before)


def _key(requests: Requests, crews: Crews, before: pd.Timestamp) -> tuple[object, ...]:
    return requests.provenance.fingerprint, crews.working_days, crews.by, before


@cached(LRUCache(maxsize=16), key=_key, lock=Lock())
def _learnt(requests: Requests, crews: Crews, before: pd.Timestamp) -> Practice:
    return learn(requests, before=before, working_days=crews.working_days, together=crews.by is SharedBy.CITY)


def arrivals_of(
    study: Study, known: Known, practice: Practice, demand: xr.DataArray
) -> tuple[Floats, pd.DatetimeIndex, pd.Timestamp]:
    """The requests to come by (category, area, period, draw), the start of each period, and the end of the last.

    Demand by areas and categories that the requests have too is taken as it is, any other split as the requests of the
    last year were; all of it by as much as more requests than demand were counted in that year. Between the last day that
    is known and the study as many come as in its first period.

    Parameters
    ----------
    study : whose periods they are.
    known : its crews and requests.
    practice : whose categories and areas they are to be by.
    demand : by draw, area_id, category and period.

    Returns
    -------
    Arrivals, periods and the end.
    """
    areas = list(practice.area_ids)
    kinds = list(practice.categories)
    by_area = set(areas) == set(map(str, demand.get_index("area_id")))
    by_kind = set(kinds) == set(map(str, demand.get_index("category")))
    split = demand.transpose("category", "area_id", "period", "draw").to_numpy()
    split = _arranged(split, 0, demand.get_index("category"), kinds if by_kind else None)
    split = _arranged(split, 1, demand.get_index("area_id"), areas if by_area else None)
    gone = tuple(axis for axis, kept in enumerate((by_kind, by_area)) if not kept)
    total = practice.share.sum(axis=gone, keepdims=True)
    part = np.divide(practice.share, total, out=np.zeros_like(practice.share), where=total > 0) if gone else 1.0
    factor = np.float32(_scale(study, known, practice)) * np.asarray(part, dtype=np.float32)
    arrivals: Floats = np.maximum(split * (factor[..., None, None] if gone else factor), np.float32(0.0))
    index, end = study.index, (study.index[-1] + study.freq.offset)
    gap = (index[0] - practice.before).days
    if gap > 0:
        length = (index[1] if len(index) > 1 else end) - index[0]
        arrivals = np.concatenate([arrivals[:, :, :1] * np.float32(gap / length.days), arrivals], axis=2)
        index = index.insert(0, practice.before)
    return arrivals, index, end


def _arranged(values: Floats, axis: int, index: pd.Index, wanted: list[str] | None) -> Floats:
    """The values along an axis in the wanted order, or added up where none is wanted."""
    if wanted is None:
        total: Floats = values.sum(axis=axis, keepdims=True)
        return total
    names = [str(each) for each in index]
    return values if names == wanted else values.take([names.index(each) for each in wanted], axis=axis)


def _scale(study: Study, known: Known, practice: Practice) -> float:
    """Requests opened in the year before, against the series' count of the same whole periods."""
    panel: Series = study.table("series")
    since, frame = practice.before - pd.Timedelta(days=365), known.requests.frame
    starts = pd.DatetimeIndex(panel.values.index)
    whole = starts[(starts >= max(since, known.requests.since)) & (starts <= practice.before - panel.freq.offset)]
    if not len(whole):
        return 1.0
    counted = float(np.nansum(panel.values.loc[whole].to_numpy()))
    opened = frame["opened"]
    own = int(((opened >= whole[0]) & (opened < whole[-1] + panel.freq.offset)).sum())
    return own / counted if counted > 0 and own > 0 else 1.0
