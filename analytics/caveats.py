"""Caveats are computed, never typed: one small function a code, listed in ``RULES``.

A rule names the facts that it needs as keyword arguments and returns a caveat or nothing. ``assess`` is given
whatever facts a result has and applies every rule whose facts are all there, so a new rule needs no caller to change:

>>> [caveat.code for caveat in assess(horizon_periods=120, history_periods=400, backtest_horizon=28, period_word="days")]
['horizon_long']
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from analytics.results import Caveat, Severity, by_severity
from data import Provenance

__all__ = ["RULES", "assess"]

Rule = Callable[..., Caveat | Sequence[Caveat] | None]
RULES: dict[str, Rule] = {}

# An interval is said to fail when its measured coverage misses the promise by more than this share: at the 80 % level
# and some 300 outcomes, two standard errors of sampling alone.
COVERAGE_SLACK = 0.05
# Fewer past forecasts than this leave a mean over them, and its interval, to chance.
FEW_ORIGINS = 5
# A mean below this many a period makes every quantile a small integer; one event more or less is a large change.
SMALL_MEAN = 1.0
# A day on which this many times the usual number was closed, and this share of all, was a clearing of files.
BULK_TIMES, BULK_SHARE = 10, 0.005
# A source is stale when its last period is older than this: half again the month that most views look ahead.
STALE_DAYS = 45


def rule(function: Rule) -> Rule:
    """Put a rule into ``RULES`` under its own name, which is the caveat's code."""
    RULES[getattr(function, "__name__", "")] = function
    return function


def assess(**facts: Any) -> tuple[Caveat, ...]:
    """The caveats that follow from the facts, gravest first."""
    found: list[Caveat] = []
    for function in RULES.values():
        needs = inspect.signature(function).parameters
        if all(name in facts for name in needs):
            answer = function(**{name: facts[name] for name in needs})
            found += [answer] if isinstance(answer, Caveat) else list(answer or ())
    return by_severity(found)


@rule
def history_short(*, history_periods: int, min_periods: int, periods_a_year: float, period_word: str) -> Caveat | None:
    """Less than two years (or the model's own minimum): the season cannot be told from the trend."""
    wanted = max(min_periods, round(2 * periods_a_year))
    if history_periods >= wanted:
        return None
    severity = Severity.DO_NOT_USE if history_periods < min_periods else Severity.CAUTION
    return Caveat("history_short", severity, {"periods": history_periods, "wanted": wanted, "unit": period_word})


@rule
def horizon_long(
    *, horizon_periods: int, history_periods: int, backtest_horizon: int, period_word: str
) -> Caveat | None:
    """The forecast reaches further than it was ever tested, or than a quarter of the history."""
    tested = min(backtest_horizon, history_periods // 4) if backtest_horizon else history_periods // 4
    if horizon_periods <= tested:
        return None
    evidence = {"horizon": horizon_periods, "tested": tested, "unit": period_word}
    return Caveat("horizon_long", Severity.CAUTION, evidence)


@rule
def interval_undercovers(*, coverage: Mapping[float, float], coverage_n: int, model_title: str) -> Caveat | None:
    """An interval held clearly less often in the backtest than it promises."""
    misses = {level: held for level, held in coverage.items() if held < level - COVERAGE_SLACK}
    if not misses:
        return None
    level = min(misses, key=lambda each: misses[each] - each)
    severity = Severity.DO_NOT_USE if misses[level] < level - 3 * COVERAGE_SLACK else Severity.CAUTION
    evidence = {"level": level, "held": misses[level], "n": coverage_n, "model": model_title}
    return Caveat("interval_undercovers", severity, evidence)


@rule
def untested(*, backtest_origins: int, history_periods: int, period_word: str) -> Caveat | None:
    """The history was too short to try the model on any of it."""
    if backtest_origins:
        return None
    return Caveat("untested", Severity.DO_NOT_USE, {"periods": history_periods, "unit": period_word})


@rule
def few_origins(*, backtest_origins: int, model_title: str) -> Caveat | None:
    """Only a handful of past forecasts could be checked, so what they say of the error is itself unsure."""
    if not 0 < backtest_origins < FEW_ORIGINS:
        return None
    return Caveat("few_origins", Severity.CAUTION, {"origins": backtest_origins, "model": model_title})


@rule
def model_drift(
    *, recent_sql: float, usual_sql: float, drift_limit: float, recent_origins: int, model_title: str
) -> Caveat | None:
    """The latest past forecasts missed by more than the earlier ones' own scatter explains."""
    if recent_sql <= drift_limit:
        return None
    evidence = {"more": recent_sql / usual_sql - 1, "origins": recent_origins, "model": model_title}
    return Caveat("model_drift", Severity.CAUTION, evidence)


@rule
def coverage_failing(
    *, recent_held: float, recent_outcomes: int, coverage: Mapping[float, float], model_title: str
) -> Caveat | None:
    """The 8-in-10 range held clearly less in the latest past forecasts than it promises, though it did over all."""
    overall = coverage.get(0.8, 0.8)
    if recent_held >= 0.8 - 2 * COVERAGE_SLACK or overall < 0.8 - COVERAGE_SLACK:
        return None
    evidence = {"held": recent_held, "overall": overall, "n": recent_outcomes, "model": model_title}
    return Caveat("coverage_failing", Severity.CAUTION, evidence)


@rule
def pinned_model(*, pinned_reason: str, model_title: str) -> Caveat | None:
    """Somebody chose the model by hand; the reason is shown."""
    if not pinned_reason:
        return None
    return Caveat("pinned_model", Severity.NOTE, {"model": model_title, "reason": pinned_reason})


@rule
def worse_than_naive(
    *, sql_ratio: float, sql_ratio_high: float, model_title: str, baseline_title: str
) -> Caveat | None:
    """The model does not beat the baseline, or not beyond what chance over the origins could give."""
    if sql_ratio_high < 1:
        return None
    severity = Severity.CAUTION if sql_ratio >= 1 else Severity.NOTE
    evidence = {"ratio": sql_ratio, "high": sql_ratio_high, "model": model_title, "baseline": baseline_title}
    return Caveat("worse_than_naive", severity, evidence)


@rule
def missing_periods(*, periods_missing: int, periods_total: int, series_title: str) -> Caveat | None:
    """Periods without any value inside the history."""
    if not periods_missing:
        return None
    share = periods_missing / max(periods_total, 1)
    severity = Severity.CAUTION if share > 0.05 else Severity.NOTE
    evidence = {"missing": periods_missing, "total": periods_total, "share": share, "series": series_title}
    return Caveat("missing_periods", severity, evidence)


@rule
def data_stale(*, made_from: Sequence[Provenance], today: pd.Timestamp) -> Caveat | None:
    """The data end long before today. Told only where the clock may be shown: results do not depend on it."""
    ages = {
        table.name: (today.normalize() - table.as_of.normalize()).days for table in made_from if table.as_of is not None
    }
    late = {name: days for name, days in ages.items() if days > STALE_DAYS}
    if not late:
        return None
    newest = max(table.as_of for table in made_from if table.as_of is not None and table.name in late)
    names = [name.replace("_", " ") for name in late]
    return Caveat("data_stale", Severity.CAUTION, {"tables": names, "as_of": newest, "days": max(late.values())})


@rule
def small_counts(*, mean_count: float, small_share: float, small_n: int, series_title: str) -> Caveat | None:
    """Many of the series are so small that one event more or less is a large change."""
    if small_share == 0:
        return None
    severity = Severity.CAUTION if small_share >= 0.5 else Severity.NOTE
    evidence = {
        "mean": mean_count,
        "share": small_share,
        "n": small_n,
        "below": SMALL_MEAN,
        "series": series_title,
    }
    return Caveat("small_counts", severity, evidence)


@rule
def lever_extrapolates(*, levers_outside: Sequence[Mapping[str, Any]]) -> list[Caveat]:
    """A lever stands outside the range that the data ever showed: one caveat a lever.

    Each entry holds lever (title), value, low, high, unit, option, and ``times``, how many widths of the
    seen range it lies outside.
    """
    return [
        Caveat("lever_extrapolates", Severity.DO_NOT_USE if entry["times"] > 3 else Severity.CAUTION, dict(entry))
        for entry in levers_outside
    ]


@rule
def cross_sectional(*, cross_sectional_drivers: Sequence[str], periods_varying: int) -> Caveat | None:
    """An elasticity rests on differences between areas because the driver hardly varies over time."""
    if not cross_sectional_drivers:
        return None
    evidence = {"drivers": list(cross_sectional_drivers), "years": periods_varying}
    return Caveat("cross_sectional", Severity.CAUTION, evidence)


@rule
def group_from_area_shares(*, groups: Sequence[str], groups_absent: Sequence[str]) -> Caveat | None:
    """Results by group assume that everyone in an area fares alike."""
    if not groups and not groups_absent:
        return None
    return Caveat("group_from_area_shares", Severity.NOTE, {"groups": list(groups), "absent": list(groups_absent)})


@rule
def driver_absent(*, drivers_absent: Sequence[str]) -> Caveat | None:
    """The city has no data on a driver (or none that says anything), so no lever can move it."""
    return Caveat("driver_absent", Severity.NOTE, {"drivers": list(drivers_absent)}) if drivers_absent else None


@rule
def not_causal(*, elasticity_drivers: Sequence[str]) -> Caveat | None:
    """A lever's effect was estimated from what happened to vary, not from an experiment."""
    if not elasticity_drivers:
        return None
    return Caveat("not_causal", Severity.CAUTION, {"drivers": list(elasticity_drivers)})


@rule
def police_initiated(*, police_initiated: Sequence[str], series_title: str) -> Caveat | None:
    """The incidents are what the police go and find: a map of them is a map of patrols."""
    if not police_initiated:
        return None
    return Caveat("police_initiated", Severity.DO_NOT_USE, {"kinds": list(police_initiated), "series": series_title})


@rule
def mostly_missed(*, missed_share: float, looked_share: float) -> Caveat | None:
    """The flagged area holds less than half of what came."""
    if missed_share <= 0.5:
        return None
    return Caveat("mostly_missed", Severity.CAUTION, {"missed": missed_share, "looked": looked_share})


@rule
def open_requests(*, open_share: float, open_requests: int, service_title: str) -> Caveat | None:
    """Some requests were still open when the data end: how long they will take is not known."""
    if open_requests == 0:
        return None
    severity = Severity.CAUTION if open_share > 0.1 else Severity.NOTE
    return Caveat("open_requests", severity, {"share": open_share, "n": open_requests, "title": service_title})


@rule
def small_areas(*, areas_small: int, areas_all: int, area_least: int) -> Caveat | None:
    """Areas with so few requests that their figures are mostly chance."""
    if areas_small == 0:
        return None
    severity = Severity.CAUTION if areas_small > areas_all / 3 else Severity.NOTE
    return Caveat("small_areas", severity, {"n": areas_small, "all": areas_all, "least": area_least})


@rule
def bulk_closing(
    *, closed_on: pd.Timestamp, closed_that_day: int, closed_on_usual_day: float, closed_all: int
) -> Caveat | None:
    """So many requests bear one completion date that it is rather when files were cleared than when work was done."""
    if closed_that_day < BULK_TIMES * max(closed_on_usual_day, 1.0) or closed_that_day < BULK_SHARE * closed_all:
        return None
    evidence = {"n": closed_that_day, "day": closed_on, "usual": closed_on_usual_day}
    return Caveat("bulk_closing", Severity.CAUTION, evidence)


@rule
def alarms_withheld(*, alarms_withheld: int, alarms_kept: int, alarms_per_week: float) -> Caveat | None:
    """More was found than the city can look into: the weaker alarms are not shown."""
    if not alarms_withheld:
        return None
    evidence = {"withheld": alarms_withheld, "kept": alarms_kept, "ceiling": alarms_per_week}
    return Caveat("alarms_withheld", Severity.NOTE, evidence)


@rule
def alarm_rate_unknown(*, watched_years: float, watch_wanted: float, watched_titles: Sequence[str]) -> Caveat | None:
    """Too little history was watched to say how often alarms are false; with none at all, nothing was watched."""
    if watched_years >= watch_wanted:
        return None
    severity = Severity.CAUTION if watched_years else Severity.DO_NOT_USE
    evidence = {"years": watched_years, "wanted": watch_wanted, "series": list(watched_titles)}
    return Caveat("alarm_rate_unknown", severity, evidence)


@rule
def synthetic_data(*, made_from: Sequence[Provenance]) -> Caveat | None:
    """Some of the data was made, not observed."""
    made = list(dict.fromkeys(table.name.replace("_", " ") for table in made_from if table.synthetic))
    return Caveat("synthetic_data", Severity.DO_NOT_USE, {"tables": made, "n": len(made)}) if made else None
