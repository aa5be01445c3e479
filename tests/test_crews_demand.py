"""Demand as requests: as many as are counted, in the areas and kinds that the requests have, from the eve on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from crews_city import UNTIL, crews_city, reports, requests

from analytics.scenarios.engines.crews.known import Known, arrivals_of, known_of, practice_of
from analytics.scenarios.framing import study_of
from analytics.scenarios.questions import question_named
from analytics.scenarios.study import Study
from data import City

PERIODS, DRAWS = 3, 100


def study(city: City) -> Study:
    return study_of(city, question=question_named(city, "crews"), periods=PERIODS, draws=DRAWS)


def demand(of: Study, *, areas: Any = ("W03", "W01", "W02"), kinds: Any = ("lamp", "hole")) -> xr.DataArray:
    """Each area, kind and period has a number of its own, the same in every draw."""
    values = 100.0 + np.arange(len(areas) * len(kinds) * PERIODS).reshape(1, len(areas), len(kinds), PERIODS)
    coords = {"area_id": list(areas), "category": list(kinds), "period": of.index}
    array = np.repeat(values, DRAWS, axis=0).astype("float32")
    return xr.DataArray(array, coords=coords, dims=("draw", "area_id", "category", "period"))


def arrived(city: City, **of: Any) -> tuple[Any, xr.DataArray, Any, Any]:
    asked = study(city)
    known = known_of(asked)
    assert known is not None
    practice = practice_of(asked, known)
    came = demand(asked, **of)
    return practice, came, *arrivals_of(asked, known, practice, came)[:2]


def test_areas_and_kinds_find_their_own() -> None:
    practice, came, arrivals, periods = arrived(crews_city())
    assert len(periods) == PERIODS
    for kind, area in (("hole", "W01"), ("lamp", "W03")):
        index = practice.categories.index(kind), practice.area_ids.index(area)
        np.testing.assert_allclose(arrivals[index], came.sel(category=kind, area_id=area).transpose("period", "draw"))


def test_what_the_series_does_not_tell_is_split_as_in_the_last_year() -> None:
    practice, came, arrivals, _ = arrived(crews_city(), areas=("city",), kinds=("all",))
    np.testing.assert_allclose(
        arrivals.sum(axis=(0, 1)), came.sum(["area_id", "category"]).transpose("period", "draw"), rtol=1e-5
    )
    np.testing.assert_allclose(arrivals[:, :, 0, 0] / arrivals[:, :, 0, 0].sum(), practice.share, rtol=1e-4)


def test_a_series_that_counts_twice_as_many_is_halved() -> None:
    city = crews_city()
    series = replace(city.series["holes"], values=2 * city.series["holes"].values)
    _, came, arrivals, _ = arrived(replace(city, series={"holes": series}))
    assert arrivals.sum() == pytest.approx(0.5 * float(came.sum()), rel=1e-5)


def test_between_the_last_known_day_and_the_study_requests_keep_coming() -> None:
    """Requests that are known up to November: December, which the series knows, is gone through at January's pace."""
    city, last = crews_city(), pd.Timestamp("2023-11-30")
    frame = reports()[reports()["opened"] <= last]
    frame = frame.assign(closed=frame["closed"].where(frame["closed"] <= last))
    _, came, arrivals, periods = arrived(replace(city, requests={"holes": requests(frame, until=last)}))
    assert list(periods[:2]) == [pd.Timestamp("2023-12-01"), UNTIL + pd.Timedelta(days=1)]
    np.testing.assert_allclose(arrivals[:, :, 0], arrivals[:, :, 1], rtol=1e-6)  # both months have 31 days
    assert arrivals[:, :, 1:].sum() == pytest.approx(float(came.sum()), rel=1e-5)


def test_crews_of_another_series_are_not_this_studys() -> None:
    city = crews_city(stated={"series": "lamps"})
    assert known_of(study_of(city, series="holes", periods=PERIODS, freq="MS", draws=DRAWS)) is None
    mine = known_of(study(crews_city()))
    assert isinstance(mine, Known)
    assert not mine.together
