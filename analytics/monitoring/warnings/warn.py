"""Early warning: what lies outside the forecast, what is shifting, what varies more than it did, and what is late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

import pandas as pd

from analytics.caveats import assess
from analytics.errors import ForecastError
from analytics.monitoring.warnings.alarms import Alarm, Warnings
from analytics.monitoring.warnings.ceiling import under_ceiling
from analytics.monitoring.warnings.hour_alarms import hour_alarms, series_of_incidents
from analytics.monitoring.warnings.panel import watched_panel
from analytics.monitoring.warnings.series_watch import SeriesWatch, kept_series_watch, series_watch
from analytics.monitoring.warnings.spans import PACES, turn_of
from analytics.monitoring.warnings.tables import ended_tables, late_tables
from analytics.parallel import Progress, part_of, quiet
from data import City, Incidents, Series
from data.city import ALARMS_PER_WEEK
from data.frequency import Frequency
from data.tables import ALL
from data.words import Sentence

__all__ = ["warnings_in", "warnings_of", "watch_amounts"]

MOST_PLACES = 12  # of amounts by the hour: more than a city's monitors of one kind of air, fewer than its counters
SHORT_WATCH_YEARS = 0.5  # of watched history: less says nothing of how often alarms are false

Watched = tuple[Series, SeriesWatch]


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
    known = series if until is None else _until(series, until)
    watch = series_watch(known, seed=seed, progress=progress)
    return _under([(known, watch)], alarms_per_week=alarms_per_week, seed=seed)


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
    watches: list[Watched] = []
    watched = _watched_in(city)
    for index, series in enumerate(watched):
        part = part_of(progress, index, parts=len(watched))
        if until is None or until >= series.values.index[0]:
            known = series if until is None else _until(series, until)
            watches.append((known, kept_series_watch(known, replayed=until is not None, seed=seed, progress=part)))
    if not watches:
        raise ForecastError("nothing_to_watch", city=city.name)
    watches += _hours_in(city, until=until)
    named = [
        (series, replace(watch, alarms=tuple(_named(alarm, city, series) for alarm in watch.alarms)))
        for series, watch in watches
    ]
    late = [] if until is not None else late_tables(city)
    ended = [] if until is not None else ended_tables(city)
    ceiling = city.alarms_per_week if alarms_per_week is None else alarms_per_week
    unwatched = [each.title for each in city.series.values() if not _is_watched(each)]
    return _under(named, late=late, ended=ended, unwatched=unwatched, alarms_per_week=ceiling, seed=seed)


def watch_amounts(city: City, *, seed: int = 0, progress: Progress = quiet) -> None:
    """Watch a city's amounts, the last first, for `warnings_in` to read back: it comes to them when all counts are watched.

    Parameters
    ----------
    city, seed, progress : as `warnings_in` takes them.
    """
    amounts = [each for each in _watched_in(city) if each.value_type != "count"]
    for index, series in enumerate(reversed(amounts)):
        part = part_of(progress, index, parts=len(amounts))
        # What cannot be watched is told by whoever tells the alarms.
        with suppress(ForecastError):
            kept_series_watch(series, replayed=False, seed=seed, progress=part)


def _watched_in(city: City) -> list[Series]:
    """The series that are watched, counts first."""
    watched = [each for each in city.series.values() if _is_watched(each)]
    return sorted(watched, key=lambda each: each.value_type != "count")


def _is_watched(series: Series) -> bool:
    by_the_hour = series.freq is Frequency.HOUR and series.value_type != "count"
    return not by_the_hour or series.values.shape[1] <= MOST_PLACES


def _until(series: Series, day: pd.Timestamp) -> Series:
    """A series as it stood at the end of a day or of its period; hours are those of local days."""
    if series.freq is not Frequency.HOUR or day != day.normalize():
        return series.until(day)
    end = (day + pd.Timedelta(days=1)).tz_localize(series.timezone).tz_convert("UTC").tz_localize(None)
    return series.until(end - pd.Timedelta(hours=1))


def _hours_in(city: City, *, until: pd.Timestamp | None) -> Iterator[Watched]:
    """The hours of all incidents that have times; their days are watched where a series counts them."""
    country = next((each.country for each in city.series.values()), "")
    for each in city.incidents.values():
        if until is None or until >= each.since:
            yield from _hours_of(each, city, country=country, until=until)


def _hours_of(incidents: Incidents, city: City, *, country: str, until: pd.Timestamp | None) -> Iterator[Watched]:
    found = series_of_incidents(incidents, country=country, until=until)
    if found is not None:
        series = replace(found, name=f"incidents.{found.name}") if found.name in city.series else found
        panel = watched_panel(series)
        row = turn_of(panel, len(panel.values) - PACES[Frequency.DAY].least_watch)
        alarms, record = hour_alarms(series, panel, first=panel.values.index[row])
        yield series, SeriesWatch(alarms, {"hour": record}, hours_alone=True)


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
    watches: Sequence[Watched], *, late: Sequence[Alarm] = (), ended: Sequence[Sentence] = (), unwatched: Sequence[str] = (),
    alarms_per_week: float, seed: int,
) -> Warnings:  # fmt: skip
    """The alarms of all watches under the ceiling, with what limits them.

    Late data are a fact and no guess: they are told once an area, and take no alarm's place.
    """
    until = max(series.as_of for series, _ in watches)
    every = [alarm for _, watch in watches for alarm in watch.alarms]
    guessed = [alarm for alarm in every if alarm.kind != "late"]
    strongest, withheld = under_ceiling(guessed, until=until, alarms_per_week=alarms_per_week)
    missing = _once_an_area([alarm for alarm in every if alarm.kind == "late"])
    kept = (*late, *missing, *strongest)
    whole = [(series, watch) for series, watch in watches if not watch.hours_alone]
    return Warnings(
        made_from=tuple(series.provenance for series, _ in watches),
        caveats=assess(
            made_from=[series.provenance for series, _ in watches],
            alarms_withheld=withheld,
            alarms_kept=len(kept),
            alarms_per_week=alarms_per_week,
            alarms_since=min((each.until for each in guessed), default=until),
            unwatched_titles=unwatched,
            most_places=MOST_PLACES,
            watched_years=min(watch.years for _, watch in whole),
            watched_titles=[series.title for series, _ in whole],
            watch_wanted=SHORT_WATCH_YEARS,
        ),
        config={"alarms_per_week": alarms_per_week},
        seed=seed,
        alarms=kept,
        withheld=withheld,
        alarms_per_week=alarms_per_week,
        records={series.name: dict(watch.records) for series, watch in watches},
        watched_series=sum(watch.columns for _, watch in watches),
        watched_periods=sum(watch.periods for _, watch in watches),
        since=min((watch.since for _, watch in watches if watch.since is not None), default=None),
        until=until,
        ends={series.name: series.as_of for series, _ in watches},
        ended=tuple(ended),
    )
