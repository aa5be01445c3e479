"""Small results made by hand, so that charts and files are tested without computing anything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr

from analytics.decisions import Outcome, Promise, Reliability, Tracked
from analytics.environment import Energy, Heat, energy_demand, excess_in_heat
from analytics.evaluation import Evaluation as PolicyEvaluation
from analytics.evaluation import evaluate
from analytics.forecasting.results import Backtest, Forecast, Score, Selection
from analytics.hotspots.audit import Audit, Feedback
from analytics.hotspots.backtesting.scoring import Evaluation
from analytics.hotspots.cells import Squares
from analytics.hotspots.results import Hotspots
from analytics.hotspots.significance import emerging_hotspots
from analytics.results import Caveat, Severity
from analytics.scenarios.comparison import Comparison, Difference, Price, Spread
from analytics.scenarios.measure import Measure, Sum
from analytics.scenarios.mind import Mind, Pair, Tipping
from analytics.scenarios.mind.information import Learnt, Worth
from analytics.scenarios.mind.results import Objection
from analytics.scenarios.mind.robustness import Fare, Satisfied
from analytics.scenarios.mind.sensitivity import Influence
from analytics.scenarios.mind.tipping import Edge
from analytics.scenarios.mind.words import headline_of, sentences_of
from analytics.scenarios.study import Scenario, Study
from dashboard.figures.charts import Promised
from data import Areas, City, Classification, Incidents, Provenance, Series, Sites
from data.frequency import Frequency
from data.tables import Regressor
from data.words import Sentence

OPTION = "Cleaner alleys"
ROWS, COLUMNS, SIDE = 4, 3, 3000.0
WEST, SOUTH = 350_000.0, 580_000.0
AREA_IDS = tuple(f"A{place:02d}" for place in range(ROWS * COLUMNS))
CUTOFF = pd.Timestamp("2014-12-31")
REASON = Sentence("selection.untested", {"model": "Pooled counts"})
GROUPS = ("everyone", "share_over_65", "share_low_income")

LONG = {"drivers": [f"driver number {place} with a rather long name" for place in range(9)]}
CAVEATS = (
    Caveat("horizon_long", Severity.CAUTION, {"horizon": 28, "tested": 14, "unit": "days"}),
    Caveat(
        "interval_undercovers", Severity.CAUTION, {"level": 0.8, "coverage": 0.71, "n": 1834, "model": "Pooled counts"}
    ),
    Caveat("small_counts", Severity.NOTE, {"mean": 0.7, "share": 0.4, "n": 77, "below": 1.0, "series": "Requests"}),
)


def nine_long_caveats() -> tuple[Caveat, ...]:
    """Nine cautions and notes whose sentences need several lines each."""
    severities = (Severity.NOTE, Severity.CAUTION, Severity.DO_NOT_USE)
    return tuple(
        Caveat("not_causal", severities[place % 3], {"drivers": [*LONG["drivers"], f"the {place}th"][place:]})
        for place in range(9)
    )


def provenance(name: str, **more: object) -> Provenance:
    facts = {"origin": "City of Examples", "licence": "open", "fingerprint": f"{name}-1", "as_of": CUTOFF}
    return Provenance(name=name, **{**facts, **more})  # type: ignore[arg-type]


def areas() -> Areas:
    squares = [
        shapely.box(WEST + SIDE * column, SOUTH + SIDE * row, WEST + SIDE * (column + 1), SOUTH + SIDE * (row + 1))
        for row in range(ROWS)
        for column in range(COLUMNS)
    ]
    frame = gpd.GeoDataFrame(
        {"name": [f"Ward {area}" for area in AREA_IDS], "population": 1000.0, "geometry": squares},
        index=pd.Index(AREA_IDS, name="area_id"),
        crs="EPSG:26971",
    )
    return Areas("ward", frame, provenance("wards"))


def series(*, categories: tuple[str, ...] = ("all",), days: int = 800) -> Series:
    index = pd.date_range(end=CUTOFF, periods=days, freq="D", name="period")
    columns = pd.MultiIndex.from_product([AREA_IDS, categories], names=["area_id", "category"])
    season = 5 + 1.5 * np.sin(2 * np.pi * np.arange(days) / 365) - 1.5 * (index.day_of_week >= 5)
    noise = np.random.default_rng(1).poisson(season[:, None], (days, len(columns)))
    return Series(
        "requests", "Sanitation requests", pd.DataFrame(noise, index=index, columns=columns).astype(float),
        provenance("requests"), layer="ward", measure="sanitation requests", unit="requests",
    )  # fmt: skip


def forecast(
    *, horizon: int = 28, caveats: tuple[Caveat, ...] = CAVEATS, categories: tuple[str, ...] = ("all",), **more: object
) -> Forecast:
    history = series(categories=categories)
    periods = pd.date_range(CUTOFF, periods=horizon + 1, freq="D", name="period")[1:]
    coords = {"period": periods, "area_id": list(AREA_IDS), "category": list(categories)}
    mean = xr.DataArray(np.full((horizon, len(AREA_IDS), len(categories)), 4.5), coords=coords, dims=list(coords))
    levels = [0.025, 0.1, 0.5, 0.9, 0.975]
    quantiles = xr.concat([mean * factor for factor in (0.3, 0.5, 1.0, 1.6, 2.0)], pd.Index(levels, name="quantile"))
    return Forecast(
        made_from=(provenance("requests", **more),), caveats=caveats, series=history, model="pooled",
        model_title="Pooled counts", cutoff=CUTOFF, horizon=horizon, mean=mean, quantiles=quantiles,
        total=quantiles.sum(("area_id", "category")), size=xr.full_like(mean, 8.0), grid=None, correlation=0.2,
        persistence=0.3, selection=Selection("pooled", "pooled", {"pooled": 0.8}, ("pooled",), True, REASON),
        backtest=backtest(), backtests={"pooled": backtest(), "seasonal_naive": backtest(ratio=1.0, model="seasonal_naive")},
    )  # fmt: skip


def backtest(*, ratio: float = 0.8, origins: int = 6, horizon: int = 28, model: str = "pooled") -> Backtest:
    cutoffs = tuple(CUTOFF - pd.Timedelta(days=horizon * place) for place in range(origins, 0, -1))
    periods = pd.date_range(cutoffs[0] + pd.Timedelta(days=1), periods=origins * horizon, freq="D")
    rng = np.random.default_rng(2)
    track = pd.DataFrame({"q0.1": 40.0, "q0.5": 54.0, "q0.9": 68.0}, index=range(len(periods)))
    track["observed"] = rng.normal(54, 11, len(periods)).round()
    track["cutoff"], track["period"] = np.repeat(list(cutoffs), horizon), periods
    scores = {name: Score(0.5, 0.4, 0.6) for name in ("sql", "mase", "rmsse", "bias", "coverage_80", "coverage_95")}
    scores["sql_ratio"] = Score(ratio, ratio - 0.05, ratio + 0.05)
    table = pd.DataFrame({"cutoff": cutoffs, "sql": 0.5})
    return Backtest(
        made_from=(provenance("requests"),), series="requests", model=model, model_version="1", cutoffs=cutoffs,
        horizon=horizon, scores=scores, by_origin=table, by_stratum=table, detail=table, track=track,
        series_scored=12, series_total=12,
    )  # fmt: skip


def hotspots(*, significant: bool = True, caveats: tuple[Caveat, ...] = (), police: bool = False) -> Hotspots:
    size, columns, rows = 500.0, int(COLUMNS * SIDE / 500), int(ROWS * SIDE / 500)
    index = np.arange(columns * rows)
    x, y = index % columns, index // columns
    score = np.exp(-((x - 5) ** 2 + (y - 6) ** 2) / 9) + 0.8 * np.exp(-((x - 13) ** 2 + (y - 17) ** 2) / 6)
    owner = np.array([AREA_IDS[int(row // 6) * COLUMNS + int(column // 6)] for column, row in zip(x, y, strict=True)])
    cells = Squares(
        kind="squares", size=size, x=WEST + (x + 0.5) * size, y=SOUTH + (y + 0.5) * size,
        extent=np.full(len(index), size**2), area_id=owner.astype(object), x0=WEST, y0=SOUTH, columns=columns, rows=rows,
        index=index,
    )  # fmt: skip
    rank = pd.Series(np.argsort(np.argsort(-score, kind="stable"), kind="stable"))
    capture, evaluation = _judged()
    points = pd.DataFrame({"time": [], "x": [], "y": [], "category": []})
    reporter = "police" if police else "public"
    incidents = Incidents(
        "assault", "Assaults", points, provenance("assault"), {"assault": reporter}, CUTOFF, CUTOFF, areas()
    )
    cube = np.random.default_rng(3).poisson(np.tile(3 * score + 0.2, (12, 1))).astype(float)
    steps = pd.date_range(end=CUTOFF, periods=12, freq="28D")
    return Hotspots(
        made_from=(provenance("assault"),), caveats=caveats, incidents=incidents, category=None, method="kernel",
        method_title="Kernel density", as_of=CUTOFF + pd.Timedelta(days=1), horizon_days=28, cells=cells,
        count=pd.Series(np.round(9 * score)), rate=pd.Series(score), score=pd.Series(score), rank=rank,
        evaluation=evaluation, summary=capture[capture["share"].round(4) == 0.05].reset_index(drop=True),
        capture=capture, methods={"kernel": "Kernel density", "last_year": "Last year’s count", "random": "chance"},
        scores=pd.DataFrame({"rri": 1.0, "bits": 1.2, "coverage_90": 0.9, "coverage_n": 900}, index=["kernel", "last_year"]),
        reliability=pd.DataFrame(
            {"method": ["kernel"], "share": [0.05], "membership": [0.6], "members": [0.55], "chance": [0.5],
             "with_event": [0.45], "cells": [120]}
        ), p=pd.Series(np.where(score > 0.5, 1e-6, 0.5)), significant=pd.Series((score > 0.5) & significant),
        membership=pd.DataFrame(dict.fromkeys((0.01, 0.02, 0.05, 0.1), score / 2)), chance=pd.Series(1 - np.exp(-score)),
        emerging=emerging_hotspots(cube, cells, steps=steps),
    )  # fmt: skip


def _judged() -> tuple[pd.DataFrame, Evaluation]:
    """The capture curve and the windows of two methods and chance."""
    shares = np.linspace(0.005, 0.2, 40)
    curves = {"kernel": shares**0.45, "last_year": 0.93 * shares**0.47, "random": shares}
    capture = pd.concat(
        [
            pd.DataFrame({"method": name, "share": shares, "hit_rate": curve, "low": 0.9 * curve, "high": 1.1 * curve,
                          "pai": curve / shares, "pei": 0.5, "events": 900, "windows": 12, "vs_last_year": 1.05,
                          "vs_last_year_low": 1.01, "vs_last_year_high": 1.09})
            for name, curve in curves.items()
        ],
        ignore_index=True,
    )  # fmt: skip
    starts = pd.date_range("2014-01-01", periods=12, freq="28D")
    windows = pd.DataFrame({"method": "kernel", "as_of": starts, "predicted": 70.0, "events": 72.0, "spread": 0.1})
    tested = pd.DataFrame({"method": "kernel", "as_of": starts, "share": 0.05, "hits": 20.0, "events": 72.0})
    return capture, Evaluation(tested, windows, pd.DataFrame())


def audit() -> Audit:
    """An audit of the small map for two groups."""
    exposure = pd.DataFrame(
        {"group": ["share_over_65", "share_low_income"], "areas": [5, 2], "residents": [0.4, 0.2], "reports": [0.3, 0.3],
         "reports_n": 900, "flags": [0.2, 0.5], "low": [0.15, 0.4], "high": [0.25, 0.6], "verdict": ["less", "few"]}
    )  # fmt: skip
    half = pd.DataFrame({"group": ["share_over_65"], "flags": [0.2], "if_half": [0.05], "low": [0.03], "high": [0.07]})
    return Audit(
        made_from=(provenance("assault"),), caveats=CAVEATS, hotspots=hotspots(), share=0.05, exposure=exposure,
        if_half=half, gaps=None, second_title=None, feedback=Feedback(1.2, 1.3, 1.5, 1.25, 1.2, 1.3, 0.02),
    )  # fmt: skip


def city() -> City:
    return City("Examples", "examples", "UTC", "EPSG:26971", "USD", {"ward": areas()}, {}, {"requests": series()}, {})


@cache
def evaluated() -> PolicyEvaluation:
    """A policy in two wards that a fifth fewer requests came of; the rest was as before."""
    made = series()
    values = made.values.copy()
    own = values.loc["2014-06-01":, ["A00", "A01"]]
    values.loc[own.index, own.columns] = np.random.default_rng(5).binomial(own.astype(int), 0.8).astype(float)
    where = replace(city(), series={"requests": replace(made, values=values)})
    return evaluate(where, "requests", since=pd.Timestamp("2014-06-01"), areas=("A00", "A01"))


@cache
def energy() -> Energy:
    """Three years of a load that turns at 15 degrees."""
    load, temperature = weather()
    return energy_demand(load, temperature)


@cache
def heat() -> Heat:
    """Seven years of calls, more in two spells of heat of the last."""
    days = pd.date_range("2018-01-01", "2024-12-31", freq="D", name="period")
    degrees = pd.Series(13 - 12 * np.cos(2 * np.pi * days.day_of_year / 365.25), days)
    counts = pd.Series(np.random.default_rng(2).poisson(50, len(days)).astype(float), days)
    for first, last, more in (("2024-06-10", "2024-06-13", 4), ("2024-07-20", "2024-07-23", 40)):
        degrees.loc[first:last] = 31.0 + (more > 10)
        counts.loc[first:last] += more
    return excess_in_heat(_whole("calls", counts, unit="calls"), temperature=_temperature(degrees))


def weather() -> tuple[Series, Regressor]:
    """Three years of days: a load in MW, and the temperature that moves it."""
    days = pd.date_range("2020-01-01", periods=3 * 365, freq="D", name="period")
    random = np.random.default_rng(4)
    degrees = 13 - 12 * np.cos(2 * np.pi * days.day_of_year / 365.25) + random.normal(0, 3, len(days))
    load = 100 + 3 * np.maximum(15 - degrees, 0) + 5 * np.maximum(degrees - 15, 0) + 20 * (days.day_of_week < 5)
    load = load + random.normal(0, 6, len(days))
    return _whole("load", pd.Series(load, days), unit="MW"), _temperature(pd.Series(degrees, days))


def _whole(name: str, values: pd.Series, *, unit: str) -> Series:
    frame = values.to_frame()
    frame.columns = pd.MultiIndex.from_tuples([("city", "all")], names=["area_id", "category"])
    kind = "continuous" if unit == "MW" else "count"
    return Series(name, name.capitalize(), frame, provenance(name), measure=name, unit=unit, value_type=kind)


def _temperature(degrees: pd.Series) -> Regressor:
    frame = pd.DataFrame({"time": degrees.index, "utc": degrees.index, "value": degrees.to_numpy()})
    return Regressor("temperature", "Temperature", frame, provenance("temperature"), unit="°C")


def sites(*, count: int = 6, x: float = WEST, y: float = SOUTH) -> Sites:
    """Sites along the first row of wards: two open today, the second of which may be closed, then candidates."""
    at = np.arange(count)
    ids = pd.Index([f"S{place}" for place in at], name="site_id")
    degrees = gpd.GeoSeries.from_xy(x + 1000.0 + 900.0 * (at % 9), y + 1500.0 + at // 9, crs="EPSG:26971")
    frame = pd.DataFrame(
        {
            "name": [f"Library {place}" for place in at], "x": degrees.x.to_numpy(), "y": degrees.y.to_numpy(),
            "longitude": degrees.to_crs("EPSG:4326").x.to_numpy(), "latitude": degrees.to_crs("EPSG:4326").y.to_numpy(),
            "existing": at < 2, "closable": at == 1, "capacity": np.nan, "opening_cost": np.nan, "running_cost": np.nan,
        },
        index=ids,
    )  # fmt: skip
    return Sites("points", "Service points", frame, provenance("points"), "requests", 3000.0)


def comparison(
    *, caveats: tuple[Caveat, ...] = (), draws: int = 500, base: float = 22_000.0, in_units: tuple[str, ...] = ()
) -> Comparison:
    """Three options against today on two measures; those ``in_units`` are not told in per cent of their ``base``."""
    study = Study(city(), CUTOFF + pd.Timedelta(days=1), 12, Frequency.MONTH, draws=draws, about={"series": "requests"})
    names = ("Growth in the south", "More jobs", "Cleaner alleys")
    rng = np.random.default_rng(3)
    effects = {("Growth in the south", "requests"): 0.04, ("More jobs", "requests"): 0.004}
    effects |= {("Cleaner alleys", "requests"): -0.06, ("Growth in the south", "requests_per_resident"): -0.01}
    effects |= {("More jobs", "requests_per_resident"): 0.01, ("Cleaner alleys", "requests_per_resident"): -0.06}
    bases = {"requests": base, "requests_per_resident": 1.83}
    measures = tuple(
        Measure(name, name, "requests", over={"area_id": Sum()}, layer="ward")
        for name in ("requests", "requests_per_resident")
    )
    paired, found = {}, []
    for (option, measure), effect in effects.items():
        values = (abs(bases[measure]) or 1.0) * rng.normal(effect, 0.012, draws)
        paired[option, measure] = xr.DataArray(values, dims=["draw"])
        found.append(_difference(option, measure, values, bases[measure], relative=measure not in in_units))
    by_area = {
        key: _stats(np.linspace(-1.5, 1, len(AREA_IDS)) * effect, AREA_IDS, "area_id", relative=key[1] not in in_units)
        for key, effect in effects.items()
    }
    by_group = {
        key: _stats(np.array([1.0, 1.2, 0.1]) * effect, GROUPS, "group", relative=key[1] not in in_units)
        for key, effect in effects.items()
    }
    return Comparison(
        made_from=(provenance("requests"),), caveats=caveats, study=study, baseline="Today",
        scenarios=(Scenario("Today"), *(Scenario(name) for name in names)), differences=tuple(found),
        verdict="Cleaner alleys: 6 % fewer requests than today [4, 8], better in 500 of 500 paired futures.",
        levers=(), measures=measures, paired=paired, by_area=by_area, by_group=by_group, receipt="4K7-QX2",
    )  # fmt: skip


def _difference(option: str, measure: str, values: np.ndarray, base: float, *, relative: bool) -> Difference:
    low95, low80, median, high80, high95 = np.quantile(values, (0.025, 0.1, 0.5, 0.9, 0.975), method="inverted_cdf")
    sizes = {"median": median, "low95": low95, "high95": high95, "low80": low80, "high80": high80}
    better = int((values < 0).sum())
    verdict = "better" if high95 < 0 and median < -0.01 * abs(base) else "worse" if low95 > 0.0 else "too_close"
    return Difference(
        option, measure, measure.replace("_", " ").capitalize(), "requests", "lower", base, base + float(values.mean()), **sizes,
        percent={name: value / base for name, value in sizes.items()} if relative else None,
        better=better, worse=len(values) - better, draws=len(values),
        probability=better / len(values), verdict=verdict, smallest=0.01 * abs(base),
        detectable=0.01 * abs(base), pairing_gain=12.0, sentence=f"{option} changes {measure}.",
    )  # fmt: skip


def _stats(effects: np.ndarray, names: tuple[str, ...], dim: str, *, relative: bool = True) -> xr.DataArray:
    mean = 100 * effects
    values = np.stack([mean, mean - 0.8, mean + 0.8, effects if relative else np.full(len(effects), np.nan)])
    return xr.DataArray(
        values, coords={"stat": ["mean", "low95", "high95", "percent"], dim: list(names)}, dims=["stat", dim]
    )


def restricted() -> dict[str, object]:
    return {"classification": Classification.RESTRICTED, "synthetic": True}


def tied(result: Forecast) -> Forecast:
    """The same forecast whose models did equally well."""
    chosen = replace(result.selection, tied=("pooled", "seasonal_naive"))
    return replace(result, selection=chosen)


def spread(middle: float) -> Spread:
    return Spread(middle, middle - 10_000.0, middle + 20_000.0)


def priced() -> Comparison:
    found = comparison()
    nothing = Spread(0.0, 0.0, 0.0)
    prices = [Price("Today", "USD", *([nothing] * 5), draws=500)]
    for each, extra in zip(found.scenarios[1:], (120_000.0, 40_000.0, -30_000.0), strict=True):
        prices.append(
            Price(
                each.name, "USD", spread(300_000.0), spread(50_000.0), spread(90_000.0), spread(extra), spread(9e5), 500,
                within_budget=412, cost_per={"requests": spread(130.0)} if extra > 1e5 else {}, cheapest=extra < 0,
            )
        )  # fmt: skip
    terms = replace(found.study.terms, budget=60_000.0, discount_rate=0.03, worth={"requests": 12.5})
    return replace(found, prices=tuple(prices), study=replace(found.study, terms=terms))


@dataclass(frozen=True)
class Year:
    year: int
    share: float
    share_low: float
    share_high: float
    actual_share: float
    median: float = 12.0
    actual_median: float = 13.0


def years() -> list[Year]:
    """Two years that were replayed: what happened in the second came outside."""
    return [Year(2012, 0.61, 0.58, 0.64, 0.63), Year(2013, 0.7, 0.68, 0.72, 0.75)]


def promise(median: float = 0.8, low: float = 0.7, high: float = 0.9) -> Promise:
    whole = (median, low, high, 2 * low - median, 2 * high - median)
    return Promise("done", "Sanitation requests", "share", *whole, date(2026, 1, 1), date(2026, 6, 30))


def promised() -> list[Promised]:
    """Four promises of one range: two inside it, one at its edge, one at the edge of the chart and one far beyond it."""
    states = (("inside", 0.85), ("inside", 0.7), ("above", 0.95), ("above", 3.0))
    return [Promised("Today", Outcome(promise(), state, value)) for state, value in states]  # type: ignore[arg-type]


def tracked() -> Tracked:
    found = tuple(each.outcome for each in promised())
    everything = Reliability(4, 2, 3, (0.1, 0.9), (0.3, 1.0), 0, 0)
    return Tracked(
        made_from=(provenance("repairs"),), caveats=CAVEATS, outcomes={"d": found}, reliability=everything, lost={}
    )


def mind(*, changes: bool = True) -> Mind:
    """What would change our mind about a choice of two: a cost that may fall, growth that was never seen, a lever of ours."""
    edges = (
        (Edge(79_000.0, -1.2, False, "Today", 0.12), Edge(111_000.0, 3.9, True, "Fewer bins", 0.0001)),
        (Edge(-0.2, -0.2, False, "Today", None),),
        (Edge(0.3, 0.3, True, "Fewer bins", None),),
    )
    cost, growth, size = edges if changes else ((), (), ())
    tippings = (
        Tipping("cost.site", "What a site costs", "EUR", "drawn", 60_000.0, 115_000.0, 85_000.0, (79_500.0, 92_000.0), None,
                cost, True),
        Tipping("growth", "Population growth", "share", "circumstance", -0.5, 1.0, 0.0, None, (-0.06, 0.07), growth, True),
        Tipping("size", "Size of sites", "share", "lever", -0.9, 2.0, 0.0, None, None, size, True),
        Tipping("effect", "Effect of jobs", "", "uncertainty", -1.0, 3.0, 0.4, (0.3, 0.5), None, (), False),
    )  # fmt: skip
    learnt = (
        Learnt("cost.site", "What a site costs", "Ask for offers.", 402.0, 278.0, 561.0, 0.7, 0.13),
        Learnt("demand", "Requests", "Count for six weeks.", 0.0, 0.0, 0.0, 0.2, 0.0),
        Learnt("effect", "Effect of jobs", "Look.", 0.0, 0.0, 0.0, 0.001, 0.0),
    )
    winners = np.array([["Today", OPTION, OPTION], ["Today", OPTION, OPTION], ["Fewer bins", "Fewer bins", OPTION]])
    names, places = ("cost.site", "growth"), ((70_000.0, 85_000.0, 100_000.0), (-0.06, 0.0, 0.07))
    pair = Pair(names, ("What a site costs", "Population growth"), ("EUR", "share"), *places, (85_000.0, 0.0), winners)
    said = Sentence("mind.no_caveat")
    found = Mind(
        made_from=(provenance("requests"),), caveats=CAVEATS, receipt="3F2A-90BC", baseline="Today",
        config={"currency": "EUR"}, options=("Today", OPTION, "Fewer bins"), leader=OPTION, rival="Fewer bins",
        measure="net", title="Net gain a year", unit="EUR", lead=5_000.0, draws=500, tippings=tippings, break_even=(), needed=(),
        pair=pair if changes else None, worth=Worth(593.0, 447.0, 770.0, 0.16), learnt=learnt if changes else (),
        influences=(Influence("cost.site", "What a site costs", 0.6, 0.1, 0.7, 0.12),),
        fares=(Fare("Today", 0.1, 900.0, 2_000.0, 0.0), Fare(OPTION, 0.8, 20.0, 90.0, 3_000.0)),
        satisfied=(Satisfied("Today", 1.0, {"net": 1.0}), Satisfied(OPTION, 0.9, {"net": 0.9})), box=None, weighing=None,
        settled=100, tried=128, fails=21 if changes else 0, quick=300, quick_draws=100, headline=said, sentences={},
        objection=Objection(said, said, (said,)),
    )  # fmt: skip
    measures = [Measure("net", "Net gain a year", "EUR", "higher")]
    told = sentences_of(found, measures=measures, swept=None, value=lambda factor, place: place)
    return replace(found, headline=headline_of(found), sentences=told)


def mind_of_nothing() -> Mind:
    """Nothing that was tried changes the choice, and nothing is drawn."""
    return mind(changes=False)
