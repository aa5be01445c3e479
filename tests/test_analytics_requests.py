"""What is asked of analytics as one value: its fingerprint is the key of the work, so every field must be in it."""

from __future__ import annotations

import pickle
from dataclasses import fields, replace

import pandas as pd
import pytest

from analytics.hotspots import PartOfWeek
from analytics.requests import (
    AuditRequest,
    CityRequest,
    ComparisonRequest,
    ForecastRequest,
    MapRequest,
    Request,
    SeriesRequest,
    SuggestRequest,
)
from analytics.scenarios import Ask, Scenario, Terms
from data import Region

CITY = CityRequest("meridian", stamp="1")
MAP = MapRequest(CITY, incidents="assault")
OTHER = {
    "name": "chicago", "stamp": "2", "asker": "planner", "tables": (("[series.calls]", "2"),),
    "city": CityRequest("meridian", stamp="2"), "map": replace(MAP, slow=True),
    "series": "calls", "horizon": 7, "cutoff": pd.Timestamp("2026-01-01"), "area": "A1", "model": "ets", "reason": "asked for",
    "slow": True, "reconcile": True, "keep": True, "seed": 5, "incidents": "burglary", "category": "street",
    "part": PartOfWeek(22, 6), "as_of": pd.Timestamp("2026-01-01"), "horizon_days": 7, "cells": "areas", "cell_size": 100.0,
    "windows": 4, "method": "promap", "share": 0.1, "periods": 6, "freq": "D", "draws": 200,
    "scenarios": (Scenario("today"), Scenario("growth", levers={"population.growth": 0.02})),
    "question": "crews", "subject": "clinics", "terms": Terms(budget=5.0), "ask": Ask(budget=5.0),
    "region": Region("south", "South", "ward", ("W01",)),
}  # fmt: skip
REQUESTS: list[Request] = [
    CITY,
    SeriesRequest(CITY, series="requests"),
    ForecastRequest(CITY, series="requests", slow=False),
    MAP,
    AuditRequest(MAP, share=0.05),
    ComparisonRequest(CITY, scenarios=(Scenario("today"), Scenario("growth", levers={"population.growth": 0.01}))),
    SuggestRequest(CITY, question="sites"),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: type(each).__name__)
def test_every_field_is_in_the_fingerprint(request_: Request) -> None:
    assert pickle.loads(pickle.dumps(request_)).fingerprint == request_.fingerprint  # noqa: S301 - our own bytes
    others = [replace(request_, **{field.name: OTHER[field.name]}) for field in fields(request_)]
    assert len({each.fingerprint for each in [request_, *others]}) == 1 + len(others)


def test_requests_of_two_kinds_are_never_the_same() -> None:
    assert len({each.fingerprint for each in REQUESTS}) == len(REQUESTS)


def test_a_new_backtest_makes_forecasts_by_any_model_old_and_no_others() -> None:
    asked = ForecastRequest(CITY, series="requests", slow=False)
    assert asked.rests_on_the_backtests_of(replace(asked, model="ets", reason="asked for"))
    for other in ({"series": "calls"}, {"horizon": 7}, {"cutoff": pd.Timestamp("2026-01-01")}):
        assert not asked.rests_on_the_backtests_of(replace(asked, **other))
