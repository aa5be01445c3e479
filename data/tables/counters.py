"""Counters: how many vehicles pass links of a network, where somebody counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from data.calendar import read_times
from data.errors import CityFileError, TableError
from data.frequency import Frequency
from data.provenance import Finding, Provenance, strictest
from data.readers import read_rows
from data.tables.amounts import numbers_of
from data.tables.contract import Kind, Sections, Tables, known, pair_stated
from data.tables.growing import check_live, grown, live_findings, without_restated
from data.tables.ids import as_ids
from data.tables.networks import Network
from data.tables.section import Number, Section, TableKeys, Text, TimeFormat
from data.tables.series import Series, counts_things
from data.tables.sifting import Sifted, column, empty_refused
from data.tables.table import Table
from data.tables.usual import FEWEST_DAYS, DayHours, usual_counts

__all__ = ["COUNTERS", "Counters", "CountersKeys"]

USUAL = ("days", "spread", "since", "until")  # what is known of a volume that is a mean of days
MOST_WEEKS = 104  # two years: beyond, it is the mean of another time


@dataclass(frozen=True, eq=False)
class Counters(Table):
    """Counters on links of the network ``network``.

    ``frame`` is indexed by ``counter_id`` (text, in the file's order): ``link_id``, ``volume`` (vehicles an hour in the hours
    of the trips that it is held against), ``longitude`` and ``latitude`` (the middle of the link where the file does not state
    them, NaN where not known). ``series`` names the table whose areas or categories are the counters, "" for none. Where the
    volumes are means of that series, the frame also has ``days``, how many days they are of, ``spread``, the standard deviation
    from day to day (vehicles an hour), and ``since`` and ``until``, the first and the last of these days.
    """

    kind = "counters"

    name: str
    title: str
    network: str
    frame: pd.DataFrame
    provenance: Provenance
    series: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def rows(self) -> int:
        """How many counters."""
        return len(self.frame)

    def content(self) -> tuple[object, ...]:
        """The counters."""
        usual = [each for each in USUAL if each in self.frame]
        return self.network, self.frame[["link_id", "volume", *usual]], self.series

    def facts(self) -> dict[str, Any]:
        """The network whose links are counted, and of which days the volumes are where they are means of a series."""
        about = super().facts() | {"network": self.network, "series": self.series}
        if "days" not in self.frame or self.frame.empty:
            return about
        return about | {"since": self.frame["since"].min(), "until": self.frame["until"].max()}


class CountersKeys(TableKeys):
    """The keys of counters: a file and its columns. A link is named by ``link``, or by ``from_node`` and ``to_node``.

    One unit of ``volume`` is ``scale`` vehicles an hour; ``time`` says when it was counted. Without ``volume`` it is the mean of
    the ``series`` at the hours of the table of ``trips``, over the last ``weeks``.
    """

    source: Text
    title: Text | None = None
    network: Text
    id: Text
    link: Text | None = None
    from_node: Text | None = None
    to_node: Text | None = None
    volume: Text | None = None
    time: Text | None = None
    time_format: TimeFormat | None = None
    scale: Number = 1.0
    longitude: Text | None = None
    latitude: Text | None = None
    series: Text | None = None
    trips: Text | None = None
    weeks: Number = 8.0
    live: Text | None = None


def _check(section: Section[CountersKeys], sections: Sections) -> None:
    keys = section.keys
    known(section, keys.network, list(sections["networks"]), code="trips_network")
    if keys.series is not None:
        known(section, keys.series, list(sections["series"]), code="unknown_series")
    pair_stated(section, "from_node", "to_node")
    pair_stated(section, "longitude", "latitude")
    if (keys.link is None) == (keys.from_node is None):
        raise CityFileError("counter_link", section=section.label)
    if keys.scale <= 0:
        raise CityFileError("not_above_zero", section=section.label, key="scale", value=keys.scale)
    check_live(section)
    if keys.live is not None and keys.time is None:
        raise CityFileError("missing_key", section=section.label, key="time")
    if keys.volume is None:
        _check_series(section, sections)
    elif keys.trips is not None:
        raise CityFileError("counters_stated_twice", section=section.label)


def _check_series(section: Section[CountersKeys], sections: Sections) -> None:
    """Refuse a series whose hours cannot be told, or that does not count, and trips whose hours are not known."""
    keys, label = section.keys, section.label
    if keys.series is None:
        raise CityFileError("missing_key", section=label, key="volume")
    if keys.live is not None:
        raise CityFileError("counters_grow_by_series", section=label, series=keys.series)
    series = sections["series"][keys.series].keys
    if series.freq is not Frequency.HOUR:
        raise CityFileError("counters_by_hour", section=label, series=keys.series, freq=series.freq)
    if not counts_things(series):
        raise CityFileError("counters_of_amounts", section=label, series=keys.series, unit=series.unit)
    if not (keys.weeks.is_integer() and 1 <= keys.weeks <= MOST_WEEKS):
        raise CityFileError("counters_weeks", section=label, value=keys.weeks, most=MOST_WEEKS)
    _hours(section, sections)


def _hours(section: Section[CountersKeys], sections: Sections) -> DayHours:
    """The hours of the trips that the counters are held against."""
    on_network = [name for name, each in sections["trips"].items() if each.keys.network == section.keys.network]
    if section.keys.trips is not None:
        known(section, section.keys.trips, on_network, code="counters_trips")
    elif len(on_network) != 1:
        raise CityFileError("counters_which_trips", section=section.label, n=len(on_network), allowed=on_network)
    name = section.keys.trips or on_network[0]
    trips = sections["trips"][name].keys
    if trips.from_hour is None or trips.to_hour is None:
        raise CityFileError("counters_no_hours", section=section.label, trips=name)
    return DayHours(int(trips.from_hour), int(trips.to_hour), trips.days)


def open_counters(section: Section[CountersKeys], tables: Tables) -> Counters:
    """The counters of one section.

    Set aside, in this order and under these reasons: duplicate (the id), unknown_link, and of volumes that a file states
    not_a_number and negative; of those that are means of a series not_in_series and too_few_days.

    Parameters
    ----------
    section : of the city.toml.
    tables : its network, and its series where volumes come from one.

    Returns
    -------
    Counters
        In the order of the file.

    Raises
    ------
    TableError
        When the network does not route, a column is missing, most rows fail, or none is left; a series that has not run for
        long enough yet leaves none and is no error.
    """
    keys, label = section.keys, section.label
    network: Network = tables.table("networks", keys.network)
    if not network.routes:
        raise TableError("trips_no_links", table=label, network=keys.network)
    table, moments, renewed = _newest(section, read_rows(section.path(keys.source)), timezone=tables.facts.timezone)
    rows = pd.DataFrame(
        {
            "counter_id": as_ids(column(table, keys.id, table=label)),
            "link_id": _links(table, section, network),
            **_places(table, section),
        }
    )
    sifted = Sifted(rows, label)
    sifted = sifted.without(rows["counter_id"].duplicated() | (rows["counter_id"] == ""), "duplicate")
    sifted = sifted.without(~sifted.rows["link_id"].isin(network.links.index), "unknown_link")
    provenance = section.provenance(rows_read=len(table), as_of=None if moments.isna().all() else moments.max())
    if keys.volume is None:
        series: Series = tables.table("series", str(keys.series))
        sifted, classes = _by_series(sifted, section, series, tables.sections), series.provenance
        guarded = strictest([provenance.classification, classes.classification])
        provenance = replace(provenance, classification=guarded, as_of=classes.as_of)
    else:
        volume = numbers_of(column(table, keys.volume, table=label)) * keys.scale
        sifted = replace(sifted, rows=sifted.rows.assign(volume=volume))
        sifted = sifted.without(~np.isfinite(sifted.rows["volume"]), "not_a_number")
        sifted = empty_refused(sifted.without(sifted.rows["volume"] < 0, "negative"), rows=len(table))
    return Counters(
        section.name, section.title, keys.network, _placed(sifted.rows.set_index("counter_id"), network),
        replace(provenance, set_aside=sifted.set_aside), series=keys.series or "",
        findings=(*sifted.findings(), *live_findings(section, renewed=renewed)),
    )  # fmt: skip


def _newest(
    section: Section[CountersKeys], table: pd.DataFrame, *, timezone: str
) -> tuple[pd.DataFrame, pd.Series, int]:
    """The rows, each counter's latest where its source grows; when they were counted; how many took an earlier one's place."""
    keys, both = section.keys, grown(section, table)
    if keys.time is None:
        return both, pd.Series(pd.NaT, index=both.index), 0
    written = column(both, keys.time, table=section.label)
    moments = read_times(written, timezone=timezone, time_format=keys.time_format)
    ordered = both.loc[moments.sort_values(kind="stable", na_position="first").index]
    kept, renewed = without_restated(ordered, keys.id)
    kept = kept.sort_index()
    return kept.reset_index(drop=True), moments[kept.index], renewed


def _by_series(sifted: Sifted, section: Section[CountersKeys], series: Series, sections: Sections) -> Sifted:
    """Counters with the volumes that a series has at the hours of the trips, those set aside of which it knows too little."""
    usual = usual_counts(series, _hours(section, sections), weeks=int(section.keys.weeks))
    ids = sifted.rows["counter_id"]
    if len(ids) == 1 and len(series.values.columns) == 1:  # the only counter, and all that the series counts
        usual = usual.iloc[:1].set_axis(ids)
    sifted = sifted.without(~ids.isin(usual.index), "not_in_series")
    found = usual.loc[sifted.rows["counter_id"]].set_axis(sifted.rows.index)
    scaled = found.assign(volume=found["volume"] * section.keys.scale, spread=found["spread"] * section.keys.scale)
    sifted = replace(sifted, rows=sifted.rows.join(scaled[["volume", *USUAL]]))
    # A series that has begun to grow has too few for all at first.
    return sifted.without(sifted.rows["days"] < FEWEST_DAYS, "too_few_days", tolerated=True)


def _links(table: pd.DataFrame, section: Section[CountersKeys], network: Network) -> pd.Series:
    keys, label = section.keys, section.label
    if keys.link is not None:
        return as_ids(column(table, keys.link, table=label))
    ends = [as_ids(column(table, str(name), table=label)) for name in (keys.from_node, keys.to_node)]
    first = network.links.reset_index().drop_duplicates(["from_node", "to_node"])
    by_ends = first.set_index(["from_node", "to_node"])["link_id"]
    found = by_ends.reindex(pd.MultiIndex.from_arrays(ends)).fillna("").to_numpy()
    return pd.Series(found, index=table.index, dtype=object)


def _places(table: pd.DataFrame, section: Section[CountersKeys]) -> dict[str, pd.Series | float]:
    keys, label = section.keys, section.label
    if keys.longitude is None or keys.latitude is None:
        return {"longitude": np.nan, "latitude": np.nan}
    named = {"longitude": keys.longitude, "latitude": keys.latitude}
    return {axis: numbers_of(column(table, name, table=label)) for axis, name in named.items()}


def _placed(frame: pd.DataFrame, network: Network) -> pd.DataFrame:
    """The counters, those without a place in the middle between the ends of their links."""
    ends = [network.links.loc[frame["link_id"], end] for end in ("from_node", "to_node")]
    between = {
        axis: np.mean([network.nodes.loc[each, axis].to_numpy(dtype=float) for each in ends], axis=0)
        for axis in ("longitude", "latitude")
    }
    return frame.assign(**{axis: frame[axis].fillna(pd.Series(each, frame.index)) for axis, each in between.items()})


COUNTERS = Kind("counters", CountersKeys, open_counters, check=_check)
