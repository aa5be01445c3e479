"""The planted truth of Meridian: everything that the methods are asked to find, and the formulas that plant it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.sample.crews import Repairs
from data.sample.desks import Counters
from data.sample.rhythm import DAYS_A_YEAR, Rhythm
from data.sample.sites import Opening, Site
from data.sample.streets import Delay, Traffic

__all__ = [
    "Handling", "Hotspot", "IncidentKind", "Phase", "Policy", "RequestKind", "Rhythm", "SecondSource", "Silence", "Spell",
    "Truth", "UnderReporting",
]  # fmt: skip

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RequestKind:
    """A kind of service request: ``per_day`` are expected in the whole city on an average day at the beginning."""

    name: str
    per_day: float
    rhythm: Rhythm


@dataclass(frozen=True)
class Hotspot:
    """A place (metres in the city's crs) around which incidents scatter as a round normal of ``sigma`` metres."""

    x: float
    y: float
    sigma: float
    weight: float


@dataclass(frozen=True)
class Phase:
    """The hotspots that hold from the day ``since`` on; what their weights leave of 1 is spread over the city."""

    since: pd.Timestamp
    hotspots: tuple[Hotspot, ...]


@dataclass(frozen=True)
class IncidentKind:
    """A kind of incident.

    ``per_day`` are expected at the beginning; ``hours`` are the 24 shares of the day. Outside the hotspots of the
    ``phases`` incidents are spread over the areas as the ``background`` driver is. Where ``reported_by`` is
    ``police``, the phases are the patrols' and not the offences' own: the map shows where the police looked.
    """

    name: str
    title: str
    reported_by: Literal["public", "police"]
    per_day: float
    rhythm: Rhythm
    hours: tuple[float, ...]
    background: Literal["population", "jobs"]
    phases: tuple[Phase, ...]


@dataclass(frozen=True)
class Policy:
    """A measure that a city took: from ``since`` on it multiplies the requests of a kind in some areas by ``factor``."""

    title: str
    since: pd.Timestamp
    areas: tuple[str, ...]
    category: str
    factor: float


@dataclass(frozen=True)
class Spell:
    """Days, both included, on which the mean of one area and kind lies ``shift`` standard deviations of its count higher."""

    area_id: str
    category: str
    since: pd.Timestamp
    until: pd.Timestamp
    shift: float


@dataclass(frozen=True)
class Silence:
    """Days, both included, of which an area sent no counts of a kind ("" for any); one that reaches the end is late."""

    area_id: str
    category: str
    since: pd.Timestamp
    until: pd.Timestamp


@dataclass(frozen=True)
class Handling:
    """How long requests take: a Weibull of this ``shape`` whose median is ``median_days`` of the kind times the
    ``district_factor`` (1 where none is named). Recorded from ``since`` on.
    """

    since: pd.Timestamp
    shape: float
    median_days: Mapping[str, float]
    district_factor: Mapping[str, float]

    def median(self, kind: str, district: str) -> float:
        """The median in days of a kind in a district.

        Parameters
        ----------
        kind : of request.
        district : where it was made.

        Returns
        -------
        Days.
        """
        return self.median_days[kind] * self.district_factor.get(district, 1.0)

    def share_done(self, kind: str, district: str, *, days: float) -> float:
        """The share that is done within so many days.

        Parameters
        ----------
        kind : of request.
        district : where it was made.
        days : since it was opened.

        Returns
        -------
        Between 0 and 1.
        """
        return float(1 - np.exp(-np.log(2) * (days / self.median(kind, district)) ** self.shape))


@dataclass(frozen=True)
class UnderReporting:
    """Of the incidents of a kind (``category``) in some areas only this share is reported, from ``since`` on."""

    category: str
    areas: tuple[str, ...]
    since: pd.Timestamp
    share_reported: float


@dataclass(frozen=True)
class SecondSource:
    """Another measure of the same harm: a ``share`` of all incidents of a kind (``of``), whether reported or not.

    Each is noted about ``jitter`` metres away (a round normal of that standard deviation, never on the water) and up to
    ``minutes`` later.
    """

    name: str
    title: str
    of: str
    reported_by: Literal["services"]
    share: float
    jitter: float
    minutes: int


@dataclass(frozen=True, eq=False)
class Truth:
    """What Meridian was made from.

    The mean of a service request count is level × Π(driver / driver at the beginning)^elasticity × trend × weekday ×
    annual shape, times the ``policy``'s factor where it holds; in a ``spell`` it is higher by a stated number of standard
    deviations, and of a ``silence`` there is no count. Counts are negative binomial. On each day every (area, kind) has
    a standard normal √c·f + √(1-c)·e, with c = ``correlation``, f one factor common to all areas and kinds on that day,
    and e its own; the count is the negative binomial's quantile at that normal's probability. Days are independent given
    their means.

    ``level`` is area_id × category (requests a day on ``since``); ``drivers`` are year × area_id, as they stand in the
    middle of the year, between which their logarithms run straight. ``elasticities`` are by driver. ``seed`` moves
    only the chance, never the plan or the truth. ``best_openings`` are the best ways to open two of the candidates among the
    ``sites`` for the requests of ``level``, found by trying all.
    """

    seed: int
    since: pd.Timestamp
    until: pd.Timestamp
    correlation: float
    elasticities: Mapping[str, float]
    requests: tuple[RequestKind, ...]
    incidents: tuple[IncidentKind, ...]
    level: pd.DataFrame
    drivers: Mapping[str, pd.DataFrame] = field(repr=False)
    policy: Policy
    spells: tuple[Spell, ...]
    silences: tuple[Silence, ...]
    handling: Handling
    traffic: Traffic
    delay: Delay
    repairs: Repairs
    under_reporting: tuple[UnderReporting, ...]
    second_sources: tuple[SecondSource, ...]
    sites: tuple[Site, ...]
    best_openings: tuple[Opening, ...]
    desk: Counters

    @property
    def days(self) -> pd.DatetimeIndex:
        """Every day with data."""
        return pd.date_range(self.since, self.until, freq="D", name="period")

    @property
    def incident_tables(self) -> tuple[IncidentKind | SecondSource, ...]:
        """All that there are incidents of: the kinds, then the second sources."""
        return (*self.incidents, *self.second_sources)

    def request_kind(self, name: str) -> RequestKind:
        """The kind of request of this name."""
        return next(kind for kind in self.requests if kind.name == name)

    def incident_kind(self, name: str) -> IncidentKind:
        """The kind of incident of this name."""
        return next(kind for kind in self.incidents if kind.name == name)

    def driver_factor(self) -> Floats:
        """What the drivers do to the requests, (day, area): 1 on the first day."""
        factor = np.ones((len(self.days), len(self.level)))
        for name, elasticity in self.elasticities.items():
            daily = _daily(self.drivers[name].map(np.log), self.days)
            factor *= np.exp(elasticity * (daily - daily[0]))
        return factor

    def request_means(self) -> pd.DataFrame:
        """The expected requests, period × (area_id, category)."""
        by_kind = np.stack([kind.rhythm.factor(self.days, since=self.since) for kind in self.requests], axis=1)
        means = self.driver_factor()[:, :, None] * by_kind[:, None, :] * self.level.to_numpy()
        columns = pd.MultiIndex.from_product([self.level.index, self.level.columns], names=["area_id", "category"])
        frame = pd.DataFrame(means.reshape(len(self.days), -1), index=self.days, columns=columns)
        kind = self.policy.category
        touched = frame.columns.isin([(area, kind) for area in self.policy.areas])
        frame.loc[self.policy.since :, touched] *= self.policy.factor
        return frame

    def shifted_means(self) -> pd.DataFrame:
        """The expected requests with those of the spells."""
        means = self.request_means()
        for spell in self.spells:
            days, column = slice(spell.since, spell.until), (spell.area_id, spell.category)
            mean = means.loc[days, column]
            size = self.request_kind(spell.category).rhythm.size
            means.loc[days, column] = mean + spell.shift * np.sqrt(mean + mean**2 / size)
        return means

    def to_json(self) -> str:
        """The same as JSON text: keys are the names of the fields, tables are {row: {column: value}}."""
        return json.dumps(_plain(self), indent=1, ensure_ascii=False)


def _daily(yearly: pd.DataFrame, days: pd.DatetimeIndex) -> Floats:
    """Values of the middle of each year, straight lines between them, (day, area)."""
    years = yearly.index.to_numpy()
    now = days.year.to_numpy() + (days.day_of_year.to_numpy() - 1) / DAYS_A_YEAR - 0.5
    before = np.clip(np.searchsorted(years, now, side="right") - 1, 0, len(years) - 2)
    share = np.clip(now - years[before], 0, 1)[:, None]
    values = yearly.to_numpy(dtype=float)
    return np.asarray(values[before] * (1 - share) + values[before + 1] * share)


def _plain(value: Any) -> Any:
    if isinstance(value, pd.DataFrame):
        return {str(row): {str(key): float(cell) for key, cell in cells.items()} for row, cells in value.T.items()}
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value
