"""The watch of one series: its alarms before any ceiling, and how much was watched; kept for as long as the series stands."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import scipy

from analytics.errors import ForecastError
from analytics.monitoring.warnings.alarms import Alarm, Kind, Record
from analytics.monitoring.warnings.charts import Raised
from analytics.monitoring.warnings.evidence import KEPT
from analytics.monitoring.warnings.hour_alarms import hour_alarms
from analytics.monitoring.warnings.late import late_columns
from analytics.monitoring.warnings.panel import moments, watched_panel
from analytics.monitoring.warnings.records import records_of
from analytics.monitoring.warnings.watch import Watched, as_one, watch
from analytics.monitoring.warnings.weekly import farrington_alarms, variance_alarms
from analytics.parallel import BY_ANOTHER, Progress
from analytics.results import code_version
from data import Series, fingerprint_of
from data.errors import TableError
from data.frequency import Frequency
from data.store.answers import keep_answer, kept_answer
from data.store.claims import claimed
from data.store.writing import warned_where_not_kept

__all__ = ["SeriesWatch", "kept_series_watch", "series_watch"]

LEVELS = (0.025, 0.975)


@dataclass(frozen=True, eq=False)
class SeriesWatch:
    """The alarms of one series without a ceiling, and what was watched: ``columns`` over ``periods`` from ``since`` on.

    Nothing was where the history is too short. Of incidents the ``hours_alone`` are watched.
    """

    alarms: tuple[Alarm, ...] = ()
    records: Mapping[str, Record] = field(default_factory=dict)
    columns: int = 0
    periods: int = 0
    since: pd.Timestamp | None = None
    years: float = 0.0
    hours_alone: bool = False


def kept_series_watch(series: Series, *, replayed: bool, seed: int, progress: Progress) -> SeriesWatch:
    """What `series_watch` gives, read back from the workspace where any process has watched the same series before.

    A series that is as it was is not watched again when another table of its city has grown.

    Parameters
    ----------
    series, seed, progress : as `series_watch` takes them.
    replayed : whether it is the series as it stood earlier, which takes the place of none that stands now.

    Returns
    -------
    SeriesWatch
        The same; another process that is at it is waited for.

    Raises
    ------
    ForecastError
        As `series_watch`.
    """
    about = (series.name, series.title, series.layer, series.unit)
    slot = f"Watch-{fingerprint_of(*about, series.provenance.origin, replayed)}"
    key = fingerprint_of(*about, series.freq, series.provenance.fingerprint, seed, code_version())
    with claimed(f"watch-{key}", waiting=lambda: progress(0.0, BY_ANOTHER)):
        content = kept_answer(slot, key)
        if content is not None:
            # What an older library wrote may not be readable by this one: then it is watched anew.
            with suppress(Exception):
                kept: SeriesWatch = pickle.loads(content)  # noqa: S301 - written by this code into the user's own workspace
                return kept
        found = series_watch(series, seed=seed, progress=progress)
        with warned_where_not_kept():
            keep_answer(slot, key, pickle.dumps(found))
        return found


def series_watch(series: Series, *, seed: int, progress: Progress) -> SeriesWatch:
    """The alarms of a series over its last year (ten years of months), each column and total watched as it would have been.

    Parameters
    ----------
    series : to be watched.
    seed : of everything drawn.
    progress : told how far the work is.

    Returns
    -------
    SeriesWatch
        Without a ceiling, areas by their ids.

    Raises
    ------
    ForecastError
        When the series holds no value, or the model fails.
    """
    if not len(series.values) or not series.values.notna().any().any():
        raise ForecastError("no_values", series=series.title)
    try:
        panel = watched_panel(series)
    except TableError:  # hours that are no whole day yet
        return SeriesWatch()
    parts = watch(panel, seed=seed, progress=progress, doing=series.title)
    if not parts:
        return SeriesWatch()
    whole = as_one(parts)
    late = late_columns(whole)
    found = [_distinct(part, [each.moved(whole.first - part.first) for each in late]) for part in parts]
    every = [each.moved(part.first - whole.first) for part, own in zip(parts, found, strict=True) for each in own]
    records = records_of(whole, [*late, *every])
    alarms = [_alarm(whole, each, records) for each in late]
    alarms += [_alarm(part, each, records) for part, own in zip(parts, found, strict=True) for each in own]
    if series.freq is Frequency.HOUR and series.value_type == "count":
        hours, record = hour_alarms(series, panel, first=whole.periods[0], days=parts)
        alarms, records = [*alarms, *hours], records | {"hour": record}
    years = len(whole.periods) / whole.panel.series.freq.periods_a_year
    return SeriesWatch(tuple(alarms), records, len(whole.panel.names), len(whole.periods), whole.periods[0], years)


def _distinct(watched: Watched, late: Sequence[Raised]) -> list[Raised]:
    """All that a span raised but late data, each spell once: late data is no falling level, and what was raised first is kept."""
    raised = list(late)
    found = (*watched.raised, *variance_alarms(watched), *farrington_alarms(watched))
    for each in sorted(found, key=lambda each: each.until):
        if not any(_same_spell(watched, each, other) for other in raised if other.column == each.column):
            raised.append(each)
    return [each for each in raised[len(late) :] if each.until >= watched.begins]


def _same_spell(watched: Watched, new: Raised, old: Raised) -> bool:
    if {new.kind, old.kind} <= {"level", "outside"}:
        return False  # the charts raise one alarm a spell themselves
    if old.kind == "late":
        return new.until >= old.since
    apart = new.since > old.until + 1 or old.since > new.until
    joined = watched.alarmed[min(old.until, new.since) : max(old.until, new.since) + 1, new.column].all()
    return not apart or bool(joined)


def _alarm(watched: Watched, raised: Raised, records: Mapping[str, Record]) -> Alarm:
    series, record = watched.panel.series, records[raised.kind]
    low, high, observed, expected = _range(watched, raised)
    area, category = watched.panel.names[raised.column]
    kind: Kind = raised.kind  # type: ignore[assignment]
    return Alarm(
        kind=kind,
        series=series.name,
        series_title=series.title,
        area_id=area,
        category=category,
        since=watched.periods[raised.since],
        until=watched.periods[raised.until],
        direction="up" if raised.direction > 0 else "down",
        low=low,
        high=high,
        observed=observed,
        strength=min(1.0, raised.recurrence / series.freq.periods_a_year),
        false_alarms_per_year=record.false_per_year,
        null_per_year=record.null_per_year,
        past_precision=record.precision,
        past_n=record.judged,
        raised_per_year=record.per_year,
        expected=expected,
        deeper=raised.deeper,
        area_name=area,
        after="month" if series.freq is Frequency.MONTH else "week",
        unit="" if series.value_type == "count" else series.unit,
    )


def _range(watched: Watched, raised: Raised) -> tuple[float, float, float, float]:
    """What 95 in 100 spells would have held given how the panel moved, what it held, and what was expected.

    The scores' factor is taken off mean and variance, and sums of counts are read as negative binomial. The range of amounts is
    that of the distribution whose tails raise alarms, so an alarm lies outside it.
    """
    rows = slice(raised.since, raised.until + 1)
    if watched.panel.series.value_type != "count" and raised.kind != "late":
        return _range_of_amounts(watched, raised, rows)
    actual = watched.actual[rows, raised.column]
    mean, spread = (each[rows, raised.column] for each in moments(watched.predicted))
    lift = watched.evidence.factor[rows, raised.column]
    own = 0.0 if watched.panel.totals[raised.column] else watched.rho[raised.until] * KEPT**2
    known = ~np.isnan(actual) if raised.kind != "late" else np.ones(len(actual), dtype=bool)
    middle = np.maximum(mean + KEPT * lift * spread, 0.05 * np.abs(mean))[known].sum()
    variance = (spread**2 * (1 - own))[known].sum()
    observed = float(np.nansum(actual)) if known.any() and not np.isnan(actual).all() else float("nan")
    if watched.panel.series.value_type == "count":
        size = middle**2 / max(variance - middle, 1e-6 * middle**2 + 1e-12)
        counts = scipy.stats.nbinom.ppf(np.array(LEVELS), size, size / (size + middle))
        return float(counts[0]), float(counts[1]), observed, float(middle)
    n = max(int(known.sum()), 1)
    values = scipy.stats.norm.ppf(np.array(LEVELS), middle / n, max(np.sqrt(variance) / n, 1e-12))
    return float(values[0]), float(values[1]), observed / n, float(middle) / n


def _range_of_amounts(watched: Watched, raised: Raised, rows: slice) -> tuple[float, float, float, float]:
    actual = watched.actual[rows, raised.column]
    persistence = float(watched.evidence.persistence[raised.until, raised.column])
    low, expected, high = watched.edges.of_mean(rows, raised.column, persistence=persistence)
    return low, high, float("nan") if np.isnan(actual).all() else float(np.nanmean(actual)), expected
