"""Where what is known of a city comes from: each table, its age and what reading it set aside."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from data import City, Provenance
from data.tables import Table
from data.words import Words

__all__ = ["Source", "Sources", "sources_of"]

DATED = ("incidents", "series", "requests", "drivers")  # kinds whose tables go on from day to day, or year to year


@dataclass(frozen=True)
class Source:
    """One table: its kind, what it is called, and where it comes from. ``dated`` marks what goes on with time."""

    kind: str
    title: Words
    provenance: Provenance

    @property
    def dated(self) -> bool:
        """Whether its age can be told."""
        return self.kind in DATED and self.provenance.as_of is not None


@dataclass(frozen=True)
class Sources:
    """All tables of a city, areas first, with its name, its newest moment and the fingerprint of its content."""

    city: str
    tables: tuple[Source, ...]
    as_of: pd.Timestamp
    fingerprint: str

    @property
    def provenances(self) -> tuple[Provenance, ...]:
        """Where each table comes from."""
        return tuple(each.provenance for each in self.tables)

    @property
    def synthetic(self) -> bool:
        """Whether any table was made rather than observed."""
        return any(each.synthetic for each in self.provenances)


def sources_of(city: City) -> Sources:
    """The sources of a city; all of its tables are opened for it."""
    tables = tuple(
        Source(kind, each.title, each.provenance) for kind, each in city.by_kind() if isinstance(each, Table)
    )
    return Sources(city.name, tables, city.as_of, city.fingerprint)
