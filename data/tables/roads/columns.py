"""What a table of links states of each, in our units, whichever columns it has; and what is taken where it states nothing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.provenance import Finding
from data.tables.amounts import no_numbers, numbers_of
from data.tables.roads.keys import NetworksKeys
from data.tables.roads.units import KILOMETRES, KILOMETRES_PER_HOUR, MINUTES
from data.tables.section import Section
from data.tables.sifting import column

__all__ = ["POWER", "B", "Stated", "stated_amounts"]

B, POWER = 0.15, 4.0  # the time at capacity is 1.15 times the free one (Bureau of Public Roads 1964)
NUMBERS = ("length", "lanes", "capacity", "speed", "free_time", "b", "power", "toll")
EMPTY = ("", "None", "nan")


class Stated:
    """The columns of a table by the names that we have for them, where the table has them.

    Parameters
    ----------
    table : of links or nodes.
    section : whose ``columns`` name some; one that is named and missing is refused.
    usual : the names that its format has for the others.
    """

    def __init__(self, table: pd.DataFrame, section: Section[NetworksKeys], usual: Mapping[str, str]) -> None:
        self.table, self.label = table, section.label
        self.written = {name: own for name, own in usual.items() if own in table.columns} | dict(section.keys.columns)

    def __contains__(self, name: str) -> bool:
        return name in self.written

    def values(self, name: str) -> pd.Series:
        """One column, refused where the table lacks it."""
        return column(self.table, self.written.get(name, name), table=self.label)

    def words(self, name: str) -> pd.Series:
        """One column as text, empty where the table lacks it."""
        if name not in self:
            return pd.Series("", index=self.table.index, dtype=object)
        words = self.values(name).astype("string").str.strip().fillna("").astype(object)
        return words.mask(words.isin(EMPTY), "")

    def numbers(self, name: str) -> pd.Series:
        """One column as numbers, NaN where the table lacks it or states none."""
        return numbers_of(self.values(name)) if name in self else pd.Series(np.nan, index=self.table.index)


def stated_amounts(
    stated: Stated, section: Section[NetworksKeys], *, per_lane: bool, measured: pd.Series | None = None
) -> tuple[pd.DataFrame, list[Finding]]:
    """Length, lanes, capacity, times and the rest of each link, and findings on what was taken where nothing is stated.

    A capacity that is not stated is ``lane_capacity`` times the lanes, where the section has one; a time is the length over
    the speed; a length that of the line; ``b`` and ``power`` those of the Bureau of Public Roads.

    Parameters
    ----------
    stated : the table.
    section : its units and its ``lane_capacity``.
    per_lane : whether the table states capacities a lane.
    measured : the kilometres of each line.

    Returns
    -------
    tuple
        A frame by the table's index, and findings.
    """
    keys, label = section.keys, section.label
    own = {name: stated.numbers(name) for name in NUMBERS}
    length = own["length"] * KILOMETRES[keys.length_unit]
    if measured is not None:
        length = length.fillna(measured)
    speed = (own["speed"] * KILOMETRES_PER_HOUR[keys.speed_unit]).where(own["speed"] > 0)
    time = (own["free_time"] * MINUTES[keys.time_unit]).fillna(60 * length / speed)
    capacity = own["capacity"] * own["lanes"] if per_lane and "lanes" in stated else own["capacity"]
    assumed = capacity.isna() & own["lanes"].notna() & (keys.lane_capacity is not None)
    if keys.lane_capacity is not None:
        capacity = capacity.fillna(own["lanes"] * keys.lane_capacity)
    frame = pd.DataFrame(
        {
            "length": length,
            "lanes": own["lanes"],
            "capacity": capacity,
            "free_time": time,
            "free_speed": speed.fillna((60 * length / time.where(time > 0)).where(length > 0)),
            "b": own["b"].fillna(B),
            "power": own["power"].fillna(POWER),
            "toll": own["toll"].fillna(0.0) * keys.toll_unit,
            "kind": stated.words("kind"),
            "name": stated.words("name"),
        }
    )
    return frame, [*_unreadable(stated, label), *_taken(own, assumed, section)]


def _unreadable(stated: Stated, label: str) -> list[Finding]:
    rows = [str(row + 1) for row in range(len(stated.table))]
    named = [name for name in NUMBERS if name in stated]
    return [
        each
        for name in named
        for each in no_numbers(stated.values(name), rows, column=stated.written[name], label=label)
    ]


def _taken(own: Mapping[str, pd.Series], assumed: pd.Series, section: Section[NetworksKeys]) -> list[Finding]:
    found = []
    if assumed.any():
        evidence = {"links": int(assumed.sum()), "total": len(assumed), "value": section.keys.lane_capacity}
        found.append(Finding("capacity_assumed", section.label, evidence))
    usual = int((own["b"].isna() | own["power"].isna()).sum())
    if usual:
        found.append(
            Finding("usual_cost", section.label, {"links": usual, "total": len(assumed), "b": B, "power": POWER})
        )
    return found
