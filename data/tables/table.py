"""What every table has: a name, where it comes from, and a fingerprint that always belongs to its content."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from data.provenance import Provenance, fingerprint_of

__all__ = ["Table"]

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
    """A kind of table: a frozen dataclass with a field ``provenance``.

    The fingerprint of the provenance is that of ``content()``, whatever the provenance was given with.
    """

    if TYPE_CHECKING:
        provenance: Provenance
    else:
        provenance = _OfContent()

    @abstractmethod
    def content(self) -> tuple[object, ...]:
        """All that results may depend on, for the fingerprint."""
