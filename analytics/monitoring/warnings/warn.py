"""Early warning: what lies outside the forecast, what is shifting, what varies more than it did, and what is late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import scipy

from analytics.caveats import assess
from analytics.errors import ForecastError
from analytics.monitoring.warnings.alarms import Alarm, Kind, Record, Warnings
from analytics.monitoring.warnings.ceiling import under_ceiling
from analytics.monitoring.warnings.charts import Raised
from analytics.monitoring.warnings.evidence import KEPT
from analytics.monitoring.warnings.hour_alarms import hour_alarms, series_of_incidents
from analytics.monitoring.warnings.late import late_columns
from analytics.monitoring.warnings.panel import moments, watched_panel
from analytics.monitoring.warnings.records import records_of
from analytics.monitoring.warnings.spans import PACES, turn_of
from analytics.monitoring.warnings.tables import ended_tables, late_tables
from analytics.monitoring.warnings.watch import Watched, as_one, watch
from analytics.monitoring.warnings.weekly import farrington_alarms, variance_alarms
from analytics.parallel import Progress, quiet
from data import City, Incidents, Series
from data.city import ALARMS_PER_WEEK
from data.errors import TableError
from data.frequency import Frequency
from data.tables import ALL
from data.words import Sentence, Words

__all__ = ["warnings_in", "warnings_of"]

LEVELS = (0.025, 0.975)
MOST_PLACES = 12  # of amounts by the hour: more than a city's monitors of one kind of air, fewer than its counters
SHORT_WATCH_YEARS = 0.5  # of watched history: less says nothing of how often alarms are false


def warnings_of(
    series: Series,
    *,
    alarms_per_week: float = ALARMS_PER_WEEK,
    until: pd.Timestamp | None = None,
    seed: int = 0,
    progress: Progress = quiet,
) -> Warnings:
    """The alarms of a series over its last year (ten years of months), each column and total watched as it would have been.

    Parameters
    ----------
    series : to be watched.
    alarms_per_week : the ceiling; of the alarms found in a week the strongest are kept.
    until : take the series as it stood at the end of this period; nothing later is used.
    seed : of everything drawn.
    progress : told how far the work is.

    Returns
    -------
    The alarms that are kept, the latest first, and what such alarms were worth.

    Raises
    ------
    ForecastError
        When the series holds no value up to ``until``, or the model fails.
    Cancelled
        When ``progress`` raises it.
    """
    return _under(
        [_watched(series, until=until, seed=seed, progress=progress)], alarms_per_week=alarms_per_week, seed=seed
    )


def warnings_in(
    city: City,
    *,
    alarms_per_week: float | None = None,
    until: pd.Timestamp | None = None,
    seed: int = 0,
    progress: Progress = quiet,
) -> Warnings:
    """The alarms of all series of a city under one ceiling (the city's own unless given), with the areas' names.

    A table that ends more than a week and a period of its own before the city's newest is late. Amounts of hours are
    watched by their daily means; those of more than ``MOST_PLACES`` are not (``warnings_of`` watches any), as each place
    costs as much as all areas of a count together: where delays of forty counters concentrate is for ``congested_hours``.

    Parameters
    ----------
    city : all of whose series are watched.
    alarms_per_week : the ceiling over all series.
    until : take all series as they stood at the end of this day.
    seed : of everything drawn.
    progress : told how far the work is.

    Returns
    -------
    The alarms that are kept, the latest first, and what such alarms were worth.

    Raises
    ------
    ForecastError
        As `warnings_of`, where no series can be watched.
    """
    watches, watched = [], _watched_in(city)
    for index, series in enumerate(watched):

        def part(share: float, doing: Words, index: int = index) -> None:
            progress((index + share) / len(watched), doing)

        if until is None or until >= series.values.index[0]:
            watches.append(_watched(series, until=until, seed=seed, progress=part))
    if not watches:
        raise ForecastError("nothing_to_watch", city=city.name)
    watches += _hours_in(city, until=until)
    named = [replace(each, alarms=tuple(_named(alarm, city, each.series) for alarm in each.alarms)) for each in watches]
    late = [] if until is not None else late_tables(city)
    ended = [] if until is not None else ended_tables(city)
    ceiling = city.alarms_per_week if alarms_per_week is None else alarms_per_week
    return _under(named, late=late, ended=ended, alarms_per_week=ceiling, seed=seed)


@dataclass(frozen=True, eq=False)
class _Watch:
    """One series' alarms without a ceiling, and the watch they come from (None where the history is too short).

    Of incidents the ``hours_alone`` are watched.
    """

    series: Series
    alarms: tuple[Alarm, ...]
    records: Mapping[str, Record]
    watched: Watched | None
    hours_alone: bool = False


def _watched_in(city: City) -> list[Series]:
    """The series that are watched, counts first."""
    watched = [each for each in city.series.values() if _is_watched(each)]
    return sorted(watched, key=lambda each: each.value_type != "count")


def _is_watched(series: Series) -> bool:
    by_the_hour = series.freq is Frequency.HOUR and series.value_type != "count"
    return not by_the_hour or series.values.shape[1] <= MOST_PLACES


def _watched(series: Series, *, until: pd.Timestamp | None, seed: int, progress: Progress) -> _Watch:
    known = series if until is None else _until(series, until)
    if not len(known.values) or not known.values.notna().any().any():
        raise ForecastError("no_values", series=series.title)
    try:
        panel = watched_panel(known)
    except TableError:  # hours that are no whole day yet
        return _Watch(known, (), {}, None)
    parts = watch(panel, seed=seed, progress=progress, doing=series.title)
    if not parts:
        return _Watch(known, (), {}, None)
    whole = as_one(parts)
    late = late_columns(whole)
    found = [_distinct(part, [each.moved(whole.first - part.first) for each in late]) for part in parts]
    every = [each.moved(part.first - whole.first) for part, own in zip(parts, found, strict=True) for each in own]
    records = records_of(whole, [*late, *every])
    alarms = [_alarm(whole, each, records) for each in late]
    alarms += [_alarm(part, each, records) for part, own in zip(parts, found, strict=True) for each in own]
    if known.freq is not Frequency.HOUR or known.value_type != "count":
        return _Watch(known, tuple(alarms), records, whole)
    hours, record = hour_alarms(known, panel, first=whole.periods[0], days=parts)
    return _Watch(known, (*alarms, *hours), records | {"hour": record}, whole)


def _until(series: Series, day: pd.Timestamp) -> Series:
    """A series as it stood at the end of a day or of its period; hours are those of local days."""
    if series.freq is not Frequency.HOUR or day != day.normalize():
        return series.until(day)
    end = (day + pd.Timedelta(days=1)).tz_localize(series.timezone).tz_convert("UTC").tz_localize(None)
    return series.until(end - pd.Timedelta(hours=1))


def _hours_in(city: City, *, until: pd.Timestamp | None) -> list[_Watch]:
    """The hours of all incidents that have times; their days are watched where a series counts them."""
    country = next((each.country for each in city.series.values()), "")
    found = [_hours_of(each, city, country=country, until=until) for each in city.incidents.values()]
    return [each for each in found if each is not None]


def _hours_of(incidents: Incidents, city: City, *, country: str, until: pd.Timestamp | None) -> _Watch | None:
    if until is not None and until < incidents.since:
        return None
    series = series_of_incidents(incidents, country=country, until=until)
    if series is None:
        return None
    name = f"incidents.{series.name}" if series.name in city.series else series.name
    panel = watched_panel(replace(series, name=name))
    row = turn_of(panel, len(panel.values) - PACES[Frequency.DAY].least_watch)
    alarms, record = hour_alarms(replace(series, name=name), panel, first=panel.values.index[row])
    return _Watch(replace(series, name=name), alarms, {"hour": record}, None, hours_alone=True)


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


def _years(watch: _Watch) -> float:
    if watch.watched is None:
        return 0.0
    return len(watch.watched.periods) / watch.watched.panel.series.freq.periods_a_year


def _named(alarm: Alarm, city: City, series: Series) -> Alarm:
    areas = city.areas.get(series.layer)
    if areas is None or alarm.area_id not in areas.frame.index or "name" not in areas.frame:
        return alarm
    return replace(alarm, area_name=str(areas.frame.loc[alarm.area_id, "name"]))


def _once_an_area(late: Sequence[Alarm]) -> list[Alarm]:
    """Late data of several kinds of one area as one alarm."""
    by_area: dict[tuple[object, ...], list[Alarm]] = {}
    for alarm in late:
        by_area.setdefault((alarm.series, alarm.area_id, alarm.since, alarm.until), []).append(alarm)
    return [own[0] if len(own) == 1 else replace(own[0], category=ALL) for own in by_area.values()]


def _under(
    watches: Sequence[_Watch], *, late: Sequence[Alarm] = (), ended: Sequence[Sentence] = (),
    alarms_per_week: float, seed: int,
) -> Warnings:  # fmt: skip
    """The alarms of all watches under the ceiling, with what limits them.

    Late data are a fact and no guess: they are told once an area, and take no alarm's place.
    """
    until = max(each.series.as_of for each in watches)
    every = [alarm for each in watches for alarm in each.alarms]
    guessed = [alarm for alarm in every if alarm.kind != "late"]
    strongest, withheld = under_ceiling(guessed, until=until, alarms_per_week=alarms_per_week)
    missing = _once_an_area([alarm for alarm in every if alarm.kind == "late"])
    kept = (*late, *missing, *strongest)
    seen = [each.watched for each in watches if each.watched is not None]
    years = min(_years(each) for each in watches if not each.hours_alone)
    return Warnings(
        made_from=tuple(each.series.provenance for each in watches),
        caveats=assess(
            made_from=[each.series.provenance for each in watches],
            alarms_withheld=withheld,
            alarms_kept=len(kept),
            alarms_per_week=alarms_per_week,
            watched_years=years,
            watched_titles=[each.series.title for each in watches if not each.hours_alone],
            watch_wanted=SHORT_WATCH_YEARS,
        ),
        config={"alarms_per_week": alarms_per_week},
        seed=seed,
        alarms=kept,
        withheld=withheld,
        alarms_per_week=alarms_per_week,
        records={each.series.name: dict(each.records) for each in watches},
        watched_series=sum(len(each.panel.names) for each in seen),
        watched_periods=sum(len(each.periods) for each in seen),
        since=min((each.periods[0] for each in seen), default=None),
        until=until,
        ends={each.series.name: each.series.as_of for each in watches},
        ended=tuple(ended),
    )
