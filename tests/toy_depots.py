"""A kind of table in one file: depots where a service could be, with their type, keys, reading and description."""

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
class Depots(Table):
    """``frame`` has one row a depot: its ``name``."""

    kind = "depots"

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


class DepotsKeys(TableKeys):
    source: Text
    title: Text | None = None
    label: Text


def open_depots(section: Section[DepotsKeys], tables: Tables) -> Depots:
    table = read_rows(section.path(section.keys.source))
    frame = pd.DataFrame({"name": column(table, section.keys.label, table=section.label)})
    sifted = Sifted(frame, section.label).without(frame["name"].duplicated(), "duplicate")
    provenance = section.provenance(rows_read=len(table), set_aside=sifted.set_aside)
    return Depots(section.name, section.title, sifted.rows, provenance, sifted.findings())


@contextmanager
def with_depots() -> Iterator[None]:
    """Let cities have depots for as long as the context lasts."""
    register(Kind("depots", DepotsKeys, open_depots))
    try:
        yield
    finally:
        del KINDS["depots"]
