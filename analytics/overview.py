"""The parts of a city's first page: each is made once, kept by itself, and read back by whoever asks after that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analytics.answers import answered, kept
from analytics.errors import ForecastError
from analytics.monitoring.days import Change, DayStatement, change, day_before, keep_day, stated_of, unusual_in
from analytics.monitoring.targets import Chance, chance_of
from analytics.monitoring.traces import Column, Trace
from analytics.monitoring.warnings import Alarm, Warnings, warnings_in
from analytics.monitoring.week import Figures, Week, last_week
from analytics.parallel import Progress, part_of, quiet
from analytics.requests import CityRequest, FiguresRequest, TracesRequest, WarningsRequest, WeekRequest
from data import City, fingerprint_of

__all__ = [
    "Unusual",
    "change_of",
    "column_of",
    "kept_unusual",
    "kept_weeks",
    "play_back_day",
    "unusual_of",
    "week_requests",
    "weeks_of",
]

Opened = Callable[[CityRequest], City]
DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Unusual:
    """What is unusual in the week of a city: all that is watched, the alarms of the week, and each one's latest values."""

    found: Warnings
    alarms: tuple[Alarm, ...]
    traces: Mapping[Column, Trace]


def week_requests(request: CityRequest, figures: Figures) -> tuple[WeekRequest, ...]:
    """What is asked of each table that has a figure in the week.

    Parameters
    ----------
    request : the city.
    figures : its week.

    Returns
    -------
    tuple of WeekRequest
        In the order of the figures.
    """
    return tuple(WeekRequest(request, kind=each.kind, name=each.name, end=each.end) for each in figures.weeks)


def weeks_of(request: CityRequest, opened: Opened, *, progress: Progress = quiet) -> tuple[Week, ...]:
    """Each figure of the week beside its range; whoever looks meanwhile finds those that are made.

    Parameters
    ----------
    request : the city.
    opened : opens it, where it has to be asked.
    progress : told how far the work is.

    Returns
    -------
    tuple of Week
        In the order of the figures.
    """
    figures: Figures = answered(FiguresRequest(request), opened)
    asked = week_requests(request, figures)
    weeks = []
    for index, (figure, each) in enumerate(zip(figures.weeks, asked, strict=True)):
        part = part_of(progress, index, parts=len(asked))
        part(0.0, figure.title)
        weeks.append(figure if figure.why_not else answered(each, opened, progress=part))
    return tuple(weeks)


def kept_weeks(request: CityRequest, figures: Figures) -> tuple[Week, ...]:
    """The figures of the week as far as they are made, without their ranges where these are not.

    Parameters
    ----------
    request : the city.
    figures : its week.

    Returns
    -------
    tuple of Week
        In the order of the figures.
    """
    asked = zip(figures.weeks, week_requests(request, figures), strict=True)
    return tuple(figure if figure.why_not else kept(each) or figure for figure, each in asked)


def column_of(alarm: Alarm) -> Column:
    """The column that an alarm is about."""
    return alarm.series, alarm.area_id, alarm.category


def unusual_of(request: CityRequest, opened: Opened, *, progress: Progress = quiet) -> Unusual:
    """What is unusual in the week, with the latest values of each column that is.

    Parameters
    ----------
    request : the city.
    opened : opens it, where it has to be asked.
    progress : told how far the work is.

    Returns
    -------
    Unusual
        The rarest first.
    """
    figures: Figures = answered(FiguresRequest(request), opened)
    found: Warnings = answered(WarningsRequest(request), opened, progress=progress)
    alarms = unusual_in(found, figures)
    return Unusual(found, alarms, answered(_traces(request, alarms), opened))


def kept_unusual(request: CityRequest) -> Unusual | None:
    """The same where all of it is kept; else None."""
    figures, found = kept(FiguresRequest(request)), kept(WarningsRequest(request))
    if figures is None or found is None:
        return None
    alarms = unusual_in(found, figures)
    traces = kept(_traces(request, alarms))
    return None if traces is None else Unusual(found, alarms, traces)


def _traces(request: CityRequest, alarms: Sequence[Alarm]) -> TracesRequest:
    return TracesRequest(request, columns=tuple(dict.fromkeys(column_of(each) for each in alarms)))


def change_of(
    request: CityRequest,
    figures: Figures,
    *,
    weeks: Sequence[Week],
    unusual: Sequence[Alarm],
    chances: Sequence[Chance],
) -> Change | None:
    """What differs from the day before that was kept; what is stated today is kept for the next one.

    Parameters
    ----------
    request : the city.
    figures, weeks, unusual, chances : what its page shows today.

    Returns
    -------
    Change or None
        None where nothing earlier is kept.
    """
    today = stated_of(figures, weeks=weeks, unusual=unusual, chances=chances)
    if today is None:
        return None
    before = day_before(_place(request), today.end)
    keep_day(_place(request), today)
    return None if before is None else change(before, today)


def play_back_day(request: CityRequest, opened: Opened, *, progress: Progress = quiet) -> DayStatement | None:
    """What would have been stated the day before, from nothing but what was known then; kept like any other.

    Parameters
    ----------
    request : the city.
    opened : opens it.
    progress : told how far the work is.

    Returns
    -------
    DayStatement or None
        None where an earlier day is kept already, or no table is counted by the day.
    """
    figures: Figures = answered(FiguresRequest(request), opened)
    if figures.end is None or day_before(_place(request), figures.end) is not None:
        return None
    city, end = opened(request), figures.end - DAY
    weeks = []
    for each in figures.weeks:
        table = city.series[each.name] if each.kind == "series" else city.incidents[each.name]
        progress(0.1, each.title)
        weeks.append(last_week(table, end=end))
    then = Figures(end, tuple(weeks), figures.apart)
    unusual: tuple[Alarm, ...] = ()
    if any(name not in figures.ended for name in city.series):
        unusual = unusual_in(
            warnings_in(city, until=end, progress=lambda share, doing: progress(0.2 + 0.5 * share, doing)), then
        )
    stated = stated_of(then, weeks=weeks, unusual=unusual, chances=_chances(city, end))
    if stated is not None:
        keep_day(_place(request), stated)
    return stated


def _chances(city: City, end: pd.Timestamp) -> list[Chance]:
    """The chances of the targets as they were at the end of a day."""
    found = []
    for target in city.targets.values():
        known = city.series[target.series].until(end + DAY - pd.Timedelta(hours=1))
        try:
            found.append(chance_of(known, target, keep=False))
        except ForecastError:
            continue
    return found


def _place(request: CityRequest) -> str:
    """What stands for a city and who may see it, whatever its files hold."""
    return fingerprint_of(str(Path(request.name).resolve()), request.asker)
