"""The frame of a comparison: from which period on, over how many, by hour, by day or by month."""

from __future__ import annotations

import pandas as pd

from analytics.errors import ScenarioError
from analytics.scenarios.study import Question, Study, at_frequency, frequencies_of
from data import City, Series
from data.frequency import Frequency

__all__ = ["study_of"]

DAILY_PERIODS = 90  # a study beyond this is made at monthly frequency
HOURLY_PERIODS = 8 * 168  # eight weeks: an hour further ahead is no better known than its hour of the week
DEFAULT_MONTHS = 12
MOST_PERIODS = 240
DRAWS = (100, 20_000)


def study_of(
    city: City,
    *,
    question: Question | None = None,
    subject: str | None = None,
    series: str | None = None,
    periods: int | None = None,
    freq: Frequency | str | None = None,
    draws: int = 500,
    seed: int = 0,
) -> Study:
    """The frame of a comparison: after the last complete period of a series, by hour up to eight weeks, by day up to 90
    days, else by month.

    Parameters
    ----------
    city : where; without series the study starts after its newest table.
    question : what is decided; it says of what kind of table, and how far it looks.
    subject : the table that the question is about (default: the city's first of the question's kind).
    series : that is studied (default: the subject's own, else the city's first; none of it where the question is about
        another kind of table and the series is too short to be studied).
    periods, freq : the study's length (default: the question's, else 12 "MS").
    draws : paired futures, from 100 to 20,000.
    seed : of everything random.

    Returns
    -------
    The study, before any engine has declared.

    Raises
    ------
    ScenarioError
        When there is no such series, or it cannot be studied so.
    """
    if not DRAWS[0] <= draws <= DRAWS[1]:
        raise ScenarioError("bad_draws", draws=draws, least=DRAWS[0], most=DRAWS[1])
    about: dict[str, str] = {}
    if question is not None:
        about = _subject(city, question, subject)
        periods = question.periods if periods is None else periods
        freq = freq or question.freq
    name = series or about.get("series") or _usual_series(city, question)
    if name is not None and name not in city.series:
        raise ScenarioError("no_such_series", city=city.name, name=name, names=list(city.series))
    source = None if name is None else city.series[name]
    freq = freq or (Frequency.MONTH if source is None else _usual_frequency(source, periods))
    periods = DEFAULT_MONTHS if periods is None else periods
    allowed = list(Frequency) if source is None else list(frequencies_of(source))
    if freq not in allowed:
        raise ScenarioError(
            "bad_frequency", series=city.name if source is None else source.title, freq=freq, allowed=allowed
        )
    freq = Frequency(freq)
    most = {Frequency.DAY: DAILY_PERIODS, Frequency.HOUR: HOURLY_PERIODS}.get(freq, MOST_PERIODS)
    if not 1 <= periods <= most:
        raise ScenarioError("bad_periods", periods=periods, most=most)
    start = pd.date_range(city.as_of, periods=2, freq=freq)[1] if source is None else _start(source, freq)
    about |= {} if name is None else {"series": name}
    asked = "" if question is None else question.name
    return Study(
        city=city, start=start, periods=periods, freq=freq, draws=draws, seed=seed, about=about, question=asked,
    )  # fmt: skip


def _subject(city: City, question: Question, subject: str | None) -> dict[str, str]:
    """The table that a question is about, and the series behind it."""
    kind, names = question.subject, list(city.of(question.subject))
    if not names:
        return {}
    name = subject or names[0]
    if name not in names:
        raise ScenarioError("no_table_of_kind", city=city.name, kind=kind, name=name, names=names)
    if kind == "series":
        return {"series": name}
    series = getattr(city.of(kind)[name], "series", "") or (name if name in city.series else "")
    return {kind: name} | ({"series": series} if series else {})


def _usual_series(city: City, question: Question | None) -> str | None:
    """The city's first series. Of a question about something else it only says when the study begins, which needs a whole month."""
    name = next(iter(city.series), None)
    elsewhere = question is not None and question.subject != "series"
    if (
        name is not None
        and elsewhere
        and not _holds_whole(city.series[name], _usual_frequency(city.series[name], None))
    ):
        return None
    return name


def _usual_frequency(source: Series, periods: int | None) -> Frequency:
    """Months; the series' own periods where it has longer ones, or where a short study of days is asked for."""
    short = source.freq is Frequency.DAY and periods is not None and periods <= DAILY_PERIODS
    return source.freq if short or source.freq is Frequency.YEAR else Frequency.MONTH


def _holds_whole(source: Series, freq: Frequency) -> bool:
    """Whether a whole period lies in a series: its start, and that of the next."""
    return len(pd.date_range(source.values.index[0], source.as_of + source.freq.offset, freq=freq)) >= 2


def _start(source: Series, freq: Frequency) -> pd.Timestamp:
    """The first period after the last whole one."""
    if not _holds_whole(source, freq):
        allowed = list(frequencies_of(source))
        raise ScenarioError("no_whole_study_period", series=source.title, freq=freq, allowed=allowed)
    whole = source.as_of if freq == source.freq else at_frequency(source, freq).as_of
    start: pd.Timestamp = pd.date_range(whole, periods=2, freq=freq)[1]
    return start
