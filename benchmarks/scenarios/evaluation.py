"""Past policies: published answers, and policies planted into Meridian's areas, of which the truth is known.

What the methods leave open (how much placebo dates and the methods' disagreement count) was settled on the same city drawn from
the seeds 7, 8 and 9; the city that is told of here is the bundled one, which was judged after that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analytics.evaluation.alone import judged_alone
from analytics.evaluation.compared import compared
from analytics.evaluation.comparing import COMPARING, Fit, difference_in_differences
from analytics.evaluation.displacement import neighbours_of
from analytics.evaluation.panel import PolicyPanel
from analytics.evaluation.periods import split_at
from analytics.evaluation.placebos import area_placebos, placebo_sets, size_of
from analytics.evaluation.predictors import Predictors, control_by_predictors
from analytics.evaluation.structural import Line
from analytics.streams import Streams
from benchmarks.forecasting.sets import data_folder
from benchmarks.paired import paired
from benchmarks.rows import Row
from data import Areas, Series, open_city
from data.frequency import Frequency

__all__ = ["Plan", "Trial", "planned", "planted", "rows", "tried"]

CATEGORIES = ("refuse", "graffiti")  # the lamps of Meridian were renewed: a real policy would spoil an invented one
MOST_AREAS = 8
LARGEST = 0.4  # the share by which an invented policy changes the counts, either way
FIRST, LAST = 18, 43  # months after the data begin, of 48, between which a policy begins


@dataclass(frozen=True)
class Plan:
    """An invented policy: areas, category, month and the share by which it changes their counts (0 is nothing)."""

    areas: tuple[str, ...]
    category: str
    since: pd.Timestamp
    effect: float
    seed: int


@dataclass(frozen=True)
class Trial:
    """What was found of an invented policy, in logarithms of the ratio, beside the truth and the plain difference."""

    truth: float
    effect: float
    low: float
    high: float
    seen: float
    plain: float
    method: str


def planned(areas: Areas, start: pd.Timestamp, *, number: int, seed: int) -> list[Plan]:
    """So many policies, every second of which does nothing; half are of whole districts, half of areas here and there.

    Parameters
    ----------
    areas : with their parents.
    start : of the data.
    number : of policies.
    seed : of the plans.

    Returns
    -------
    list of Plan
        The same for the same seed.
    """
    chance = Streams(seed, number).uniform("plans", ["kind", "which", "many", "when", "effect"])
    order = Streams(seed, number).uniform("areas", list(areas.frame.index))
    parents = areas.frame["parent_id"].astype(str)
    districts = sorted(parents.unique())
    months = pd.date_range(start, periods=LAST, freq="MS")
    plans = []
    for index in range(number):
        kind, which, many, when, effect = chance[:, index]
        ids = [str(areas.frame.index[place]) for place in np.argsort(order[:, index])]
        chosen = ids[: 1 + int(many * MOST_AREAS)]
        if kind < 0.5:
            chosen = [str(each) for each in parents.index[parents == districts[int(which * len(districts))]]]
        share = 0.0 if index % 2 else LARGEST * (2 * float(effect) - 1)
        month = months[FIRST + int(when * (LAST - FIRST))]
        plans.append(Plan(tuple(chosen), CATEGORIES[(index // 2) % 2], month, share, seed * number + index))
    return plans


def planted(series: Series, plan: Plan) -> Series:
    """The series as it would stand had the policy been made: each count thinned, or added to, one by one."""
    values = series.values.copy()
    columns = [(area, plan.category) for area in plan.areas]
    rows = values.index >= plan.since
    counts = values.loc[rows, columns].to_numpy()
    known = ~np.isnan(counts)
    rng = np.random.default_rng(plan.seed)
    drawn = rng.binomial(np.where(known, counts, 0).astype(int), abs(plan.effect))
    values.loc[rows, columns] = np.where(known, counts + np.sign(plan.effect) * drawn, np.nan)
    return replace(series, values=values)


def tried(series: Series, plan: Plan, *, areas: Areas) -> Trial:
    """What is found of one invented policy.

    Parameters
    ----------
    series : without it.
    plan : of the policy.
    areas : of the series.

    Returns
    -------
    Trial
        By the leading method, and by the plain difference in differences of the areas' counts.
    """
    split = split_at(planted(series, plan), since=plan.since, category=plan.category)
    whole = split.values.loc[:, split.values.notna().all()]
    treated = tuple(each for each in plan.areas if each in whole)
    panel = PolicyPanel(whole, treated, split.before, adds_up=True)
    band = compared(panel, neighbours=neighbours_of(areas), seed=1).lead
    plain = difference_in_differences(PolicyPanel(whole, treated, split.before).pair())
    answer = band.band
    return Trial(
        float(np.log1p(plan.effect)),
        answer.effect,
        answer.low,
        answer.high,
        answer.seen,
        size_of(plain, adds_up=True),
        band.name,
    )


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Published answers where their data are at hand, then the planted policies."""
    yield from _seat_belts()
    yield from _proposition_99()
    yield from _published_weights()
    yield from _planted(number=40 if quick else 400)


# Published answers

BELTS = {"drivers": -0.23, "front": -0.30, "rear": 0.03, "DriversKilled": -0.18}
NORMAL_95 = 1.959964
WITHIN = 2.0  # per cent of what was published


def _seat_belts() -> Iterator[Row]:
    """Durbin and Harvey 1985, Harvey and Durbin 1986: the law of February 1983."""
    table = pd.read_csv(data_folder() / "benchmarks" / "seatbelts" / "Seatbelts.csv")
    before, beside = int((table["law"] == 0).sum()), np.log(table[["kms", "PetrolPrice"]].to_numpy())
    apart, inside, clear, notes = [], [], [], []
    for column, published in BELTS.items():
        line = Line(table[column].to_numpy(dtype=float), Frequency.MONTH, beside, counts=True)
        found = judged_alone(line, before)
        low, point, high = (float(np.expm1(each)) for each in (found.band.low, found.band.effect, found.band.high))
        apart.append(100 * abs(point - published))
        inside.append(low < published < high)
        clear.append(float((found.dates["effect"].abs() < NORMAL_95 * found.dates["error"]).mean()))
        notes.append(f"{column} {100 * point:.1f} [{100 * low:.1f}, {100 * high:.1f}], published {100 * published:.0f}")
    yield Row("seatbelts_points", max(apart), "points", 4.0, note="; ".join(notes))
    yield Row("seatbelts_inside", float(np.mean(inside)), "of 4", 1.0, most=False)
    yield Row("placebo_share", min(clear), "of dates", 0.9, most=False,
              note=f"24 dates before the law each: {', '.join(f'{each:.2f}' for each in clear)}")  # fmt: skip


def _proposition_99() -> Iterator[Row]:
    """Arkhangelsky and others 2021, table 1; Abadie, Diamond and Hainmueller 2010."""
    table = pd.read_csv(data_folder() / "engines" / "policy" / "prop99_smoking.csv")
    sales = table.pivot(index="year", columns="state", values="cigsale")
    panel = PolicyPanel(sales.set_axis(pd.to_datetime(sales.index.astype(str)), axis=0), ("California",), 19)
    pair, sets = panel.pair(), placebo_sets(panel)
    known = (("did", "difference_in_differences", -27.349), ("sdid", "synthetic_difference", -15.605),
             ("sc", "synthetic_control", -19.5))  # fmt: skip
    for name, method, published in known:
        fit = COMPARING[method](pair)
        placebos = area_placebos(panel, COMPARING[method], sets)
        ranks = (
            f"{placebos.rank(fit.effect):.3f}, by the ratio of misses {placebos.rank(fit.effect, fit.miss_before):.3f}"
        )
        yield _near(f"prop99_{name}", fit.effect, published, f"placebo rank of 39 states p = {ranks}")

    def mean(column: str, first: int, last: int) -> pd.Series:
        return table[table["year"].between(first, last)].groupby("state")[column].mean()

    facts = pd.DataFrame(
        [mean("lnincome", 1980, 1988), mean("retprice", 1980, 1988), mean("age15to24", 1980, 1988), mean("beer", 1984, 1988),
         *(sales.loc[year] for year in (1975, 1980, 1988))]
    )  # fmt: skip
    predictors = Predictors(facts["California"].to_numpy(), facts[list(panel.controls)].to_numpy())
    fit = control_by_predictors(pair, predictors)
    yield _near(
        "prop99_2000",
        float(fit.gaps[-1]),
        -25.7,
        f"own weights; mean {fit.effect:.2f}, MSPE before {fit.miss_before**2:.2f}",
    )


def _published_weights() -> Iterator[Row]:
    """Abadie and Gardeazabal 2003, Abadie, Diamond and Hainmueller 2015: the gaps under the weights that they print."""
    for name, unit, value, treated, shares, years, published in (
        ("basque", "regionname", "gdpcap", "Basque Country (Pais Vasco)",
         {"Cataluna": 0.8508, "Madrid (Comunidad De)": 0.1492}, (1975, 1997), -0.6996),
        ("germany", "country", "gdp", "West Germany",
         {"Austria": 0.42, "USA": 0.22, "Japan": 0.16, "Switzerland": 0.11, "Netherlands": 0.09}, (1990, 2003), -1585.0),
    ):  # fmt: skip
        table = pd.read_csv(data_folder() / "engines" / "policy" / f"{name}.csv").pivot(
            index="year", columns=unit, values=value
        )
        table = table.drop(columns="Spain (Espana)", errors="ignore")
        panel = PolicyPanel(
            table.set_axis(pd.to_datetime(table.index.astype(str)), axis=0),
            (treated,),
            int((table.index < years[0]).sum()),
        )
        fit = Fit(panel.pair(), np.array([shares.get(each, 0.0) for each in panel.controls]))
        gap = pd.Series(fit.gaps, table.index).loc[years[0] : years[1]].mean()
        yield _near(name, float(gap), published, "under the published weights, which no search for weights need repeat")


def _near(name: str, found: float, published: float, note: str) -> Row:
    return Row(
        name,
        100 * abs(found / published - 1),
        "% apart",
        WITHIN,
        note=f"{found:.4g}, published {published:.4g}; {note}",
    )


# Planted policies


def _planted(*, number: int) -> Iterator[Row]:
    city = open_city("meridian")
    series = city.series["service_requests"]
    areas = city.areas[series.layer]
    trials = [
        tried(series, plan, areas=areas) for plan in planned(areas, series.values.index[0], number=number, seed=2026)
    ]
    inside = np.array([each.low <= each.truth <= each.high for each in trials])
    clear = np.array([each.low > 0 or each.high < 0 for each in trials])
    real = np.array([each.truth != 0 for each in trials])
    large = np.array([abs(each.truth) >= each.seen for each in trials])
    misses = [np.array([abs(getattr(each, which) - each.truth) for each in trials]) for which in ("effect", "plain")]
    about = f"{int(real.sum())} policies of up to {100 * LARGEST:.0f} %, {int((~real).sum())} of nothing"
    methods = pd.Series([each.method for each in trials]).value_counts()
    leads = ", ".join(f"{name} {count}" for name, count in methods.items())
    yield Row("planted_coverage", float(inside.mean()), "of all", 0.92, most=False, note=f"{about}; leading: {leads}")
    yield Row("planted_coverage_most", float(inside.mean()), "of all", 0.98)
    yield Row("planted_false_alarms", float(clear[~real].mean()), "of nothings", 0.08)
    yield Row("planted_seen", float(clear[real & large].mean()), "of policies", 0.8, most=False,
              note=f"{int((real & large).sum())} policies as large as could have been seen, by our own word")  # fmt: skip
    squares = [each**2 for each in misses]
    yield paired("planted_squared_error", *squares, peer_name="plain DiD", unit="of the logarithm, squared", goal=1.0)
    yield paired("planted_error", *misses, peer_name="plain DiD", unit="of the logarithm", goal=1.0)
