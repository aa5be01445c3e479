"""What was more than usual in heat: of deaths, calls or requests, over the same days of other years.

Source: Whitman et al. (1997), Mortality in Chicago attributed to the July 1995 heat wave, American Journal of Public Health 87,
who compare with the same weeks of other years. A spell of heat: two days or more, each among the hottest 2 in 100 of the year,
as a day above the 95th percentile of the five warm months is (Anderson and Bell 2011, Environmental Health Perspectives 119);
it is followed for three days more, as deaths come after the heat (Basu and Samet 2002, Epidemiologic Reviews 24).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.caveats import assess
from analytics.environment.days import daily
from analytics.errors import MeasurementError
from analytics.results import Result
from data import Series
from data.frequency import Frequency
from data.tables import Regressor

__all__ = ["Heat", "excess_in_heat", "hot_spells"]

HOT = 0.98  # of all days of the year
SHORTEST = 2  # days
AFTER = 3  # days that a spell is followed
LATER = 28  # days after in which what was only brought forward would be missing
FEWEST_YEARS = 3  # other years, for a spread
LEVEL = 0.975


@dataclass(frozen=True, eq=False, kw_only=True)
class Heat(Result):
    """The excess of each spell of days over the same days of other years.

    ``spells`` has one row a spell, the hottest (or only) first, with columns first, last (days), peak (the highest daily mean
    temperature; NaN where none is given), observed, expected (mean of the other years), excess, low, high (95 % for what the
    other years may have in such days), ratio (observed over expected), years (other years that have all of the days).
    ``by_year`` holds the sum of the first row's days by year; ``left_out`` counts spells that too few other years can be
    compared with. ``degree`` is the unit of the temperature, "" where none is given.
    """

    series: Series
    spells: pd.DataFrame
    by_year: pd.Series
    left_out: int = 0
    degree: str = ""

    @property
    def year(self) -> int:
        """Of the first row's spell."""
        return int(self.spells["first"].iloc[0].year)


def hot_spells(temperature: pd.Series) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """Spells of heat: the first and the last day of each, those in which their effect is looked for included.

    Parameters
    ----------
    temperature : daily means by day.

    Returns
    -------
    In order of time; two spells whose days would overlap are one.
    """
    known = temperature.dropna()
    hot = (known >= known.quantile(HOT)).reindex(pd.date_range(known.index[0], known.index[-1]), fill_value=False)
    run = (hot != hot.shift()).cumsum()
    found: list[tuple[pd.Timestamp, pd.Timestamp]] = []
    for _, days in hot[hot].groupby(run[hot]):
        if len(days) < SHORTEST:
            continue
        first, last = days.index[0], days.index[-1] + pd.Timedelta(days=AFTER)
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def excess_in_heat(
    series: Series,
    *,
    temperature: Regressor | None = None,
    days: tuple[pd.Timestamp, pd.Timestamp] | None = None,
    seed: int = 0,
) -> Heat:
    """How much more there was in heat than in the same days of other years.

    Parameters
    ----------
    series : daily or hourly counts of several years.
    temperature : of the same place: the spells of heat are found in it, unless ``days`` names one.
    days : the first and the last day of the one spell asked for.
    seed : kept in the result; nothing is drawn.

    Returns
    -------
    Heat
        One row a spell, and what limits it.

    Raises
    ------
    MeasurementError
        When neither is given, no spell is found, or too few other years have the days.
    """
    values = daily(series)
    spells, degrees = _spells_of(series, values, temperature, days)
    rows = [row for row in (_row(values, *spell, degrees) for spell in spells) if row is not None]
    if not rows:
        first, last = spells[0]
        raise MeasurementError("few_other_years", series=series.title, first=first, last=last, least=FEWEST_YEARS)
    table = pd.DataFrame(rows).sort_values("peak", ascending=False, kind="stable", ignore_index=True)
    worst = table.iloc[0]
    by_year = _by_year(values, worst["first"], worst["last"])
    provenances = (series.provenance, *([] if temperature is None else [temperature.provenance]))
    return Heat(
        made_from=provenances,
        caveats=assess(made_from=provenances, **_facts(series, values, worst, by_year)),
        config={
            "temperature": "" if temperature is None else temperature.name,
            "spells": [[f"{row['first']:%Y-%m-%d}", f"{row['last']:%Y-%m-%d}"] for row in rows],
        },
        seed=seed,
        series=series,
        spells=table,
        by_year=by_year,
        left_out=len(spells) - len(rows),
        degree="" if temperature is None else temperature.unit,
    )


def _spells_of(
    series: Series, values: pd.Series, temperature: Regressor | None, days: tuple[pd.Timestamp, pd.Timestamp] | None
) -> tuple[Sequence[tuple[pd.Timestamp, pd.Timestamp]], pd.Series]:
    degrees = pd.Series(dtype=float) if temperature is None else temperature.means(Frequency.DAY)
    if days is not None:
        if days[1] < days[0]:
            raise MeasurementError("heat_ends_before", first=days[0], last=days[1])
        if days[0] < values.index[0] or days[1] > values.index[-1]:
            raise MeasurementError(
                "heat_outside",
                series=series.title,
                first=days[0],
                last=days[1],
                since=values.index[0],
                until=values.index[-1],
            )
        return [days], degrees
    if temperature is None:
        raise MeasurementError("heat_when", series=series.title)
    found = [each for each in hot_spells(degrees) if each[0] >= values.index[0] and each[1] <= values.index[-1]]
    if not found:
        raise MeasurementError("no_heat", series=series.title, temperature=temperature.title)
    return found, degrees


def _by_year(values: pd.Series, first: pd.Timestamp, last: pd.Timestamp) -> pd.Series:
    """The sum of the same days of each year that has them all."""
    length = (last - first).days + 1
    found = {}
    for year in range(values.index[0].year, values.index[-1].year + 1):
        day = 28 if (first.month, first.day) == (2, 29) else first.day
        start = pd.Timestamp(year, first.month, day)
        own = values.reindex(pd.date_range(start, periods=length))
        if own.notna().all():
            found[year] = float(own.sum())
    return pd.Series(found, dtype=float)


def _row(values: pd.Series, first: pd.Timestamp, last: pd.Timestamp, degrees: pd.Series) -> dict[str, object] | None:
    by_year = _by_year(values, first, last)
    if first.year not in by_year.index or len(by_year) - 1 < FEWEST_YEARS:
        return None
    low, expected, high = _expected(by_year.drop(first.year))
    observed = by_year[first.year]
    return {
        "first": first,
        "last": last,
        "peak": float(degrees.loc[first:last].max()) if len(degrees.loc[first:last]) else np.nan,
        "observed": observed,
        "expected": expected,
        "excess": observed - expected,
        "low": observed - high,
        "high": observed - low,
        "ratio": observed / expected if expected > 0 else np.nan,
        "years": len(by_year) - 1,
    }


def _expected(others: pd.Series) -> tuple[float, float, float]:
    """The mean of other years, and between what one more year would lie (Student's t for a further observation)."""
    import scipy

    mean, n = float(others.mean()), len(others)
    width = scipy.stats.t.ppf(LEVEL, n - 1) * float(others.std(ddof=1)) * np.sqrt(1 + 1 / n)
    return mean - width, mean, mean + width


def _facts(series: Series, values: pd.Series, worst: pd.Series, by_year: pd.Series) -> dict[str, object]:
    others = by_year.drop(worst["first"].year)
    trend = _trend(others, worst["first"].year)
    later = _row(
        values, worst["last"] + pd.Timedelta(days=1), worst["last"] + pd.Timedelta(days=LATER), pd.Series(dtype=float)
    )
    return {
        "heat_title": series.title,
        "heat_first": worst["first"],
        "heat_last": worst["last"],
        "heat_observed": float(worst["observed"]),
        "heat_expected": float(worst["expected"]),
        "heat_years": int(worst["years"]),
        "heat_trend_p": trend[0],
        "heat_with_trend": trend[1],
        "heat_later": np.nan if later is None else float(later["excess"]),  # type: ignore[arg-type]
        "heat_later_high": np.nan if later is None else float(later["high"]),  # type: ignore[arg-type]
    }


def _trend(others: pd.Series, year: int) -> tuple[float, float]:
    """How likely so steep a line through the other years is by chance, and what it would expect in the year."""
    import scipy

    if others.nunique() < 2:
        return 1.0, float(others.mean())
    line = scipy.stats.linregress(others.index.to_numpy(dtype=float), others.to_numpy())
    return float(line.pvalue), float(line.intercept + line.slope * year)
