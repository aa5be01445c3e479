"""What limits a forecast."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from analytics.caveats.rules import rule
from analytics.results import Caveat, Severity
from data.words import Words

# An interval is said to fail when its measured coverage misses the promise by more than this share: at the 80 % level
# and some 300 outcomes, two standard errors of sampling alone.
COVERAGE_SLACK = 0.05
# Fewer past forecasts than this leave a mean over them, and its interval, to chance.
FEW_ORIGINS = 5
# A mean below this many a period makes every quantile a small integer; one event more or less is a large change.
SMALL_MEAN = 1.0
# A horizon of which more than this share lies where the model was never judged is one in another season.
UNTESTED_SHARE = 0.25


@rule
def history_short(
    *, history_periods: int, min_periods: int, periods_a_year: float, period_word: Words
) -> Caveat | None:
    """Less than two years (or the model's own minimum): the season cannot be told from the trend."""
    wanted = max(min_periods, round(2 * periods_a_year))
    if history_periods >= wanted:
        return None
    severity = Severity.DO_NOT_USE if history_periods < min_periods else Severity.CAUTION
    return Caveat("history_short", severity, {"periods": history_periods, "wanted": wanted, "unit": period_word})


@rule
def horizon_long(
    *, horizon_periods: int, history_periods: int, backtest_horizon: int, period_word: Words
) -> Caveat | None:
    """The forecast reaches further than it was ever tested, or than a quarter of the history."""
    tested = min(backtest_horizon, history_periods // 4) if backtest_horizon else history_periods // 4
    if horizon_periods <= tested:
        return None
    evidence = {"horizon": horizon_periods, "tested": tested, "unit": period_word}
    return Caveat("horizon_long", Severity.CAUTION, evidence)


@rule
def season_untested(
    *, season_untested_share: float, season_first: date, season_last: date, model_title: Words
) -> Caveat | None:
    """The forecast reaches a time of the year at which no past forecast of the model could be checked."""
    if season_untested_share <= UNTESTED_SHARE:
        return None
    evidence = {"share": season_untested_share, "first": season_first, "last": season_last, "model": model_title}
    return Caveat("season_untested", Severity.CAUTION, evidence)


@rule
def interval_undercovers(*, coverage: Mapping[float, float], coverage_n: int, model_title: Words) -> Caveat | None:
    """An interval held clearly less often in the backtest than it promises."""
    misses = {level: each for level, each in coverage.items() if each < level - COVERAGE_SLACK}
    if not misses:
        return None
    level = min(misses, key=lambda each: misses[each] - each)
    severity = Severity.DO_NOT_USE if misses[level] < level - 3 * COVERAGE_SLACK else Severity.CAUTION
    evidence = {"level": level, "coverage": misses[level], "n": coverage_n, "model": model_title}
    return Caveat("interval_undercovers", severity, evidence)


@rule
def untested(*, backtest_origins: int, history_periods: int, period_word: Words) -> Caveat | None:
    """The history was too short to try the model on any of it."""
    if backtest_origins:
        return None
    return Caveat("untested", Severity.DO_NOT_USE, {"periods": history_periods, "unit": period_word})


@rule
def few_origins(*, backtest_origins: int, model_title: Words) -> Caveat | None:
    """Only a handful of past forecasts could be checked, so what they say of the error is itself unsure."""
    if not 0 < backtest_origins < FEW_ORIGINS:
        return None
    return Caveat("few_origins", Severity.CAUTION, {"origins": backtest_origins, "model": model_title})


@rule
def model_drift(
    *, recent_sql: float, usual_sql: float, drift_limit: float, recent_origins: int, model_title: Words
) -> Caveat | None:
    """The latest past forecasts missed by more than the earlier ones' own scatter explains."""
    if recent_sql <= drift_limit:
        return None
    evidence = {"more": recent_sql / usual_sql - 1, "origins": recent_origins, "model": model_title}
    return Caveat("model_drift", Severity.CAUTION, evidence)


@rule
def coverage_failing(
    *, recent_coverage: float, recent_outcomes: int, coverage: Mapping[float, float], model_title: Words
) -> Caveat | None:
    """The 8-in-10 range held clearly less in the latest past forecasts than it promises, though it did over all."""
    overall = coverage.get(0.8, 0.8)
    if recent_coverage >= 0.8 - 2 * COVERAGE_SLACK or overall < 0.8 - COVERAGE_SLACK:
        return None
    evidence = {"coverage": recent_coverage, "overall": overall, "n": recent_outcomes, "model": model_title}
    return Caveat("coverage_failing", Severity.CAUTION, evidence)


@rule
def pinned_model(*, pinned_reason: str, model_title: Words) -> Caveat | None:
    """Somebody chose the model by hand; the reason is shown."""
    if not pinned_reason:
        return None
    return Caveat("pinned_model", Severity.NOTE, {"model": model_title, "reason": pinned_reason})


@rule
def worse_than_naive(
    *, sql_ratio: float, sql_ratio_high: float, model_title: Words, baseline_title: Words
) -> Caveat | None:
    """The model does not beat the baseline, or not beyond what chance over the origins could give."""
    if sql_ratio_high < 1:
        return None
    severity = Severity.CAUTION if sql_ratio >= 1 else Severity.NOTE
    evidence = {"ratio": sql_ratio, "high": sql_ratio_high, "model": model_title, "baseline": baseline_title}
    return Caveat("worse_than_naive", severity, evidence)


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
