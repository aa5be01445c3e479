"""The work of a study: its demand, worked off by its crews as practice was and as the levers stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import xarray as xr

from analytics.scenarios.engines.crews.futures import Course, abilities, carried_on, units_of
from analytics.scenarios.engines.crews.known import Known, arrivals_of
from analytics.scenarios.engines.crews.levers import effort
from analytics.scenarios.engines.crews.practice import Practice
from analytics.scenarios.engines.crews.replay import order_chosen, replays
from analytics.scenarios.study import Study
from analytics.streams import Streams

__all__ = ["course_of"]


def course_of(
    study: Study,
    known: Known,
    practice: Practice,
    levers: Mapping[str, Any],
    demand: xr.DataArray,
    streams: Streams,
) -> Course:
    """What becomes of the requests of a study.

    Parameters
    ----------
    study : the city, its time and the tables.
    known : its crews and requests.
    practice : as learnt before it.
    levers : every lever's value.
    demand : by draw, area_id, category and period.
    streams : of the study.

    Returns
    -------
    Course
        In every future.
    """
    order = order_chosen(replays(known.requests, known.crews))
    units = units_of(
        practice, first_areas=levers.get("crews.first", ()), first_categories=levers.get("crews.first_kinds", ())
    )
    arrivals, periods, end = arrivals_of(study, known, practice, demand)
    month = periods.to_period("M").to_timestamp()
    months = pd.date_range(month[0], month[-1], freq="MS")
    able = abilities(practice, order.give, tuple(months), streams)[:, months.searchsorted(month)]
    able = able * effort(levers, known, practice, periods)[:, :, None]
    return carried_on(
        practice, order, units, units.summed(arrivals), able, periods=periods, end=end, target=known.crews.target_days
    )
