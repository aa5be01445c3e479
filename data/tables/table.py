"""What every table has: a name, where it comes from, and a fingerprint that always belongs to its content."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
import shapely

from data.provenance import Finding, Provenance, fingerprint_of
from data.words import Words

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["ALL", "CITY", "METRE_DIGITS", "Table", "shapes_of"]

CITY = "city"  # the one-area layer of a table without areas, and that layer's only area_id
ALL = "all"  # the category of a table without categories
# Metres are projected from degrees, and their last digits may change with the version of PROJ: those below are not content.
METRE_DIGITS = 1


class _OfContent:
    """A table's provenance, its fingerprint made from the table's content when it is first asked for, and kept.

    A table with other values (``dataclasses.replace``) is another object, and so is asked anew.
    """

    def __get__(self, table: Table | None, owner: type) -> Provenance:
        if table is None:
            raise AttributeError("provenance")  # to a dataclass: the field has no default
        kept: dict[str, Any] = table.__dict__
        if "_provenance" not in kept:
            kept["_provenance"] = replace(kept["provenance"], fingerprint=fingerprint_of(*table.content()))
        marked: Provenance = kept["_provenance"]
        return marked

    def __set__(self, table: Table, stated: Provenance) -> None:
        table.__dict__["provenance"] = stated


class Table:
    """A kind of table: a frozen dataclass with fields ``title``, ``provenance`` and ``findings``.

    The fingerprint of the provenance is that of ``content()``, whatever the provenance was given with.
    """

    kind: ClassVar[str]

    if TYPE_CHECKING:
        provenance: Provenance

        @property
        def title(self) -> Words:
            """What people call the table; a sentence where it was made by us."""

        @property
        def findings(self) -> tuple[Finding, ...]:
            """What reading it noticed."""
    else:
        provenance = _OfContent()

    @abstractmethod
    def content(self) -> tuple[object, ...]:
        """All that results may depend on, for the fingerprint."""

    @property
    @abstractmethod
    def rows(self) -> int:
        """How many rows it has."""

    def facts(self) -> dict[str, Any]:
        """What ``data check`` tells of it beside its provenance and findings."""
        return {"rows": self.rows, "title": self.title}

    def describe(self) -> dict[str, Any]:
        """The table as plain values: its name, kind, size, class and provenance, never its rows."""
        provenance = self.provenance
        return {
            "name": provenance.name,
            "kind": self.kind,
            "rows": self.rows,
            "classification": provenance.classification.value,
            "provenance": provenance.plain(),
        }


def shapes_of(frame: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    """The shapes of a frame in metres as bytes, for a fingerprint."""
    rounded = shapely.transform(frame.geometry.to_numpy(), lambda points: np.round(points, METRE_DIGITS))
    found: npt.NDArray[np.object_] = shapely.to_wkb(rounded)
    return found
