"""A city: everything that one ``city.toml`` describes, read, checked and with its provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from data.dataset import Areas, Incidents, Network, Requests, Series, Target
from data.provenance import Classification, Finding, Provenance, fingerprint_of, strictest

__all__ = ["ALARMS_PER_WEEK", "City"]

ALARMS_PER_WEEK = 3.0  # what a small team can look into, unless the city says otherwise


@dataclass(frozen=True, eq=False)
class City:
    """A city and its tables, by name.

    ``key`` is the name that links and the command line use. ``drivers`` are yearly panels (``population``, ``jobs``)
    that scenarios may move; ``series`` are what is forecast, ``requests`` the requests behind them where their dates are
    known, ``targets`` what the city wants of them, ``networks``
    its streets. No more than ``alarms_per_week`` alarms are raised. A city without
    areas has the single layer ``city``.
    """

    name: str
    key: str
    timezone: str
    crs: str
    currency: str
    areas: Mapping[str, Areas]
    incidents: Mapping[str, Incidents]
    series: Mapping[str, Series]
    drivers: Mapping[str, Series]
    requests: Mapping[str, Requests] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    alarms_per_week: float = ALARMS_PER_WEEK
    networks: Mapping[str, Network] = field(default_factory=dict)

    @cached_property
    def tables(self) -> tuple[Areas | Incidents | Network | Requests | Series, ...]:
        """All tables, areas first."""
        tables: list[Areas | Incidents | Network | Requests | Series] = [*self.areas.values(), *self.incidents.values()]
        tables += [*self.series.values(), *self.requests.values(), *self.drivers.values(), *self.networks.values()]
        return tuple(tables)

    @cached_property
    def provenances(self) -> tuple[Provenance, ...]:
        """Where each table comes from."""
        return tuple(table.provenance for table in self.tables)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All that reading the tables noticed."""
        return tuple(finding for table in self.tables for finding in table.findings)

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the content of all tables and of what defines the city, not of where its files lie."""
        contents = sorted((table.name, table.fingerprint) for table in self.provenances)
        return fingerprint_of(self.name, self.timezone, self.crs, self.currency, contents)

    @property
    def as_of(self) -> pd.Timestamp:
        """The latest ``as_of`` of any table, for display; results depend on their own table's."""
        return max(table.as_of for table in self.provenances if table.as_of is not None)

    @property
    def classification(self) -> Classification:
        """The strictest class of any table."""
        return strictest(table.classification for table in self.provenances)

    @property
    def synthetic(self) -> bool:
        """Whether any table was made rather than observed."""
        return any(table.synthetic for table in self.provenances)
