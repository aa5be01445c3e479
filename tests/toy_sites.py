"""A kind of table in one file: sites where a service could be, with their type, keys, reading and description."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd

from data import Finding, Provenance
from data.readers import read_rows
from data.tables import KINDS, Kind, Section, Table, TableKeys, Tables, register
from data.tables.section import Text
from data.tables.sifting import Sifted, column


@dataclass(frozen=True, eq=False)
class Sites(Table):
    """``frame`` has one row a site: its ``name``."""

    kind = "sites"

    name: str
    title: str
    frame: pd.DataFrame
    provenance: Provenance
    findings: tuple[Finding, ...] = ()

    @property
    def rows(self) -> int:
        return len(self.frame)

    def content(self) -> tuple[object, ...]:
        return (self.frame,)


class SitesKeys(TableKeys):
    source: Text
    title: Text | None = None
    label: Text


def open_sites(section: Section[SitesKeys], tables: Tables) -> Sites:
    table = read_rows(section.path(section.keys.source))
    frame = pd.DataFrame({"name": column(table, section.keys.label, table=section.label)})
    sifted = Sifted(frame, section.label).without(frame["name"].duplicated(), "duplicate")
    provenance = section.provenance(rows_read=len(table), set_aside=sifted.set_aside)
    return Sites(section.name, section.title, sifted.rows, provenance, sifted.findings())


@contextmanager
def with_sites() -> Iterator[None]:
    """Let cities have sites for as long as the context lasts."""
    register(Kind("sites", SitesKeys, open_sites))
    try:
        yield
    finally:
        del KINDS["sites"]
