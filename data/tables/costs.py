"""Costs: what things cost to build, to run or by the hour. They are stated in the city.toml itself and have no file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any

from data.errors import CityFileError
from data.provenance import Finding, Provenance
from data.tables.contract import Kind, Tables
from data.tables.section import Number, Section, TableKeys, Text, choice
from data.tables.table import Table

__all__ = ["COSTS", "Cost", "CostsKeys", "Every"]

YEARS = (1900, 2100)  # of prices: a year outside is a slip of the pen


class Every(StrEnum):
    """How often a cost is paid."""

    ONCE = "once"
    YEAR = "year"
    HOUR = "hour"


@dataclass(frozen=True, eq=False)
class Cost(Table):
    """What one ``unit`` (a crew, a site, a person at a desk) costs once, a year or an hour, at the prices of ``year``.

    ``amount`` lies from ``low`` to ``high``, which hold 95 of 100 of what it may turn out to be; all three are equal where
    the file states no range.
    """

    kind = "costs"

    name: str
    title: str
    amount: float
    low: float
    high: float
    unit: str
    every: Every
    year: int
    currency: str
    source: str
    provenance: Provenance
    findings: tuple[Finding, ...] = ()

    @property
    def rows(self) -> int:
        """One figure."""
        return 1

    def content(self) -> tuple[object, ...]:
        """All that the file states of it."""
        return (self.amount, self.low, self.high, self.unit, self.every.value, self.year, self.currency)

    def facts(self) -> dict[str, Any]:
        """The figure, its range and where it is from."""
        about = {"amount": self.amount, "low": self.low, "high": self.high, "currency": self.currency}
        return super().facts() | about | {"unit": self.unit, "every": self.every.value, "year": self.year}


class CostsKeys(TableKeys):
    """The keys of a cost. ``source`` says where the figure is from; it is no file."""

    title: Text | None = None
    amount: Number
    low: Number | None = None
    high: Number | None = None
    unit: Text
    every: Annotated[Every, choice(Every)]
    year: Number
    currency: Text
    source: Text

    def sources(self) -> list[str]:
        """No file."""
        return []


def _check(section: Section[CostsKeys], sections: Any) -> None:
    keys = section.keys
    low, high = _range(keys)
    if not 0 <= low <= keys.amount <= high:
        raise CityFileError("cost_range", section=section.label, low=low, amount=keys.amount, high=high)
    if keys.year != int(keys.year) or not YEARS[0] <= keys.year <= YEARS[1]:
        raise CityFileError("price_year", section=section.label, value=keys.year, least=YEARS[0], most=YEARS[1])


def _range(keys: CostsKeys) -> tuple[float, float]:
    return (
        keys.amount if keys.low is None else keys.low,
        keys.amount if keys.high is None else keys.high,
    )


def open_cost(section: Section[CostsKeys], tables: Tables) -> Cost:
    """The cost of one section.

    Parameters
    ----------
    section : of the city.toml.
    tables : whose facts give the city's currency.

    Returns
    -------
    Cost
        Without a last period: a figure is of the prices of its year, which says nothing of how far other data reach.

    Raises
    ------
    CityFileError
        When it is in another currency than the city: amounts of two currencies cannot be added up.
    """
    keys = section.keys
    if keys.currency != tables.facts.currency:
        evidence = {"value": keys.currency, "currency": tables.facts.currency}
        raise CityFileError("other_currency", section=section.label, **evidence)
    low, high = _range(keys)
    made_from = section.provenance(rows_read=1)
    return Cost(
        name=section.name, title=section.title, amount=float(keys.amount), low=float(low), high=float(high),
        unit=keys.unit, every=keys.every, year=int(keys.year), currency=keys.currency, source=keys.source,
        provenance=replace(made_from, origin=keys.source),
    )  # fmt: skip


COSTS = Kind("costs", CostsKeys, open_cost, check=_check)
