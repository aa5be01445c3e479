"""What a city.toml says beside its tables: targets for its series, and what is known beside their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from data.calendar import period_of, read_times, read_utc
from data.cityfile import CityFile, Section
from data.dataset import Series, Target
from data.errors import CityFileError, TableError
from data.frequency import Frequency
from data.readers import read_table
from data.schemas import column

__all__ = ["read_targets", "with_regressors"]


def read_targets(file: CityFile, series: Mapping[str, Series]) -> tuple[Target, ...]:
    """The targets of a city, in the file's order.

    Raises
    ------
    CityFileError
        When one names a series, an area or a category that there is not, ends before it begins, or states no bound, or two.
    """
    return tuple(_target(section, series) for section in file.of("targets"))


def _target(section: Section, series: Mapping[str, Series]) -> Target:
    name = str(section["series"])
    if name not in series:
        raise CityFileError("unknown_series", section=section.label, value=name, allowed=list(series))
    if ("at_most" in section.keys) == ("at_least" in section.keys):
        raise CityFileError("one_bound", section=section.label)
    for key, allowed in (("area", series[name].area_ids), ("category", series[name].categories)):
        if key in section.keys and str(section[key]) not in allowed:
            evidence = {"key": key, "value": section[key], "allowed": list(allowed)}
            raise CityFileError("not_allowed", section=section.label, **evidence)
    since, until = (
        period_of(pd.Series([pd.Timestamp(section[key])]), series[name].freq).iloc[0] for key in ("from", "until")
    )
    if series[name].freq is Frequency.HOUR:
        until = until + pd.Timedelta(hours=23)
    if until < since:
        raise CityFileError("ends_before", section=section.label, since=section["from"], until=section["until"])
    return Target(
        name=section.name, title=section.title, series=name, since=since, until=until,
        at_most=section.get("at_most"), at_least=section.get("at_least"),
        area_id=str(section.get("area", "")), category=str(section.get("category", "")),
    )  # fmt: skip


def with_regressors(series: Mapping[str, Series], file: CityFile) -> dict[str, Series]:
    """The series with what the city knows beside their values: its holidays' country, and its regressors.

    A regressor is the mean of its rows within each period; it goes to the series that it names, or to all.
    """
    told = {name: replace(each, country=file.holidays) for name, each in series.items()}
    for section in file.of("regressors"):
        wanted = [str(section["series"])] if "series" in section.keys else list(told)
        for name in wanted:
            if name not in told:
                raise CityFileError("unknown_series", section=section.label, value=name, allowed=list(told))
            told[name] = _told(told[name], section, timezone=file.timezone)
    return told


def _told(series: Series, section: Section, *, timezone: str) -> Series:
    table = read_table(section.path())
    written = column(table, str(section["period"]), table=section.label)
    time_format = section.get("time_format")
    if series.freq is Frequency.HOUR:
        times = read_utc(written, timezone=timezone, time_format=time_format).times
    else:
        times = read_times(written, timezone=timezone, time_format=time_format)
    values = pd.to_numeric(column(table, str(section["value"]), table=section.label), errors="coerce")
    known = times.notna() & values.notna()
    if not known.any():
        raise TableError("nothing_left", table=section.label, rows=len(table))
    means = values[known].groupby(period_of(times[known], series.freq)).mean().rename(section.name)
    frame = means.to_frame() if series.regressors is None else series.regressors.join(means, how="outer")
    return replace(series, regressors=frame)
